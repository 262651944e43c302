"""Rules of a direction that policyTypes does not list.

They are read and ignored: the pods stay open in that direction, or closed by other policies, whatever the rules say.

**Put it right**: add the direction to `policyTypes`, or remove the rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import counted
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
TELLS = ("rules_ignored",)
BAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress:  # <-
  - to: [{podSelector: {}}]
"""
GOOD = BAD.replace("[Ingress]", "[Ingress, Egress]")


def find(context: Context) -> Iterator[Sighting]:
    for compiled in context.network_policies:
        policy = compiled.policy
        for direction, rules in policy.unlisted.items():
            word = direction.capitalize()
            message = (
                f"policyTypes does not list {word}, so {counted(len(rules), f'{direction} rule')} here "
                f"{'is' if len(rules) == 1 else 'are'} ignored. Add {word} to policyTypes, or remove the rules."
            )
            yield Sighting(message, policy, ("spec", str(direction)), namespace=policy.namespace)
