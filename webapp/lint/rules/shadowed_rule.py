"""A rule of the Admin or Baseline tier that is never the first to match.

Rules of these tiers are asked in order and the first that matches decides. Earlier rules decide all that this one
matches, so it has no effect, whatever its action.

**Put it right**: move it up (or give its policy a smaller priority), or remove it.

Proved by the engine for the present pods. **Silent** where the order of policies is not defined, and where the rule
matches nothing in the input.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed, ordinal
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: order}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress:
  - {action: Deny, from: [{namespaces: {}}]}
  - {action: Allow, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}  # <-
"""
GOOD = BAD.replace(
    "{action: Deny, from: [{namespaces: {}}]}", "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}"
)


def find(context: Context) -> Iterator[Sighting]:
    for each in context.spare.shadowed:
        names = [
            f"{ordinal(rule)} of {'this policy' if policy is each.policy else policy.title}"
            for policy, rule in each.because
        ]
        first = f"{listed(names)} decide{'s' if len(names) == 1 else ''}" if names else "earlier rules decide"
        message = f"This rule is never the first to match: {first} all of it. Move it up, or remove it."
        path = ("spec", str(each.rule.direction), each.rule.index)
        related = tuple(Related(f"{ordinal(rule)} of {policy.title}", rule.source) for policy, rule in each.because[:3])
        yield Sighting(message, each.policy, path, related=related)
