"""A policy selects no pod.

It isolates nobody and its rules allow nothing. Often the selector has a label that the pods had once, or that only
the Deployment has and not its pod template.

**Put it right**: write the labels of `spec.template.metadata.labels`, or remove the policy.

**Silent** where the input holds no pod of the policy's namespace: it may just not be there. A likely slip is told by
`misspelt_label` instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
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
metadata: {name: backend, namespace: shop}
spec:
  podSelector: {matchLabels: {tier: backend}}  # <-
"""
GOOD = BAD.replace("{app: web}", "{app: web, tier: backend}")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "policy_selects_nothing":
            policy = each.policy
            cure = "Write labels that the pod templates have, or remove the policy."
            hosts = ""
            if each.on_hosts:
                hosts = " but hostNetwork pods, which no policy selects"
                cure = "Take them off the network of the node, or remove the policy."
            message = (
                f"{selector_text(policy.subject.pods)} matches no pod of namespace {policy.namespace}{hosts}, so this "
                f"policy isolates nobody and allows nothing. {cure}"
            )
            yield Sighting(message, policy, each.path, namespace=policy.namespace)
