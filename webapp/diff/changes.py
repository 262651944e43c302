"""What is open on one side and not on the other, pair by pair, exact for every port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from webapp.analysis import Analysis
from webapp.diff.ends import match_ends
from webapp.diff.side import Named, Side, Targets
from webapp.manifests.collector import paused_collector
from webapp.model.ports import NONE, PortSet

ALLOWED = ("opened", "cut", "changed")
UNKNOWN = ("became_unknown", "became_known")
KINDS = (*ALLOWED, *UNKNOWN)
"""The lists of rows. A row is in one of the first three if its allowed ports differ, and in one or both of the others
if its unknown ports do."""
_END_BYTES, _DIFFERENCE_BYTES = 800, 60
"""What an end costs, and a difference that sources share: measured, rounded up."""


@dataclass(frozen=True, slots=True)
class Change:
    """One ordered pair whose allowed or unknown ports differ. ``before`` and ``after`` are what is allowed."""

    source: str
    destination: str
    before: PortSet
    after: PortSet
    before_unknown: PortSet = NONE
    after_unknown: PortSet = NONE

    @property
    def id(self) -> str:
        """Stable: the same pair has the same id in every comparison."""
        return f"{self.source}>{self.destination}"

    @property
    def opened_ports(self) -> PortSet:
        return self.after - self.before

    @property
    def cut_ports(self) -> PortSet:
        return self.before - self.after


Four = tuple[PortSet, PortSet, PortSet, PortSet]
"""Allowed before and after, unknown before and after."""


def kinds_of(ports: Four) -> tuple[str, ...]:
    """The lists in which such a row stands; none if nothing differs."""
    before, after, before_unknown, after_unknown = ports
    kinds = []
    if before is not after:
        kinds.append("opened" if before is NONE else "cut" if after is NONE else "changed")
    if before_unknown is not after_unknown:
        kinds += ["became_unknown"] if after_unknown - before_unknown is not NONE else []
        kinds += ["became_known"] if before_unknown - after_unknown is not NONE else []
    return tuple(kinds)


@dataclass(frozen=True, slots=True)
class _Differences:
    """What differs in the reach of all sources that have the same before and after: by the number of the other end."""

    of: dict[int, Four] = field(default_factory=dict)
    listed: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in KINDS})


class Changes:
    """All differences between two analyses. Rows are made when they are asked for: there may be very many."""

    def __init__(self, base: Analysis, head: Analysis) -> None:
        ends = match_ends(base, head)
        shared: dict[Named, Named] = {}
        sides = Side(base, ends, 0, shared), Side(head, ends, 1, shared)
        self.ends = ends.all
        self._ids = [end.id for end in ends.all]
        self._differences = list(_differences(len(ends.all), *sides))
        self._own = [_own(source, *sides) for source in range(len(ends.all))]
        self.added_workloads = ends.added
        self.removed_workloads = ends.removed
        self.externals = ends.externals

    @cached_property
    def size_bytes(self) -> int:
        """About how much memory it takes."""
        differences = sum({id(each): len(each.of) for each in self._differences}.values())
        return len(self._ids) * _END_BYTES + differences * _DIFFERENCE_BYTES

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows each list has."""
        counts = dict.fromkeys(KINDS, 0)
        for source, differences in enumerate(self._differences):
            for kind, numbers in differences.listed.items():
                counts[kind] += len(numbers)
            for number, ports in self._own[source].items():
                for kind in kinds_of(differences.of.get(number, _SAME)):
                    counts[kind] -= 1
                for kind in kinds_of(ports):
                    counts[kind] += 1
        return counts

    def first(self, kind: str, most: int | None = None) -> tuple[Change, ...]:
        """The rows of one list, sorted; ``most``: so many of them."""
        return tuple(islice(self._listed(kind), most))

    @cached_property
    def rows(self) -> tuple[Change, ...]:
        """All rows, sorted by source and destination."""
        found = []
        for source, differences in enumerate(self._differences):
            at = differences.of | self._own[source]
            found += [self._row(source, number, at[number]) for number in sorted(at) if kinds_of(at[number])]
        return tuple(found)

    @cached_property
    def opened(self) -> tuple[Change, ...]:
        """Nothing was allowed before, something is now."""
        return self.first("opened")

    @cached_property
    def cut(self) -> tuple[Change, ...]:
        """Something was allowed before, nothing is now."""
        return self.first("cut")

    @cached_property
    def changed(self) -> tuple[Change, ...]:
        """Other ports are allowed than before."""
        return self.first("changed")

    @cached_property
    def became_unknown(self) -> tuple[Change, ...]:
        """Of some port nothing can be said any more."""
        return self.first("became_unknown")

    @cached_property
    def became_known(self) -> tuple[Change, ...]:
        """Of some port it is known now whether it is open."""
        return self.first("became_known")

    @property
    def is_empty(self) -> bool:
        """Both allow exactly the same traffic, and leave the same unknown."""
        return not any(self.counts.values())

    def _listed(self, kind: str) -> Iterator[Change]:
        for source, differences in enumerate(self._differences):
            own = self._own[source]
            numbers: Sequence[int] = differences.listed[kind]
            if own:
                mine = [number for number, ports in own.items() if kind in kinds_of(ports)]
                numbers = sorted([*mine, *(number for number in numbers if number not in own)])
            for number in numbers:
                yield self._row(source, number, own.get(number) or differences.of[number])

    def _row(self, source: int, number: int, ports: Four) -> Change:
        return Change(self._ids[source], self._ids[number], *ports)


