"""What is reported of pods that are not there: tables of small clusters, read as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.analysis import Analysis, Assumptions, analyze
from webapp.explain.exposure import INCOMPLETE, exposure_documents, exposure_lines
from webapp.insight import ends
from webapp.insight.exposure import exposure
from webapp.model.policy import Direction
from webapp.model.source import SourceFile

BASE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
"""
HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: shop}\nspec:\n"
ADMIN = "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: anp}\nspec:\n"
SUBJECT = "  priority: 1\n  subject: {namespaces: {}}\n"


def analysis_of(*texts: str, assumptions: Assumptions | None = None) -> Analysis:
    text = BASE + "\n---\n".join(texts)
    return analyze([SourceFile("a.yaml", text.encode())], assumptions or Assumptions())


def rows(analysis: Analysis, direction: Direction) -> dict[str, tuple[Any, Any]]:
    """For the pod `web`: text of the peers -> ports, unknown ports (in the order of the report)."""
    document = document_of(analysis, direction)
    peers: Any = document["peers"]
    return {each["text"]: (each["ports"], each["unknown_ports"]) for each in peers}


def ingress(*rules: str) -> str:
    return HEAD + "  podSelector: {}\n  ingress:\n" + "".join(f"  - {rule}\n" for rule in rules)


def egress(*rules: str) -> str:
    return HEAD + "  podSelector: {}\n  policyTypes: [Egress]\n  egress:\n" + "".join(f"  - {rule}\n" for rule in rules)


def admin(*rules: str) -> str:
    return ADMIN + SUBJECT + "  ingress:\n" + "".join(f"  - {rule}\n" for rule in rules)


NONE: tuple[Any, Any] = ({}, {})
ALL: tuple[Any, Any] = ("all", {})
ANY = "any pod of the cluster"


def tcp(ports: str) -> tuple[Any, Any]:
    return {"TCP": ports}, {}


APP_A = "podSelector: {matchLabels: {app: a}}"
ROLE_B = "podSelector: {matchLabels: {role: b}}"

NETWORK_POLICIES = {
    "isolated, and nothing allowed": ([ingress()], {ANY: NONE}),
    "everyone, on one port": ([ingress("{ports: [{port: 80}]}")], {ANY: tcp("80")}),
    "a name is the port of the workload itself": ([ingress("{ports: [{port: http}]}")], {ANY: tcp("8080")}),
    "pods of the own namespace": (
        [ingress(f"{{from: [{{{APP_A}}}]}}")], {ANY: NONE, "pods with app=a in namespace shop": ALL},
    ),
    "what any pod may do is not said again": (
        [ingress("{from: [{namespaceSelector: {}}], ports: [{port: 80}]}",
                 f"{{from: [{{{APP_A}}}], ports: [{{port: 80}}]}}")], {ANY: tcp("80")},
    ),
    "a namespace of the input is told by its labels": (
        [ingress("{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 1}]}",
                 "{from: [{podSelector: {}}], ports: [{port: 2}]}")],
        {ANY: NONE, "any pod in namespaces with team=a": tcp("1"), "any pod in namespace shop": tcp("1-2")},
    ),
    "a selector within another has the ports of both": (
        [ingress("{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: Exists}]}}],"
                 " ports: [{port: 1}]}",
                 f"{{from: [{{namespaceSelector: {{}}, {APP_A}}}], ports: [{{port: 2}}]}}")],
        {ANY: NONE, "pods with app in any namespace": tcp("1"), "pods with app=a in any namespace": tcp("1-2")},
    ),
    "a selector within another that adds nothing is left out": (
        [ingress("{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: Exists}]}}]}",
                 f"{{from: [{{namespaceSelector: {{}}, {APP_A}}}], ports: [{{port: 2}}]}}")],
        {ANY: NONE, "pods with app in any namespace": ALL},
    ),
    "any pod is not a pod without labels": (
        [ingress("{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn,"
                 " values: [x]}]}}], ports: [{port: 1}]}")],
        {ANY: NONE, "pods with app not in (x) in any namespace": tcp("1")},
    ),
    "any pod has what each kind of pod has": (
        [ingress("{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: Exists}]}}],"
                 " ports: [{port: 1}, {port: 2}]}",
                 "{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator:"
                 " DoesNotExist}]}}], ports: [{port: 2}, {port: 3}]}")],
        {ANY: tcp("2"), "pods with app in any namespace": tcp("1-2"), "pods with no app in any namespace": tcp("2-3")},
    ),
    "a selector that nothing can match is no exposure": (
        [ingress("{from: [{podSelector: {matchLabels: {app: a}, matchExpressions: [{key: app, operator: NotIn,"
                 " values: [a]}]}}]}")], {ANY: NONE},
    ),
    "nor is a namespace of the input with labels that it has not": (
        [ingress("{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop, team: b}}}]}")],
        {ANY: NONE},
    ),
    "addresses of unknown pods": (
        [ingress("{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 1}]}")], {ANY: ({}, {"TCP": "1"})},
    ),
}  # fmt: skip

