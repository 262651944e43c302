"""Which pairs rest on a rule: what reaches it, what it is the first to match, and what comes of that at both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.engine.bits import indices
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Covers, Grant, Meanings, Member
from webapp.engine.facing import Facings, Layer
from webapp.engine.ordered import orders
from webapp.engine.reach import Planes, meet, parted, without
from webapp.engine.rows import Rows
from webapp.model.policy import Action, Direction, Rule, Tier
from webapp.model.ports import NONE

_OTHER = {Direction.INGRESS: Direction.EGRESS, Direction.EGRESS: Direction.INGRESS}


class Deciding:
    """The rules of one snapshot. ``number`` of a policy is that in `Rows.policies`."""

    def __init__(self, columns: Columns, rows: Rows, facings: Facings) -> None:
        self._columns = columns
        self._rows = rows
        self._facings = facings

    def policy(self, number: int) -> Compiled:
        """The policy with whom it selects, and whom its rules match."""
        return self._rows.policies[number]

    def decided(self, number: int) -> Iterator[tuple[Rule, int, int]]:
        """``(rule, subject, peers)``: an allowing rule lets these peers pass for certain, and so does the other end on
        some of its ports; a denying rule stops them on some port; one that passes on leaves them to the next tier."""
        compiled = self._rows.policies[number]
        for direction in compiled.grants:
            known: dict[object, list[tuple[Grant, Planes]]] = {}
            for subject in indices(compiled.certain):
                meant = self._columns.classes[subject].resolution if direction is Direction.INGRESS else None
                members = self._rows.members(direction, subject)
                key = tuple([id(each) for each, _ in members]), self._columns.classes[subject].ports if meant else None
                matched = known.get(key)
                if matched is None:
                    matched = known[key] = list(self._matched(compiled, direction, subject, members, meant))
                for grant, planes in matched:
                    peers = self._peers(direction, subject, planes, grant.rule.action)
                    if peers:
                        yield grant.rule, subject, peers

    def _matched(
        self, compiled: Compiled, direction: Direction, subject: int, members: Sequence[Member], meant: Meanings | None
    ) -> Iterator[tuple[Grant, Planes]]:
        """What each rule matches of what the tiers before leave to it."""
        tier, grants = compiled.policy.tier, compiled.grants[direction]
        left: Planes | None = None
        if tier is not Tier.ADMIN:
            admin = self._rows.outcome(direction, subject, Tier.ADMIN)
            left = admin.passed if admin is not None else None
        if tier is Tier.NETWORK_POLICY:
            found = [(grant, self._rows.covers.reach([grant], meant, high=False)) for grant in grants]
        else:
            addition = self._rows.addition(direction, subject) if tier is Tier.BASELINE else None
            if addition is not None and addition.isolated:
                return
            own = {id(grant) for grant in grants}
            asked = [(each, certain) for each, certain in members if each.policy.tier is tier]
            matches = first_matches(self._rows.covers, self._rows.open.low, direction, asked, meant)
            found = [(grant, planes) for grant, planes in matches if id(grant) in own]
        for grant, planes in found:
            yield grant, planes if left is None else meet([left, planes])

    def _peers(self, direction: Direction, subject: int, planes: Planes, action: Action) -> int:
        near = self._facings.near(subject)
        found = 0
        for plane, reach in enumerate(planes):
            if action is not Action.ALLOW:
                for _, columns in reach:
                    found |= columns & near[plane]
                continue
            low = self._rows.of[direction][subject].low[plane]
            faced = self._facings.of(_OTHER[direction], Layer(plane, high=False)).of(subject)
            for ports, columns in meet([(reach, reach), (low, low)])[0]:
                for (said, _), sayers in faced:
                    both = columns & sayers & near[plane]
                    if both & ~found and ports & said is not NONE:
                        found |= both
        return found


def first_matches(
    covers: Covers, everything: Planes, direction: Direction, members: Sequence[Member], meant: Meanings | None
) -> Iterator[tuple[Grant, Planes]]:
    """What each rule of an ordered tier may be the first to match, in any order in which the policies may be asked."""
    sound = [member for member in members if not member[0].policy.set_aside]
    for order in orders(sound):
        left = everything
        for group in order:
            leaves = []
            for compiled, certain in group:
                open_ = left
                for grant in compiled.grants[direction]:
                    most, others = parted(open_, covers.reach([grant], meant, high=True))
                    yield grant, most
                    sure = grant.cover.low is grant.cover.high
                    open_ = others if sure else without(open_, covers.reach([grant], meant, high=False))
                leaves.append(open_ if certain else left)
            left = meet(leaves)
