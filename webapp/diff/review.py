"""A comparison as a reviewer reads it: the most dangerous difference first, each with the edit that made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.analysis import Analysis
from webapp.diff.causes import Cause, Causes
from webapp.diff.changes import Change, Changes, compare
from webapp.diff.ends import End
from webapp.engine.workloads import Workload
from webapp.model.ports import NONE

MOST_CAUSES = 5_000
"""So many rows, the most dangerous ones, are told with their causes: each takes two traces."""
SENSITIVE = ("netpolmap/sensitive", "true")
"""The label that marks a workload as sensitive, where nothing else is said."""


class Risk(StrEnum):
    """What a difference means, the most dangerous first."""

    FROM_OUTSIDE = "opened from outside"
    INTO_SENSITIVE = "opened into a sensitive workload"
    ACROSS = "opened across namespaces"
    TO_OUTSIDE = "opened to outside"
    WITHIN = "opened within a namespace"
    UNKNOWN = "cannot be told any more"
    CUT = "cut"
    KNOWN = "can be told now"


_ORDER = {risk: number for number, risk in enumerate(Risk)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row with what it means and which edits made it. ``causes`` is None where they were not looked for."""

    row: Change
    risk: Risk
    causes: tuple[Cause, ...] | None

    @property
    def kind(self) -> str:
        """The contract's list that the row is in: the one of its allowed ports if these differ."""
        row = self.row
        if row.before is row.after:
            return "became_unknown" if row.after_unknown - row.before_unknown is not NONE else "became_known"
        return "opened" if row.before is NONE else "cut" if row.after is NONE else "changed"


@dataclass(frozen=True)
class Review:
    """All entries, the most dangerous first, and the comparison that they are of."""

    base: Analysis
    head: Analysis
    changes: Changes
    entries: tuple[Entry, ...]

    def counts(self) -> dict[Risk, int]:
        """How many entries there are of each, in the order of danger, none left out."""
        found = Counter(entry.risk for entry in self.entries)
        return {risk: found[risk] for risk in Risk}


Mark = Callable[[Workload], bool]


def sensitive_by(labels: Sequence[tuple[str, str | None]] = (SENSITIVE,)) -> Mark:
    """Whether a workload has one of these labels (with that value, unless it is None)."""
    return lambda workload: any(
        key in workload.labels and value in (None, workload.labels[key]) for key, value in labels
    )


def review(base: Analysis, head: Analysis, sensitive: Mark | None = None) -> Review:
    """Compare, rank, and find the causes. ``sensitive``: which workloads are; by the label `SENSITIVE` if left out."""
    changes = compare(base, head)
    causes = Causes(base, head, changes)
    ranks = _Ranks(base, head, changes, sensitive or sensitive_by())
    ranked = [(ranks.of(row), row) for row in changes.rows]
    ranked.sort(key=lambda pair: (_ORDER[pair[0]], pair[1].source, pair[1].destination))
    entries = tuple(
        Entry(row, risk, causes.of(row) if number < MOST_CAUSES else None) for number, (risk, row) in enumerate(ranked)
    )
    return Review(base, head, changes, entries)


class _Ranks:
    def __init__(self, base: Analysis, head: Analysis, changes: Changes, sensitive: Mark) -> None:
        self._ends = {end.id: end for end in changes.ends}
        self._sides = (base, head)
        self._sensitive = sensitive

    def of(self, row: Change) -> Risk:
        source, destination = self._workload(row.source), self._workload(row.destination)
        if row.opened_ports is NONE:
            if row.after_unknown - row.before_unknown is not NONE:
                return Risk.UNKNOWN
            return Risk.KNOWN if row.cut_ports is NONE else Risk.CUT
        if source is None:
            return Risk.FROM_OUTSIDE
        if destination is None:
            return Risk.TO_OUTSIDE
        if self._sensitive(destination):
            return Risk.INTO_SENSITIVE
        return Risk.WITHIN if source.namespace == destination.namespace else Risk.ACROSS

    def _workload(self, identity: str) -> Workload | None:
        """As it is in head, or was; None for addresses."""
        end: End = self._ends[identity]
        return self._sides[1].workload_by_id.get(end.head) or self._sides[0].workload_by_id.get(end.base)
