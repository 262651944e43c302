"""The NetworkPolicy tier: what rules allow adds up, and whom a policy selects is isolated (spec §3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from webapp.engine.covers import Compiled, Covers, Grant, Meanings, Member
from webapp.engine.doubts import Doubt
from webapp.engine.reach import NOTHING, Planes, join, meet
from webapp.model.policy import Direction, Tier

Identity = tuple[str, str, str, str]
_TIER = Tier.NETWORK_POLICY


class Addition(NamedTuple):
    """What the policies of this tier say together of one class in one direction.

    ``low``: allowed in every world in which one of them isolates; ``high``: in at least one. ``isolated``: one of
    them certainly applies; else they may all miss, and the tier then leaves the decision to the next.
    """

    low: Planes
    high: Planes
    isolated: bool
    doubts: tuple[Doubt, ...] = ()


def said_by(compiled: Compiled, direction: Direction) -> object:
    """What a policy adds where it certainly selects, equal for those that add the same; None if that is not all that
    is to be said: it leaves something open, or is of another tier."""
    policy, granted = compiled.policy, compiled.grants.get(direction)
    if granted is None or policy.set_aside or policy.version or policy.tier is not _TIER:
        return None
    said = []
    for rule, cover in granted:
        if cover.low is not cover.high:
            return None
        said.append((id(cover), rule.ports))
    return tuple(said)


class AdditiveTier:
    """Adds up policies. ``versions``: how many different documents there are of each object."""

    def __init__(self, covers: Covers, everything: Planes, versions: Mapping[Identity, int]) -> None:
        self._covers = covers
        self._all = everything
        self._versions = versions

    def ask(self, direction: Direction, members: Sequence[Member], meant: Meanings | None) -> Addition:
        """``meant``: what port names mean on the class, for ingress; None for egress."""
        sound = [certain and not c.policy.set_aside and not c.policy.version for c, certain in members]
        if all(sound):
            grants = [grant for compiled, _ in members for grant in compiled.grants[direction]]
            low = self._covers.reach(grants, meant, high=False)
            if all([grant.cover.low is grant.cover.high for grant in grants]):  # noqa: C419
                return Addition(low, low, isolated=True)
            high = self._covers.reach(grants, meant, high=True)
            return Addition(low, high, True, self._doubts(members, direction, meant))
        return self._ask_in_doubt(direction, members, meant)

    def _ask_in_doubt(self, direction: Direction, members: Sequence[Member], meant: Meanings | None) -> Addition:
        """The bounds over all worlds: each policy of doubtful selection applies or not, each that is set aside may
        allow anything or nothing, of several versions exactly one is true."""
        objects: dict[Identity, list[Member]] = {}
        for member in members:
            objects.setdefault(member[0].policy.identity, []).append(member)
        sure_low, sure_high, weak_low = NOTHING, NOTHING, self._all
        doubts = list(self._doubts(members, direction, meant))
        isolated = False
        vague: list[Doubt] = []
        for identity, versions in objects.items():
            lows, highs = zip(*(self._bounds(member, direction, meant) for member in versions), strict=True)
            may_miss = len(versions) < self._versions[identity] or any(
                not certain or compiled.policy.set_aside for compiled, certain in versions
            )
            common, union = meet(lows), join(highs)
            weak_low = meet([weak_low, common])
            sure_high = join([sure_high, union])
            if not may_miss:
                isolated = True
                sure_low = join([sure_low, common])
            if may_miss or len(versions) > 1:
                policies = tuple(compiled.policy for compiled, _ in versions)
                vague.append(Doubt(_why(versions), union, policies))
        doubts += vague if isolated else [Doubt(doubt.reason, self._all, doubt.policies) for doubt in vague]
        return Addition(sure_low if isolated else weak_low, sure_high, isolated, tuple(doubts))

    def _bounds(self, member: Member, direction: Direction, meant: Meanings | None) -> tuple[Planes, Planes]:
        """What one policy allows at least, and at most."""
        compiled, _ = member
        if compiled.policy.set_aside:
            return NOTHING, self._all
        grants = compiled.grants[direction]
        return self._covers.reach(grants, meant, high=False), self._covers.reach(grants, meant, high=True)

    def _doubts(self, members: Sequence[Member], direction: Direction, meant: Meanings | None) -> tuple[Doubt, ...]:
        """One for each reason why a rule may match and need not."""
        found = []
        for compiled, _ in members:
            grants: tuple[Grant, ...] = () if compiled.policy.set_aside else compiled.grants[direction]
            for grant in grants:
                if grant.cover.low is not grant.cover.high:
                    planes = self._covers.doubtful(grant, meant)
                    found += [Doubt(reason, planes, (compiled.policy,)) for reason in grant.cover.reasons]
        return tuple(found)


def _why(versions: Sequence[Member]) -> str:
    compiled, _ = versions[0]
    if len(versions) > 1 or compiled.policy.version:
        return "duplicate_object"
    return compiled.policy.set_aside or compiled.reason or "labels_unknown"
