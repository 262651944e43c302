"""The scene in which every workload is a node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from webapp.graph.bundles import bundle, door, open_lines
from webapp.graph.cards import box_of, everything_node, external_node, workload_node
from webapp.graph.elements import EVERYTHING, Anchor, Line, Scene, SceneEdge, SceneNode
from webapp.graph.facts import Facts, Pair, all_open, block_of
from webapp.graph.filters import verdict_of
from webapp.graph.questions import SMALL, ask, blocked_pairs
from webapp.graph.wording import nothing_isolated, plural, port_pill
from webapp.model.ports import NONE

MOST_BLOCKED_LINES = 200
FEW_UNKNOWN = 3
"""So many unknown lines are drawn at a node on either side; more are counted in a badge."""


def workload_scene(facts: Facts, *, blocked: str, selected: str | None, told: frozenset[Pair] = frozenset()) -> Scene:
    """See `webapp.graph.scene.build_scene`."""
    members = _members(facts)
    bundles = bundle(facts, members)
    opened = open_lines(facts, members) if facts.analysis.draws_open else []
    notes = list(facts.analysis.notes)
    unknown, crowded = _unknown_lines(facts, selected, notes)
    badges = {i: (*bundles.badges.get(i, ()), *crowded.get(i, ())) for i in facts.workloads}
    asked = ask(facts) if len(facts.workloads) <= SMALL else ()
    questions = _blocked_lines(facts, asked)
    placed = [line for line in (*bundles.lines, *opened, *unknown, *questions) if line.placed]
    externals = _drawn_externals(facts, placed)
    extra = _extra_blocked(facts, externals, blocked, selected, frozenset(asked), notes)
    extra += _told(facts, externals, told - {*asked, *extra}) if blocked != "none" else []
    over = [replace(line, placed=False) for line in _blocked_lines(facts, extra)]
    shows_asked = blocked in ("auto", "all")
    mine = [line for line in questions if selected in (line.tail.id, line.head.id) or not told.isdisjoint(line.rows)]
    shown = questions if shows_asked else mine if blocked == "selection" else []
    lines = [*bundles.lines, *opened, *unknown, *shown, *over]
    hidden = [line for line in questions if line not in shown]
    edges = _rows(facts, lines)
    nodes = _nodes(facts, members, externals, placed, edges, badges)
    if facts.workloads and all_open(facts.states):
        notes.append(nothing_isolated(whole=len(facts.workloads) == len(facts.analysis.whole.workloads)))
    if bundles.dns_badges:
        count = plural(bundles.dns_badges, "workload")
        notes.append(f"Name resolution (DNS) of {count} is the word DNS on the card, not a line.")
    boxes = tuple(box_of(namespace, ids, bundles.box_notes.get(namespace, "")) for namespace, ids in members.items())
    return Scene(
        level="workloads",
        nodes=nodes,
        boxes=boxes,
        edges=edges,
        lines=tuple(lines),
        hidden=tuple(hidden),
        notes=tuple(notes),
        counts=MappingProxyType(
            {
                "workloads": len(facts.workloads),
                "drawn_nodes": sum(node.drawn for node in nodes),
                "drawn_edges": len(lines),
                "pairs_allowed": len(facts.allowed),
                "pairs_unknown": sum(pair not in facts.allowed for pair in facts.unknown),
                "rows": len(edges),
            }
        ),
        aside=_aside(facts),
    )


def _members(facts: Facts) -> dict[str, tuple[str, ...]]:
    """{namespace: ids of its workloads}, both sorted."""
    members: dict[str, list[str]] = {}
    for workload in facts.workloads.values():
        members.setdefault(workload.namespace, []).append(workload.id)
    return {namespace: tuple(sorted(members[namespace])) for namespace in sorted(members)}


def _unknown_lines(facts: Facts, selected: str | None, notes: list[str]) -> tuple[list[Line], dict[str, list[str]]]:
    """The lines, and badges where a node has many: the lines come back over the picture when it is selected."""
    rows: dict[Pair, list[Pair]] = {}
    for pair in sorted(facts.unknown):
        if pair not in facts.allowed and pair[0] != pair[1]:
            rows.setdefault(facts.drawn_as(pair), []).append(pair)
    crowded: dict[str, list[str]] = {}
    for place, words in ((0, "to"), (1, "from")):
        for identity, count in sorted(Counter(pair[place] for pair in rows).items()):
            if count > FEW_UNKNOWN and identity in facts.workloads:
                crowded.setdefault(identity, []).append(f"? {words} {count:,}")
    lines = []
    for pair, alike in rows.items():
        placed = not crowded.keys() & set(pair)
        if placed or selected in pair:
            lines.append(_unknown_line(facts, pair, alike, placed=placed))
    if crowded:
        paths = plural(sum(map(len, rows.values())), "path")
        notes.append(f"{paths} cannot be decided, see the badges that begin with a question mark.")
    return lines, crowded


def _unknown_line(facts: Facts, pair: Pair, rows: list[Pair], *, placed: bool) -> Line:
    ports, reasons = facts.unknown[pair]
    ends = Anchor(pair[0]), Anchor(pair[1])
    title = f"unknown: {', '.join(reasons)}"
    return Line(*ends, "unknown", "?", rows=tuple(rows), verdict="unknown", ports=ports, placed=placed, title=title)


def _blocked_lines(facts: Facts, pairs: Iterable[Pair]) -> list[Line]:
    lines: dict[Pair, Line] = {}
    for pair in pairs:
        drawn = facts.drawn_as(pair)
        line = lines.get(drawn) or _blocked_line(facts, drawn, pair)
        lines[drawn] = replace(line, rows=(*line.rows, pair))
    return list(lines.values())


def _blocked_line(facts: Facts, drawn: Pair, pair: Pair) -> Line:
    block = block_of(facts.analysis, pair)
    shut = () if block.disjoint else ("source", "target") if block.end == "both" else (block.end,)
    states = (facts.egress(pair[0]), facts.ingress(pair[1]))
    doors = [
        "" if peer in facts.externals or unknown else "bar" if end in shut else door(state)
        for peer, end, state, unknown in zip(pair, ("source", "target"), states, block.unknown, strict=True)
    ]
    label = "no common port" if block.disjoint else ""
    ends = Anchor(drawn[0]), Anchor(drawn[1])
    return Line(*ends, "blocked", label, (doors[0], doors[1]), verdict="blocked", blocked_at=block.end)


def _drawn_externals(facts: Facts, placed: Iterable[Line]) -> frozenset[str]:
    """The hexagons: those with a line. (One without would look cut off, though open workloads may talk to it.)"""
    ends = {end.id for line in placed for end in (line.tail, line.head)}
    return frozenset(ends & set(facts.externals))


def _extra_blocked(
    facts: Facts,
    externals: frozenset[str],
    mode: str,
    selected: str | None,
    asked: frozenset[Pair],
    notes: list[str],
) -> list[Pair]:
    """The blocked pairs that are laid over the picture, besides those that have their place in it."""
    ids = [*facts.workloads, *externals]
    if mode == "all":
        wanted = blocked_pairs(facts, ids)
    elif selected is not None and (mode == "selection" or (mode == "auto" and len(facts.workloads) > SMALL)):
        wanted = blocked_pairs(facts, ids, selected)
    else:
        return []
    pairs = [pair for pair in wanted if pair not in asked]
    if len(pairs) > MOST_BLOCKED_LINES:
        total = plural(len(pairs) + len(asked), "blocked path")
        notes.append(f"{MOST_BLOCKED_LINES} of {total} are drawn. The table or a selection shows the others.")
    return pairs[:MOST_BLOCKED_LINES]


def _told(facts: Facts, externals: frozenset[str], told: frozenset[Pair]) -> list[Pair]:
    """Those that are blocked, between nodes that are drawn."""
    ids = facts.workloads.keys() | externals
    return [pair for pair in sorted(told) if pair[0] != pair[1] and ids.issuperset(pair) and facts.blocked(pair)]


def _nodes(
    facts: Facts,
    members: Mapping[str, tuple[str, ...]],
    externals: frozenset[str],
    placed: Iterable[Line],
    edges: Iterable[SceneEdge],
    badges: Mapping[str, tuple[str, ...]],
) -> tuple[SceneNode, ...]:
    tails = {line.tail.id for line in placed}
    heads = {line.head.id for line in placed}
    nodes = [
        workload_node(facts.workloads[i], facts, badges=badges.get(i, ())) for ids in members.values() for i in ids
    ]
    told = {end for edge in edges for end in (edge.source, edge.destination)}
    for name in sorted(told & facts.externals.keys()):
        split = name in tails and name in heads
        nodes.append(external_node(facts.externals[name], len(facts.externals), split=split, drawn=name in externals))
    if EVERYTHING in heads:
        nodes.append(everything_node())
    return tuple(nodes)


def _rows(facts: Facts, lines: Iterable[Line]) -> tuple[SceneEdge, ...]:
    """Every pair that is not wholly blocked, and the blocked ones that are drawn; in a small scene all blocked ones."""
    drawn = {row for line in lines for row in line.rows}
    pairs = {*facts.allowed, *facts.unknown, *drawn}
    if len(facts.workloads) <= SMALL:
        pairs.update(blocked_pairs(facts, [*facts.workloads, *facts.externals]))
        pairs.update(pair for w in facts.workloads.values() if w.reaches_itself and facts.blocked(pair := (w.id, w.id)))
    return tuple(_row(facts, pair, pair in drawn) for pair in sorted(pairs))


def _row(facts: Facts, pair: Pair, drawn: bool) -> SceneEdge:
    source, destination = pair
    ports = facts.allowed.get(pair)
    unknown = facts.unknown.get(pair)
    row = SceneEdge(source, destination, facts.verdict(pair), drawn=drawn)
    if ports is not None:
        row = replace(row, ports=ports, label=port_pill(ports))
    if unknown is not None:
        row = replace(row, unknown_ports=unknown[0], reasons=unknown[1], label=row.label or "?")
    return row if row.verdict != "blocked" else replace(row, blocked_at=block_of(facts.analysis, pair).end)


def _aside(facts: Facts) -> tuple[tuple[SceneEdge, str], ...]:
    """The rows between what is shown that are left out of it."""
    shown = facts.workloads.keys() | facts.externals.keys()
    single = {w.id for w in facts.workloads.values() if not w.reaches_itself}
    rows = []
    for (sources, destinations, ports, unknown), reason in facts.analysis.aside():
        for source in shown.intersection(sources):
            for destination in shown.intersection(destinations):
                if source != destination or source not in single:
                    doubts = () if unknown is NONE else facts.analysis.whole.doubts(source, destination)
                    verdict = verdict_of(ports, unknown)
                    rows.append((SceneEdge(source, destination, verdict, ports, unknown, reasons=doubts), reason))
    return tuple(sorted(rows, key=lambda row: (row[0].source, row[0].destination)))
