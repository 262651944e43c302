"""Policy APIs that are read but not evaluated: whom they may select is UNKNOWN, never silently wrong."""

from __future__ import annotations

from webapp.dialects._decoding import Decoding
from webapp.manifests.kinds import CLUSTER_WIDE, POLICIES
from webapp.model.policy import Direction, Policy, Subject, Tier

_EVALUATED = frozenset({
    ("networking.k8s.io", "NetworkPolicy"),
    *(("policy.networking.k8s.io", kind) for kind in POLICIES["policy.networking.k8s.io"]),
})  # fmt: skip
_NO_POLICIES = frozenset({
    "StagedNetworkPolicy", "StagedGlobalNetworkPolicy", "StagedKubernetesNetworkPolicy",  # previews: not enforced
    "NetworkSet", "GlobalNetworkSet", "Tier", "Group", "ClusterGroup", "CiliumCIDRGroup",  # what policies refer to
    "MultiNetworkPolicy",  # speaks of secondary networks only
})  # fmt: skip
KINDS = {
    (group, kind)
    for group, kinds in POLICIES.items()
    for kind in kinds
    if (group, kind) not in _EVALUATED and kind not in _NO_POLICIES
}


def compile_document(decoding: Decoding) -> Policy:
    """A policy that may select every pod of its namespace, or of the cluster, in both directions."""
    document = decoding.document
    namespaced = document.kind not in CLUSTER_WIDE
    namespace = (document.namespace or "default") if namespaced else None
    rules = dict.fromkeys(Direction, ())
    return Policy(
        document.kind, namespace or "", document.name, Tier.NETWORK_POLICY, Subject(namespace, None), rules,
        document.source, set_aside="dialect_not_evaluated",
    )  # fmt: skip
