"""A rule of a NetworkPolicy allows only what the Admin tier denies.

The Admin tier is asked first, and what it denies no NetworkPolicy can allow: the rule has no effect.

**Put it right**: remove the rule, or let a rule of the Admin tier pass or accept the traffic before it is denied.

Proved by the engine for all pods that the policy selects. **Silent** where any of it is left to NetworkPolicies.
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
metadata: {name: closed}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress:
  - {action: Deny, from: [{namespaces: {}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from: [{podSelector: {}}]  # <-
"""
GOOD = BAD.replace("action: Deny", "action: Pass")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.spare.void:
        names = [f"{ordinal(rule)} of {policy.title}" for policy, rule in each.because]
        who = listed(names) if names else "the Admin tier"
        message = (
            f"All that this rule allows is denied before NetworkPolicies are asked, by {who}. Remove it, or pass this "
            "traffic on there."
        )
        path = ("spec", str(each.rule.direction), each.rule.index)
        related = tuple(Related(f"{ordinal(rule)} of {policy.title}", rule.source) for policy, rule in each.because[:3])
        yield Sighting(message, each.policy, path, namespace=each.policy.namespace, related=related)
