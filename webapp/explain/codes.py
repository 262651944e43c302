"""Every reason code with the sentence that explains it; the help page gives each an anchor."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    "not_isolated": "No policy isolates the pod in this direction, so everything is allowed on this side.",
    "rule_allows": "A rule of a policy allows this.",
    "rule_denies": "A rule of an admin or baseline policy denies this. No later rule or policy can allow it.",
    "rule_passes": "A rule of an admin policy passes this on: the NetworkPolicies, or else the baseline, decide.",
    "default_allows": "No policy of any tier decides, so Kubernetes' default holds: everything is allowed.",
    "no_rule_matches": "None of the rules matches. NetworkPolicies isolate the pod, so nothing else is allowed; "
    "after admin and baseline policies the next tier is asked.",
    "port_mismatch": "The rule matches the other end but lists other ports.",
    "peer_mismatch": "The rule selects other peers.",
    "namespace_mismatch": "The rule's pod selector matches, but it asks for another namespace.",
    "named_port_absent": "The rule names a port that the destination does not declare under that name and protocol.",
    "no_common_port": "The source may leave on some ports and the destination accepts some, but none is in both.",
    "same_pod": "A pod can always reach itself by its own address.",
    "host_network": "The pod uses the network of its node: selectors do not match it and policies do not select it.",
    "not_a_pod": "This end is an address, not a pod; policies act on pods only.",
    "no_common_family": "The two ends share no address family (IPv4, IPv6) in which both sides allow it.",
    "undeclared_namespace_labels": "A namespace is used but not declared, so its labels are not known. Add the "
    "Namespace, or assume that it has only its name label (--undeclared-namespaces unlabelled).",
    "labels_unknown": "A label that a selector asks for cannot be known from the input.",
    "address_unknown": "An address block decides, and the address of the pod is not known. Give --pod-cidr, or load "
    "the live pods.",
    "policy_set_aside": "A policy that the API server would reject may select the pod; what it means is not known.",
    "dialect_not_evaluated": "A policy of an API that is not evaluated yet may select the pod.",
    "ambiguous_priority": "Policies of equal priority, or of two generations of the API, say different things, and "
    "which of them is asked first is not defined. Give them different priorities.",
    "domain_name": "A rule speaks of a domain name; which addresses it stands for cannot be known from manifests.",
    "node_unknown": "A rule speaks of nodes by their labels, and the node of the hostNetwork pod is not in the input.",
    "duplicate_object": "An object is given more than once with different content; which one is meant is not known.",
}
"""code -> the sentence of the help page."""

NOTES: Final[dict[str, str]] = {
    "replicas": "This is about two pods of the same workload; a single pod can always reach itself.",
    "no_running_pod": "One end has no running pod (scaled to zero, suspended or completed); its template is judged.",
    "host_network": "One end uses its node's network: it is judged as that node.",
    "node_traffic": "The destination's own node can always reach it (probes by the kubelet); that is not policed.",
}
"""Facts beside a verdict."""
