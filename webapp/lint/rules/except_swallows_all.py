"""The excepts of an ipBlock take away all of it.

The block matches no address, so the peer allows nothing.

**Put it right**: correct the excepts, or remove the peer.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import peers_key
from webapp.model.policy import Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "error"
BAD = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock:  # <-
        cidr: 10.0.0.0/8
        except: [10.0.0.0/9, 10.128.0.0/9]
"""
GOOD = BAD.replace(", 10.128.0.0/9", "")


def find(context: Context) -> Iterator[Sighting]:
    for compiled, grant in context.rules:
        policy, rule = compiled.policy, grant.rule
        for index, peer in enumerate(rule.peers or ()):
            block = peer.block
            if policy.tier is Tier.NETWORK_POLICY and block is not None and block.relation(block.network) is False:
                message = (
                    f"The excepts take away all of {block.network.text()}, so this peer matches no address. Correct "
                    f"them, "
                    "or remove the peer."
                )
                path = ("spec", str(rule.direction), rule.index, peers_key(rule.direction), index, "ipBlock")
                yield Sighting(message, policy, path, namespace=policy.namespace)
