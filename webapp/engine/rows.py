"""Rows: for each class and direction, which ports are open to which columns. The only place where rules meet pods.

A row holds a lower and an upper bound. ``low``: allowed in every world that the input leaves possible; ``high``:
allowed in at least one. What lies between is UNKNOWN, and ``doubts`` name why. Each bound has one reach for IPv4 and
one for IPv6, the same object unless an ipBlock meets pods (contract, "One family that passes both sides is enough").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.engine.bits import from_indices, indices
from webapp.engine.columns import Columns
from webapp.model.addresses import Block
from webapp.model.policy import Direction, Peer, Policy, Rule
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.snapshot import Snapshot

NOT_EVALUATED = "dialect_not_evaluated"

Reach = tuple[tuple[PortSet, int], ...]
"""Pieces (ports, columns); the columns of two pieces never overlap, and no piece is empty."""

Planes = tuple[Reach, Reach]
"""A reach for IPv4 and one for IPv6."""


def unite(pieces: Iterable[tuple[PortSet, int]]) -> Reach:
    """The reach that these pieces, which may overlap, add up to."""
    by_ports: dict[PortSet, int] = {}
    for ports, columns in pieces:
        if columns and ports is not NONE:
            by_ports[ports] = by_ports.get(ports, 0) | columns
    if len(by_ports) <= 1:
        return tuple(by_ports.items())
    disjoint: dict[PortSet, int] = {}
    for ports, columns in by_ports.items():
        fresh = columns
        for other, taken in list(disjoint.items()):
            shared = taken & columns
            if not shared:
                continue
            fresh &= ~shared
            joined = other | ports
            if joined is other:
                continue
            left = taken & ~shared
            if left:
                disjoint[other] = left
            else:
                del disjoint[other]
            disjoint[joined] = disjoint.get(joined, 0) | shared
        if fresh:
            disjoint[ports] = disjoint.get(ports, 0) | fresh
    return tuple(disjoint.items())


def intersect(a: Reach, b: Reach) -> Reach:
    """What both reaches hold."""
    return unite((p & q, x & y) for p, x in a for q, y in b if x & y)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason code, and how far it may make a difference."""

    reason: str
    planes: Planes


@dataclass(frozen=True, slots=True)
class Row:
    """What one class may do in one direction. ``isolated``: by a policy that certainly applies."""

    low: Planes
    high: Planes
    doubts: tuple[Doubt, ...] = ()
    isolated: bool = False

    @property
    def certain(self) -> bool:
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Cover:
    """The columns that the peers of a rule match, for each family: for certain (``low``) and at most (``high``)."""

    low: tuple[int, int]
    high: tuple[int, int]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A compiled rule: whom it allows, on which ports (names unresolved)."""

    rule: Rule
    cover: Cover


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy, its grants by direction, and whom it selects: for certain, and at most."""

    policy: Policy
    certain: int
    possible: int
    grants: dict[Direction, tuple[Grant, ...]]


Selecting = tuple[tuple[int, bool], ...]
"""The policies that select a class in a direction: (number of the policy, whether it certainly selects)."""


