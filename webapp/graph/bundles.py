"""Allowed pairs into few lines: what holds for a whole namespace is drawn once, at its box.

Nothing is lost: each line names the rows it stands for, and the rows are told in full beside the picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from webapp.graph.elements import EVERYTHING, Anchor, Line
from webapp.graph.facts import INTERNET, Facts, Pair
from webapp.graph.wording import port_pill
from webapp.model.ports import PortSet

WHOLE_NAMESPACE = 4
"""From so many workloads on, what holds for all of a namespace is drawn at its box."""
ALMOST_ALL = 0.7
ANYONE = 3
"""From so many open workloads on, what anyone is granted is a badge."""
MOST_OPEN_LINES = 16
"""Up to so many lines to EVERYTHING are drawn; beyond, the marks on the cards say it alone."""
MOST_DNS_LINES = 3


@dataclass(frozen=True, slots=True)
class _Key:
    """What lines must share to be drawn as one."""

    look: str
    ports: PortSet
    unknown: bool
    doors: tuple[str, str]


@dataclass(slots=True)
class Bundles:
    """The lines of a scene, the notes of its boxes, and the badges that stand for lines (``dns_badges`` for DNS)."""

    lines: list[Line]
    box_notes: dict[str, str]
    badges: dict[str, tuple[str, ...]]
    dns_badges: int


def bundle(facts: Facts, members: Mapping[str, tuple[str, ...]]) -> Bundles:
    """The lines for all allowed pairs that are not covered by openness. ``members``: the workloads by namespace."""
    keys: dict[Pair, _Key] = {}
    rows: dict[Pair, list[Pair]] = {}
    for pair in sorted(facts.allowed):
        if pair[0] != pair[1] and not facts.covered(pair):
            drawn = facts.drawn_as(pair)
            keys[drawn] = _key(facts, drawn)
            rows.setdefault(drawn, []).append(pair)
    notes = _meshes(facts, members, keys)
    badges: dict[str, list[str]] = {}
    _anyone(facts, keys, badges)
    lines = _box_lines(members, keys, rows)
    lines, resolving = _dns_badges(lines, keys)
    for workload in resolving:
        badges.setdefault(workload, []).append("DNS")
    lines += [_line(Anchor(p[0]), Anchor(p[1]), key, rows[p]) for p, key in keys.items()]
    told = {identity: tuple(texts) for identity, texts in badges.items()}
    return Bundles(_join_boxes(lines, members), notes, told, len(resolving))


def _anyone(facts: Facts, keys: dict[Pair, _Key], badges: dict[str, list[str]]) -> None:
    """What a workload grants the internet and all open workloads alike is a badge besides the internet's line."""
    for place, words in ((0, "from anyone"), (1, "to anyone")):
        stands = facts.egress if place == 0 else facts.ingress
        peers = [workload for workload in facts.workloads if stands(workload) == "open"]
        for identity in facts.workloads:
            pairs = [(p, identity) if place == 0 else (identity, p) for p in peers if p != identity]
            base = keys.get((INTERNET, identity) if place == 0 else (identity, INTERNET))
            if base is None or not all(_includes(keys.get(pair), base.ports) for pair in pairs):
                continue
            alike = [pair for pair in pairs if keys[pair].ports is base.ports and not keys[pair].unknown]
            if len(alike) >= ANYONE:
                badges.setdefault(identity, []).append(f"{port_pill(base.ports)} {words}")
                for pair in alike:
                    del keys[pair]


def _includes(key: _Key | None, ports: PortSet) -> bool:
    return key is not None and (ports - key.ports).is_empty


def _key(facts: Facts, pair: Pair) -> _Key:
    source, destination = pair
    doors = (door(facts.egress(source)), door(facts.ingress(destination)))
    look = "dns" if facts.is_dns(pair) else "open" if doors == ("ring", "ring") else "allowed"
    external = (source in facts.externals, destination in facts.externals)
    doors = ("" if external[0] else doors[0], "" if external[1] else doors[1])
    return _Key(look, facts.allowed[pair], pair in facts.unknown, doors)


def door(state: str) -> str:
    """What stands at an end that lets a connection pass: nothing, if it is not NetworkPolicies that let it."""
    return {"open": "ring", "isolated": "key"}.get(state, "")


def _line(tail: Anchor, head: Anchor, key: _Key, rows: Iterable[Pair]) -> Line:
    label = ("DNS" if key.look == "dns" else port_pill(key.ports)) + (" + ?" if key.unknown else "")
    verdict = "allowed" if key.ports.is_all else "partial"
    told = tuple(rows)
    return Line(tail, head, key.look, label, key.doors, told, verdict, ports=key.ports, pairs=len(told))


