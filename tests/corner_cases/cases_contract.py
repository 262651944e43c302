"""What the contract decides beyond spec §11: set aside, dialects, objects given twice, families, addresses, variants.

And the "must-pass list" of mistakes that other tools make, as far as no row of the table holds it.
"""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

from tests.corner_cases.case import Case
from tests.corner_cases.world import (
    SERVED,
    address_of,
    deployment,
    documents,
    everyone,
    in_namespace,
    namespace,
    node,
    np,
    pod,
    policy,
    world,
)
from webapp.analysis import Assumptions


def given(*objects: str) -> str:
    return documents([world(), *objects])


def calico(kind: str, meta: str) -> str:
    """A Calico policy that denies all, which no evaluated rule can undo."""
    spec = "spec: {selector: all(), types: [Ingress, Egress], ingress: [{action: Deny}], egress: [{action: Deny}]}"
    return f"apiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{{meta}}}\n{spec}\n"


BROKEN = np("ingress: [{from: [{}]}]", name="broken")
BROKEN_BOTH = policy("podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress, egress]", name="broken")
LOCAL, GLOBAL = calico("NetworkPolicy", "name: deny, namespace: x"), calico("GlobalNetworkPolicy", "name: deny")
FROM_Y = f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('y')}}}}}]}}]"
FROM_Z = f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('z')}}}}}]}}]"
SIX = pod("x/six", "pod: six", ip="fd00::6")
DUAL = pod("x/dual", "pod: dual", ip="10.0.1.9").replace(
    'podIP: "10.0.1.9"', 'podIPs: [{ip: 10.0.1.9}, {ip: "fd00::9"}]'
)
NEW = pod("x/new", "pod: new", ports=SERVED)
SET = (
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: x}\n"
    "spec: {replicas: 3, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}\n"
)
HOST_SET = (
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: x}\n"
    "spec: {template: {spec: {hostNetwork: true, containers: [{name: c, image: i}]}}}\n"
)
ON_POD_NAME = "ingress: [{from: [{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: db-1}}}]}]"
ON_HASH = "ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: h1}}}]}]"


def to_blocks(*blocks: str) -> str:
    peers = ", ".join(f"{{ipBlock: {{{block}}}}}" for block in blocks)
    return np(f"egress: [{{to: [{peers}]}}]", types="Egress")


