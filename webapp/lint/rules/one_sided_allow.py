"""A rule opens one end of connections whose other end stays shut.

A connection must leave one pod and enter another. The rule lets it pass at its end; the policies of the pods that it
names let it pass at theirs in no case. So it allows nothing, though somebody wrote it for these pods.

**Put it right**: add the rule that is missing at the other end, or remove this one.

**Silent** for peers that are everyone, or all namespaces (the pairs are not clearly meant), where some of the pairs
are open, and where it is not known. Each peer of a rule is judged for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.bits import indices
from webapp.engine.covers import Compiled, Grant
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed, ordinal, other_way, peers_key
from webapp.model.policy import Action, Direction, Peer, Policy, Rule
from webapp.model.ports import NONE, PortSet
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}  # <-
    ports: [{port: 5432}]
"""
GOOD = (
    BAD
    + """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]
"""
)


@dataclass(frozen=True, slots=True)
class _Case:
    """A peer of a rule of which nothing connects: columns of those that the policy selects, and of the peer."""

    policy: Policy
    rule: Rule
    index: int
    subjects: int
    peers: int

    @property
    def pairs(self) -> tuple[int, int]:
        """Sources and destinations."""
        leaving = self.rule.direction is Direction.EGRESS
        return (self.subjects, self.peers) if leaving else (self.peers, self.subjects)


def find(context: Context) -> Iterator[Sighting]:
    cases = list(_cases(context))
    leaving = {case.pairs for case in cases if case.rule.direction is Direction.EGRESS}
    for case in cases:  # two rules for the same pairs that have no port in common are one mistake
        if case.rule.direction is Direction.EGRESS or case.pairs not in leaving:
            yield _sighting(context, case)


def _cases(context: Context) -> Iterator[_Case]:
    for compiled in context.network_policies:
        for grants in compiled.grants.values():
            for grant in grants:
                for index, peer in enumerate(grant.rule.peers or ()):
                    if _names_pods(peer):
                        yield from _judge(context, compiled, grant, index)


def _names_pods(peer: Peer) -> bool:
    return any(each is not None and each.requirements for each in (peer.pods, peer.namespaces)) or (
        peer.pods is not None and peer.namespaces is None
    )


def _judge(context: Context, compiled: Compiled, grant: Grant, index: int) -> Iterator[_Case]:
    """A case if every pair of the subjects and the pods of one peer is shut at the peer's end, and only there."""
    policy, rule, coverage = compiled.policy, grant.rule, context.coverage
    assert rule.peers is not None
    low, high, _ = coverage.peer(policy.namespace, rule.peers[index])
    peers = (low[0] | low[1]) & coverage.pods
    subjects = compiled.certain
    if not peers or not subjects or high != low or compiled.possible != subjects or rule.action is not Action.ALLOW:
        return
    if peers == subjects and peers.bit_count() == 1:
        return  # pods among themselves: there may be one only
    ports = coverage.port_numbers(grant, subjects, peers)
    shut = _shut(context, other_way(rule.direction), peers, subjects, ports)
    if shut and _open(context, rule.direction, subjects, peers, ports):
        yield _Case(policy, rule, index, subjects, peers)


def _shut(context: Context, direction: Direction, peers: int, subjects: int, ports: PortSet) -> bool:
    """Whether the peers let none of these ports pass to or from any of the subjects."""
    rows = {id(row): row for row in (context.coverage.row(direction, column) for column in indices(peers))}
    return not any(context.coverage.touching(row, subjects, ports) for row in rows.values())


def _open(context: Context, direction: Direction, subjects: int, peers: int, ports: PortSet) -> bool:
    """Whether the subjects' own end lets something pass: else another rule tells it (`denied_by_admin`)."""
    rows = {id(row): row for row in (context.coverage.row(direction, column) for column in indices(subjects))}
    return any(context.coverage.surely_touching(row, peers, ports) for row in rows.values())


def _sighting(context: Context, case: _Case) -> Sighting:
    policy, rule, other = case.policy, case.rule, other_way(case.rule.direction)
    closing = {id(each): each for column in indices(case.peers) for each in context.isolating(other, column)}
    names = sorted(each.title for each in closing.values())
    who = f" ({listed(names)})" if names else ""
    subjects, peers = context.names(case.subjects), context.names(case.peers)
    does = "connect to" if rule.direction is Direction.EGRESS else "accept connections from"
    passes = "let them in" if rule.direction is Direction.EGRESS else "let them out"
    common = _other_ports(context, other, case)
    but = f"{passes} on {common.text()} only" if common is not NONE else f"do not {passes}"
    cure = "Write a port that both ends open" if common is not NONE else f"Add the {other} rule there"
    message = (
        f"{ordinal(rule).capitalize()} lets {subjects} {does} {peers}, but the {other} policies of the latter{who} "
        f"{but}, so nothing connects. {cure}, or remove this peer."
    )
    path = ("spec", str(rule.direction), rule.index, peers_key(rule.direction), case.index)
    related = tuple(Related(f"{each.title} isolates the other end", each.source) for each in list(closing.values())[:3])
    return Sighting(message, policy, path, namespace=policy.namespace, related=related)


def _other_ports(context: Context, other: Direction, case: _Case) -> PortSet:
    """The ports on which the other end is open all the same."""
    found = NONE
    for column in indices(case.peers):
        for ports, columns in context.coverage.row(other, column).low[0]:
            found = found | ports if columns & case.subjects else found
    return found
