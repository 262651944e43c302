"""Whom a policy selects and whom its rules match, as sets of columns: the only place where selectors meet pods.

Each set has a lower bound (matches for certain) and an upper one (matches or may); ``reasons`` say why they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from webapp.engine.bits import from_indices
from webapp.engine.columns import Columns
from webapp.engine.nodes import NodeIndex
from webapp.engine.reach import NOTHING, Planes, Reach, unite
from webapp.model.addresses import Block
from webapp.model.labels import Selector
from webapp.model.policy import Direction, Peer, Policy, Rule
from webapp.model.ports import NONE, PortName, PortSet
from webapp.model.snapshot import Snapshot

Meanings = dict[PortName, PortSet]
Located = tuple[tuple[int, int], tuple[int, int], list[str]]
"""Lower and upper bound of the columns of a peer, each for IPv4 and IPv6, and the reasons if they differ."""


class Cover(NamedTuple):
    """The columns that the peers of a rule match, for each family: for certain (``low``) and at most (``high``)."""

    low: tuple[int, int]
    high: tuple[int, int]
    reasons: tuple[str, ...] = ()


class Grant(NamedTuple):
    """A compiled rule: whom it matches, on which ports (names unresolved)."""

    rule: Rule
    cover: Cover


class Compiled(NamedTuple):
    """A policy, its grants by direction, and whom it selects: for certain, and at most; ``reason`` if they differ."""

    policy: Policy
    certain: int
    possible: int
    grants: dict[Direction, tuple[Grant, ...]]
    reason: str = ""


Member = tuple[Compiled, bool]
"""A policy that selects a class, and whether it certainly does."""


class Covers:
    """Compiles policies against the columns of one snapshot."""

    def __init__(self, snapshot: Snapshot, columns: Columns, nodes: NodeIndex) -> None:
        self._columns = columns
        self._nodes = nodes
        self._peers: dict[tuple[int, int, str], Located] = {}
        self._blocks: dict[Block, Located] = {}
        self._known_covers: dict[tuple[int, str], Cover] = {}
        self._everyone = Cover((columns.everything,) * 2, (columns.everything,) * 2)
        self._numbers: dict[tuple[PortSet, tuple[PortSet, ...]], PortSet] = {}
        self._reaches: dict[tuple[frozenset[tuple[int, PortSet]], bool], Planes] = {}
        self._pod_networks = snapshot.pod_networks
        self.by_address = snapshot.assumptions.ipblock_pods == "address"
        self._external = columns.everything & ~((1 << columns.class_count) - 1)
        self._prepare_addresses()

    def compile(self, policy: Policy) -> Compiled:
        """The policy with the columns of its subject and of the peers of each rule."""
        subject = policy.subject
        certain, possible = self._columns.pods.match(subject.pods)
        reason = "labels_unknown"
        if subject.namespace is not None:
            own = self._columns.own_namespace(subject.namespace)
            alike = certain is possible
            certain = certain & own
            possible = certain if alike else possible & own
        elif subject.namespaces is not None:
            inside, perhaps, undeclared = self._columns.in_namespaces(subject.namespaces)
            reason = "undeclared_namespace_labels" if undeclared else reason
            certain, possible = certain & inside, possible & perhaps
        grants = {
            direction: tuple([Grant(rule, self._cover(policy.namespace, rule.peers)) for rule in rules])
            for direction, rules in policy.rules.items()
        }
        return Compiled(policy, certain, possible, grants, "" if certain == possible else reason)

    # ---- where a rule applies -------------------------------------------------------------------------------

    def reach(self, grants: Sequence[Grant], meant: Meanings | None, *, high: bool) -> Planes:
        """What these rules cover together, names resolved: on the subject for ingress (``meant``), on each
        destination for egress. Many rows come to the same, and share it."""
        parts: dict[tuple[int, PortSet], Cover] = {}
        for grant in grants:
            ports = grant.rule.ports
            if ports.names and meant is not None:
                ports = self._numbered(ports, meant)
            parts[id(grant.cover), ports] = grant.cover
        key = frozenset(parts), high
        planes = self._reaches.get(key)
        if planes is None:
            pieces = [(ports, cover.high if high else cover.low) for (_, ports), cover in parts.items()]
            v4 = self._plane(pieces, 0)
            same = all([low == high for _, (low, high) in pieces])  # noqa: C419 (runs once a row: a list is faster)
            planes = self._reaches[key] = v4, (v4 if same else self._plane(pieces, 1))
        return planes

    def doubtful(self, grant: Grant, meant: Meanings | None) -> Planes:
        """Where a rule may match but need not."""
        cover = grant.cover
        if cover.low is cover.high:
            return NOTHING
        open4, open6 = (cover.high[i] & ~cover.low[i] for i in (0, 1))
        ports = grant.rule.ports
        if ports.names and meant is not None:
            ports = self._numbered(ports, meant)
        v4 = unite(self._resolved(ports, open4))
        return v4, (v4 if open4 == open6 else unite(self._resolved(ports, open6)))

    def _plane(self, parts: Sequence[tuple[PortSet, tuple[int, int]]], index: int) -> Reach:
        pieces: list[tuple[PortSet, int]] = []
        for ports, cover in parts:
            if ports.names:
                pieces += self._resolved(ports, cover[index])
            else:
                pieces.append((ports, cover[index]))
        return unite(pieces)

    def _numbered(self, ports: PortSet, meant: Meanings) -> PortSet:
        """Ports with their names resolved on one pod."""
        meanings = tuple([meant.get(name, NONE) for name in ports.names])
        numbers = self._numbers.get((ports, meanings))
        if numbers is None:
            numbers = PortSet.of(ports.spans)
            for meaning in meanings:
                numbers |= meaning
            self._numbers[ports, meanings] = numbers
        return numbers

    def _resolved(self, ports: PortSet, columns: int) -> list[tuple[PortSet, int]]:
        """Ports with their names resolved on each destination."""
        if not ports.names:
            return [(ports, columns)]
        numbers = PortSet.of(ports.spans)
        pieces = []
        rest = columns
        for meaning, having in self._columns.resolutions(ports.names):
            if having & columns:
                pieces.append((numbers | meaning, having & columns))
                rest &= ~having
        return [*pieces, (numbers, rest)]

    # ---- whom peers match -----------------------------------------------------------------------------------

    def _cover(self, namespace: str, peers: tuple[Peer, ...] | None) -> Cover:
        if peers is None:
            return self._everyone
        # the dialects share equal peers, so their ids are sound keys while the policies live
        found = self._known_covers.get((id(peers), "")) or self._known_covers.get((id(peers), namespace))
        if found is None:
            anywhere = not any(_is_of_own_namespace(peer) for peer in peers)
            found = self._new_cover(namespace, peers)
            self._known_covers[id(peers), "" if anywhere else namespace] = found
        return found

    def _new_cover(self, namespace: str, peers: tuple[Peer, ...]) -> Cover:
        if len(peers) == 1:
            low, high, why = self.locate(namespace, peers[0])
            return Cover(low, low) if low == high else Cover(low, high, tuple(sorted(set(why))))
        low4 = low6 = high4 = high6 = 0
        reasons: set[str] = set()
        for peer in peers:
            low, high, why = self.locate(namespace, peer)
            low4, low6, high4, high6 = low4 | low[0], low6 | low[1], high4 | high[0], high6 | high[1]
            reasons.update(why)
        certain = low4 == high4 and low6 == high6
        low = (low4, low6)
        return Cover(low, low if certain else (high4, high6), () if certain else tuple(sorted(reasons)))

    def locate(self, namespace: str, peer: Peer) -> Located:
        """Whom one peer matches."""
        if peer.block is not None:
            return self._located(peer.block)
        if peer.nodes is not None:
            return self._nodes.columns(peer.nodes, self._columns)
        if peer.domain is not None:  # any address outside the cluster may be, or become, one of that name
            return (0, 0), (self._external, self._external), ["domain_name"]
        return self._selected(namespace, peer)

    def _selected(self, namespace: str, peer: Peer) -> Located:
        # selectors are interned by the dialects, so their ids are sound keys while the policies live
        key = (id(peer.namespaces), id(peer.pods), namespace if peer.namespaces is None else "")
        answer = self._peers.get(key)
        if answer is None:
            answer = self._peers[key] = self._match_selectors(namespace, peer.namespaces, peer.pods)
        return answer

    def _match_selectors(self, namespace: str, namespaces: Selector | None, pods: Selector | None) -> Located:
        low, high = self._columns.pods.match(pods)
        reasons = []
        if namespaces is None:
            own = self._columns.own_namespace(namespace)
            low, high = low & own, high & own
        else:
            inside, perhaps, undeclared = self._columns.in_namespaces(namespaces)
            if inside != perhaps:
                reasons.append("undeclared_namespace_labels" if undeclared else "labels_unknown")
            reasons += ["labels_unknown"] if (high & ~low) & perhaps else []
            low, high = low & inside, high & perhaps
        if low != high and not reasons:
            reasons.append("labels_unknown")
        return (low, low), (high, high), reasons

    # ---- addresses ------------------------------------------------------------------------------------------

    def _prepare_addresses(self) -> None:
        columns = self._columns
        lists: dict[tuple[int, int], list[int]] = {}
        unknown_pods: list[int] = []
        unknown_hosts: list[int] = []
        for column, entry in enumerate(columns.classes):
            for part in entry.parts:
                lists.setdefault(part, []).append(column)
            if not entry.parts:
                (unknown_hosts if entry.host_network else unknown_pods).append(column)
        matchable = columns.everything if self.by_address else columns.hosts
        self._known = {part: from_indices(found) & matchable for part, found in lists.items()}
        self._homeless_pods = from_indices(unknown_pods) & matchable
        self._homeless_hosts = from_indices(unknown_hosts) & matchable

    def _located(self, block: Block) -> Located:
        answer = self._blocks.get(block)
        if answer is None:
            answer = self._blocks[block] = self._match_block(block)
        return answer

    def _match_block(self, block: Block) -> Located:
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
            decided = self.pods_inside(block)
            high |= 0 if decided is False else self._homeless_pods
            low |= self._homeless_pods if decided else 0
        index = family == 6
        lows, highs = [outside, outside], [outside, outside]
        lows[index] |= low
        highs[index] |= high
        return (lows[0], lows[1]), (highs[0], highs[1]), ["address_unknown"]

    def pods_inside(self, block: Block) -> bool | None:
        """Whether pods without a known address live inside a block, by the pod CIDRs; None if that is open."""
        if not self._pod_networks:
            return None
        networks = [n for n in self._pod_networks if n.family == block.network.family]
        answers = {block.relation(network) for network in networks}
        if not answers:
            return False  # the pods live in the other family
        return answers.pop() if len(answers) == 1 else None


def _is_of_own_namespace(peer: Peer) -> bool:
    return peer.namespaces is None and peer.block is None and peer.nodes is None and peer.domain is None


def has_port_names(compiled: Compiled, direction: Direction) -> bool:
    return any([grant.rule.ports.names for grant in compiled.grants.get(direction, ())])  # noqa: C419 (faster)


def blocks_of(rule: Rule, nodes: NodeIndex) -> Iterable[tuple[Block, ...]]:
    """The lists of address blocks by which a rule tells addresses apart, those of `nodes` peers included."""
    peers = rule.peers or ()
    blocks = tuple(peer.block for peer in peers if peer.block is not None)
    if blocks:
        yield blocks
    for peer in peers:
        if peer.nodes is not None:
            yield from ((block,) for block in nodes.blocks(peer.nodes))
