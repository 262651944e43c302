"""A policy stands in a namespace that is not there, and one a slip away is.

Its namespace has no pod and no manifest in the input, so it selects nothing.

**Put it right**: correct `metadata.namespace`.

**Silent** where the namespace is declared or has pods, and where no namespace has nearly that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.spelling import is_slip
from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: production}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prodution  # <-
spec: {podSelector: {}}
"""
GOOD = BAD.replace("prodution", "production")


def find(context: Context) -> Iterator[Sighting]:
    real = [name for name, each in context.analysis.namespaces.items() if each.declared or name in context.by_namespace]
    for compiled in context.network_policies:
        policy = compiled.policy
        near = [name for name in real if is_slip(policy.namespace, name)]
        if near and policy.namespace not in real:
            message = (
                f"There is no namespace {policy.namespace}, so this policy selects nothing. There is {near[0]}: if "
                f"that "
                "is meant, write it so."
            )
            yield Sighting(message, policy, ("metadata", "namespace"), namespace=policy.namespace)
