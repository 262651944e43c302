"""A rule lets the internet in to a workload that nothing publishes.

No Ingress, route, NodePort or load balancer of the input leads there, so the rule is wider than what is used: whoever
gets an address of the pod (a node, a peered network, a new Service) may connect.

**Put it right**: name the peers that are meant, or add what publishes the workload to the input.

**Silent** for workloads that no policy isolates (`no_default_deny` tells that). An info where the input holds nothing
at all that publishes anything: it may just not be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.engine.workloads import Workload
from webapp.insight.entries import OUTSIDE, Unpublished, ways_in
from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import counted, listed, ordinal
from webapp.model.policy import Action, Direction, Policy, Rule
from webapp.model.problem import Severity
from webapp.model.verdict import Verdict

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - ports: [{port: 5432}]  # <-
"""
GOOD = BAD.replace("  - ports:", "  - from: [{podSelector: {}}]\n    ports:")


def find(context: Context) -> Iterator[Sighting]:
    found: dict[tuple[int, int], tuple[Policy, Rule, list[Unpublished]]] = {}
    ways = ways_in(context.analysis)
    for each in ways.unpublished:
        if not each.isolated:
            continue
        opening = _letting_in(context, context.analysis.workload_by_id[each.workload])
        if opening is not None:
            found.setdefault((id(opening[0]), opening[1].index), (*opening, []))[2].append(each)
    for policy, rule, workloads in found.values():
        yield _sighting(policy, rule, workloads, bool(ways.ways))


def _letting_in(context: Context, workload: Workload) -> tuple[Policy, Rule] | None:
    """The rule that lets the internet in."""
    for part in context.analysis.externals:
        if part.id in OUTSIDE:
            for step in context.analysis.decide(part.id, workload.id).ingress.steps:
                rule = step.rule
                if rule is not None and step.outcome is Verdict.ALLOWED and rule.action is Action.ALLOW:
                    return step.policies[0], rule
    return None


def _sighting(policy: Policy, rule: Rule, workloads: list[Unpublished], something_published: bool) -> Sighting:
    names = [each.workload for each in workloads]
    ports = workloads[0].ports.text() if len({each.ports for each in workloads}) == 1 else "several ports"
    nothing = "nothing" if something_published else "nothing in the input"
    message = (
        f"{ordinal(rule).capitalize()} lets the internet in to {listed(names)} on {ports}, and {nothing} publishes "
        f"{'it' if len(names) == 1 else 'them'}. Name the peers that are meant."
    )
    path = ("spec", str(Direction.INGRESS), rule.index)
    more = (Related(f"{counted(len(names), 'workload')} selected by {policy.title}", policy.source),)
    return Sighting(
        message, policy, path, namespace=policy.namespace, workloads=tuple(names),
        related=more if len(names) > 3 else (), severity=None if something_published else "info",
    )  # fmt: skip
