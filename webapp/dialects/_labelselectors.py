"""metav1.LabelSelector, as networking.k8s.io validates it (spec §2; N14-N16)."""

from __future__ import annotations

from functools import lru_cache

from webapp.dialects._decoding import Decoding, is_label_key, is_label_value, is_null, nearest
from webapp.manifests.scalars import resolve_plain
from webapp.manifests.tree import Mapping, Node, Scalar
from webapp.model.labels import EVERYTHING, Requirement, Selector

_FIELDS = frozenset({"matchLabels", "matchExpressions"})
_EXPRESSION = frozenset({"key", "operator", "values"})
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


@lru_cache(maxsize=1 << 14)
def selector_of(requirements: tuple[Requirement, ...]) -> Selector:
    """Equal selectors are one object, in canonical order."""
    return Selector(tuple(sorted(set(requirements))))


@lru_cache(maxsize=1 << 14)
def equals(key: str, value: str) -> Requirement:
    return Requirement(key, "In", (value,))


def decode_selector(decoding: Decoding, node: Node | None, path: str) -> Selector | None:
    """The selector; None where the field is absent or null, or where nothing of it can be read.

    After a fault it is what the sound terms say: terms are ANDed, so whatever the others mean, nothing outside is
    selected. A term under a key that is unknown or appears twice is not sound.
    """
    usual = usual_selector(node)
    if usual is not None:
        return usual
    if is_null(node):
        return None
    before = decoding.faults
    mapping = decoding.mapping(node, path, _FIELDS)
    if mapping is None:
        return None
    doubled = {key for key, *_ in mapping.duplicates}
    requirements = _matched_labels(decoding, mapping.get("matchLabels"), f"{path}.matchLabels")
    if "matchLabels" in doubled:
        requirements = []
    listed = decoding.sequence(mapping.get("matchExpressions"), f"{path}.matchExpressions")
    for index, item in enumerate(listed):
        requirement = _expression(decoding, item, f"{path}.matchExpressions[{index}]")
        if requirement and "matchExpressions" not in doubled:
            requirements.append(requirement)
    return selector_of(tuple(requirements)) if requirements or decoding.faults == before else None


def _matched_labels(decoding: Decoding, node: Node | None, path: str) -> list[Requirement]:
    """The sound ones."""
    doubled = {key for key, *_ in node.duplicates} if isinstance(node, Mapping) else set()
    requirements = []
    for key, value in decoding.string_map(node, path).items():
        at = node.key_marks.get(key) if isinstance(node, Mapping) else None
        if _check(decoding, key, (value,), at, path) and key not in doubled:
            requirements.append(equals(key, value))
    return requirements


def usual_selector(node: Node | None) -> Selector | None:
    """The selector of nothing but sound matchLabels, as nearly all are; None leaves it to the thorough way."""
    if type(node) is not Mapping or node.duplicates or len(node) > 1:
        return None
    if not node:
        return EVERYTHING
    labels = node.get("matchLabels")
    if type(labels) is not Mapping or labels.duplicates:
        return None
    pairs = []
    for key, value in labels.items():
        if type(value) is not Scalar:
            return None
        pairs.append((key, value.text, value.plain))
    return _of_pairs(tuple(pairs))


@lru_cache(maxsize=1 << 14)
def _of_pairs(pairs: tuple[tuple[str, str, bool], ...]) -> Selector | None:
    requirements = []
    for key, text, plain in pairs:
        value = resolve_plain(text) if plain else text
        if not isinstance(value, str) or not is_label_key(key) or not is_label_value(value):
            return None
        requirements.append(equals(key, value))
    return selector_of(tuple(requirements))


def _expression(decoding: Decoding, node: Node, path: str) -> Requirement | None:
    before = decoding.faults
    mapping = decoding.mapping(node, path, _EXPRESSION)
    if mapping is None:
        return None
    key = decoding.string(mapping.get("key"), f"{path}.key") or ""
    operator = decoding.string(mapping.get("operator"), f"{path}.operator") or ""
    listed = decoding.sequence(mapping.get("values"), f"{path}.values")
    values = tuple(decoding.string(v, f"{path}.values[{i}]") or "" for i, v in enumerate(listed))
    if decoding.faults > before:
        return None
    if operator not in _OPERATORS:
        message = f'"{operator}" is not an operator of label selectors. Use one of {", ".join(_OPERATORS)}.'
        at = mapping.get("operator")
        near = nearest(operator, _OPERATORS) if at is not None else ""
        decoding.fault("selector_operator_invalid", message, at or node, f"{path}.operator", near)
        return None
    if operator in ("In", "NotIn") and not values:
        message = f"values must be given when operator is {operator}. List at least one value."
        decoding.fault("selector_values_missing", message, mapping.get("values") or node, f"{path}.values")
        return None
    if operator in ("Exists", "DoesNotExist") and values:
        message = f"values must not be given when operator is {operator}. Remove them, or use In or NotIn."
        decoding.fault("selector_values_forbidden", message, mapping.get("values") or node, f"{path}.values")
        return None
    if not _check(decoding, key, values, mapping.get("key") or node, path):
        return None
    return Requirement(key, operator, tuple(sorted(set(values))))


def _check(decoding: Decoding, key: str, values: tuple[str, ...], at: Node | tuple[int, int] | None, path: str) -> bool:
    if not is_label_key(key):
        message = (
            f'"{key[:80]}" is not a valid label key. It is [prefix/]name, the name at most 63 letters, digits, -_.'
        )
        decoding.fault("label_key_invalid", message, at, path)
        return False
    for value in values:
        if not is_label_value(value):
            message = f'"{value[:80]}" is not a valid label value: at most 63 letters, digits, "-", "_" and ".".'
            decoding.fault("label_value_invalid", message, at, path)
            return False
    return True
