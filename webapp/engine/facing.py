"""What rows say, seen from the other end: from "whom does each pod let in" to "who lets this one in"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from webapp.engine.bits import from_indices, indices, transpose
from webapp.engine.columns import Columns
from webapp.engine.reach import Reach
from webapp.engine.rows import Row, Rows
from webapp.model.policy import Direction
from webapp.model.ports import PortSet

Said = tuple[PortSet, PortSet]
"""The ports before and after a change; twice the same where there is none."""

Faced = tuple[tuple[Said, int], ...]
"""Pieces (ports, those who say so); nobody is in two of them."""

_FEW = 5_000  # tests of a column in a set, one by one; beyond it pays to turn the matrix


class Layer(NamedTuple):
    """One reach of every row: of an address family (0: IPv4), and of the lower bound or the upper one."""

    plane: int
    high: bool

    def of(self, row: Row) -> Reach:
        return (row.high if self.high else row.low)[self.plane]


class Facing:
    """``said``: for sets of those who say the same (``sayers``), what they say of which columns."""

    def __init__(self, said: Iterable[tuple[int, Sequence[tuple[Said, int]]]], columns: Sequence[int], count: int):
        """Only ``columns`` (of ``count``) are asked about."""
        saying: dict[int, dict[Said, int]] = {}
        for sayers, pieces in said:
            for ports, about in pieces:
                known = saying.setdefault(about, {})
                known[ports] = known.get(ports, 0) | sayers
        self._saying = [tuple(each.items()) for each in saying.values()]
        self._number: dict[int, int] = {}  # of the class of each column
        signatures: dict[int, int] = {}
        for column, signature in zip(columns, _memberships(list(saying), columns, count), strict=True):
            self._number[column] = signatures.setdefault(signature, len(signatures))
        self._signatures = list(signatures)
        usual = Counter(self._number.values()).most_common(1)
        self._usual = self._signatures[usual[0][0]] if usual else 0
        self._base = self._toggled({}, self._usual)
        self._faced: dict[int, Faced] = {}

    def kind(self, column: int) -> int:
        """Columns of one kind are faced alike."""
        return self._number[column]

    def of(self, column: int) -> Faced:
        """What is said of a column, and by whom."""
        number = self._number[column]
        found = self._faced.get(number)
        if found is None:
            differing = self._signatures[number] ^ self._usual
            found = self._faced[number] = tuple(self._toggled(self._base, differing).items())
        return found

    def _toggled(self, base: dict[Said, int], sets: int) -> dict[Said, int]:
        """Nobody says two things of one column, so what differs from the usual can be added by XOR."""
        found = dict(base)
        for place in indices(sets):
            for ports, sayers in self._saying[place]:
                left = found.pop(ports, 0) ^ sayers
                if left:
                    found[ports] = left
        return found


class Facings:
    """What all rows of a snapshot say of each class of pods."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows
        self._found: dict[tuple[Direction, Layer], Facing] = {}
        self.distinct_rows = list({id(row): row for ways in rows.of.values() for row in ways}.values())
        self.certain = all(row.certain for row in self.distinct_rows)

    def of(self, direction: Direction, layer: Layer) -> Facing:
        """What the rows of a direction say."""
        if layer.high and self.certain:
            layer = Layer(layer.plane, high=False)
        found = self._found.get((direction, layer))
        if found is None:
            sayers: dict[int, tuple[Row, list[int]]] = {}
            for column, row in enumerate(self._rows.of[direction]):
                sayers.setdefault(id(row), (row, []))[1].append(column)
            said = [
                (from_indices(columns), [((ports, ports), about) for ports, about in layer.of(row)])
                for row, columns in sayers.values()
            ]
            everyone = range(self._columns.class_count)
            found = self._found[direction, layer] = Facing(said, everyone, self._columns.count)
        return found

    def near(self, column: int) -> tuple[int, int]:
        """The columns that share IPv4 with one, and those that share IPv6."""
        own = self._columns.families_of[column]
        v4, v6 = (self._columns.families[family] if family in own else 0 for family in (4, 6))
        return v4, v6


def _memberships(sets: Sequence[int], columns: Sequence[int], count: int) -> list[int]:
    """For each column the numbers of the sets that hold it, as a set."""
    if len(sets) * len(columns) > _FEW:
        of = transpose(sets, count)
        return [of[column] for column in columns]
    return [sum([1 << place for place, each in enumerate(sets) if each >> column & 1]) for column in columns]
