"""Which pods speak for a region: such as are in as few other regions as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.insight.regions import Atlas, Pod, Region

_MOST_STEPS = 2_000
_MOST_PODS = 24

_Found = tuple[Pod, frozenset[Region]]


@dataclass(slots=True)
class Sample:
    """``pods`` of a region. One that is in no other region (but those that the region implies) speaks for it alone;
    without such a pod there are several, and what they have in common holds for the region. ``exact``: it is certain
    that no pod is missing."""

    pods: list[Pod]
    exact: bool = True


class Sampler:
    """Finds samples in one atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._held: dict[tuple[Region, Pod], bool] = {}
        self._bare: dict[Region, Pod] = {}

    def sample(self, region: Region, others: Sequence[Region]) -> Sample:
        """A sample of ``region`` among ``others``."""
        bare = self._choose(region)
        avoid = [other for other in others if self._holds(other, bare) and not self._atlas.implies(region, other)]
        if not avoid:
            return Sample([bare])
        avoid = [other for other in others if not self._atlas.implies(region, other)]
        search = _Search(self._atlas, _MOST_STEPS)
        pod = search.alone(region, avoid)
        if pod is not None:
            return Sample([pod])
        exact = search.steps > 0
        search = _Search(self._atlas, _MOST_STEPS)
        pods = _least(search.least(region, avoid))
        exact = exact and search.steps > 0 and len(pods) <= _MOST_PODS
        return Sample(pods[:_MOST_PODS] or [bare], exact)

    def _choose(self, region: Region) -> Pod:
        pod = self._bare.get(region)
        if pod is None:
            pod = self._bare[region] = self._atlas.choose(region)
        return pod

    def _holds(self, region: Region, pod: Pod) -> bool:
        key = (region, pod)
        answer = self._held.get(key)
        if answer is None:
            answer = self._held[key] = self._atlas.holds(region, pod)
        return answer


@dataclass(slots=True)
class _Search:
    """Narrows a region until its barest pod is in none to avoid. ``steps``: how many are left; at 0 it gives up."""

    atlas: Atlas
    steps: int

    def alone(self, region: Region, avoid: Sequence[Region]) -> Pod | None:
        """A pod that is in none of the others, if there is one."""
        if not self.steps:
            return None
        self.steps -= 1
        pod, hit = self.first_hit(region, avoid)
        if hit is None:
            return pod
        for narrower in self.atlas.without(region, hit):
            found = self.alone(narrower, avoid)
            if found is not None:
                return found
        return None

    def least(self, region: Region, avoid: Sequence[Region]) -> list[_Found]:
        """Pods that are in no more of the others than they must, and in which."""
        if not self.steps:
            return []
        self.steps -= 1
        pod, hit = self.first_hit(region, avoid)
        if hit is None:
            return [(pod, frozenset())]
        found = [each for narrower in self.atlas.without(region, hit) for each in self.least(narrower, avoid)]
        inside = self.atlas.shared(region, hit)
        if inside is not None and not any(not others for _, others in found):
            rest = [other for other in avoid if other is not hit]
            found += [(pod, others | {hit}) for pod, others in self.least(inside, rest)]
        return found

    def first_hit(self, region: Region, avoid: Sequence[Region]) -> tuple[Pod, Region | None]:
        """The barest pod of a region, and one of the others that it is in."""
        pod = self.atlas.choose(region)
        return pod, next((other for other in avoid if self.atlas.holds(other, pod)), None)


def _least(found: Sequence[_Found]) -> list[Pod]:
    """Those that are not in all that another one is in, and more."""
    sets = {others for _, others in found}
    return list(dict.fromkeys(pod for pod, others in found if not any(fewer < others for fewer in sets)))