ADMIN_POLICIES = {
    "some pods are denied what any pod may": (
        [admin(f"{{action: Deny, from: [{{pods: {{namespaceSelector: {{}}, {APP_A}}}}}]}}")],
        {ANY: ALL, "pods with app=a in any namespace": NONE},
    ),
    "differences add up without a word": (
        [admin(f"{{action: Deny, from: [{{pods: {{namespaceSelector: {{}}, {APP_A}}}}}], ports: [{{portNumber: "
               "{protocol: TCP, port: 1}}]}",
               f"{{action: Deny, from: [{{pods: {{namespaceSelector: {{}}, {ROLE_B}}}}}], ports: [{{portNumber: "
               "{protocol: TCP, port: 2}}]}"), ingress("{ports: [{port: 1}, {port: 2}]}")],
        {ANY: tcp("1-2"), "pods with app=a in any namespace": tcp("2"), "pods with role=b in any namespace": tcp("1")},
    ),
    "where the first rule wins, those who fit both are told": (
        [admin(f"{{action: Allow, from: [{{pods: {{namespaceSelector: {{}}, {APP_A}}}}}]}}",
               f"{{action: Deny, from: [{{pods: {{namespaceSelector: {{}}, {ROLE_B}}}}}]}}")],
        {ANY: ALL, "pods with role=b in any namespace": NONE, "pods with app=a, role=b in any namespace": ALL},
    ),
    "a rule that passes": (
        [admin("{action: Pass, from: [{namespaces: {matchLabels: {team: a}}}]}", "{action: Deny, from: [{namespaces: "
               "{}}]}"), ingress("{ports: [{port: 1}]}")],
        {ANY: NONE, "any pod in namespaces with team=a": tcp("1")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", [*NETWORK_POLICIES, *ADMIN_POLICIES])
def test_what_a_workload_accepts(case: str) -> None:
    policies, expected = (NETWORK_POLICIES | ADMIN_POLICIES)[case]
    assert rows(analysis_of(*policies), Direction.INGRESS) == expected


def test_the_order_is_from_general_to_narrow() -> None:
    policies, expected = NETWORK_POLICIES["a selector within another has the ports of both"]
    assert list(rows(analysis_of(*policies), Direction.INGRESS)) == list(expected)


def document_of(analysis: Analysis, direction: Direction) -> Any:
    """What is told of the pod `web`."""
    web = [each for each in exposure_documents(exposure(analysis)) if each["workload"] == "shop/Pod/web"]
    return next(each for each in web if each["direction"] == direction)


def test_an_end_that_no_policy_selects_is_open_to_all() -> None:
    told = document_of(analysis_of(ingress()), Direction.EGRESS)
    assert told["protected"] is False
    assert [(each["text"], each["ports"]) for each in told["peers"]] == [(ANY, "all")]
    assert told["addresses"] == [{"id": "internet", "ports": "all"}]
    assert document_of(analysis_of(ingress()), Direction.INGRESS)["protected"] is True


def test_reasons_are_rules_with_their_lines() -> None:
    told = document_of(analysis_of(ingress(f"{{from: [{{{APP_A}}}]}}")), Direction.INGRESS)
    general, pods = told["peers"]
    assert [(r["reason"], r["policy"]["name"], "index" in r) for r in general["reasons"]] == [
        ("no_rule_matches", "np", False)
    ]
    (reason,) = pods["reasons"]
    line = (BASE + ingress("X")).splitlines().index("  - X") + 1
    assert (reason["reason"], reason["index"], reason["source"]["line"]) == ("rule_allows", 0, line)
    assert pods["namespaces"] == {"name": "shop"}
    assert pods["pods"] == {"matchLabels": {"app": "a"}}


def test_what_is_denied_says_so() -> None:
    told = document_of(analysis_of(*ADMIN_POLICIES["some pods are denied what any pod may"][0]), Direction.INGRESS)
    general, pods = told["peers"]
    assert "denied" not in general
    assert pods["denied"] == "all"
    assert [(each["reason"], each["action"]) for each in pods["reasons"]] == [("rule_denies", "Deny")]


def test_a_name_stays_a_name_where_the_pod_that_has_it_is_not_there() -> None:
    told = document_of(analysis_of(egress("{ports: [{port: dns, protocol: UDP}, {port: 80}]}")), Direction.EGRESS)
    (general,) = told["peers"]
    assert (general["ports"], general["names"]) == ({"TCP": "80"}, ["dns/UDP"])
    assert told["addresses"] == [{"id": "internet", "ports": {"TCP": "80"}}]


def test_a_name_may_be_closed() -> None:
    deny = ADMIN + SUBJECT + "  egress:\n  - {action: Deny, to: [{namespaces: {}}], ports: [{namedPort: http}]}\n"
    (general,) = document_of(analysis_of(deny), Direction.EGRESS)["peers"]
    assert (general["ports"], general["names"]) == ("all", [])
    assert general["denied_names"] == ["http/SCTP", "http/TCP", "http/UDP"]


def test_a_policy_that_is_not_understood_leaves_everything_unknown() -> None:
    told = document_of(analysis_of(ingress("{ports: [{port: 99999}]}")), Direction.INGRESS)
    assert [(each["ports"], each["unknown_ports"]) for each in told["peers"]] == [({}, "all")]
    assert told["peers"][0]["reasons"][0]["reason"] == "policy_set_aside"


def test_an_undeclared_namespace_may_have_any_label() -> None:
    """A pod of `far` may be one of team=b, as far as anybody knows."""
    rule = "{from: [{namespaceSelector: {matchLabels: {team: b}}}], ports: [{port: 1}]}"
    far = "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: far}\n"
    named = "{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: far}}}], ports: [{port: 2}]}"
    told = rows(analysis_of(far, ingress(rule, named)), Direction.INGRESS)
    assert told["any pod in namespace far"] == ({"TCP": "2"}, {"TCP": "1"})
    assert told["any pod in namespaces with team=b"] == tcp("1")
    known = rows(analysis_of(far, ingress(rule, named), assumptions=Assumptions(undeclared_namespaces="unlabelled")),
                 Direction.INGRESS)  # fmt: skip
    assert known["any pod in namespace far"] == tcp("2")


def test_too_many_combinations_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    policies, expected = ADMIN_POLICIES["where the first rule wins, those who fit both are told"]
    whole = document_of(analysis_of(*policies), Direction.INGRESS)
    assert whole["complete"] is True
    monkeypatch.setattr(ends, "_FEWEST", 0)
    monkeypatch.setattr(ends, "_MOST", 0)
    cut = document_of(analysis_of(*policies), Direction.INGRESS)
    assert cut["complete"] is False
    assert [each["text"] for each in cut["peers"]] == list(expected)[:2]
    assert any(INCOMPLETE in line for line in exposure_lines(exposure(analysis_of(*policies))))


def test_the_report_for_people() -> None:
    lines = list(exposure_lines(exposure(analysis_of(ingress(f"{{from: [{{{APP_A}}}], ports: [{{port: 80}}]}}")))))
    line = (BASE + ingress("X")).splitlines().index("  - X") + 1
    assert lines[2:] == [
        "",
        "shop/Pod/web",
        "  accepts from  any pod of the cluster             no port  NetworkPolicy shop/np",
        f"                pods with app=a in namespace shop  TCP 80   NetworkPolicy shop/np by rule 1 (a.yaml:{line})",
        "  may send to   everyone, all ports: no policy selects it",
    ]
