"""All 138 rows of spec §11, by number, and what the contract adds to them (numbers from 201)."""

from __future__ import annotations

import json

import pytest

from tests.corner_cases import cases_contract, cases_policies, cases_ports, cases_tiers, cases_traffic
from tests.corner_cases.case import Case
from tests.corner_cases.world import documents, np, world
from webapp.analysis import SourceFile, analyze
from webapp.cli import main
from webapp.errors import InputError
from webapp.explain.verdict import ask, verdict_document

EVERY = (*cases_policies.CASES, *cases_ports.CASES, *cases_traffic.CASES, *cases_tiers.CASES)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in sorted(EVERY, key=lambda c: c.number)])
def test_corner_case(case: Case) -> None:
    case.check()


def test_every_row_of_the_table_is_here() -> None:
    assert {case.number for case in EVERY} == set(range(1, 139))
    assert len({case.id for case in EVERY}) == len(EVERY)


def test_case_073_node_traffic_is_a_note_and_never_a_row() -> None:
    analysis = analyze([SourceFile("w.yaml", documents([world(), np()]).encode())])
    document = verdict_document(analysis, ask(analysis, "y/b", "x/a:80"))
    sentences = document["sentences"]
    assert isinstance(sentences, dict)
    assert any("node" in note for note in sentences["notes"])
    assert not [row for row in analysis.connections() if row.destination == "x/Pod/a"]


def test_case_080_icmp_is_outside_the_question() -> None:
    analysis = analyze([SourceFile("w.yaml", world().encode())])
    with pytest.raises(InputError, match="ICMP"):
        ask(analysis, "y/b", "x/a:8/ICMP")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in cases_contract.CASES])
def test_contract(case: Case) -> None:
    case.check()


@pytest.mark.parametrize(
    ("destination", "status", "verdict"),
    [("x/a:80", 0, "allowed"), ("x/a:81", 1, "blocked"), ("x/b:80", 3, "unknown")],
)
def test_the_command_line_says_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    destination: str,
    status: int,
    verdict: str,
) -> None:
    """`why` and its exit status, for one allowed, one blocked and one unknown question."""
    text = documents([
        world(), np("ingress: [{ports: [{port: 80}]}]"), np("ingress: [{from: [{}]}]", subject="b", name="broken"),
    ])  # fmt: skip
    path = tmp_path_factory.mktemp("world") / "world.yaml"
    path.write_text(text)
    assert main(["why", "y/b", destination, str(path), "-o", "json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == verdict
    assert document["schema"] == "netpolmap/verdict/1"
    assert main(["list", str(path), "-o", "json", "--from", "y/b"]) == 0
    listed = json.loads(capsys.readouterr().out)
    rows = {row["destination"]: row["ports"] for row in listed["connections"]}
    assert rows["x/Pod/a"] == {"TCP": "80"}
    assert rows["x/Pod/c"] == "all"
    assert {(row["destination"], row["ports"], *row["reasons"]) for row in listed["unknown"]} == {
        ("x/Pod/b", "all", "policy_set_aside")
    }
    assert [problem["path"] for problem in listed["problems"] if problem["severity"] == "error"] == [
        "spec.ingress[0].from[0]"
    ]