SET_ASIDE = (
    Case(201, "what other policies allow stays allowed", given(BROKEN, np(FROM_Y)), (
        "y/b -> x/a: allowed because rule_allows", "z/b -> x/a: unknown because policy_set_aside", "internet -> x/a: unknown",
        "x/a -> z/b: allowed", "z/b -> x/b: allowed",
    ), problems=("spec.ingress[0].from[0]",)),
    Case(201, "a block at the other end blocks", given(BROKEN, everyone(types="Egress", home="z")), (
        "z/b -> x/a: blocked at source", "y/b -> x/a: unknown",
    ), problems=("spec.ingress[0].from[0]",)),
    Case(201, "directions that cannot be read are both", given(BROKEN_BOTH), (
        "y/b -> x/a: unknown", "x/a -> y/b: unknown", "y/b -> x/b: allowed",
    ), problems=("spec.policyTypes[1]",)),
    Case(201, "a selector that cannot be read is the whole namespace", given(policy("podSelector: {app: a}, policyTypes: [Ingress]")), (
        "y/b -> x/a: unknown", "y/b -> x/b: unknown", "x/a -> y/b: allowed", "x/a -> z/a: allowed",
    ), problems=("spec.podSelector.app",)),
    Case(201, "a mistake in a direction that is not listed", given(np("egress: [{to: [{}]}]")), (
        "y/b -> x/a: unknown", "x/a -> y/b: allowed",
    ), problems=("spec.egress[0].to[0]",)),
    Case(201, "an unknown key", given(policy("podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingres: [{}]")), (
        "y/b -> x/a: unknown", "x/a -> y/b: allowed",
    ), problems=("spec.ingres",)),
    Case(201, "an unknown key where policyTypes is missing", given(policy("podSelector: {matchLabels: {pod: a}}, policytypes: [Egress]")), (
        "y/b -> x/a: unknown", "x/a -> y/b: unknown",
    ), problems=("spec.policytypes",)),
    Case(201, "an unknown key beside matchExpressions", given(
        policy("podSelector: {matchExpressions: [{key: pod, operator: In, values: [a]}]}, policyTypes: [Ingress], ingres: [{}]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/b: allowed", "x/a -> y/b: allowed"), problems=("spec.ingres",)),
    Case(201, "an unknown key in a selector beside sound ones", given(
        policy("podSelector: {matchLabels: {pod: a}, matchExpresions: []}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown because policy_set_aside", "y/b -> x/b: allowed"), problems=("spec.podSelector.matchExpresions",)),
    Case(201, "a misspelt matchLabels alone bounds nothing", given(
        policy("podSelector: {matchLabel: {pod: a}}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/b: unknown", "y/b -> z/b: allowed"), problems=("spec.podSelector.matchLabel",)),
    Case(201, "a bad expression beside a sound one", given(
        policy("podSelector: {matchExpressions: [{key: pod, operator: In, values: [a, b]}, {key: pod, operator: in, values: [a]}]}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/b: unknown", "y/b -> x/c: allowed"), problems=("spec.podSelector.matchExpressions[1].operator",)),
    Case(201, "a label that is no text beside a sound one", given(
        policy("podSelector: {matchLabels: {version: 1, pod: a}}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/b: allowed"), problems=("spec.podSelector.matchLabels.version",)),
    Case(201, "a label given twice beside a sound one", given(
        pod("x/d", "pod: a, tier: b"), policy("podSelector: {matchLabels: {pod: a, tier: a, tier: b}}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/d: unknown", "y/b -> x/b: allowed"), problems=("spec.podSelector.matchLabels.tier",)),
    Case(201, "matchLabels given twice", given(
        policy("podSelector: {matchLabels: {pod: a}, matchLabels: {pod: b}}, policyTypes: [Ingress]"),
    ), ("y/b -> x/a: unknown", "y/b -> x/b: unknown", "y/b -> x/c: unknown"), problems=("spec.podSelector.matchLabels",)),
    Case(201, "a key given twice", given(policy("podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress], ingress: [], ingress: [{}]")), (
        "y/b -> x/a: unknown", "x/a -> y/b: allowed",
    ), problems=("spec.ingress",)),
    Case(201, "a bad port never widens", given(np("ingress: [{ports: [{port: 8000-8100}]}]")), (
        "y/b -> x/a:80: unknown", "y/b -> x/a:8000: unknown",
    ), problems=("spec.ingress[0].ports[0].port",)),
    Case(201, "a bad name is a problem only", given(everyone(name="Not_A_Name")), ("y/b -> x/a: blocked",), problems=("metadata.name",)),
)  # fmt: skip

DIALECTS = (
    Case(202, "no rule undoes a deny that is not evaluated", given(LOCAL, np("ingress: [{}]")), (
        "internet -> x/a: unknown because dialect_not_evaluated", "y/b -> x/a: unknown", "x/a -> y/b: unknown", "y/b -> z/a: allowed",
    )),
    Case(202, "a block at the other end blocks", given(LOCAL, everyone(home="y")), ("x/a -> y/b: blocked at target", "x/a -> z/b: unknown")),
    Case(202, "of the whole cluster", given(GLOBAL, np("ingress: [{}]")), ("internet -> x/a: unknown", "y/b -> z/a: unknown", "y/b -> internet: unknown")),
    Case(202, "left out by the switch", given(GLOBAL, np()), ("y/b -> x/a: blocked", "y/b -> z/a: allowed"),
         switches=Assumptions(ignore_dialects=("GlobalNetworkPolicy",))),
    Case(202, "a NetworkPolicy of Kubernetes is never left out", given(LOCAL, np()), ("y/b -> x/a: blocked", "y/b -> x/b: allowed"),
         switches=Assumptions(ignore_dialects=("NetworkPolicy",))),
)  # fmt: skip

TWICE = (
    Case(203, "the same policy twice is one", given(np(FROM_Y), np(FROM_Y)), ("y/b -> x/a: allowed", "z/b -> x/a: blocked")),
    Case(203, "a policy that contradicts itself", given(np(FROM_Y), np(FROM_Z)), (
        "y/b -> x/a: unknown because duplicate_object", "z/b -> x/a: unknown", "x/b -> x/a: blocked", "y/b -> x/b: allowed",
    ), problems=("",)),
    Case(203, "a policy that contradicts itself beside another", given(np(FROM_Y), np(FROM_Z), np(FROM_Y, name="more")), (
        "y/b -> x/a: allowed", "z/b -> x/a: unknown", "x/b -> x/a: blocked",
    ), problems=("",)),
    Case(203, "a namespace that contradicts itself", given(
        namespace("q", "team: a"), namespace("q", "team: b"), pod("q/a"), np("ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]"),
    ), ("q/a -> x/a: unknown", "y/b -> x/a: blocked"), problems=("",)),
    Case(203, "a pod that contradicts itself in labels", given(
        pod("y/d", "pod: d"), pod("y/d", "pod: e"), np(f"ingress: [{{from: [{{podSelector: {{matchLabels: {{pod: d}}}}, namespaceSelector: {{{in_namespace('y')}}}}}]}}]"),
    ), ("y/d -> x/a: unknown", "y/b -> x/a: blocked"), problems=("",)),
    Case(203, "a pod that contradicts itself in its address", given(
        pod("y/d", ip="10.0.2.8"), pod("y/d", ip="10.0.2.9"), to_blocks("cidr: 10.0.2.8/32"),
    ), ("x/a -> y/d: unknown because duplicate_object", "x/a -> y/b: blocked at source"), problems=("",)),
    Case(203, "addresses that differ and agree", given(
        pod("y/d", ip="10.0.2.8"), pod("y/d", ip="10.0.2.9"), to_blocks("cidr: 10.0.2.8/31"), np("egress: [{to: [{ipBlock: {cidr: 10.9.0.0/16}}]}]", types="Egress", subject="b", name="out"),
    ), ("x/a -> y/d: allowed", "x/b -> y/d: blocked at source", "x/c -> y/d: allowed"), problems=("",)),
    Case(203, "addresses of other families", given(pod("y/d", ip="10.0.2.8"), pod("y/d", ip="fd00::8")), (
        "y/d -> x/a: unknown because duplicate_object", "y/d -> 2001:db8::1: unknown", "y/d -> internet: allowed",
    ), problems=("",)),
    Case(203, "a manifest and the pod made from it are one", given(pod("y/d"), pod("y/d", ip="10.0.2.8"), to_blocks("cidr: 10.0.2.8/32")), (
        "x/a -> y/d: allowed",
    )),
    Case(203, "the address of a pod that has ended does not count", given(
        pod("y/d", ip="10.0.2.8", phase="Succeeded"), pod("y/d", ip="10.0.2.9"), to_blocks("cidr: 10.0.2.9/32"),
    ), ("x/a -> y/d: allowed",), problems=("",)),
    Case(203, "a node that contradicts itself", given(
        node("n3", "192.168.0.3"), node("n3", "192.168.0.4"), pod("y/h", spec="hostNetwork: true, nodeName: n3"),
        to_blocks("cidr: 192.168.0.3/32"), np("egress: [{to: [{ipBlock: {cidr: 192.168.0.0/24}}]}]", types="Egress", subject="b", name="out"),
    ), ("x/a -> y/h: unknown because duplicate_object", "x/b -> y/h: allowed"), problems=("",)),
    Case(203, "a pod on the network of its node, or not", given(
        pod("x/d", "pod: d"), pod("x/d", "pod: d", spec="hostNetwork: true, nodeName: n1"), np(subject="d"),
    ), ("y/b -> x/d: unknown because duplicate_object", "x/d -> y/b: allowed"), problems=("",)),
    Case(203, "blocked in every version, at another end in each", given(
        pod("x/d", "pod: d"), pod("x/d", "pod: e"), np(subject="d"),
        np("egress: [{to: [{podSelector: {matchLabels: {pod: d}}}]}]", types="Egress", subject="b", name="out"),
    ), ("x/b -> x/d: blocked", "x/c -> x/d: unknown because duplicate_object"), problems=("",)),
    Case(203, "a template that contradicts itself", given(
        deployment("x/web", "pod: d"), deployment("x/web", "pod: e"), np(subject="d"), everyone(types="Egress", home="y"),
    ), ("z/b -> x/web: unknown because duplicate_object", "y/b -> x/web: blocked at source", "x/web -> z/b: allowed"), problems=("",)),
    Case(203, "a template that contradicts itself in a named port", given(
        deployment("x/web", ports="{name: http, containerPort: 80}"), deployment("x/web", ports="{name: http, containerPort: 8080}"),
        np("egress: [{ports: [{port: http}, {port: 443}]}]", types="Egress"),
    ), ("x/a -> x/web:80: unknown", "x/a -> x/web:8080: unknown", "x/a -> x/web:443: allowed", "x/a -> x/web:81: blocked"), problems=("",)),
    Case(203, "a set-aside policy decides in every version", given(
        pod("x/d", "pod: d, tier: a"), pod("x/d", "pod: d, tier: b"), np("ingress: [{from: [{}]}]", subject="d"),
        np("egress: [{to: [{podSelector: {matchLabels: {tier: a}}}]}]", types="Egress", subject="c", name="out"),
    ), ("x/b -> x/d: unknown because policy_set_aside",), problems=("", "spec.ingress[0].from[0]")),
    Case(203, "a pod that contradicts itself in a named port", given(
        pod("x/d", "pod: d", ports="{name: http, containerPort: 80}"), pod("x/d", "pod: d", ports="{name: http, containerPort: 8080}"),
        np("ingress: [{ports: [{port: http}]}]", subject="d"),
    ), ("y/b -> x/d:80: unknown", "y/b -> x/d:8080: unknown", "y/b -> x/d:81: blocked"), problems=("",)),
    Case(203, "one name in two namespaces is two policies", given(np(), np(subject="b", home="y")), (
        "z/c -> x/a: blocked", "z/c -> y/b: blocked", "z/c -> x/b: allowed", "z/c -> y/a: allowed",
    )),
)  # fmt: skip

ADDRESSES = (
    Case(204, "families that never meet", given(SIX, DUAL), (
        "x/six -> y/b: blocked because no_common_family", "y/b -> x/six: blocked", "x/six -> x/dual: allowed", "y/b -> x/dual: allowed",
        "x/six -> 10.9.9.9: blocked", "x/six -> 2001:db8::1: allowed", "x/six -> internet: allowed",
    )),
    Case(204, "no family passes both sides", given(
        DUAL, pod("y/dual", "pod: dual", ip="10.0.2.9").replace('podIP: "10.0.2.9"', 'podIPs: [{ip: 10.0.2.9}, {ip: "fd00::29"}]'),
        np("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", types="Egress", subject="dual"),
        np("ingress: [{from: [{ipBlock: {cidr: 'fd00::/8'}}]}]", subject="dual", home="y"),
    ), ("x/dual -> y/dual: blocked because no_common_family",)),
    Case(204, "one family is enough", given(
        DUAL, np("ingress: [{from: [{ipBlock: {cidr: 'fd00::/8'}}]}]", subject="dual"), SIX,
    ), ("x/six -> x/dual: allowed", "y/b -> x/dual: blocked")),
    Case(204, "a whole family holds a pod without an address", given(NEW, to_blocks("cidr: 0.0.0.0/0")), ("x/a -> x/new: allowed",)),
    Case(204, "a whole family with an except does not", given(NEW, to_blocks("cidr: 0.0.0.0/0, except: [192.168.0.0/16]")), (
        "x/a -> x/new: unknown because address_unknown",
    )),
    Case(204, "the pod CIDR inside of a block", given(NEW, to_blocks("cidr: 0.0.0.0/0, except: [192.168.0.0/16]")), ("x/a -> x/new: allowed",),
         switches=Assumptions(pod_cidrs=("10.0.0.0/16",))),
    Case(204, "the pod CIDR inside of an except", given(NEW, to_blocks("cidr: 0.0.0.0/0, except: [10.0.0.0/8]")), ("x/a -> x/new: blocked",),
         switches=Assumptions(pod_cidrs=("10.0.0.0/16",))),
    Case(204, "the pod CIDR across the bound of a block", given(NEW, to_blocks("cidr: 10.0.0.0/17")), ("x/a -> x/new: unknown",),
         switches=Assumptions(pod_cidrs=("10.0.0.0/16",))),
    Case(204, "the nodes of a hostNetwork workload are not guessed from those of the input", given(
        HOST_SET, to_blocks("cidr: 192.168.0.0/16"), np("egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", types="Egress", subject="b", name="far"),
        np("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", types="Egress", subject="c", name="all"),
    ), ("x/a -> x/agent: unknown because address_unknown", "x/b -> x/agent: unknown", "x/c -> x/agent: allowed")),
    Case(204, "one cidr twice with different excepts", given(
        to_blocks("cidr: 10.5.0.0/16, except: [10.5.1.0/24]", "cidr: 10.5.0.0/16, except: [10.5.2.0/24]"),
    ), ("x/a -> 10.5.1.1: allowed", "x/a -> 10.5.2.1: allowed", "x/a -> 10.6.0.1: blocked")),
    Case(204, "IPv6 with an except", given(np("ingress: [{from: [{ipBlock: {cidr: '2001:db8::/32', except: ['2001:db8:1::/48']}}]}]", subject="six"), SIX), (
        "2001:db8::1 -> x/six: allowed", "2001:db8:1::1 -> x/six: blocked", "x/six -> 2001:db8:1::1: allowed",
    )),
    Case(204, "a pod and its own address as an address", given(to_blocks(f"cidr: {address_of('y/b')}/32")), ("x/a -> 10.0.2.2: allowed", "x/a -> y/b: allowed")),
)  # fmt: skip

WORKLOADS = (
    Case(205, "a label that the controller adds", given(deployment("x/web", "app: a"), np(ON_HASH)), ("x/web -> x/a: unknown because labels_unknown",)),
    Case(205, "the pods of a StatefulSet by name", given(SET, np(ON_POD_NAME)), ("x/db#1 -> x/a: blocked", "x/db#2 -> x/a: allowed")),
    Case(205, "labels that a policy asks for together", given(
        pod("x/both", "app: a, tier: b"), pod("x/one", "app: a"), np("ingress: [{from: [{podSelector: {matchLabels: {app: a, tier: b}}}]}]"),
    ), ("x/both -> x/a: allowed", "x/one -> x/a: blocked")),
    Case(205, "a named port towards a hostNetwork pod", given(
        pod("x/h", "pod: h", ip="192.168.0.1", spec="hostNetwork: true, nodeName: n1", ports=SERVED),
        np("egress: [{ports: [{port: serve-80-tcp}]}]", types="Egress"),
    ), ("x/a -> x/b:80: allowed", "x/a -> x/h:80: blocked at source", "x/a -> 192.168.0.1:80: blocked")),
    Case(205, "no common port", given(np("egress: [{ports: [{port: 80}]}]", types="Egress"), np("ingress: [{ports: [{port: 443}]}]", subject="b", name="in")), (
        "x/a -> x/b: blocked", "x/a -> x/b:80: blocked at target", "x/a -> x/b:443: blocked at source",
    )),
    Case(205, "a protocol in lower case in a question", given(np("ingress: [{ports: [{port: 53, protocol: UDP}]}]")), (
        "y/b -> x/a:53/udp: allowed", "y/b -> x/a:53/tcp: blocked",
    )),
)  # fmt: skip

WRITING = (
    Case(206, "comments, CRLF and empty documents", given(np()).replace("---\n", "--- # a comment\r\n# nothing here\r\n---\r\n", 3), (
        "y/b -> x/a: blocked", "y/b -> x/b: allowed",
    )),
    Case(206, "an anchor", given(np("ingress: [{from: [{podSelector: &b {matchLabels: {pod: b}}}], ports: [{port: 80}]}, {from: [{podSelector: *b}], ports: [{port: 81}]}]")), (
        "x/b -> x/a:81: allowed", "x/c -> x/a:81: blocked",
    )),
    Case(206, "a broken document hides no other", given("apiVersion: v1\nkind: Pod\nmetadata: {name: [\n", np()), (
        "y/b -> x/a: blocked", "y/b -> x/b: allowed",
    ), problems=("",)),
)  # fmt: skip

CASES = (*SET_ASIDE, *DIALECTS, *TWICE, *ADDRESSES, *WORKLOADS, *WRITING)
