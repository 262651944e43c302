"""What is said of pods, and how it adds up for a pod of which several things are said.

The first entry speaks of any pod; the others tell where pods differ from that. A pod that is in several regions has
every difference; but an entry counts no more where another one of a narrower region speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from webapp.insight.regions import Region
from webapp.model.ports import NONE, PortSet


@dataclass(frozen=True, slots=True)
class Reading:
    """What one end says of pods: ports for certain (``low``) and at most (``high``); ``named_*``: the same of pods
    that have every port name of the policies, each on a number of its own."""

    low: PortSet
    high: PortSet
    named_low: PortSet
    named_high: PortSet

    @property
    def parts(self) -> tuple[PortSet, PortSet, PortSet, PortSet]:
        return self.low, self.high, self.named_low, self.named_high


def common(readings: Sequence[Reading]) -> Reading:
    """What holds for all of them."""
    return reduce(lambda a, b: Reading(*(x & y for x, y in zip(a.parts, b.parts, strict=True))), readings)


Entry = tuple[Region, Reading]


def expected(general: Reading, entries: Iterable[Entry], implies: Callable[[Region, Region], bool]) -> Reading:
    """What a reader makes of the ``entries`` that hold for a pod."""
    holding = list(entries)
    narrowest = [
        reading
        for region, reading in holding
        if not any(other is not region and implies(other, region) for other, _ in holding)
    ]
    return Reading(*map(_altered, general.parts, *(reading.parts for reading in narrowest)))


def _altered(general: PortSet, *others: PortSet) -> PortSet:
    more = less = NONE
    for ports in others:
        more |= ports - general
        less |= general - ports
    return (general | more) - less
