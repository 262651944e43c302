"""The same comparison of a few workloads with everybody: what a small change is about, without folding all pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.diff.changes import Change, compare
from webapp.diff.ends import Ends, match_ends
from webapp.engine.externals import External
from webapp.model.ports import NONE, PortSet

_MANY = 12
"""One end in so many is many: then all pairs are folded at once."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``rows`` as in `Changes`; ``origins``: the id of each end before the change, by its id here; "" of one that did
    not exist; ``heads``: the same by the id after it. ``externals``: the common address parts."""

    rows: tuple[Change, ...]
    origins: Mapping[str, str]
    heads: Mapping[str, str]
    externals: tuple[External, ...]


def compare_among(base: Analysis, head: Analysis, among: Collection[str]) -> Difference:
    """Every pair that differs and has one of these workloads (ids of either side) at an end, sorted.

    Where ``among`` holds all workloads whose rows may differ, that is everything."""
    ends = match_ends(base, head)
    many = len(among) * _MANY > len(ends.all)
    rows = compare(base, head).rows if many else tuple(_rows(ends, base, head, among))
    origins = {end.id: end.base for end in ends.all}
    return Difference(rows, origins, {end.head: end.base for end in ends.all if end.head}, ends.externals)


def _rows(ends: Ends, base: Analysis, head: Analysis, among: Collection[str]) -> Iterator[Change]:
    chosen = [number for number, end in enumerate(ends.all) if end.base in among or end.head in among]
    one_of = frozenset(chosen)
    external = {part.id for part in ends.externals}
    everybody = range(len(ends.all))
    for source in everybody:
        one = ends.all[source]
        for number in everybody if source in one_of else chosen:
            other = ends.all[number]
            if one.id in external and other.id in external:
                continue
            before, before_unknown = _between(base, one.base, other.base, plural=one.plural[0])
            after, after_unknown = _between(head, one.head, other.head, plural=one.plural[1])
            if before is not after or before_unknown is not after_unknown:
                yield Change(one.id, other.id, before, after, before_unknown, after_unknown)


def _between(analysis: Analysis, source: str, destination: str, *, plural: bool) -> tuple[PortSet, PortSet]:
    if not source or not destination or (source == destination and not plural):
        return NONE, NONE
    return analysis.ports(source, destination)
