"""Expectation files: what they may say, when a statement holds, and how failures are told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from webapp.analysis import Analysis, analyze
from webapp.cli import main
from webapp.errors import InputError
from webapp.expectations import Outcome, check, read_expectations
from webapp.expectations.telling import junit_of, text_of
from webapp.manifests import COMMAND_LINE_BUDGET, SourceFile

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop, labels: {app: job}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {containers: [{name: db, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {}
  ingress:
  - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}]
  - from: [{namespaceSelector: {matchLabels: {team: a}}}]
    ports: [{port: 9000}]
"""
UNDECLARED = """
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: elsewhere}
"""


def _analysis(text: str = WORLD) -> Analysis:
    return analyze([SourceFile("world.yaml", text.encode())])


def _check(lines: str, analysis: Analysis | None = None) -> list[Outcome]:
    file = SourceFile("expect.yaml", ("expect:\n" + lines).encode())
    return check(analysis or _analysis(), read_expectations([file], COMMAND_LINE_BUDGET))


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("{from: web, to: db, ports: TCP/5432, allowed: true}", True),
        ("{from: web, to: db, ports: 5432, allowed: true}", True),
        ("{from: web, to: db, allowed: true}", True),
        ("{from: web, to: db, ports: 'TCP/5432,5433', allowed: true}", False),
        ("{from: web, to: db, ports: UDP/5432, allowed: true}", False),
        ("{from: web, to: db, blocked: true}", False),
        ("{from: web, to: db, ports: TCP/80, blocked: true}", True),
        ("{from: web, to: db, ports: [TCP/80, UDP], blocked: true}", True),
        ("{from: job, to: db, blocked: true}", True),
        ("{from: job, to: db, allowed: true}", False),
        ("{from: 'shop/*', to: 'data/*', blocked: true}", False),
        ("{from: 'data/*', to: 'shop/*', ports: all, allowed: true}", True),
        ("{from: 'nobody/*', to: db, blocked: true}", False),
        ("{from: nobody, to: db, blocked: true}", False),
        ("{from: internet, to: db, blocked: true}", True),
        ("{from: internet, to: web, allowed: true}", True),
        ("{from: 10.0.0.0/8, to: db, blocked: true}", True),
        ("{from: internet, to: 10.0.0.0/8, blocked: true}", False),
        ("{from: web, to: web, blocked: true}", False),
        ("{from: web, to: svc/data/db, ports: 80, allowed: true}", True),
        ("{from: web, to: svc/data/db, allowed: true}", True),
        ("{from: job, to: svc/data/db, blocked: true}", True),
        ("{from: web, to: svc/data/db, blocked: true}", False),
        ("{from: web, to: svc/data/none, blocked: true}", False),
    ],
)
def test_when_a_statement_holds(line: str, holds: bool) -> None:
    (outcome,) = _check(f"- {line}")
    assert outcome.holds is holds


def test_what_cannot_be_told_does_not_hold_either_way() -> None:
    analysis = _analysis(WORLD + UNDECLARED)
    for wanted in ("allowed", "blocked"):
        (outcome,) = _check(f"- {{from: elsewhere/x, to: db, ports: 9000, {wanted}: true}}", analysis)
        assert [str(failure.verdict) for failure in outcome.failures] == ["unknown"]


