"""Rows 22 to 24 of the table of bad inputs: policies whose order is not defined, or that say what is not understood."""

from __future__ import annotations

import itertools

import pytest

from webapp.analysis import Analysis, SourceFile, analyze
from webapp.errors import InputError
from webapp.explain.verdict import ask, verdict_document
from webapp.export.connections import connections_document

WORLD = """apiVersion: v1
kind: Namespace
metadata: {name: x}
---
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x, labels: {app: a}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 80}]}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: x, labels: {app: b}}
status: {podIP: 10.0.0.2}
"""
EVERYONE = "from: [{namespaces: {}}]"


def anp(rules: str, name: str = "one", priority: int = 5, version: str = "v1alpha1") -> str:
    return (
        f"apiVersion: policy.networking.k8s.io/{version}\nkind: AdminNetworkPolicy\nmetadata: {{name: {name}}}\n"
        f"spec: {{priority: {priority}, subject: {{namespaces: {{}}}}, {rules}}}\n"
    )


def banp(action: str, name: str = "default") -> str:
    return (
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\n"
        f"metadata: {{name: {name}}}\n"
        f"spec: {{subject: {{namespaces: {{}}}}, ingress: [{{action: {action}, {EVERYONE}}}]}}\n"
    )


def ingress(action: str, more: str = "") -> str:
    return f"ingress: [{{action: {action}, {EVERYONE}{more}}}]"


def reading(*documents: str) -> Analysis:
    return analyze([SourceFile("w.yaml", "---\n".join((WORLD, *documents)).encode())])


def verdict(analysis: Analysis, destination: str = "x/a:80") -> tuple[str, set[str]]:
    """The verdict of b's question, and every reason that its steps give."""
    document = verdict_document(analysis, ask(analysis, "x/b", destination))
    sides = [document["egress"], document["ingress"]]
    reasons = {step["reason"] for side in sides if isinstance(side, dict) for step in side["steps"]}
    return str(document["verdict"]), reasons


def codes(analysis: Analysis) -> set[str]:
    return {problem.code for problem in analysis.problems if problem.severity != "info"}


UNDEFINED = {
    "two of one priority": ((anp(ingress("Allow")), anp(ingress("Deny"), "two")), "ambiguous_priority"),
    "one name twice": ((anp(ingress("Allow")), anp(ingress("Deny"))), "duplicate_object"),
    "two baselines of one name": ((banp("Allow"), banp("Deny")), "duplicate_object"),
}


@pytest.mark.parametrize("case", UNDEFINED)
def test_row_22_an_order_that_is_not_defined(case: str) -> None:
    documents, code = UNDEFINED[case]
    answers = []
    for order in itertools.permutations(documents):
        analysis = reading(*order)
        assert code in codes(analysis)
        found, reasons = verdict(analysis)
        assert found == "unknown"
        assert code in reasons
        answers.append({**connections_document(analysis), "problems": None})
    assert answers[0] == answers[1]


def test_row_22_a_second_baseline_is_refused_and_what_both_say_holds() -> None:
    analysis = reading(banp("Deny"), banp("Allow", "other"))
    assert "baseline_name" in codes(analysis)
    assert verdict(analysis)[0] == "unknown"
    same = reading(anp(ingress("Deny")), anp(ingress("Deny"), "two"))
    assert "ambiguous_priority" not in codes(same)
    assert verdict(same)[0] == "blocked"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (anp(ingress("Accept")), "action_invalid"),
        (anp(ingress("Log")), "action_invalid"),
        (anp("ingress: [{action: Deny, from: [{serviceAccounts: {}}]}]"), "unknown_field"),
        (anp("ingress: [{action: Allow, from: [{namespaces: {}, colours: {}}]}]"), "unknown_field"),
        (anp(ingress("Deny"), version="v1beta7"), "version_unknown"),
        (anp(ingress("Allow"), priority=1001), "priority_out_of_range"),
    ],
)
def test_row_23_what_is_not_understood_is_unknown_with_a_problem(document: str, code: str) -> None:
    analysis = reading(document)
    assert code in codes(analysis)
    found, reasons = verdict(analysis)
    assert found == "unknown"
    assert "policy_set_aside" in reasons
    assert analysis.counts.not_understood == 1


BY_NAME = "egress: [{action: Allow, to: [{domainNames: [a.example]}]}, {action: Deny, to: [{networks: ['0.0.0.0/0']}]}]"
CILIUM = "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: c, namespace: x}\nspec: {%s}\n"
CALICO = "apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: k, namespace: x}\nspec: {%s}\n"


@pytest.mark.parametrize(
    ("document", "destination", "reason"),
    [
        (anp(BY_NAME), "203.0.113.7:443", "domain_name"),
        (CILIUM % "endpointSelector: {}, ingress: [{toPorts: [{rules: {http: [{method: GET}]}}]}]", "x/a:80",
         "dialect_not_evaluated"),
        (CILIUM % "endpointSelector: {}, ingress: [{fromEntities: [cluster]}]", "x/a:80", "dialect_not_evaluated"),
        (CALICO % "ingress: [{action: Allow, source: {serviceAccounts: {names: [b]}}}]", "x/a:80",
         "dialect_not_evaluated"),
    ],
    ids=["domain name", "layer 7", "entities", "service accounts"],
)  # fmt: skip
def test_row_24_what_manifests_do_not_tell_is_never_allowed(document: str, destination: str, reason: str) -> None:
    found, reasons = verdict(reading(document), destination)
    assert found == "unknown"
    assert reason in reasons


def test_row_24_a_named_port_that_no_pod_has_allows_nothing_and_icmp_is_no_question() -> None:
    named = anp(
        f"ingress: [{{action: Allow, {EVERYONE}, ports: [{{namedPort: nowhere}}]}}, {{action: Deny, {EVERYONE}}}]"
    )
    assert verdict(reading(named))[0] == "blocked"
    with pytest.raises(InputError, match="ICMP"):
        verdict(reading(), "x/a:8/ICMP")
