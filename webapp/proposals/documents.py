"""Proposals as JSON, for the page."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.analysis import Analysis
from webapp.diff import Change
from webapp.model.ports import NONE
from webapp.proposals.fixes import Fixes
from webapp.proposals.generating import Generated
from webapp.proposals.trial import Proposal
from webapp.proposals.wanted import Wanted

MOST_ROWS = 60


def fixes_document(found: Fixes) -> dict[str, object]:
    """What `GET /fixes` answers."""
    ports = {"ports": found.ports.json(), "declared": found.declared.json()}
    asked = {"want": found.want, "mixed": found.mixed, **ports}
    return proposals_document(found.proposals, found.why_none) | asked


def proposals_document(proposals: Sequence[Proposal], why_none: str = "") -> dict[str, object]:
    """Proposals, the best first, or why there are none."""
    return {"fixes": [proposal_document(proposal) for proposal in proposals], "why_none": why_none}


def proposal_document(proposal: Proposal) -> dict[str, object]:
    """``edits``: the new text of the policies of each file that it changes. ``rows``: what it opens, cuts or makes
    unknown beside what was asked; ``truncated`` if there are more."""
    return {
        "id": proposal.id,
        "title": proposal.title,
        "note": proposal.note,
        "text": proposal.text,
        "edits": dict(proposal.edits),
        "patch": proposal.patch,
        "opened": proposal.opened,
        "cut": proposal.cut,
        "unknown": proposal.unknown,
        "beyond": proposal.beyond,
        "rows": [row_document(row) for row in proposal.rows[:MOST_ROWS]],
        "truncated": len(proposal.rows) > MOST_ROWS,
    }


def row_document(row: Change) -> dict[str, object]:
    """A pair whose ports change; what is unknown where that changes too."""
    document: dict[str, object] = {
        "source": row.source, "destination": row.destination, "before": row.before.json(), "after": row.after.json(),
    }  # fmt: skip
    if row.before_unknown is not row.after_unknown:
        document |= {"before_unknown": row.before_unknown.json(), "after_unknown": row.after_unknown.json()}
    return document


def wanted_document(found: Sequence[Wanted], more: bool, analysis: Analysis) -> dict[str, object]:
    """What `GET /proposals/wanted` answers. ``verdict``: of these ports, as things are."""
    return {
        "wanted": [
            {
                "source": each.source,
                "destination": each.destination,
                "ports": each.ports.json(),
                "verdict": _verdict(analysis, each),
                "reasons": [
                    {"reason": reason, "text": text} for reason, texts in each.reasons.items() for text in texts
                ],
            }
            for each in found
        ],
        "truncated": more,
    }


def _verdict(analysis: Analysis, wanted: Wanted) -> str:
    allowed, unknown = analysis.ports(wanted.source, wanted.destination)
    if wanted.ports - allowed is NONE:
        return "allowed"
    if allowed & wanted.ports is not NONE:
        return "partial"
    return "unknown" if unknown & wanted.ports is not NONE else "blocked"


def generated_document(found: Generated) -> dict[str, object]:
    """What `POST /proposals/generate` answers: the set as one proposal, and its check."""
    rows = {
        name: {"count": len(rows), "rows": [row_document(row) for row in rows[:MOST_ROWS]]}
        for name, rows in (("extra", found.extra), ("missing", found.missing))
    }
    check = {"exact": found.is_exact, **rows, "names": found.names}
    return proposals_document([found.proposal]) | {"check": check, "notes": list(found.notes)}
