"""A cure is offered where only one thing can be meant; applied to the text, it takes the problem away."""

from __future__ import annotations

import json

import pytest

from webapp.analysis import analyze
from webapp.insight.mends import Mend, mend_of
from webapp.model.problem import Problem
from webapp.model.source import SourceFile

HEAD = """# a comment
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: a
  namespace: b
spec:
"""


def problems(text: str) -> list[Problem]:
    return [each for each in analyze([SourceFile("p.yaml", text.encode())]).problems if each.severity != "info"]


def mended(text: str, mend: Mend) -> str:
    """As an editor applies it."""
    lines = text.split("\n")
    at = [sum(len(each) + 1 for each in lines[: line - 1]) + column - 1 for line, column in (mend.start, mend.end)]
    return text[: at[0]] + mend.text + text[at[1] :]


def cure(text: str, code: str) -> str:
    (problem,) = (each for each in problems(text) if each.code == code)
    mend = mend_of(problem, text)
    assert mend is not None
    result = mended(text, mend)
    assert code not in {each.code for each in problems(result)}
    return result


@pytest.mark.parametrize("value", ["8000-8100", '"8000-8100"', "'8000-8100'", "8000-8100 # both"])
def test_a_range_becomes_port_and_end_port(value: str) -> None:
    text = HEAD + f"  podSelector: {{}}\n  ingress:\n  - ports:\n    - port: {value}\n      protocol: TCP\n"
    result = cure(text, "port_name_invalid")
    assert "    - port: 8000\n      endPort: 8100" in result
    assert result.endswith("\n      protocol: TCP\n")


def test_a_range_between_braces() -> None:
    text = HEAD + "  podSelector: {}\n  ingress:\n  - ports: [{port: 8000-8100, protocol: TCP}]\n"
    assert "ports: [{port: 8000, endPort: 8100, protocol: TCP}]" in cure(text, "port_name_invalid")


def test_json_stays_json() -> None:
    policy = {
        "apiVersion": "v1", "kind": "NetworkPolicy", "metadata": {"name": "a", "namespace": "b"},
        "spec": {"podSelectors": {}, "ingress": [{"ports": [{"port": "80-90"}]}]},
    }  # fmt: skip
    text = json.dumps(policy)
    for code in ("port_name_invalid", "unknown_field", "wrong_api_version"):
        text = cure(text, code)
    spec = {"podSelector": {}, "ingress": [{"ports": [{"port": 80, "endPort": 90}]}]}
    assert json.loads(text) == policy | {"apiVersion": "networking.k8s.io/v1", "spec": spec}


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("  podSelectors: {}\n", "  podSelector: {}\n", "unknown_field"),
        ("  podSelector: {}\n  policyTypes: [ingress]\n", "  podSelector: {}\n  policyTypes: [Ingress]\n",
         "policy_types_invalid"),
        ("  podSelector: {}\n  ingress:\n  - ports: [{protocol: tcp, port: 80}]\n",
         "  podSelector: {}\n  ingress:\n  - ports: [{protocol: TCP, port: 80}]\n", "protocol_invalid"),
        ('  podSelector: {}\n  ingress:\n  - ports: [{port: "80"}]\n',
         "  podSelector: {}\n  ingress:\n  - ports: [{port: 80}]\n", "port_name_invalid"),
        ("  podSelector: {matchLabels: {on: true}}\n", '  podSelector: {matchLabels: {on: "true"}}\n', "wrong_type"),
        ("  podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}\n",
         "  podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}\n", "selector_operator_invalid"),
    ],
)  # fmt: skip
def test_words_that_are_nearly_right(wrong: str, right: str, code: str) -> None:
    assert cure(HEAD + wrong, code) == HEAD + right


@pytest.mark.parametrize("given", ["v1", '"v1"', None])
def test_the_version_of_the_api(given: str | None) -> None:
    right = HEAD + "  podSelector: {}\n"
    line = "apiVersion: networking.k8s.io/v1\n"
    wrong = right.replace(line, "" if given is None else f"apiVersion: {given}\n")
    assert cure(wrong, "wrong_api_version") == right


def test_the_version_of_an_item_of_a_list() -> None:
    item = "kind: NetworkPolicy\n  metadata: {name: a, namespace: b}\n  spec: {podSelector: {}}\n"
    text = f"apiVersion: v1\nkind: List\nitems:\n- {item}"
    right = text.replace("- kind", "- apiVersion: networking.k8s.io/v1\n  kind")
    assert cure(text, "wrong_api_version") == right


def test_a_kind_in_the_wrong_case() -> None:
    right = HEAD + "  podSelector: {}\n"
    assert cure(right.replace("NetworkPolicy", "networkpolicy"), "misspelt_kind") == right


@pytest.mark.parametrize(
    "spec",
    [
        "  podSelector: {}\n  ingress:\n  - ports: [{port: 0}]\n",
        "  podSelector: {}\n  zzz: 1\n",
        "  podSelector: {}\n  podSelectors: {}\n",
        "  podSelector: {}\n  ingress:\n  - ports: [{port: 9000-8000}]\n",
        "  podSelector: {}\n  ingress:\n  - ports: [{port: 1-99999}]\n",
        "  podSelector: {}\n  ingress:\n  - ports: [{port: 8000-8100, endPort: 9000}]\n",
    ],
)
def test_nothing_is_offered_where_nothing_is_certain(spec: str) -> None:
    found = problems(HEAD + spec)
    assert found
    assert [mend_of(problem, HEAD + spec) for problem in found] == [None] * len(found)


def test_only_the_document_with_the_problem_counts() -> None:
    other = HEAD + "  podSelectors: {}\n"
    text = other + HEAD.replace("name: a", "name: c") + "  podSelectors: {}\n"
    first, second = (each for each in problems(text) if each.code == "unknown_field")
    mend = mend_of(second, text)
    assert mend is not None
    assert mended(text, mend) == other + HEAD.replace("name: a", "name: c") + "  podSelector: {}\n"
    assert first.source is not None
    assert mend.start[0] > first.source.line
