"""Rules ask for labels of a namespace that the input does not declare.

Its labels are not known, so what these rules match is UNKNOWN, in every answer.

**Put it right**: add the manifest of the namespace to the input (`kubectl get namespace NAME -o yaml`).

**Silent** where no rule depends on it, and with `--undeclared-namespaces unlabelled`.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import counted
from webapp.model.labels import Match, Selector
from webapp.model.policy import Policy
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
TELLS = ("undeclared_namespace",)
BAD = """
apiVersion: v1  # <-
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""
GOOD = BAD + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: shop}}\n"


def find(context: Context) -> Iterator[Sighting]:
    asking = list(_asking(context))
    for name, namespace in context.analysis.namespaces.items():
        if namespace.labels.certain or name not in context.by_namespace:
            continue
        policies = {id(p): p for p, selector in asking if selector.match(namespace.labels) is Match.MAYBE}
        if policies:
            places = [w.source for w in context.by_namespace[name] if w.source is not None]
            message = (
                f"Namespace {name} is not declared, and "
                f"{counted(len(policies), 'policy', 'policies')} "
                f"ask{'s' * (len(policies) == 1)} for its labels, so what they match is UNKNOWN. Add its manifest."
            )
            related = tuple(
                Related(f"{each.title} asks for labels of namespaces", each.source)
                for each in list(policies.values())[:3]
            )
            source = min(places, default=None)
            yield Sighting(message, object=f"Namespace {name}", source=source, namespace=name, related=related)


def _asking(context: Context) -> Iterator[tuple[Policy, Selector]]:
    """Every namespaceSelector with terms, and its policy."""
    for compiled in context.policies:
        if compiled.policy.subject.namespaces is not None:
            yield compiled.policy, compiled.policy.subject.namespaces
    for compiled, grant in context.rules:
        for peer in grant.rule.peers or ():
            if peer.namespaces is not None and peer.namespaces.requirements:
                yield compiled.policy, peer.namespaces
