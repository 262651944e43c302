"""The answers of one analysis, in terms of the ends of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from webapp.analysis import Analysis
from webapp.diff.ends import Ends
from webapp.model.ports import NONE, PortSet

Targets = dict[int, PortSet]
"""Ports by the number of an end."""
_NOWHERE: Targets = {}


class Side:
    """Sources that may reach the same share one `Targets`; what an end may reach of itself must be asked of `ports`.

    ``number``: 0 for the first side of the comparison, 1 for the second.
    """

    def __init__(self, analysis: Analysis, ends: Ends, number: int) -> None:
        self._ids = [(end.base, end.head)[number] for end in ends.all]
        self._plural = [end.plural[number] for end in ends.all]
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        for place, identity in enumerate(self._ids):
            if identity:
                self._numbers[identity].append(place)
        self._allowed = self._shared((source, targets) for source, targets, _ in analysis.by_source())
        self._unknown = self._shared(analysis.unknown_by_source())

    def _shared(self, rows: Iterable[tuple[str, Sequence[tuple[str, PortSet]]]]) -> dict[str, Targets]:
        known: dict[int, tuple[object, Targets]] = {}
        found = {}
        for source, targets in rows:
            if id(targets) not in known:
                known[id(targets)] = (targets, self._numbered(targets))
            found[source] = known[id(targets)][1]
        return found

    def _numbered(self, targets: Sequence[tuple[str, PortSet]]) -> Targets:
        return {number: ports for identity, ports in targets for number in self._numbers[identity]}

    def reach(self, source: int) -> tuple[Targets, Targets]:
        """What is allowed, and what is unknown."""
        identity = self._ids[source]
        return self._allowed.get(identity, _NOWHERE), self._unknown.get(identity, _NOWHERE)

    def twins(self, source: int) -> Sequence[int]:
        """The ends that are the same workload on this side, the source among them."""
        return self._numbers[self._ids[source]] if self._ids[source] else ()

    def ports(self, source: int, destination: int) -> tuple[PortSet, PortSet]:
        """What is allowed and what is unknown; the pods of a workload may reach each other if it has several."""
        if self._ids[source] == self._ids[destination] and not self._plural[source]:
            return NONE, NONE
        allowed, unknown = self.reach(source)
        return allowed.get(destination, NONE), unknown.get(destination, NONE)
