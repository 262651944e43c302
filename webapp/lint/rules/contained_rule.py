"""A rule allows nothing that another rule does not allow as well, whatever pods there are.

Its peers and ports are contained in those of the other rule, and the policy of that selects all pods that this one
selects. Removing it, or narrowing it, closes nothing.

**Put it right**: remove it, or the other one if that is wider than meant.

Proved twice: by the selectors, ports and blocks of the two rules, and by the engine, which finds every row the same
without it. All policies and rules that are told so may go together.

More than 400 rules that speak of the same pods are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import ordinal
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from: [{podSelector: {}}]
  - from: [{podSelector: {matchLabels: {app: web}}}]  # <-
    ports: [{port: 8080}]
"""
GOOD = BAD.replace("  - from: [{podSelector: {}}]\n", "")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.spare.rules:
        if each.within is None:
            continue
        policy, rule = each.within
        where = "of this policy" if policy is each.policy else f"of {policy.title}"
        message = (
            f"{ordinal(rule).capitalize()} {where} allows all that this one does, so it makes no difference. Remove "
            f"it, "
            "or narrow the other one."
        )
        path = ("spec", str(each.rule.direction), each.rule.index)
        other = context.place(policy, ("spec", str(rule.direction), rule.index))
        related = (Related(f"{ordinal(rule)} {where} allows all of it", other),)
        yield Sighting(message, each.policy, path, namespace=each.policy.namespace, related=related)
