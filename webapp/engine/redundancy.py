"""Which policies and rules make no difference: without one of them no verdict of this input would change.

That is read off the rows, never off the text: a rule is spare if all that it opens is open anyway at every pod that its
policy selects; a rule of a tier that is asked in order, if nothing that it matches ever gets as far as it.
Each is told for itself: of two that say the same either may go, not both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Meanings, Member
from webapp.engine.ordered import orders
from webapp.engine.reach import NOTHING, Planes, equal, is_empty, join, meet, parted, without
from webapp.engine.rows import Rows
from webapp.model.policy import Action, Direction, Policy, Rule, Tier

MOST_TOGETHER = 400
"""Where more rules than that speak of the same pods none is called spare: each would have to be held against all."""


@dataclass(slots=True)
class Standing:
    """A rule, and what becomes of what it matches. ``because``: the rules that open or decide it without this one."""

    policy: Policy
    rule: Rule
    because: tuple[tuple[Policy, Rule], ...] = ()


@dataclass(slots=True)
class Finds:
    """``spare``: rules that open nothing that is not open anyway. ``shadowed``: rules of the Admin and Baseline tiers
    that are never the first to match. ``void``: rules of NetworkPolicies of which Admin denies all."""

    spare: list[Standing] = field(default_factory=list)
    shadowed: list[Standing] = field(default_factory=list)
    void: list[Standing] = field(default_factory=list)


class _Votes:
    """What all groups of pods say of each rule: it is of a kind if it is so for every group that it matters to."""

    def __init__(self) -> None:
        self.needed: set[int] = set()
        self.because: dict[int, dict[int, tuple[Policy, Rule]]] = {}
        self.of: dict[int, tuple[Compiled, Grant]] = {}

    def need(self, grants: Iterable[Grant]) -> None:
        self.needed.update(map(id, grants))

    def spare(self, compiled: Compiled, grant: Grant, because: Iterable[tuple[Compiled, Grant]]) -> None:
        self.of[id(grant)] = (compiled, grant)
        reasons = self.because.setdefault(id(grant), {})
        reasons.update((id(other), (owner.policy, other.rule)) for owner, other in because)

    def standing(self) -> list[Standing]:
        found = []
        for key, (compiled, grant) in self.of.items():
            if key not in self.needed and not compiled.policy.version:  # of several versions only one is true
                found.append(Standing(compiled.policy, grant.rule, tuple(self.because[key].values())))
        return found


class Redundancy:
    """Works on the rows of one snapshot."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows.scratch()
        self._covers = rows.covers

    def can_go(self, numbers: Collection[int]) -> bool:
        """Whether every row is as it is without these policies together."""
        return not any(self._rows.altered(numbers).values())

    def rules(self) -> Finds:
        """Every rule that makes no difference. Where anything about the policies of a pod is in doubt, all are kept."""
        spare, shadowed, void = _Votes(), _Votes(), _Votes()
        for direction in Direction:
            for members, column in self._rows.groups(direction):
                meant = self._columns.classes[column].resolution if direction is Direction.INGRESS else None
                own = [member for member in members if member[0].policy.tier is Tier.NETWORK_POLICY]
                self._additive(own, direction, meant, spare)
                self._denied(own, direction, column, meant, void)
                for tier in (Tier.ADMIN, Tier.BASELINE):
                    asked = [member for member in members if member[0].policy.tier is tier]
                    self._ordered(asked, direction, meant, shadowed)
        return Finds(spare.standing(), shadowed.standing(), void.standing())

    # ---- rules that add up ----------------------------------------------------------------------------------

    def _additive(self, members: list[Member], direction: Direction, meant: Meanings | None, votes: _Votes) -> None:
        listed = [(compiled, grant) for compiled, _ in members for grant in compiled.grants[direction]]
        if len(listed) > MOST_TOGETHER or not all(map(_is_sound, members)):
            votes.need(grant for _, grant in listed)
            return
        for high in (False, True):
            points = [self._covers.reach([grant], meant, high=high) for _, grant in listed]
            for place, others in enumerate(_others(points)):
                compiled, grant = listed[place]
                if not _within(points[place], others):
                    votes.need([grant])
                elif id(grant) not in votes.needed and not is_empty(points[place]):
                    meeting = (each for n, each in enumerate(listed) if n != place and _meet(points[n], points[place]))
                    votes.spare(compiled, grant, meeting)

    def _denied(
        self, members: list[Member], direction: Direction, column: int, meant: Meanings | None, votes: _Votes
    ) -> None:
        """Rules of which the Admin tier leaves nothing."""
        outcome = self._rows.outcome(direction, column, Tier.ADMIN)
        for compiled, _ in members:
            for grant in compiled.grants[direction]:
                points = self._covers.reach([grant], meant, high=True)
                if is_empty(points):
                    continue
                if outcome is None or _meet(points, outcome.passed) or _meet(points, outcome.allowed):
                    votes.need([grant])
                else:
                    votes.spare(compiled, grant, self._deniers(direction, column, points))

    def _deniers(self, direction: Direction, column: int, points: Planes) -> Iterator[tuple[Compiled, Grant]]:
        for compiled, _ in self._rows.members(direction, column, Tier.ADMIN):
            for grant in compiled.grants.get(direction, ()):
                if grant.rule.action is Action.DENY and _meet(points, self._covers.reach([grant], None, high=True)):
                    yield compiled, grant

    # ---- rules that are asked in order ----------------------------------------------------------------------

    def _ordered(self, members: list[Member], direction: Direction, meant: Meanings | None, votes: _Votes) -> None:
        sequences = orders(members)
        if len(sequences) > 1:
            votes.need(grant for compiled, _ in members for grant in compiled.grants[direction])
            return
        left = self._rows.open.low
        asked: list[tuple[Compiled, Grant]] = []
        for group in sequences[0]:
            after = []
            for member in group:
                rest = self._follow(member, direction, meant, left, asked, votes)
                after.append(rest if _is_sound(member) else left)
            for compiled, _ in group:
                asked += [(compiled, grant) for grant in compiled.grants[direction]]
            left = meet(after)

    def _follow(
        self, member: Member, direction: Direction, meant: Meanings | None, left: Planes,
        asked: list[tuple[Compiled, Grant]], votes: _Votes,
    ) -> Planes:  # fmt: skip
        """What a policy leaves undecided; its rules that decide something are needed."""
        compiled, _ = member
        before = list(asked)
        for grant in compiled.grants[direction]:
            points = self._covers.reach([grant], meant, high=True)
            most, others = parted(left, points)
            if not is_empty(most):
                votes.need([grant])
            elif not is_empty(points):
                earlier = (each for each in before if _meet(points, self._covers.reach([each[1]], meant, high=False)))
                votes.spare(compiled, grant, earlier)
            before.append((compiled, grant))
            sure = grant.cover.low is grant.cover.high
            left = others if sure else without(left, self._covers.reach([grant], meant, high=False))
        return left


def _is_sound(member: Member) -> bool:
    compiled, certain = member
    return certain and not compiled.policy.set_aside and not compiled.policy.version


def _others(points: list[Planes]) -> Iterator[Planes]:
    """For each of these the union of all the others."""
    after = [NOTHING]
    for planes in reversed(points[1:]):
        after.append(join([planes, after[-1]]))
    before = NOTHING
    for planes in points:
        yield join([before, after.pop()])
        before = join([before, planes])


def _within(planes: Planes, others: Planes) -> bool:
    return equal(planes, others) or is_empty(without(planes, others))


def _meet(a: Planes, b: Planes) -> bool:
    return not is_empty(meet([a, b]))
