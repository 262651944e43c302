"""Exposure as an answer, written under a limit: what is larger is told to be, never cut."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.analysis import Analysis
from webapp.explain.exposure import exposure_documents
from webapp.insight.exposure import exposure
from webapp.web.answers import json_bytes
from webapp.web.exports import Limit


def exposure_bytes(analysis: Analysis, ids: Iterable[str] | None, limit: Limit) -> bytes:
    """Both ends of these workloads (None: of all), as `Exposures` in the API's description."""
    workloads = analysis.workloads if ids is None else [analysis.workload_by_id[each] for each in ids]
    parts = []
    for document in exposure_documents(exposure(analysis, workloads)):
        parts.append(json_bytes(document))
        limit.count(len(parts[-1]) + 1)
    head = json_bytes({"assumptions": analysis.assumptions_document()})[:-1]
    return head + b',"exposure":[' + b",".join(parts) + b"]}"
