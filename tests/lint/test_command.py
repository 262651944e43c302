"""`netpolmap lint` as the contract has it: exit statuses, streams, choices."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lint.worlds import CLOSED, DNS, namespace, pod, policy
from webapp.cli import main

Run = Callable[..., tuple[int, str, str]]
CLEAN = namespace("shop") + pod("web") + CLOSED + DNS
WARNING = CLEAN + policy("lost", "{podSelector: {matchLabels: {role: none}}}")
INFO = namespace("shop") + pod("web") + policy("closed", "{podSelector: {}}")
ERROR = CLEAN + policy("deny-all", "{podSelector: {}, ingress: [{}]}")


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    def call(text: str, *words: str) -> tuple[int, str, str]:
        (tmp_path / "in.yaml").write_text(text)
        try:
            status = main(["lint", str(tmp_path), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


@pytest.mark.parametrize(("text", "fail_on", "status"), [
    (CLEAN, "info", 0), (INFO, "info", 1), (INFO, "warning", 0), (WARNING, "", 0), (WARNING, "error", 0),
    (WARNING, "warning", 1), (ERROR, "", 1), (ERROR, "error", 1), (ERROR, "never", 0),
])  # fmt: skip
def test_the_status_tells_whether_something_is_at_or_above_the_threshold(
    run: Run, text: str, fail_on: str, status: int
) -> None:
    assert run(text, *(["--fail-on", fail_on] if fail_on else []))[0] == status


def test_without_a_policy_there_is_nothing_to_look_at(run: Run) -> None:
    status, out, err = run(namespace("shop") + pod("web"))
    assert (status, out) == (2, "")
    assert "no policy was read" in err
    status, out, _ = run(namespace("shop") + pod("web"), "-o", "json")
    assert status == 2
    assert json.loads(out)["problems"][0]["code"] == "no_policies"


def test_strict_tells_of_what_was_not_understood(run: Run) -> None:
    broken = policy("broken", "{podSelector: {}, ingress: [{ports: [{port: 99999}]}]}")
    assert run(CLEAN + broken, "--strict")[0] == 3
    assert run(CLEAN + broken)[0] == 0


def test_rules_are_chosen_by_code(run: Run) -> None:
    both = WARNING + policy("deny-all", "{podSelector: {}, ingress: [{}]}")

    def codes(*words: str) -> set[str]:
        return {each["code"] for each in json.loads(run(both, "-o", "json", *words)[1])["findings"]}

    assert {"policy_selects_nothing", "opens_everything"} <= codes()
    assert codes("--rule", "opens_everything") == {"opens_everything"}
    assert codes("--rule", "opens_everything", "--rule", "policy_selects_nothing", "--skip", "opens_everything") == {
        "policy_selects_nothing"
    }
    assert "opens_everything" not in codes("--skip", "opens_everything")
    status, out, err = run(both, "--skip", "open_everything")
    assert (status, out) == (2, "")
    assert "Did you mean opens_everything?" in err


def test_text_names_the_place_and_counts(run: Run) -> None:
    status, out, _ = run(WARNING)
    lines = out.splitlines()
    assert lines[0].endswith("in.yaml")
    assert "warning  policy_selects_nothing  NetworkPolicy shop/lost" in lines[1]
    assert lines[-1] == "1 warning, in 3 policies and 1 workload"
    assert status == 0
    assert run(CLEAN)[1] == "nothing found, in 2 policies and 1 workload\n"


def test_a_problem_that_is_told_as_a_finding_is_not_told_twice(run: Run) -> None:
    text = CLEAN + policy("in", "{podSelector: {}, policyTypes: [Ingress], egress: [{}]}")
    status, out, err = run(text)
    assert status == 1
    assert "direction_not_listed" in out
    assert "policyTypes does not list" not in err
    assert "policyTypes does not list" in run(text, "--skip", "direction_not_listed")[2]


def test_the_answer_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "found.sarif"
    assert run(ERROR, "-o", "sarif", "--out", str(out), "--help-url", "https://netpolmap.example/help")[:2] == (1, "")
    rule = json.loads(out.read_text())["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["helpUri"] == f"https://netpolmap.example/help#lint-{rule['id']}"


def test_annotations_stand_alone_on_standard_output(run: Run) -> None:
    _, out, _ = run(ERROR, "-o", "github")
    assert all(line.startswith("::") for line in out.splitlines())
