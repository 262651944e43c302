"""Who may resolve names: 53/UDP and 53/TCP to the cluster's DNS, as policies see it."""

# ruff: noqa: E501  (one row of a table, one entry: wrapped lines read worse)

from __future__ import annotations

from typing import Any

import pytest

from tests.insight.cluster import (
    analysed,
    custom,
    deployment,
    lets_in,
    lets_out,
    namespace,
    pod,
    policy,
    service,
    spaced,
)
from webapp.analysis import Analysis
from webapp.explain.facts import resolution_text
from webapp.explain.verdict import ask, verdict_document, verdict_text
from webapp.insight.resolution import Resolution, resolver_of

APP = (namespace("x"), pod("x/a", "app: a"))
PORTS = "{name: dns, port: 53, protocol: UDP, targetPort: dns}, {name: dns-tcp, port: 53, targetPort: dns-tcp}"


def dns_pod(port: int = 53, where: str = "kube-system/coredns-1", labels: str = "k8s-app: kube-dns") -> str:
    return pod(
        where, labels, f"{{name: dns, containerPort: {port}, protocol: UDP}}, {{name: dns-tcp, containerPort: {port}}}"
    )


DNS = (namespace("kube-system"), dns_pod(), service("kube-system/kube-dns", PORTS, "k8s-app: kube-dns"))
OPENSHIFT = (
    namespace("openshift-dns"),
    dns_pod(5353, "openshift-dns/dns-default-1", "dns.operator.openshift.io/daemonset-dns: default"),
    service("openshift-dns/dns-default", PORTS, "dns.operator.openshift.io/daemonset-dns: default"),
)


def of(analysis: Analysis, workload: str = "x/Pod/a") -> Resolution:
    return resolver_of(analysis).of(analysis.workload_by_id[workload])


def told(found: Resolution) -> tuple[str, str, str, str]:
    words = dict(found.by_protocol)
    return found.verdict, words["UDP"], words["TCP"], found.reason


def ask_dns(ports: str, peer: str = spaced("kube-system")) -> str:
    return lets_out("x/out", "a", f"{{to: [{peer}], ports: [{ports}]}}")


UDP, TCP = "{port: 53, protocol: UDP}", "{port: 53}"


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ("", ("allowed", "allowed", "allowed", "")),
        (ask_dns(f"{UDP}, {TCP}"), ("allowed", "allowed", "allowed", "")),
        (ask_dns(UDP), ("partial", "allowed", "blocked", "no_rule_matches")),
        (ask_dns(TCP), ("partial", "blocked", "allowed", "no_rule_matches")),
        (ask_dns("{port: dns, protocol: UDP}, {port: dns-tcp}"), ("allowed", "allowed", "allowed", "")),
        (ask_dns(f"{UDP}, {TCP}", spaced("x")), ("blocked", "blocked", "blocked", "no_rule_matches")),
        (ask_dns("{port: 443}"), ("blocked", "blocked", "blocked", "no_rule_matches")),
        (lets_out("x/out", "a", ""), ("blocked", "blocked", "blocked", "no_rule_matches")),
        (lets_out("x/out", "a", "{}"), ("allowed", "allowed", "allowed", "")),
    ],
)
def test_egress_to_the_dns_of_the_input(rules: str, verdict: tuple[str, ...]) -> None:
    found = of(analysed(*APP, *DNS, *filter(None, [rules])))
    assert told(found) == verdict
    assert [p.name for p in found.policies] == ([] if verdict[0] == "allowed" else ["out"])
    assert not found.assumed


def test_the_dns_itself_may_refuse() -> None:
    shut = policy("kube-system/shut", "podSelector: {}, policyTypes: [Ingress]")
    assert told(of(analysed(*APP, *DNS, shut)))[0] == "blocked"
    assert told(of(analysed(*APP, *DNS, shut), "kube-system/Pod/coredns-1")) == (
        "allowed",
        "allowed",
        "allowed",
        "is_dns",
    )


def test_policies_see_the_target_port_of_the_service() -> None:
    wrong, right = ask_dns(f"{UDP}, {TCP}", spaced("openshift-dns")), ask_dns(
        "{port: 5353, protocol: UDP}, {port: 5353}", spaced("openshift-dns"))  # fmt: skip
    assert of(analysed(*APP, *OPENSHIFT, wrong)).verdict == "blocked"
    assert of(analysed(*APP, *OPENSHIFT, right)).verdict == "allowed"


@pytest.mark.parametrize(
    ("pods", "port"),
    [((dns_pod(),), 53), ((dns_pod(1053),), 1053), ((deployment("kube-system/coredns", "app: coredns"),), 53)],
)
def test_without_its_service_the_dns_is_known_by_labels_and_names(pods: tuple[str, ...], port: int) -> None:
    both = f"{{port: {port}, protocol: UDP}}, {{port: {port}}}"
    assert of(analysed(*APP, DNS[0], *pods, ask_dns(both))).verdict == "allowed"
    assert of(analysed(*APP, DNS[0], *pods, ask_dns(both.replace(str(port), "9")))).verdict == "blocked"
    assert not of(analysed(*APP, DNS[0], *pods, ask_dns(both))).assumed


def test_a_service_without_one_of_the_protocols() -> None:
    only_udp = service("kube-system/kube-dns", "{port: 53, protocol: UDP}", "k8s-app: kube-dns")
    assert told(of(analysed(*APP, *DNS[:2], only_udp))) == ("partial", "allowed", "blocked", "dns_protocol_absent")


