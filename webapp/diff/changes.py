"""What is open on one side and not on the other, pair by pair, exact for every port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.analysis import Analysis
from webapp.diff.ends import End, Ends, match_ends
from webapp.engine.externals import External
from webapp.model.ports import NONE, PortSet


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


@dataclass(frozen=True)
class Changes:
    """All differences between two analyses. A row is in one of ``opened``, ``cut`` and ``changed`` if its allowed
    ports differ, and in ``became_unknown`` or ``became_known`` if its unknown ports do."""

    rows: tuple[Change, ...]
    added_workloads: tuple[str, ...]
    removed_workloads: tuple[str, ...]
    externals: tuple[External, ...]
    ends: tuple[End, ...] = ()

    @cached_property
    def opened(self) -> tuple[Change, ...]:
        """Nothing was allowed before, something is now."""
        return tuple(row for row in self.rows if row.before is NONE and row.after is not NONE)

    @cached_property
    def cut(self) -> tuple[Change, ...]:
        """Something was allowed before, nothing is now."""
        return tuple(row for row in self.rows if row.after is NONE and row.before is not NONE)

    @cached_property
    def changed(self) -> tuple[Change, ...]:
        """Other ports are allowed than before."""
        return tuple(row for row in self.rows if NONE not in (row.before, row.after) and row.before is not row.after)

    @cached_property
    def became_unknown(self) -> tuple[Change, ...]:
        """Of some port nothing can be said any more."""
        return tuple(row for row in self.rows if row.after_unknown - row.before_unknown is not NONE)

    @cached_property
    def became_known(self) -> tuple[Change, ...]:
        """Of some port it is known now whether it is open."""
        return tuple(row for row in self.rows if row.before_unknown - row.after_unknown is not NONE)

    @property
    def is_empty(self) -> bool:
        """Both allow exactly the same traffic, and leave the same unknown."""
        return not self.rows


def compare(base: Analysis, head: Analysis) -> Changes:
    """Every pair that differs, sorted by source and destination. Address parts are refined against each other."""
    ends = match_ends(base, head)
    before, after = _Side(base, ends, 0), _Side(head, ends, 1)
    rows = tuple(_rows(ends, before, after))
    return Changes(rows, ends.added, ends.removed, ends.externals, ends.all)


Targets = dict[int, PortSet]
"""What a source may reach: the number of an end -> ports."""


class _Side:
    """The answers of one analysis, in terms of the common ends."""

    def __init__(self, analysis: Analysis, ends: Ends, side: int) -> None:
        ids = [(end.base, end.head)[side] for end in ends.all]
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        for number, identity in enumerate(ids):
            if identity:
                self._numbers[identity].append(number)
        self._ids = ids
        self._plural = [end.plural[side] for end in ends.all]
        self._shared: dict[int, tuple[Sequence[tuple[str, PortSet]], Targets]] = {}
        self._allowed = {source: targets for source, targets, _ in analysis.by_source()}
        self._unknown: defaultdict[str, Targets] = defaultdict(dict)
        for row in analysis.unknowns():
            for number in self._numbers[row.destination]:
                self._unknown[row.source][number] = row.ports

    def allowed(self, source: int) -> Targets:
        """Shared between sources: what stands for the same workload (`twins`) must be asked of `ports`."""
        targets = self._allowed.get(self._ids[source])
        if targets is None:
            return _NOWHERE
        known = self._shared.get(id(targets))
        if known is None:
            known = self._shared[id(targets)] = (targets, self._numbered(targets))
        return known[1]

    def twins(self, source: int) -> list[int]:
        """The ends that are the same workload on this side, the source among them."""
        return self._numbers[self._ids[source]] if self._ids[source] else []

    def ports(self, source: int, destination: int) -> PortSet:
        """What is allowed; the pods of a workload may reach each other if it has several."""
        if self._ids[source] == self._ids[destination] and not self._plural[source]:
            return NONE
        return self.allowed(source).get(destination, NONE)

    def unknown(self, source: int) -> Targets:
        return self._unknown.get(self._ids[source], _NOWHERE)

    def _numbered(self, targets: Sequence[tuple[str, PortSet]]) -> Targets:
        return {number: ports for identity, ports in targets for number in self._numbers[identity]}


_NOWHERE: Targets = {}


def _rows(ends: Ends, before: _Side, after: _Side) -> Iterator[Change]:
    differing: dict[tuple[int, int], set[int]] = {}
    for source, end in enumerate(ends.all):
        old, new = before.allowed(source), after.allowed(source)
        key = (id(old), id(new))
        if key not in differing:
            differing[key] = {number for number, _ in old.items() ^ new.items()}
        old_unknown, new_unknown = before.unknown(source), after.unknown(source)
        unsure = {number for number, _ in old_unknown.items() ^ new_unknown.items()}
        twins = {source, *before.twins(source), *after.twins(source)}
        for number in sorted(differing[key] | unsure | twins):
            was, now = before.ports(source, number), after.ports(source, number)
            if was is not now or number in unsure:
                was_unknown, now_unknown = old_unknown.get(number, NONE), new_unknown.get(number, NONE)
                yield Change(end.id, ends.all[number].id, was, now, was_unknown, now_unknown)
