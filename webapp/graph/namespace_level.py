"""The scene in which a namespace is one node, until it is expanded: for many workloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from webapp.graph.cards import box_of, everything_node, external_node, namespace_node, workload_node
from webapp.graph.elements import EVERYTHING, Anchor, Line, Scene, SceneEdge, SceneNode
from webapp.graph.facts import Facts, Pair, dns_only, resolvers
from webapp.graph.wording import plural, port_pill
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import Analysis, Workload

MOST_NODES = 400
MOST_LINES = 1_500
MOST_BLOCKED_LINES = 200


@dataclass(slots=True)
class _Tally:
    """What is known of all pairs between two groups; ``ruled``: allowed pairs of which an end is isolated."""

    allowed: int = 0
    whole: int = 0
    ruled: int = 0
    unknown: int = 0
    ports: PortSet = NONE
    unknown_ports: PortSet = NONE
    reasons: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Which node each workload or external is drawn as, and how many it stands for."""

    of: Mapping[str, str]
    sizes: Mapping[str, int]
    members: Mapping[str, list[Workload]]
    expanded: tuple[str, ...]

    def pairs(self, source: str, destination: str) -> int:
        size = self.sizes[source]
        return size * (size - 1) if source == destination else size * self.sizes[destination]


def namespace_scene(analysis: Analysis, *, blocked: str, selected: str | None, expand: frozenset[str]) -> Scene:
    """See `webapp.graph.scene.build_scene`."""
    notes: list[str] = []
    groups = _group(analysis, expand, notes)
    tallies = _tally(analysis, groups)
    rows = {pair: _row(pair, tally, groups) for pair, tally in sorted(tallies.items())}
    lines = [_line(row, tallies[pair], groups) for pair, row in rows.items() if _is_line(pair, tallies[pair])]
    lines += _open_lines(analysis, groups)
    if len(lines) > MOST_LINES:
        lines.sort(key=lambda line: (-(rows[line.rows[0]].pairs or (1, 1))[0] if line.rows else 0))
        notes.append(f"{MOST_LINES:,} of {plural(len(lines), 'line')} are drawn, those of most pairs first.")
        lines = lines[:MOST_LINES]
    over = _blocked_lines(groups, tallies, blocked, selected, notes)
    nodes = _nodes(analysis, groups, tallies, [*lines, *over])
    lines += over
    rows |= {line.rows[0]: SceneEdge(*line.rows[0], "blocked") for line in over}
    drawn = {row for line in lines for row in line.rows}
    return Scene(
        level="namespaces",
        nodes=nodes,
        boxes=tuple(box_of(n, tuple(w.id for w in groups.members[n]), "") for n in groups.expanded),
        edges=tuple(replace(rows[pair], drawn=pair in drawn) for pair in sorted(rows)),
        lines=tuple(lines),
        hidden=(),
        notes=tuple(notes),
        counts=MappingProxyType(
            {
                "workloads": len(analysis.workloads),
                "drawn_nodes": len(nodes),
                "drawn_edges": len(lines),
                "pairs_allowed": sum(tally.allowed for tally in tallies.values()),
                "pairs_unknown": sum(tally.unknown for tally in tallies.values()),
                "rows": len(rows),
            }
        ),
        expanded=groups.expanded,
    )


def _group(analysis: Analysis, expand: frozenset[str], notes: list[str]) -> _Groups:
    members: dict[str, list[Workload]] = {}
    for workload in analysis.workloads:
        members.setdefault(workload.namespace, []).append(workload)
    names = sorted(members)
    room = MOST_NODES - len(analysis.externals) - 1
    if len(names) > room:
        shown = set(sorted(names, key=lambda n: (-len(members[n]), n))[: max(room, 1)])
        left_out = sum(len(members[n]) for n in names if n not in shown)
        notes.append(
            f"{plural(len(names) - len(shown), 'namespace')} with {plural(left_out, 'workload')} are not drawn: "
            f"at most {MOST_NODES} nodes are. Search, or see the table."
        )
        names = [n for n in names if n in shown]
    expanded = []
    room -= len(names)
    for name in names:
        if name in expand:
            if len(members[name]) - 1 <= room:
                expanded.append(name)
                room -= len(members[name]) - 1
            else:
                count = plural(len(members[name]), "workload")
                notes.append(f"{name} stays folded: with its {count} more than {MOST_NODES} nodes would be drawn.")
    of = {w.id: w.id if name in expanded else f"{name}/*" for name in names for w in members[name]}
    of |= {external.id: external.id for external in analysis.externals}
    return _Groups(of, Counter(of.values()), {n: members[n] for n in names}, tuple(expanded))