_SAME: Four = (NONE, NONE, NONE, NONE)


def compare(base: Analysis, head: Analysis) -> Changes:
    """Every pair that differs, sorted by source and destination. Address parts are refined against each other."""
    with paused_collector():
        return Changes(base, head)


def _differences(sources: int, before: Side, after: Side) -> Iterator[_Differences]:
    """Those of each source. Equal reaches are one object; where all ends have the same ids on both sides, they mean
    the same."""
    alike = before.ids == after.ids
    known: dict[tuple[int, ...], _Differences] = {}
    fours: dict[Four, Four] = {}
    for source in range(sources):
        old, new = before.reach(source), after.reach(source)
        key = tuple(map(id, (*old, *new)))
        if key not in known:
            known[key] = _Differences()
            if not alike or key[:2] != key[2:]:
                sides = (
                    (before.numbered(old[0]), before.numbered(old[1])),
                    (after.numbered(new[0]), after.numbered(new[1])),
                )
                known[key] = _compared(*sides, fours)
        yield known[key]


def _compared(old: tuple[Targets, Targets], new: tuple[Targets, Targets], fours: dict[Four, Four]) -> _Differences:
    """What is allowed and what is unknown, before and after. ``fours`` makes one object of equal ones."""
    (before, before_unknown), (after, after_unknown) = old, new
    found = _Differences()
    numbers = {number for number, _ in before.items() ^ after.items()}
    numbers |= {number for number, _ in before_unknown.items() ^ after_unknown.items()}
    for number in sorted(numbers):
        four = (
            before.get(number, NONE), after.get(number, NONE),
            before_unknown.get(number, NONE), after_unknown.get(number, NONE),
        )  # fmt: skip
        found.of[number] = fours.setdefault(four, four)
        for kind in kinds_of(four):
            found.listed[kind].append(number)
    return found


def _own(source: int, before: Side, after: Side) -> dict[int, Four]:
    """The pairs of a source with what is the same workload on some side: they are not as the shared ones."""
    found = {}
    for number in {source, *before.twins(source), *after.twins(source)}:
        (old, old_unknown), (new, new_unknown) = (side.ports(source, number) for side in (before, after))
        found[number] = (old, new, old_unknown, new_unknown)
    return found
