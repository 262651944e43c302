"""The scene in which a namespace is one node, until it is expanded: for many workloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from webapp.graph.asides import count_asides
from webapp.graph.cards import box_of, card_node, everything_node, external_node, namespace_node
from webapp.graph.elements import EVERYTHING, Anchor, Line, Scene, SceneEdge, SceneNode
from webapp.graph.facts import Facts, Pair, States, all_open, dns_only, marks_for, states
from webapp.graph.folding import fold
from webapp.graph.tallies import Groups, Tally, count_crossing, group, tally_pairs
from webapp.graph.wording import nothing_isolated, plural, port_pill
from webapp.insight.resolution import resolver_of

if TYPE_CHECKING:
    from webapp.graph.narrowing import Narrowed

MOST_LINES = 1_500
MOST_BLOCKED_LINES = 200
MOST_BLOCKED_AUTO = 40
"""Above so many, the blocked paths of what is selected are drawn when a person asks for them."""
MOST_OPEN_LINES = 16
MOST_LABELLED_BACK = 12
"""Up to so many lines that come back for a selection carry their counts; more would cover the cards."""


def namespace_scene(analysis: Narrowed, *, blocked: str, selected: str | None, expand: frozenset[str]) -> Scene:
    """See `webapp.graph.scene.build_scene`."""
    notes = list(analysis.notes)
    stand = states(analysis)
    marks = marks_for(analysis, stand)
    groups = group(analysis, expand, notes, marks)
    selected = groups.of.get(selected, selected) if selected else None
    tallies = tally_pairs(analysis, groups)
    asides = count_asides(analysis, groups, tallies)
    rows = {pair: row_of(pair, tally, groups, asides.hidden[pair]) for pair, tally in sorted(tallies.items())}
    folded = fold(tallies, groups)
    notes += folded.notes
    lines = [_line(rows[pair], tallies[pair]) for pair in folded.drawn]
    lines += _open_lines(analysis, groups, stand, notes) if analysis.draws_open else []
    lines = _capped(lines, MOST_LINES, notes)
    nodes = _nodes(analysis, groups, asides.everything, lines, folded.badges, stand, marks)
    shown = {node.id for node in nodes if node.drawn}
    over = [pair for pair in folded.told if selected in pair and shown.issuperset(pair)]
    back = [replace(_line(rows[pair], tallies[pair]), placed=False) for pair in over]
    back = back if len(back) <= MOST_LABELLED_BACK else [replace(line, label="") for line in back]
    stopped = _blocked_lines(analysis, groups, shown, asides.everything, blocked, selected, notes)
    lines = _capped(lines, MOST_LINES - len(back) - len(stopped), notes) + back + stopped
    rows |= {line.rows[0]: SceneEdge(*line.rows[0], "blocked") for line in stopped}
    drawn = {row for line in lines for row in line.rows}
    return Scene(
        level="namespaces",
        nodes=nodes,
        boxes=tuple(box_of(name, tuple(groups.cards[name]), "") for name in groups.expanded),
        edges=tuple(replace(rows[pair], drawn=pair in drawn) for pair in sorted(rows)),
        lines=tuple(lines),
        hidden=(),
        notes=tuple(notes),
        counts=_counts(analysis, nodes, lines, rows, tallies),
        expanded=groups.expanded,
        aside=tuple((row_of(p, asides.everything[p], groups), why) for p, why in sorted(asides.alone.items())),
    )


def _capped(lines: list[Line], most: int, notes: list[str]) -> list[Line]:
    """As many as are drawn, and a note if these are not all."""
    if len(lines) <= most:
        return lines
    notes.append(f"{most:,} of {plural(len(lines), 'line')} are drawn, those of most pairs first.")
    return sorted(lines, key=lambda line: -line.pairs)[:most]


def _counts(
    analysis: Narrowed,
    nodes: Iterable[SceneNode],
    lines: list[Line],
    rows: Mapping[Pair, SceneEdge],
    tallies: Mapping[Pair, Tally],
) -> Mapping[str, int]:
    return MappingProxyType(
        {
            "workloads": len(analysis.workloads),
            "drawn_nodes": sum(node.drawn for node in nodes),
            "drawn_edges": len(lines),
            "pairs_allowed": sum(tally.allowed for tally in tallies.values()),
            "pairs_unknown": sum(tally.unknown for tally in tallies.values()),
            "rows": len(rows),
        }
    )


def row_of(pair: Pair, tally: Tally, groups: Groups, hidden: int = 0) -> SceneEdge:
    """A pair of nodes; of folded namespaces ``hidden`` pairs of workloads are not counted."""
    total = groups.pairs(*pair) - hidden
    single = groups.singles.issuperset(pair)
    verdict = "unknown"
    if tally.allowed:
        verdict = "allowed" if tally.whole == total else "partial"
    label = port_pill(tally.ports) if single else f"{tally.allowed:,} of {total:,} pairs"
    return SceneEdge(
        *pair,
        verdict,
        ports=tally.ports,
        unknown_ports=tally.unknown_ports,
        reasons=tuple(sorted(tally.reasons)),
        pairs=None if single else (tally.allowed, total),
        label=label if tally.allowed else "?",
    )


def _line(row: SceneEdge, tally: Tally) -> Line:
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
        pairs=max(tally.allowed, 1),
        title=title if tally.allowed else f"unknown: {', '.join(row.reasons)}",
    )


def _open_lines(analysis: Narrowed, groups: Groups, stand: States, notes: list[str]) -> list[Line]:
    """Lines to EVERYTHING, where no policy isolates anybody; the marks on many cards say it alone."""
    if not all_open(stand):
        return []
    notes.append(nothing_isolated(whole=len(analysis.workloads) == len(analysis.whole.workloads)))
    nodes = sorted({groups.of[w.id] for w in analysis.workloads if w.id in groups.of})
    if len(nodes) > MOST_OPEN_LINES:
        return []
    return [Line(Anchor(g), Anchor(EVERYTHING), "open", "all ports", ("ring", ""), both_ways=True) for g in nodes]


def _blocked_lines(
    analysis: Narrowed,
    groups: Groups,
    shown: set[str],
    tallies: Mapping[Pair, Tally],
    mode: str,
    selected: str | None,
    notes: list[str],
) -> list[Line]:
    if mode == "none" or (mode != "all" and selected not in groups.sizes) or not analysis.draws_blocked:
        return []
    ids = sorted(shown & groups.sizes.keys())
    outside = groups.singles - {node for nodes in groups.cards.values() for node in nodes}
    pairs = [
        (a, b)
        for a in ids
        for b in ids
        if a != b
        and (a, b) not in tallies
        and not (a in outside and b in outside)
        and (mode == "all" or selected in (a, b))
    ]
    if mode == "auto" and len(pairs) > MOST_BLOCKED_AUTO:
        notes.append(f"{plural(len(pairs), 'blocked path')} of the selection are not drawn, unless you ask for them.")
        return []
    if len(pairs) > MOST_BLOCKED_LINES:
        notes.append(f"{MOST_BLOCKED_LINES} of {plural(len(pairs), 'blocked path')} are drawn.")
    return [
        Line(Anchor(a), Anchor(b), "blocked", rows=((a, b),), verdict="blocked", placed=False)
        for a, b in pairs[:MOST_BLOCKED_LINES]
    ]


def _nodes(
    analysis: Narrowed,
    groups: Groups,
    tallies: Mapping[Pair, Tally],
    lines: Iterable[Line],
    badges: Mapping[str, list[str]],
    stand: States,
    marks: Mapping[str, str],
) -> tuple[SceneNode, ...]:
    tails = {line.tail.id for line in lines}
    heads = {line.head.id for line in lines}
    nodes: list[SceneNode] = []
    facts = Facts(analysis, {}, {}, {}, {}, resolver_of(analysis.whole), stand, marks)
    crossing = count_crossing(tallies, groups)
    for name, members in groups.members.items():
        if name in groups.expanded:
            nodes += [
                card_node(node, alike, facts, tuple(badges.get(node, ())), groups.unfolded.get(alike[0].id, ""))
                for node, alike in groups.cards[name].items()
            ]
            continue
        node = namespace_node(name, members, stand, _inside(tallies, groups, f"{name}/*"), marks)
        told = tuple(badges.get(node.id, ()))
        if node.open or node.partly_open or told:  # what is not a line is counted
            node = replace(node, lines=(*node.lines, crossing[node.id].text()), badges=(*told, *node.badges))
        nodes.append(node)
    ends = {end for pair in tallies for end in pair}
    for external in analysis.externals:
        if external.id in ends:
            split = external.id in tails and external.id in heads
            drawn = external.id in tails or external.id in heads
            nodes.append(external_node(external, len(analysis.externals), split=split, drawn=drawn))
    if EVERYTHING in heads:
        nodes.append(everything_node())
    return tuple(nodes)


def _inside(tallies: Mapping[Pair, Tally], groups: Groups, node: str) -> str:
    total, tally = groups.pairs(node, node), tallies.get((node, node))
    return f"inside: {tally.allowed if tally else 0:,} of {total:,} pairs" if total else ""
