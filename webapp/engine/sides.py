"""One end of a connection by itself: what the policies of a workload say of a peer, whatever the peer's own say."""

from __future__ import annotations

from functools import cached_property, reduce

from webapp.engine.columns import Columns, Place
from webapp.engine.covers import Member
from webapp.engine.ladder import side_of
from webapp.engine.pairs import common_families
from webapp.engine.reach import ports_at
from webapp.engine.rows import Row, Rows
from webapp.engine.workloads import standing
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Direction
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Side


class Sides:
    """The rows of one snapshot, read end by end. Subjects are places, peers columns."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows
        self.class_count = columns.class_count
        """The column of the first external part; the others follow."""

    @cached_property
    def _place_of(self) -> dict[int, Place]:
        return {id(pod): place for pod, place in standing(self._columns)}

    @cached_property
    def _pod_at(self) -> dict[Place, Endpoint]:
        return {place: pod for pod, place in standing(self._columns)}

    def place_of(self, endpoint: Endpoint) -> Place:
        """Where a pod of the snapshot stands (the very object)."""
        return self._place_of[id(endpoint)]

    def a_pod_at(self, place: Place) -> Endpoint:
        """One of the pods that stand in a place."""
        return self._pod_at[place]

    def rows(self, direction: Direction, place: Place) -> tuple[Row, ...]:
        """The row of each version."""
        return tuple(self._rows.of[direction][column] for column in place)

    def families(self, place: Place) -> frozenset[tuple[int, ...]]:
        """The address families of each version."""
        return frozenset(self._columns.families_of[column] for column in place)

    def members(self, direction: Direction, place: Place) -> list[Member]:
        """The policies that select a subject, in the order in which they are asked; of several versions none certainly
        selects it."""
        if len(place) == 1:
            return self._rows.members(direction, place[0])
        found = {id(compiled): compiled for column in place for compiled, _ in self._rows.members(direction, column)}
        return [(compiled, False) for compiled in found.values()]

    def ports(self, direction: Direction, subject: Place, peer: int) -> tuple[PortSet, PortSet]:
        """The ports that this end allows for certain, and those that it allows at most."""
        bounds = [self._bounds(direction, column, peer) for column in subject]
        return reduce(PortSet.__and__, [low for low, _ in bounds]), reduce(PortSet.__or__, [high for _, high in bounds])

    def _bounds(self, direction: Direction, subject: int, peer: int) -> tuple[PortSet, PortSet]:
        row = self._rows.of[direction][subject]
        low = high = NONE
        for family in common_families(self._columns, subject, peer):
            plane = 0 if family == 4 else 1
            low |= ports_at(row.low[plane], peer)
            high |= ports_at(row.high[plane], peer)
        return low, high

    def explain(self, direction: Direction, subject: Place, peer: int) -> Side:
        """The steps from which that follows, for every port (of the first version)."""
        families = common_families(self._columns, subject[0], peer)
        return side_of(self._columns, self._rows, direction, subject[0], peer, ALL, families)
