"""One packet at a time (spec §7, contract "What a verdict means where the specs leave room")."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.oracle.addresses import Address, Block, Network, network, share_held
from tests.oracle.certainty import Match, selects, sure
from tests.oracle.cluster import Cluster, Pod
from tests.oracle.policies import DIALECTS, EGRESS, INGRESS, Peer, Policy, PortItem, Rule, read_policy

Json = dict[str, Any]
End = Pod | Address
World = tuple[Policy, ...]
Coin = tuple[Match, Match]
"""Of one policy and one packet: whether it applies to the subject, whether one of its rules allows the packet."""

ALLOWED, BLOCKED, UNKNOWN = "allowed", "blocked", "unknown"


@dataclass(frozen=True)
class Switches:
    """The contract's switches, under the names of `webapp.analysis.Assumptions`."""

    host_network: str = "node"
    ipblock_pods: str = "address"
    pod_cidrs: tuple[str, ...] = ()
    undeclared_namespaces: str = "unknown"
    ignore_dialects: tuple[str, ...] = ()


class Oracle:
    """Answers `decide` for pods of `pods` and for addresses."""

    def __init__(self, manifests: Iterable[Json], switches: Switches = Switches()) -> None:
        self.switches = switches
        manifests = list(manifests)
        self.cluster = Cluster(manifests, switches.undeclared_namespaces)
        self.pods = self.cluster.pods
        self.pod_networks: list[Network] = [network(t) for t in switches.pod_cidrs] or self.cluster.node_networks
        versions = _policy_versions(manifests, switches.ignore_dialects)
        self.worlds: list[World] = list(itertools.product(*versions))
        self.policies: list[Policy] = [policy for group in versions for policy in group]
        self._peers_seen: dict[tuple[object, ...], Match] = {}

    @property
    def blocks(self) -> Iterator[Block]:
        """Every ipBlock that a rule of a policy in force names."""
        for policy in self.policies:
            for rules in policy.rules.values():
                yield from (peer.block for rule in rules for peer in rule.peers if peer.block)

    def decide(
        self, source: End, destination: End, protocol: str, port: int, *, same_instance: bool | None = None
    ) -> str:
        """The verdict for one packet that opens a connection. One address family that passes both sides is enough.

        ``same_instance``: a pod talks to itself by its own address, which nothing can block (spec §4.1); by default
        this is so where both ends are one live pod. What is given twice is tried in all its versions.
        """
        if same_instance is None:
            same_instance = source is destination and isinstance(source, Pod) and source.pods <= 1
        if same_instance:
            return ALLOWED
        selves = itertools.product(_selves(source), _selves(destination))
        answers = {self._decide_version(one, other, protocol, port) for one, other in selves}
        return answers.pop() if len(answers) == 1 else UNKNOWN

    def _decide_version(self, source: End, destination: End, protocol: str, port: int) -> str:
        verdicts = set()
        for family in _families(source) & _families(destination):
            egress = self._side(EGRESS, source, destination, family, protocol, port)
            ingress = self._side(INGRESS, destination, source, family, protocol, port)
            verdicts.add(_first_of((BLOCKED, UNKNOWN, ALLOWED), {egress, ingress}))
        return _first_of((ALLOWED, UNKNOWN, BLOCKED), verdicts | {BLOCKED})

    def is_isolated(self, pod: Pod, direction: str) -> Match:
        """Whether a policy applies to the pod in this direction; MAYBE where that is not sure."""
        answers = set()
        for world in self.worlds:
            applies = [(self._applies(p, direction, pod), p) for p in world]
            answers.add(max((min(m, Match.MAYBE) if p.set_aside else m for m, p in applies), default=Match.NO))
        return answers.pop() if len(answers) == 1 else Match.MAYBE

    # ------------------------------------------------------------ a packet

    def _side(self, direction: str, subject: End, peer: End, family: int, protocol: str, port: int) -> str:
        """What one end says, over every world of policies that are given twice. Nothing selects what is not a pod, so
        its own side is open."""
        if not isinstance(subject, Pod) or self._is_node_like(subject):
            return ALLOWED
        verdicts = {self._in_world(world, direction, subject, peer, family, protocol, port) for world in self.worlds}
        return verdicts.pop() if len(verdicts) == 1 else UNKNOWN

    def _in_world(
        self, world: World, direction: str, subject: Pod, peer: End, family: int, protocol: str, port: int
    ) -> str:
        destination = peer if direction == EGRESS else subject
        coins: list[Coin] = []
        for policy in world:
            applies = self._applies(policy, direction, subject)
            if applies is Match.NO:
                continue
            if policy.dialect:
                return UNKNOWN
            if policy.set_aside:  # nobody knows what it says, nor whether it would say it to this pod
                coins.append((Match.MAYBE, Match.MAYBE))
                continue
            rules = policy.rules.get(direction, ())
            allows = (self._allows(policy, rule, peer, family, destination, protocol, port) for rule in rules)
            coins.append((applies, max(allows, default=Match.NO)))
        return _fall(tuple(sorted(coins)))

    def _applies(self, policy: Policy, direction: str, pod: Pod) -> Match:
        if direction not in policy.directions or policy.namespace not in (None, pod.namespace):
            return Match.NO
        if self._is_node_like(pod):
            return Match.NO
        if policy.subject is None:
            return Match.MAYBE
        return selects(policy.subject, [pod.labels])

    def _allows(
        self, policy: Policy, rule: Rule, peer: End, family: int, destination: End, protocol: str, port: int
    ) -> Match:
        if rule.ports and not any(self._port(item, destination, protocol, port) for item in rule.ports):
            return Match.NO
        if not rule.peers:
            return Match.YES
        return max(self._peer(policy, item, peer, family) for item in rule.peers)

    def _port(self, item: PortItem, destination: End, protocol: str, port: int) -> bool:
        """A name means what the destination pod calls so; where that is no pod, it means nothing (spec §3.5)."""
        if item.protocol != protocol:
            return False
        if not item.name:
            return item.first <= port <= item.last
        is_pod = isinstance(destination, Pod) and not self._is_node_like(destination)
        return is_pod and isinstance(destination, Pod) and (item.name, protocol, port) in destination.named_ports

    # ------------------------------------------------------------ a peer

    def _peer(self, policy: Policy, item: Peer, end: End, family: int) -> Match:
        key = (policy, item, end, family)
        if key not in self._peers_seen:
            self._peers_seen[key] = self._match_peer(policy, item, end, family)
        return self._peers_seen[key]

    def _match_peer(self, policy: Policy, item: Peer, end: End, family: int) -> Match:
        if item.block is not None:
            return self._match_block(item.block, end, family)
        if not isinstance(end, Pod) or self._is_node_like(end):
            return Match.NO
        answers = [sure(end.namespace == policy.namespace)]
        if item.namespaces is not None:
            answers = [selects(item.namespaces, self.cluster.namespaces[end.namespace].labels)]
        if item.pods is not None:
            answers.append(selects(item.pods, [end.labels]))
        return min(answers)

    def _match_block(self, block: Block, end: End, family: int) -> Match:
        if block.family != family:
            return Match.NO
        if not isinstance(end, Pod):
            return sure(block.holds(end))
        if self.switches.ipblock_pods == "never" and not self._is_node_like(end):
            return Match.NO
        if end.addresses:
            return sure(any(block.holds(address) for address in end.addresses))
        if block.is_whole_family:
            return Match.YES
        if end.host or not self.pod_networks:  # a node's address is not from the pod CIDR, whatever the switch says
            return Match.MAYBE
        some, every = share_held(block, self.pod_networks)
        return Match.YES if every else Match.MAYBE if some else Match.NO

    def _is_node_like(self, pod: Pod) -> bool:
        """hostNetwork pods are traffic of a node, unless the switch says that they are like any pod."""
        return pod.host and self.switches.host_network == "node"


