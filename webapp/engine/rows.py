"""Rows: for each class and direction, which ports are open to which columns.

A row holds a lower and an upper bound. ``low``: allowed in every world that the input leaves possible; ``high``:
allowed in at least one. What lies between is UNKNOWN, and ``doubts`` name why. Each bound has one reach for IPv4 and
one for IPv6 (contract, "One family that passes both sides is enough").

The tiers are asked in their order (spec §6.2): Admin, NetworkPolicy, Baseline; what none decides is open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from typing import NamedTuple

from webapp.engine.additive import Addition, AdditiveTier, said_by
from webapp.engine.bits import indices
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Covers, Meanings, Member, has_port_names
from webapp.engine.doubts import Doubt
from webapp.engine.nodes import NodeIndex
from webapp.engine.ordered import OrderedTier, Outcome
from webapp.engine.reach import NOTHING, Planes, Reach, equal, is_empty, join, meet, ports_at, without
from webapp.engine.selection import Selecting, Selection, asking_order
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.ports import ALL, PortSet
from webapp.model.snapshot import Snapshot

NOT_EVALUATED = "dialect_not_evaluated"


PartKey = tuple[Direction, Selecting, object]
"""A direction, the policies that select a class, and what port names mean on it where that matters."""


class Row(NamedTuple):
    """What one class may do in one direction. ``isolated``: by a NetworkPolicy that certainly applies."""

    low: Planes
    high: Planes
    doubts: tuple[Doubt, ...] = ()
    isolated: bool = False

    @property
    def certain(self) -> bool:
        return self.low is self.high


class Rows:
    """All rows of a snapshot, one for each distinct set of selecting policies, those that say the same being one."""

    def __init__(self, snapshot: Snapshot, columns: Columns, nodes: NodeIndex) -> None:
        self._columns = columns
        everything: Reach = ((ALL, columns.everything),)
        self._all: Planes = (everything, everything)
        self.open = Row(self._all, self._all)
        covers = self.covers = Covers(snapshot, columns, nodes)
        self.policies = [covers.compile(policy) for policy in sorted(snapshot.policies, key=asking_order)]
        self._selection = Selection(self.policies, columns.class_count)
        versions = Counter(compiled.policy.identity for compiled in self.policies)
        self._additive = AdditiveTier(covers, self._all, versions)
        self._ordered = OrderedTier(covers, self._all, versions)
        self._naming = self._codes(lambda compiled: has_port_names(compiled, Direction.INGRESS))
        self._not_evaluated = self._codes(lambda compiled: compiled.policy.set_aside == NOT_EVALUATED)
        self._certain: dict[tuple[int, int, bool], Row] = {}
        self._additions: dict[PartKey, Addition] = {}  # these two are kept: they explain single questions
        self._outcomes: dict[PartKey, Outcome] = {}
        self.of = {direction: self._all_rows(direction) for direction in Direction}

    # ---- what explains a row --------------------------------------------------------------------------------

    def members(self, direction: Direction, column: int, tier: Tier | None = None) -> list[Member]:
        """The policies that select a class, in the order in which they are asked (``tier``: of this one alone)."""
        selecting = self._selection.of[direction][column]
        return self._selection.members(self._selection.of_tier(selecting, tier) if tier else selecting)

    def outcome(self, direction: Direction, column: int, tier: Tier) -> Outcome | None:
        """What the Admin or the Baseline tier says of a class; None if no policy of it selects the class."""
        return self._outcome((direction, self._selection.of[direction][column], None), column, tier)

    def _outcome(self, key: PartKey, column: int, tier: Tier) -> Outcome | None:
        """The same, of the policies of a key."""
        direction, selecting, _ = key
        own = self._selection.of_tier(selecting, tier)
        if not own:
            return None
        key = (direction, own, self._meanings_key(direction, column, own))
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = self._ordered.ask(direction, *self._asked(key, column))
        return found

    def addition(self, direction: Direction, column: int) -> Addition | None:
        """What the NetworkPolicy tier says of a class; None if no policy of it selects the class."""
        selecting = self._selection.of[direction][column]
        return self._addition((direction, selecting, self._meanings_key(direction, column, selecting)), column)

    def surely(self, direction: Direction, subject: int, peer: int) -> PortSet:
        """The ports that one end allows for certain toward a column, in one family or the other."""
        low = self.of[direction][subject].low
        return ports_at(low[0], peer) | ports_at(low[1], peer)

    def groups(self, direction: Direction) -> Iterator[tuple[list[Member], int]]:
        """The policies that select pods, once for each distinct choice of them (and each meaning of the port names
        that they use), with one of the classes that they select."""
        seen: set[object] = set()
        for column, selecting in enumerate(self._selection.of[direction]):
            key = (selecting, self._meanings_key(direction, column, selecting))
            if selecting and key not in seen:
                seen.add(key)
                yield self._selection.members(selecting), column

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

    # ---- rows without some policies -------------------------------------------------------------------------

    def scratch(self) -> Rows:
        """The same rows. What is worked out for others from here on is forgotten with it."""
        other = copy(self)
        other._additions, other._outcomes = dict(self._additions), dict(self._outcomes)
        return other

    def altered(self, gone: Collection[int]) -> dict[Direction, dict[int, Row]]:
        """The rows that differ if these policies (numbers in `policies`) were not there, by direction and class."""
        codes = frozenset(2 * number + certain for number in gone for certain in (0, 1))
        return {direction: dict(self._altered(direction, gone, codes)) for direction in Direction}

    def _altered(self, direction: Direction, gone: Collection[int], codes: frozenset[int]) -> Iterator[tuple[int, Row]]:
        concerned = 0
        for number in gone:
            compiled = self.policies[number]
            concerned |= compiled.possible if direction in compiled.policy.rules else 0
        known: dict[tuple[Selecting, object], tuple[Row, bool]] = {}
        for column in indices(concerned):
            selecting = self._selection.of[direction][column]
            meanings = self._meanings_key(direction, column, selecting)
            found = known.get((selecting, meanings))
            if found is None:
                was, left = self.of[direction][column], tuple([code for code in selecting if code not in codes])
                row = self._build((direction, left, meanings), column) if left else self.open
                found = known[selecting, meanings] = row, equal(was.low, row.low) and equal(was.high, row.high)
            row, same = found
            if not same:
                yield column, row

    def replaced(self, altered: Mapping[Direction, Mapping[int, Row]]) -> Rows:
        """All rows, with these in the place of theirs."""
        other = copy(self)
        other.of = {direction: list(rows) for direction, rows in self.of.items()}
        for direction, rows in altered.items():
            for column, row in rows.items():
                other.of[direction][column] = row
        return other

    # ---- rows -----------------------------------------------------------------------------------------------

    def _codes(self, holds: Callable[[Compiled], bool]) -> frozenset[int]:
        """How policies for which this holds are told in `Selecting`."""
        return frozenset(2 * n + certain for n, each in enumerate(self.policies) if holds(each) for certain in (0, 1))

    def _all_rows(self, direction: Direction) -> list[Row]:
        rows = []
        known: dict[object, Row] = {}
        alike = self._alike(direction)
        for column, selecting in enumerate(self._selection.of[direction]):
            if not selecting:
                rows.append(self.open)
                continue
            meanings = self._meanings_key(direction, column, selecting)
            key = frozenset([alike[code] for code in selecting]), meanings
            row = known.get(key)
            if row is None:
                row = known[key] = self._shared(self._build((direction, selecting, meanings), column))
            rows.append(row)
        rows += [self.open] * len(self._columns.space.parts)
        return rows

    def _alike(self, direction: Direction) -> list[int]:
        """How policies are told in `Selecting`, the same for those that say the same and leave nothing open."""
        first: dict[object, int] = {}
        codes = list(range(2 * len(self.policies)))
        for number, compiled in enumerate(self.policies):
            said = said_by(compiled, direction)
            if said is not None:
                codes[2 * number + 1] = first.setdefault(said, 2 * number + 1)
        return codes

    def _meanings_key(self, direction: Direction, column: int, selecting: Selecting) -> object:
        """What port names mean on a class, if that makes a difference to its row."""
        named = direction is Direction.INGRESS and not self._naming.isdisjoint(selecting)
        return self._columns.classes[column].ports if named else None

    def _shared(self, row: Row) -> Row:
        """The same row, if there is one: the folds of all pairs then see fewer of them."""
        if row.doubts:
            return row
        return self._certain.setdefault((id(row.low), id(row.high), row.isolated), row)

    def _build(self, key: PartKey, column: int) -> Row:
        _, selecting, _ = key
        additive = self._addition(key, column)
        isolated = additive is not None and additive.isolated
        if not self._not_evaluated.isdisjoint(selecting):
            # an API that is not evaluated may deny what others allow, and allow what others do not
            policies = [self.policies[code >> 1].policy for code in selecting if code in self._not_evaluated]
            doubt = Doubt(NOT_EVALUATED, self._all, tuple(policies))
            return Row(NOTHING, self._all, (*(additive.doubts if additive else ()), doubt), isolated)
        admin = baseline = None
        if self._selection.has_ordered:
            admin, baseline = (self._outcome(key, column, tier) for tier in (Tier.ADMIN, Tier.BASELINE))
        if additive is not None and admin is None and baseline is None:
            return Row(additive.low, additive.high if isolated else self._all, additive.doubts, isolated)
        return self._fold(admin, additive, baseline)

    def _addition(self, key: PartKey, column: int) -> Addition | None:
        """What the NetworkPolicies among them say; shared by all classes that the same ones select."""
        direction, selecting, _ = key
        own = self._selection.of_tier(selecting, Tier.NETWORK_POLICY)
        if not own:
            return None
        if own is not selecting:
            key = (direction, own, self._meanings_key(direction, column, own))
        found = self._additions.get(key)
        if found is None:
            found = self._additions[key] = self._additive.ask(direction, *self._asked(key, column))
        return found

    def _asked(self, key: PartKey, column: int) -> tuple[list[Member], Meanings | None]:
        """The policies, and what port names mean on the class."""
        direction, selecting, _ = key
        meant = self._columns.classes[column].resolution if direction is Direction.INGRESS else None
        return self._selection.members(selecting), meant

    def _fold(self, admin: Outcome | None, additive: Addition | None, baseline: Outcome | None) -> Row:
        """The tiers one after the other: each decides only what those before it may have left to it."""
        isolated = additive is not None and additive.isolated
        if not any(part is not None and part.doubts for part in (admin, additive, baseline)):
            then = additive.high if additive is not None else baseline.open if baseline is not None else self._all
            reach = admin.then(then) if admin is not None else then
            return Row(reach, reach, isolated=isolated)
        low, high, doubts = self._bounds(admin, additive, baseline)
        if equal(low, high) or not any(not is_empty(doubt.planes) for doubt in doubts):
            return Row(high, high, isolated=isolated)
        return Row(low, high, tuple(doubts), isolated)

    def _bounds(
        self, admin: Outcome | None, additive: Addition | None, baseline: Outcome | None
    ) -> tuple[Planes, Planes, list[Doubt]]:
        """Where a point may end as allowed, and where it cannot end as blocked."""
        allowed: list[Planes] = [NOTHING]
        blocked: list[Planes] = [NOTHING]
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
        if baseline is not None:
            aside = baseline.set_aside
            allowed.append(left if aside else meet([left, baseline.allowed]))
            blocked.append(without(left, baseline.surely_allowed) if aside else meet([left, baseline.blocked]))
            doubts += [doubt.within(left) for doubt in baseline.doubts]
            left = meet([left, baseline.passed])
        low = without(self._all, join(blocked))
        if admin is not None and admin.set_aside:  # what rules allow stays allowed, all else is unknown (contract)
            return without(low, left), self._all, doubts
        return low, join([*allowed, left]), doubts
