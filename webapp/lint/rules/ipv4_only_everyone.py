"""0.0.0.0/0 in a cluster that has IPv6 addresses too, and no ::/0 beside it.

0.0.0.0/0 is every IPv4 address and not one of IPv6. An allow rule leaves those shut; a deny rule of the Admin or
Baseline tier leaves them open.

**Put it right**: add `::/0` as another peer, with its own excepts.

**Silent** where no pod, node or pod range of the input has an IPv6 address.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import ordinal, peers_key
from webapp.model.addresses import Block
from webapp.model.miss import Path
from webapp.model.policy import Action, Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
status: {podIPs: [{ip: 10.0.0.7}, {ip: "2001:db8::7"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}  # <-
"""
GOOD = BAD + "    - ipBlock: {cidr: '::/0'}\n"


def find(context: Context) -> Iterator[Sighting]:
    if not _has_v6(context):
        return
    for compiled, grant in context.rules:
        policy, rule = compiled.policy, grant.rule
        blocks = [(index, peer.block) for index, peer in enumerate(rule.peers or ()) if peer.block is not None]
        whole = [(index, block) for index, block in blocks if block.network.is_family]
        if not whole or any(block.network.family == 6 for _, block in blocks):
            continue
        index, block = whole[0]
        path: Path = ("spec", str(rule.direction), rule.index)
        if policy.tier is Tier.NETWORK_POLICY:
            path = (*path, peers_key(rule.direction), index, "ipBlock")
        yield Sighting(_message(block, ordinal(rule), rule.action), policy, path, namespace=policy.namespace)


def _message(block: Block, where: str, action: Action) -> str:
    left = "open" if action is Action.DENY else "shut"
    return (
        f"{block.network.text()} holds no IPv6 address, so {where} leaves IPv6 {left}, and this cluster has pods or "
        f"nodes "
        "with IPv6 addresses. Add a peer ::/0 if all addresses are meant."
    )


def _has_v6(context: Context) -> bool:
    inventory = context.analysis.inventory
    if any(network.family == 6 for network in context.analysis.snapshot.pod_networks):
        return True
    addresses = [each.addresses for each in inventory.endpoints] + [each.addresses for each in inventory.nodes]
    return any(":" in text for each in addresses for text in each)