class Rows:
    """All rows of a snapshot, one for each distinct tuple of selecting policies."""

    def __init__(self, snapshot: Snapshot, columns: Columns) -> None:
        self._columns = columns
        self._snapshot = snapshot
        everything: Reach = ((ALL, columns.everything),)
        self._all: Planes = (everything, everything)
        self.open = Row(self._all, self._all)
        self._peers: dict[tuple[int, int, str], tuple[tuple[int, int], tuple[int, int], list[str]]] = {}
        self._blocks: dict[Block, tuple[tuple[int, int], tuple[int, int], list[str]]] = {}
        self._pod_networks = snapshot.pod_networks
        self._by_address = snapshot.assumptions.ipblock_pods == "address"
        self._prepare_addresses()
        policies = sorted(snapshot.policies, key=lambda p: (p.namespace, p.name, p.kind, p.group, p.version))
        self.policies = [self._compile(policy) for policy in policies]
        self._versions: dict[tuple[str, str, str, str], int] = {}
        for compiled in self.policies:
            identity = compiled.policy.identity
            self._versions[identity] = self._versions.get(identity, 0) + 1
        self.selecting = {direction: self._select(direction) for direction in Direction}
        self._named = [_has_port_names(compiled) for compiled in self.policies]
        self._rows: dict[object, Row] = {}
        self.of = {direction: self._all_rows(direction) for direction in Direction}

    # ---- whom policies select -------------------------------------------------------------------------------

    def _compile(self, policy: Policy) -> Compiled:
        certain, possible = self._columns.pods.match(policy.subject.pods)
        if policy.subject.namespace is not None:
            own = self._columns.own_namespace(policy.subject.namespace)
            certain, possible = certain & own, possible & own
        grants = {
            direction: tuple(Grant(rule, self._cover(policy.namespace, rule.peers)) for rule in rules)
            for direction, rules in policy.rules.items()
        }
        return Compiled(policy, certain, possible, grants)

    def _select(self, direction: Direction) -> list[Selecting]:
        found: list[list[tuple[int, bool]]] = [[] for _ in range(self._columns.class_count)]
        for number, compiled in enumerate(self.policies):
            if direction in compiled.policy.rules:
                for column in indices(compiled.possible):
                    found[column].append((number, bool(compiled.certain >> column & 1)))
        return [tuple(entries) for entries in found]

    # ---- whom rules match -----------------------------------------------------------------------------------

    def _prepare_addresses(self) -> None:
        columns = self._columns
        self._known: dict[tuple[int, int], int] = {}
        lists: dict[tuple[int, int], list[int]] = {}
        unknown_pods: list[int] = []
        unknown_hosts: list[int] = []
        for column, entry in enumerate(columns.classes):
            for part in entry.parts:
                lists.setdefault(part, []).append(column)
            if not entry.parts:
                (unknown_hosts if entry.host_network else unknown_pods).append(column)
        matchable = columns.everything if self._by_address else columns.hosts
        self._known = {part: from_indices(found) & matchable for part, found in lists.items()}
        self._homeless_pods = from_indices(unknown_pods) & matchable
        self._homeless_hosts = from_indices(unknown_hosts) & matchable

    def _cover(self, namespace: str, peers: tuple[Peer, ...] | None) -> Cover:
        if peers is None:
            return Cover((self._columns.everything,) * 2, (self._columns.everything,) * 2)
        low4 = low6 = high4 = high6 = 0
        reasons: set[str] = set()
        for peer in peers:
            low, high, why = self._located(peer.block) if peer.block else self._selected(namespace, peer)
            low4, low6, high4, high6 = low4 | low[0], low6 | low[1], high4 | high[0], high6 | high[1]
            reasons.update(why)
        certain = low4 == high4 and low6 == high6
        low = (low4, low6)
        return Cover(low, low if certain else (high4, high6), () if certain else tuple(sorted(reasons)))

    def _selected(self, namespace: str, peer: Peer) -> tuple[tuple[int, int], tuple[int, int], list[str]]:
        # selectors are interned by the dialects, so their ids are sound keys while the policies live
        key = (id(peer.namespaces), id(peer.pods), namespace if peer.namespaces is None else "")
        answer = self._peers.get(key)
        if answer is None:
            answer = self._peers[key] = self._match_selectors(namespace, peer)
        return answer

    def _match_selectors(self, namespace: str, peer: Peer) -> tuple[tuple[int, int], tuple[int, int], list[str]]:
        low, high = self._columns.pods.match(peer.pods)
        reasons = []
        if peer.namespaces is None:
            own = self._columns.own_namespace(namespace)
            low, high = low & own, high & own
            undeclared = False
        else:
            inside, perhaps, undeclared = self._columns.in_namespaces(peer.namespaces)
            if inside != perhaps:
                reasons.append("undeclared_namespace_labels" if undeclared else "labels_unknown")
            reasons += ["labels_unknown"] if (high & ~low) & perhaps else []
            low, high = low & inside, high & perhaps
        if low != high and not reasons:
            reasons.append("labels_unknown")
        return (low, low), (high, high), reasons

    def _located(self, block: Block) -> tuple[tuple[int, int], tuple[int, int], list[str]]:
        answer = self._blocks.get(block)
        if answer is None:
            answer = self._blocks[block] = self._match_block(block)
        return answer

    def _match_block(self, block: Block) -> tuple[tuple[int, int], tuple[int, int], list[str]]:
        """An ipBlock against external parts, and against pods and nodes by their address (contract)."""
        columns = self._columns
        family = block.network.family
        parts = columns.space.held_by(block)
        outside = from_indices(columns.class_count + part for part in parts)
        low = 0
        for part in parts:
            low |= self._known.get((family, part), 0)
        high = low
        if block.network.is_family and not block.excepts:
            low |= self._homeless_pods | self._homeless_hosts
            high = low
        else:
            high |= self._homeless_hosts
            decided = self._pods_inside(block)
            high |= 0 if decided is False else self._homeless_pods
            low |= self._homeless_pods if decided else 0
        index = family == 6
        lows, highs = [outside, outside], [outside, outside]
        lows[index] |= low
        highs[index] |= high
        return (lows[0], lows[1]), (highs[0], highs[1]), ["address_unknown"]

    def _pods_inside(self, block: Block) -> bool | None:
        """Whether pods without a known address live inside a block, by the pod CIDRs; None if that is open."""
        if not self._pod_networks:
            return None
        networks = [n for n in self._pod_networks if n.family == block.network.family]
        answers = {block.relation(network) for network in networks}
        if not answers:
            return False  # the pods live in the other family
        return answers.pop() if len(answers) == 1 else None

    # ---- rows -----------------------------------------------------------------------------------------------

    def _all_rows(self, direction: Direction) -> list[Row]:
        rows = []
        ingress = direction is Direction.INGRESS
        for column, selecting in enumerate(self.selecting[direction]):
            if not selecting:
                rows.append(self.open)
                continue
            named = ingress and any(self._named[number] for number, _ in selecting)
            ports = self._columns.classes[column].ports if named else None
            key = (direction, selecting, ports)
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = self._build(direction, selecting, column)
            rows.append(row)
        rows += [self.open] * len(self._columns.space.parts)
        return rows

    def _build(self, direction: Direction, selecting: Selecting, column: int) -> Row:
        meant = self._columns.classes[column].resolution if direction is Direction.INGRESS else None
        policies = [(self.policies[number], certain) for number, certain in selecting]
        if all(certain and not c.policy.set_aside and not c.policy.version for c, certain in policies):
            grants = [grant for compiled, _ in policies for grant in compiled.grants[direction]]
            low = self._planes(grants, meant, high=False)
            if all(grant.cover.low is grant.cover.high for grant in grants):
                return Row(low, low, isolated=True)
            return Row(low, self._planes(grants, meant, high=True), self._doubts(grants, meant), isolated=True)
        return self._build_in_doubt(direction, policies, meant)

    def _build_in_doubt(
        self,
        direction: Direction,
        policies: Sequence[tuple[Compiled, bool]],
        meant: dict[tuple[str, str], PortSet] | None,
    ) -> Row:
        """The bounds over all worlds: each policy of doubtful selection applies or not, each that is set aside may
        allow anything or nothing, of several versions exactly one is true."""
        families: dict[tuple[str, str, str, str], list[tuple[Compiled, bool]]] = {}
        for compiled, certain in policies:
            families.setdefault(compiled.policy.identity, []).append((compiled, certain))
        nothing: Planes = ((), ())
        sure_low, sure_high = nothing, nothing
        weak_low = self._all
        doubts: list[Doubt] = []
        isolated = False
        vague: list[tuple[str, Planes]] = []
        for identity, members in families.items():
            lows, highs = [], []
            for compiled, _ in members:
                grants = compiled.grants.get(direction, ())
                aside = compiled.policy.set_aside
                lows.append(nothing if aside else self._planes(grants, meant, high=False))
                highs.append(self._all if aside else self._planes(grants, meant, high=True))
                doubts += () if aside else self._doubts(grants, meant)
            may_miss = len(members) < self._versions[identity] or any(
                not certain or compiled.policy.set_aside for compiled, certain in members
            )
            common, union = _meet(lows), _join(highs)
            weak_low = _meet([weak_low, common])
            sure_high = _join([sure_high, union])
            if not may_miss:
                isolated = True
                sure_low = _join([sure_low, common])
            if may_miss or len(members) > 1:
                vague.append((_why(members), union))
        for reason, union in vague:
            doubts.append(Doubt(reason, union if isolated else self._all))
        if any(compiled.policy.set_aside == NOT_EVALUATED for compiled, _ in policies):
            # an API that is not evaluated may deny what others allow, and allow what others do not
            return Row(nothing, self._all, (*doubts, Doubt(NOT_EVALUATED, self._all)), isolated=isolated)
        if isolated:
            return Row(sure_low, sure_high, tuple(doubts), isolated=True)
        return Row(weak_low, self._all, tuple(doubts))

    def _planes(self, grants: Sequence[Grant], meant: dict[tuple[str, str], PortSet] | None, *, high: bool) -> Planes:
        covers = [grant.cover.high if high else grant.cover.low for grant in grants]
        v4 = self._plane(grants, covers, 0, meant)
        same = all([cover[0] == cover[1] for cover in covers])  # noqa: C419 (runs once a row: a list is faster)
        return v4, (v4 if same else self._plane(grants, covers, 1, meant))

    def _plane(
        self, grants: Sequence[Grant], covers: Sequence[tuple[int, int]], index: int,
        meant: dict[tuple[str, str], PortSet] | None,
    ) -> Reach:  # fmt: skip
        pieces: list[tuple[PortSet, int]] = []
        for grant, cover in zip(grants, covers, strict=True):
            ports = grant.rule.ports
            if ports.names:
                pieces += self._resolved(ports, cover[index], meant)
            else:
                pieces.append((ports, cover[index]))
        return unite(pieces)

    def _resolved(
        self, ports: PortSet, columns: int, meant: dict[tuple[str, str], PortSet] | None
    ) -> list[tuple[PortSet, int]]:
        """Names become numbers: on the subject for ingress (``meant``), on each destination for egress."""
        if not ports.names:
            return [(ports, columns)]
        numbers = PortSet.of(ports.spans)
        if meant is not None:
            for name in ports.names:
                numbers |= meant.get(name, NONE)
            return [(numbers, columns)]
        pieces = []
        rest = columns
        for meaning, having in self._columns.resolutions(ports.names):
            if having & columns:
                pieces.append((numbers | meaning, having & columns))
                rest &= ~having
        return [*pieces, (numbers, rest)]

    def _doubts(self, grants: Sequence[Grant], meant: dict[tuple[str, str], PortSet] | None) -> tuple[Doubt, ...]:
        found = []
        for grant in grants:
            cover = grant.cover
            if cover.low is not cover.high:
                open4, open6 = (cover.high[i] & ~cover.low[i] for i in (0, 1))
                planes = tuple(unite(self._resolved(grant.rule.ports, bits, meant)) for bits in (open4, open6))
                found += [Doubt(reason, (planes[0], planes[1])) for reason in cover.reasons]
        return tuple(found)


def _has_port_names(compiled: Compiled) -> bool:
    return any(grant.rule.ports.names for grant in compiled.grants.get(Direction.INGRESS, ()))


def _why(members: Sequence[tuple[Compiled, bool]]) -> str:
    if len(members) > 1 or members[0][0].policy.version:
        return "duplicate_object"
    return members[0][0].policy.set_aside or "labels_unknown"


def _join(many: Sequence[Planes]) -> Planes:
    v4 = unite(piece for planes in many for piece in planes[0])
    same = all(planes[0] is planes[1] for planes in many)
    return v4, (v4 if same else unite(piece for planes in many for piece in planes[1]))


def _meet(many: Sequence[Planes]) -> Planes:
    v4, v6 = many[0]
    for planes in many[1:]:
        same = v4 is v6 and planes[0] is planes[1]
        v4 = intersect(v4, planes[0])
        v6 = v4 if same else intersect(v6, planes[1])
    return v4, v6
