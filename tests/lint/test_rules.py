"""Every rule finds what its own bad example shows, at the marked line, and nothing in its good one."""

from __future__ import annotations

import pytest

from webapp.analysis import Analysis, SourceFile, analyze
from webapp.lint import review
from webapp.lint.registry import Rule, all_rules

MARK = "# <-"
RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def read(text: str) -> Analysis:
    text = text.replace(f"  {MARK}", "")
    analysis = analyze([SourceFile("example.yaml", text.encode())])
    assert not [p for p in analysis.problems if p.severity == "error"], "examples are manifests that a server accepts"
    return analysis


@RULES
def test_the_bad_example_is_found_where_it_is_marked(rule: Rule) -> None:
    (line,) = [number for number, text in enumerate(rule.bad.split("\n"), 1) if MARK in text]
    report = review(read(rule.bad), only=[rule.code])
    found = [(finding.code, finding.severity, finding.source and finding.source.line) for finding in report.findings]
    assert found == [(rule.code, rule.severity, line)]


@RULES
def test_the_good_example_is_clean(rule: Rule) -> None:
    assert rule.good != rule.bad
    assert review(read(rule.good), only=[rule.code]).findings == ()


@RULES
def test_nothing_is_told_twice(rule: Rule) -> None:
    """No other rule speaks of the same line."""
    (line,) = [number for number, text in enumerate(rule.bad.split("\n"), 1) if MARK in text]
    found = [each for each in review(read(rule.bad)).findings if each.source and each.source.line == line]
    assert [each.code for each in found] == [rule.code]


@RULES
def test_a_rule_is_documented(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert "**Put it right**" in rule.help
