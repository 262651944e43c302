"""An ipBlock covers addresses of pods.

Addresses of pods change whenever a pod is started anew, and network plugins differ: some (Cilium) never match a pod
by an ipBlock. Rules about pods are written with selectors.

**Put it right**: write a podSelector or a namespaceSelector for pods; if only addresses outside the cluster are
meant, except the pod range.

A warning where the block lies inside the pod range, so that only pods can be meant; an info where it holds the pod
range and more. **Silent** for 0.0.0.0/0 and ::/0, where no pod range is known and no pod has an address in the block,
and with `--ipblock-pods never`.
"""

from __future__ import annotations

from collections.abc import Iterator

from webapp.lint.context import Context
from webapp.lint.finding import Sighting
from webapp.lint.wording import peers_key
from webapp.model.addresses import Block
from webapp.model.miss import Path
from webapp.model.policy import Peer, Tier
from webapp.model.problem import Severity

SEVERITY: Severity = "warning"
BAD = """
apiVersion: v1
kind: Node
metadata: {name: n1}
spec: {podCIDRs: [10.244.0.0/24]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
  - from:
    - ipBlock: {cidr: 10.244.0.7/32}  # <-
"""
GOOD = BAD.replace("10.244.0.7/32", "192.0.2.7/32")


def find(context: Context) -> Iterator[Sighting]:
    for compiled, grant in context.rules:
        policy, rule = compiled.policy, grant.rule
        for index, peer in enumerate(rule.peers or ()):
            if peer.block is None or policy.tier is not Tier.NETWORK_POLICY:
                continue
            what = _over(context, policy.namespace, peer)
            if not what:
                continue
            inside = _is_inside(context, peer.block)
            cure = "Write a selector for pods."
            if not inside:
                cure = "Write selectors for pods, and except their range if only addresses outside are meant."
            message = (
                f"{peer.block.network.text()} holds {what}. Addresses of pods change, and some network plugins "
                f"match no pod "
                f"by an ipBlock. {cure}"
            )
            path: Path = ("spec", str(rule.direction), rule.index, peers_key(rule.direction), index, "ipBlock")
            severity: Severity = "warning" if inside else "info"
            yield Sighting(message, policy, path, namespace=policy.namespace, severity=severity)


def _over(context: Context, namespace: str, peer: Peer) -> str:
    """Whom it holds of pods; '' if nobody is known."""
    block = peer.block
    if block is None or block.network.is_family or context.analysis.assumptions.ipblock_pods == "never":
        return ""
    networks = context.analysis.snapshot.pod_networks
    ranges = [network.text() for network in networks if block.relation(network) is not False]
    if ranges:
        return f"addresses of the pod range {ranges[0]}"
    columns = context.coverage.peer(namespace, peer)[0]
    pods = (columns[0] | columns[1]) & context.coverage.pods
    return f"the address of {context.names(pods)}" if pods else ""


def _is_inside(context: Context, block: Block) -> bool:
    return any(network.holds(block.network) for network in context.analysis.snapshot.pod_networks)
