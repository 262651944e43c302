"""Pods may send to others, and cannot ask the cluster's DNS where these are.

Policies isolate the pods for egress and let them send somewhere, but not 53/UDP to the DNS: every lookup of a name
fails, usually as a timeout of some seconds.

**Put it right**: allow egress to port 53, UDP and TCP, of the pods of the DNS (in most clusters `k8s-app: kube-dns`
in kube-system). Policies see the port of the pod: on OpenShift it is 5353.

**Silent** for pods that may send to no pod and not to the internet (they need no names), and where it is not certain:
the DNS is not in the input and some of the places where it may be are open.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.workloads import Workload
from webapp.insight.entries import OUTSIDE
from webapp.insight.resolution import Resolution, resolver_of
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed
from webapp.model.policy import Direction, Policy
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1  # <-
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
  - to: [{podSelector: {matchLabels: {app: db}}}]
    ports: [{port: 5432}]
"""
GOOD = BAD + "  - {to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}\n"


def find(context: Context) -> Iterator[Sighting]:
    resolver = resolver_of(context.analysis)
    found: dict[tuple[int, ...], tuple[tuple[Policy, ...], list[Workload]]] = {}
    only_tcp: set[str] = set()
    for workload in context.analysis.workloads:
        if not workload.isolated_egress or workload.host_network or not _needs_names(context, workload):
            continue
        resolution = resolver.of(workload)
        if dict(resolution.by_protocol)["UDP"] != "blocked":
            continue
        if dict(resolution.by_protocol)["TCP"] == "allowed":
            only_tcp.add(workload.id)
        policies = _keeping(context, resolution, workload)
        found.setdefault(tuple(map(id, policies)), (policies, []))[1].append(workload)
    for policies, workloads in found.values():
        yield _sighting(policies, workloads, all(workload.id in only_tcp for workload in workloads))


def _keeping(context: Context, resolution: Resolution, workload: Workload) -> tuple[Policy, ...]:
    """The policies that keep it from the DNS, in the order of the input."""
    isolating = [each for column in workload.place for each in context.isolating(Direction.EGRESS, column)]
    policies = {each.id: each for each in (*resolution.policies, *isolating)}
    return tuple(sorted(policies.values(), key=lambda policy: policy.source))


def _needs_names(context: Context, workload: Workload) -> bool:
    """Whether it may send to a pod or to the internet at all."""
    coverage = context.coverage
    internet = [n for n, part in enumerate(context.analysis.externals) if part.id in OUTSIDE]
    first = (coverage.external & -coverage.external).bit_length() - 1
    wide = coverage.pods | sum(1 << (first + number) for number in internet)
    own = sum(1 << column for column in workload.place)
    return any(
        columns & wide & ~own
        for column in workload.place
        for plane in coverage.row(Direction.EGRESS, column).low
        for _, columns in plane
    )


def _sighting(policies: tuple[Policy, ...], workloads: list[Workload], only_tcp: bool) -> Sighting:
    names = listed([workload.id for workload in workloads])
    message = (
        f"{names} may send, but not 53/UDP to the cluster's DNS, so names are not resolved. Allow egress to port "
        f"53, UDP "
        "and TCP, of the DNS pods."
    )
    if only_tcp:
        message = (
            f"{names} may ask the cluster's DNS over TCP only, and lookups begin with UDP, so names are not "
            f"resolved. Add "
            "port 53 with protocol: UDP."
        )
    first = policies[0]
    related = tuple(Related(f"{each.title} isolates egress too", each.source) for each in policies[1:4])
    return Sighting(
        message, first, namespace=first.namespace, workloads=tuple(w.id for w in workloads), related=related
    )
