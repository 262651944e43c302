"""How a custom resource is decoded and checked by its schema (spec §1.1, §10.2): a null field is pruned, so that it is
as good as absent; a null item of a list stays, and is refused."""

from __future__ import annotations

from collections.abc import Mapping as Map
from types import MappingProxyType
from typing import TypeVar

from webapp.dialects._decoding import Decoding, did_you_mean, is_null
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
NO_HINTS: Map[str, str] = MappingProxyType({})


def fields_of(
    decoding: Decoding, node: Node, path: str, known: frozenset[str], hints: Map[str, str] = NO_HINTS
) -> dict[str, Node] | None:
    """The known fields that are set. None, after a fault, if it is no mapping."""
    if is_null(node):
        refuse_null(decoding, node, path)
        return None
    mapping = decoding.mapping(node, path, known, hints)
    if mapping is None:
        return None
    return {key: value for key, value in mapping.items() if key in known and not is_null(value)}


def only_field(
    decoding: Decoding, node: Node, path: str, known: frozenset[str], hints: Map[str, str] = NO_HINTS
) -> tuple[str, Node] | None:
    """The one field of a mapping that must have exactly one (A3, A6). None after a fault."""
    before = decoding.faults
    found = fields_of(decoding, node, path, known, hints)
    if found is None or decoding.faults > before:
        return None
    if len(found) == 1:
        return next(iter(found.items()))
    seen = f"found {' and '.join(sorted(found))}" if found else "none is set"
    nulls = isinstance(node, Mapping) and len(node) > len(found)
    seen += " (null counts as absent)" if nulls else ""
    message = f"Exactly one of {', '.join(sorted(known))} must be set here; {seen}."
    decoding.fault("exactly_one_field", message, node, path)
    return None


def required(decoding: Decoding, fields: Map[str, Node], key: str, owner: Node, path: str) -> Node | None:
    """The field ``key`` of the mapping ``owner``, which stands at ``path``. None after a fault."""
    node = fields.get(key)
    if node is None:
        at = owner.get(key, owner) if isinstance(owner, Mapping) else owner
        decoding.fault("required_field", f"{key} is required here.", at, f"{path}.{key}")
    return node


def items_of(decoding: Decoding, node: Node | None, path: str, most: int, least: int = 1) -> list[Node]:
    """The items of a list, at most as many as are taken (A4)."""
    listed = decoding.sequence(node, path)
    if len(listed) > most:
        message = f"{len(listed)} items are given; at most {most} are taken. Split the policy."
        decoding.fault("list_size", message, node, path)
    elif isinstance(node, Sequence) and len(listed) < least:
        decoding.fault("list_size", "The list is empty; it needs at least one item.", node, path)
    return listed[:most]


def text_of(decoding: Decoding, node: Node, path: str) -> str | None:
    """A string, which as an item of a list must not be null. None after a fault."""
    if is_null(node):
        refuse_null(decoding, node, path)
        return None
    return decoding.string(node, path)


def integer_of(decoding: Decoding, node: Node | None, path: str, first: int, last: int, code: str) -> int | None:
    """A whole number from ``first`` to ``last``. None if it is absent, or after a fault."""
    number = decoding.integer(node, path)
    if number is None or first <= number <= last:
        return number
    shown = node.text[:40] if isinstance(node, Scalar) else str(number)
    decoding.fault(code, f"{shown} is not taken here: it must be {first}-{last}.", node, path)
    return None


def choice_of(
    decoding: Decoding, node: Node | None, path: str, choices: Map[str, T], code: str, hints: Map[str, str] = NO_HINTS
) -> T | None:
    """What one of these words stands for. None if it is absent, or after a fault."""
    text = decoding.string(node, path)
    if text is None or text in choices:
        return None if text is None else choices[text]
    near = {word.casefold(): word for word in choices}.get(text.casefold())
    hint = hints.get(text) or (f'Did you mean "{near}"?' if near else did_you_mean(text, choices))
    message = f'"{text[:40]}" is not one of {", ".join(choices)}. {hint}'.rstrip()
    decoding.fault(code, message, node, path)
    return None


def refuse_null(decoding: Decoding, node: Node, path: str) -> None:
    message = "This item of a list is null (a bare dash), which the API server refuses. Fill it in or remove it."
    decoding.fault("null_item", message, node, path)
