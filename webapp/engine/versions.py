"""What is given more than once with different content stands in several columns, one for each version (`Place`).

Each version is judged for itself, as if it were the only one. What all agree on holds; the rest is UNKNOWN
(`duplicate_object`). So rows and single decisions never know of versions; only here are their answers joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, reduce

from webapp.engine.bits import indices
from webapp.engine.columns import Columns, Place
from webapp.engine.pairs import Bundle, Pairs, unknown_between
from webapp.engine.reach import Reach, intersect, ports_at, unite
from webapp.engine.rows import Rows
from webapp.model.policy import Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Side, Step, Trace, Verdict

REASON = "duplicate_object"
_DOUBT = Step(Tier.DEFAULT, REASON, Verdict.UNKNOWN)  # after all that any tier says
_TIERS = list(Tier)


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
    """All pairs, in the form of `Pairs`, with a column and a group of its own, after all others, for each place of
    several columns."""

    def __init__(self, columns: Columns, pairs: Pairs) -> None:
        self._pairs = pairs
        self.places: list[Place] = sorted({place for _, place in columns.versioned})
        self._first_column, self._first_group = columns.count, len(pairs.groups)
        self._number = {place: columns.count + index for index, place in enumerate(self.places)}
        self.groups = [*pairs.groups, *([number] for number in self._number.values())]
        versions = {column for place in self.places for column in place}
        told_apart = pairs.groups if versions else ()
        self._group_of = {column: n for n, group in enumerate(told_apart) for column in versions.intersection(group)}

    @cached_property
    def allowed(self) -> list[Bundle]:
        """What is allowed for certain: of several versions, what each allows."""
        return self._with_places(self._pairs.allowed, self._meet)

    @cached_property
    def possible(self) -> list[Bundle]:
        """What is allowed in at least one world that the input leaves open: of several versions, what any allows."""
        return self._with_places(self._pairs.possible, self._join)

    def column_of(self, place: Place) -> int:
        """The column that stands for a place."""
        return place[0] if len(place) == 1 else self._number[place]

    def place_of(self, column: int) -> Place:
        """The place that a column stands for."""
        return (column,) if column < self._first_column else self.places[column - self._first_column]

    def columns_of(self, groups: int) -> list[int]:
        """The columns of a set of groups."""
        return [column for group in indices(groups) for column in self.groups[group]]

    def split(self, groups: int) -> tuple[int, int]:
        """A set of groups: those of plain columns, and those of places of several."""
        plain = groups & ((1 << self._first_group) - 1)
        return plain, groups ^ plain

    def _with_places(self, bundles: list[Bundle], joined: Callable[[Sequence[Reach]], Reach]) -> list[Bundle]:
        if not self.places:
            return bundles
        wider = [Bundle(bundle.sources, self._with_destinations(bundle.reach, joined)) for bundle in bundles]
        reach_of = {source: bundle.reach for bundle in wider for source in bundle.sources}
        for place in self.places:
            reach = joined([reach_of.get(column, ()) for column in place])
            if reach:
                wider.append(Bundle((self._number[place],), reach))
        return wider

    def _with_destinations(self, reach: Reach, joined: Callable[[Sequence[Reach]], Reach]) -> Reach:
        pieces = list(reach)
        for place in self.places:
            bit = 1 << self._group_of_place(place)
            answers = [ports_at(reach, self._group_of[column]) for column in place]
            pieces += joined([((ports, bit),) if ports is not NONE else () for ports in answers])
        return unite(pieces)

    def _group_of_place(self, place: Place) -> int:
        return self._number[place] - self._first_column + self._first_group

    @staticmethod
    def _meet(reaches: Sequence[Reach]) -> Reach:
        return reduce(intersect, reaches)

    @staticmethod
    def _join(reaches: Sequence[Reach]) -> Reach:
        return unite(piece for reach in reaches for piece in reach)


def join_traces(traces: Sequence[Trace]) -> Trace:
    """One trace for all versions of both ends, with the reasons of one where all say the same: of one that is blocked
    at one end, if some are."""
    first = min(traces, key=lambda trace: sum(s.verdict is Verdict.BLOCKED for s in (trace.egress, trace.ingress)))
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
    doubts = {(step.tier, step.reason): step for side in sides for step in side.steps
              if step.outcome is Verdict.UNKNOWN}  # fmt: skip
    return Side(sides[0].direction, (*sorted(doubts.values(), key=_step_order), _DOUBT))


def _step_order(step: Step) -> tuple[int, str]:
    return _TIERS.index(step.tier), step.reason
