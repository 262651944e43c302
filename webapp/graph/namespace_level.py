"""The scene in which a namespace is one node, until it is expanded: for many workloads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from webapp.graph.cards import box_of, everything_node, external_node, namespace_node, workload_node
from webapp.graph.elements import EVERYTHING, Anchor, Line, Scene, SceneEdge, SceneNode
from webapp.graph.facts import INTERNET, Facts, Pair, dns_only
from webapp.graph.tallies import Groups, Tally, group, tally_pairs
from webapp.graph.wording import plural, port_pill
from webapp.insight.resolution import resolver_of

if TYPE_CHECKING:
    from webapp.graph.narrowing import Narrowed

MOST_LINES = 1_500
MOST_BLOCKED_LINES = 200
MOST_DNS_LINES = 6
FEW_UNKNOWN = 3
"""So many unknown lines are drawn at a node on either side; more are counted in its badge."""
ANYONE = 3
"""From so many peers on, what a node grants the internet and all of them alike is a badge."""


def namespace_scene(analysis: Narrowed, *, blocked: str, selected: str | None, expand: frozenset[str]) -> Scene:
    """See `webapp.graph.scene.build_scene`."""
    notes: list[str] = []
    groups = group(analysis, expand, notes)
    tallies = tally_pairs(analysis, groups)
    rows = {pair: _row(pair, tally, groups) for pair, tally in sorted(tallies.items())}
    badges: dict[str, list[str]] = {}
    pairs = [pair for pair in rows if pair[0] != pair[1] and tallies[pair].ruled]
    pairs = _without_anyone(pairs, tallies, groups, badges)
    pairs = _without_dns(pairs, tallies, badges, notes)
    unknown, crowded = _few_unknown([p for p in rows if p[0] != p[1] and not tallies[p].allowed], badges, notes)
    lines = [_line(rows[pair], tallies[pair]) for pair in pairs + unknown] + _open_lines(analysis, groups)
    if len(lines) > MOST_LINES:
        lines.sort(key=lambda line: -line.pairs)
        notes.append(f"{MOST_LINES:,} of {plural(len(lines), 'line')} are drawn, those of most pairs first.")
        lines = lines[:MOST_LINES]
    nodes = _nodes(analysis, groups, tallies, lines, badges)
    shown = {node.id for node in nodes if node.drawn}
    over = [pair for pair in crowded if selected in pair and shown.issuperset(pair)]
    lines += [replace(_line(rows[pair], tallies[pair]), placed=False) for pair in over]
    stopped = _blocked_lines(groups, shown, tallies, blocked, selected, notes)
    lines += stopped
    rows |= {line.rows[0]: SceneEdge(*line.rows[0], "blocked") for line in stopped}
    drawn = {row for line in lines for row in line.rows}
    return Scene(
        level="namespaces",
        nodes=nodes,
        boxes=tuple(box_of(n, tuple(w.id for w in groups.members[n]), "") for n in groups.expanded),
        edges=tuple(replace(rows[pair], drawn=pair in drawn) for pair in sorted(rows)),
        lines=tuple(lines),
        hidden=(),
        notes=tuple(notes),
        counts=_counts(analysis, nodes, lines, rows, tallies),
        expanded=groups.expanded,
    )


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


def _row(pair: Pair, tally: Tally, groups: Groups) -> SceneEdge:
    total = groups.pairs(*pair)
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


def _without_anyone(
    pairs: list[Pair], tallies: Mapping[Pair, Tally], groups: Groups, badges: dict[str, list[str]]
) -> list[Pair]:
    """Lines that say no more than the internet's line does become a badge, where they are many."""
    dropped: set[Pair] = set()
    for node in sorted(groups.sizes):
        for outgoing, words in ((False, "from anyone"), (True, "to anyone")):
            base = tallies.get((node, INTERNET) if outgoing else (INTERNET, node))
            if base is None or node == INTERNET:
                continue
            alike = [p for p in pairs if p[1 - outgoing] == node and _says_as_much(p, outgoing, base, tallies, groups)]
            if len(alike) >= ANYONE:
                badges.setdefault(node, []).append(f"{port_pill(base.ports)} {words}")
                dropped.update(alike)
    return [pair for pair in pairs if pair not in dropped]


