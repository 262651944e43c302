"""`diff -o json`: the contract's document; rows have their stable id, what they mean, and their causes as well."""

from __future__ import annotations

import json
from typing import TextIO

from webapp.diff.causes import Cause
from webapp.diff.document import diff_document
from webapp.diff.review import Entry, Review


def write(review: Review, stream: TextIO, *, pretty: bool = False) -> None:
    """The whole answer, however long."""
    separators = None if pretty else (",", ":")
    json.dump(document(review), stream, indent=2 if pretty else None, separators=separators, ensure_ascii=False)
    stream.write("\n")


def document(review: Review) -> dict[str, object]:
    """Rows stand sorted by source and destination, as everywhere; `risk` says which come first for a reader."""
    answer = diff_document(review.changes, review.base, review.head)
    entries = {entry.row.id: entry for entry in review.entries}
    for rows in answer.values():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and "source" in row:
                row |= _told(entries[f"{row['source']}>{row['destination']}"])
    return answer | {"risks": {str(risk): count for risk, count in review.counts().items()}}


def _told(entry: Entry) -> dict[str, object]:
    told: dict[str, object] = {"id": entry.row.id, "risk": str(entry.risk)}
    return told if entry.causes is None else told | {"causes": [_cause(cause) for cause in entry.causes]}


def _cause(cause: Cause) -> dict[str, object]:
    told: dict[str, object] = {"change": cause.change, "object": cause.object, "side": cause.side}
    if cause.detail:
        told["detail"] = cause.detail
    if cause.source:
        place = cause.source
        told["source"] = {"file": place.file, "document": place.document, "line": place.line}
    return told
