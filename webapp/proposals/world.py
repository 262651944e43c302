"""What proposals start from: a reading, what it means, its texts, and what only has to be looked up once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from webapp.analysis import Analysis
from webapp.manifests.declared import container_ports
from webapp.manifests.editing import PolicyFile, edited, policy_files
from webapp.manifests.tree import Intake
from webapp.model.endpoint import Endpoint
from webapp.proposals.book import Book
from webapp.proposals.library import Library
from webapp.proposals.selecting import Namesakes


class Declined(Exception):  # noqa: N818 - no error: an answer
    """There is nothing to propose; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class World:
    """``files``: the texts of the policies, as they are shown (of the reading if none are given). ``off``: ids of
    policies that are switched off: their texts are there, and they do not count."""

    def __init__(
        self, intake: Intake, analysis: Analysis, files: Iterable[PolicyFile] | None = None, off: Collection[str] = ()
    ) -> None:
        self.intake = intake
        self.analysis = analysis
        self.off = frozenset(off)
        self._files = files

    @cached_property
    def library(self) -> Library:
        files = policy_files(self.intake) if self._files is None else self._files
        return Library(self.intake, files, self.off)

    @cached_property
    def namesakes(self) -> Namesakes:
        return Namesakes(self.analysis)

    @cached_property
    def apart(self) -> Intake:
        """The same reading with each policy in a file of its own: a trial then reads only what it changes."""
        return edited(self.intake, self.library.parts())

    def book(self) -> Book:
        """The texts, to be changed."""
        return Book(self.library)

    def declared_ports(self, pods: Collection[Endpoint]) -> frozenset[tuple[str, int]]:
        """What the containers of these pods declare."""
        sources = {pod.source for pod in pods}
        documents = [document for document in self.intake.documents if document.source in sources]
        return frozenset(port for document in documents for port in container_ports(document))
