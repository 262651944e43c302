"""A port that no destination declares.

Policies see the port of the pod, never that of a Service: a rule for port 80 does not help where the Service leads
from 80 to 8080. Every destination of the rule declares its container ports, and this one is not among them.

**Put it right**: write the container port (`targetPort` of the Service).

**Silent** where a destination declares no port at all (they are informational), for ranges in which some port is
declared, for rules without port numbers, and where the rule may speak of pods that are not in the input (so of the
ports of the DNS, if that is not in it). Where no Service explains it, it is an info: programs may listen on ports
that they do not declare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.engine.workloads import Workload
from webapp.insight.resolution import USUAL_PORTS, resolver_of
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.ports import declared_by, destinations, selects_unseen
from webapp.lint.wording import listed, ordinal
from webapp.model.policy import Direction, Policy, Rule, Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.problem import Severity
from webapp.model.service import Service

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
  - from: [{podSelector: {}}]
    ports:  # <-
    - port: 80
"""
GOOD = BAD.replace("    - port: 80", "    - port: 8080")
_WIDE = 1_000
"""Ranges of so many ports are meant for whatever comes."""
_DNS = PortSet.of(span for port in USUAL_PORTS for kind in ("UDP", "TCP") for span in PortSet.single(kind, port).spans)


def find(context: Context) -> Iterator[Sighting]:
    for compiled, grant in context.rules:
        if compiled.policy.tier is Tier.NETWORK_POLICY and grant.rule.ports.spans and not selects_unseen(grant.rule):
            workloads = context.workloads(destinations(context, compiled, grant))
            declared = _declared(context, workloads)
            missing = _missing(context, grant.rule, declared) if declared is not None else NONE
            if declared is not None and missing is not NONE:
                yield _sighting(context, compiled.policy, grant.rule, workloads, missing, declared)


def _missing(context: Context, rule: Rule, declared: PortSet) -> PortSet:
    """The ports, or ranges of a few, of which none is declared."""
    spans = [span for span in rule.ports.spans if span[1] - span[0] < _WIDE]
    missing = PortSet.of(span for span in spans if (PortSet.of([span]) & declared).is_empty)
    if rule.direction is Direction.EGRESS and not resolver_of(context.analysis).servers:
        return missing - _DNS  # meant for the DNS, which the input does not hold
    return missing


def _sighting(
    context: Context, policy: Policy, rule: Rule, workloads: Sequence[Workload], missing: PortSet, declared: PortSet
) -> Sighting:
    names = tuple(workload.id for workload in workloads)
    service, target = _service(context, workloads, missing)
    cure = "Policies see the port of the pod: write that, or declare this one if the program listens there."
    related: tuple[Related, ...] = ()
    if service is not None:
        leads = f"{service.id} leads to {target}"
        cure = f"{leads}, and policies see the port of the pod, not that of the Service: write {target}."
        related = (Related(leads, service.source),)
    message = (
        f"No destination of {ordinal(rule)} ({listed(names)}) declares {missing.text()}; they declare "
        f"{declared.text()}. "
        f"{cure}"
    )
    return Sighting(
        message, policy, ("spec", str(rule.direction), rule.index, "ports"), namespace=policy.namespace,
        workloads=names, related=related, severity=None if service else "info",
    )  # fmt: skip


def _declared(context: Context, workloads: Sequence[Workload]) -> PortSet | None:
    """All that they declare; None if there are none, or one of them declares nothing."""
    ports = NONE
    for workload in workloads:
        own = declared_by(context, workload)
        if own is None:
            return None
        ports |= own
    return ports if workloads else None


def _service(context: Context, workloads: Sequence[Workload], ports: PortSet) -> tuple[Service | None, int | str]:
    """A Service that leads from one of these ports to another one of the workloads."""
    for service in context.analysis.inventory.services:
        if not service.selector or service.headless:
            continue
        for each in service.ports:
            leads = each.target is not None and each.target != each.number
            if leads and ports.contains(each.protocol, each.number) and any(_selects(service, w) for w in workloads):
                return service, each.target or ""
    return None, ""


def _selects(service: Service, workload: Workload) -> bool:
    wanted = service.selector or {}
    return service.namespace == workload.namespace and wanted.items() <= workload.labels.items()
