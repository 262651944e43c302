"""Exporters, run under a limit: what is larger is told to be, never cut."""

from __future__ import annotations

import io
from inspect import signature
from types import ModuleType

from webapp.analysis import Analysis
from webapp.errors import BudgetExceeded, NotFound
from webapp.export import exporter, format_names

MEDIA = {
    "svg": ("image/svg+xml", "svg"), "png": ("image/png", "png"), "json": ("application/json", "json"),
    "csv": ("text/csv", "csv"), "dot": ("text/vnd.graphviz", "dot"), "mermaid": ("text/plain", "mmd"),
    "graphml": ("application/xml", "graphml"), "table": ("text/plain", "txt"),
}  # fmt: skip
"""Content type and ending of each format; a new one is `application/octet-stream` until it stands here."""


class _Limit:
    """Counts what is written, and stops at the limit."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._written = 0

    def count(self, size: int) -> None:
        self._written += size
        if self._written > self._limit_bytes:
            advice = "Use `netpolmap list` on the command line, which has no such limit."
            raise BudgetExceeded("answer_bytes", self._limit_bytes, self._written, advice, what="bytes of the answer")


class _BoundedText(io.TextIOBase):
    """Collects text as UTF-8."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = _Limit(limit_bytes)
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

    def __init__(self, limit_bytes: int) -> None:
        super().__init__()
        self._limit = _Limit(limit_bytes)

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._limit.count(len(data))
        return super().write(data)


def find_exporter(name: str) -> ModuleType:
    """The exporter of a format; NotFound lists what there is."""
    names = format_names()
    if name not in names:
        raise NotFound(f"There is no export of that name. There are: {', '.join(names)}.")
    return exporter(name)


def export(analysis: Analysis, name: str, limit_bytes: int, **options: str) -> bytes:
    """An analysis in one format; BudgetExceeded if that is more than ``limit_bytes``.

    ``options`` go to the exporters that know them: a picture has a ``theme``, a table has none.
    """
    module = find_exporter(name)
    known = signature(module.write).parameters
    taken = {option: value for option, value in options.items() if option in known}
    if module.BINARY:
        raw = _BoundedBytes(limit_bytes)
        module.write(analysis, raw, **taken)
        return raw.getvalue()
    text = _BoundedText(limit_bytes)
    module.write(analysis, text, **taken)
    return b"".join(text.parts)
