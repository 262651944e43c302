"""What policies cover, for questions about policies rather than about connections: subjects and peers as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Located, Member
from webapp.engine.redundancy import Redundancy
from webapp.engine.rows import Row, Rows
from webapp.model.labels import Selector
from webapp.model.policy import Direction, Peer
from webapp.model.ports import PortSet


class Coverage:
    """Reads the compiled policies of one snapshot. Sets of columns are integers, as everywhere in the engine."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows
        self.policies: Sequence[Compiled] = rows.policies
        """In the order of asking, as `Analysis.policies`."""
        self.pods = columns.selectable
        """All that selectors can match: no pod of a node's network."""
        self.external = columns.everything & ~((1 << columns.class_count) - 1)
        self.families = columns.families

    def in_namespace(self, namespace: str) -> int:
        """The pods of a namespace that selectors can match."""
        return self._columns.own_namespace(namespace)

    def in_namespaces(self, selector: Selector | None) -> tuple[int, int]:
        """The pods in the namespaces that a selector matches: for certain, and at most."""
        certain, possible, _ = self._columns.in_namespaces(selector)
        return certain, possible

    def with_labels(self, selector: Selector | None) -> tuple[int, int]:
        """The pods that a selector matches, in whatever namespace: for certain, and at most."""
        return self._columns.pods.match(selector)

    def peer(self, namespace: str, peer: Peer) -> Located:
        """Whom one peer of a policy in a namespace matches."""
        return self._rows.covers.locate(namespace, peer)

    def row(self, direction: Direction, column: int) -> Row:
        return self._rows.of[direction][column]

    def members(self, direction: Direction, column: int) -> list[Member]:
        """The policies that select a class."""
        return self._rows.members(direction, column)

    def port_numbers(self, grant: Grant, subjects: int, peers: int) -> PortSet:
        """The ports of a rule, names as they resolve on any pod that may be the destination."""
        ports = grant.rule.ports
        if not ports.names:
            return ports
        destinations = subjects if grant.rule.direction is Direction.INGRESS else peers
        found = [meaning for meaning, having in self._columns.resolutions(ports.names) if having & destinations]
        return reduce(PortSet.__or__, found, PortSet.of(ports.spans))

    def resolving(self, name: tuple[str, str], destinations: int) -> int:
        """The destinations on which a port name means something."""
        having = [bits for _, bits in self._columns.resolutions(frozenset((name,)))]
        return reduce(int.__or__, having, 0) & destinations

    @property
    def redundancy(self) -> Redundancy:
        """Which policies and rules could go without a verdict changing. A new one each time: it remembers much."""
        return Redundancy(self._columns, self._rows)

    def touching(self, row: Row, columns: int, ports: PortSet) -> bool:
        """Whether a row may allow any of these ports toward any of these columns."""
        planes = row.high if row.high[0] is not row.high[1] else row.high[:1]
        return any(bits & columns and not (open_ & ports).is_empty for plane in planes for open_, bits in plane)

    def surely_touching(self, row: Row, columns: int, ports: PortSet) -> bool:
        """Whether a row allows for certain some of these ports toward some of these columns."""
        return any(bits & columns and not (open_ & ports).is_empty for plane in row.low for open_, bits in plane)


def grants_of(compiled: Compiled) -> Iterator[Grant]:
    """All rules of a policy, in its order."""
    for direction in Direction:
        yield from compiled.grants.get(direction, ())
