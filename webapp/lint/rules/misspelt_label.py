"""A selector matches nothing, and a label one slip away would.

`app: fronted` where the pods have `app: frontend`: the rule or the policy is without effect.

**Put it right**: write the label as the pods, or the namespaces, have it.

**Silent** for short words (`api` and `app` differ on purpose) and words that differ in digits only, and where
anything is matched.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import requirement_text
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: frontend}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: fronted  # <-
"""
GOOD = BAD.replace("fronted", "frontend")


def find(context: Context) -> Iterator[Sighting]:
    for each in context.diagnoses:
        if each.code == "misspelt_label":
            slip, policy = each.slip, each.policy
            assert slip is not None
            who = "namespace" if slip.on_namespace else "pod"
            what = "peer allows nothing" if each.rule is not None else "policy selects nothing"
            message = (
                f"No {who} has {requirement_text(slip.term)}, so this {what}. There is {slip.meant_key}="
                f"{slip.meant_value}: if that is meant, write it so."
            )
            yield Sighting(message, policy, each.path, namespace=policy.namespace)
