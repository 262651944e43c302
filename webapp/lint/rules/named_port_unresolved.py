"""A port name that no destination has.

A name stands for a container port of the destination: the selected pods for ingress, the peers for egress. None of
them declares a port of that name and protocol, so the rule allows nothing by it.

**Put it right**: name the container port, or write the number. A name without `protocol` is that of a TCP port.

**Silent** where the rule may speak of pods that are not in the input: egress to everyone or to all namespaces, and
where it is not known whom it matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.spelling import is_slip
from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.ports import destinations, selects_unseen
from webapp.lint.wording import ordinal
from webapp.model.policy import Policy, Rule, Tier
from webapp.model.ports import PortSet
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  containers:
  - {name: db, ports: [{name: postgres, containerPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{podSelector: {}}]
    ports:  # <-
    - port: postgresql
"""
GOOD = BAD.replace("postgresql", "postgres")


def find(context: Context) -> Iterator[Sighting]:
    for compiled, grant in context.rules:
        policy, rule = compiled.policy, grant.rule
        columns = destinations(context, compiled, grant) if rule.ports.names else 0
        if not columns or selects_unseen(rule):
            continue
        missing = [
            (name, protocols)
            for name, protocols in _by_name(rule.ports, policy.tier)
            if not any(context.coverage.resolving((name, protocol), columns) for protocol in protocols)
        ]
        if missing:
            yield _sighting(context, policy, rule, columns, missing)


def _sighting(
    context: Context, policy: Policy, rule: Rule, columns: int, missing: list[tuple[str, list[str]]]
) -> Sighting:
    told = [f"{protocols[0] if len(protocols) == 1 else 'container'} port named {name}" for name, protocols in missing]
    cures = dict.fromkeys(_cure(context, columns, name) for name, _ in missing)
    message = (
        f"No destination of {ordinal(rule)} ({context.names(columns)}) has a {', nor a '.join(told)}, so it matches "
        f"nothing by that. {' '.join(cures)}"
    )
    path = ("spec", str(rule.direction), rule.index, "ports")
    workloads = tuple(workload.id for workload in context.workloads(columns))
    return Sighting(message, policy, path, namespace=policy.namespace, workloads=workloads)


def _by_name(ports: PortSet, tier: Tier) -> list[tuple[str, list[str]]]:
    """The protocols of each name. In the tiers of the whole cluster a name stands for all of them together."""
    if tier is Tier.NETWORK_POLICY:
        return [(name, [protocol]) for name, protocol in sorted(ports.names)]
    names = sorted({name for name, _ in ports.names})
    return [(name, sorted(protocol for each, protocol in ports.names if each == name)) for name in names]


def _cure(context: Context, columns: int, name: str) -> str:
    declared = {each[0]: each[1] for workload in context.workloads(columns) for each in workload.ports}
    near = next((other for other in sorted(declared) if is_slip(name, other)), None)
    if name in declared:
        return f"There it is a port of {declared[name]}: write protocol: {declared[name]}."
    if near:
        return f"There is {near}: if that is meant, write it so."
    return "Name the container port so, or write its number."
