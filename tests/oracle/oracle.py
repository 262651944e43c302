"""One packet at a time (spec §7, contract "What a verdict means where the specs leave room")."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from tests.oracle.addresses import Block, Network, network
from tests.oracle.certainty import Match
from tests.oracle.cluster import Cluster, Pod
from tests.oracle.clusterpolicies import GROUP, SHAPES, read_cluster_policy
from tests.oracle.matching import End, Matching
from tests.oracle.networkpolicies import read_network_policy
from tests.oracle.policies import DIALECTS, EGRESS, INGRESS, NETWORK_POLICY, Policy, Rule, Subject
from tests.oracle.switches import DEFAULTS, Switches
from tests.oracle.tiers import ALLOWED, BLOCKED, UNKNOWN, Statement, verdict

Json = dict[str, Any]
World = tuple[Policy, ...]
"""One version of each policy."""


class Oracle:
    """Answers `decide` for pods of `pods` and for addresses."""

    def __init__(self, manifests: Iterable[Json], switches: Switches = DEFAULTS) -> None:
        manifests = list(manifests)
        self.cluster = Cluster(manifests, switches.undeclared_namespaces)
        self.pods = self.cluster.pods
        pod_networks: list[Network] = [network(t) for t in switches.pod_cidrs] or self.cluster.node_networks
        self.matching = Matching(self.cluster, pod_networks, switches)
        versions = _policy_versions(manifests, switches.ignore_dialects)
        self.worlds: list[World] = list(itertools.product(*versions))
        self.policies: list[Policy] = [policy for group in versions for policy in group]
        self._applying_seen: dict[tuple[Pod, str], list[list[tuple[Policy, Match]]]] = {}
        self._peers_seen: dict[tuple[Rule, End, int], Match] = {}

    @property
    def blocks(self) -> Iterator[Block]:
        """What policies in force may tell apart: every block of a rule, and the address of every node."""
        for policy in self.policies:
            for rules in policy.rules.values():
                yield from (block for rule in rules for peer in rule.peers for block in peer.blocks)
        for node in self.cluster.nodes.values():
            yield from (Block(network(f"{address}/{address.max_prefixlen}")) for address in node.addresses)

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
        """Whether a NetworkPolicy applies to the pod in this direction; MAYBE where that is not sure."""
        answers = set()
        for applying in self._applying(pod, direction):
            sure = [min(m, Match.MAYBE) if p.set_aside else m for p, m in applying if p.tier == NETWORK_POLICY]
            answers.add(max(sure, default=Match.NO))
        return answers.pop() if len(answers) == 1 else Match.MAYBE

    # ------------------------------------------------------------ one side

    def _side(self, direction: str, subject: End, peer: End, family: int, protocol: str, port: int) -> str:
        """What one end says, over every world of policies that are given twice. Nothing selects what is not a pod, so
        its own side is open."""
        if not isinstance(subject, Pod) or self.matching.is_node_like(subject):
            return ALLOWED
        destination = peer if direction == EGRESS else subject
        verdicts = set()
        for applying in self._applying(subject, direction):
            statements = []
            for policy, applies in applying:
                rules = self._matching_rules(policy, direction, peer, family, destination, protocol, port)
                statements.append(_statement(policy, applies, tuple(rules)))
            verdicts.add(verdict(tuple(statements)))
        return verdicts.pop() if len(verdicts) == 1 else UNKNOWN

    def _applying(self, pod: Pod, direction: str) -> list[list[tuple[Policy, Match]]]:
        """In each world, the policies that apply to a pod or may do so."""
        key = (pod, direction)
        if key not in self._applying_seen:
            matches = {policy: self.matching.applies(policy, direction, pod) for policy in self.policies}
            self._applying_seen[key] = [
                [(policy, matches[policy]) for policy in world if matches[policy] is not Match.NO]
                for world in self.worlds
            ]
        return self._applying_seen[key]

    def _matching_rules(
        self, policy: Policy, direction: str, peer: End, family: int, destination: End, protocol: str, port: int
    ) -> Iterator[tuple[Match, str]]:
        for rule in policy.rules.get(direction, ()):
            key = (rule, peer, family)
            if key not in self._peers_seen:
                self._peers_seen[key] = self.matching.peers(policy, rule, peer, family)
            match = self._peers_seen[key]
            if match is not Match.NO and self.matching.ports(rule, destination, protocol, port):
                yield match, rule.action


def _statement(policy: Policy, applies: Match, rules: tuple[tuple[Match, str], ...]) -> Statement:
    return Statement(
        policy.kind, policy.tier, policy.priority, applies, rules, set_aside=policy.set_aside, dialect=policy.dialect
    )


def _selves(end: End) -> tuple[End, ...]:
    return (end, *end.others) if isinstance(end, Pod) else (end,)


def _first_of(order: tuple[str, ...], verdicts: set[str]) -> str:
    return next(verdict for verdict in order if verdict in verdicts)


def _families(end: End) -> set[int]:
    return end.families if isinstance(end, Pod) else {end.version}


# ---------------------------------------------------------------- reading


def _policy_versions(manifests: list[Json], ignored: tuple[str, ...]) -> list[list[Policy]]:
    """For each name of a policy what it may be: one version, or several where the input contradicts itself."""
    groups: dict[tuple[object, ...], list[Json]] = {}
    for manifest in manifests:
        group, kind, meta = _group(manifest), manifest.get("kind"), manifest.get("metadata") or {}
        if not _is_evaluated(group, kind) and ((group, kind) not in DIALECTS or kind in ignored):
            continue
        same = groups.setdefault((group, kind, meta.get("namespace") or "default", meta.get("name")), [])
        if manifest not in same:
            same.append(manifest)
    return [[read_policy(manifest) for manifest in same] for same in groups.values()]


def read_policy(manifest: Json) -> Policy:
    group, kind = _group(manifest), manifest["kind"]
    if group == GROUP:
        return read_cluster_policy(manifest)
    if (group, kind) not in DIALECTS:
        return read_network_policy(manifest)
    meta = manifest["metadata"]
    subject = Subject((meta.get("namespace") or "default") if DIALECTS[group, kind] else None)
    return Policy(kind, meta.get("name", ""), NETWORK_POLICY, subject, set_aside=True, dialect=True)


def _group(manifest: Json) -> str:
    return str(manifest.get("apiVersion", "")).rpartition("/")[0]


def _is_evaluated(group: str, kind: object) -> bool:
    return (group, kind) == ("networking.k8s.io", "NetworkPolicy") or (group == GROUP and kind in SHAPES)
