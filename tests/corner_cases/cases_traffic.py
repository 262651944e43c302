"""Rows 61-84 and 128-138 but for tiers: address blocks, nodes, hostNetwork, replies, workloads, Services."""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

from tests.corner_cases.case import Case
from tests.corner_cases.world import SERVED, deployment, documents, everyone, np, pod, world
from webapp.analysis import Assumptions

AS_POD = Assumptions(host_network="pod")
NEVER = Assumptions(ipblock_pods="never")


def given(*objects: str) -> str:
    return documents([world(), *objects])


def from_block(block: str, **more: str) -> str:
    return np(f"ingress: [{{from: [{{ipBlock: {{{block}}}}}]}}]", **more)


def to_block(block: str) -> str:
    return np(f"egress: [{{to: [{{ipBlock: {{{block}}}}}]}}]", types="Egress")


CIDR_66 = "spec.ingress[0].from[0].ipBlock.cidr"
EXCEPT_67 = "spec.ingress[0].from[0].ipBlock.except[0]"
HOST = pod("x/h", "pod: h", ip="192.168.0.1", spec="hostNetwork: true, nodeName: n1", ports=SERVED)
OWNED = "ownerReferences: [{apiVersion: %s, kind: %s, name: %s, uid: u, controller: true}]"
WEB = "ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]"


def owned(text: str, version: str, kind: str, name: str) -> str:
    """The object with an owner."""
    return text.replace("metadata: {", f"metadata: {{{OWNED % (version, kind, name)}, ", 1)


def replica_set(name: str) -> str:
    return deployment(f"x/{name}", "app: a, pod-template-hash: h1").replace("kind: Deployment", "kind: ReplicaSet")


def job_pod(phase: str) -> str:
    return pod("x/batch", "app: batch", ip="10.0.9.9", phase=phase)


CHAIN = (
    deployment("x/web", "app: a"),
    owned(replica_set("web-h1"), "apps/v1", "Deployment", "web"),
    owned(pod("x/web-h1-p1", "app: a, pod-template-hash: h1"), "apps/v1", "ReplicaSet", "web-h1"),
)
APART = (
    owned(pod("x/web-h1-p1", "app: a, version: v1, pod-template-hash: h1"), "apps/v1", "ReplicaSet", "web-h1"),
    owned(pod("x/web-h1-p2", "app: a, version: v2, pod-template-hash: h1"), "apps/v1", "ReplicaSet", "web-h1"),
)
CRON_JOB = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tick, namespace: x, labels: {app: wrong}}\n"
    "spec: {schedule: '* * * * *', jobTemplate: {metadata: {labels: {app: wrong}}, spec: {template: {metadata: {labels: {app: a}}, "
    "spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}\n"
)
SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: x}\n"
    "spec: {%sselector: {pod: a}, ports: [{port: 8000, targetPort: 80%s}]}\n"
)
LIST = (
    "apiVersion: v1\nkind: List\nitems:\n"
    "- {apiVersion: v1, kind: Namespace, metadata: {name: x}}\n"
    "- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x, labels: {pod: a}}, spec: {containers: [{name: c, image: i}]}}\n"
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n"
    "- {metadata: {name: one, namespace: x}, spec: {podSelector: {}, policyTypes: [Ingress]}}\n"
    "- {metadata: {name: two, namespace: x}, spec: {podSelector: {}, policyTypes: [Egress]}}\n"
    "---\napiVersion: v1\nkind: PodList\nitems:\n"
    "- {metadata: {name: b, namespace: x, labels: {pod: b}}, spec: {containers: [{name: c, image: i}]}}\n"
)

