"""Which parts of policies say the same. A cluster has many alike, so that what is made of one holds for the others.

It tells nothing of what the fields mean, nor of where they stand in the file.
"""

from __future__ import annotations

from itertools import count

from webapp.manifests.scalars import resolve_plain
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence

_FIELDS = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))
_DEEPEST = 16

_Content = tuple[object, ...]
_numbers = count()
"""Never twice the same, so that documents of several readings may stand side by side."""


class Likenesses:
    """Numbers the lists and mappings of policies by their content: equal ones have equal numbers."""

    def __init__(self) -> None:
        self._numbers: dict[_Content, int] = {}
        self._strings: set[str] = set()

    def note(self, body: Mapping) -> bool:
        """Give a policy's spec its numbers (`Mapping.alike`). Returns whether all else about it is as usual: none but
        the fields that every object has; name, namespace, labels and annotations are texts."""
        metadata, spec = body.get("metadata"), body.get("spec")
        if type(spec) is Mapping:
            self._number(spec, _DEEPEST)
        if type(metadata) is not Mapping or not body.keys() <= _FIELDS:
            return False
        if not self._is_text(metadata.get("name")) or not self._is_text(metadata.get("namespace")):
            return False
        return all([self._has_texts(metadata[field]) for field in ("labels", "annotations") if field in metadata])  # noqa: C419

    def _number(self, node: Mapping | Sequence, room: int) -> int | None:
        """None for what is too deep."""
        if node.alike is not None or not room:
            return node.alike
        content: list[object] = [None] if isinstance(node, Sequence) else list(node)
        for value in node if isinstance(node, Sequence) else node.values():
            if isinstance(value, Scalar):
                content.append(value.text if value.plain else (value.text,))
            else:
                inner = self._number(value, room - 1)
                if inner is None:
                    return None
                content.append(inner)
        key = tuple(content)
        node.alike = self._numbers.get(key)
        if node.alike is None:
            node.alike = self._numbers[key] = next(_numbers)
        return node.alike

    def _has_texts(self, node: Node) -> bool:
        return type(node) is Mapping and all([self._is_text(value) for value in node.values()])  # noqa: C419

    def _is_text(self, node: Node | None) -> bool:
        if type(node) is not Scalar or not node.text:
            return False
        text = node.text
        if node.plain and text not in self._strings:
            if not isinstance(resolve_plain(text), str):
                return False
            self._strings.add(text)
        return True
