"""Policies and places as answers name them: in the contract's form, and at the end of a line of text."""

from __future__ import annotations

from webapp.model.policy import Policy
from webapp.model.source import SourceRef


def place_document(place: SourceRef) -> dict[str, object]:
    """Where something stands, in the contract's form."""
    return {"file": place.file, "document": place.document, "line": place.line}


def policy_document(policy: Policy) -> dict[str, object]:
    return {
        "kind": policy.kind,
        "namespace": policy.namespace,
        "name": policy.name,
        "source": place_document(policy.source),
    }


def place_text(source: SourceRef | None) -> str:
    """``  [FILE:LINE]``; nothing if the place is not known."""
    return f"  [{source.file}:{source.line}]" if source else ""