CASES = (
    Case(61, "cidr and except", given(from_block("cidr: 10.5.0.0/16, except: [10.5.6.0/24]")), (
        "10.5.6.7 -> x/a: blocked", "10.5.7.7 -> x/a: allowed", "10.5.5.255 -> x/a: allowed", "10.6.0.0 -> x/a: blocked",
        "10.5.0.0/16 -> x/a: blocked",
    )),
    Case(62, "an excepted address that another policy allows", given(
        from_block("cidr: 10.5.0.0/16, except: [10.5.6.0/24]"), from_block("cidr: 10.5.6.7/32", name="more"),
    ), ("10.5.6.7 -> x/a: allowed", "10.5.6.8 -> x/a: blocked")),
    Case(63, "egress to a pod by its address", given(to_block("cidr: 10.0.2.2/32")), (
        "x/a -> y/b: allowed", "x/a -> y/a: blocked at source", "x/a -> 10.0.2.2: allowed",
    )),
    Case(63, "ipBlock never matches pods by the switch", given(to_block("cidr: 10.0.2.2/32")), (
        "x/a -> y/b: blocked at source", "x/a -> 10.0.2.2: allowed",
    ), switches=NEVER),
    Case(63, "a pod whose address is not known", given(pod("y/new", "pod: new"), to_block("cidr: 10.0.2.2/32")), (
        "x/a -> y/new: unknown because address_unknown", "x/a -> y/b: allowed",
    )),
    Case(63, "a pod whose address is somewhere in the pod CIDR", given(pod("y/new", "pod: new"), to_block("cidr: 10.0.2.2/32")), (
        "x/a -> y/new: blocked at source",
    ), switches=Assumptions(pod_cidrs=("10.7.0.0/16",))),
    Case(64, "egress to a block but for a pod", given(to_block("cidr: 10.0.0.0/16, except: [10.0.2.2/32]")), (
        "x/a -> y/b: blocked at source", "x/a -> y/a: allowed", "x/a -> y/c: allowed",
    )),
    Case(65, "0.0.0.0/0 and an IPv6 peer", given(from_block("cidr: 0.0.0.0/0")), (
        "2001:db8::1 -> x/a: blocked", "203.0.113.7 -> x/a: allowed", "y/b -> x/a: allowed",
    )),
    Case(65, "0.0.0.0/0 and a pod of IPv6", given(
        pod("x/six", "pod: six", ip="fd00::6"), pod("y/six", "pod: six", ip="fd00::7"),
        from_block("cidr: 0.0.0.0/0", subject="six"),
    ), ("2001:db8::1 -> x/six: blocked", "y/six -> x/six: blocked at target", "y/b -> x/six: blocked because no_common_family")),
    Case(66, "host bits in a cidr", given(from_block("cidr: 10.10.1.12/24")), (
        "10.10.1.200 -> x/a: allowed", "10.10.2.12 -> x/a: blocked",
    ), warnings=(CIDR_66,)),
    Case(67, "except equal to cidr", given(from_block("cidr: 10.5.0.0/16, except: [10.5.0.0/16]")), ("10.5.6.7 -> x/a: unknown",), problems=(EXCEPT_67,)),
    Case(67, "except outside of cidr", given(from_block("cidr: 10.5.0.0/16, except: [10.6.0.0/24]")), ("10.5.6.7 -> x/a: unknown",), problems=(EXCEPT_67,)),
    Case(67, "a bare address", given(from_block("cidr: 10.5.6.7")), ("10.5.6.7 -> x/a: unknown",), problems=(CIDR_66,)),
    Case(68, "ipBlock beside podSelector", given(np("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]")), (
        "x/b -> x/a: unknown because policy_set_aside",
    ), problems=("spec.ingress[0].from[0].ipBlock",)),
    Case(69, "deny all by pod and allow all by address", given(
        np("ingress: [{from: [{podSelector: {matchLabels: {pod: nobody}}}]}]"), from_block("cidr: 0.0.0.0/0", name="open"),
    ), ("y/b -> x/a: allowed", "203.0.113.7 -> x/a: allowed")),
    Case(70, "a pod to itself", given(everyone(types="Ingress, Egress")), ("x/a -> x/a: allowed because same_pod", "x/a -> x/b: blocked at both")),
    Case(71, "a pod to itself through a Service", given(everyone(types="Ingress, Egress"), SERVICE % ("", "")), (
        "x/a -> x/a:80: allowed because same_pod", "x/a -> svc/x/web:8000: allowed because same_pod",
    )),
    Case(72, "a replica to another", given(deployment("x/web", "app: a", replicas=2), everyone(types="Ingress, Egress")), (
        "x/web -> x/web: blocked",
    )),
    Case(73, "probes by the own node", given(np()), ("192.168.0.1 -> x/a: blocked", "y/b -> x/a: blocked")),
    Case(74, "another node", given(np()), ("192.168.0.2 -> x/a: blocked",)),
    Case(74, "another node by its address", given(from_block("cidr: 192.168.0.2/32")), (
        "192.168.0.2 -> x/a: allowed", "192.168.0.3 -> x/a: blocked",
    )),
    Case(74, "another node by an empty from", given(np("ingress: [{ports: [{port: 80}]}]")), (
        "192.168.0.2 -> x/a:80: allowed", "192.168.0.2 -> x/a:81: blocked",
    )),
    Case(75, "to the own node", given(np(types="Egress")), ("x/a -> 192.168.0.1: blocked at source", "x/a -> 192.168.0.2: blocked at source")),
    Case(76, "a policy ignores a hostNetwork pod", given(HOST, np(subject="h", types="Ingress, Egress")), (
        "y/b -> x/h: allowed because host_network", "x/h -> y/b: allowed", "internet -> x/h: allowed",
    )),
    Case(76, "a policy selects a hostNetwork pod by the switch", given(HOST, np(subject="h", types="Ingress, Egress")), (
        "y/b -> x/h: blocked at target", "x/h -> y/b: blocked at source",
    ), switches=AS_POD),
    Case(77, "a selector does not match a hostNetwork pod", given(HOST, np("ingress: [{from: [{podSelector: {}}]}]")), (
        "x/h -> x/a: blocked at target", "x/b -> x/a: allowed",
    )),
    Case(77, "an ipBlock on the node matches a hostNetwork pod", given(HOST, from_block("cidr: 192.168.0.1/32")), (
        "x/h -> x/a: allowed", "x/b -> x/a: blocked",
    )),
    Case(77, "an empty from covers a hostNetwork pod", given(HOST, np("ingress: [{ports: [{port: 80}]}]")), (
        "x/h -> x/a:80: allowed", "x/h -> x/a:81: blocked",
    )),
    Case(77, "a selector matches a hostNetwork pod by the switch", given(HOST, np("ingress: [{from: [{podSelector: {}}]}]")), (
        "x/h -> x/a: allowed",
    ), switches=AS_POD),
    Case(77, "hostNetwork to hostNetwork", given(
        HOST, pod("y/h", "pod: h", ip="192.168.0.2", spec="hostNetwork: true, nodeName: n2"),
        everyone(types="Ingress, Egress"), everyone(types="Ingress, Egress", home="y"),
    ), ("x/h -> y/h: allowed", "y/h -> x/a: blocked at target", "x/a -> y/h: blocked at source")),
    Case(78, "replies need no rule", given(
        np("ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}]", types="Ingress, Egress"),
    ), ("x/b -> x/a: allowed", "x/a -> x/b: blocked at source")),
    Case(79, "a completed pod is no peer any more", documents([
        world(), job_pod("Succeeded"), pod("x/heir", "app: heir", ip="10.0.9.9"),
        np("ingress: [{from: [{podSelector: {matchLabels: {app: batch}}}]}]"),
    ]), ("x/heir -> x/a: blocked at target", "x/batch -> x/a: allowed")),
    Case(79, "a completed pod has no address", given(job_pod("Failed"), from_block("cidr: 10.0.9.9/32")), (
        "x/batch -> x/a: unknown because address_unknown", "10.0.9.9 -> x/a: allowed",
    )),
    Case(80, "ICMP is not asked for", given(np()), ("y/b -> x/a: blocked",)),
    Case(81, "before the policy is deleted", given(np(types="Ingress, Egress")), ("y/b -> x/a: blocked", "x/a -> y/b: blocked")),
    Case(81, "after the policy is deleted", world(), ("y/b -> x/a: allowed", "x/a -> y/b: allowed")),
    Case(82, "both directions in one policy", given(np(
        "ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}]}], egress: [{ports: [{port: 80}]}]", types="Ingress, Egress",
    )), ("x/a -> x/c:81: blocked at source", "x/a -> x/c:80: allowed", "x/b -> x/a: allowed", "x/c -> x/a: blocked at target")),
    Case(83, "stacked policies add up", given(
        np("ingress: [{ports: [{port: 81}]}]"), np("ingress: [{ports: [{port: 80}]}]", name="more"),
    ), ("y/b -> x/a:80: allowed", "y/b -> x/a:81: allowed", "y/b -> x/a:82: blocked")),
    Case(84, "rules do not mix", given(np(
        "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}}], ports: [{port: 80}]}, "
        "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: z}}}], ports: [{port: 81}]}]",
    )), ("y/b -> x/a:81: blocked", "y/b -> x/a:80: allowed", "z/b -> x/a:80: blocked", "z/b -> x/a:81: allowed")),
    Case(128, "labels come from the template", given(deployment("x/web", "app: b", own_labels="app: a"), np(WEB)), ("x/web -> x/a: blocked",)),
    Case(128, "labels of the template match", given(deployment("x/web", "app: a", own_labels="app: b"), np(WEB)), ("x/web -> x/a: allowed",)),
    Case(129, "labels of a CronJob", given(CRON_JOB, np(WEB)), ("x/tick -> x/a: allowed", "x/CronJob/tick -> x/a: allowed")),
    Case(130, "an owner's owner", given(*CHAIN, np(WEB)), ("x/Deployment/web -> x/a: allowed", "x/web -> x/a: allowed")),
    Case(130, "an owner that the input does not hold", given(CHAIN[2], np(WEB)), ("x/Deployment/web -> x/a: allowed",)),
    Case(131, "two variants of one owner", given(*APART, np("ingress: [{from: [{podSelector: {matchLabels: {version: v1}}}]}]")), (
        "x/Deployment/web#1 -> x/a: allowed", "x/Deployment/web#2 -> x/a: blocked", "x/web -> x/a: blocked",
    )),
    Case(131, "no variants where no policy tells them apart", given(*APART, np(WEB)), ("x/Deployment/web -> x/a: allowed",)),
    Case(132, "lists of all kinds", LIST, ("x/a -> x/b: blocked at both", "x/b -> internet: blocked at source")),
    Case(133, "scaled to zero", given(deployment("x/web", "app: a", replicas=0), np(WEB)), ("x/web -> x/a: allowed", "x/a -> x/web: allowed")),
    Case(136, "a headless Service is the pod", given(SERVICE % ("clusterIP: None, ", ""), np("ingress: [{ports: [{port: 80}]}]")), (
        "y/b -> x/a:80: allowed", "y/b -> x/a:8000: blocked", "y/b -> svc/x/web:80: allowed", "y/b -> svc/x/web:8000: blocked at target",
    )),
    Case(137, "an external client behind a NodePort", given(
        SERVICE % ("type: NodePort, ", ", nodePort: 30080"), from_block("cidr: 203.0.113.0/24"),
    ), ("203.0.113.7 -> x/a:80: allowed", "192.168.0.2 -> x/a:80: blocked", "203.0.113.7 -> svc/x/web:8000: allowed")),
)  # fmt: skip
