"""Policy APIs that are read but not evaluated: whom they may select is UNKNOWN, never silently wrong."""

from __future__ import annotations

from webapp.dialects._decoding import Decoding
from webapp.model.policy import Direction, Policy, Subject, Tier

_CALICO = ("projectcalico.org", "crd.projectcalico.org")
_NAMESPACED = {
    **{(group, "NetworkPolicy"): True for group in _CALICO},
    **{(group, "GlobalNetworkPolicy"): False for group in _CALICO},
    ("cilium.io", "CiliumNetworkPolicy"): True,
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): False,
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): False,
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): False,
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): False,
    ("crd.antrea.io", "NetworkPolicy"): True,
    ("crd.antrea.io", "ClusterNetworkPolicy"): False,
    ("networking.gke.io", "FQDNNetworkPolicy"): True,
    ("networking.k8s.aws", "ClusterNetworkPolicy"): False,
    ("networking.k8s.aws", "ApplicationNetworkPolicy"): True,
}
KINDS = set(_NAMESPACED)


def compile_document(decoding: Decoding) -> Policy:
    """A policy that may select every pod of its namespace, or of the cluster, in both directions."""
    document = decoding.document
    namespaced = _NAMESPACED[document.group, document.kind]
    namespace = (document.namespace or "default") if namespaced else None
    rules = dict.fromkeys(Direction, ())
    return Policy(
        document.kind, namespace or "", document.name, Tier.NETWORK_POLICY, Subject(namespace, None), rules,
        document.source, set_aside="dialect_not_evaluated",
    )  # fmt: skip
