"""What proposals start from: a reading, what it means, its texts, and what only has to be looked up once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from webapp.analysis import Analysis
from webapp.manifests.declared import container_ports
from webapp.manifests.editing import edited
from webapp.manifests.tree import Intake
from webapp.model.endpoint import Endpoint
from webapp.proposals.book import Book, Library
from webapp.proposals.selecting import Namesakes


class Declined(Exception):  # noqa: N818 - no error: an answer
    """There is nothing to propose; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class World:
    """``off``: ids of policies that are switched off: their texts are there, and they do not count."""

    def __init__(self, intake: Intake, analysis: Analysis, off: Collection[str] = ()) -> None:
        self.intake = intake
        self.analysis = analysis
        self.off = frozenset(off)

    @cached_property
    def library(self) -> Library:
        return Library(self.intake)

    @cached_property
    def namesakes(self) -> Namesakes:
        return Namesakes(self.analysis)

    @cached_property
    def apart(self) -> Intake:
        """The same reading with each policy in a file of its own: a trial then reads only what it changes."""
        return edited(self.intake, self.library.parts())

    def book(self) -> Book:
        """The texts, to be changed."""
        return self.library.open()

    def declared_ports(self, pods: Collection[Endpoint]) -> frozenset[tuple[str, int]]:
        """What the containers of these pods declare."""
        sources = {pod.source for pod in pods}
        documents = [document for document in self.intake.documents if document.source in sources]
        return frozenset(port for document in documents for port in container_ports(document))
