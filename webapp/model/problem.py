"""Something in the input that is wrong or worth knowing. It stands beside all that was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from webapp.model.source import SourceRef

Severity = Literal["error", "warning", "info"]
_RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` says what is wrong, what it means and how to put it right; `code` is stable and lower case.

    `object` names what it is about ("NetworkPolicy production/db"), `path` the field ("spec.ingress[0].ports[0].port").
    `instead`: what to write in place of the key or value that stands there, where only one thing can be meant; further
    lines of it are fields to stand beside it. "" where nothing is certain.
    """

    severity: Severity
    code: str
    message: str
    source: SourceRef | None = None
    object: str = ""
    path: str = ""
    instead: str = ""

    def sort_key(self) -> tuple[str, int, int, int, int, str, str, str, str]:
        """Order of reading: file, document, line, column, then severity and words."""
        place = self.source or SourceRef("", 0, 0, 0)
        return (
            place.file, place.document, place.line, place.column,
            _RANK[self.severity], self.code, self.object, self.path, self.message,
        )  # fmt: skip

    def json(self) -> dict[str, Any]:
        """In the contract's form; places that are not known are left out."""
        answer: dict[str, Any] = {"severity": self.severity, "code": self.code}
        if self.object:
            answer["object"] = self.object
        answer["message"] = self.message
        if self.source:
            place = self.source
            answer |= {"file": place.file, "document": place.document, "line": place.line, "column": place.column}
        if self.path:
            answer["path"] = self.path
        return answer

    def __str__(self) -> str:
        place = [str(self.source)] if self.source else []
        field = [self.path] if self.path else []
        return " · ".join(place + field) + (" — " if place or field else "") + self.message
