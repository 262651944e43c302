"""The oracle by itself: the rows of spec §11 about tiers, and what the contract and §§6.3, 6.4, 7.4 add to them.

It must be right without the engine, or that the two agree would say little.
"""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

import pytest
import yaml

from tests.corner_cases import cases_tiers
from tests.corner_cases.cases_tiers import ALLOW_Y, ANY_V4, DENY_ALL_IN, EVERYWHERE, HOST, IN_X, egress, ingress, rule
from tests.corner_cases.world import anp, banp, cnp, deployment, documents, everyone, node, np, pod, world
from tests.oracle import DEFAULTS, Oracle, Pod, Switches
from tests.oracle.addresses import Address

QUESTION = re.compile(
    r"(?P<source>\S+) -> (?P<destination>[0-9a-f:]+::[0-9a-f]+|[^:\s]+)"
    r"(?::(?P<port>\d+)(?:/(?P<protocol>\w+))?)?: (?P<verdict>allowed|blocked|unknown)"
)
PACKETS = (("TCP", 80), ("UDP", 80), ("TCP", 81), ("SCTP", 443), ("TCP", 65535))
"""A question without a port has one verdict for all of these."""


@dataclass(frozen=True)
class Row:
    title: str
    objects: tuple[str, ...]
    questions: tuple[str, ...]
    switches: Switches = DEFAULTS


def from_table() -> list[Row]:
    """Without the questions about Services: their backends are pods like any other."""
    cases = [(case, [q for q in case.questions if "svc/" not in q]) for case in cases_tiers.CASES]
    return [Row(case.id, (case.objects,), tuple(questions)) for case, questions in cases]


def to(action: str, peer: str, more: str = "") -> str:
    return rule(action, peer, more, key="to")


TEAM_A = "namespaces: {matchLabels: {team: a}}"
UNDECLARED = pod("q/a", "pod: a", ip="10.0.9.1")
BROKEN = ingress(rule("Deny", ""))
DENY_IN, ACCEPT_IN, PASS_IN = (ingress(rule(action, EVERYWHERE)) for action in ("Deny", "Accept", "Pass"))
ALLOW_IN = ingress(rule("Allow", EVERYWHERE))
BASE_ACCEPT = cnp(ACCEPT_IN, tier="Baseline", name="base")
BASE_DENY = cnp(DENY_IN, tier="Baseline", name="base")
BASE_BROKEN = cnp(BROKEN, tier="Baseline", name="broken")
ADMIN_BROKEN = cnp(BROKEN, name="broken")
NP_BROKEN = everyone("ingress: [{from: [{}]}]", name="broken")
NAME = "domainNames: [a.k.io]"

