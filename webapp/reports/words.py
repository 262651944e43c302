"""What all reports say alike."""

from __future__ import annotations

from webapp.diff.causes import Cause
from webapp.diff.review import Entry, Review
from webapp.graph.text import visible
from webapp.model.ports import NONE

SIGNS = {"opened": "+", "cut": "−", "changed": "~", "became_unknown": "?", "became_known": "!"}

CAVEAT = "Computed from the manifests; replies need no rule; the network plugin must enforce policies (some do not)."


def counts_text(review: Review) -> str:
    """ "+4 opened · −2 cut · ~1 ports changed · 0 unknown"; no difference is said so."""
    changes = review.changes
    if changes.is_empty:
        return "Both allow exactly the same traffic."
    told = [
        f"+{len(changes.opened):,} opened",
        f"−{len(changes.cut):,} cut",
        f"~{len(changes.changed):,} ports changed",
        f"{len(changes.became_unknown):,} became unknown",
    ]
    told += [f"{len(changes.became_known):,} became known"] if changes.became_known else []
    return " · ".join(told)


def ports_text(entry: Entry) -> str:
    """The ports that matter: what is opened or cut, or both."""
    row = entry.row
    told = []
    if row.opened_ports is not NONE:
        told.append(f"+ {row.opened_ports.text()}")
    if row.cut_ports is not NONE:
        told.append(f"− {row.cut_ports.text()}")
    unsure, sure = row.after_unknown - row.before_unknown, row.before_unknown - row.after_unknown
    told += [f"? {unsure.text()}"] if unsure is not NONE else []
    if sure is not NONE and not told:
        told.append(f"! {sure.text()} {'allowed' if (row.after & sure) is not NONE else 'blocked'} for certain")
    return ", ".join(told)


def cause_text(cause: Cause) -> str:
    """One edit with its place."""
    place = f" [{cause.source}]" if cause.source else ""
    where = " (before)" if cause.side == "base" and cause.change == "changed" else ""
    return visible(f"{cause}{where}") + visible(place)


def workloads_text(review: Review) -> list[str]:
    """Workloads that came and went, a line each."""
    added, removed = review.changes.added_workloads, review.changes.removed_workloads
    told = []
    for words, ids in (("New", added), ("Gone", removed)):
        if ids:
            more = f" and {len(ids) - 12} more" if len(ids) > 12 else ""
            told.append(f"{words}: {', '.join(map(visible, ids[:12]))}{more}")
    return told


def not_understood(review: Review) -> str:
    """What was not understood on either side, or ""."""
    counts = [side.counts.not_understood for side in (review.base, review.head)]
    return f"Documents not understood: {counts[0]} before, {counts[1]} after." if any(counts) else ""