def _meshes(facts: Facts, members: Mapping[str, tuple[str, ...]], keys: dict[Pair, _Key]) -> dict[str, str]:
    """Namespaces inside which all reach all on the same ports: said in the box, their lines are taken out."""
    notes = {}
    for namespace, ids in members.items():
        pairs = [(a, b) for a in ids for b in ids if a != b]
        if len(ids) < WHOLE_NAMESPACE or not any(pair in keys for pair in pairs):
            continue
        ports = {facts.allowed.get(pair) for pair in pairs}
        if len(ports) == 1 and None not in ports and not any(pair in facts.unknown for pair in pairs):
            first = next(iter(facts.allowed[pair] for pair in pairs))
            notes[namespace] = f"all {len(ids)} reach each other: {port_pill(first)}"
            for pair in pairs:
                keys.pop(pair, None)
    return notes


def _box_lines(
    members: Mapping[str, tuple[str, ...]], keys: dict[Pair, _Key], rows: Mapping[Pair, list[Pair]]
) -> list[Line]:
    """One line between a box and a peer outside it, for ports that hold for every workload of the namespace.

    The few that have more ports keep a line of their own as well.
    """
    lines = []
    for namespace, ids in members.items():
        for outgoing in (True, False):
            for peer in _peers(keys, frozenset(ids), outgoing) if len(ids) >= WHOLE_NAMESPACE else ():
                pairs = [(i, peer) if outgoing else (peer, i) for i in ids]
                key, alike = _common(keys, pairs)
                if key is None:
                    continue
                ends = (Anchor(namespace, True), Anchor(peer))
                tail, head = ends if outgoing else ends[::-1]
                lines.append(_line(tail, head, key, [row for pair in alike for row in rows[pair]]))
                for pair in alike:
                    del keys[pair]
    return lines


def _common(keys: Mapping[Pair, _Key], pairs: list[Pair]) -> tuple[_Key | None, list[Pair]]:
    """What most of the pairs have and all include, and the pairs that have just that."""
    counts = Counter(keys[pair] for pair in pairs if pair in keys and not keys[pair].unknown)
    for key, count in counts.most_common(1):
        if count >= max(WHOLE_NAMESPACE, ALMOST_ALL * len(pairs)) and all(
            _includes(keys.get(p), key.ports) for p in pairs
        ):
            return key, [pair for pair in pairs if keys[pair] == key]
    return None, []


def _peers(keys: Mapping[Pair, _Key], inside: frozenset[str], outgoing: bool) -> list[str]:
    own = 0 if outgoing else 1
    return sorted({pair[1 - own] for pair in keys if pair[own] in inside and pair[1 - own] not in inside})


def _join_boxes(lines: list[Line], members: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """Lines from one box to every workload of another become one line between the boxes."""
    namespace_of = {workload: namespace for namespace, ids in members.items() for workload in ids}
    groups: dict[tuple[Anchor, str, PortSet, str, tuple[str, str]], list[Line]] = {}
    for line in lines:
        if line.tail.is_box and not line.head.is_box and line.head.id in namespace_of:
            key = (line.tail, namespace_of[line.head.id], line.ports, line.label, line.doors)
            groups.setdefault(key, []).append(line)
    joined: dict[Line, Line | None] = {}
    for (_, namespace, *_), parts in groups.items():
        if len(parts) == len(members[namespace]) >= WHOLE_NAMESPACE:
            rows = tuple(row for part in parts for row in part.rows)
            joined |= dict.fromkeys(parts)
            joined[parts[0]] = replace(parts[0], head=Anchor(namespace, True), rows=rows, pairs=len(rows))
    return [kept for line in lines if (kept := joined.get(line, line)) is not None]


def _dns_badges(lines: list[Line], keys: dict[Pair, _Key]) -> tuple[list[Line], frozenset[str]]:
    """Name resolution of many is a word on each card; their lines are taken out."""
    whole = [line for line in lines if line.look == "dns"]
    single = [pair for pair, key in keys.items() if key.look == "dns"]
    if len(whole) + len(single) <= MOST_DNS_LINES:
        return lines, frozenset()
    for pair in single:
        del keys[pair]
    sources = {row[0] for line in whole for row in line.rows} | {source for source, _ in single}
    return [line for line in lines if line not in whole], frozenset(sources)


def open_lines(facts: Facts, members: Mapping[str, tuple[str, ...]]) -> list[Line]:
    """Where no policy isolates anybody: a line between EVERYTHING and each workload, or each larger namespace.

    In other scenes the mark on its card says that a workload is open; a line more would only be in the way.
    """
    if not all(facts.egress(i) == facts.ingress(i) == "open" for i in facts.workloads):
        return []
    whole = {namespace for namespace, ids in members.items() if len(ids) >= WHOLE_NAMESPACE}
    ends = [Anchor(namespace, True) for namespace in members if namespace in whole]
    ends += [Anchor(i) for namespace, ids in members.items() if namespace not in whole for i in ids]
    if len(ends) > MOST_OPEN_LINES:
        return []
    return [Line(end, Anchor(EVERYTHING), "open", "all ports", ("ring", ""), both_ways=True) for end in ends]
