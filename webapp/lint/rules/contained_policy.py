"""A policy says nothing that another policy does not say as well, whatever pods there are.

It selects no pod that the other does not select, isolates in no further direction and allows nothing more. Who reads
it, or removes a line of it, may believe that it does something.

**Put it right**: remove it, or the other one if that is wider than meant.

Proved twice: by the selectors, ports and blocks of the two policies, and by the engine, which finds every answer the
same without it. All policies and rules that are told so may go together. An info where it has no rule (it isolates
what is isolated anyway).

More than 400 rules that speak of the same pods are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1  # <-
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]
"""
GOOD = BAD.replace("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", "{podSelector: {}}")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.spare.policies:
        if each.within is not None:
            message = (
                f"{each.within.title} isolates and allows all that this policy does, so it makes no difference. "
                f"Remove "
                "it, or narrow the other one."
            )
            severity: Severity | None = None if any(each.policy.rules.values()) else "info"
            related = (Related(f"{each.within.title} says all of it", context.place(each.within)),)
            yield Sighting(
                message, each.policy, namespace=each.policy.namespace, related=related, severity=severity
            )  # fmt: skip
