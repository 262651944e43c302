"""Admin policies of a made-up cluster: what a platform team writes above the namespaces' own policies."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from benchmarks.cluster import TEAMS

POLICIES = 100
ALL = "{namespaces: {}}"
PORTS = "[{portNumber: {protocol: TCP, port: %d}}]"


def admin_policies(namespaces: Sequence[str], seed: int = 1) -> str:
    """A hundred AdminNetworkPolicies as YAML: guard rails for all, rules for each team, exceptions for namespaces."""
    rng = random.Random(seed)  # noqa: S311  repeatable, not secret
    made = [*_for_all(), *(policy for team in TEAMS for policy in _for_team(team))]
    made += [_exception(rng.choice(namespaces), rng.choice(namespaces)) for _ in range(POLICIES - len(made))]
    return "".join(
        "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n"
        f"metadata: {{name: admin-{number:03}}}\nspec: {{priority: {number}, {spec}}}\n"
        for number, spec in enumerate(made)
    )


def _labelled(key: str, value: str) -> str:
    return f"{{namespaces: {{matchLabels: {{{key}: {value}}}}}}}"


def _named(name: str) -> str:
    return _labelled("kubernetes.io/metadata.name", name)


def _rule(action: str, direction: str, peer: str, ports: str = "") -> str:
    return f"{{action: {action}, {direction}: [{peer}]{', ports: ' + ports if ports else ''}}}"


def _for_all() -> Iterator[str]:
    dns = "[{portNumber: {protocol: UDP, port: 53}}, {portNumber: {protocol: TCP, port: 53}}]"
    yield f"subject: {ALL}, egress: [{_rule('Allow', 'to', _named('kube-system'), dns)}]"
    yield f"subject: {ALL}, ingress: [{_rule('Allow', 'from', _named('monitoring'), PORTS % 9090)}]"
    yield f"subject: {ALL}, egress: [{_rule('Deny', 'to', '{networks: [169.254.169.254/32]}')}]"


def _for_team(team: str) -> Iterator[str]:
    """Its own namespaces decide among themselves, nobody comes to administration ports, and from dev to prod."""
    own = _labelled("team", team)
    yield f"subject: {own}, ingress: [{_rule('Pass', 'from', own)}, {_rule('Deny', 'from', ALL, PORTS % 22)}]"
    yield f"subject: {own}, ingress: [{_rule('Deny', 'from', _labelled('stage', 'dev'), PORTS % 5432)}]"
    yield f"subject: {own}, egress: [{_rule('Pass', 'to', own)}, {_rule('Deny', 'to', ALL, PORTS % 2379)}]"


def _exception(subject: str, peer: str) -> str:
    return f"subject: {_named(subject)}, ingress: [{_rule('Allow', 'from', _named(peer), PORTS % 8080)}]"