# What each may add to the plain world; the questions are about y/b -> x/a unless they say otherwise.
ROWS = (
    # ties (§6.3)
    Row("a tie of equal actions", (cnp(DENY_IN), cnp(DENY_IN, name="two")), ("y/b -> x/a: blocked",)),
    Row("a tie of Accept and Pass, default allow", (cnp(ACCEPT_IN), cnp(PASS_IN, name="two")), ("y/b -> x/a: allowed",)),
    Row("a tie of Accept and Pass, isolated", (cnp(ACCEPT_IN), cnp(PASS_IN, name="two"), np()), ("y/b -> x/a: unknown", "y/b -> x/b: allowed")),
    Row("a tie of Deny and Pass, isolated", (cnp(DENY_IN), cnp(PASS_IN, name="two"), np()), ("y/b -> x/a: blocked", "y/b -> x/b: unknown")),
    Row("a tie, decided by a lower number", (cnp(DENY_IN), cnp(PASS_IN, name="two"), cnp(ACCEPT_IN, name="one", priority=9)), ("y/b -> x/a: allowed",)),
    Row("each tied policy has its own first match", (
        cnp(ingress(rule("Accept", IN_X), DENY_ALL_IN)), cnp(ingress(rule("Accept", EVERYWHERE), DENY_ALL_IN), name="two"),
    ), ("x/b -> x/a: allowed", "y/b -> x/a: unknown")),
    Row("tiers do not tie", (cnp(ACCEPT_IN), BASE_DENY), ("y/b -> x/a: allowed",)),
    # both APIs (§6.4)
    Row("ANP and CNP: the order matters", (anp(ALLOW_IN, priority=1), cnp(DENY_IN, priority=2)), ("y/b -> x/a: unknown",)),
    Row("ANP and CNP agree", (anp(DENY_IN, priority=1), cnp(DENY_IN, priority=2)), ("y/b -> x/a: blocked",)),
    Row("ANP and CNP, no overlap", (anp(ingress(rule("Allow", IN_X)), priority=2), cnp(ingress(rule("Deny", cases_tiers.spaces("y"))))), (
        "x/b -> x/a: allowed", "y/b -> x/a: blocked", "z/b -> x/a: allowed",
    )),
    Row("ANP passes, CNP denies", (anp(PASS_IN, priority=1), cnp(DENY_IN, priority=2)), ("y/b -> x/a: unknown",)),
    Row("ANP passes, CNP denies what is blocked anyway", (anp(PASS_IN, priority=1), cnp(DENY_IN, priority=2), np()), ("y/b -> x/a: blocked",)),
    Row("one API keeps its order under the other", (
        anp(ALLOW_IN, priority=1), anp(DENY_IN, priority=2, name="two"), cnp(ACCEPT_IN, priority=3),
    ), ("y/b -> x/a: allowed",)),
    Row("BANP and CNP Baseline: the order matters", (banp(DENY_IN), BASE_ACCEPT), ("y/b -> x/a: unknown",)),
    Row("BANP decides what CNP Baseline does not match", (banp(DENY_IN), cnp(ingress(rule("Accept", IN_X)), tier="Baseline")), (
        "y/b -> x/a: blocked", "x/b -> x/a: unknown",
    )),
    Row("BANP and CNP Admin have an order", (banp(DENY_IN), cnp(ACCEPT_IN)), ("y/b -> x/a: allowed",)),
    # doubts (§7.4)
    Row("a doubtful Deny over allow", (UNDECLARED, cnp(ingress(rule("Deny", TEAM_A)))), ("q/a -> x/a: unknown", "y/b -> x/a: allowed")),
    Row("a doubtful Deny over Deny", (UNDECLARED, cnp(ingress(rule("Deny", TEAM_A), DENY_ALL_IN))), ("q/a -> x/a: blocked",)),
    Row("a doubtful Pass over the same end", (UNDECLARED, cnp(ingress(rule("Pass", TEAM_A), rule("Accept", EVERYWHERE)))), ("q/a -> x/a: allowed",)),
    Row("a doubtful Pass over another end", (UNDECLARED, np(), cnp(ingress(rule("Pass", TEAM_A), rule("Accept", EVERYWHERE)))), ("q/a -> x/a: unknown", "q/a -> x/b: allowed")),
    Row("a doubtful subject", (UNDECLARED, cnp(DENY_IN, subject=TEAM_A)), ("y/b -> q/a: unknown", "y/b -> x/a: allowed")),
    Row("a doubt behind a sure match", (UNDECLARED, cnp(ingress(rule("Accept", EVERYWHERE), rule("Deny", TEAM_A)))), ("q/a -> x/a: allowed",)),
    Row("a doubt about a tier that is not reached", (UNDECLARED, np(), cnp(ingress(rule("Deny", TEAM_A)), tier="Baseline")), ("q/a -> x/a: blocked", "q/a -> x/b: unknown")),
    Row("no doubt with the switch", (UNDECLARED, cnp(ingress(rule("Deny", TEAM_A)))), ("q/a -> x/a: allowed",), Switches(undeclared_namespaces="unlabelled")),
    Row("networks and a pod without address", (deployment("y/d"), cnp(egress(to("Deny", "networks: [10.0.0.0/8]")))), (
        "x/a -> y/d: unknown", "x/a -> y/b: blocked", "x/a -> 10.9.9.9: blocked", "x/a -> 203.0.113.7: allowed",
    )),
    Row("all networks and a pod without address", (deployment("y/d"), cnp(egress(to("Deny", "networks: ['0.0.0.0/0', '::/0']")))), ("x/a -> y/d: blocked",)),
    Row("one family is enough", (pod("x/e"), deployment("y/d"), cnp(egress(to("Deny", ANY_V4)))), ("x/e -> y/d: allowed", "x/a -> y/d: blocked")),
    Row("networks decided by the pod CIDR", (deployment("y/d"), cnp(egress(to("Deny", "networks: [10.0.0.0/8]")))), ("x/a -> y/d: blocked",), Switches(pod_cidrs=("10.1.0.0/16",))),
    Row("networks never match pods", (HOST, cnp(egress(to("Deny", ANY_V4)))), (
        "x/a -> y/b: allowed", "x/a -> 203.0.113.7: blocked", "x/a -> x/h: blocked",
    ), Switches(ipblock_pods="never")),
    Row("a domain name over allow, for addresses only", (HOST, cnp(egress(to("Accept", NAME), to("Deny", EVERYWHERE)))), (
        "x/a -> 203.0.113.7: allowed", "x/a -> y/b: blocked", "x/a -> x/h: allowed",
    )),
    # nodes and hostNetwork
    Row("nodes by label", (node("n3", "192.168.0.3", "role: gpu"), HOST, cnp(egress(to("Deny", "nodes: {matchLabels: {role: gpu}}")))), (
        "x/a -> 192.168.0.3: blocked", "x/a -> 192.168.0.1: allowed", "x/a -> x/h: allowed", "x/a -> y/b: allowed",
    )),
    Row("nodes and a pod on no known node", (pod("x/h", spec="hostNetwork: true, nodeName: n9"), cnp(egress(to("Deny", "nodes: {matchLabels: {role: gpu}}")))), ("x/a -> x/h: unknown",)),
    Row("all nodes and a pod on no known node", (pod("x/h", spec="hostNetwork: true"), cnp(egress(to("Deny", "nodes: {}")))), ("x/a -> x/h: blocked",)),
    Row("like any other pod", (HOST, cnp(egress(to("Deny", "nodes: {}"))), cnp(DENY_IN, name="two", subject=cases_tiers.pod_of("x", "h"))), (
        "x/a -> x/h: blocked", "203.0.113.7 -> x/h: allowed", "x/h -> x/a: allowed",
    ), Switches(host_network="pod")),
    Row("nodes are no pods", (HOST, cnp(egress(to("Deny", "nodes: {}")))), ("x/a -> x/h: allowed",), Switches(host_network="pod")),
    Row("hostNetwork is nobody's subject", (HOST, cnp(DENY_IN), cnp(egress(to("Deny", EVERYWHERE)), name="two")), (
        "y/b -> x/h: allowed", "x/h -> y/b: allowed", "x/a -> x/h: allowed", "y/b -> x/a: blocked",
    )),
    # selectors that mean nothing (rows 36, 37), ports of v1alpha1
    Row("an operator in lower case", (cnp(ingress(rule("Deny", "namespaces: {matchExpressions: [{key: team, operator: in, values: [a]}]}"))),), ("y/b -> x/a: allowed",)),
    Row("In without values", (anp(DENY_IN, subject="namespaces: {matchExpressions: [{key: team, operator: NotIn}]}"),), ("y/b -> x/a: allowed",)),
    Row("an operator in lower case, nodes, a pod on no known node", (
        pod("x/h", spec="hostNetwork: true"), cnp(egress(to("Deny", "nodes: {matchExpressions: [{key: role, operator: in, values: [a]}]}"))),
    ), ("x/a -> x/h: allowed", "x/a -> 192.168.0.1: allowed")),
    Row("a range that ends before it starts", (anp(ingress(rule("Deny", EVERYWHERE, "ports: [{portRange: {start: 81, end: 80}}]"))),), ("y/b -> x/a: allowed",)),
    Row("a protocol left out", (anp(ingress(rule("Deny", EVERYWHERE, "ports: [{portNumber: {port: 80}}]"))),), ("y/b -> x/a:80: blocked", "y/b -> x/a:80/UDP: allowed")),
    Row("a null ports is none", (anp(ingress(rule("Deny", EVERYWHERE, "ports: null"))),), ("y/b -> x/a: blocked",)),
    # set aside (contract)
    Row("Admin set aside: only what a rule allows stays", (ADMIN_BROKEN,), ("y/b -> x/a: unknown", "x/a -> 203.0.113.7: allowed")),
    Row("Admin set aside, another allows", (ADMIN_BROKEN, cnp(ACCEPT_IN)), ("y/b -> x/a: allowed",)),
    Row("Admin set aside, another denies", (ADMIN_BROKEN, cnp(DENY_IN)), ("y/b -> x/a: unknown",)),
    Row("Admin set aside, np allows", (ADMIN_BROKEN, np(ALLOW_Y)), ("y/b -> x/a: allowed", "z/b -> x/a: unknown")),
    Row("Admin set aside, Baseline allows", (ADMIN_BROKEN, BASE_ACCEPT), ("y/b -> x/a: allowed",)),
    Row("Admin set aside, for others", (cnp(BROKEN, subject=cases_tiers.spaces("z")),), ("y/b -> x/a: allowed", "y/b -> z/a: unknown")),
    Row("a tier that cannot be read", (cnp(DENY_IN, tier="admin"),), ("y/b -> x/a: unknown",)),
    Row("np set aside, Admin decides", (NP_BROKEN, cnp(ingress(rule("Deny", cases_tiers.spaces("y")), rule("Accept", cases_tiers.spaces("z"))))), (
        "y/b -> x/a: blocked", "z/b -> x/a: allowed", "x/b -> x/a: unknown",
    )),
    Row("np set aside, Baseline allows", (NP_BROKEN, BASE_ACCEPT), ("y/b -> x/a: unknown", "y/b -> z/a: allowed")),
    Row("np set aside, another allows", (NP_BROKEN, np(ALLOW_Y), BASE_DENY), ("y/b -> x/a: allowed", "z/b -> x/a: unknown")),
    Row("Baseline set aside", (BASE_BROKEN, np(ALLOW_Y)), ("y/b -> x/a: allowed", "z/b -> x/a: blocked", "y/b -> x/b: unknown")),
    Row("Baseline set aside, another allows", (BASE_BROKEN, BASE_ACCEPT), ("y/b -> x/a: allowed",)),
    Row("Baseline set aside, another denies", (BASE_BROKEN, BASE_DENY), ("y/b -> x/a: unknown",)),
    Row("Baseline set aside, Admin passes", (BASE_BROKEN, cnp(ingress(rule("Pass", cases_tiers.spaces("y")), rule("Accept", EVERYWHERE)))), ("y/b -> x/a: unknown", "z/b -> x/a: allowed")),
    Row("a broken policy may select what its readable half leaves open", (
        cnp(DENY_IN, subject="pods: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: x}}}"),
    ), ("y/b -> x/a: unknown", "y/b -> z/a: allowed")),
    Row("the pod CIDR lies in the excepts", (deployment("y/d"), np("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.9.0.0/17, 10.9.128.0/17]}}]}]")), (
        "y/d -> x/a: blocked",
    ), Switches(pod_cidrs=("10.9.0.0/16",))),
    # what is given twice, what is not evaluated
    Row("given twice, Deny and nothing", (cnp(DENY_IN), cnp(ingress(rule("Deny", cases_tiers.spaces("z"))))), ("y/b -> x/a: unknown", "z/b -> x/a: blocked")),
    Row("given twice, the same", (cnp(DENY_IN), cnp(DENY_IN)), ("y/b -> x/a: blocked",)),
    Row("not evaluated", (
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: x}\nspec: {}\n", cnp(ACCEPT_IN),
    ), ("y/b -> x/a: unknown", "y/b -> z/a: allowed")),
)  # fmt: skip

