"""Which policies select which class of pods, in the order in which they are asked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from webapp.engine.bits import indices
from webapp.engine.covers import Compiled, Member
from webapp.model.policy import Direction, Policy, Tier

Selecting = tuple[int, ...]
"""The policies that select a class in a direction, ascending: twice the number of the policy, and one more if it
certainly selects. (Plain numbers: there is one for each policy and class, and tuples of them are keys.)"""

TIERS = (Tier.ADMIN, Tier.NETWORK_POLICY, Tier.BASELINE)
"""The tiers that have policies, in the order in which they are asked (spec §6.2)."""
_RANKS = {tier: rank for rank, tier in enumerate(TIERS)}


def asking_order(policy: Policy) -> tuple[object, ...]:
    """The key by which policies are numbered: tier, priority, and then an order that only names decide."""
    return (
        _RANKS[policy.tier], policy.order, policy.namespace, policy.name, policy.kind, policy.group,
        policy.version,
    )  # fmt: skip


class Selection:
    """``policies`` are in asking order. ``of[direction][column]`` tells who selects a class. ``has_ordered``: whether
    there is a policy of another tier than NetworkPolicy."""

    def __init__(self, policies: Sequence[Compiled], class_count: int) -> None:
        self._policies = policies
        ranks = [_RANKS[compiled.policy.tier] for compiled in policies]
        first = [2 * bisect_left(ranks, rank) for rank in range(len(TIERS) + 1)]
        self.has_ordered = any(rank != TIERS.index(Tier.NETWORK_POLICY) for rank in ranks)
        self._span = {tier: (first[rank], first[rank + 1]) for rank, tier in enumerate(TIERS)}
        self.of = self._select(class_count)

    def members(self, selecting: Selecting) -> list[Member]:
        """The policies, each with whether it certainly selects."""
        return [(self._policies[code >> 1], bool(code & 1)) for code in selecting]

    def of_tier(self, selecting: Selecting, tier: Tier) -> Selecting:
        """Those of one tier."""
        begin, end = self._span[tier]
        if begin == end:
            return ()
        if not selecting or (selecting[0] >= begin and selecting[-1] < end):
            return selecting
        return selecting[bisect_left(selecting, begin) : bisect_left(selecting, end)]

    def _select(self, class_count: int) -> dict[Direction, list[Selecting]]:
        found: dict[Direction, list[list[int]]] = {way: [[] for _ in range(class_count)] for way in Direction}
        for number, compiled in enumerate(self._policies):
            selected = indices(compiled.certain)
            unsure = indices(compiled.possible ^ compiled.certain) if compiled.reason else ()
            for direction in compiled.grants:
                columns = found[direction]
                for column in selected:
                    columns[column].append(2 * number + 1)
                for column in unsure:
                    columns[column].append(2 * number)
        return {direction: [tuple(codes) for codes in columns] for direction, columns in found.items()}
