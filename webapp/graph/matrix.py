"""Who may talk to whom as a grid: rows are sources, columns destinations, in the order and the levels of the picture.

Any window of it is cut out exactly: 2,739 workloads squared are never listed. A namespace that is folded is one row and
one column; external parts stand at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from webapp.graph.asides import Asides, count_asides
from webapp.graph.cards import external_node, namespace_node, workload_node
from webapp.graph.elements import SceneNode
from webapp.graph.facts import Facts, Pair, end_of_block, states
from webapp.graph.filters import verdict_of, word_at
from webapp.graph.namespace_level import row_of
from webapp.graph.narrowing import Narrowed
from webapp.graph.scene import FOLD_ABOVE
from webapp.graph.scope import Scope
from webapp.graph.tallies import Tally, group_all, tally_doubts, tally_pairs, tally_rows
from webapp.insight.resolution import resolver_of
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.analysis import Analysis, UnknownConnection
    from webapp.engine.answers import Bundled

EVERY_NAMESPACE = "*"
"""Among the expanded namespaces: all of them."""
SAME, APART = "same", "apart"
"""A workload of one pod with itself, and two address ranges: pairs of which there is no verdict."""


_KEPT = 3
"""So many matrices of an analysis are kept ready."""


def matrix_of(
    analysis: Analysis, scope: Scope | None = None, expand: frozenset[str] = frozenset(), port: PortSet = NONE
) -> Matrix:
    """The matrix of a scope; a few are kept for each analysis, as its windows are asked for one by one."""
    kept = analysis.kept.setdefault(Matrix, {})
    assert isinstance(kept, dict)
    key = (scope, expand, port)
    found: Matrix = kept.pop(key, None) or Matrix(analysis, scope, expand, port)
    kept[key] = found
    while len(kept) > _KEPT:
        kept.pop(next(iter(kept)), None)
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair. ``verdict``: as a row of the scene, `SAME`, or `APART`. ``pairs``: of folded namespaces those that are
    allowed (on the asked port), those that are unknown, and all. ``aside``: why it is not shown, or ''."""

    verdict: str
    ports: PortSet = NONE
    unknown_ports: PortSet = NONE
    blocked_at: str = ""
    pairs: tuple[int, int, int] | None = None
    aside: str = ""


class Matrix:
    """The grid of what a scope shows. ``port``: the verdict on one port; NONE for any port."""

    def __init__(
        self, analysis: Analysis, scope: Scope | None = None, expand: Iterable[str] = (), port: PortSet = NONE
    ) -> None:
        self._analysis = analysis
        self.view: Narrowed = scope or Narrowed(analysis)
        """What is shown."""
        self._scope = scope
        self._port = port
        self.notes = self.view.notes
        members = {workload.namespace for workload in self.view.workloads}
        self.folds = len(self.view.workloads) > FOLD_ABOVE
        opened = members if not self.folds or EVERY_NAMESPACE in expand else members.intersection(expand)
        self._groups = group_all(self.view, opened)
        self._externals = {part.id: part for part in self.view.externals}
        self._stand = states(self.view)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of rows, and of columns: namespaces in order, then address ranges."""
        groups = self._groups
        inside = [
            identity
            for name, members in groups.members.items()
            for identity in ([w.id for w in members] if name in groups.expanded else [f"{name}/*"])
        ]
        return (*inside, *sorted(self._externals))

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Where an id stands; a workload that is folded stands with its namespace."""
        places = {identity: place for place, identity in enumerate(self.ids)}
        return places | {each: places[node] for each, node in self._groups.of.items() if node in places}

    def heads(self, ids: Sequence[str]) -> list[SceneNode]:
        """The nodes of some rows or columns, with their isolation."""
        facts = Facts(self.view, {}, {}, {}, {}, resolver_of(self._analysis), self._stand, {})
        nodes = []
        for identity in ids:
            workload = self._analysis.workload_by_id.get(identity)
            if workload is not None:
                nodes.append(workload_node(workload, facts))
            elif identity in self._externals:
                nodes.append(external_node(self._externals[identity], len(self._externals), split=False))
            else:
                name = identity.removesuffix("/*")
                nodes.append(namespace_node(name, self._groups.members[name], self._stand, "", {}))
        return nodes

    def cell(self, source: str, destination: str) -> Cell:
        """One pair of `ids`."""
        if not self._groups.singles.issuperset((source, destination)):
            return self._folded((source, destination))
        if source in self._externals and destination in self._externals:
            return Cell(APART)
        if source == destination and not self._analysis.workload_by_id[source].reaches_itself:
            return Cell(SAME)
        allowed, unknown = self._analysis.ports(source, destination)
        aside = self._scope.reason(source, destination, allowed, unknown) if self._scope else ""
        verdict = word_at(self._port, allowed, unknown) if self._port is not NONE else verdict_of(allowed, unknown)
        stop = end_of_block(self.view, (source, destination), self._port) if verdict == "blocked" else ""
        return Cell(verdict, allowed, unknown, stop, aside=aside)

    # ---- folded namespaces ----------------------------------------------------------------------------------

    @cached_property
    def _tallies(self) -> dict[Pair, Tally]:
        return tally_pairs(self.view, self._groups)

    @cached_property
    def _asides(self) -> Asides:
        return count_asides(self.view, self._groups, self._tallies)

    @cached_property
    def _on_port(self) -> dict[Pair, Tally]:
        """The shown pairs on the asked port alone."""
        return self._asked(self.view.blocks(), self.view.unknowns())

    @cached_property
    def _aside_on_port(self) -> dict[Pair, Tally]:
        """Those that are not shown."""
        port = self._port
        blocks = [block for block, _ in self.view.aside()]
        allowed = ((s, d, port) for s, d, ports, _ in blocks if ports & port is not NONE)
        found = tally_rows(self.view, self._groups, allowed, ())
        doubtful = tally_doubts(self.view, self._groups, (block for block in blocks if block[3] & port is not NONE))
        return {pair: found.get(pair, Tally()).joined(doubtful.get(pair, Tally())) for pair in {*found, *doubtful}}

    def _asked(self, blocks: Iterable[Bundled], unknowns: Iterable[UnknownConnection]) -> dict[Pair, Tally]:
        port = self._port
        allowed = ((s, d, port) for s, d, ports in blocks if ports & port is not NONE)
        return tally_rows(self.view, self._groups, allowed, (r for r in unknowns if r.ports & port is not NONE))

    def _folded(self, pair: Pair) -> Cell:
        asides = self._asides
        tally = self._tallies.get(pair)
        if tally is None:
            why = asides.alone.get(pair, "")
            total = self._groups.pairs(*pair)
            if not why:
                return Cell("blocked" if total else SAME, pairs=(0, 0, total))
            tally, hidden = asides.everything[pair], 0
        else:
            why, hidden = "", asides.hidden[pair]
        row = row_of(pair, tally, self._groups, hidden)
        allowed, total = row.pairs or (0, 0)
        if self._port is NONE:
            return Cell(row.verdict, row.ports, row.unknown_ports, pairs=(allowed, tally.unknown, total), aside=why)
        asked = (self._aside_on_port if why else self._on_port).get(pair, Tally())
        word = "unknown" if asked.unknown else "blocked"
        if asked.allowed:
            word = "allowed" if asked.allowed == total else "partial"
        return Cell(word, row.ports, row.unknown_ports, pairs=(asked.allowed, asked.unknown, total), aside=why)
