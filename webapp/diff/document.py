"""`diff -o json`: what one side allows and the other does not, in the contract's form."""

from __future__ import annotations

from webapp.analysis import Analysis
from webapp.diff.changes import ALLOWED, UNKNOWN, Change, Changes

SCHEMA = "netpolmap/diff/1"


def diff_document(changes: Changes, base: Analysis, head: Analysis, limit: int | None = None) -> dict[str, object]:
    """The whole answer; ``limit``: so many rows of each list. The switches are those of ``head``."""
    return {
        "schema": SCHEMA,
        **{name: [_row(row) for row in changes.first(name, limit)] for name in ALLOWED},
        **{name: [_doubtful(row) for row in changes.first(name, limit)] for name in UNKNOWN},
        "added_workloads": list(changes.added_workloads),
        "removed_workloads": list(changes.removed_workloads),
        "externals": [{"id": part.id, "ranges": part.texts()} for part in changes.externals],
        "problems": {side: [problem.json() for problem in analysis.problems]
                     for side, analysis in (("base", base), ("head", head))},
        "assumptions": head.assumptions_document(),
    }  # fmt: skip


def _row(row: Change) -> dict[str, object]:
    ends = {"source": row.source, "destination": row.destination}
    return ends | {"before": row.before.json(), "after": row.after.json()}


def _doubtful(row: Change) -> dict[str, object]:
    return _row(row) | {"before_unknown": row.before_unknown.json(), "after_unknown": row.after_unknown.json()}