def _tally(analysis: Analysis, groups: _Groups) -> dict[Pair, _Tally]:
    """Folds the factored answer, block by block: the pairs themselves are never listed."""
    isolated = {w.id: (w.isolated_egress, w.isolated_ingress) for w in analysis.workloads}
    tallies: dict[Pair, _Tally] = {}
    alone = {w.id for w in analysis.workloads if w.pods <= 1}
    for sources, destinations, ports in analysis.blocks():
        tails = Counter((groups.of[s], isolated.get(s, (False, False))[0]) for s in sources if s in groups.of)
        heads = Counter((groups.of[d], isolated.get(d, (False, False))[1]) for d in destinations if d in groups.of)
        own = Counter(groups.of[i] for i in set(sources).intersection(destinations) if i in groups.of)
        for (tail, leaves_by_rule), tail_count in tails.items():
            for (head, enters_by_rule), head_count in heads.items():
                tally = tallies.setdefault((tail, head), _Tally())
                count = tail_count * head_count
                tally.allowed += count
                tally.whole += count if ports.is_all else 0
                tally.ruled += count if leaves_by_rule or enters_by_rule or not ports.is_all else 0
                tally.ports |= ports
        for group, count in own.items():
            _take_out_own(tallies[group, group], count, ports, group in alone)
    for pair in analysis.unknowns():
        if pair.source != pair.destination and pair.source in groups.of and pair.destination in groups.of:
            tally = tallies.setdefault((groups.of[pair.source], groups.of[pair.destination]), _Tally())
            tally.unknown += 1
            tally.unknown_ports |= pair.ports
            tally.reasons.update(pair.reasons)
    return {pair: tally for pair, tally in tallies.items() if tally.allowed or tally.unknown}


def _take_out_own(tally: _Tally, count: int, ports: PortSet, _alone: bool) -> None:
    """A workload's way to itself is no pair between two workloads."""
    tally.allowed -= count
    tally.whole -= count if ports.is_all else 0
    tally.ruled = min(tally.ruled, tally.allowed)


def _row(pair: Pair, tally: _Tally, groups: _Groups) -> SceneEdge:
    total = groups.pairs(*pair)
    single = all(groups.sizes[end] == 1 and not end.endswith("/*") for end in pair)
    verdict = "unknown"
    if tally.allowed:
        verdict = "allowed" if tally.whole == total else "partial"
    label = port_pill(tally.ports) if single and tally.allowed else f"{tally.allowed:,} of {total:,} pairs"
    return SceneEdge(
        *pair,
        verdict,
        ports=tally.ports,
        unknown_ports=tally.unknown_ports,
        reasons=tuple(sorted(tally.reasons)),
        pairs=None if single else (tally.allowed, total),
        label=label if tally.allowed else "?",
    )


def _is_line(pair: Pair, tally: _Tally) -> bool:
    return pair[0] != pair[1] and bool(tally.ruled or (tally.unknown and not tally.allowed))


def _line(row: SceneEdge, tally: _Tally, groups: _Groups) -> Line:
    look = "unknown" if not tally.allowed else "dns" if dns_only(tally.ports) else "allowed"
    title = f"{row.pairs[0]:,} of {row.pairs[1]:,} pairs allowed" if row.pairs else ""
    return Line(
        Anchor(row.source),
        Anchor(row.destination),
        look,
        row.label,
        rows=((row.source, row.destination),),
        verdict=row.verdict,
        ports=row.ports,
        title=title,
    )


def _open_lines(analysis: Analysis, groups: _Groups) -> list[Line]:
    """One line to EVERYTHING for each group whose workloads are all open."""
    closed = {groups.of.get(w.id) for w in analysis.workloads if w.isolated_ingress or w.isolated_egress}
    opened = {groups.of[w.id] for w in analysis.workloads if w.id in groups.of} - closed
    everything = Anchor(EVERYTHING)
    return [Line(Anchor(g), everything, "open", "all ports", ("ring", ""), both_ways=True) for g in sorted(opened)]


def _blocked_lines(
    groups: _Groups, tallies: Mapping[Pair, _Tally], mode: str, selected: str | None, notes: list[str]
) -> list[Line]:
    if mode == "none" or (mode != "all" and selected not in groups.sizes):
        return []
    externals = {i for i, g in groups.of.items() if i == g and "/" not in i} - {EVERYTHING}
    ids = sorted(groups.sizes)
    pairs = [
        (a, b)
        for a in ids
        for b in ids
        if a != b and (a, b) not in tallies and not (a in externals and b in externals)
        and (mode == "all" or selected in (a, b))
    ]
    if len(pairs) > MOST_BLOCKED_LINES:
        notes.append(f"{MOST_BLOCKED_LINES} of {plural(len(pairs), 'blocked path')} are drawn.")
    return [
        Line(Anchor(a), Anchor(b), "blocked", rows=((a, b),), verdict="blocked", placed=False)
        for a, b in pairs[:MOST_BLOCKED_LINES]
    ]


def _nodes(
    analysis: Analysis, groups: _Groups, tallies: Mapping[Pair, _Tally], lines: Iterable[Line]
) -> tuple[SceneNode, ...]:
    tails = {line.tail.id for line in lines}
    heads = {line.head.id for line in lines}
    nodes: list[SceneNode] = []
    facts = Facts(analysis, {}, {}, {}, {}, resolvers(analysis))
    for name, members in groups.members.items():
        if name in groups.expanded:
            nodes += [replace(workload_node(w, facts), badges=()) for w in members]
        else:
            nodes.append(namespace_node(name, members, _inside(tallies.get((f"{name}/*",) * 2), groups, name)))
    for external in analysis.externals:
        if external.id in tails or external.id in heads:
            split = external.id in tails and external.id in heads
            nodes.append(external_node(external, len(analysis.externals), split=split))
    if EVERYTHING in heads:
        nodes.append(everything_node())
    return tuple(nodes)


def _inside(tally: _Tally | None, groups: _Groups, name: str) -> str:
    total = groups.pairs(f"{name}/*", f"{name}/*")
    if not total:
        return ""
    return f"inside: {tally.allowed if tally else 0:,} of {total:,} pairs"
