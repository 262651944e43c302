"""Something publishes a workload, and policies let none of that traffic in.

An Ingress, a route, a NodePort or a load balancer leads to it; the pods of the controller (or the addresses outside)
may not reach its ports. Visitors get an error of the gateway, or wait.

**Put it right**: allow ingress from the pods of the controller to the container port, or remove what publishes it.

**Silent** where it is not known who carries the traffic.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.insight.entries import Way, ways_in
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1  # <-
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{ports: [{port: 80}]}]
"""
GOOD = BAD.replace("[{port: 80}]}]", "[{port: 8080}]}]")
_THROUGH = {"node_port": "a NodePort", "load_balancer": "a load balancer", "external_ip": "an external IP"}


def find(context: Context) -> Iterator[Sighting]:
    for way in ways_in(context.analysis).ways:
        if way.workload and way.verdict == "blocked" and way.policies:
            yield _sighting(way)


def _sighting(way: Way) -> Sighting:
    carrier = _THROUGH.get(way.through) or (listed(way.via) if way.via else "the controller")
    message = (
        f"It leads to {way.workload} on {way.ports.text()} through {carrier}, and policies let none of that in "
        f"({listed([policy.title for policy in way.policies])}). Allow it there, or remove what publishes it."
    )
    related = tuple(Related(f"{policy.title} keeps it out", policy.source) for policy in way.policies[:3])
    return Sighting(
        message, object=f"{way.kind} {way.namespace}/{way.name}", source=way.source, namespace=way.namespace,
        workloads=(way.workload,), related=related,
    )  # fmt: skip
