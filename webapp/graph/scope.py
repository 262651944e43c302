"""What of an analysis is shown: a filter and what is hidden, the same for the picture, the matrix and the table.

Workloads are chosen by the filter; the paths among them, and between them and addresses, are shown unless the filter
or a preset leaves them out. Nothing is lost: what is not shown is counted, by the reason why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from webapp.analysis import Connection, UnknownConnection
from webapp.graph.choosing import choose, externals_shown
from webapp.graph.filters import Filter, parse_filter
from webapp.graph.narrowing import Narrowed
from webapp.graph.presets import PRESETS, Preset, Rectangle, presets_of
from webapp.graph.wording import plural
from webapp.model.ports import ALL, NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import Analysis
    from webapp.engine.answers import Bundled, Doubled
    from webapp.engine.workloads import Workload

FILTERED = "filter"
"""Why a path is not shown, if it is no preset that hides it."""
_KEPT = 4
"""So many scopes of an analysis are kept ready."""
_MOST_LOOKED_UP = 60_000
"""Up to so many unknown pairs are looked up one by one; more are picked from all that there are."""
Ids = tuple[str, ...]
Ends = tuple[Ids, Ids]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """``workloads``: shown, and all there are. Paths are ordered pairs that are not wholly blocked: ``shown``;
    ``elsewhere``: those with an end that is not chosen; ``filtered``: left out by `verdict` or `port`; ``hidden``: by
    preset."""

    workloads: tuple[int, int]
    shown: int
    elsewhere: int
    filtered: int
    hidden: dict[str, int] = field(default_factory=dict)


def scope_of(analysis: Analysis, text: str = "", hide: Iterable[str] = ()) -> Scope | None:
    """The scope of a filter and of presets to hide; None if neither leaves anything out. A few are kept for each
    analysis. InputError if something is not understood."""
    key = (text.strip(), tuple(sorted(set(hide))))
    if key == ("", ()):
        return None
    kept = analysis.kept.setdefault(Scope, {})
    assert isinstance(kept, dict)
    found: Scope | None = kept.pop(key, None)
    if found is None:
        found = Scope(analysis, parse_filter(text), presets_of(analysis, key[1]))
    kept[key] = found
    while len(kept) > _KEPT:
        kept.pop(next(iter(kept)), None)
    return found


class Scope(Narrowed):
    """A `Narrowed` that works on the factored answer: it never lists the pairs of large clusters."""

    def __init__(self, analysis: Analysis, asked: Filter, presets: Sequence[Preset] = ()) -> None:
        super().__init__(analysis)
        self.key = (asked.terms, tuple(preset.name for preset in presets))
        self.asked = asked
        self.presets = tuple(presets)
        self._chosen, self.idle = choose(analysis, asked)
        ranges = externals_shown(analysis, asked)
        self.externals = tuple(part for part in analysis.externals if part.id in ranges)
        self._inside = self._chosen | ranges
        self._plural = frozenset(w.id for w in analysis.workloads if w.reaches_itself)
        chosen = tuple(w for w in analysis.workloads if w.id in self._chosen)
        with_path = None if asked.paths.is_trivial else self._with_path(chosen)
        self.workloads = chosen if with_path is None else tuple(w for w in chosen if w.id in with_path)
        self._certain_by_doubt: dict[PortSet, bool] = {}
        self.keep = self.wants
        self.draws_open = asked.paths.takes(ALL, NONE)
        self.draws_blocked = asked.paths.takes(NONE, NONE)

    # ---- one path -------------------------------------------------------------------------------------------

    def reason(self, source: str, destination: str, allowed: PortSet, unknown: PortSet) -> str:
        """Why a path between chosen ends is not shown: `FILTERED`, the name of a preset, or '' if it is."""
        if not self.asked.paths.takes(allowed, unknown):
            return FILTERED
        ports = allowed | unknown
        return next((preset.name for preset in self.presets if preset.holds(source, destination, ports)), "")

    def wants(self, source: str, destination: str) -> bool:
        """Whether a path is shown, or, where it is wholly blocked, may be."""
        if source not in self._inside or destination not in self._inside:
            return False
        return not self.reason(source, destination, *self.whole.ports(source, destination))

    # ---- all of them ----------------------------------------------------------------------------------------

    def blocks(self) -> Iterator[Bundled]:
        return (
            (s, d, allowed) for (s, d, allowed, _), reason in self._sorted_out if not reason and allowed is not NONE
        )

    def aside(self) -> Iterator[tuple[Doubled, str]]:
        return ((block, reason) for block, reason in self._sorted_out if reason)

    def connections(self) -> Iterator[Connection]:
        rows = [(*pair, ports) for *ends, ports in self.blocks() for pair in self._pairs(*ends)]
        rows.sort(key=lambda row: row[:2])
        return (Connection(*row) for row in rows)

    def unknowns(self) -> Iterator[UnknownConnection]:
        doubtful = [block for block, reason in self._sorted_out if not reason and block[3] is not NONE]
        if sum(map(self.count, doubtful)) > _MOST_LOOKED_UP:
            return (row for row in self.whole.unknowns() if self._shows(row))
        rows = [(*pair, unknown) for s, d, _, unknown in doubtful for pair in self._pairs(s, d)]
        rows.sort(key=lambda row: row[:2])
        return (UnknownConnection(s, d, ports, self.whole.doubts(s, d)) for s, d, ports in rows)

    def _shows(self, row: UnknownConnection) -> bool:
        """Whether an unknown pair is shown; it is asked of millions."""
        if row.source not in self._inside or row.destination not in self._inside:
            return False
        certain = self._certain_by_doubt.get(row.ports)
        if certain is None:  # whatever else is allowed, is it shown?
            never_noise = not any(preset.rectangles(row.ports) for preset in self.presets)
            takes_all = self.asked.paths.is_trivial or (row.ports.is_all and self.asked.paths.takes(NONE, ALL))
            certain = self._certain_by_doubt[row.ports] = never_noise and takes_all
        return certain or not self.reason(row.source, row.destination, *self.whole.ports(row.source, row.destination))

    def paths(self) -> Iterator[Pair]:
        """The pairs that are shown; each once, not sorted."""
        for block, reason in self._sorted_out:
            if not reason:
                yield from self._pairs(*block[:2])

    def _pairs(self, sources: Ids, destinations: Ids) -> Iterator[Pair]:
        """The pairs of a block: a workload with a single pod makes none with itself."""
        for source in sources:
            yield from ((source, each) for each in destinations if each != source or source in self._plural)

    @cached_property
    def _sorted_out(self) -> list[tuple[Doubled, str]]:
        """The pairs with chosen ends that are not wholly blocked, and the reason why they are not shown, or ''."""
        inside = self._inside
        found: list[tuple[Doubled, str]] = []
        for sources, destinations, allowed, unknown in self.whole.joint_blocks():
            ends = tuple(s for s in sources if s in inside), tuple(d for d in destinations if d in inside)
            if all(ends):
                found += (((*each, allowed, unknown), reason) for each, reason in self._divide(ends, allowed, unknown))
        return found

    def _divide(self, ends: Ends, allowed: PortSet, unknown: PortSet) -> Iterator[tuple[Ends, str]]:
        if not self.asked.paths.takes(allowed, unknown):
            yield ends, FILTERED
            return
        left = [ends]
        for preset in self.presets:
            for rectangle in preset.rectangles(allowed | unknown):
                pieces, left = left, []
                for piece in pieces:
                    hidden, rest = _cut(*piece, rectangle)
                    left += rest
                    yield from ((each, preset.name) for each in hidden)
        yield from ((each, "") for each in left)

    # ---- counting -------------------------------------------------------------------------------------------

    def count(self, block: Sequence[object]) -> int:
        """How many pairs a block holds: a workload with a single pod makes none with itself."""
        sources, destinations, *_ = block
        assert isinstance(sources, tuple)
        assert isinstance(destinations, tuple)
        own = sum(each not in self._plural for each in set(sources).intersection(destinations))
        return len(sources) * len(destinations) - own

    @cached_property
    def counts(self) -> Counts:
        """What is shown, and what is not and why."""
        tally: Counter[str] = Counter()
        for block, reason in self._sorted_out:
            tally[reason] += self.count(block)
        elsewhere = sum(map(self.count, self.whole.possible_blocks())) - tally.total()
        hidden = {preset.name: tally[preset.name] for preset in self.presets}
        workloads = len(self.workloads), len(self.whole.workloads)
        return Counts(workloads, tally[""], elsewhere, tally[FILTERED], hidden)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is not shown, in sentences."""
        counts = self.counts
        shown, known = counts.workloads
        told = []
        if self.asked.terms:
            told.append(f"Showing {shown:,} of {plural(known, 'workload')} (filter).")
            told += [f"No workload matches {term}." for term in self.idle]
        if counts.elsewhere:
            verb = "leads" if counts.elsewhere == 1 else "lead"
            told.append(f"{plural(counts.elsewhere, 'path')} {verb} to or from what is not shown.")
        if counts.filtered:
            verb = "does" if counts.filtered == 1 else "do"
            told.append(f"{plural(counts.filtered, 'path')} {verb} not match the filter.")
        if sum(counts.hidden.values()):
            each = ", ".join(f"{PRESETS[name]} {count:,}" for name, count in counts.hidden.items())
            told.append(f"{plural(sum(counts.hidden.values()), 'path')} hidden: {each}.")
        return tuple(told)

    def _with_path(self, chosen: Iterable[Workload]) -> frozenset[str]:
        """The ids of those with a path that the filter asks for, hidden or not."""
        rows = [block for block, reason in self._sorted_out if reason != FILTERED]
        found = {end for block in rows if self.count(block) for end in self._ends(*block[:2])}
        if self.asked.paths.takes(NONE, NONE):
            found |= self._partly_blocked(chosen)
        return frozenset(found)

    def _ends(self, sources: Ids, destinations: Ids) -> Iterator[str]:
        """The ids that have a pair in a block."""
        for own, others in ((sources, destinations), (destinations, sources)):
            alone = others[0] if len(others) == 1 else ""
            yield from (each for each in own if each != alone or each in self._plural)

    def _partly_blocked(self, chosen: Iterable[Workload]) -> set[str]:
        """The ids of workloads with a pair among the chosen that is wholly blocked."""
        outside = len(self.externals)
        ways: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for (sources, destinations, *_), _ in self._sorted_out:
            for way, own, others in zip(ways, (sources, destinations), (destinations, sources), strict=True):
                single = frozenset(others) - self._plural
                for each in own:
                    way[each] += len(others) - (each in single)
        known = list(chosen)
        return {
            w.id for w in known if any(way[w.id] < len(known) - 1 + (w.id in self._plural) + outside for way in ways)
        }


def _cut(sources: Ids, destinations: Ids, rectangle: Rectangle) -> tuple[list[Ends], list[Ends]]:
    """The part of a block inside a rectangle, and the rest of it in at most two pieces."""
    within, beyond = _parted(sources, rectangle[0])
    into, past = _parted(destinations, rectangle[1])
    if not within or not into:
        return [], [(sources, destinations)]
    rest = [(beyond, destinations)] if beyond else []
    return [(within, into)], rest + ([(within, past)] if past else [])


def _parted(ids: Ids, among: frozenset[str] | None) -> tuple[Ids, Ids]:
    if among is None:
        return ids, ()
    return tuple(each for each in ids if each in among), tuple(each for each in ids if each not in among)
