"""A namespace with workloads, and no default deny.

Pods that no policy selects accept connections from everywhere, the internet included where routes lead to them, and
may send everywhere. A policy that selects all pods of the namespace and has no rule closes it for pods that come
later, too.

**Put it right**: add a NetworkPolicy with `podSelector: {}` and `policyTypes: [Ingress, Egress]`, and then what is
needed.

One finding a namespace. A warning where workloads accept everything; an info where every present workload is isolated
for ingress and only egress, or pods to come, are open. **Silent** for namespaces of Kubernetes itself (`kube-…`,
`openshift-…`), where every pod is on its node's network, where a policy that is not understood may be a default deny,
and where a rule of the Admin or Baseline tier denies all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.engine.workloads import Workload
from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import counted, listed
from webapp.model.policy import Action, Direction, Policy, Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1  # <-
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
"""
GOOD = BAD.replace(
    "spec: {podSelector: {matchLabels: {app: db}}}", "spec: {podSelector: {}, policyTypes: [Ingress, Egress]}"
)
_OF_THE_SYSTEM = ("kube-", "openshift-")
_BOTH = (Direction.INGRESS, Direction.EGRESS)


def find(context: Context) -> Iterator[Sighting]:
    for name, workloads in context.by_namespace.items():
        pods = [workload for workload in workloads if not workload.host_network]
        if not pods or name.startswith(_OF_THE_SYSTEM) or context.in_doubt(name):
            continue
        missing = [
            way for way in _BOTH if not any(_closes(context, each.policy, way, name) for each in context.policies)
        ]
        if missing:
            yield _sighting(context, name, pods, missing)


def _closes(context: Context, policy: Policy, direction: Direction, namespace: str) -> bool:
    """Whether it denies what no rule allows, of every pod of the namespace."""
    subject = policy.subject
    if direction not in policy.rules or (subject.pods is not None and subject.pods.requirements):
        return False
    if policy.tier is Tier.NETWORK_POLICY:
        return subject.namespace == namespace
    whole = context.coverage.in_namespaces(subject.namespaces)[0]
    own = context.coverage.in_namespace(namespace)
    denies = any(_denies_all(context, policy, direction, index) for index in range(len(policy.rules[direction])))
    return own & ~whole == 0 and denies


def _denies_all(context: Context, policy: Policy, direction: Direction, index: int) -> bool:
    """Whether a rule denies every pod of the input. (Addresses outside have no peer there, for ingress.)"""
    compiled = next(each for each in context.policies if each.policy is policy)
    grant = compiled.grants[direction][index]
    everyone = context.coverage.pods & ~(grant.cover.low[0] & grant.cover.low[1]) == 0
    return grant.rule.action is Action.DENY and everyone and grant.rule.ports.is_all


def _sighting(context: Context, name: str, pods: Sequence[Workload], missing: Sequence[Direction]) -> Sighting:
    open_in = [w.id for w in pods if not w.isolated_ingress and Direction.INGRESS in missing]
    open_out = [w.id for w in pods if not w.isolated_egress and Direction.EGRESS in missing]
    told = []
    if open_in:
        told.append(
            f"{counted(len(open_in), 'workload')} ({listed(open_in)}) accept{'s' * (len(open_in) == 1)} everything"
        )
    if open_out:
        told.append(f"{counted(len(open_out), 'workload')} may send everywhere")
    told = told or ["pods to come are open"]
    ways = " and ".join(missing)
    types = ", ".join(way.capitalize() for way in missing)
    message = (
        f"Namespace {name} has no default deny for {ways}: {' and '.join(told)}. Add a NetworkPolicy with "
        f"podSelector: {{}} "
        f"and policyTypes: [{types}]."
    )
    namespace = context.analysis.namespaces[name]
    source = namespace.source or min((w.source for w in pods if w.source is not None), default=None)
    return Sighting(
        message, object=f"Namespace {name}", source=source, namespace=name, workloads=tuple({*open_in, *open_out}),
        severity=None if open_in else "info",
    )  # fmt: skip
