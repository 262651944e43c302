"""Rows 85-127, 134 and 135: AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy."""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

from tests.corner_cases.case import Case
from tests.corner_cases.world import (
    anp,
    banp,
    cnp,
    deployment,
    documents,
    everyone,
    in_namespace,
    namespace,
    node,
    np,
    pod,
    world,
)


def given(*objects: str) -> str:
    return documents([world(), *objects])


def spaces(*names: str) -> str:
    """A peer, or a subject: all pods of these namespaces."""
    return f"namespaces: {{{in_namespace(*names)}}}"


def pod_of(home: str, name: str) -> str:
    """A peer, or a subject: one pod."""
    return f"pods: {{namespaceSelector: {{{in_namespace(home)}}}, podSelector: {{matchLabels: {{pod: {name}}}}}}}"


def ingress(*rules: str) -> str:
    return f"ingress: [{', '.join(rules)}]"


def egress(*rules: str) -> str:
    return f"egress: [{', '.join(rules)}]"


def rule(action: str, peer: str, more: str = "", key: str = "from") -> str:
    return f"{{action: {action}, {key}: [{{{peer}}}]{', ' + more if more else ''}}}"


def tcp(port: int) -> str:
    return f"protocols: [{{tcp: {{destinationPort: {{number: {port}}}}}}}]"


def old_tcp(port: int) -> str:
    return f"ports: [{{portNumber: {{protocol: TCP, port: {port}}}}}]"


EVERYWHERE = "namespaces: {}"
IN_X = spaces("x")
ALLOW_Y = f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('y')}}}}}]}}]"
ANY_V4 = "networks: ['0.0.0.0/0']"
HOST = pod("x/h", "pod: h", ip="192.168.0.1", spec="hostNetwork: true, nodeName: n1")
DNS_POD = pod("x/dns", "pod: dns", ip="10.0.1.53", ports="{name: dns, containerPort: 53, protocol: UDP}")
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: x}\n"
    "spec: {selector: {pod: a}, ports: [{port: 8000, targetPort: 80}]}\n"
)
DENY_ALL_IN = rule("Deny", EVERYWHERE)

