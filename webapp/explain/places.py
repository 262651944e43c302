"""Places in the input and policies, in the contract's form."""

from __future__ import annotations

from webapp.model.policy import Policy
from webapp.model.source import SourceRef


def place_document(place: SourceRef) -> dict[str, object]:
    """Where something stands."""
    return {"file": place.file, "document": place.document, "line": place.line}


def policy_document(policy: Policy) -> dict[str, object]:
    """Which policy, and where it stands."""
    return {
        "kind": policy.kind,
        "namespace": policy.namespace,
        "name": policy.name,
        "source": place_document(policy.source),
    }


def place_text(source: SourceRef | None) -> str:
    """``  [FILE:LINE]``; nothing if the place is not known."""
    return f"  [{source.file}:{source.line}]" if source else ""
