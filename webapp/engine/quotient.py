"""Columns that all rows treat alike, taken together: once as sources, once as destinations.

Folding all pairs then costs what the policies tell apart, not what the cluster holds (design/engine.md, step 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from webapp.engine.bits import from_indices, indices, transpose
from webapp.engine.columns import Columns
from webapp.engine.reach import Reach, subtract
from webapp.engine.rows import Row, Rows
from webapp.model.policy import Direction
from webapp.model.ports import PortSet

_MOST_VISITS = 20_000  # of sets, class by class; beyond it pays to turn the matrix

Pieces = tuple[tuple[PortSet, int], ...]
"""A reach whose columns are given by the number of their set."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One reach of every row: of an address family, and of the lower bound or the upper one."""

    plane: int
    high: bool

    def of(self, row: Row) -> Reach:
        return (row.high if self.high else row.low)[self.plane]


class Side:
    """The distinct rows of one direction. ``of``: the number of the row of each column; ``pieces``: of each layer,
    for each row; ``sets``: the distinct sets of columns that they speak of."""

    def __init__(self, rows: Sequence[Row], layers: Sequence[Layer]) -> None:
        self._numbers: dict[int, int] = {}
        self._reaches: dict[Pieces, int] = {}
        by_id = dict(zip(map(id, rows), rows, strict=True))
        in_layers = [self._numbered([layer.of(row) for row in by_id.values()]) for layer in layers]
        kinds: dict[tuple[int, ...], int] = {}
        kind_of = {key: kinds.setdefault(numbers, len(kinds))
                   for key, numbers in zip(by_id, zip(*in_layers, strict=True), strict=True)}  # fmt: skip
        self.of = [kind_of[key] for key in map(id, rows)]
        self.sets = list(self._numbers)
        reaches = list(self._reaches)
        self.pieces = [[reaches[numbers[place]] for numbers in kinds] for place in range(len(layers))]

    def _numbered(self, reaches: Sequence[Reach]) -> list[int]:
        """The number of each reach; equal ones have one number."""
        known: dict[int, int] = {}
        for reach in reaches:
            if id(reach) not in known:
                known[id(reach)] = self._number(reach)
        return [known[key] for key in map(id, reaches)]

    def _number(self, reach: Reach) -> int:
        pieces = tuple([(ports, self._set(columns)) for ports, columns in reach])
        return self._reaches.setdefault(pieces, len(self._reaches))

    def _set(self, columns: int) -> int:
        return self._numbers.setdefault(columns, len(self._numbers))


class Alike:
    """Columns that no set of a list tells apart. ``of``: the class of each column; ``signatures``: of each class the
    numbers of the sets that hold it, as a set."""

    def __init__(self, count: int, sets: Sequence[int]) -> None:
        classes: dict[int, int] = {}
        self.of = [classes.setdefault(signature, len(classes)) for signature in transpose(sets, count)]
        self.signatures = list(classes)


class Group(NamedTuple):
    """Columns with equal rows of one direction (``row``) that all rows of the other treat alike (``alike``)."""

    row: int
    alike: int
    columns: tuple[int, ...]


class Quotient:
    """The groups of sources and of destinations, and the rows over them.

    ``v4`` and ``v6``: the destination groups of an address family, ``pods`` those of pods; they never mix within a
    group. ``kinds``: of each class of sources which of these it is, as bits.
    """

    def __init__(self, columns: Columns, rows: Rows) -> None:
        ways = {direction: rows.of[direction] for direction in Direction}
        distinct = {id(row): row for way in ways.values() for row in way}.values()
        self.planes = _planes_needed(columns, distinct)
        self.is_certain = all(row.certain for row in distinct)
        self.layers = [Layer(plane, high) for high in ((False,) if self.is_certain else (False, True))
                       for plane in self.planes]  # fmt: skip
        self.leaving = Side(ways[Direction.EGRESS], self.layers)
        self.entering = Side(ways[Direction.INGRESS], self.layers)
        common = [columns.families[4], columns.families[6], (1 << columns.class_count) - 1]
        self.senders = Alike(columns.count, [*self.entering.sets, *common])
        self.kinds = [signature >> len(self.entering.sets) for signature in self.senders.signatures]
        receivers = Alike(columns.count, [*self.leaving.sets, *common])
        self.sources = _groups(self.leaving.of, self.senders.of)
        self.targets = _groups(self.entering.of, receivers.of)
        *self.left, self.v4, self.v6, self.pods = self._groups_in(receivers, len(self.leaving.sets) + len(common))

    def _groups_in(self, receivers: Alike, count: int) -> list[int]:
        """The destination groups that lie in each set of columns."""
        members: list[list[int]] = [[] for _ in receivers.signatures]
        for number, group in enumerate(self.targets):
            members[group.alike].append(number)
        if sum(map(int.bit_count, receivers.signatures)) > _MOST_VISITS:
            return transpose([receivers.signatures[group.alike] for group in self.targets], count)
        found = [0] * count
        for signature, listed in zip(receivers.signatures, members, strict=True):
            groups = from_indices(listed)
            for place in indices(signature):
                found[place] |= groups
        return found

    def near(self, kind: int, planes: Sequence[int]) -> int:
        """The destination groups that have one of these address families with sources of a kind, external to external
        apart."""
        bits = (self.v4 if kind & 1 and 0 in planes else 0) | (self.v6 if kind & 2 and 1 in planes else 0)
        return bits if kind & 4 else bits & self.pods


def _planes_needed(columns: Columns, rows: Iterable[Row]) -> list[int]:
    """IPv4 alone where IPv6 can add no pair of pods: every pod has IPv4, and no row is open to more of them over IPv6.
    (The bits of external parts are the same in both planes.)"""
    pods = (1 << columns.class_count) - 1
    if columns.families[6] & ~columns.families[4] & pods:
        return [0, 1]
    distinct = {id(planes): planes for row in rows for planes in (row.low, row.high)}.values()
    return [0, 1] if any(v6 is not v4 and subtract(v6, v4) for v4, v6 in distinct) else [0]


def _groups(rows: Sequence[int], alike: Sequence[int]) -> list[Group]:
    found: dict[tuple[int, int], list[int]] = {}
    for column, key in enumerate(zip(rows, alike, strict=True)):
        members = found.get(key)
        if members is None:
            found[key] = [column]
        else:
            members.append(column)
    return [Group(row, kind, tuple(members)) for (row, kind), members in found.items()]
