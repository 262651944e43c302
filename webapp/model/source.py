"""Where something stands in the input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class SourceRef(NamedTuple):
    """A place in a file. `document` counts the YAML documents of the file; document, line and column begin at 1."""

    file: str
    document: int
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file} · document {self.document} · {self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it came: a name for people (never used as a path) and its bytes."""

    name: str
    data: bytes
