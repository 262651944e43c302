"""A rule allows everything: every peer, every port.

Rules add up, so no other policy can take anything away from it again (but those of the Admin tier). What is isolated
only to be opened wholly might as well not be.

**Put it right**: name the peers and the ports that are needed. If everything is meant, say so in a suppression.

Of egress it is an info, for that is common on purpose. It is an error if the name of the policy says `deny`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.engine.covers import Grant
from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import ordinal
from webapp.model.policy import Action, Direction, Policy
from webapp.model.ports import ALL
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
TELLS = ("empty_rule_allows_all",)
BAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - {}  # <-
"""
GOOD = BAD.replace("- {}", "- ports: [{port: 8080}]")
_CLOSES = re.compile(r"(?:^|[-_.])(?:deny|block|isolate|lockdown)(?:[-_.]|$)")
_OPENS = re.compile(r"allow|permit|open|accept|except|but|pass")


def find(context: Context) -> Iterator[Sighting]:
    for compiled, grant in context.rules:
        policy, rule = compiled.policy, grant.rule
        if rule.action is not Action.ALLOW or rule.ports is not ALL or not _is_everyone(context, grant):
            continue
        way = "in from" if rule.direction is Direction.INGRESS else "out to"
        closes = _says_deny(policy.name) and not _other_rules(policy, rule.direction)
        cure = "Name the peers and the ports that are needed."
        if closes:
            cure = f"To deny all, as the name says, leave out the rule ({rule.direction}: [])."
        message = f"{ordinal(rule).capitalize()} lets everything {way} everywhere, on every port. {cure}"
        severity: Severity = "error" if closes else "warning" if rule.direction is Direction.INGRESS else "info"
        path = ("spec", str(rule.direction), rule.index)
        yield Sighting(message, policy, path, namespace=policy.namespace, severity=severity)


def _is_everyone(context: Context, grant: Grant) -> bool:
    """Whether it matches all pods and all addresses: with no peer at all, or by all namespaces and all addresses."""
    coverage = context.coverage
    if grant.rule.peers is None:
        return True
    pods = any(
        peer.namespaces is not None and not peer.namespaces.requirements and not (peer.pods and peer.pods.requirements)
        for peer in grant.rule.peers
    )
    v4 = grant.cover.low[0]
    return pods and coverage.external & coverage.families[4] & ~v4 == 0


def _says_deny(name: str) -> bool:
    return bool(_CLOSES.search(name)) and not _OPENS.search(name)


def _other_rules(policy: Policy, direction: Direction) -> bool:
    return len(policy.rules.get(direction, ())) > 1
