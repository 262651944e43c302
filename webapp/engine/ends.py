"""The ends of connections by id, and the columns in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.engine.bits import from_indices, indices
from webapp.engine.columns import Columns, Place
from webapp.engine.externals import External
from webapp.engine.workloads import Workload


@dataclass(frozen=True, slots=True)
class End:
    """A workload or an external part. ``columns``: of all its pods, in every version of them. ``plural``: it may
    reach itself."""

    id: str
    places: tuple[Place, ...]
    columns: int
    plural: bool


class Ends:
    """All ends, sorted by id; a set of ends is a set of their numbers."""

    def __init__(self, columns: Columns, workloads: Sequence[Workload], externals: Sequence[External]) -> None:
        found = [End(w.id, w.places, from_indices({c for place in w.places for c in place}), w.reaches_itself)
                 for w in workloads]  # fmt: skip
        first = columns.class_count
        found += [End(part.id, ((first + number,),), 1 << first + number, False)
                  for number, part in enumerate(externals)]  # fmt: skip
        self.all: list[End] = sorted(found, key=lambda end: end.id)

    @cached_property
    def standing(self) -> dict[int, list[int]]:
        """The numbers of the ends that stand in a column."""
        standing: dict[int, list[int]] = {}
        for number, end in enumerate(self.all):
            for column in indices(end.columns):
                standing.setdefault(column, []).append(number)
        return standing

    @cached_property
    def number(self) -> dict[str, int]:
        return {end.id: number for number, end in enumerate(self.all)}

    def within(self, columns: int) -> list[int]:
        """The numbers of the ends of which some pod stands in these columns, ascending."""
        standing = self.standing
        return sorted({number for column in indices(columns) for number in standing.get(column, ())})

    def ids(self, columns: int) -> tuple[str, ...]:
        """Their ids, sorted."""
        return tuple([self.all[number].id for number in self.within(columns)])


class Weights:
    """How many pairs of ends a set of pairs of columns stands for. Only ends that stand in one column are counted;
    those in several are ``apart``."""

    def __init__(self, ends: Ends) -> None:
        self._ends = ends
        self._of: dict[int, int] = {}
        self._single: dict[int, int] = {}
        self.apart = 0
        for end in ends.all:
            if end.columns.bit_count() > 1:
                self.apart |= end.columns
                continue
            column = end.columns.bit_length() - 1
            self._of[column] = self._of.get(column, 0) + 1
            self._single[column] = self._single.get(column, 0) + (not end.plural)
        masks: dict[int, list[int]] = {}
        for column, weight in self._of.items():
            masks.setdefault(weight, []).append(column)
        self._masks = [(weight, from_indices(columns)) for weight, columns in masks.items()]

    def pairs(self, column: int, others: int) -> int:
        """The ordered pairs from one column to others; nobody is counted with itself but who may reach itself."""
        weight = self._of.get(column, 0)
        if not weight:
            return 0
        itself = self._single[column] if others >> column & 1 else 0
        return weight * sum([each * (others & mask).bit_count() for each, mask in self._masks]) - itself

    def apart_pairs(self, column: int, others: int) -> Iterator[tuple[int, int]]:
        """The pairs of numbers of ends among these of which one is apart, and that are no single pod with itself."""
        if not self.apart >> column & 1:
            others &= self.apart
        if not others:
            return
        alone, many = self._halves(column)
        for other in indices(others):
            plain, several = self._halves(other)
            for mine in (*alone, *many):
                for its in (*several, *plain) if mine in many else several:
                    if mine != its or self._ends.all[mine].plural:
                        yield mine, its

    def plain(self, columns: int) -> list[int]:
        """The numbers of the ends in these columns that are not apart, ascending."""
        standing = self._ends.standing
        return sorted([
            number
            for column in indices(columns)
            for number in standing.get(column, ())
            if self._ends.all[number].columns.bit_count() == 1
        ])  # fmt: skip

    def _halves(self, column: int) -> tuple[list[int], list[int]]:
        alone: list[int] = []
        many: list[int] = []
        for number in self._ends.standing.get(column, ()):
            (many if self._ends.all[number].columns.bit_count() > 1 else alone).append(number)
        return alone, many
