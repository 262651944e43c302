"""The Admin and Baseline tiers: rules are asked in order, and the first that matches decides (spec §6.2).

Each point (port, column) is followed as far as it may get: what a rule matches for certain goes no further, what it
may match both stops there and goes on. So a point that may end in one way only is certain, and others are UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product

from webapp.engine.covers import Compiled, Covers, Grant, Meanings, Member
from webapp.engine.doubts import Doubt
from webapp.engine.reach import NOTHING, Cell, Planes, follow, is_empty, join, meet, parted, refine, without
from webapp.model.policy import Action, Direction, Tier

_MOST_WORLDS = 64
_LEGACY = frozenset({"AdminNetworkPolicy", "BaselineAdminNetworkPolicy"})
"""The kinds of v1alpha1, whose place among ClusterNetworkPolicies is not defined (spec §6.4)."""

Group = tuple[Member, ...]
"""Policies of equal priority: any of them may be asked first."""
Order = tuple[Group, ...]


@dataclass(frozen=True)
class Outcome:
    """How the points of one class in one direction may end in this tier: ``allowed``, ``blocked`` or ``passed`` on to
    the next tier. ``set_aside``: a policy that could not be understood may decide as well."""

    allowed: Planes
    blocked: Planes
    passed: Planes
    doubts: tuple[Doubt, ...] = ()
    set_aside: bool = False

    @property
    def surely_allowed(self) -> Planes:
        return without(without(self.allowed, self.blocked), self.passed)

    @cached_property
    def open(self) -> Planes:
        """What is open if this tier is the last."""
        return join([self.allowed, self.passed])

    @cached_property
    def _cells(self) -> tuple[Sequence[Cell], Sequence[Cell]]:
        v4, v6 = (refine(self.allowed[plane], self.passed[plane]) for plane in (0, 1))
        return v4, v6

    def then(self, planes: Planes) -> Planes:
        """What is open if the next tier opens ``planes`` of what this one passes on. Nothing may be doubtful here."""
        v4 = follow(self._cells[0], planes[0])
        alike = all(each[0] is each[1] for each in (self.allowed, self.passed, planes))
        return v4, (v4 if alike else follow(self._cells[1], planes[1]))


@dataclass(slots=True)
class _Course:
    """What has become of all points so far; ``left`` is still undecided."""

    left: Planes
    ends: dict[Action, list[Planes]]
    doubts: list[Doubt]

    @staticmethod
    def of(left: Planes) -> _Course:
        return _Course(left, {action: [] for action in Action}, [])

    def all(self, action: Action) -> Planes:
        return join(self.ends[action]) if self.ends[action] else NOTHING


class OrderedTier:
    """Asks policies in order. ``versions``: how many different documents there are of each object."""

    def __init__(self, covers: Covers, everything: Planes, versions: Mapping[tuple[str, str, str, str], int]) -> None:
        self._covers = covers
        self._all = everything
        self._versions = versions
        self._reaches: dict[tuple[int, bool], Planes] = {}

    def ask(self, direction: Direction, members: Sequence[Member], meant: Meanings | None) -> Outcome:
        """The outcome over every world that the input leaves open; ``members`` are of one tier."""
        aside = [compiled.policy for compiled, _ in members if compiled.policy.set_aside]
        sound = [member for member in members if not member[0].policy.set_aside]
        worlds = [self._follow(order, direction, meant) for chosen in self._choices(sound) for order in orders(chosen)]
        doubts = [doubt for outcome in worlds for doubt in outcome.doubts]
        if len(worlds) > 1:
            doubts += self._differences(sound, worlds)
        tier = members[0][0].policy.tier
        if aside:
            doubts.append(Doubt("policy_set_aside", self._all, tuple(aside), tier))
        return Outcome(
            join([world.allowed for world in worlds]), join([world.blocked for world in worlds]),
            join([world.passed for world in worlds]), tuple(doubts), bool(aside),
        )  # fmt: skip

    # ---- one world ------------------------------------------------------------------------------------------

    def _follow(self, order: Order, direction: Direction, meant: Meanings | None) -> Outcome:
        course = _Course.of(self._all)
        for group in order:
            if len(group) == 1:
                self._policy(course, group[0], direction, meant)
            else:
                self._tie(course, group, direction, meant)
        passed = join([*course.ends[Action.PASS], course.left])
        return Outcome(course.all(Action.ALLOW), course.all(Action.DENY), passed, tuple(course.doubts))

    def _policy(self, course: _Course, member: Member, direction: Direction, meant: Meanings | None) -> None:
        """Ask one policy. If it only may select the class, all of it holds or nothing."""
        compiled, certain = member
        if certain:
            self._rules(course, compiled, direction, meant)
            return
        applied = _Course.of(course.left)
        self._rules(applied, compiled, direction, meant)
        ended = [planes for ends in applied.ends.values() for planes in ends]
        if ended:
            policies = (compiled.policy,)
            course.doubts += [*applied.doubts,
                              Doubt(doubt_about(compiled), join(ended), policies, compiled.policy.tier)]  # fmt: skip
        for action, ends in applied.ends.items():
            course.ends[action] += ends

    def _rules(self, course: _Course, compiled: Compiled, direction: Direction, meant: Meanings | None) -> None:
        for grant in compiled.grants[direction]:
            most, others = parted(course.left, self._reach(grant, direction, meant, high=True))
            if is_empty(most):
                continue
            course.ends[grant.rule.action].append(most)
            if grant.cover.low is grant.cover.high:
                course.left = others
                continue
            least = self._reach(grant, direction, meant, high=False)
            course.doubts += [
                Doubt(reason, without(most, least), (compiled.policy,), compiled.policy.tier)
                for reason in grant.cover.reasons
            ]
            course.left = without(course.left, least)

    def _tie(self, course: _Course, group: Group, direction: Direction, meant: Meanings | None) -> None:
        """Each policy says what it would say alone; where they disagree, any of them may be right (spec §6.3)."""
        alone = []
        for member in group:
            one = _Course.of(course.left)
            self._policy(one, member, direction, meant)
            alone.append(one)
            course.doubts += one.doubts
            for action, ends in one.ends.items():
                course.ends[action] += ends
        apart = list(_disagreements(alone))
        if apart:
            policies = tuple(compiled.policy for compiled, _ in group)
            course.doubts.append(Doubt("ambiguous_priority", join(apart), policies, policies[0].tier))
        course.left = meet([one.left for one in alone])

    def _reach(self, grant: Grant, direction: Direction, meant: Meanings | None, *, high: bool) -> Planes:
        if grant.rule.ports.names and direction is Direction.INGRESS:
            return self._covers.reach([grant], meant, high=high)
        key = (id(grant), high and grant.cover.low is not grant.cover.high)
        found = self._reaches.get(key)
        if found is None:
            found = self._reaches[key] = self._covers.reach([grant], None, high=high)
        return found

    # ---- many worlds ----------------------------------------------------------------------------------------

    def _choices(self, members: Sequence[Member]) -> Iterable[list[Member]]:
        """Of an object that is given with different content exactly one version holds, which may not even select
        the class. Beyond some worlds each version may hold or not: less exact, and never wrong."""
        objects: dict[tuple[str, str, str, str], list[Member | None]] = {}
        for member in members:
            objects.setdefault(member[0].policy.identity, []).append(member)
        count = 1
        for identity, versions in objects.items():
            if len(versions) < self._versions[identity]:
                versions.append(None)
            count *= len(versions)
        if count == 1:
            return [list(members)]
        if count > _MOST_WORLDS:
            return [[(compiled, certain and not compiled.policy.version) for compiled, certain in members]]
        return [[member for member in chosen if member is not None] for chosen in product(*objects.values())]

    def _differences(self, members: Sequence[Member], worlds: Sequence[Outcome]) -> Iterator[Doubt]:
        """Where the worlds end differently, with the reason why there are several."""
        courses = [_Course(NOTHING, {Action.ALLOW: [w.allowed], Action.DENY: [w.blocked], Action.PASS: [w.passed]}, [])
                   for w in worlds]  # fmt: skip
        apart = list(_disagreements(courses))
        if not apart:
            return
        tier = members[0][0].policy.tier
        twice = tuple(compiled.policy for compiled, _ in members if compiled.policy.version)
        if twice:
            yield Doubt("duplicate_object", join(apart), twice, tier)
        if len({compiled.policy.kind in _LEGACY for compiled, _ in members}) > 1:
            yield Doubt("ambiguous_priority", join(apart), tuple(compiled.policy for compiled, _ in members), tier)


def orders(members: Sequence[Member]) -> list[Order]:
    """The orders in which these policies of one tier may be asked: by priority; where both generations of the API
    are there, also one generation before the other, for their common order is not defined (spec §6.4)."""
    legacy = [member for member in members if member[0].policy.kind in _LEGACY]
    modern = [member for member in members if member[0].policy.kind not in _LEGACY]
    if not legacy or not modern:
        return [_grouped(members)]
    first_last = [_grouped(legacy) + _grouped(modern), _grouped(modern) + _grouped(legacy)]
    if members[0][0].policy.tier is Tier.BASELINE:  # the one of v1alpha1 has no priority
        return first_last
    return [_grouped(members), *first_last]


def _grouped(members: Sequence[Member]) -> Order:
    ranked = sorted(members, key=lambda member: member[0].policy.order)
    return tuple(tuple(group) for _, group in groupby(ranked, key=lambda member: member[0].policy.order))


def doubt_about(compiled: Compiled) -> str:
    """The reason why it is not certain that a policy selects a class."""
    return compiled.reason or ("duplicate_object" if compiled.policy.version else "labels_unknown")


def _disagreements(courses: Sequence[_Course]) -> Iterator[Planes]:
    """Where one course may end with one action and another with another."""
    before = dict.fromkeys(Action, NOTHING)
    for course in courses:
        own = {action: course.all(action) for action in Action}
        for mine, its in product(Action, Action):
            both = NOTHING if mine is its else meet([own[mine], before[its]])
            if not is_empty(both):
                yield both
        before = {action: join([before[action], own[action]]) for action in Action}
