"""How many verdicts a policy changes: the pairs that would be open on other ports, or unknown, if it were not there.

Only the rows of the pods that it may select can differ. So the rows of all others are turned once (`Facing`), and each
policy costs what it selects, not another evaluation. Counted are the pairs of the full input: its workloads, its
variants, its parts of the address space.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from webapp.engine.bits import from_indices
from webapp.engine.columns import Columns
from webapp.engine.ends import Ends, Weights
from webapp.engine.facing import Faced, Facing, Facings, Layer, Said
from webapp.engine.reach import Cell, refine, subtract, unite
from webapp.engine.rows import Row, Rows
from webapp.engine.versions import between
from webapp.model.policy import Direction

Altered = Mapping[int, Row]
"""The new rows of classes, where they differ."""

_OTHER = {Direction.INGRESS: Direction.EGRESS, Direction.EGRESS: Direction.INGRESS}


class Ablation:
    """Counts for one snapshot. ``numbers`` of policies are those of `Rows.policies`."""

    def __init__(self, columns: Columns, rows: Rows, ends: Ends, facings: Facings) -> None:
        self._columns = columns
        self._rows = rows.scratch()
        self._ends = ends
        self._facings = facings
        pods = (1 << columns.class_count) - 1
        every_pod_has_v4 = not columns.families[6] & ~columns.families[4] & pods
        self._one_plane = every_pod_has_v4 and not any(map(_wider_in_v6, facings.distinct_rows))

    def count(self, numbers: Collection[int]) -> int:
        """The ordered pairs whose allowed or unknown ports differ if these policies (all documents of one, or several
        together) are not there."""
        altered = self._rows.altered(numbers)
        total = 0
        apart: set[tuple[int, int]] = set()
        for direction, column, others in self._changed(altered):
            total += self._weights.pairs(column, others)
            apart.update(self._apart(direction, column, others))
        return total + sum(self._differs(pair, altered) for pair in apart)

    def blocks(self, numbers: Collection[int]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """The same pairs in factored form: numbers of ends, each of the first with each of the second (with itself only
        if it is plural)."""
        altered = self._rows.altered(numbers)
        alike: dict[tuple[Direction, int], list[int]] = {}
        apart: set[tuple[int, int]] = set()
        for direction, column, others in self._changed(altered):
            alike.setdefault((direction, others), []).append(column)
            apart.update(self._apart(direction, column, others))
        for (direction, others), columns in alike.items():
            own, its = self._weights.plain(from_indices(columns)), self._weights.plain(others)
            if own and its:
                yield (own, its) if direction is Direction.EGRESS else (its, own)
        for source, destination in sorted(apart):
            if self._differs((source, destination), altered):
                yield (source,), (destination,)

    def _apart(self, direction: Direction, column: int, others: int) -> Iterator[tuple[int, int]]:
        for own, its in self._weights.apart_pairs(column, others):
            yield (own, its) if direction is Direction.EGRESS else (its, own)

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self._ends)

    def _differs(self, pair: tuple[int, int], altered: Mapping[Direction, Altered]) -> bool:
        """Some of the pods differ. Where there are several versions of a pod, what they say together has to."""
        source, destination = (self._ends.all[number] for number in pair)
        pairs = [(leaving, entering) for leaving in source.places for entering in destination.places]
        if all(len(place) == 1 for ends in pairs for place in ends):
            return True
        after = self._rows.replaced(altered)
        return any(
            between(self._columns, self._rows, *ends)[:2] != between(self._columns, after, *ends)[:2] for ends in pairs
        )

    # ---- pairs of columns -----------------------------------------------------------------------------------

    def _changed(self, altered: Mapping[Direction, Altered]) -> Iterator[tuple[Direction, int, int]]:
        """``(direction, column, others)``: the pairs that differ, as one end sees them; each pair once."""
        new = [row for rows in altered.values() for row in rows.values()]
        levels = (False,) if self._facings.certain and all(row.certain for row in new) else (False, True)
        planes = (0,) if self._one_plane and not any(map(_wider_in_v6, new)) else (0, 1)
        leaving, entering = (altered[way] for way in (Direction.EGRESS, Direction.INGRESS))
        for direction, own, others in (
            (Direction.EGRESS, leaving, entering), (Direction.INGRESS, entering, leaving)
        ):  # fmt: skip
            rest = ~from_indices(others)
            layers = [[Layer(plane, high) for plane in planes] for high in levels]
            for column, bits in self._against_unaltered(direction, own, layers):
                if bits & rest:
                    yield direction, column, bits & rest
        if leaving and entering:
            for column, bits in self._against_altered(leaving, entering, layers):
                yield Direction.EGRESS, column, bits

    def _against_unaltered(
        self, direction: Direction, own: Altered, levels: Sequence[Sequence[Layer]]
    ) -> Iterator[tuple[int, int]]:
        """Where one end changes, and the other does not."""
        other = _OTHER[direction]
        found: dict[int, int] = {}
        for old, new, columns in _grouped(own, self._rows.of[direction]):
            for layers in levels:
                cells = _where_differing([refine(layer.of(old), layer.of(new)) for layer in layers])
                facings = [self._facings.of(other, layer) for layer in layers]
                for column, bits in self._met(columns, cells, facings, layers):
                    found[column] = found.get(column, 0) | bits
        yield from found.items()

    def _against_altered(
        self, leaving: Altered, entering: Altered, levels: Sequence[Sequence[Layer]]
    ) -> Iterator[tuple[int, int]]:
        """Where both ends change."""
        targets = _grouped(entering, self._rows.of[Direction.INGRESS])
        found: dict[int, int] = {}
        for layers in levels:
            facings = []
            for layer in layers:
                said = [
                    (from_indices(columns), _as_said(refine(layer.of(old), layer.of(new))))
                    for old, new, columns in targets
                ]
                facings.append(Facing(said, list(leaving), self._columns.count))
            for old, new, columns in _grouped(leaving, self._rows.of[Direction.EGRESS]):
                cells = [refine(layer.of(old), layer.of(new)) for layer in layers]
                for column, bits in self._met(columns, cells, facings, layers):
                    found[column] = found.get(column, 0) | bits
        yield from found.items()

    def _met(
        self, columns: Sequence[int], cells: Sequence[Sequence[Cell]], facings: Sequence[Facing],
        layers: Sequence[Layer],
    ) -> Iterator[tuple[int, int]]:  # fmt: skip
        """What differs for columns whose own end says ``cells``, by plane, and that are faced so."""
        known: dict[object, int] = {}
        for column in columns:
            v4, v6 = self._facings.near(column)
            near = (v4 | v6,) if len(layers) == 1 else (v4, v6)  # one plane stands for both families
            key = (near, *(facing.kind(column) for facing in facings))
            bits = known.get(key)
            if bits is None:
                faced = [facing.of(column) for facing in facings]
                bits = known[key] = (
                    _differing(cells[0], faced[0], near[0]) if len(layers) == 1 else _differing_in(cells, faced, near)
                )
            if bits:
                yield column, bits


def _grouped(altered: Altered, before: Sequence[Row]) -> list[tuple[Row, Row, list[int]]]:
    """The columns of each pair of an old and a new row."""
    found: dict[tuple[int, int], tuple[Row, Row, list[int]]] = {}
    for column, new in altered.items():
        old = before[column]
        found.setdefault((id(old), id(new)), (old, new, []))[2].append(column)
    return list(found.values())


def _where_differing(cells: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The cells of each plane, toward the columns that differ in one of them."""
    differing = 0
    for plane in cells:
        for columns, before, after in plane:
            differing |= 0 if before is after else columns
    return [[(bits & differing, old, new) for bits, old, new in plane if bits & differing] for plane in cells]


