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
    "no_backend": "No pod stands behind the Service: its selector matches none.",
    "no_endpoints": "The Service selects no pods by itself, and the input holds no EndpointSlice that tells its "
    "addresses. Add it, or ask about the pods.",
    "no_service_port": "The Service has no such port.",
    "names_target_port": "The port is a target port of the Service, not one of its own: clients and Ingresses name the "
    "port of the Service.",
    "target_port_absent": "The target port of the Service is a name that none of its pods declares with that protocol, "
    "so none of them is a backend.",
    "external_name": "The Service stands for a name outside the cluster; which addresses that has cannot be known from "
    "manifests.",
    "no_service": "The Service that is published is not in the input.",
    "controller_unknown": "Who carries this traffic is not known: no ingress controller was recognised. Name it with "
    "--ingress-controller.",
    "controller_outside": "The traffic comes from addresses outside the pods (a load balancer of the cloud), and "
    "policies treat addresses differently.",
    "controllers_differ": "Several controllers may carry this traffic, and policies do not let all of them in. Name "
    "the right one with --ingress-controller.",
    "is_dns": "The workload is the cluster's DNS itself.",
    "dns_not_in_input": "The cluster's DNS is not in the input, and whether the rules match it depends on what is not "
    "known of it. Add its Service and its pods.",
    "some_dns_only": "Only some of the cluster's DNS servers may be asked.",
    "dns_protocol_absent": "The Service of the cluster's DNS has no port 53 of this protocol.",
}
"""code -> the sentence of the help page."""

NOTES: Final[dict[str, str]] = {
    "replicas": "This is about two pods of the same workload; a single pod can always reach itself.",
    "no_running_pod": "One end has no running pod (scaled to zero, suspended or completed); its template is judged.",
    "host_network": "One end uses its node's network: it is judged as that node.",
    "node_traffic": "The destination's own node can always reach it (probes by the kubelet); that is not policed.",
    "hairpin": "A pod may reach itself through the Service. Whether policies let that pass is left to the "
    "implementation; it is taken as allowed by NetworkPolicies.",
    "headless": "The Service is headless: clients dial the pods, and no port is translated.",
    "source_address": "The nodes may put their own address in the place of the client's (externalTrafficPolicy is not "
    "Local); an address block in a policy then sees the node.",
    "not_published": "Nothing leads from outside the cluster to a Service of type ClusterIP; only its pods are judged.",
    "external_name": "The name may stand for any address outside the cluster; all of them fare alike.",
    "reference_grant": "The route leads into another namespace, for which a ReferenceGrant there is needed.",
    "controller_absent": "The chosen controller is not in the input; what is not known of its pods stays unknown.",
}
"""Facts beside a verdict."""

MISSES: Final[dict[str, str]] = {
    "pod_label": "The rule asks for a label that the pod at the other end does not have with this value.",
    "namespace_label": "The rule asks for a label that the namespace at the other end does not have with this value.",
    "own_namespace_only": "The rule has a podSelector and no namespaceSelector, so it selects pods of the policy's own "
    "namespace only.",
    "both_selectors": "A namespaceSelector and a podSelector in one list item must both match; in two items either "
    "would do.",
    "host_network_peer": "The pod at the other end uses the network of its node, so no selector matches it; an ipBlock "
    "with the address of the node does.",
    "protocol_mismatch": "The rule lists the port with another protocol. Without one it is TCP.",
    "address_outside": "The address is not in the block of the rule.",
    "address_excepted": "The address is in the block of the rule, and in one of its excepts.",
    "address_family": "The block of the rule is of the other address family: 0.0.0.0/0 holds no IPv6 address, ::/0 no "
    "IPv4 address.",
    "block_without_pods": "By the switch --ipblock-pods never, no ipBlock matches a pod.",
    "wrong_direction": "A rule of the other direction would match. It speaks of connections that the other end opens.",
    "direction_not_listed": "The policy has a rule that would match, and its policyTypes does not list the direction, "
    "so the rule is ignored.",
    "one_sided": "A rule at the other end allows this; a connection needs a rule at both ends.",
    "subject_label": "A policy with a rule that would match does not select this pod, for a label.",
    "subject_namespace": "A policy with a rule that would match does not select this pod, for a label of "
    "its namespace.",
    "policy_elsewhere": "A policy with a rule that would match stands in another namespace, and selects no pod there.",
    "asked_later": "A rule would allow this, and is asked after the one that denies it.",
}
"""What a near miss lacks; `port_mismatch` and `named_port_absent` may be that as well."""

MARKS: Final[dict[str, str]] = {
    "selects_nothing": "No pod of the input is selected, so nothing is changed. Look at its labels and its namespace.",
    "adds_nothing": "Without it every verdict would be the same: other policies say the same, or stand before it.",
    "opens_everything": "A rule lets everyone in, or out to everyone, on every port, for whom the policy selects.",
    "set_aside": "The API server would reject the policy. Whatever it may select is unknown until it is mended.",
    "not_evaluated": "The policy is of an API that is not evaluated yet. Whatever it may select is unknown.",
}
"""What is odd about a policy."""
