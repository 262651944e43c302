"""A rule opens one end of connections whose other end stays shut.

A connection must leave one pod and enter another. The rule lets it pass at its end; the policies of the pods that it
names let it pass at theirs in no case. So it allows nothing, though somebody wrote it for these pods.

**Put it right**: add the rule that is missing at the other end, or remove this one.

**Silent** for peers that are everyone, or all namespaces (the pairs are not clearly meant), where some of the pairs
are open, and where it is not known. Each peer of a rule is judged for itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.bits import indices
from webapp.engine.covers import Compiled, Grant
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed, ordinal, other_way, peers_key, title
from webapp.model.policy import Action, Direction, Peer, Policy
from webapp.model.ports import PortSet
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


def find(context: Context) -> Iterator[Sighting]:
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


def _judge(context: Context, compiled: Compiled, grant: Grant, index: int) -> Iterator[Sighting]:
    """A finding if every pair of the subjects and the pods of one peer is shut at the peer's end, and only there."""
    policy, rule, coverage = compiled.policy, grant.rule, context.coverage
    assert rule.peers is not None
    low, high, _ = coverage.peer(policy.namespace, rule.peers[index])
    peers = (low[0] | low[1]) & coverage.pods
    subjects = compiled.certain
    if not peers or not subjects or high != low or compiled.possible != subjects or rule.action is not Action.ALLOW:
        return
    ports = coverage.port_numbers(grant, subjects, peers)
    if not _shut(context, other_way(rule.direction), peers, subjects, ports):
        return
    if not _open(context, rule.direction, subjects, peers, ports):
        return
    yield _sighting(context, policy, grant, index, peers, subjects)


def _shut(context: Context, direction: Direction, peers: int, subjects: int, ports: PortSet) -> bool:
    """Whether the peers let none of these ports pass to or from any of the subjects."""
    rows = {id(row): row for row in (context.coverage.row(direction, column) for column in indices(peers))}
    return not any(context.coverage.touching(row, subjects, ports) for row in rows.values())


def _open(context: Context, direction: Direction, subjects: int, peers: int, ports: PortSet) -> bool:
    """Whether the subjects' own end lets something pass: else another rule tells it (`denied_by_admin`)."""
    rows = {id(row): row for row in (context.coverage.row(direction, column) for column in indices(subjects))}
    return any(context.coverage.surely_touching(row, peers, ports) for row in rows.values())


def _sighting(context: Context, policy: Policy, grant: Grant, index: int, peers: int, subjects: int) -> Sighting:
    rule, other = grant.rule, other_way(grant.rule.direction)
    closing = {id(each): each for column in indices(peers) for each in context.isolating(other, column)}
    names = sorted(title(each) for each in closing.values())
    who = f" ({listed(names)})" if names else ""
    to = "to" if other is Direction.EGRESS else "from"
    message = (
        f"{ordinal(rule).capitalize()} opens the end of {context.names(subjects)} for {context.names(peers)}, whose "
        f"own "
        f"{other} policies{who} allow none of it {to} there, so nothing connects. Add "
        f"{'an' if other is Direction.EGRESS else 'the'} "
        f"{other} rule there, or remove this peer."
    )
    path = ("spec", str(rule.direction), rule.index, peers_key(rule.direction), index)
    related = tuple(
        Related(f"{title(each)} isolates the other end", each.source) for each in list(closing.values())[:3]
    )
    return Sighting(message, policy, path, namespace=policy.namespace, related=related)