def test_nothing_else_is_what_no_statement_of_the_file_allows() -> None:
    closed = "- {to: data/db, nothing_else: true}"
    (outcome,) = _check(closed)
    assert [(f.source, f.destination) for f in outcome.failures] == [("shop/Pod/web", "data/Pod/db")]
    assert _check(closed + "\n- {from: web, to: db, ports: 5432, allowed: true}")[0].holds
    assert _check(closed + "\n- {from: 'shop/*', to: db, allowed: true}")[0].holds
    assert not _check(closed + "\n- {from: web, to: db, ports: 80, allowed: true}")[0].holds
    everyone = _check("- {to: shop/web, nothing_else: true}")[0]
    assert "internet" in {failure.source for failure in everyone.failures}
    inside = _check("- {from: '*', to: shop/web, nothing_else: true}")[0]
    assert {failure.source for failure in inside.failures} == {"data/Pod/db", "shop/Pod/job"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {from: a, to: b}", "allowed: true, blocked: true"),
        ("- {from: a, to: b, allowed: true, blocked: true}", "one of"),
        ("- {from: a, to: b, allowed: false}", "one of"),
        ("- {from: a, to: b, alowed: true}", "Did you mean allowed?"),
        ("- {from: a, allowed: true}", "to must name"),
        ("- {from: a, to: b, ports: 70000, allowed: true}", "1 to 65535"),
        ("- {from: a, to: b, ports: 90-80, allowed: true}", "1 to 65535"),
        ("- {from: a, to: b, ports: http, allowed: true}", "no list of ports"),
        ("- {from: a, to: b, ports: ICMP/1, allowed: true}", "no list of ports"),
        ("- {from: a, to: b, ports: [], allowed: true}", "no port is listed"),
        ("- {to: b, ports: 80, nothing_else: true}", "all ports"),
        ("- {from: a, to: b, to: c, allowed: true}", "twice"),
        ("- a to b", "must be a mapping"),
        ("- {from: a\n", "expect.yaml"),
        ("  a: b", "list under the key expect"),
        ("  []", "no expectation"),
        ("- {from: a, to: b, allowed: true}\nexpected: []", "no key of an expectation file"),
    ],
)
def test_a_mistake_in_the_file_is_refused_with_its_place(text: str, told: str) -> None:
    file = SourceFile("expect.yaml", f"expect:\n{text}\n".encode())
    with pytest.raises(InputError) as refused:
        read_expectations([file], COMMAND_LINE_BUDGET)
    assert told in refused.value.message
    assert "expect.yaml" in refused.value.message or told == "no expectation"


def test_a_failure_is_told_with_its_trace() -> None:
    outcomes = _check("- {from: job, to: db, ports: 5432, allowed: true, note: nightly}")
    text = text_of(_analysis(), outcomes)
    assert "FAIL  job -> db on TCP 5432: allowed  (nightly)" in text
    assert "shop/Pod/job -> data/Pod/db is blocked on TCP 5432" in text
    assert "Closest: NetworkPolicy data/db, ingress rule 1" in text
    assert text.endswith("0 hold, 1 fails.\n")


def test_junit_is_xml_whatever_the_names_are() -> None:
    outcomes = _check('- {from: "<b>&\\u0001", to: db, blocked: true}\n- {from: job, to: db, blocked: true}')
    root = ElementTree.fromstring(junit_of(_analysis(), outcomes))
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    cases = root.findall("testsuite/testcase")
    assert [case.find("failure") is not None for case in cases] == [True, False]
    assert "<b>&" in (cases[0].get("name") or "")


def test_the_command(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    world, expect = tmp_path / "world.yaml", tmp_path / "expect.yaml"
    world.write_text(WORLD)
    expect.write_text("expect: [{from: web, to: db, allowed: true}]")
    call = ["test", str(world), "--expect", str(expect)]
    assert main(call) == 0
    expect.write_text("expect: [{from: web, to: db, blocked: true}]")
    capfdbinary.readouterr()
    assert main([*call, "-o", "json"]) == 1
    answer = json.loads(capfdbinary.readouterr().out)
    assert (answer["schema"], answer["passed"], answer["failed"]) == ("netpolmap/test/1", 0, 1)
    (failure,) = answer["expectations"][0]["failures"]
    assert (failure["verdict"], failure["ports"]) == ("allowed", {"TCP": "5432"})
    assert failure["why"]["schema"] == "netpolmap/verdict/1"
    assert main([*call[:-1], str(tmp_path / "none.yaml")]) == 2
    expect.write_text("expect: [{from: web}]")
    assert main(call) == 2
