"""The ends of workloads, and what their policies say of pods that are not in the input: worked out together.

Workloads of one row share an end. For each selector of its rules a pod is imagined that it matches and, if possible,
no other one does; then for combinations of selectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from webapp.analysis import Analysis
from webapp.engine.columns import Place
from webapp.insight.combinations import Combinations, End
from webapp.insight.differences import common
from webapp.insight.imagined import Imagination, fresh_value, numbers_of_names
from webapp.insight.regions import Atlas, Pod, Region
from webapp.insight.samples import Sampler
from webapp.model.policy import Action, Direction, Tier
from webapp.model.ports import NONE, PortSet

_MOST_COMBINATIONS = 30_000
"""How many combinations of selectors are tried for all ends together; each end has its share."""
_FEWEST, _MOST = 30, 500
"""How many that are at least, and at most."""
_MOST_ROUNDS = 6


class Ends:
    """Finds the end of each workload, and works all of them out."""

    def __init__(self, analysis: Analysis) -> None:
        fresh = fresh_value(analysis.policies)
        self._sides = analysis.sides
        self.atlas = Atlas(analysis.namespaces, fresh)
        self.imagination = Imagination(analysis, fresh, numbers_of_names(analysis.policies))
        self.combinations = Combinations(self.atlas)
        self._sampler = Sampler(self.atlas)
        self._ends: dict[object, End] = {}

    @property
    def all(self) -> list[End]:
        return list(self._ends.values())

    def end_of(self, direction: Direction, place: Place) -> End:
        """The end of the workloads that stand in a place."""
        rows = tuple(map(id, self._sides.rows(direction, place)))
        key = (direction, rows, self._sides.families(place))
        end = self._ends.get(key)
        if end is None:
            end = self._ends[key] = self._new_end(direction, place)
        return end

    def _new_end(self, direction: Direction, place: Place) -> End:
        members = self._sides.members(direction, place)
        uncertain = not all(
            certain and not compiled.policy.set_aside and not compiled.policy.version for compiled, certain in members
        )
        additive = not uncertain and all(compiled.policy.tier is Tier.NETWORK_POLICY for compiled, _ in members)
        uses: dict[Region, dict[Action, PortSet]] = {}
        for compiled, _ in members:
            for grant in compiled.grants.get(direction, ()):
                for peer in grant.rule.peers or ():
                    if peer.block is None and peer.nodes is None and peer.domain is None:
                        region = self.atlas.region_of(peer, compiled.policy.namespace)
                        if region is not None and not self.atlas.implies(self.atlas.everything, region):
                            said = uses.setdefault(region, {})
                            said[grant.rule.action] = said.get(grant.rule.action, NONE) | grant.rule.ports
        subject = self._sides.a_pod_at(place)
        return End(direction, place, subject, bool(members), uses, additive, uncertain)

    def work_out(self) -> None:
        """Imagine pods for every selector, then for combinations that may differ from what their parts say."""
        fresh = {id(end): [self.atlas.everything, *end.uses] for end in self.all}
        ends = sum(not end.additive for end in self.all)
        most = min(_MOST, max(_FEWEST, _MOST_COMBINATIONS // max(1, ends)))
        for _ in range(_MOST_ROUNDS):
            for end in self.all:
                self._sample(end, fresh[id(end)])
            self.imagination.add(pod for end in self.all for pod in self._pods_of(end, fresh[id(end)]))
            for end in self.all:
                self._read(end, fresh[id(end)])
            fresh = {id(end): self._more(end, fresh[id(end)], most) for end in self.all}
            if not any(fresh.values()):
                return
        for end in self.all:
            end.complete = end.complete and not fresh[id(end)]

    def _more(self, end: End, latest: list[Region], most: int) -> list[Region]:
        """The combinations to try next; ``most``: how many an end may have in all."""
        combinations = self.combinations.next_of(end, latest)
        chosen = list(islice(combinations, most + 1 + len(end.uses) - len(end.samples)))
        end.complete = end.complete and next(combinations, None) is None
        return chosen

    def _sample(self, end: End, regions: list[Region]) -> None:
        others = list(end.uses)
        for region in regions:
            sample = end.samples[region] = self._sampler.sample(region, others)
            end.complete = end.complete and sample.exact

    @staticmethod
    def _pods_of(end: End, regions: Iterable[Region]) -> Iterator[Pod]:
        for region in regions:
            yield from end.samples[region].pods

    def _read(self, end: End, regions: Iterable[Region]) -> None:
        for region in regions:
            pods = end.samples[region].pods
            end.readings[region] = common([
                self.imagination.read(end.direction, end.subject, pod) for pod in pods
            ])  # fmt: skip
