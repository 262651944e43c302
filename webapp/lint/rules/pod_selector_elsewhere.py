"""A podSelector without a namespaceSelector matches only pods of another namespace.

A podSelector alone speaks of the policy's own namespace. No pod there has the labels, pods elsewhere have them: the
peer allows nothing.

**Put it right**: add a namespaceSelector to the same list item, such as `kubernetes.io/metadata.name: NAME`.

**Silent** where it matches a pod of the policy's own namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.insight.absent import NAME_LABEL
from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import listed, selector_text
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: gateway, namespace: edge, labels: {role: gateway}}
---
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
  - from:
    - podSelector: {matchLabels: {role: gateway}}  # <-
"""
GOOD = BAD.replace(
    "    - podSelector: {matchLabels: {role",
    "    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}\n      podSelector: "
    "{matchLabels: {role",
)


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "pod_selector_elsewhere":
            assert each.peer is not None
            meant = context.workloads(each.pods)
            names = listed([workload.id for workload in meant])
            message = (
                f"{selector_text(each.peer.pods)} matches no pod of namespace {each.policy.namespace}, and without a "
                f"namespaceSelector no other is asked for; it would match {names}. Add namespaceSelector: "
                f"{{matchLabels: "
                f"{{{NAME_LABEL}: {meant[0].namespace}}}}} to this list item if that is meant."
            )
            yield Sighting(message, each.policy, each.path, namespace=each.policy.namespace)
