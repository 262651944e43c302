"""All pairs as people read them: by the ids of workloads and external parts, sorted, sharing what is equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from webapp.engine.bits import from_indices, indices
from webapp.engine.columns import Columns
from webapp.engine.externals import External
from webapp.engine.pairs import Bundle, Pairs
from webapp.engine.reach import Reach, ports_at, refine
from webapp.engine.rows import Row, Rows
from webapp.engine.versions import Joined, between
from webapp.engine.workloads import Workload
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortSet

Targets = Sequence[tuple[str, PortSet]]
Doubtful = list[tuple[int, PortSet, tuple[str, ...]]]
"""Rank of the destination, ports, reasons."""
Bundled = tuple[tuple[str, ...], tuple[str, ...], PortSet]
Doubled = tuple[tuple[str, ...], tuple[str, ...], PortSet, PortSet]


class Answers:
    """The folded pairs of one analysis, by name."""

    def __init__(
        self,
        columns: Columns,
        rows: Rows,
        workloads: Callable[[], Sequence[Workload]],
        externals: Sequence[External],
    ) -> None:
        """``workloads`` is asked when names are first needed; the fold itself speaks of columns."""
        self._columns = columns
        self._rows = rows
        self._workloads = workloads
        self._externals = externals
        self.pairs = Joined(columns, Pairs(columns, rows))
        self._bundles = self.pairs.allowed

    @cached_property
    def _ranked(self) -> list[tuple[str, int, bool]]:
        """(id, column, whether it may reach itself), sorted: the place in this list is the rank of an id."""
        names = [(w.id, self.pairs.column_of(w.place), w.reaches_itself) for w in self._workloads()]
        first = self._columns.class_count
        return sorted(names + [(part.id, first + number, False) for number, part in enumerate(self._externals)])

    @cached_property
    def _names(self) -> list[str]:
        return [name for name, _, _ in self._ranked]

    @cached_property
    def _plural(self) -> list[bool]:
        return [plural for _, _, plural in self._ranked]

    @cached_property
    def _standing(self) -> dict[int, list[int]]:
        """The ranks of the ids that stand in a column."""
        standing: dict[int, list[int]] = {}
        for rank, (_, column, _) in enumerate(self._ranked):
            standing.setdefault(column, []).append(rank)
        return standing

    @cached_property
    def _grouped(self) -> list[list[int]]:
        """The ranks of the ids that stand in the columns of each destination group."""
        standing = self._standing
        return [[rank for column in group for rank in standing.get(column, ())] for group in self.pairs.groups]

    def by_source(self) -> Iterator[tuple[str, Targets, int | None]]:
        """See `Analysis.by_source`."""
        owner: dict[int, int] = {}
        for number, bundle in enumerate(self._bundles):
            for column in bundle.sources:
                for rank in self._standing.get(column, ()):
                    owner[rank] = number
        left = [0] * len(self._bundles)
        for number in owner.values():
            left[number] += 1
        kept: dict[int, tuple[list[tuple[str, PortSet]], dict[int, int]]] = {}
        for rank in sorted(owner):
            number = owner[rank]
            entry = kept.get(number)
            if entry is None:
                entry = self._targets(self._bundles[number].reach)
                if left[number] > 1:
                    kept[number] = entry
            left[number] -= 1
            if not left[number]:
                kept.pop(number, None)  # nobody else shares it
            targets, places = entry
            own = None if self._plural[rank] else places.get(rank)
            if targets and not (own is not None and len(targets) == 1):
                yield self._names[rank], targets, own

    def _targets(self, reach: Reach) -> tuple[list[tuple[str, PortSet]], dict[int, int]]:
        grouped = self._grouped
        ranked = [(rank, ports) for ports, groups in reach for group in indices(groups) for rank in grouped[group]]
        ranked.sort(key=_rank)
        names = self._names
        return [(names[rank], ports) for rank, ports in ranked], {rank: i for i, (rank, _) in enumerate(ranked)}

    def blocks(self) -> Iterator[Bundled]:
        """See `Analysis.blocks`."""
        return self._blocks(self._bundles)

    def possible_blocks(self) -> Iterator[Bundled]:
        """See `Analysis.possible_blocks`."""
        return self._blocks(self.pairs.possible)

    def joint_blocks(self) -> Iterator[Doubled]:
        """See `Analysis.joint_blocks`."""
        if self.is_certain:
            yield from ((*ends, ports, NONE) for *ends, ports in self.blocks())  # type: ignore[misc]
            return
        sure = {column: bundle.reach for bundle in self._bundles for column in bundle.sources}
        alike: dict[tuple[int, int], tuple[Reach, Reach, list[int]]] = {}
        for bundle in self.pairs.possible:
            for column in bundle.sources:
                certain = sure.get(column, ())
                alike.setdefault((id(certain), id(bundle.reach)), (certain, bundle.reach, []))[2].append(column)
        for certain, possible, columns in alike.values():
            sources = self._ids(self._standing.get(column, ()) for column in columns)
            for groups, allowed, perhaps in refine(certain, possible):
                destinations = self._ids(self._grouped[group] for group in indices(groups))
                if sources and destinations:
                    yield sources, destinations, allowed, perhaps - allowed

    def _blocks(self, bundles: Sequence[Bundle]) -> Iterator[Bundled]:
        for bundle in bundles:
            sources = self._ids(self._standing.get(column, ()) for column in bundle.sources)
            for ports, groups in bundle.reach:
                destinations = self._ids(self._grouped[group] for group in indices(groups))
                if sources and destinations:
                    yield sources, destinations, ports

    def _ids(self, ranks: Iterable[Sequence[int]]) -> tuple[str, ...]:
        names = self._names
        return tuple([names[rank] for rank in sorted([rank for each in ranks for rank in each])])

    # ---- what cannot be said --------------------------------------------------------------------------------

    @cached_property
    def is_certain(self) -> bool:
        return not self.pairs.places and all(row.certain for ways in self._rows.of.values() for row in ways)

    def unknowns(self) -> Iterator[tuple[str, str, PortSet, tuple[str, ...]]]:
        """``(source, destination, ports, reasons)``, sorted."""
        for rank, listed in self._unknown():
            for destination, ports, reasons in listed:
                if destination != rank or self._plural[rank]:
                    yield self._names[rank], self._names[destination], ports, reasons

    def unknown_by_source(self) -> Iterator[tuple[str, Targets]]:
        """See `Analysis.unknown_by_source`."""
        named: dict[int, Targets] = {}
        for rank, listed in self._unknown():
            if id(listed) not in named:
                named[id(listed)] = [(self._names[destination], ports) for destination, ports, _ in listed]
            yield self._names[rank], named[id(listed)]

    def _unknown(self) -> Iterator[tuple[int, Doubtful]]:
        """(rank of the source, what is unknown of it), sorted; sources of one column share a list."""
        if self.is_certain:
            return
        sure = {column: bundle.reach for bundle in self._bundles for column in bundle.sources}
        perhaps = {column: bundle.reach for bundle in self.pairs.possible for column in bundle.sources}
        uncertain_in = self._uncertain_destinations()
        shared: dict[int, Doubtful] = {}
        ranks = sorted((rank, column) for column in perhaps for rank in self._standing.get(column, ()))
        for rank, column in ranks:
            listed = shared.get(column)
            if listed is None:
                open_reach = list(_difference(perhaps[column], sure.get(column, ())))
                listed = shared[column] = sorted(self._reasons(column, open_reach, uncertain_in), key=_rank)
            if listed:
                yield rank, listed

    def _uncertain_destinations(self) -> list[tuple[Row, int]]:
        members: dict[int, tuple[Row, list[int]]] = {}
        for column, row in enumerate(self._rows.of[Direction.INGRESS]):
            if not row.certain:
                members.setdefault(id(row), (row, []))[1].append(column)
        return [(row, from_indices(columns)) for row, columns in members.values()]

    def _reasons(
        self, source: int, reach: list[tuple[PortSet, int]], uncertain_in: list[tuple[Row, int]]
    ) -> Iterator[tuple[int, PortSet, tuple[str, ...]]]:
        """(rank of the destination, ports, reasons); pairs with an end in several columns are looked at one by one."""
        place = self.pairs.place_of(source)
        apart = reach
        if len(place) == 1:
            halves = [(ports, *self.pairs.split(among)) for ports, among in reach]
            yield from self._explained(source, [(ports, plain) for ports, plain, _ in halves], uncertain_in)
            apart = [(ports, others) for ports, _, others in halves]
        for ports, column in ((ports, column) for ports, among in apart for column in self.pairs.columns_of(among)):
            ranks = self._standing.get(column, ())
            if ranks:
                *_, reasons = between(self._columns, self._rows, place, self.pairs.place_of(column))
                for rank in ranks:
                    yield rank, ports, tuple(sorted(reasons))

    def _explained(
        self, source: int, reach: list[tuple[PortSet, int]], uncertain_in: list[tuple[Row, int]]
    ) -> Iterator[tuple[int, PortSet, tuple[str, ...]]]:
        out = self._rows.of[Direction.EGRESS][source]
        planes = [i for i, family in enumerate((4, 6)) if self._columns.families[family] >> source & 1]
        for ports, among in reach:
            columns = from_indices(self.pairs.columns_of(among))
            groups: dict[frozenset[str], int] = {frozenset(): columns}
            for doubt in out.doubts:
                mask = 0
                for plane in planes:
                    for open_ports, bits in doubt.planes[plane]:
                        mask |= bits if open_ports & ports is not NONE else 0
                groups = _split(groups, mask, doubt.reason)
            for row, destinations in uncertain_in:
                if not destinations & columns:
                    continue
                for doubt in row.doubts:
                    if any(ports_at(doubt.planes[p], source) & ports is not NONE for p in planes):
                        groups = _split(groups, destinations, doubt.reason)
            for reasons, bits in groups.items():
                for column in indices(bits):
                    for rank in self._standing.get(column, ()):
                        yield rank, ports, tuple(sorted(reasons))


def _split(groups: dict[frozenset[str], int], mask: int, reason: str) -> dict[frozenset[str], int]:
    """Give the columns of a mask one reason more."""
    if not mask:
        return groups
    found: dict[frozenset[str], int] = {}
    for reasons, bits in groups.items():
        with_it, rest = bits & mask, bits & ~mask
        if with_it:
            joined = reasons | {reason}
            found[joined] = found.get(joined, 0) | with_it
        if rest:
            found[reasons] = found.get(reasons, 0) | rest
    return found


def _difference(perhaps: Reach, sure: Reach) -> Iterator[tuple[PortSet, int]]:
    """The pieces of one reach that another does not hold."""
    for ports, columns in perhaps:
        rest = columns
        for known, having in sure:
            shared = rest & having
            if shared:
                rest &= ~shared
                left = ports - known
                if left is not NONE:
                    yield left, shared
        if rest:
            yield ports, rest


def _rank(item: tuple[int, object] | tuple[int, object, object]) -> int:
    return item[0]
