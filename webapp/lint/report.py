"""What a run of the lint gives."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.lint.finding import Finding


@dataclass(frozen=True, slots=True)
class Report:
    """``findings`` in the order of reading, and those that somebody has ``suppressed``. ``told``: codes of problems
    that rules tell as findings, so that nothing is told twice."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    told: frozenset[str] = frozenset()

    def count(self, severity: str) -> int:
        """How many findings of a severity stand."""
        return sum(finding.severity == severity for finding in self.findings)
