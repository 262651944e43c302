"""A workspace in numbers, with its problems."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice

from webapp.analysis import Analysis
from webapp.model.problem import Problem
from webapp.web.answers import json_bytes
from webapp.web.views import View

MOST_COUNTED = 250_000
"""Pairs that are unknown are counted up to here; the answer says when there are more."""
NOTHING = Problem(
    "info", "nothing_to_analyze",
    "Nothing to analyze: no workload and no policy was read. Load manifests of pods, workloads or network policies.",
)  # fmt: skip


def summary_document(view: View) -> dict[str, object]:
    """What the page shows around the picture (`Summary` in the API's description)."""
    analysis, contents = view.analysis, view.contents
    problems = [*contents.problems, *contents.faults, *([NOTHING] if analysis.is_empty else []), *analysis.problems]
    counts = analysis.counts
    return {
        "name": view.workspace.name,
        "generation": contents.generation,
        "workloads": len(analysis.workloads),
        "policies": len(analysis.policies),
        "namespaces": len(analysis.namespaces),
        "counts": {
            "documents_read": counts.documents_read,
            "not_understood": counts.not_understood,
            "skipped_kinds": dict(sorted(counts.skipped_kinds.items())),
        },
        "problems": [problem.json() for problem in problems],
        "assumptions": analysis.assumptions_document(),
        "unknown": _unknown(view),
    }


def _unknown(view: View) -> object:
    key = ("unknown", view.analysis.assumptions)
    make = lambda: json_bytes(_count_unknown(view.analysis))  # noqa: E731
    return json.loads(view.workspace.picture(view.contents, key, make))


def _count_unknown(analysis: Analysis) -> dict[str, object]:
    reasons: Counter[str] = Counter()
    pairs = 0
    for row in islice(analysis.unknowns(), MOST_COUNTED + 1):
        pairs += 1
        reasons.update(row.reasons)
    return {"pairs": min(pairs, MOST_COUNTED), "more": pairs > MOST_COUNTED, "reasons": dict(sorted(reasons.items()))}
