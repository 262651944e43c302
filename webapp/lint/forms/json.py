"""Findings as a document (`netpolmap/lint/1`)."""

from __future__ import annotations

from typing import Any

from webapp.analysis import Analysis
from webapp.lint.report import Report

SCHEMA = "netpolmap/lint/1"


def document_of(analysis: Analysis, report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "assumptions": analysis.assumptions_document(),
        "counts": {
            **{severity: report.count(severity) for severity in ("error", "warning", "info")},
            "suppressed": len(report.suppressed),
        },
        "findings": [finding.json() for finding in report.findings],
        "suppressed": [finding.json() for finding in report.suppressed],
        "problems": [problem.json() for problem in analysis.problems],
    }
