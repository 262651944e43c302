"""Every form of the findings, hostile names included: SARIF and JSON stay valid, no line can be added to a log."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.lint.worlds import CLOSED, namespace, pod, policy, read
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.lint import Report, review
from webapp.lint.forms import github, sarif
from webapp.lint.forms import json as json_form
from webapp.lint.forms import text as text_form
from webapp.lint.registry import all_rules, codes

HOSTILE = "a%0A::error file=x,line=1::gotcha\n::set-output name=x::y\r\x1b[31m\u202e\u2028]({{0}}<script>"
WORLD = (
    namespace("shop") + pod("web") + pod("db") + CLOSED
    + policy("db", "{podSelector: {matchLabels: {app: db}}, "
                   "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}")
    + policy("open", "{podSelector: {}, ingress: [{}]}  # netpolmap:ignore opens_everything it [is](x) the front door")
    + policy("slip", "{podSelector: {matchLabels: {aap: web}}, egress: [{}]}")
    + policy("lost", "{podSelector: {matchLabels: {app: fronted}}}")
)  # fmt: skip


def hostile() -> Analysis:
    """Names that no API server would take, in every place where a name may stand."""
    name = json.dumps(HOSTILE)
    text = json.dumps({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": HOSTILE, "namespace": HOSTILE, "labels": {HOSTILE: HOSTILE}},
    })  # fmt: skip
    text += "\n---\n" + pod("plain", name)
    text += policy(
        name, f"{{podSelector: {{}}, ingress: [{{}}], policyTypes: [Ingress]}} # netpolmap:ignore {HOSTILE!r}", name
    )
    text += policy("rules", "{podSelector: {}, ingress: [{}], egress: [{}], policyTypes: [Ingress]}", name)
    text += policy("p", "{podSelector: {matchLabels: {role: x}}}", name)
    return analyze([SourceFile(f"dir/{HOSTILE}.yaml", text.encode())])


@pytest.fixture(params=["plain", "hostile"])
def analysis(request: pytest.FixtureRequest) -> Analysis:
    return hostile() if request.param == "hostile" else read(WORLD)


@pytest.fixture
def report(analysis: Analysis) -> Report:
    found = review(analysis)
    assert found.findings
    return found


def test_text_has_no_control_characters(analysis: Analysis, report: Report) -> None:
    text = text_form.text_of(analysis, report)
    assert all(line.isprintable() for line in text.split("\n"))
    heads = [line for line in text.splitlines() if re.match(r"  \d+:\d+ +(error|warning|info) ", line)]
    assert len(heads) == len(report.findings)


def test_each_annotation_is_one_command(report: Report) -> None:
    lines = github.text_of(report).splitlines()
    assert len(lines) == len(report.findings)
    for line in lines:
        command = re.fullmatch(r"::(error|warning|notice) title=([^:,]*),file=([^:,]*),line=\d+,col=\d+::(.*)", line)
        assert command is not None, line
        assert all(each.isprintable() for each in line)


def test_json_holds_findings_and_what_is_suppressed(analysis: Analysis, report: Report) -> None:
    document = json.loads(json.dumps(json_form.document_of(analysis, report)))
    assert document["schema"] == "netpolmap/lint/1"
    assert [each["code"] for each in document["findings"]] == [each.code for each in report.findings]
    assert all(each["reason"] for each in document["suppressed"])
    assert document["counts"]["suppressed"] == len(report.suppressed)
    assert {"host_network", "pod_cidrs"} <= document["assumptions"].keys()


def test_sarif_has_the_parts_that_the_format_requires(report: Report) -> None:
    document = json.loads(json.dumps(sarif.document_of(report)))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "netpolmap"
    assert [rule["id"] for rule in driver["rules"]] == list(codes())
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        check_uri(rule["helpUri"], absolute=True)
    assert len(run["results"]) == len(report.findings) + len(report.suppressed)
    for result in run["results"]:
        check_result(result, driver["rules"])


def check_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("error", "warning", "note")
    assert result["message"]["text"]
    unescaped = re.sub(r"\\\\|\\\[|\\\]|\{\{|\}\}", "", result["message"]["text"])
    assert not set("[]{}") & set(unescaped), "else a viewer takes it for a link or a placeholder"
    for place in (*result["locations"], *result.get("relatedLocations", ())):
        physical = place["physicalLocation"]
        check_uri(physical["artifactLocation"]["uri"], absolute=False)
        assert physical["region"]["startLine"] >= 1
        assert physical["region"]["startColumn"] >= 1
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in result["partialFingerprints"].values())
    for each in result.get("suppressions", ()):
        assert each["kind"] == "inSource"
        assert each["justification"]


def check_uri(uri: str, *, absolute: bool) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+", uri), uri
    assert bool(urlsplit(uri).scheme) == absolute


def test_a_fingerprint_stays_when_lines_move() -> None:
    def prints(text: str) -> list[str]:
        return sorted(finding.fingerprint for finding in review(read(text)).findings)

    assert prints(WORLD) == prints("# a comment\n" * 7 + WORLD)
    assert len(set(prints(WORLD))) == len(prints(WORLD))


def test_what_is_suppressed_is_a_suppressed_result() -> None:
    results = sarif.document_of(review(read(WORLD)))["runs"][0]["results"]
    assert [each["ruleId"] for each in results if "suppressions" in each] == ["opens_everything"]


def test_the_documentation_is_that_of_the_rules() -> None:
    from pathlib import Path

    from webapp.lint.handbook import markdown

    page = Path(__file__).resolve().parents[2] / "docs" / "lint.md"
    assert page.read_text() == markdown(), "python -m webapp.lint.handbook > docs/lint.md"


def test_every_rule_has_its_anchor_in_the_documentation() -> None:
    from webapp.lint.handbook import anchor, markdown

    assert all(f'<a id="{anchor(rule)}"></a>' in markdown() for rule in all_rules())
