"""Rows: for each class and direction, which ports are open to which columns.

A row holds a lower and an upper bound. ``low``: allowed in every world that the input leaves possible; ``high``:
allowed in at least one. What lies between is UNKNOWN, and ``doubts`` name why. Each bound has one reach for IPv4 and
one for IPv6 (contract, "One family that passes both sides is enough").

The tiers are asked in their order (spec §6.2): Admin, NetworkPolicy, Baseline; what none decides is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.additive import Addition, AdditiveTier
from webapp.engine.bits import indices
from webapp.engine.columns import Columns
from webapp.engine.covers import Covers, Member, has_port_names
from webapp.engine.doubts import Doubt
from webapp.engine.nodes import NodeIndex
from webapp.engine.ordered import OrderedTier, Outcome
from webapp.engine.reach import NOTHING, Planes, Reach, equal, is_empty, join, meet, ports_at, without
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.ports import ALL, PortSet
from webapp.model.snapshot import Snapshot

NOT_EVALUATED = "dialect_not_evaluated"

_ASKED = (Tier.ADMIN, Tier.NETWORK_POLICY, Tier.BASELINE)


@dataclass(frozen=True, slots=True)
class Row:
    """What one class may do in one direction. ``isolated``: by a NetworkPolicy that certainly applies."""

    low: Planes
    high: Planes
    doubts: tuple[Doubt, ...] = ()
    isolated: bool = False

    @property
    def certain(self) -> bool:
        return self.low is self.high


Selecting = tuple[tuple[int, bool], ...]
"""The policies that select a class in a direction: (number of the policy, whether it certainly selects)."""


class Rows:
    """All rows of a snapshot, one for each distinct tuple of selecting policies."""

    def __init__(self, snapshot: Snapshot, columns: Columns, nodes: NodeIndex) -> None:
        self._columns = columns
        everything: Reach = ((ALL, columns.everything),)
        self._all: Planes = (everything, everything)
        self.open = Row(self._all, self._all)
        self.covers = Covers(snapshot, columns, nodes)
        self.policies = [self.covers.compile(policy) for policy in sorted(snapshot.policies, key=_asking_order)]
        versions: dict[tuple[str, str, str, str], int] = {}
        for compiled in self.policies:
            identity = compiled.policy.identity
            versions[identity] = versions.get(identity, 0) + 1
        self._additive = AdditiveTier(self.covers, self._all, versions)
        self._ordered = OrderedTier(self.covers, self._all, versions)
        self.selecting = {direction: self._select(direction) for direction in Direction}
        self._tiers = [compiled.policy.tier for compiled in self.policies]
        self._names_ports = [has_port_names(compiled, Direction.INGRESS) for compiled in self.policies]
        self._rows: dict[object, Row] = {}
        self._parts: dict[object, Outcome | Addition] = {}  # kept: they explain single questions
        self.of = {direction: self._all_rows(direction) for direction in Direction}

    def members(self, direction: Direction, column: int, tier: Tier | None = None) -> list[Member]:
        """The policies that select a class, in the order in which they are asked (``tier``: of this one alone)."""
        found = [(self.policies[number], certain) for number, certain in self.selecting[direction][column]]
        return [member for member in found if tier is None or member[0].policy.tier is tier]

    def surely(self, direction: Direction, subject: int, peer: int) -> PortSet:
        """The ports that one end allows for certain toward a column, in one family or the other."""
        low = self.of[direction][subject].low
        return ports_at(low[0], peer) | ports_at(low[1], peer)

    def ties(self) -> Iterator[tuple[Policy, ...]]:
        """The policies of each tie that makes a side unknown (spec §6.3)."""
        seen: set[tuple[int, ...]] = set()
        for row in {id(row): row for ways in self.of.values() for row in ways}.values():
            for doubt in row.doubts:
                key = tuple(map(id, doubt.policies))
                if doubt.reason != "ambiguous_priority" or key in seen:
                    continue
                if not is_empty(meet([doubt.planes, without(row.high, row.low)])):
                    seen.add(key)
                    yield doubt.policies

    def _select(self, direction: Direction) -> list[Selecting]:
        found: list[list[tuple[int, bool]]] = [[] for _ in range(self._columns.class_count)]
        for number, compiled in enumerate(self.policies):
            if direction in compiled.policy.rules:
                certain = compiled.certain
                for column in indices(compiled.possible):
                    found[column].append((number, bool(certain >> column & 1)))
        return [tuple(entries) for entries in found]

    def outcome(self, direction: Direction, column: int, tier: Tier) -> Outcome | None:
        """What the Admin or the Baseline tier says of a class; None if no policy of it selects the class."""
        found = self._part(direction, column, self._of_tier(direction, column, tier))
        return found if isinstance(found, Outcome) else None

    def addition(self, direction: Direction, column: int) -> Addition | None:
        """What the NetworkPolicy tier says of a class; None if no policy of it selects the class."""
        found = self._part(direction, column, self._of_tier(direction, column, Tier.NETWORK_POLICY))
        return found if isinstance(found, Addition) else None

    def _of_tier(self, direction: Direction, column: int, tier: Tier) -> Selecting:
        return tuple([each for each in self.selecting[direction][column] if self._tiers[each[0]] is tier])

    def _all_rows(self, direction: Direction) -> list[Row]:
        rows = []
        for column, selecting in enumerate(self.selecting[direction]):
            if not selecting:
                rows.append(self.open)
                continue
            key = (direction, selecting, self._ports_key(direction, column, selecting))
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = self._build(direction, column)
            rows.append(row)
        rows += [self.open] * len(self._columns.space.parts)
        return rows

    def _ports_key(self, direction: Direction, column: int, selecting: Selecting) -> object:
        """What port names mean on a class, if that makes a difference to its row."""
        named = direction is Direction.INGRESS and any(self._names_ports[number] for number, _ in selecting)
        return self._columns.classes[column].ports if named else None

    def _build(self, direction: Direction, column: int) -> Row:
        selecting = self.selecting[direction][column]
        additive = self.addition(direction, column)
        isolated = additive is not None and additive.isolated
        if any(self.policies[number].policy.set_aside == NOT_EVALUATED for number, _ in selecting):
            # an API that is not evaluated may deny what others allow, and allow what others do not
            doubts = additive.doubts if additive else ()
            return Row(NOTHING, self._all, (*doubts, self._not_evaluated(selecting)), isolated)
        if additive is not None and all(self._tiers[number] is Tier.NETWORK_POLICY for number, _ in selecting):
            return Row(additive.low, additive.high if isolated else self._all, additive.doubts, isolated)
        admin, baseline = (self.outcome(direction, column, tier) for tier in (Tier.ADMIN, Tier.BASELINE))
        return self._fold(admin, additive, baseline)

    def _not_evaluated(self, selecting: Selecting) -> Doubt:
        policies = [self.policies[number].policy for number, _ in selecting]
        return Doubt(NOT_EVALUATED, self._all, tuple(p for p in policies if p.set_aside == NOT_EVALUATED))

    def _part(self, direction: Direction, column: int, selecting: Selecting) -> Outcome | Addition | None:
        """What the policies of one tier say; shared by all classes that the same ones select."""
        if not selecting:
            return None
        key = (direction, selecting, self._ports_key(direction, column, selecting))
        found = self._parts.get(key)
        if found is None:
            members = [(self.policies[number], certain) for number, certain in selecting]
            meant = self._columns.classes[column].resolution if direction is Direction.INGRESS else None
            tier = self._additive if self._tiers[selecting[0][0]] is Tier.NETWORK_POLICY else self._ordered
            found = self._parts[key] = tier.ask(direction, members, meant)
        return found

    def _fold(self, admin: Outcome | None, additive: Addition | None, baseline: Outcome | None) -> Row:
        """The tiers one after the other: each decides only what those before it may have left to it."""
        allowed: list[Planes] = []
        blocked: list[Planes] = []
        doubts: list[Doubt] = []
        left = self._all
        if admin is not None:
            allowed.append(admin.allowed)
            blocked.append(admin.blocked)
            doubts += admin.doubts
            left = admin.passed
        if additive is not None:
            allowed.append(meet([left, additive.high]))
            blocked.append(without(left, additive.low))
            doubts += [doubt.within(left) for doubt in additive.doubts]
            left = NOTHING if additive.isolated else left
        if baseline is not None and left is not NOTHING:
            aside = baseline.set_aside
            allowed.append(left if aside else meet([left, baseline.allowed]))
            blocked.append(without(left, baseline.surely_allowed) if aside else meet([left, baseline.blocked]))
            doubts += [doubt.within(left) for doubt in baseline.doubts]
            left = meet([left, baseline.passed])
        high = join([*allowed, left])
        if not any(not is_empty(doubt.planes) for doubt in doubts):
            return Row(high, high, isolated=additive is not None and additive.isolated)
        low = without(self._all, join(blocked)) if blocked else self._all
        if admin is not None and admin.set_aside:  # what rules allow stays allowed, all else is unknown (contract)
            low, high = without(low, left), self._all
        isolated = additive is not None and additive.isolated
        return Row(low, high, tuple(doubts), isolated) if not equal(low, high) else Row(high, high, isolated=isolated)


def _asking_order(policy: Policy) -> tuple[object, ...]:
    return (
        _ASKED.index(policy.tier), policy.order, policy.namespace, policy.name, policy.kind, policy.group,
        policy.version,
    )  # fmt: skip
