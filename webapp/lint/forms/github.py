"""Findings as annotations of GitHub's workflow log, which GitHub shows beside the lines of a change.

A command ends with its line, so nothing of a manifest may hold a line break unescaped, nor a `::` where it would count.
"""

from __future__ import annotations

from webapp.lint.finding import Finding
from webapp.lint.report import Report

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def text_of(report: Report) -> str:
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    properties = {"title": f"{finding.code}: {finding.object}"}
    if finding.source is not None:
        source = finding.source
        properties |= {"file": source.file, "line": str(source.line), "col": str(source.column)}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {listed}::{_data(finding.message)}"


def _data(text: str) -> str:
    """As the toolkit of GitHub escapes it; other breaks of lines, which some readers of logs obey, go as well."""
    plain = "".join(each if each.isprintable() or each in "\r\n" else " " for each in text)
    return plain.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
