"""Where the values of one policy document begin and end in its text, so that a few of them can be changed in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_AROUND = StreamStartEvent | StreamEndEvent | DocumentStartEvent | DocumentEndEvent


@dataclass(slots=True)
class Value:
    """A value as it stands in the text, from ``start`` to before ``end`` (characters; what follows it on its last line
    is not part of it). ``column`` counts from 0. ``flow``: it is written in brackets or is a scalar.

    A scalar has its ``text``; a list its ``items``; a mapping its ``fields``, and ``keys``, where each key stands.
    """

    kind: str
    start: int
    end: int
    column: int
    flow: bool
    text: str = ""
    items: list[Value] = field(default_factory=list)
    fields: dict[str, Value] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def at(self, *path: str | int) -> Value | None:
        """What stands there; None if nothing does."""
        here: Value | None = self
        for step in path:
            if isinstance(step, int):
                here = here.items[step] if here is not None and step < len(here.items) else None
            else:
                here = here.fields.get(step) if here is not None else None
        return here

    def words(self) -> dict[str, str]:
        """The scalars of a mapping by their keys."""
        return {key: value.text for key, value in self.fields.items() if value.kind == "scalar"}


def outline(text: str) -> Value | None:
    """The outline of a document that was read before. None where a change in one place might change another (anchors,
    keys that appear twice), or where the text is not one mapping."""
    try:
        return _Outliner().read(text)
    except (yaml.YAMLError, _NotPlain, RecursionError):
        return None


class _NotPlain(Exception):  # noqa: N818 - no error: an answer
    """The document has more to it than places."""


class _Outliner:
    """Follows the events of libyaml."""

    def __init__(self) -> None:
        self._open: list[tuple[Value, list[str]]] = []
        self._root: Value | None = None

    def read(self, text: str) -> Value | None:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None) or self._is_tagged(event):
                raise _NotPlain
            if isinstance(event, MappingEndEvent | SequenceEndEvent):
                self._close(event)
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
                self._take(event)
            elif not isinstance(event, _AROUND):
                raise _NotPlain
        return self._root if self._root is not None and self._root.kind == "mapping" else None

    @staticmethod
    def _is_tagged(event: Any) -> bool:
        return getattr(event, "tag", None) is not None

    def _take(self, event: Any) -> None:
        holder = self._open[-1] if self._open else None
        if holder is not None and holder[0].kind == "mapping" and not holder[1]:
            self._key(holder, event)
            return
        mark, end = event.start_mark, event.end_mark
        if isinstance(event, ScalarEvent):
            value = Value("scalar", mark.index, end.index, mark.column, flow=True, text=event.value)
        else:
            kind = "mapping" if isinstance(event, MappingStartEvent) else "list"
            value = Value(kind, mark.index, end.index, mark.column, flow=bool(event.flow_style))
        if holder is None:
            if self._root is not None:
                raise _NotPlain
            self._root = value
        elif holder[0].kind == "list":
            holder[0].items.append(value)
        else:
            holder[0].fields[holder[1].pop()] = value
        if value.kind == "scalar":
            self._widen(value.end)
        else:
            self._open.append((value, []))

    def _key(self, holder: tuple[Value, list[str]], event: Any) -> None:
        if not isinstance(event, ScalarEvent) or event.value in holder[0].fields or event.value == "<<":
            raise _NotPlain
        holder[1].append(event.value)
        start, end = _span(event)
        holder[0].keys[event.value] = (start, end)
        self._widen(end)

    def _close(self, event: Any) -> None:
        value, _ = self._open.pop()
        if value.flow:
            value.end = event.end_mark.index
        self._widen(value.end)

    def _widen(self, end: int) -> None:
        """A value in block style ends where the last that it holds does."""
        if self._open:
            holder = self._open[-1][0]
            holder.end = max(holder.end, end)


def _span(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index
