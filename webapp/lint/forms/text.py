"""Findings for people: by file, in the order of lines, with a count at the end."""

from __future__ import annotations

from itertools import groupby

from webapp.analysis import Analysis
from webapp.lint.finding import Finding
from webapp.lint.report import Report
from webapp.lint.wording import counted
from webapp.model.printable import one_line
from webapp.model.problem import Severity

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


def text_of(analysis: Analysis, report: Report) -> str:
    lines: list[str] = []
    for file, findings in groupby(report.findings, key=_file):
        lines += [one_line(file) or "(no file)", *(line for each in findings for line in _lines(each)), ""]
    return "\n".join([*lines, _summary(analysis, report), ""])


def _file(finding: Finding) -> str:
    return finding.source.file if finding.source is not None else ""


def _lines(finding: Finding) -> list[str]:
    source = finding.source
    place = f"{source.line}:{source.column}" if source is not None else ""
    lines = [
        f"  {place:<8} {finding.severity:<8} {finding.code}  {one_line(finding.object)}",
        f"           {one_line(finding.message)}",
    ]
    for each in finding.related:
        at = f" [{one_line(each.source.file)}:{each.source.line}]" if each.source is not None else ""
        lines.append(f"           see {one_line(each.message)}{at}")
    return lines


def _summary(analysis: Analysis, report: Report) -> str:
    counts = [(report.count(severity), severity) for severity in _SEVERITIES]
    told = [f"{count:,} info" if word == "info" else counted(count, word) for count, word in counts if count]
    found = ", ".join(told) or "nothing found"
    suppressed = f", {len(report.suppressed):,} suppressed" if report.suppressed else ""
    policies = counted(len(analysis.policies), "policy", "policies")
    workloads = counted(len(analysis.workloads), "workload")
    return f"{found}{suppressed}, in {policies} and {workloads}"
