"""Pairs of workloads counted by the nodes they are drawn as: folded namespaces, expanded workloads, externals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.graph.alike import GROUP_FROM, group_alike, group_id
from webapp.graph.facts import Pair
from webapp.graph.wording import plural
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import UnknownConnection
    from webapp.engine.answers import Bundled, Doubled
    from webapp.engine.workloads import Workload
    from webapp.graph.narrowing import Narrowed

MOST_NODES = 400
MOST_EQUAL = 60
"""A namespace of workloads that are all alike is drawn one by one up to here."""
EVERY = "*"
"""Stands for all namespaces among those to expand."""


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
    """Which node each workload or external is drawn as, and how many it stands for.

    ``cards``: of each expanded namespace, the workloads of each of its nodes, by its id. ``unfolded``: of workloads
    that are drawn one by one although they are alike, the id of the card that would stand for them.
    """

    of: Mapping[str, str]
    sizes: Mapping[str, int]
    members: Mapping[str, list[Workload]]
    expanded: tuple[str, ...]
    singles: frozenset[str]
    cards: Mapping[str, Mapping[str, tuple[Workload, ...]]] = field(default_factory=dict)
    unfolded: Mapping[str, str] = field(default_factory=dict)

    def pairs(self, source: str, destination: str) -> int:
        """How many ordered pairs there are from one node to another, or within one."""
        size = self.sizes[source]
        if source == destination and source not in self.singles:
            return size * (size - 1)
        return size * self.sizes[destination]


Cards = dict[str, tuple["Workload", ...]]


def group(analysis: Narrowed, expand: frozenset[str], notes: list[str], marks: Mapping[str, str]) -> Groups:
    """Every namespace is one node but those in ``expand`` (`EVERY`: all that fit), and in an expanded one of more than
    `GROUP_FROM` workloads those that are alike are one node, but for the groups in ``expand``. At most `MOST_NODES`;
    what is left out is noted."""
    members: dict[str, list[Workload]] = {}
    for workload in analysis.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    room = MOST_NODES - len(analysis.externals) - 1
    names = _that_fit(members, max(room, 1), notes)
    room -= len(names)
    cards: dict[str, Cards] = {}
    unfolded: dict[str, str] = {}
    refused: list[str] = []
    for name in names:
        if name not in expand and EVERY not in expand:
            continue
        alike = _in_groups(analysis, members[name], room + 1, marks)
        opened = _without_opened(alike, expand, room + 1)
        if len(opened) - 1 > room:
            refused.append(name)
            continue
        cards[name] = opened
        unfolded |= {w.id: key for key in alike if key not in opened for w in alike[key]}
        room -= len(opened) - 1
    _tell_refused(refused, members, notes)
    _tell_alike(cards, notes)
    return _grouped(analysis, {name: members[name] for name in names}, cards, unfolded)


def group_all(analysis: Narrowed, expanded: Collection[str]) -> Groups:
    """As `group`, with room for all, each workload of the expanded ones by itself."""
    members: dict[str, list[Workload]] = {}
    for workload in analysis.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    cards: dict[str, Cards] = {name: {w.id: (w,) for w in members[name]} for name in sorted(expanded)}
    return _grouped(analysis, {name: members[name] for name in sorted(members)}, cards, {})


def _grouped(
    analysis: Narrowed,
    members: Mapping[str, list[Workload]],
    cards: Mapping[str, Cards],
    unfolded: Mapping[str, str],
) -> Groups:
    of = {w.id: f"{name}/*" for name, inside in members.items() if name not in cards for w in inside}
    of |= {w.id: node for nodes in cards.values() for node, alike in nodes.items() for w in alike}
    of |= {external.id: external.id for external in analysis.externals}
    singles = frozenset(identity for identity, node in of.items() if identity == node)
    return Groups(of, Counter(of.values()), members, tuple(cards), singles, cards, unfolded)


def _in_groups(analysis: Narrowed, members: list[Workload], room: int, marks: Mapping[str, str]) -> Cards:
    """The cards of a namespace: one for all that are alike, if there are many workloads and not all are alike."""
    single: Cards = {w.id: (w,) for w in members}
    if len(members) <= GROUP_FROM:
        return single
    alike = group_alike(analysis.whole, members, marks)
    if len(alike) == 1 and len(members) <= min(room, MOST_EQUAL):
        return single  # a box with one card for all would say less than the folded namespace does
    found: Cards = {group_id(each) if len(each) > 1 else each[0].id: each for each in alike}
    return single if len(found) < len(alike) else found  # a name that pretends to be a group's


def _without_opened(cards: Cards, expand: frozenset[str], room: int) -> Cards:
    """The cards with the groups opened that a person has opened, as far as they fit."""
    left = room - len(cards)
    found: Cards = {}
    for identity, members in cards.items():
        if identity in expand and len(members) > 1 and len(members) - 1 <= left:
            left -= len(members) - 1
            found |= {w.id: (w,) for w in members}
        else:
            found[identity] = members
    return found


def _tell_refused(names: list[str], members: Mapping[str, list[Workload]], notes: list[str]) -> None:
    if len(names) == 1:
        count = plural(len(members[names[0]]), "workload")
        notes.append(f"{names[0]} stays folded: with its {count} more than {MOST_NODES} nodes would be drawn.")
    elif names:
        count = plural(sum(len(members[name]) for name in names), "workload")
        told = f"{len(names):,} namespaces stay folded: with their {count}"
        notes.append(f"{told} more than {MOST_NODES} nodes would be drawn.")


def _tell_alike(cards: Mapping[str, Cards], notes: list[str]) -> None:
    groups = [members for nodes in cards.values() for members in nodes.values() if len(members) > 1]
    if groups:
        count = plural(sum(map(len, groups)), "workload")
        word = "card" if len(groups) == 1 else "cards"
        notes.append(
            f"{count} stand on {len(groups):,} {word}, because those of a card are alike: the same ports to and from "
            f"everybody, and the same isolation."
        )


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
