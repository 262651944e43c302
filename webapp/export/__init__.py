"""Analysis -> bytes. One file a format: `NAME`, `BINARY`, `write(analysis, stream, **options)`."""

from __future__ import annotations

import importlib
from types import ModuleType

from webapp.registry import module_names

_FILES = {"json": "connections"}
"""Formats whose file has another name."""


def format_names() -> list[str]:
    """Every format there is."""
    import webapp.export

    other = {file: name for name, file in _FILES.items()}
    files = (name.rpartition(".")[2] for name in module_names(webapp.export))
    return sorted(other.get(file, file) for file in files)


def exporter(name: str) -> ModuleType:
    """The module of one format; only this one is imported."""
    return importlib.import_module(f"webapp.export.{_FILES.get(name, name)}")
