"""The samples that come with the project: a folder each, described by its `sample.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_UNORDERED = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """``name`` is the folder's; ``order`` its place in the list."""

    name: str
    title: str
    description: str
    order: int
    folder: Path

    def json(self) -> dict[str, str]:
        return {"name": self.name, "title": self.title, "description": self.description}


def samples_in(folder: Path) -> dict[str, Sample]:
    """All samples by name, in the order in which they are shown."""
    found = []
    for file in sorted(folder.glob("*/sample.toml")):
        about = tomllib.loads(file.read_text(encoding="utf-8"))
        order = int(about.get("order", _UNORDERED))
        name = file.parent.name
        found.append(Sample(name, str(about.get("title", name)), str(about.get("description", "")), order, file.parent))
    return {sample.name: sample for sample in sorted(found, key=lambda sample: (sample.order, sample.name))}
