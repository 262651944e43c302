"""Policies of the Admin or Baseline tier with the same priority.

Which of them is asked first is not defined. Today they do not contradict each other; one more rule or pod, and it is
undefined what holds.

**Put it right**: give each policy a priority of its own.

**Silent** where the tie makes a difference already: that is a problem of the input (`ambiguous_priority`) and makes
verdicts UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Related, Sighting
from webapp.lint.wording import listed
from webapp.model.policy import Policy, Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "info"
BAD = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: first}
spec:
  priority: 10
  subject: {namespaces: {}}
  ingress: [{action: Pass, from: [{namespaces: {}}]}]
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: second}
spec:
  priority: 10  # <-
  subject: {namespaces: {matchLabels: {team: a}}}
  ingress: [{action: Pass, from: [{namespaces: {}}]}]
"""
GOOD = BAD.replace("priority: 10  # <-", "priority: 20")


def find(context: Context) -> Iterator[Sighting]:
    ties: dict[tuple[Tier, str, int], list[Policy]] = {}
    for compiled in context.policies:
        policy = compiled.policy
        if policy.tier is not Tier.NETWORK_POLICY:
            ties.setdefault((policy.tier, policy.kind, policy.order), []).append(policy)
    told = {problem.source for problem in context.analysis.problems if problem.code == "ambiguous_priority"}
    for (_, _, order), policies in ties.items():
        if len(policies) < 2 or any(policy.source in told for policy in policies):
            continue
        *others, last = sorted(policies, key=lambda policy: policy.source)
        message = (
            f"{listed([policy.title for policy in others])} and this policy have the same priority {order}, so it "
            f"is not "
            "defined which is asked first. It makes no difference yet. Give each a priority of its own."
        )
        related = tuple(Related(policy.title, policy.source) for policy in others[:3])
        yield Sighting(message, last, ("spec", "priority"), related=related)
