"""Findings as SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from webapp import __version__
from webapp.lint.finding import Finding
from webapp.lint.handbook import HELP_URL, anchor
from webapp.lint.registry import Rule, all_rules
from webapp.lint.report import Report
from webapp.model.source import SourceRef

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_FINGERPRINT = "netpolmapFinding/v1"


def document_of(report: Report, help_url: str = HELP_URL) -> dict[str, Any]:
    """One run. Suppressed findings are results with their suppression, as the format has it. ``help_url``: the address
    of a page with an anchor for each rule."""
    numbers = {rule.code: number for number, rule in enumerate(all_rules())}
    driver = {
        "name": "netpolmap",
        "semanticVersion": __version__,
        "informationUri": help_url,
        "rules": [_rule(rule, help_url) for rule in all_rules()],
    }
    results = [_result(finding, numbers) for finding in (*report.findings, *report.suppressed)]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, help_url: str) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.code.split("_")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": f"{rule.title}\n\n{rule.help}", "markdown": f"{rule.title}\n\n{rule.help}"},
        "helpUri": f"{help_url}#{anchor(rule)}",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["kubernetes", "network-policy"]},
    }


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": numbers[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(f"{finding.object}: {finding.message}")},
        "locations": [_location(finding.source, finding.object)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
    }
    related = [
        _location(each.source) | {"id": number, "message": {"text": _plain(each.message)}}
        for number, each in enumerate(finding.related, 1)
        if each.source is not None
    ]
    if related:
        result["relatedLocations"] = related
    if finding.reason is not None:
        suppression: dict[str, Any] = {"kind": "inSource", "justification": finding.reason}
        if finding.suppressed_at is not None:
            suppression["location"] = _location(finding.suppressed_at)
        result["suppressions"] = [suppression]
    return result


def _location(source: SourceRef | None, name: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {}
    if source is not None:
        region = {"startLine": source.line, "startColumn": source.column}
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(source.file)}, "region": region}
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "object"}]
    return location


def _uri(file: str) -> str:
    """A path as a URI reference: relative ones stay so."""
    path = quote(file.replace("\\", "/").encode("utf-8", "surrogatepass"), safe="/-._~!$&'()*+,;=@")
    return f"file://{path}" if path.startswith("/") else path.removeprefix("./")


def _plain(text: str) -> str:
    """Plain text of a message: brackets would be links there, braces placeholders."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("{", "{{").replace("}", "}}")
