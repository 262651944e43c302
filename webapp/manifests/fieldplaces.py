"""Where the fields of one policy document stand in its text, found when somebody asks."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from webapp.manifests.tree import PolicyText
from webapp.model.source import SourceRef

Path = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FieldPlaces:
    """The places of all fields of a document. ``source`` is where the document, or its item of a `List`, begins."""

    def __init__(self, text: PolicyText, source: SourceRef) -> None:
        self._source = source
        self._found: dict[Path, tuple[int, int]] = {}
        self._values: dict[Path, str] = {}
        lines = text.text.split("\n")[source.line - text.first_line :]
        if lines and source.line >= text.first_line:
            lines[0] = " " * (source.column - 1) + lines[0][source.column - 1 :]
            self._read("\n".join(lines))

    def of(self, path: Path) -> SourceRef:
        """The place of a field, or of the nearest field around it. The last element may be the key of a label that
        a selector asks for, in matchLabels or in matchExpressions."""
        exact = self._found.get(path) or self._found.get(self._label(path))
        while exact is None and path:
            path = path[:-1]
            exact = self._found.get(path)
        line, column = exact or (self._source.line, self._source.column)
        return SourceRef(self._source.file, self._source.document, line, column)

    def at(self, line: int) -> list[Path]:
        """The fields that begin on a line of the file; if none does, the last one before it."""
        begun = [place for place in self._found.values() if self._source.line <= place[0] <= line]
        if not begun:
            return []
        last = max(begun)
        if last[0] == line:
            return [path for path, place in self._found.items() if place[0] == line]
        return [path for path, place in self._found.items() if place == last]

    def _label(self, path: Path) -> Path:
        *selector, key = path or ("",)
        plain = (*selector, "matchLabels", key)
        if plain in self._found:
            return plain
        index = 0
        while (*selector, "matchExpressions", index) in self._found:
            if self._values.get((*selector, "matchExpressions", index, "key")) == key:
                return (*selector, "matchExpressions", index)
            index += 1
        return path

    def _read(self, text: str) -> None:
        """Follow the events of the first node. The text was read once under its budget, so its depth is bounded."""
        path: list[str | int] = []
        holders: list[list[Any]] = []  # for each open collection: whether a mapping, and its next key or index
        try:
            for event in yaml.parse(text, Loader=_Loader):
                if isinstance(event, MappingEndEvent | SequenceEndEvent):
                    holders.pop()
                    if not holders:
                        return
                    path.pop()
                elif isinstance(event, ScalarEvent | AliasEvent | MappingStartEvent | SequenceStartEvent):
                    self._take(event, path, holders)
        except yaml.YAMLError:
            return  # what follows the item of a list need not be a whole document

    def _take(self, event: Any, path: list[str | int], holders: list[list[Any]]) -> None:
        opens = isinstance(event, MappingStartEvent | SequenceStartEvent)
        if not holders and not opens:
            raise yaml.YAMLError
        if holders and holders[-1][0] and holders[-1][1] is None:
            key = event.value if isinstance(event, ScalarEvent) else ""
            holders[-1][1] = key
            self._found.setdefault((*path, key), self._place(event))
            if opens:  # no policy has such a key
                raise yaml.YAMLError
            return
        if holders:
            is_mapping, step = holders[-1]
            holders[-1][1] = None if is_mapping else step + 1
            path.append(step)
            if not is_mapping:
                self._found.setdefault(tuple(path), self._place(event))
        if opens:
            holders.append([isinstance(event, MappingStartEvent), None if isinstance(event, MappingStartEvent) else 0])
            return
        if isinstance(event, ScalarEvent):
            self._values.setdefault(tuple(path), event.value)
        path.pop()

    def _place(self, event: Any) -> tuple[int, int]:
        return self._source.line + event.start_mark.line, event.start_mark.column + 1