CASES = (
    Case(85, "Admin denies what np allows", given(cnp(ingress(rule("Deny", spaces("y"))), subject=IN_X), np(ALLOW_Y)), (
        "y/b -> x/a: blocked at target because rule_denies",
    )),
    Case(86, "Admin passes, np allows, Baseline denies", given(
        cnp(ingress(rule("Pass", spaces("y"))), subject=IN_X), np(ALLOW_Y),
        cnp(ingress(DENY_ALL_IN), subject=IN_X, tier="Baseline", name="base"),
    ), ("y/b -> x/a: allowed", "y/b -> x/b: blocked at target")),
    Case(87, "Admin passes, no np, Baseline denies", given(
        cnp(ingress(rule("Pass", spaces("y"))), subject=IN_X), cnp(ingress(DENY_ALL_IN), subject=IN_X, tier="Baseline", name="base"),
    ), ("y/b -> x/a: blocked at target",)),
    Case(88, "np isolates, Baseline would accept", given(np(), cnp(ingress(rule("Accept", EVERYWHERE)), subject=IN_X, tier="Baseline")), (
        "y/b -> x/a: blocked at target because no_rule_matches",
    )),
    Case(89, "np for the other direction does not end the chain", given(
        np("egress: [{}]", types="Egress"), cnp(ingress(DENY_ALL_IN), subject=IN_X, tier="Baseline"),
    ), ("y/b -> x/a: blocked at target because rule_denies",)),
    Case(90, "priority 50 denies, 60 passes", given(
        cnp(ingress(DENY_ALL_IN), subject=IN_X, priority=50, name="deny"), cnp(ingress(rule("Pass", EVERYWHERE)), subject=IN_X, priority=60, name="pass"),
    ), ("y/b -> x/a: blocked at target",)),
    Case(90, "priority 40 passes, 50 denies", given(
        cnp(ingress(DENY_ALL_IN), subject=IN_X, priority=50, name="deny"), cnp(ingress(rule("Pass", EVERYWHERE)), subject=IN_X, priority=40, name="pass"),
    ), ("y/b -> x/a: allowed",)),
    Case(91, "equal priority, different actions", given(
        cnp(ingress(DENY_ALL_IN), subject=IN_X, name="deny"), cnp(ingress(rule("Accept", EVERYWHERE)), subject=IN_X, name="accept"),
    ), ("y/b -> x/a: unknown because ambiguous_priority",)),
    Case(92, "equal priority, disjoint subjects", given(
        cnp(ingress(DENY_ALL_IN), subject=IN_X, name="deny"), cnp(ingress(rule("Accept", EVERYWHERE)), subject=spaces("y"), name="accept"),
    ), ("z/b -> x/a: blocked at target", "z/b -> y/a: allowed")),
    Case(93, "rules in order: accept 80, deny all", given(cnp(ingress(rule("Accept", EVERYWHERE, tcp(80)), DENY_ALL_IN), subject=IN_X)), (
        "y/b -> x/a:80: allowed", "y/b -> x/a:81: blocked",
    )),
    Case(93, "rules in order: deny all, accept 80", given(cnp(ingress(DENY_ALL_IN, rule("Accept", EVERYWHERE, tcp(80))), subject=IN_X)), (
        "y/b -> x/a:80: blocked", "y/b -> x/a:81: blocked",
    )),
    Case(94, "egress rules alone leave ingress open", given(anp(egress(rule("Deny", spaces("y"), key="to")), subject=IN_X)), (
        "y/b -> x/a: allowed", "x/a -> y/b: blocked at source", "x/a -> z/b: allowed",
    )),
    Case(95, "Accept at the source does not open the destination", given(
        cnp(egress(rule("Accept", spaces("y"), key="to")), subject=IN_X), np(subject="b", home="y"),
    ), ("x/a -> y/b: blocked at target because no_rule_matches",)),
    Case(96, "Admin accepts what np does not allow", given(cnp(ingress(rule("Accept", spaces("z")))), everyone(home="x")), (
        "z/a -> x/a: allowed", "y/a -> x/a: blocked at target",
    )),
    Case(97, "namespaces do not match what is external", given(cnp(ingress(DENY_ALL_IN), subject=IN_X)), (
        "internet -> x/a: allowed", "y/b -> x/a: blocked at target",
    )),
    Case(98, "namespaces do not match nodes", given(cnp(ingress(DENY_ALL_IN), subject=IN_X, tier="Baseline")), (
        "192.168.0.1 -> x/a: allowed", "y/b -> x/a: blocked at target",
    )),
    Case(99, "networks match pods", given(cnp(egress(rule("Deny", ANY_V4, key="to")), subject=IN_X)), (
        "x/a -> y/b: blocked at source", "x/a -> 203.0.113.7: blocked at source", "x/a -> 2001:db8::1: blocked because no_common_family",
        "y/a -> z/b: allowed",
    )),
    Case(100, "a Pass to pods before that Deny", given(
        cnp(egress(rule("Pass", EVERYWHERE, key="to"), rule("Deny", ANY_V4, key="to")), subject=IN_X),
    ), ("x/a -> y/b: allowed", "x/a -> 203.0.113.7: blocked at source")),
    Case(101, "Accept to one address, then Deny", given(
        cnp(egress(rule("Accept", "networks: [10.0.2.2/32]", key="to"), rule("Deny", ANY_V4, key="to")), subject=IN_X),
    ), ("x/a -> y/b: allowed", "x/a -> y/a: blocked at source")),
    Case(102, "nodes match the address of a hostNetwork pod", given(
        HOST, cnp(egress(rule("Deny", "nodes: {}", key="to")), subject=IN_X),
    ), ("x/a -> x/h: blocked at source", "x/a -> 192.168.0.2: blocked at source", "x/a -> y/b: allowed")),
    Case(102, "a selector of nodes that means nothing matches no node, known or not", given(
        pod("x/far", "pod: far", spec="hostNetwork: true"),
        cnp(egress(rule("Deny", "nodes: {matchExpressions: [{key: zone, operator: in, values: [a]}]}", key="to")), subject=IN_X),
    ), ("x/a -> x/far: allowed",), problems=("spec.egress[0].to[0].nodes.matchExpressions[0].operator",)),
    Case(103, "pods do not match a hostNetwork pod", given(
        HOST, cnp(egress(rule("Accept", pod_of("x", "h"), key="to"), rule("Deny", "nodes: {}", key="to")), subject=IN_X),
    ), ("x/a -> x/h: blocked at source",)),
    Case(104, "a named port takes the destination's number and protocol", given(
        DNS_POD, cnp(ingress(rule("Accept", EVERYWHERE, "protocols: [{destinationNamedPort: dns}]"), DENY_ALL_IN), subject=IN_X),
    ), ("y/b -> x/dns:53/UDP: allowed", "y/b -> x/dns:53/TCP: blocked", "y/b -> x/dns:5353/UDP: blocked")),
    Case(105, "a peer with podSelector alone is of all namespaces", given(
        cnp(ingress(rule("Deny", "pods: {podSelector: {matchLabels: {pod: b}}}")), subject=IN_X),
    ), ("y/b -> x/a: blocked at target", "x/b -> x/a: blocked at target", "y/a -> x/a: allowed")),
    Case(106, "v1alpha1 wants both selectors of pods", given(
        anp(ingress(rule("Deny", "pods: {podSelector: {matchLabels: {pod: b}}}")), subject=IN_X),
    ), ("y/b -> x/a: unknown because policy_set_aside",), problems=("spec.ingress[0].from[0].pods.namespaceSelector",)),
    Case(107, "the old shape of a peer", given(
        anp(ingress(rule("Deny", f"namespaces: {{namespaceSelector: {{{in_namespace('y')}}}}}")), subject=IN_X),
    ), ("y/b -> x/a: unknown because policy_set_aside",),
        problems=("spec.ingress[0].from[0].namespaces.namespaceSelector",)),
    Case(108, "a null subject", given(anp(ingress(DENY_ALL_IN), subject="namespaces: null")), ("y/b -> x/a: unknown",), problems=("spec.subject",)),
    Case(109, "a null label in nodes is pruned", given(
        node("n3", "192.168.0.3"), cnp(egress(rule("Deny", "nodes: {matchLabels: {role: null}}", key="to")), subject=IN_X),
    ), ("x/a -> 192.168.0.3: blocked at source", "x/a -> 192.168.0.1: blocked at source"), problems=("spec.egress[0].to[0].nodes.matchLabels.role",)),
    Case(110, "tcp without a port", given(cnp(ingress(rule("Deny", EVERYWHERE, "protocols: [{tcp: {}}]")), subject=IN_X)), (
        "y/b -> x/a:80: unknown because policy_set_aside",
    ), problems=("spec.ingress[0].protocols[0].tcp",)),
    Case(111, "the whole range is every port of the protocol", given(
        cnp(ingress(rule("Deny", EVERYWHERE, "protocols: [{tcp: {destinationPort: {range: {start: 1, end: 65535}}}}]")), subject=IN_X),
    ), ("y/b -> x/a:1: blocked", "y/b -> x/a:65535: blocked", "y/b -> x/a:80/UDP: allowed")),
    Case(112, "a range of one port, v1alpha2", given(
        cnp(ingress(rule("Deny", EVERYWHERE, "protocols: [{tcp: {destinationPort: {range: {start: 80, end: 80}}}}]")), subject=IN_X),
    ), ("y/b -> x/a:80: unknown because policy_set_aside",),
        problems=("spec.ingress[0].protocols[0].tcp.destinationPort.range",)),
    Case(112, "a range of one port, v1alpha1", given(
        anp(ingress(rule("Deny", EVERYWHERE, "ports: [{portRange: {protocol: TCP, start: 80, end: 80}}]")), subject=IN_X),
    ), ("y/b -> x/a:80: blocked", "y/b -> x/a:81: allowed")),
    Case(113, "an empty name of a port fails closed: Accept", given(
        cnp(ingress(rule("Accept", EVERYWHERE, 'protocols: [{destinationNamedPort: ""}]'), DENY_ALL_IN), subject=IN_X),
    ), ("y/b -> x/a:80: blocked",), problems=("spec.ingress[0].protocols[0].destinationNamedPort",)),
    Case(113, "an empty name of a port fails closed: Deny", given(
        cnp(ingress(rule("Deny", spaces("z"), 'protocols: [{destinationNamedPort: ""}]')), subject=IN_X),
    ), ("y/b -> x/a: blocked at target because rule_denies", "internet -> x/a: blocked at target", "y/b -> z/a: allowed"),
        problems=("spec.ingress[0].protocols[0].destinationNamedPort",)),
    Case(114, "networks with a named port", given(
        DNS_POD,
        cnp(egress(rule("Accept", "networks: [10.0.0.0/8]", "protocols: [{destinationNamedPort: dns}]", key="to"), rule("Deny", ANY_V4, key="to")),
            subject=IN_X),
    ), ("x/a -> x/dns:53/UDP: allowed", "x/a -> y/b:53/UDP: blocked", "x/a -> 10.200.0.1:53/UDP: blocked"), problems=("spec.egress[0].protocols",)),
    Case(115, "a Pass in the Baseline tier", given(
        cnp(ingress(rule("Pass", EVERYWHERE)), subject=IN_X, tier="Baseline", priority=1, name="pass"),
        cnp(ingress(DENY_ALL_IN), subject=IN_X, tier="Baseline", priority=2, name="deny"),
    ), ("y/b -> x/a: allowed",)),
    Case(116, "a Baseline policy with another name", given(banp(ingress(DENY_ALL_IN), subject=IN_X, name="foo")), (
        "y/b -> x/a: unknown",
    ), problems=("metadata.name",)),
    Case(117, "action Allow in a ClusterNetworkPolicy", given(cnp(ingress(rule("Allow", EVERYWHERE)), subject=IN_X)), (
        "y/b -> x/a: unknown",
    ), problems=("spec.ingress[0].action",)),
    Case(117, "action Accept in an AdminNetworkPolicy", given(anp(ingress(rule("Accept", EVERYWHERE)), subject=IN_X)), (
        "y/b -> x/a: unknown",
    ), problems=("spec.ingress[0].action",)),
    Case(118, "priority 1001", given(anp(ingress(DENY_ALL_IN), subject=IN_X, priority=1001)), ("y/b -> x/a: unknown",), problems=("spec.priority",)),
    Case(118, "priority below zero", given(anp(ingress(DENY_ALL_IN), subject=IN_X, priority=-1)), ("y/b -> x/a: unknown",), problems=("spec.priority",)),
    Case(118, "priority zero", given(anp(ingress(DENY_ALL_IN), subject=IN_X, priority=0)), ("y/b -> x/a: blocked at target",)),
    Case(119, "a Deny of one port leaves the rest", given(cnp(ingress(rule("Deny", EVERYWHERE, tcp(80))), subject=IN_X)), (
        "y/b -> x/a:80: blocked", "y/b -> x/a:81: allowed", "y/b -> x/a:80/UDP: allowed",
    )),
    Case(120, "domain names are not addresses", given(
        cnp(egress(rule("Accept", "domainNames: ['*.k.io']", key="to"), rule("Deny", ANY_V4, key="to")), subject=IN_X),
    ), ("x/a -> 203.0.113.7: unknown because domain_name", "x/a -> y/b: blocked at source")),
    Case(121, "a domain name without its DNS", given(
        deployment("y/dns", "k8s-app: kube-dns"),
        cnp(egress(rule("Accept", "domainNames: [a.k.io]", key="to"), rule("Deny", ANY_V4, key="to")), subject=IN_X),
    ), ("x/a -> y/dns:53/UDP: blocked at source",)),
    Case(122, "a domain name in a Deny", given(cnp(egress(rule("Deny", "domainNames: [a.k.io]", key="to")), subject=IN_X)), (
        "x/a -> 203.0.113.7: unknown because domain_name", "x/a -> y/b: allowed",
    ), problems=("spec.egress[0].to[0].domainNames",)),
    Case(123, "an empty subject", given(cnp(ingress(DENY_ALL_IN), subject="")), ("y/b -> x/a: unknown",),
         problems=("spec.subject",)),
    Case(123, "a subject with both keys", given(cnp(ingress(DENY_ALL_IN), subject=f"namespaces: {{}}, {pod_of('x', 'a')}")), (
        "y/b -> x/a: unknown",
    ), problems=("spec.subject",)),
    Case(124, "a peer of which nothing is known", given(cnp(ingress(rule("Accept", "")), subject=IN_X)), (
        "y/b -> x/a: unknown because policy_set_aside",
    ), problems=("spec.ingress[0].from[0]",)),
    Case(125, "sameLabels of v0.1.1", documents([
        namespace("u", "user: one"), namespace("v", "user: one"), namespace("w"), pod("u/a"), pod("v/a"), pod("w/a"),
        anp(ingress(rule("Deny", "namespaces: {sameLabels: [user]}"))),
    ]), ("v/a -> u/a: unknown because policy_set_aside", "w/a -> u/a: unknown"),
        problems=("spec.ingress[0].from[0].namespaces.sameLabels",)),
    Case(126, "a protocol in lower case, v1alpha1", given(
        anp(ingress(rule("Deny", EVERYWHERE, "ports: [{portNumber: {protocol: tcp, port: 80}}]")), subject=IN_X),
    ), ("y/b -> x/a:80: allowed",), problems=("spec.ingress[0].ports[0].portNumber.protocol",)),
    Case(127, "a Deny and a pod to itself", given(SERVICE, cnp(ingress(DENY_ALL_IN), subject=IN_X)), (
        "x/a -> x/a: allowed because same_pod", "x/b -> x/a: blocked at target",
        "x/a -> svc/x/web:8000: blocked at target",
    )),
    Case(134, "Baseline decides the ports that Admin does not match", given(
        anp(ingress(rule("Allow", EVERYWHERE, old_tcp(80))), subject=IN_X), banp(ingress(DENY_ALL_IN), subject=IN_X),
    ), ("y/b -> x/a:80: allowed", "y/b -> x/a:81: blocked")),
    Case(135, "Admin allows a port over np", given(
        np("ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]"), anp(ingress(rule("Allow", EVERYWHERE, old_tcp(80))), subject=IN_X),
    ), ("x/c -> x/a:80: allowed", "x/c -> x/a:81: blocked")),
)  # fmt: skip
