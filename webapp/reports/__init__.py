"""What a change opens and cuts, for people: one file a format. Each has `write(review, stream)`."""

from __future__ import annotations

from types import ModuleType

FORMATS = ("text", "json", "md", "html", "svg")


def report(name: str) -> ModuleType:
    """The module of a format."""
    from importlib import import_module

    return import_module(f"webapp.reports.{'markdown' if name == 'md' else name}")
