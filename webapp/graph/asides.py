"""What is not shown of a scene of namespaces, counted like what is: so that cards tell the truth whatever is hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from webapp.graph.facts import Pair
from webapp.graph.scope import FILTERED
from webapp.graph.tallies import Groups, Tally, tally_doubts, tally_rows
from webapp.model.ports import NONE

if TYPE_CHECKING:
    from webapp.engine.answers import Doubled
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
    blocks: dict[str, list[Doubled]] = {}
    for block, reason in analysis.aside():
        blocks.setdefault(reason, []).append(block)
    if not blocks:
        return Asides(shown)
    everything = {pair: tally.joined(Tally()) for pair, tally in shown.items()}
    hidden: Counter[Pair] = Counter()
    reasons: dict[Pair, list[str]] = {}
    for reason, found in sorted(blocks.items()):
        for pair, tally in _tallies(analysis, groups, found).items():
            everything[pair] = everything.get(pair, Tally()).joined(tally)
            reasons.setdefault(pair, []).append(reason)
        if reason != FILTERED:
            hidden.update({pair: tally.unknown for pair, tally in tally_doubts(analysis, groups, found).items()})
    alone = {pair: ", ".join(told) for pair, told in reasons.items() if pair not in shown}
    return Asides(everything, hidden, alone)


def _tallies(analysis: Narrowed, groups: Groups, blocks: Sequence[Doubled]) -> dict[Pair, Tally]:
    """What is allowed and what is unknown in some blocks, without the reasons."""
    allowed = [(s, d, ports) for s, d, ports, _ in blocks if ports is not NONE]
    found = tally_rows(analysis, groups, allowed, ())
    doubtful = tally_doubts(analysis, groups, [block for block in blocks if block[3] is not NONE])
    return {
        pair: found.get(pair, Tally()).joined(doubtful.get(pair, Tally())) for pair in found.keys() | doubtful.keys()
    }
