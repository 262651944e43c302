"""metav1.LabelSelector in a custom resource: its structure is checked, what it says is not (spec §2; A10).

A selector that does not convert (`LabelSelectorAsSelector` fails) is accepted by the API server and matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from webapp.dialects._crdfields import fields_of, required, text_of
from webapp.dialects._decoding import Decoding, is_label_key, is_label_value, is_null
from webapp.dialects._labelselectors import equals, selector_of, usual_selector
from webapp.manifests.tree import Mapping, Node
from webapp.model.labels import Requirement, Selector

NOTHING: Final = Selector((Requirement("", "In"),))
"""Matches nothing: no value is in an empty list."""

_SELECTOR = frozenset({"matchLabels", "matchExpressions"})
_EXPRESSION = frozenset({"key", "operator", "values"})
_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
_NESTED = "Here stands the label selector itself: matchLabels, matchExpressions."
_HINTS = dict.fromkeys(("namespaceSelector", "podSelector", "labelSelector"), _NESTED)


def decode_selector(decoding: Decoding, node: Node, path: str) -> Selector | None:
    """The selector, `NOTHING` if it does not convert. None after a fault."""
    usual = usual_selector(node)
    if usual is not None:
        return usual
    before = decoding.faults
    fields = fields_of(decoding, node, path, _SELECTOR, _HINTS)
    if fields is None:
        return None
    requirements: list[Requirement | None] = []
    labels, expressions = fields.get("matchLabels"), fields.get("matchExpressions")
    if labels is not None:
        requirements += _labels(decoding, labels, f"{path}.matchLabels")
    if expressions is not None:
        where = f"{path}.matchExpressions"
        for index, item in enumerate(decoding.sequence(expressions, where)):
            requirements.append(_expression(decoding, item, f"{where}[{index}]"))
    if decoding.faults > before:
        return None
    sound = tuple(requirement for requirement in requirements if requirement)
    return selector_of(sound) if len(sound) == len(requirements) else NOTHING


def _labels(decoding: Decoding, node: Node, path: str) -> Iterator[Requirement | None]:
    if not isinstance(node, Mapping):
        decoding.wrong_type(node, path, "a mapping")
        return
    if node.duplicates:
        decoding.faults += 1  # the reader has reported each duplicate key
    for key, value in node.items():
        where = f"{path}.{key}"
        if is_null(value):
            message = (
                f'The label "{key[:80]}" has no value, so the API server drops it, and the selector matches more than '
                f'is written. Write {key[:80]}: "" for an empty value, or operator: Exists for any.'
            )
            decoding.report("error", "null_label_dropped", message, node.place_of(key), where)
            continue
        text = decoding.string(value, where)
        if text is not None:
            yield equals(key, text) if _valid(decoding, key, (text,), node.place_of(key), where) else None


def _expression(decoding: Decoding, node: Node, path: str) -> Requirement | None:
    """The requirement; None if it does not convert, or after a fault."""
    before = decoding.faults
    fields = fields_of(decoding, node, path, _EXPRESSION)
    if fields is None:
        return None
    key = decoding.string(required(decoding, fields, "key", node, path), f"{path}.key")
    operator = decoding.string(required(decoding, fields, "operator", node, path), f"{path}.operator")
    listed = enumerate(decoding.sequence(fields.get("values"), f"{path}.values"))
    values = tuple(text_of(decoding, value, f"{path}.values[{i}]") or "" for i, value in listed)
    if decoding.faults > before or key is None or operator is None:
        return None
    if operator not in _OPERATORS:
        what = f'"{operator[:40]}" is not an operator. Use one of {", ".join(_OPERATORS)}.'
        _matches_nothing(decoding, what, fields["operator"], f"{path}.operator")
        return None
    if (operator in ("In", "NotIn")) != bool(values):
        what = f"{operator} needs values." if not values else f"{operator} takes no values."
        _matches_nothing(decoding, what, fields.get("values", node), f"{path}.values")
        return None
    if not _valid(decoding, key, values, fields["key"], path):
        return None
    return Requirement(key, operator, tuple(sorted(set(values))))


def _valid(
    decoding: Decoding, key: str, values: tuple[str, ...], at: Node | tuple[int, int], path: str
) -> bool:  # fmt: skip
    if not is_label_key(key):
        what = f'"{key[:80]}" is not a label key: [prefix/]name, the name at most 63 letters, digits, -_.'
        _matches_nothing(decoding, what, at, path)
        return False
    for value in values:
        if not is_label_value(value):
            what = f'"{value[:80]}" is not a label value: at most 63 letters, digits, "-", "_" and ".".'
            _matches_nothing(decoding, what, at, path)
            return False
    return True


def _matches_nothing(decoding: Decoding, what: str, at: Node | tuple[int, int], path: str) -> None:
    message = f"{what} The API server does not check this, and the whole selector then matches nothing."
    decoding.report("error", "selector_matches_nothing", message, at, path)
