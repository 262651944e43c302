"""What is given more than once with different content stands in several columns, one for each version (`Place`).

Each version is judged for itself, as if it were the only one. What all agree on holds; the rest is UNKNOWN
(`duplicate_object`). So rows and single decisions never know of versions; only here are their answers joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from webapp.engine.bits import indices
from webapp.engine.columns import Columns, Place
from webapp.engine.pairs import Bundle, unknown_between
from webapp.engine.reach import Reach, intersect, ports_at, unite
from webapp.engine.rows import Rows
from webapp.model.policy import Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Side, Step, Trace, Verdict

REASON = "duplicate_object"
_DOUBT = Step(Tier.NETWORK_POLICY, REASON, Verdict.UNKNOWN)


def between(
    columns: Columns, rows: Rows, source: Place, destination: Place, family: int | None = None
) -> tuple[PortSet, PortSet, set[str]]:
    """As `unknown_between`, for places."""
    if len(source) == len(destination) == 1:
        return unknown_between(columns, rows, source[0], destination[0], family)
    answers = [unknown_between(columns, rows, s, d, family) for s in source for d in destination]
    sure = reduce(PortSet.__and__, [allowed for allowed, _, _ in answers])
    perhaps = reduce(PortSet.__or__, [allowed | unknown for allowed, unknown, _ in answers])
    reasons = {reason for *_, found in answers for reason in found}
    if len({(allowed, unknown) for allowed, unknown, _ in answers}) > 1:
        reasons.add(REASON)
    return sure, perhaps - sure, reasons


class Joined:
    """A column of its own, after all others, for each place of several columns."""

    def __init__(self, columns: Columns) -> None:
        self._first = columns.count
        self.places: list[Place] = sorted({place for _, place in columns.versioned})
        self._number = {place: self._first + index for index, place in enumerate(self.places)}

    def column_of(self, place: Place) -> int:
        """The column that stands for a place in joined bundles."""
        return place[0] if len(place) == 1 else self._number[place]

    def place_of(self, column: int) -> Place:
        """The place that a column of joined bundles stands for."""
        return (column,) if column < self._first else self.places[column - self._first]

    def split(self, mask: int) -> tuple[int, list[int]]:
        """The plain columns of a mask, and the others one by one."""
        plain = mask & ((1 << self._first) - 1)
        return plain, indices(mask ^ plain)

    def join(self, bundles: list[Bundle], *, high: bool) -> list[Bundle]:
        """Bundles that hold these columns as well: of all versions what each allows, or (``high``) what any does."""
        if not self.places:
            return bundles
        wider = [Bundle(bundle.sources, self._with_destinations(bundle.reach, high=high)) for bundle in bundles]
        reach_of = {source: bundle.reach for bundle in wider for source in bundle.sources}
        for place in self.places:
            reaches = [reach_of.get(column, ()) for column in place]
            reach = unite(piece for each in reaches for piece in each) if high else reduce(intersect, reaches)
            if reach:
                wider.append(Bundle((self._number[place],), reach))
        return wider

    def _with_destinations(self, reach: Reach, *, high: bool) -> Reach:
        found = dict(reach)
        for place in self.places:
            answers = [ports_at(reach, column) for column in place]
            ports = reduce(PortSet.__or__ if high else PortSet.__and__, answers)
            if ports is not NONE:
                found[ports] = found.get(ports, 0) | 1 << self._number[place]
        return tuple(found.items())


def join_traces(traces: Sequence[Trace]) -> Trace:
    """One trace for all versions of both ends, with the reasons of the first where all say the same."""
    first = traces[0]
    allowed = reduce(PortSet.__and__, [trace.ports for trace in traces])
    unknown = reduce(PortSet.__or__, [trace.ports | trace.unknown_ports for trace in traces]) - allowed
    if unknown is NONE or not _differ(traces):
        return first
    egress, ingress = first.egress, first.ingress
    if allowed is NONE:
        egress = _join_sides([trace.egress for trace in traces])
        ingress = _join_sides([trace.ingress for trace in traces])
        if Verdict.UNKNOWN not in (egress.verdict, ingress.verdict):  # each end agrees, but not on a port or a family
            egress, ingress = (Side(s.direction, (*s.steps, replace(_DOUBT, joint=True))) for s in (egress, ingress))
    return replace(first, egress=egress, ingress=ingress, ports=allowed, unknown_ports=unknown)


def _differ(traces: Sequence[Trace]) -> bool:
    return len({(trace.ports, trace.unknown_ports) for trace in traces}) > 1


def _join_sides(sides: Sequence[Side]) -> Side:
    if len({side.verdict for side in sides}) == 1:
        return sides[0]
    steps = {step.reason: step for side in sides for step in side.steps if step.outcome is Verdict.UNKNOWN}
    return Side(sides[0].direction, (*(steps[reason] for reason in sorted(steps)), _DOUBT))