def _as_said(cells: Sequence[Cell]) -> list[tuple[Said, int]]:
    found: dict[Said, int] = {}
    for columns, before, after in cells:
        found[before, after] = found.get((before, after), 0) | columns
    return list(found.items())


def _differing(cells: Sequence[Cell], faced: Faced, near: int) -> int:
    """Where both ends together allow other ports than before."""
    found = 0
    for columns, before, after in cells:
        for (said_before, said_after), sayers in faced:
            both = columns & sayers
            if both and (before & said_before) is not (after & said_after):
                found |= both
    return found & near


def _differing_in(cells: Sequence[Sequence[Cell]], faced: Sequence[Faced], near: Sequence[int]) -> int:
    """The same where a pair may talk over either family."""
    before, after = [], []
    for plane, others, nearby in zip(cells, faced, near, strict=True):
        for columns, old, new in plane:
            for (said_before, said_after), sayers in others:
                both = columns & sayers & nearby
                if both:
                    before.append((old & said_before, both))
                    after.append((new & said_after, both))
    found = 0
    for columns, old, new in refine(unite(before), unite(after)):
        found |= 0 if old is new else columns
    return found


def _wider_in_v6(row: Row) -> bool:
    """Whether more is open over IPv6 than over IPv4."""
    return any(planes[0] is not planes[1] and subtract(planes[1], planes[0]) for planes in (row.low, row.high))