def test_only_some_servers_may_be_asked() -> None:
    second = dns_pod(53, "kube-system/coredns-2", "k8s-app: kube-dns, n: two")
    one = ask_dns(f"{UDP}, {TCP}", spaced("kube-system")[:-1] + ", podSelector: {matchLabels: {n: two}}}")
    assert told(of(analysed(*APP, *DNS, second, one))) == ("partial", "some", "some", "some_dns_only")


LOCAL = "{ipBlock: {cidr: 169.254.20.10/32}}"


def test_a_cache_on_the_node() -> None:
    cache = pod("kube-system/node-local-dns", "k8s-app: node-local-dns", spec="hostNetwork: true")
    assert of(analysed(*APP, *DNS, cache, ask_dns(f"{UDP}, {TCP}", LOCAL))).verdict == "allowed"
    assert of(analysed(*APP, *DNS, ask_dns(f"{UDP}, {TCP}", LOCAL))).verdict != "allowed"


# ---- the DNS is not in the input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "verdict", "reason"),
    [
        (lets_out("x/out", "a", "{}"), "allowed", ""),
        (lets_out("x/out", "a", f"{{ports: [{UDP}, {TCP}]}}"), "allowed", ""),
        (lets_out("x/out", "a", ""), "blocked", "no_rule_matches"),
        (lets_out("x/out", "a", "{ports: [{port: 443}]}"), "blocked", "no_rule_matches"),
        (lets_out("x/out", "a", "{to: [{podSelector: {}}]}"), "blocked", "no_rule_matches"),
        (ask_dns(f"{UDP}, {TCP}"), "allowed", ""),
        (ask_dns(UDP), "partial", "no_rule_matches"),
        (ask_dns(f"{UDP}, {TCP}", spaced("kube-system")[:-1] + ", podSelector: {matchLabels: {k8s-app: kube-dns}}}"), "allowed", ""),
        (ask_dns(f"{UDP}, {TCP}", spaced("kube-system")[:-1] + ", podSelector: {matchLabels: {app: coredns}}}"), "unknown", "dns_not_in_input"),
        (ask_dns(f"{UDP}, {TCP}", spaced("openshift-dns")), "unknown", "dns_not_in_input"),
        (ask_dns("{port: 5353, protocol: UDP}, {port: 5353}", spaced("openshift-dns")), "unknown", "dns_not_in_input"),
        (ask_dns("{port: dns, protocol: UDP}, {port: dns-tcp}", spaced("openshift-dns")), "unknown", "dns_not_in_input"),
        (policy("kube-system/shut", "podSelector: {}, policyTypes: [Ingress]"), "unknown", "dns_not_in_input"),
        (ask_dns(f"{UDP}, {TCP}", "{namespaceSelector: {matchLabels: {role: system}}}"), "unknown", "dns_not_in_input"),
        (ask_dns(f"{UDP}, {TCP}", "{ipBlock: {cidr: 10.96.0.10/32}}"), "unknown", "dns_not_in_input"),
    ],
)  # fmt: skip
def test_what_can_be_said_of_a_dns_that_is_not_in_the_input(rules: str, verdict: str, reason: str) -> None:
    found = of(analysed(*APP, rules))
    assert (found.verdict, found.reason, found.assumed) == (verdict, reason, True)


def test_nothing_is_assumed_where_nothing_depends_on_it() -> None:
    found = of(analysed(*APP, lets_in("x/in", "a", "")))
    assert (told(found), found.assumed) == (("allowed", "allowed", "allowed", ""), False)


def test_an_admin_policy_may_cut_the_dns() -> None:
    deny = custom(
        "policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", "cut",
        "tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {matchLabels: "
        "{kubernetes.io/metadata.name: kube-system}}}]}]",
    )  # fmt: skip
    assert told(of(analysed(*APP, *DNS, deny))) == ("blocked", "blocked", "blocked", "rule_denies")


# ---- where it is told -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (ask_dns(UDP), "TCP 53 to the cluster's DNS: blocked by NetworkPolicy x/out"),
        (lets_out("x/out", "a", ""), "UDP and TCP 53 to the cluster's DNS: blocked by NetworkPolicy x/out"),
        (ask_dns(f"{UDP}, {TCP}", spaced("kube-system")[:-1] + ", podSelector: {matchLabels: {n: two}}}"),
         "UDP and TCP 53 to the cluster's DNS: some servers only, others are blocked by NetworkPolicy x/out"),
    ],
)  # fmt: skip
def test_the_sentence(rules: str, says: str) -> None:
    second = dns_pod(53, "kube-system/coredns-2", "k8s-app: kube-dns, n: two")
    assert resolution_text(of(analysed(*APP, *DNS, second, rules))) == says


def test_why_tells_who_cannot_resolve_names() -> None:
    analysis = analysed(*APP, *DNS, lets_out("x/out", "a", ""))
    question = ask(analysis, "x/a", "internet:443")
    document: Any = verdict_document(analysis, question)
    assert document["dns"]["verdict"] == "blocked"
    assert document["dns"]["policies"][0]["name"] == "out"
    (note,) = [note for note in document["sentences"]["notes"] if "resolve names" in note]
    assert "x/Pod/a cannot resolve names" in note
    assert "NetworkPolicy x/out" in note
    assert note in verdict_text(analysis, question)
    assert "resolve names" not in verdict_text(analysis, ask(analysis, "x/a", "kube-system/coredns-1:53/UDP"))
    assert "dns" not in verdict_document(analysis, ask(analysis, "internet", "x/a"))
