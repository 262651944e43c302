"""Where namespaces are nodes, lines that are many and alike become badges.

Nothing is lost: every pair of nodes is told beside the picture, the cards count their pairs, and the lines come back,
laid over the picture, for the node that is selected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from webapp.graph.facts import INTERNET, Pair, dns_only
from webapp.graph.tallies import Groups, Tally
from webapp.graph.wording import plural, port_pill
from webapp.model.ports import PortSet

ANYONE = 3
"""From so many peers on, what a node grants the internet and all of them alike is a badge."""
MOST_INTERNET_LINES = 12
"""Above so many nodes that grant something to anyone, the badge stands for the line of the internet as well."""
FEWEST_ALIKE = 6
ALMOST_ALL = 0.6
"""What holds for so many namespaces, and this share of all the others, is a badge."""
MOST_DNS_LINES = 6
FEW_UNKNOWN = 3
"""So many unknown lines are drawn at a node on either side; more are counted in its badge."""

_NOTHING = Tally()
WAYS = ((1, "from"), (0, "to"))
"""The place of a node in its pairs, and the word for what they tell of its peers: what enters first."""


@dataclass(slots=True)
class Folded:
    """``drawn``: the pairs that have a line. ``told``: those that badges stand for. ``badges``: by node."""

    drawn: list[Pair]
    told: list[Pair] = field(default_factory=list)
    badges: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def tell(self, node: str, badge: str, pairs: Iterable[Pair]) -> None:
        """A badge in place of lines."""
        self.badges.setdefault(node, []).append(badge)
        self.drop(pairs)

    def drop(self, pairs: Iterable[Pair]) -> None:
        """No lines for these pairs: badges tell of them."""
        gone = set(pairs)
        self.told += [pair for pair in self.drawn if pair in gone]
        self.drawn = [pair for pair in self.drawn if pair not in gone]


def fold(tallies: Mapping[Pair, Tally], groups: Groups) -> Folded:
    """The lines and badges for all pairs of different nodes. A pair that only openness allows has neither: the marks
    on its two cards say it."""
    pairs = sorted(pair for pair in tallies if pair[0] != pair[1])
    folded = Folded([pair for pair in pairs if tallies[pair].ruled])
    _fold_anyone(folded, tallies, groups)
    _fold_alike(folded, tallies, groups)
    _fold_dns(folded, tallies)
    unknown = [pair for pair in pairs if not tallies[pair].allowed]
    _fold_unknown(folded, unknown)
    return folded


def _fold_anyone(folded: Folded, tallies: Mapping[Pair, Tally], groups: Groups) -> None:
    """What rules let the internet and many nodes alike send to a node, or receive from it."""
    before = _at_each_end(folded.drawn)
    bases: list[Pair] = []
    for node in sorted(groups.sizes.keys() - {INTERNET}):
        for place, word in WAYS:
            pair = (INTERNET, node) if place else (node, INTERNET)
            base = tallies.get(pair, _NOTHING)
            alike = [p for p in before[place].get(node, ()) if _as_much(p[1 - place], tallies[p], base, groups)]
            if base.ruled and len(alike) >= ANYONE:
                folded.tell(node, f"{port_pill(base.ruled_ports)} {word} anyone", alike)
                bases.append(pair)
    if len(bases) > MOST_INTERNET_LINES:
        folded.drop(bases)
        folded.notes.append("The badges that tell of anyone stand for the lines of the Internet as well.")


def _at_each_end(pairs: Iterable[Pair]) -> tuple[dict[str, list[Pair]], dict[str, list[Pair]]]:
    """The pairs by their source, and by their destination."""
    ends: tuple[dict[str, list[Pair]], dict[str, list[Pair]]] = ({}, {})
    for pair in pairs:
        for place in (0, 1):
            ends[place].setdefault(pair[place], []).append(pair)
    return ends


def _as_much(peer: str, tally: Tally, base: Tally, groups: Groups) -> bool:
    """Rules give each member of the peer exactly what they give the internet."""
    if peer == INTERNET or tally.unknown:
        return False
    return tally.ruled_ports is base.ruled_ports and tally.ruled == base.ruled * groups.sizes[peer]


def _fold_alike(folded: Folded, tallies: Mapping[Pair, Tally], groups: Groups) -> None:
    """Lines between one node and most namespaces that carry the same ports; those that carry more stay."""
    namespace_of = {groups.of[w.id]: name for name, members in groups.members.items() for w in members}
    for place, word in WAYS:
        for node, pairs in _at_each_end(folded.drawn)[place].items():
            others = len(groups.members) - (node in namespace_of)
            known = {
                p: tallies[p].ruled_ports for p in pairs if p[1 - place] in namespace_of and not tallies[p].unknown
            }
            for ports, count in Counter(known.values()).items():
                if count < FEWEST_ALIKE:
                    continue
                peers = len({namespace_of[p[1 - place]] for p, has in known.items() if (ports - has).is_empty})
                if peers >= ALMOST_ALL * others:
                    which = f"all {peers}" if peers == others else f"{peers} of {others}"
                    alike = [pair for pair, has in known.items() if has is ports]
                    folded.tell(node, f"{_ports_text(ports)} {word} {which} namespaces", alike)


def _ports_text(ports: PortSet) -> str:
    return "DNS" if dns_only(ports) else port_pill(ports)


def _fold_dns(folded: Folded, tallies: Mapping[Pair, Tally]) -> None:
    """Name resolution of many is a badge on each node."""
    dns = [pair for pair in folded.drawn if dns_only(tallies[pair].ports)]
    if len(dns) <= MOST_DNS_LINES:
        return
    nodes = sorted({source for source, _ in dns})
    for node in nodes:
        folded.tell(node, "DNS", [pair for pair in dns if pair[0] == node])
    whom = "namespace" if all(node.endswith("/*") for node in nodes) else "card"
    folded.notes.append(f"Name resolution (DNS) of {plural(len(nodes), whom)} is a badge, not a line.")


def _fold_unknown(folded: Folded, pairs: list[Pair]) -> None:
    """Unknown pairs that are many at a node are counted in its badge; the others have lines."""
    crowded: set[str] = set()
    for place, words in ((0, "to"), (1, "from")):
        for node, count in sorted(Counter(pair[place] for pair in pairs).items()):
            if count > FEW_UNKNOWN:
                crowded.add(node)
                folded.badges.setdefault(node, []).append(f"? {words} {count:,}")
    if crowded:
        paths = plural(len(pairs), "path")
        folded.notes.append(f"{paths} cannot be decided, see the badges that begin with a question mark.")
    folded.told += [pair for pair in pairs if crowded.intersection(pair)]
    folded.drawn += [pair for pair in pairs if not crowded.intersection(pair)]
