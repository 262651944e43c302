"""`diff -o text`: for a terminal."""

from __future__ import annotations

from typing import TextIO

from webapp.diff.review import Review
from webapp.graph.text import visible
from webapp.reports.words import SIGNS, cause_text, counts_text, not_understood, ports_text, workloads_text

MOST_ROWS = 200


def write(review: Review, stream: TextIO) -> None:
    """Counts, then every row under what it means, with its causes; a long list is cut with a count."""
    stream.write(counts_text(review) + "\n")
    for line in [*workloads_text(review), not_understood(review)]:
        stream.write(f"{line}\n" if line else "")
    heading = ""
    for entry in review.entries[:MOST_ROWS]:
        if entry.risk != heading:
            heading = entry.risk
            stream.write(f"\n{heading.upper()}\n")
        row = entry.row
        stream.write(
            f"  {SIGNS[entry.kind]} {visible(row.source)} -> {visible(row.destination)}  {ports_text(entry)}\n"
        )
        for cause in entry.causes or ():
            stream.write(f"      {cause_text(cause)}\n")
    more = len(review.entries) - MOST_ROWS
    if more > 0:
        stream.write(f"\n... and {more:,} more (all of them: -o json)\n")
