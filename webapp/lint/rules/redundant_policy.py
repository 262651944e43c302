"""A policy makes no difference today: without it every answer of this input is the same.

Other policies isolate the same pods and together allow all that it allows. With other pods or labels it might matter:
that is the difference to `contained_policy`.

**Put it right**: remove it if it is not meant for pods to come.

Proved by the engine: every row of every pod, in every tier, is the same without it. All that are told so may go
together. **Silent** for the Admin and Baseline tiers (they are there to hold whatever NetworkPolicies say), where the
Admin tier denies what it allows (`denied_by_admin`), where a rule of it matches nothing in the input (what it is for
may not be there), and for policies without rules (a default deny is there for pods to come).

More than 400 rules that speak of the same pods are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.model.policy import Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "info"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: front, namespace: shop}
spec:
  podSelector: {matchLabels: {tier: front}}
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
---
apiVersion: networking.k8s.io/v1  # <-
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]
"""
GOOD = BAD.replace("{app: web, tier: front}", "{app: web}")


def find(context: Context) -> Iterator[Sighting]:
    denied = {id(each.policy) for each in context.spare.void}
    for each in context.spare.policies:
        of_cluster = each.policy.tier is not Tier.NETWORK_POLICY
        if each.within is None and not of_cluster and id(each.policy) not in denied:
            message = (
                "Without this policy every answer about the present pods is the same. Remove it, unless it is meant "
                "for "
                "pods to come."
            )
            yield Sighting(message, each.policy, namespace=each.policy.namespace)
