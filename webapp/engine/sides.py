"""One end of a connection by itself: what the policies of a workload say of a peer, whatever the peer's own say."""

from __future__ import annotations

from functools import cached_property

from webapp.engine.columns import Columns
from webapp.engine.covers import Member
from webapp.engine.ladder import side_of
from webapp.engine.pairs import common_families
from webapp.engine.reach import ports_at
from webapp.engine.rows import Row, Rows
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Direction
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Side


class Sides:
    """The rows of one snapshot, read end by end. Subjects and peers are columns."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows
        self.class_count = columns.class_count
        """The column of the first external part; the others follow."""

    @cached_property
    def _column_of(self) -> dict[int, int]:
        return {id(pod): column for column, entry in enumerate(self._columns.classes) for pod in entry.members}

    def column_of(self, endpoint: Endpoint) -> int:
        """Where a pod of the snapshot stands (the very object)."""
        return self._column_of[id(endpoint)]

    def a_pod_of(self, column: int) -> Endpoint:
        """One of the pods that a column stands for."""
        return self._columns.classes[column].members[0]

    def row(self, direction: Direction, subject: int) -> Row:
        return self._rows.of[direction][subject]

    def families(self, column: int) -> frozenset[int]:
        """The address families of a column, 4 or 6 or both."""
        return frozenset(family for family, bits in self._columns.families.items() if bits >> column & 1)

    def members(self, direction: Direction, subject: int) -> list[Member]:
        """The policies that select a subject, in the order in which they are asked."""
        return self._rows.members(direction, subject)

    def ports(self, direction: Direction, subject: int, peer: int) -> tuple[PortSet, PortSet]:
        """The ports that this end allows for certain, and those that it allows at most."""
        row = self.row(direction, subject)
        low = high = NONE
        for family in common_families(self._columns, subject, peer):
            plane = 0 if family == 4 else 1
            low |= ports_at(row.low[plane], peer)
            high |= ports_at(row.high[plane], peer)
        return low, high

    def explain(self, direction: Direction, subject: int, peer: int) -> Side:
        """The steps from which that follows, for every port."""
        families = common_families(self._columns, subject, peer)
        return side_of(self._columns, self._rows, direction, subject, peer, ALL, families)
