"""Which combinations of selectors need a look, and which regions say anything new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from webapp.engine.columns import Place
from webapp.insight.differences import Reading, expected
from webapp.insight.regions import Atlas, Region
from webapp.insight.samples import Sample
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Action, Direction
from webapp.model.ports import ALL, NONE, PortSet


@dataclass(slots=True)
class End:
    """An end that workloads share. ``uses``: the selectors of its rules, and on which ports these say what.
    ``additive``: what selectors allow adds up, so combinations need no look. ``uncertain``: it is open which policies
    hold, so every combination needs one."""

    direction: Direction
    place: Place
    subject: Endpoint
    protected: bool
    uses: dict[Region, dict[Action, PortSet]]
    additive: bool
    uncertain: bool
    samples: dict[Region, Sample] = field(default_factory=dict)
    readings: dict[Region, Reading] = field(default_factory=dict)
    tried: set[Region] = field(default_factory=set)
    complete: bool = True


class Combinations:
    """Combines the selectors of ends, in one atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def next_of(self, end: End, latest: list[Region]) -> Iterator[Region]:
        """What is to be tried next: the latest regions that say something new, each with every selector."""
        if end.additive or len(end.uses) < 2:
            return
        end.tried.update(latest)
        first = any(region in end.uses for region in latest)
        uses, new = list(end.uses), frozenset(latest)
        every = end.uncertain or not first or any(len(sample.pods) > 1 for sample in end.samples.values())
        for place, region in enumerate(uses if first else [each for each in self.telling(end) if each in new]):
            for other in uses[place + 1 :] if first else uses:
                if every or self._may_conflict(end, region, other):
                    both = self._atlas.meet(region, other)
                    if both is not None and both not in end.tried:
                        end.tried.add(both)
                        yield both

    @staticmethod
    def _may_conflict(end: End, region: Region, other: Region) -> bool:
        """Whether two selectors, for each of which a pod speaks alone, may say together what does not follow from each:
        rules of unlike actions on the same ports lead to unlike ends (or pass them on, who knows where)."""
        ends = zip(end.readings[region].parts, end.readings[other].parts, strict=True)
        unlike = reduce(or_, ((a - b) | (b - a) for a, b in ends))
        for action, ports in end.uses[region].items():
            for its_action, its_ports in end.uses[other].items():
                if action is its_action:
                    continue
                shared = ALL if ports.names or its_ports.names else ports & its_ports
                if Action.PASS not in (action, its_action):
                    shared &= unlike
                if shared is not NONE:
                    return True
        return False

    def telling(self, end: End) -> list[Region]:
        """The regions that say something which does not follow from more general ones, these first."""
        implies, readings = self._atlas.implies, end.readings
        general = readings[self._atlas.everything]
        kept: list[Region] = []
        for region in sorted(readings, key=self._atlas.narrowness):
            entries = [(other, readings[other]) for other in kept if implies(region, other)]
            if region is not self._atlas.everything and readings[region] != expected(general, entries, implies):
                kept.append(region)
        return kept
