"""Exporters, run under a limit: what is larger is told to be, never cut."""

from __future__ import annotations

import io
import math
import time
from inspect import signature
from types import ModuleType

from webapp.analysis import Analysis
from webapp.errors import BudgetExceeded, NotFound
from webapp.export import exporter, format_names
from webapp.graph.scope import Scope
from webapp.graph.text import visible

MEDIA = {
    "svg": ("image/svg+xml", "svg"), "png": ("image/png", "png"), "json": ("application/json", "json"),
    "csv": ("text/csv", "csv"), "dot": ("text/vnd.graphviz", "dot"), "mermaid": ("text/plain", "mmd"),
    "graphml": ("application/xml", "graphml"), "table": ("text/plain", "txt"),
}  # fmt: skip
"""Content type and ending of each format; a new one is `application/octet-stream` until it stands here."""


ADVICE = "Use `netpolmap list` on the command line, which has no such limit."


class Limit:
    """How large one answer may get, and how long writing it may take: counted from when this is made."""

    def __init__(self, size_bytes: int, seconds: float) -> None:
        self._size_bytes = size_bytes
        self._seconds = seconds
        self._written_bytes = 0
        self._began = time.monotonic()

    def count(self, size_bytes: int) -> None:
        """Count what is written. BudgetExceeded stops the writer."""
        self._written_bytes += size_bytes
        if self._written_bytes > self._size_bytes:
            what = "bytes of the answer"
            raise BudgetExceeded("answer_bytes", self._size_bytes, self._written_bytes, ADVICE, what=what)
        taken = time.monotonic() - self._began
        if taken > self._seconds:
            what = "seconds for writing the answer"
            raise BudgetExceeded("answer_seconds", int(self._seconds), math.ceil(taken), ADVICE, what=what)


class _BoundedText(io.TextIOBase):
    """Collects text as UTF-8."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "backslashreplace")
        self._limit.count(len(data))
        self.parts.append(data)
        return len(text)


class _BoundedBytes(io.BytesIO):
    """Collects bytes."""

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._limit.count(len(data))
        return super().write(data)


def find_exporter(name: str) -> ModuleType:
    """The exporter of a format; NotFound lists what there is."""
    names = format_names()
    if name not in names:
        raise NotFound(f"There is no export of that name. There are: {', '.join(names)}.")
    return exporter(name)


_REMARKS = {"dot": "// ", "mermaid": "%% "}
"""How a line begins that says something about the output and is none of it."""


def export(analysis: Analysis, name: str, limit: Limit, scope: Scope | None = None, **options: str) -> bytes:
    """An analysis in one format, or what a scope shows of it; BudgetExceeded if that is more than the limit.

    What a scope leaves out is told where the format has a place for it. ``options`` go to the exporters that know
    them: a picture has a ``theme``, a table has none.
    """
    module = find_exporter(name)
    known = signature(module.write).parameters
    taken: dict[str, object] = {option: value for option, value in options.items() if option in known}
    if scope is not None:
        taken |= {"scope": scope} if "scope" in known else {"keep": scope.wants}
    if module.BINARY:
        raw = _BoundedBytes(limit)
        module.write(analysis, raw, **taken)
        return raw.getvalue()
    text = _BoundedText(limit)
    if scope is not None and name in _REMARKS:
        text.write("".join(f"{_REMARKS[name]}{visible(note)}\n" for note in scope.notes))
    module.write(analysis, text, **taken)
    return b"".join(text.parts)
