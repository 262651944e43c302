"""A peer of a rule matches no pod.

The rule allows nothing by it. Often the label is that of another object, or the pods were renamed.

**Put it right**: write labels that the pods (or the namespaces) have, or remove the peer.

**Silent** where the input need not hold the pods: the selector asks for a namespace by its name and there is none of
that name, it asks for pods of all namespaces, or the namespaces that it matches hold no pod at all, or their labels
are not known. What is likely meant is told by `misspelt_label`, `namespace_name_label`, `and_or_lookalike` or
`pod_selector_elsewhere` instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.insight.absent import NAME_LABEL
from webapp.lint.context import Context
from webapp.lint.diagnosis import Diagnosis
from webapp.lint.finding import Sighting
from webapp.lint.wording import selector_text
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
  - from:
    - podSelector: {matchLabels: {role: gateway}}  # <-
"""
GOOD = BAD.replace("{role: gateway}", "{app: web}")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "peer_selects_nothing":
            cure = "Write labels that are there, or remove it."
            if each.on_hosts:
                cure = "Write an ipBlock with the addresses of the nodes, or remove it."
            message = f"{_what(each)}, so this peer allows nothing. {cure}"
            severity: Severity | None = None if _is_pinned(each) else "info"
            yield Sighting(message, each.policy, each.path, namespace=each.policy.namespace, severity=severity)


def _is_pinned(each: Diagnosis) -> bool:
    """Whether it speaks of namespaces that the input holds, and of no others."""
    namespaces = each.peer.namespaces if each.peer is not None else None
    return namespaces is None or any(
        term.key == NAME_LABEL and term.operator == "In" for term in namespaces.requirements
    )


def _what(each: Diagnosis) -> str:
    assert each.peer is not None
    if each.path[-1] == "namespaceSelector":
        return f"{selector_text(each.peer.namespaces)} matches no namespace of the input"
    pods = selector_text(each.peer.pods)
    place = f"of namespace {each.policy.namespace}"
    if each.peer.namespaces is not None:
        place = f"in the namespaces that match {selector_text(each.peer.namespaces)}"
    hosts = " but hostNetwork pods, which only an ipBlock matches" if each.on_hosts else ""
    return f"{pods} matches no pod {place}{hosts}"
