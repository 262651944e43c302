"""What is not shown of a scene of namespaces, counted like what is: so that cards tell the truth whatever is hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.graph.facts import Pair
from webapp.graph.scope import FILTERED
from webapp.graph.tallies import Groups, Tally, tally_rows
from webapp.model.ports import NONE

if TYPE_CHECKING:
    from webapp.analysis import UnknownConnection
    from webapp.engine.answers import Bundled
    from webapp.graph.narrowing import Narrowed


@dataclass(frozen=True, slots=True)
class Asides:
    """``everything``: the tallies of what is shown and of what is not, together. ``hidden``: how many pairs of
    workloads presets hide, by pair of nodes. ``alone``: the pairs of nodes of which nothing is shown, and why."""

    everything: Mapping[Pair, Tally]
    hidden: Counter[Pair] = field(default_factory=Counter)
    alone: Mapping[Pair, str] = field(default_factory=dict)


def count_asides(analysis: Narrowed, groups: Groups, shown: Mapping[Pair, Tally]) -> Asides:
    """Of the nodes of a scene; ``shown`` are its tallies."""
    blocks: dict[str, list[Bundled]] = {}
    for block, reason in analysis.aside_blocks():
        blocks.setdefault(reason, []).append(block)
    unknown: dict[str, list[UnknownConnection]] = {}
    for row, reason in analysis.aside_unknowns():
        unknown.setdefault(reason, []).append(row)
    if not blocks and not unknown:
        return Asides(shown)
    everything = {pair: tally.joined(Tally()) for pair, tally in shown.items()}
    hidden: Counter[Pair] = Counter()
    reasons: dict[Pair, list[str]] = {}
    for reason in sorted(blocks.keys() | unknown.keys()):
        rows = unknown.get(reason, [])
        tallies = tally_rows(analysis, groups, blocks.get(reason, []), rows)
        for pair, tally in tallies.items():
            everything[pair] = everything.get(pair, Tally()).joined(tally)
            reasons.setdefault(pair, []).append(reason)
            hidden[pair] += tally.allowed if reason != FILTERED else 0
        for row in rows if reason != FILTERED else ():
            ends = groups.of.get(row.source, ""), groups.of.get(row.destination, "")
            if ends in tallies and analysis.whole.ports(row.source, row.destination)[0] is NONE:
                hidden[ends] += 1
    alone = {pair: ", ".join(told) for pair, told in reasons.items() if pair not in shown}
    return Asides(everything, hidden, alone)
