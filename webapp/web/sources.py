"""Readings that a workspace shows side by side: what it was made with, and what was added since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from webapp.errors import InputError, NotFound
from webapp.manifests.budget import Budget
from webapp.manifests.editing import is_policy_document, joined
from webapp.manifests.tree import Counts, Intake
from webapp.model.source import SourceFile
from webapp.web.contents import weigh

MOST_SOURCES = 50


@dataclass(frozen=True)
class Source:
    """One reading. ``watched``: it follows files on the disk, so it cannot be taken away."""

    id: int
    name: str
    intake: Intake
    watched: bool = False

    @cached_property
    def size_bytes(self) -> int:
        """About how much memory it takes."""
        return weigh(self.intake.documents, (text.text for text in self.intake.texts.values()))

    @cached_property
    def policies(self) -> int:
        return sum(map(is_policy_document, self.intake.documents))

    def json(self) -> dict[str, object]:
        return {
            "id": self.id, "name": self.name, "documents": self.intake.counts.documents_read,
            "policies": self.policies, "watched": self.watched,
        }  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """All of them, the oldest first. ``budget``: for all together."""

    all: tuple[Source, ...]
    budget: Budget

    def adding(self, source: Source) -> Sources:
        """With one more. InputError or `BudgetExceeded` if that is too much."""
        if len(self.all) >= MOST_SOURCES:
            raise InputError(f"There are {MOST_SOURCES} sources already. Remove one first.", code="too_many_sources")
        return replace(self, all=(*self.all, source))

    def removing(self, identity: int) -> Sources:
        """Without one. `NotFound` if there is none of that number, InputError if it follows files on the disk."""
        source = next((each for each in self.all if each.id == identity), None)
        if source is None:
            raise NotFound("There is no source of that number, or no longer.")
        if source.watched:
            message = f"{source.name} follows the files that the server was started with, so it stays."
            raise InputError(message, code="watched_source")
        return replace(self, all=tuple(each for each in self.all if each is not source))

    def reading(self, intake: Intake) -> Sources:
        """With another reading of the files that the workspace was made with."""
        first, *others = self.all
        return replace(self, all=(replace(first, intake=intake), *others))

    def joined(self) -> Intake:
        """All of them as one reading."""
        if not self.all:
            return Intake((), (), Counts(), {}, self.budget)
        whole = replace(joined(source.intake for source in self.all), budget=self.budget)
        self.budget.check("documents", len(whole.documents))
        return whole

    @property
    def size_bytes(self) -> int:
        return sum(source.size_bytes for source in self.all)


def told_apart(files: Iterable[SourceFile], identity: int) -> list[SourceFile]:
    """Files under names that no other source has: places in the input are told by name."""
    return [SourceFile(f"source-{identity}/{file.name}", file.data) for file in files]
