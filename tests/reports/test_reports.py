"""`netpolmap diff`: every format tells the same difference, names what caused it, and keeps foreign text text."""

from __future__ import annotations

import json
import subprocess
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.diff.test_changes import WORLD, analysis, policy
from webapp.cli import main
from webapp.diff.review import Review, Risk, review
from webapp.reports import FORMATS, report

DENY = policy("{podSelector: {}, policyTypes: [Ingress]}", "deny")
OPEN = policy(
    "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]},"
    " {from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]}"
)


def _written(name: str, found: Review) -> str:
    stream = StringIO()
    report(name).write(found, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def opened() -> Review:
    return review(analysis(WORLD + DENY), analysis(WORLD + DENY + OPEN))


def test_the_most_dangerous_comes_first(opened: Review) -> None:
    risks = [entry.risk for entry in opened.entries]
    assert risks[0] is Risk.FROM_OUTSIDE
    assert risks == sorted(risks, key=list(Risk).index)
    assert opened.counts()[Risk.WITHIN] == risks.count(Risk.WITHIN) > 0


def test_what_is_opened_into_a_sensitive_workload_is_told_before_the_rest() -> None:
    marked = WORLD.replace("labels: {app: a}", 'labels: {app: a, netpolmap/sensitive: "true"}')
    found = review(analysis(marked + DENY), analysis(marked + DENY + OPEN))
    assert {entry.risk for entry in found.entries} == {Risk.FROM_OUTSIDE, Risk.INTO_SENSITIVE}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_the_rows_and_says_so_where_there_are_none(name: str, opened: Review) -> None:
    told = _written(name, opened)
    assert "203.0.113.0/24" in told
    assert told == _written(name, opened)
    same = _written(name, review(analysis(WORLD), analysis(WORLD)))
    assert "203.0.113.0/24" not in same
    if name != "json":
        assert "exactly the same traffic" in same


def test_the_document_has_ids_risks_and_causes(opened: Review) -> None:
    document = json.loads(_written("json", opened))
    row = next(row for row in document["opened"] if row["source"] == "203.0.113.0/24")
    assert row["id"] == "203.0.113.0/24>x/Deployment/a"
    assert (row["before"], row["after"]) == ({}, {"TCP": "443"})
    assert row["risk"] == "opened from outside"
    (cause,) = row["causes"]
    assert cause["object"] == "NetworkPolicy x/p"
    assert cause["detail"] == "ingress rule 2"
    assert cause["source"]["file"] == "w.yaml"


def test_hostile_names_stay_text() -> None:
    evil = "<img src=x onerror=alert(1)>`|](javascript:1)@all\\n<!--"
    text = WORLD + f'apiVersion: v1\nkind: Pod\nmetadata: {{name: "{evil}", namespace: x}}\n---\n'
    found = review(analysis(WORLD), analysis(text))
    page = _written("html", found)
    assert "<img" not in page
    assert "&lt;img" in page
    comment = _written("md", found)
    table = [line for line in comment.splitlines() if line.startswith("| +")]
    assert table
    assert not any("<img" in line or "](" in line or "@all" in line or "`|" in line for line in table)
    ElementTree.fromstring(_written("svg", found))


def test_the_markdown_begins_with_the_marker_and_draws(opened: Review) -> None:
    comment = _written("md", opened)
    assert comment.startswith("<!-- netpolmap diff -->\n")
    assert "```mermaid\nflowchart LR\n" in comment
    assert "`203.0.113.0/24>x/Deployment/a`" in comment


def test_the_command_and_its_exit_status(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    base, head, empty = tmp_path / "base.yaml", tmp_path / "head.yaml", tmp_path / "none.yaml"
    base.write_text(WORLD + DENY)
    head.write_text(WORLD + DENY + OPEN)
    empty.write_text("")
    call = ["diff", str(base), str(head)]
    assert main(["diff", str(base), str(base)]) == 0
    assert main(call) == 1
    assert main([*call, "--fail-on", "opened"]) == 1
    assert main([*call, "--fail-on", "cut"]) == 0
    assert main([*call[:1], str(head), str(base), "--fail-on", "cut"]) == 1
    assert main([*call, "--fail-on", "never"]) == 0
    assert main(["diff", str(empty), str(head)]) == 1
    assert main(["diff", str(empty), str(empty)]) == 2
    assert main(["diff", str(base), str(tmp_path / "missing.yaml")]) == 2
    assert main(["diff", "-", "-"]) == 2
    capfdbinary.readouterr()
    assert main([*call, "-o", "json"]) == 1
    assert json.loads(capfdbinary.readouterr().out)["schema"] == "netpolmap/diff/1"


def test_two_revisions_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def git(*words: str) -> None:
        me = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *me, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "world.yaml").write_text(WORLD + DENY)
    (tmp_path / "other.yaml").write_text("not: [a manifest")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    (tmp_path / "deploy" / "more.yaml").write_text(OPEN)
    git("add", "-A")
    git("commit", "-q", "-m", "two")
    monkeypatch.chdir(tmp_path)
    assert main(["diff", "git:HEAD~1:deploy", "git:main:deploy"]) == 1
    told = capfdbinary.readouterr().out.decode()
    assert "NetworkPolicy x/p added: ingress rule 1 [deploy/more.yaml" in told
    assert main(["diff", "git:HEAD:deploy", "deploy"]) == 0
    capfdbinary.readouterr()
    for wrong in ("git:nowhere:deploy", "git:--upload-pack=x:deploy", "git:main:../etc", "git:main:missing"):
        assert main(["diff", wrong, "deploy"]) == 2
        told = capfdbinary.readouterr().err.decode()
        assert any(words in told for words in ("cannot be read", "write git:", "PATH is one inside"))
