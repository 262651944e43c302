"""What the lint has to say: a sighting is what a rule saw, a finding is a sighting with its rule and its place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from webapp.model.miss import Path
from webapp.model.policy import Policy
from webapp.model.problem import Severity
from webapp.model.source import SourceRef

RANKS: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
"""Graver ones have smaller numbers."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding, and what stands there."""

    message: str
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that a rule saw. ``message``: what it is, what it means, how to put it right.

    It is about a ``policy`` and a field in it (``path``), or about another ``object`` with its ``source``.
    ``namespace`` and ``workloads`` (ids): of whom it speaks, for suppression. ``severity``: if it is not that of the
    rule.
    """

    message: str
    policy: Policy | None = None
    path: Path = ()
    object: str = ""
    source: SourceRef | None = None
    namespace: str = ""
    workloads: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A sighting with the code of its rule and its place. ``path``: the field ("spec.ingress[0].from[1]").
    ``reason``: why it is suppressed, None if it is not; ``suppressed_at`` where that is written."""

    severity: Severity
    code: str
    message: str
    object: str
    source: SourceRef | None = None
    path: str = ""
    related: tuple[Related, ...] = ()
    reason: str | None = None
    suppressed_at: SourceRef | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same finding after lines above it have changed, or the file has moved."""
        return hashlib.sha256("\0".join((self.code, self.object, self.path)).encode()).hexdigest()[:32]

    def sort_key(self) -> tuple[Any, ...]:
        """Order of reading: file, document, line, column, then severity and words."""
        place = self.source or SourceRef("", 0, 0, 0)
        return place, RANKS[self.severity], self.code, self.object, self.path, self.message

    def json(self) -> dict[str, Any]:
        """In the form of the contract's problems, with related places."""
        answer: dict[str, Any] = {"code": self.code, "severity": self.severity, "object": self.object}
        answer |= {"message": self.message, **_place(self.source)}
        if self.path:
            answer["path"] = self.path
        if self.related:
            answer["related"] = [{"message": each.message, **_place(each.source)} for each in self.related]
        if self.reason is not None:
            answer["reason"] = self.reason
        return answer


def _place(source: SourceRef | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {"file": source.file, "document": source.document, "line": source.line, "column": source.column}


def dotted(path: Path) -> str:
    """``spec.ingress[0].from[1]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
