"""The answers of one analysis, in terms of the ends of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from webapp.analysis import Analysis
from webapp.diff.ends import Ends
from webapp.model.ports import NONE, PortSet

Targets = dict[int, PortSet]
"""Ports by the number of an end."""
Named = tuple[tuple[str, PortSet], ...]
"""The same by the id that the end has on this side; equal ones are one object."""
_NOWHERE: Named = ()


class Side:
    """What each end may reach on one side. What an end may reach of itself must be asked of `ports`.

    ``number``: 0 for the first side of the comparison, 1 for the second. ``shared``: makes one object of equal reaches,
    of both sides.
    """

    def __init__(self, analysis: Analysis, ends: Ends, number: int, shared: dict[Named, Named]) -> None:
        self.ids = [(end.base, end.head)[number] for end in ends.all]
        self._plural = [end.plural[number] for end in ends.all]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, identity in enumerate(self.ids):
            if identity:
                self._places[identity].append(place)
        self._allowed = _interned(((source, targets) for source, targets, _ in analysis.by_source()), shared)
        self._unknown = _interned(analysis.unknown_by_source(), shared)
        self._numbered: dict[int, Targets] = {}

    def reach(self, source: int) -> tuple[Named, Named]:
        """What is allowed, and what is unknown."""
        identity = self.ids[source]
        return self._allowed.get(identity, _NOWHERE), self._unknown.get(identity, _NOWHERE)

    def numbered(self, targets: Named) -> Targets:
        """A reach of this side in terms of the common ends."""
        found = self._numbered.get(id(targets))
        if found is None:
            places = self._places
            found = self._numbered[id(targets)] = {place: ports for name, ports in targets for place in places[name]}
        return found

    def twins(self, source: int) -> Sequence[int]:
        """The ends that are the same workload on this side, the source among them."""
        return self._places[self.ids[source]] if self.ids[source] else ()

    def ports(self, source: int, destination: int) -> tuple[PortSet, PortSet]:
        """What is allowed and what is unknown; the pods of a workload may reach each other if it has several."""
        if self.ids[source] == self.ids[destination] and not self._plural[source]:
            return NONE, NONE
        allowed, unknown = map(self.numbered, self.reach(source))
        return allowed.get(destination, NONE), unknown.get(destination, NONE)


def _interned(
    rows: Iterable[tuple[str, Iterable[tuple[str, PortSet]]]], shared: dict[Named, Named]
) -> dict[str, Named]:
    """The rows with one object for equal ones. A list that several sources share is looked at once."""
    seen: dict[int, tuple[object, Named]] = {}
    found = {}
    for source, targets in rows:
        entry = seen.get(id(targets))
        if entry is None:
            named = tuple(targets)
            entry = seen[id(targets)] = (targets, shared.setdefault(named, named))
        found[source] = entry[1]
    return found