def _selves(end: End) -> tuple[End, ...]:
    return (end, *end.others) if isinstance(end, Pod) else (end,)


def _first_of(order: tuple[str, ...], verdicts: set[str]) -> str:
    return next(verdict for verdict in order if verdict in verdicts)


def _families(end: End) -> set[int]:
    return end.families if isinstance(end, Pod) else {end.version}


@cache
def _fall(coins: tuple[Coin, ...]) -> str:
    """Every MAYBE is a coin: let them fall in all ways. A pod to which nothing applies is open; else a packet needs
    one rule of one policy that applies."""
    verdicts = set()
    for fallen in itertools.product(*(itertools.product(_faces(applies), _faces(allows)) for applies, allows in coins)):
        applying = [allows for applies, allows in fallen if applies]
        verdicts.add(ALLOWED if not applying or any(applying) else BLOCKED)
    return verdicts.pop() if len(verdicts) == 1 else UNKNOWN


def _faces(match: Match) -> tuple[bool, ...]:
    return (False, True) if match is Match.MAYBE else (match is Match.YES,)


def _policy_versions(manifests: list[Json], ignored: tuple[str, ...]) -> list[list[Policy]]:
    """For each name of a policy what it may be: one version, or several where the input contradicts itself."""
    groups: dict[tuple[object, ...], list[Json]] = {}
    for manifest in manifests:
        group = str(manifest.get("apiVersion", "")).rpartition("/")[0]
        kind, meta = manifest.get("kind"), manifest.get("metadata") or {}
        evaluated = (group, kind) == ("networking.k8s.io", "NetworkPolicy")
        if not evaluated and ((group, kind) not in DIALECTS or kind in ignored):
            continue
        same = groups.setdefault((group, kind, meta.get("namespace") or "default", meta.get("name")), [])
        if manifest not in same:
            same.append(manifest)
    return [[read_policy(manifest) for manifest in same] for same in groups.values()]
