"""Anchors, aliases, merge keys and tags of one document: the parts of YAML by which little text becomes much work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.manifests.budget import Budget
from webapp.manifests.scalars import resolve_plain
from webapp.manifests.ticks import Ticks
from webapp.manifests.tree import Mapping, Node, Scalar, Sequence
from webapp.manifests.words import over_limit

_PREFIX = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    "str": (str,), "int": (int,), "float": (float, int), "bool": (bool,), "null": (type(None),), "timestamp": (str,),
}  # fmt: skip
MERGE = "\x00<<"
"""Stands for a merge key. No key of a file can be equal to it, since YAML allows no NUL."""

FaultAt = Callable[[str, str, Any], Exception]
"""(code, message, event) to the error that gives up the document."""


class Care:
    """What must be remembered through a document. An alias is charged the nodes of all that it stands for."""

    def __init__(self, budget: Budget, ticks: Ticks, fault: FaultAt) -> None:
        self._budget, self._ticks, self._fault = budget, ticks, fault
        self._anchors: dict[str, Node] = {}
        self._sizes: dict[str, int] = {}
        self._open: dict[int, tuple[str, int]] = {}
        self._count = 0
        self._from_aliases = 0
        self._merging: dict[int, Any] = {}
        self._merged: dict[int, set[str]] = {}

    def key(self, event: Any) -> str | None:
        """What a tag makes of a key: its text if it is a string by its tag, else None. An anchor is remembered."""
        node = Scalar(event.value, event.implicit[0], 0, 0)
        self.note(event, node)
        return None if node.plain else node.text

    def note(self, event: Any, node: Node) -> None:
        """A value begins: check its tag, remember its anchor."""
        self._count += 1
        if event.tag is not None and event.tag != "!":
            self._check_tag(event, node)
        if event.anchor is not None:
            name = event.anchor
            self._anchors[name] = node
            limit = self._budget.anchors
            if limit is not None and len(self._anchors) > limit:
                raise over(self._budget, "anchors", len(self._anchors), event, self._fault)
            if isinstance(node, Scalar):
                self._sizes[name] = 1
            else:
                self._sizes.pop(name, None)
                self._open[id(node)] = (name, self._count - 1)

    def close(self, node: Node, parent: Node) -> None:
        """A list or mapping ends: its size is known now, and if it was the value of a merge key it is merged."""
        opened = self._open.pop(id(node), None)
        if opened is not None:
            name, before = opened
            self._sizes[name] = self._count - before
        event = self._merging.pop(id(node), None)
        if event is not None and isinstance(parent, Mapping):
            self.merge(parent, node, event)

    def alias(self, event: Any) -> Node:
        """What an alias names, charged in full."""
        name = event.anchor
        if name not in self._anchors:
            raise self._fault("unknown_alias", f"the alias *{name[:60]} names no anchor above it. The "
                                               f"document is left out. "
                              "Write the value out, or set the anchor first.", event)  # fmt: skip
        size = self._sizes.get(name)
        if size is None:
            raise self._fault("recursive_alias", f"the alias *{name[:60]} stands inside what it "
                                                 f"names, so the value would never "
                              "end. The document is left out. Write the value out.", event)  # fmt: skip
        self._count += size
        self._from_aliases += size
        limit = self._budget.alias_nodes
        if limit is not None and self._from_aliases > limit:
            raise over(self._budget, "alias_nodes", self._from_aliases, event, self._fault)
        self._ticks.charge(size)
        return self._anchors[name]

    def merge_later(self, node: Node, event: Any) -> None:
        """The value of a merge key begins."""
        self._merging[id(node)] = event

    def merge(self, into: Mapping, node: Node, event: Any) -> None:
        """Do what Kubernetes' reader does with `<<`: its keys are set where it stands; of a list the first wins."""
        if isinstance(node, Mapping):
            merged = self._merged.setdefault(id(into), set())
            marks = into.key_marks if isinstance(into.key_marks, dict) else {}
            for key, value in node.items():
                into[key] = value
                marks[key] = node.place_of(key)
                merged.add(key)
            into.key_marks = marks
        elif isinstance(node, Sequence) and all(isinstance(each, Mapping) for each in node):
            for each in reversed(node):
                self.merge(into, each, event)
        else:
            message = (
                'a merge key ("<<") takes a mapping or a list of mappings. '
                "The document is left out. Write the keys out."
            )
            raise self._fault("bad_merge", message, event)

    def overrides(self, into: Mapping, key: str) -> bool:
        """Whether a key that is there came from a merge, so that writing it again is no duplicate."""
        merged = self._merged.get(id(into))
        if merged is None or key not in merged:
            return False
        merged.discard(key)
        return True

    def _check_tag(self, event: Any, node: Node) -> None:
        tag: str = event.tag
        name = tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else ""
        if isinstance(node, Scalar) and name in _SCALAR_TAGS:
            node.plain = name != "str"
            if not node.plain or isinstance(resolve_plain(node.text), _SCALAR_TAGS[name]):
                return
        elif name == ("map" if isinstance(node, Mapping) else "seq" if isinstance(node, Sequence) else "?"):
            return
        shown = f"!!{name}" if name else tag[:60]
        raise self._fault("bad_tag", f"the tag {shown} is not one that Kubernetes reads here. The "
                                     f"document is left out. "
                          "Remove the tag.", event)  # fmt: skip


def over(budget: Budget, name: str, measured: int, event: Any, fault: FaultAt) -> Exception:
    """A document is over a limit: the error that refuses all of the input, or gives up the document alone."""
    error = budget.exceeded(name, measured)
    if budget.faults_refuse_input:
        return error
    return fault("budget_exceeded", over_limit(error), event)