REJECTED = (
    cnp(DENY_IN, priority=-1), cnp(ingress("{action: Deny}")), cnp(ingress("{action: Deny, from: []}")), cnp("ingress: [null]"),
    cnp(ingress(rule("Deny", f"{EVERYWHERE}, pods: {{podSelector: {{}}}}"))), cnp(ingress(rule("Deny", ANY_V4))),
    cnp(ingress(rule("Deny", EVERYWHERE, "protocols: []"))), cnp(ingress(rule("Deny", EVERYWHERE, "protocols: [{tcp: {destinationPort: {number: 0}}}]"))),
    cnp(ingress(rule("Deny", EVERYWHERE, "protocols: [{tcp: {destinationPort: {range: {start: 81, end: 80}}}}]"))),
    cnp(ingress(rule("Deny", EVERYWHERE, "ports: [{namedPort: http}]"))), cnp(ingress(rule("Deny", "namespaces: {matchlabels: {}}"))),
    cnp(egress(to("Deny", "networks: ['10.0.0.0/8', '10.0.0.0/8']")) + ", " + DENY_IN), cnp(egress(to("Deny", "networks: [10.0.0.1]")) + ", " + DENY_IN),
    banp(PASS_IN), banp(egress(to("Deny", NAME)) + ", " + DENY_IN), anp(ingress(rule("Deny", EVERYWHERE, "ports: [{portNumber: {port: 65536}}]"))),
    anp(ingress(rule("Deny", EVERYWHERE, "ports: [{namedPort: http, portNumber: {port: 80}}]"))), anp(DENY_IN + ", egres: []"),
)  # fmt: skip


