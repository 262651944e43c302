"""Pairs of workloads counted by the nodes they are drawn as: folded namespaces, expanded workloads, externals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.graph.facts import Pair
from webapp.graph.wording import plural
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import UnknownConnection
    from webapp.engine.answers import Bundled, Doubled
    from webapp.engine.workloads import Workload
    from webapp.graph.narrowing import Narrowed

MOST_NODES = 400


@dataclass(slots=True)
class Tally:
    """What is known of all pairs between two nodes.

    ``allowed``: pairs with an allowed port; ``whole``: with every port; ``ruled``: those of the allowed of which an end
    is isolated, ``ruled_ports`` theirs; ``unknown``: pairs with ports of which nothing can be said.
    """

    allowed: int = 0
    whole: int = 0
    ruled: int = 0
    unknown: int = 0
    ports: PortSet = NONE
    ruled_ports: PortSet = NONE
    unknown_ports: PortSet = NONE
    reasons: set[str] = field(default_factory=set)

    def count(self, number: int, ports: PortSet, *, ruled: bool) -> None:
        """So many more pairs (less, if negative) are allowed these ports."""
        self.allowed += number
        self.whole += number if ports.is_all else 0
        self.ports |= ports
        if ruled or not ports.is_all:
            self.ruled += number
            self.ruled_ports |= ports

    def joined(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.allowed + other.allowed, self.whole + other.whole, self.ruled + other.ruled,
            self.unknown + other.unknown, self.ports | other.ports, self.ruled_ports | other.ruled_ports,
            self.unknown_ports | other.unknown_ports, self.reasons | other.reasons,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Groups:
    """Which node each workload or external is drawn as, and how many it stands for."""

    of: Mapping[str, str]
    sizes: Mapping[str, int]
    members: Mapping[str, list[Workload]]
    expanded: tuple[str, ...]
    singles: frozenset[str]

    def pairs(self, source: str, destination: str) -> int:
        """How many ordered pairs there are from one node to another, or within one."""
        size = self.sizes[source]
        if source == destination and source not in self.singles:
            return size * (size - 1)
        return size * self.sizes[destination]


def group(analysis: Narrowed, expand: frozenset[str], notes: list[str]) -> Groups:
    """Every namespace is one node but those in ``expand``; at most `MOST_NODES`, what is left out is noted."""
    members: dict[str, list[Workload]] = {}
    for workload in analysis.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    room = MOST_NODES - len(analysis.externals) - 1
    names = _that_fit(members, max(room, 1), notes)
    expanded = []
    room -= len(names)
    for name in names:
        if name not in expand:
            continue
        if len(members[name]) - 1 <= room:
            expanded.append(name)
            room -= len(members[name]) - 1
        else:
            count = plural(len(members[name]), "workload")
            notes.append(f"{name} stays folded: with its {count} more than {MOST_NODES} nodes would be drawn.")
    return _grouped(analysis, {name: members[name] for name in names}, expanded)


def group_all(analysis: Narrowed, expanded: Collection[str]) -> Groups:
    """As `group`, with room for all."""
    members: dict[str, list[Workload]] = {}
    for workload in analysis.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    return _grouped(analysis, {name: members[name] for name in sorted(members)}, sorted(expanded))


def _grouped(analysis: Narrowed, members: Mapping[str, list[Workload]], expanded: Iterable[str]) -> Groups:
    singles = {external.id for external in analysis.externals}
    singles |= {workload.id for name in expanded for workload in members[name]}
    of = {w.id: w.id if w.id in singles else f"{name}/*" for name, inside in members.items() for w in inside}
    of |= {external.id: external.id for external in analysis.externals}
    return Groups(of, Counter(of.values()), members, tuple(expanded), frozenset(singles))


def _that_fit(members: Mapping[str, list[Workload]], room: int, notes: list[str]) -> list[str]:
    """The names of the largest namespaces, sorted."""
    if len(members) <= room:
        return sorted(members)
    largest = sorted(members, key=lambda name: (-len(members[name]), name))
    left_out = sum(len(members[name]) for name in largest[room:])
    notes.append(
        f"Showing {room:,} of {plural(len(members), 'namespace')}: {plural(left_out, 'workload')} of the smallest are "
        f"not drawn, because at most {MOST_NODES} nodes are."
    )
    return sorted(largest[:room])


def tally_pairs(analysis: Narrowed, groups: Groups) -> dict[Pair, Tally]:
    """{(source node, destination node): its tally}, folded from the factored answer: the pairs are never listed."""
    return tally_rows(analysis, groups, analysis.blocks(), analysis.unknowns())


def tally_rows(
    analysis: Narrowed, groups: Groups, blocks: Iterable[Bundled], unknowns: Iterable[UnknownConnection]
) -> dict[Pair, Tally]:
    """The same of any rows."""
    isolated = {w.id: (w.isolated_egress, w.isolated_ingress) for w in analysis.workloads}
    reaching = {w.id for w in analysis.workloads if w.reaches_itself}
    outside = (False, False)
    tallies: dict[Pair, Tally] = {}
    for sources, destinations, ports in blocks:
        tails = Counter((groups.of[s], isolated.get(s, outside)[0]) for s in sources if s in groups.of)
        heads = Counter((groups.of[d], isolated.get(d, outside)[1]) for d in destinations if d in groups.of)
        for (tail, leaves_by_rule), tail_count in tails.items():
            for (head, enters_by_rule), head_count in heads.items():
                tally = tallies.setdefault((tail, head), Tally())
                tally.count(tail_count * head_count, ports, ruled=leaves_by_rule or enters_by_rule)
        for own in set(sources).intersection(destinations) & isolated.keys() & groups.of.keys():
            # A folded namespace counts pairs of different workloads; alone, a workload reaches its other replicas.
            if own not in groups.singles or own not in reaching:
                node = groups.of[own]
                tallies[node, node].count(-1, ports, ruled=any(isolated[own]))
    _tally_unknown(unknowns, groups, tallies)
    return {pair: tally for pair, tally in tallies.items() if tally.allowed or tally.unknown}


def tally_doubts(analysis: Narrowed, groups: Groups, blocks: Iterable[Doubled]) -> dict[Pair, Tally]:
    """All pairs of some blocks, counted as unknown; the reasons are not told."""
    reaching = {w.id for w in analysis.workloads if w.reaches_itself}
    tallies: dict[Pair, Tally] = {}
    for sources, destinations, _, ports in blocks:
        tails = Counter(groups.of[s] for s in sources if s in groups.of)
        heads = Counter(groups.of[d] for d in destinations if d in groups.of)
        for tail, tail_count in tails.items():
            for head, head_count in heads.items():
                tally = tallies.setdefault((tail, head), Tally())
                tally.unknown += tail_count * head_count
                tally.unknown_ports |= ports
        for own in set(sources).intersection(destinations) & groups.of.keys():
            if own not in groups.singles or own not in reaching:
                tallies[groups.of[own], groups.of[own]].unknown -= 1
    return {pair: tally for pair, tally in tallies.items() if tally.unknown}


@dataclass(slots=True)
class Crossing:
    """The pairs of workloads that lead into a node from others, and out of it to others: allowed, and all there are."""

    into: int = 0
    into_all: int = 0
    out: int = 0
    out_all: int = 0

    def text(self) -> str:
        return f"in: {self.into:,} of {self.into_all:,} · out: {self.out:,} of {self.out_all:,} pairs"


def count_crossing(tallies: Mapping[Pair, Tally], groups: Groups) -> dict[str, Crossing]:
    """{node: its pairs with all other workloads}; externals are not counted."""
    nodes = {groups.of[w.id] for members in groups.members.values() for w in members}
    total = sum(groups.sizes[node] for node in nodes)
    found: dict[str, Crossing] = {}
    for node in nodes:
        everyone = groups.sizes[node] * (total - groups.sizes[node])
        found[node] = Crossing(0, everyone, 0, everyone)
    for (source, destination), tally in tallies.items():
        if source != destination and source in nodes and destination in nodes:
            found[source].out += tally.allowed
            found[destination].into += tally.allowed
    return found


def _tally_unknown(unknowns: Iterable[UnknownConnection], groups: Groups, tallies: dict[Pair, Tally]) -> None:
    for row in unknowns:
        source, destination = groups.of.get(row.source), groups.of.get(row.destination)
        if source is None or destination is None or (row.source == row.destination and source not in groups.singles):
            continue
        tally = tallies.setdefault((source, destination), Tally())
        tally.unknown += 1
        tally.unknown_ports |= row.ports
        tally.reasons.update(row.reasons)
