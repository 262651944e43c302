"""Two peers where one was likely meant: a namespaceSelector and a podSelector, each with a dash of its own.

    - namespaceSelector: {matchLabels: {team: ops}}     every pod of the namespaces of team ops,
    - podSelector: {matchLabels: {app: prometheus}}     or pods of the policy's own namespace

With two dashes either will do; with one dash both must match. Here the podSelector matches no pod of the policy's own
namespace, so the second peer is idle, and the first one opens whole namespaces.

**Put it right**: remove the second dash, so that both selectors are one peer.

**Silent** where the podSelector matches a pod of the policy's own namespace, or where no pod in the namespaces of the
other peer has its labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import selector_text
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: v1
kind: Namespace
metadata: {name: monitoring, labels: {team: ops}}
---
apiVersion: v1
kind: Pod
metadata: {name: prometheus, namespace: monitoring, labels: {app: prometheus}}
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
    - namespaceSelector: {matchLabels: {team: ops}}
    - podSelector: {matchLabels: {app: prometheus}}  # <-
"""
GOOD = BAD.replace("    - podSelector: {matchLabels: {app: prom", "      podSelector: {matchLabels: {app: prom")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "and_or_lookalike":
            assert each.peer is not None
            there = f"{context.names(each.pods)} in those namespaces" if each.pods else "pods in those namespaces"
            message = (
                f"This podSelector is a peer of its own, and {selector_text(each.peer.pods)} matches no pod of "
                f"namespace "
                f"{each.policy.namespace}; the namespaceSelector beside it lets every pod of its namespaces pass. If "
                f"{there} are meant, write both selectors in one list item (one dash)."
            )
            severity: Severity | None = None if each.pods else "warning"
            yield Sighting(message, each.policy, each.path, namespace=each.policy.namespace, severity=severity)
