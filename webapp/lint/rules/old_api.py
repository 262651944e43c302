"""A NetworkPolicy of extensions/v1beta1.

Kubernetes serves that version no more since 1.16: the API server refuses the object, and the pods stay as open as if
it were not there.

**Put it right**: write `apiVersion: networking.k8s.io/v1`; the fields are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: extensions/v1beta1  # <-
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}}
"""
GOOD = BAD.replace("extensions/v1beta1", "networking.k8s.io/v1")


def find(context: Context) -> Iterator[Sighting]:
    for policy in context.analysis.policies:
        if policy.group == "extensions" and policy.kind == "NetworkPolicy":
            message = (
                "Kubernetes serves no NetworkPolicy of extensions since 1.16, so the API server refuses this one "
                "and the "
                "pods stay open. Write apiVersion: networking.k8s.io/v1."
            )
            yield Sighting(message, policy, ("apiVersion",), namespace=policy.namespace)
