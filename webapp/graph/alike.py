"""Workloads of a namespace that nothing tells apart: the same ports to and from everybody, and the same isolation.

Exact, never a likeness: two of a group stand in the same blocks of the factored answer at both sides, for what is
allowed and for what may be, so their rows and their columns of the verdict matrix are equal (each stands in the
other's as it stands in its own).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from webapp.insight.resolution import resolver_of

if TYPE_CHECKING:
    from webapp.analysis import Analysis
    from webapp.engine.answers import Bundled
    from webapp.engine.workloads import Workload

GROUP_FROM = 12
"""A namespace of more workloads than this is drawn in groups of those that are alike, where the scene is folded."""


class Likeness(dict[str, tuple[tuple[int, ...], ...]]):
    """{id: in which blocks it stands as source, as destination, and both again for what may be allowed}."""


def likeness(analysis: Analysis) -> Likeness:
    """Where every workload stands; read once for each analysis."""
    found = analysis.kept.get(Likeness)
    if found is None:
        found = analysis.kept[Likeness] = _read(analysis)
    assert isinstance(found, Likeness)
    return found


def _read(analysis: Analysis) -> Likeness:
    sides: tuple[dict[str, list[int]], ...] = _places(analysis.blocks())
    if not analysis.is_certain:
        sides += _places(analysis.possible_blocks())
    return Likeness((w.id, tuple(tuple(side.get(w.id, ())) for side in sides)) for w in analysis.workloads)


def _places(blocks: Iterable[Bundled]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The numbers of the blocks in which each id is a source, and in which it is a destination."""
    leaving: dict[str, list[int]] = {}
    entering: dict[str, list[int]] = {}
    for number, (sources, destinations, _) in enumerate(blocks):
        for ids, side in ((sources, leaving), (destinations, entering)):
            for each in ids:
                side.setdefault(each, []).append(number)
    return leaving, entering


def group_alike(
    analysis: Analysis, members: Iterable[Workload], marks: Mapping[str, object]
) -> list[tuple[Workload, ...]]:
    """The workloads in groups, each in the order of the first of its members. ``marks``: what else their cards say;
    those that differ in it are not put together, so that a card says what is true of each of its members."""
    stands, resolver = likeness(analysis), resolver_of(analysis)
    groups: dict[object, list[Workload]] = {}
    for w in members:
        told = (w.isolated_ingress, w.isolated_egress, w.host_network, marks.get(w.id), resolver.verdict(w))
        groups.setdefault((stands.get(w.id), told), []).append(w)
    return [tuple(group) for group in groups.values()]


def group_id(members: tuple[Workload, ...]) -> str:
    """The id of a card that stands for several: of the first one, with a sign that no name in Kubernetes has."""
    return f"{members[0].id}+"
