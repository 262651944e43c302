"""`diff -o json`: what one side allows and the other does not, in the contract's form."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from webapp.analysis import Analysis
from webapp.diff.changes import Change, Changes

SCHEMA = "netpolmap/diff/1"
ALLOWED, UNKNOWN = ("opened", "cut", "changed"), ("became_unknown", "became_known")
"""The lists of rows: those whose allowed ports differ, and those whose unknown ports do."""


def diff_document(changes: Changes, base: Analysis, head: Analysis, limit: int | None = None) -> dict[str, object]:
    """The whole answer; ``limit``: so many rows of each list. The switches are those of ``head``."""
    return {
        "schema": SCHEMA,
        **{name: [_row(row) for row in _first(getattr(changes, name), limit)] for name in ALLOWED},
        **{name: [_doubtful(row) for row in _first(getattr(changes, name), limit)] for name in UNKNOWN},
        "added_workloads": list(changes.added_workloads),
        "removed_workloads": list(changes.removed_workloads),
        "externals": [{"id": part.id, "ranges": part.texts()} for part in changes.externals],
        "problems": {side: [problem.json() for problem in analysis.problems]
                     for side, analysis in (("base", base), ("head", head))},
        "assumptions": head.assumptions_document(),
    }  # fmt: skip


def counts_document(changes: Changes) -> dict[str, int]:
    """How long each list of rows is."""
    return {name: len(getattr(changes, name)) for name in (*ALLOWED, *UNKNOWN)}


def _first(rows: Iterable[Change], limit: int | None) -> Iterable[Change]:
    return islice(rows, limit)


def _row(row: Change) -> dict[str, object]:
    ends = {"source": row.source, "destination": row.destination}
    return ends | {"before": row.before.json(), "after": row.after.json()}


def _doubtful(row: Change) -> dict[str, object]:
    return _row(row) | {"before_unknown": row.before_unknown.json(), "after_unknown": row.after_unknown.json()}