@pytest.mark.parametrize("row", [pytest.param(row, id=row.title) for row in from_table()])
def test_the_oracle_knows_the_row(row: Row) -> None:
    check(Oracle(yaml.safe_load_all(row.objects[0]), row.switches), row.questions)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.title.replace(" ", "_")) for row in ROWS])
def test_the_oracle_knows_what_the_contract_adds(row: Row) -> None:
    check(Oracle(yaml.safe_load_all(documents([world(), *row.objects])), row.switches), row.questions)


@pytest.mark.parametrize("policy", REJECTED)
def test_the_oracle_sets_aside_what_the_api_server_refuses(policy: str) -> None:
    check(Oracle(yaml.safe_load_all(documents([world(), policy]))), ("y/b -> x/a: unknown",))


def check(oracle: Oracle, questions: tuple[str, ...]) -> None:
    for text in questions:
        parts = QUESTION.match(text)
        assert parts, text
        source, destination = end_of(oracle, parts["source"]), end_of(oracle, parts["destination"])
        packets = [(parts["protocol"] or "TCP", int(parts["port"]))] if parts["port"] else PACKETS
        answers = {oracle.decide(source, destination, *packet) for packet in packets}
        assert answers == {parts["verdict"]}, text


def end_of(oracle: Oracle, text: str) -> Pod | Address:
    if text == "internet":
        text = "203.0.113.7"
    home, _, name = text.partition("/")
    found = [pod for pod in oracle.pods if (pod.namespace, pod.name) == (home, name)]
    return found[0] if found else ipaddress.ip_address(text)