def _says_as_much(pair: Pair, outgoing: bool, base: Tally, tallies: Mapping[Pair, Tally], groups: Groups) -> bool:
    """Each member of the peer has exactly what the internet has."""
    peer, tally = pair[outgoing], tallies[pair]
    if peer == INTERNET or tally.unknown:
        return False
    return tally.ports is base.ports and tally.allowed == base.allowed * groups.sizes[peer]


def _without_dns(
    pairs: list[Pair], tallies: Mapping[Pair, Tally], badges: dict[str, list[str]], notes: list[str]
) -> list[Pair]:
    """Name resolution of many is a badge on each node."""
    dns = [pair for pair in pairs if dns_only(tallies[pair].ports)]
    if len(dns) <= MOST_DNS_LINES:
        return pairs
    for node in sorted({source for source, _ in dns}):
        badges.setdefault(node, []).append("DNS")
    notes.append(f"Name resolution (DNS) of {plural(len(dns), 'namespace')} is a badge, not a line.")
    dropped = set(dns)
    return [pair for pair in pairs if pair not in dropped]


def _few_unknown(pairs: list[Pair], badges: dict[str, list[str]], notes: list[str]) -> tuple[list[Pair], list[Pair]]:
    """Unknown pairs: those drawn from the start, and those that badges count because they are many at a node."""
    crowded: set[str] = set()
    for place, words in ((0, "to"), (1, "from")):
        for node, count in sorted(Counter(pair[place] for pair in pairs).items()):
            if count > FEW_UNKNOWN:
                crowded.add(node)
                badges.setdefault(node, []).append(f"? {words} {count:,}")
    if crowded:
        paths = plural(len(pairs), "path")
        notes.append(f"{paths} cannot be decided, see the badges that begin with a question mark.")
    return [p for p in pairs if not crowded.intersection(p)], [p for p in pairs if crowded.intersection(p)]


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


def _open_lines(analysis: Narrowed, groups: Groups) -> list[Line]:
    """Lines to EVERYTHING, where no policy isolates anybody."""
    if any(w.isolated_ingress or w.isolated_egress for w in analysis.workloads):
        return []
    nodes = sorted({groups.of[w.id] for w in analysis.workloads if w.id in groups.of})
    return [Line(Anchor(g), Anchor(EVERYTHING), "open", "all ports", ("ring", ""), both_ways=True) for g in nodes]


def _blocked_lines(
    groups: Groups,
    shown: set[str],
    tallies: Mapping[Pair, Tally],
    mode: str,
    selected: str | None,
    notes: list[str],
) -> list[Line]:
    if mode == "none" or (mode != "all" and selected not in groups.sizes):
        return []
    ids = sorted(shown & groups.sizes.keys())
    outside = groups.singles - {w.id for name in groups.expanded for w in groups.members[name]}
    pairs = [
        (a, b)
        for a in ids
        for b in ids
        if a != b
        and (a, b) not in tallies
        and not (a in outside and b in outside)
        and (mode == "all" or selected in (a, b))
    ]
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
) -> tuple[SceneNode, ...]:
    tails = {line.tail.id for line in lines}
    heads = {line.head.id for line in lines}
    nodes: list[SceneNode] = []
    facts = Facts(analysis, {}, {}, {}, {}, resolver_of(analysis.whole))
    for name, members in groups.members.items():
        if name in groups.expanded:
            nodes += [replace(workload_node(w, facts), badges=tuple(badges.get(w.id, ()))) for w in members]
        else:
            node = namespace_node(name, members, _inside(tallies, groups, f"{name}/*"))
            nodes.append(replace(node, badges=tuple(badges.get(node.id, ()))))
    told = {end for pair in tallies for end in pair}
    for external in analysis.externals:
        if external.id in told:
            split = external.id in tails and external.id in heads
            drawn = external.id in tails or external.id in heads
            nodes.append(external_node(external, len(analysis.externals), split=split, drawn=drawn))
    if EVERYTHING in heads:
        nodes.append(everything_node())
    return tuple(nodes)


def _inside(tallies: Mapping[Pair, Tally], groups: Groups, node: str) -> str:
    total, tally = groups.pairs(node, node), tallies.get((node, node))
    return f"inside: {tally.allowed if tally else 0:,} of {total:,} pairs" if total else ""
