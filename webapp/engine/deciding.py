"""Which pairs rest on a rule: what reaches it, what it is the first to match, and what comes of that at both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.engine.bits import indices
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Covers, Grant, Meanings, Member
from webapp.engine.facing import Facings, Layer
from webapp.engine.ordered import orders
from webapp.engine.reach import NOTHING, Planes, Reach, meet, parted, subtract, unite
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

    def is_everyone(self, grant: Grant) -> bool:
        """Whether the peers of a rule are certainly everyone, in each family that they have."""
        families = self._columns.families
        return all(families[family] & ~grant.cover.low[plane] == 0 for plane, family in ((0, 4), (1, 6)))

    def decided(self, number: int) -> Iterator[tuple[Rule, int, int]]:
        """``(rule, subject, peers)``: an allowing rule lets these peers pass for certain, and so does the other end on
        some of its ports; a denying rule certainly stops them on some port; one that passes on leaves some to the next
        tier."""
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
        row, near = self._rows.of[direction][subject], self._facings.near(subject)
        if action is not Action.ALLOW:
            kept = row.high if action is Action.DENY else NOTHING
            return _columns(subtract(_over_both(planes, near), _over_both(kept, near)))
        found = 0
        for plane, reach in enumerate(meet([planes, row.low])):
            faced = self._facings.of(_OTHER[direction], Layer(plane, high=False)).of(subject) if reach else ()
            for ports, columns in reach:
                for (said, _), sayers in faced:
                    both = columns & sayers & near[plane]
                    if both & ~found and ports & said is not NONE:
                        found |= both
        return found


def _over_both(planes: Planes, near: Sequence[int]) -> Reach:
    """What holds over one address family or the other."""
    return unite((ports, columns & near[plane]) for plane in (0, 1) for ports, columns in planes[plane])


def _columns(reach: Reach) -> int:
    found = 0
    for _, columns in reach:
        found |= columns
    return found


def first_matches(
    covers: Covers, everything: Planes, direction: Direction, members: Sequence[Member], meant: Meanings | None
) -> Iterator[tuple[Grant, Planes]]:
    """What each rule of an ordered tier certainly matches of what may reach it, in any order in which the policies may
    be asked."""
    sound = [member for member in members if not member[0].policy.set_aside]
    for order in orders(sound):
        left = everything
        for group in order:
            leaves = []
            for compiled, certain in group:
                open_ = left
                for grant in compiled.grants[direction]:
                    sure, open_ = parted(open_, covers.reach([grant], meant, high=False))
                    yield grant, sure
                leaves.append(open_ if certain else left)
            left = meet(leaves)
