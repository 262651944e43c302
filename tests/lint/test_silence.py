"""Where the input does not decide, and where something is common and meant, rules are silent."""

from __future__ import annotations

import pytest

from tests.lint.worlds import CLOSED, DNS, found, namespace, pod, policy, report

FROM_WEB = "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}"


def test_a_sound_namespace_has_nothing() -> None:
    web = policy(
        "web",
        "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
        "egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}",
    )
    assert found(pod("web"), pod("db"), CLOSED, DNS, policy("db", FROM_WEB), web) == []


def test_policies_alone_say_little() -> None:
    """Without workloads nobody knows what selectors match."""
    assert found(CLOSED, policy("db", FROM_WEB), policy("far", far("kubernetes.io/metadata.name: data"))) == []


def far(labels: str, pods: str = "app: x") -> str:
    peer = f"{{namespaceSelector: {{matchLabels: {{{labels}}}}}, podSelector: {{matchLabels: {{{pods}}}}}}}"
    return f"{{podSelector: {{}}, ingress: [{{from: [{peer}]}}]}}"


@pytest.mark.parametrize(("spec", "expected"), [
    (far("kubernetes.io/metadata.name: elsewhere"), []),
    (far("kubernetes.io/metadata.name: empty"), []),
    (far("kubernetes.io/metadata.name: data"), ["peer_selects_nothing"]),
    (far("team: nobody"), ["peer_selects_nothing"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}]}]}", []),
])  # fmt: skip
def test_a_peer_that_need_not_be_in_the_input(spec: str, expected: list[str]) -> None:
    world = namespace("data") + namespace("empty") + namespace("shop") + pod("db", "data") + pod("web")
    assert found(world, policy("p", spec), only="peer_selects_nothing") == expected


def test_the_labels_of_an_undeclared_namespace_are_unknown() -> None:
    world = pod("db", "data") + pod("web")
    spec = far("team: data", "app: db")
    assert found(world, policy("p", spec), only="peer_selects_nothing") == []
    told = report(world, policy("p", spec), only="peer_selects_nothing", undeclared_namespaces="unlabelled").findings
    assert [(each.code, each.severity) for each in told] == [("peer_selects_nothing", "info")]


def test_dns_is_not_missed_where_nothing_is_sent() -> None:
    assert found(pod("web"), CLOSED, only="egress_without_dns") == []


def test_dns_is_not_missed_where_it_may_be_reached() -> None:
    to_system = "{to: [{namespaceSelector: {matchLabels: {team: system}}}]}"
    spec = f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{podSelector: {{}}}}]}}, {to_system}]}}"
    assert found(pod("a"), pod("b"), policy("p", spec), only="egress_without_dns") == []


def test_dns_over_tcp_alone_is_told() -> None:
    spec = (
        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}, "
        "{to: [{namespaceSelector: {}}], ports: [{port: 53}]}]}"
    )
    dns = pod("kube-dns", "kube-system", "k8s-app: kube-dns")
    (finding,) = report(pod("a"), pod("b"), dns, policy("p", spec), only="egress_without_dns").findings
    assert "over TCP only" in finding.message


def test_everyone_is_not_one_sided() -> None:
    spec = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"
    assert found(pod("web"), CLOSED, policy("p", spec), only="one_sided_allow") == []


def test_a_peer_of_which_some_pods_connect_is_not_one_sided() -> None:
    out = "{podSelector: {matchLabels: {n: '1'}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"
    pods = pod("a", labels="app: web, n: '1'") + pod("b", labels="app: web, n: '2'") + pod("db")
    assert found(pods, CLOSED, policy("db", FROM_WEB), policy("out", out), only="one_sided_allow") == []
    assert found(pods, CLOSED, policy("db", FROM_WEB), only="one_sided_allow") == ["one_sided_allow"]


def test_ports_that_do_not_meet_are_told_once_with_the_ports() -> None:
    into = FROM_WEB.replace("}}}]}", "}}}], ports: [{port: 80}]}")
    out = (
        "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
        "egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 81}]}]}"
    )
    (finding,) = report(pod("web"), pod("db"), policy("in", into), policy("out", out), only="one_sided_allow").findings
    assert finding.object == "NetworkPolicy shop/out"
    assert "TCP 80 only" in finding.message


def test_a_policy_that_is_set_aside_makes_the_default_deny_doubtful() -> None:
    broken = policy("broken", "{podSelector: {}, ingres: []}")
    assert found(pod("web"), broken, only="no_default_deny") == []


def test_the_namespaces_of_the_system_need_no_default_deny() -> None:
    assert found(pod("web", "kube-system"), CLOSED, only="no_default_deny") == []


def test_a_baseline_that_denies_all_is_a_default_deny() -> None:
    baseline = (
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\n"
        "spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}], "
        "egress: [{action: Deny, to: [{namespaces: {}}]}]}\n"
    )
    assert found(pod("web"), baseline, only="no_default_deny") == []
    assert found(pod("web"), baseline.replace("Deny", "Allow"), only="no_default_deny") == ["no_default_deny"]


def test_a_default_deny_beside_a_policy_for_the_same_pods_is_no_redundancy() -> None:
    same = policy("same", "{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {}}]}]}")
    assert found(pod("web"), CLOSED, same, DNS) == []


def test_of_two_equal_policies_one_is_told() -> None:
    spec = "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
    told = report(pod("web"), policy("one", spec), policy("two", spec), only="contained_policy").findings
    assert [each.object for each in told] == ["NetworkPolicy shop/two"]
    assert found(pod("web"), policy("one", spec), policy("two", spec), only="redundant_policy") == []


def test_ports_are_not_told_where_some_pod_declares_none() -> None:
    spec = "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}"
    declared = "spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}"
    assert found(pod("a", more=declared), policy("p", spec), only="port_not_listening") == ["port_not_listening"]
    assert found(pod("a", more=declared), pod("b"), policy("p", spec), only="port_not_listening") == []
    for ports in ("port: 1, endPort: 65535", "port: 8000, endPort: 8100", "protocol: TCP"):
        assert found(pod("a", more=declared), policy("p", spec.replace("port: 80", ports))) != ["port_not_listening"]


def test_a_tie_that_matters_is_a_problem_and_no_finding() -> None:
    admin = (
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: NAME}\n"
        "spec: {priority: 1, subject: {namespaces: {}}, ingress: [{action: ACTION, from: [{namespaces: {}}]}]}\n---\n"
    )
    one, other = (admin.replace("NAME", n).replace("ACTION", a) for n, a in (("one", "Deny"), ("two", "Allow")))
    assert found(pod("a"), one + other, only="equal_priority") == []
    assert found(pod("a"), one + other.replace("Allow", "Deny"), only="equal_priority") == ["equal_priority"]


@pytest.mark.parametrize(("name", "severity"), [
    ("web", "warning"), ("deny-all", "error"), ("allow-in-deny-out", "warning"), ("deny-all-but-web", "warning"),
])  # fmt: skip
def test_a_policy_that_says_deny_and_opens_all(name: str, severity: str) -> None:
    told = report(pod("web"), policy(name, "{podSelector: {}, ingress: [{}]}"), only="opens_everything").findings
    assert [each.severity for each in told] == [severity]
