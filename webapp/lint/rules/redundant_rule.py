"""A rule makes no difference today: other rules together allow all that it allows.

With other pods or labels it might matter: that is the difference to `contained_rule`.

**Put it right**: remove it if it is not meant for pods to come.

Proved by the engine for every pod that the policy selects. All that are told so may go together. **Silent** where the
rule matches nothing in the input, and where anything about the policies of a pod is in doubt.

More than 400 rules that speak of the same pods are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed, ordinal
from webapp.model.problem import Severity

SEVERITY: Severity = "info"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
  - from: [{podSelector: {matchLabels: {tier: front}}}]  # <-
"""
GOOD = BAD.replace("{app: web, tier: front}", "{app: web}")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.spare.rules:
        if each.within is not None:
            continue
        names = [
            f"{ordinal(rule)} of {'this policy' if policy is each.policy else policy.title}"
            for policy, rule in each.because
        ]
        message = (
            f"All that this rule allows to the present pods {listed(names)} allow{'s' if len(names) == 1 else ''} too. "
            "Remove it, unless it is meant for pods to come."
        )
        path = ("spec", str(each.rule.direction), each.rule.index)
        related = tuple(Related(f"{ordinal(rule)} of {policy.title}", rule.source) for policy, rule in each.because[:3])
        yield Sighting(message, each.policy, path, namespace=each.policy.namespace, related=related)
