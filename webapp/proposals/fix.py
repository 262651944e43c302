"""A candidate: what it changes and why. Nothing of it is shown before `trial.py` has tried it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.model.ports import ALL, PortSet
from webapp.proposals.book import Book
from webapp.proposals.ends import End

CLUSTER_RIGHTS = "It needs the rights to change policies of the whole cluster."
Act = Callable[[Book], None]
"""Makes a change in a book; `CannotEdit` where it cannot be made."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """``title`` in the imperative; ``note``: what else a person must know."""

    title: str
    acts: tuple[Act, ...]
    note: str = ""

    def beside(self, other: Candidate) -> Candidate:
        """Both together."""
        notes = dict.fromkeys(note for note in (self.note, other.note) if note)
        return Candidate(f"{self.title}; {lower_first(other.title)}", (*self.acts, *other.acts), " ".join(notes))


@dataclass(frozen=True, slots=True)
class Pair:
    """What is asked: from whom to whom, on which ports. ``told``: the ports were named in the question."""

    source: End
    destination: End
    ports: PortSet
    told: bool

    @property
    def route(self) -> str:
        return f"{self.source.text} to {self.destination.text}{on(self.ports)}"


def on(ports: PortSet) -> str:
    """ " on TCP 5432"; nothing for every port."""
    return "" if ports is ALL else f" on {ports.text()}"


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def short(end: End) -> str:
    """An end as part of the name of a policy."""
    if end.workloads:
        return "-".join(dict.fromkeys(workload.name for workload in end.workloads))[:40]
    return re.sub(r"[^a-z0-9]+", "-", end.text.lower())[:40]


def each_of(acts: Sequence[Candidate]) -> Candidate | None:
    """All of them as one."""
    if not acts:
        return None
    first, *rest = acts
    for candidate in rest:
        first = first.beside(candidate)
    return first
