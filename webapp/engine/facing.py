"""What rows say, seen from the other end: from "whom does each pod let in" to "who lets this one in"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from webapp.engine.bits import indices, transpose
from webapp.model.ports import PortSet

Said = tuple[PortSet, PortSet]
"""The ports before and after a change; twice the same where there is none."""

Faced = tuple[tuple[Said, int], ...]
"""Pieces (ports, those who say so); nobody is in two of them."""

_FEW = 5_000  # tests of a column in a set, one by one; beyond it pays to turn the matrix


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
            found = self._faced[number] = tuple(self._toggled(self._base, self._signatures[number] ^ self._usual).items())
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


def _memberships(sets: Sequence[int], columns: Sequence[int], count: int) -> list[int]:
    """For each column the numbers of the sets that hold it, as a set."""
    if len(sets) * len(columns) > _FEW:
        of = transpose(sets, count)
        return [of[column] for column in columns]
    return [sum([1 << place for place, each in enumerate(sets) if each >> column & 1]) for column in columns]
