"""Chains of connections: the shortest one between two ends, and all that a workload can reach, or that can reach it.

Every question is asked of the quotient graph, whose size is what policies tell apart. Workloads pass a chain on;
addresses may stand at its ends only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from webapp.graph.network import quotient_graph
from webapp.model.ports import ALL, NONE, PortSet

if TYPE_CHECKING:
    import networkx as nx

    from webapp.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Hop:
    """One connection of a chain. ``ports``: what is asked for and allowed, ``unknown``: and may be. ``only_way``:
    without it there is no chain at all."""

    source: str
    destination: str
    ports: PortSet
    unknown: PortSet
    only_way: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """What a chain leads to (or where it begins, if asked backwards).

    ``steps``: how many connections the shortest chain has. ``ports``: those of its connection at this end, over all
    the shortest chains; ``via``: the neighbour there, the first by name if there are several.
    """

    id: str
    steps: int
    ports: PortSet
    via: str


def shortest_chain(
    analysis: Analysis, sources: Sequence[str], destinations: Sequence[str], asked: PortSet = ALL
) -> list[Hop] | None:
    """The hops of the shortest chain, the first by name among equals; of allowed connections, or where there is none
    of unknown ones too (such hops have no ``ports``). None if there is none either. ``asked``: ports of the last hop.

    An end that is its own destination needs no hop.
    """
    for possible in (False, True) if not analysis.is_certain else (False,):
        chains = _chains(analysis, possible)
        ids = chains.shortest(sources, destinations, asked)
        if ids is not None:
            return [_hop(analysis, chains, pair, ids[-1], (sources, destinations), asked) for pair in pairwise(ids)]
    return None


def blast_radius(
    analysis: Analysis, starts: Sequence[str], steps: int | None = None, *, backwards: bool = False
) -> tuple[list[Reached], list[Reached]]:
    """All that these can reach in so many steps (None: in any number), or all that can reach them: what is reached
    for certain, and apart from it what may be, over connections that are unknown. Nearest first, then by name."""
    found = list(_chains(analysis, False).reach(starts, steps, backwards=backwards))
    if analysis.is_certain:
        return found, []
    known = {each.id for each in found}
    perhaps = _chains(analysis, True).reach(starts, steps, backwards=backwards)
    return found, [each for each in perhaps if each.id not in known]


def _hop(
    analysis: Analysis, chains: _Chains, pair: tuple[str, str], last: str,
    ends: tuple[Sequence[str], Sequence[str]], asked: PortSet,
) -> Hop:  # fmt: skip
    wanted = asked if pair[1] == last else ALL
    ports, unknown = (found & wanted for found in analysis.ports(*pair))
    return Hop(*pair, ports, unknown, not chains.connects(*ends, asked, without=pair))


_kept: WeakKeyDictionary[Analysis, dict[bool, _Chains]] = WeakKeyDictionary()


def _chains(analysis: Analysis, possible: bool) -> _Chains:
    """Made once for each analysis."""
    kept = _kept.setdefault(analysis, {})
    if possible not in kept:
        kept[possible] = _Chains(quotient_graph(analysis, possible=possible), frozenset(analysis.workload_by_id))
    return kept[possible]


class _Chains:
    """The quotient graph, with edges from a group of destinations to the groups in which its workloads are sources."""

    def __init__(self, graph: nx.DiGraph[str], workloads: frozenset[str]) -> None:
        self._graph = graph
        self._members: dict[str, tuple[str, ...]] = dict(graph.nodes(data="members"))
        sides = dict(graph.nodes(data="side"))
        self._from = {each: node for node, ids in self._members.items() if sides[node] == "from" for each in ids}
        self._to = {each: node for node, ids in self._members.items() if sides[node] == "to" for each in ids}
        self._workloads = workloads
        self._onward = self._with_members()

    def _with_members(self) -> nx.DiGraph[str]:
        onward = self._graph.copy()
        for each in self._workloads:
            if each in self._to and each in self._from:
                into, out = self._to[each], self._from[each]
                if not onward.has_edge(into, out):
                    onward.add_edge(into, out, members=set())
                onward.edges[into, out]["members"].add(each)
        return onward

    # ---- the shortest chain ---------------------------------------------------------------------------------

    def shortest(self, sources: Sequence[str], destinations: Sequence[str], asked: PortSet) -> list[str] | None:
        """The ids along the shortest chain; the first by name of all that are as short."""
        ends = set(destinations)
        if ends.intersection(sources):
            return [min(ends.intersection(sources))]
        hops = self._hops_to(ends, asked)
        starts = [(hops[self._from[each]], each) for each in sources if self._from.get(each) in hops]
        if not starts:
            return None
        left, now = min(starts)
        chain = [now]
        while left > 1:
            left -= 1
            now = min(self._next(now, left, hops, ends))
            chain.append(now)
        return [*chain, min(end for end in ends if self._leads(now, end, asked))]

    def _hops_to(self, ends: set[str], asked: PortSet) -> dict[str, int]:
        """For each group of sources, how many hops its members are from the ends, which pass nothing on themselves."""
        import networkx as nx

        last = {
            group
            for end in ends if end in self._to
            for group, _, ports in self._graph.in_edges(self._to[end], data="ports")
            if ports & asked is not NONE and self._members[group] != (end,)
        }  # fmt: skip
        closed = [
            (into, out)
            for into, out in {(self._to[end], self._from[end]) for end in ends if end in self._to and end in self._from}
            if self._onward.has_edge(into, out) and self._onward.edges[into, out]["members"] <= ends
        ]
        backwards = nx.restricted_view(self._onward, [], closed).reverse(copy=False)
        layers = nx.bfs_layers(backwards, last) if last else ()
        return {node: 1 + depth // 2 for depth, layer in enumerate(layers) if not depth % 2 for node in layer}

    def _next(self, now: str, left: int, hops: dict[str, int], ends: set[str]) -> Iterator[str]:
        """The workloads one hop on that are so many hops from the ends."""
        for group in self._graph.successors(self._from[now]):
            for each in self._members[group]:
                if each in self._workloads and each not in ends and hops.get(self._from.get(each, "")) == left:
                    yield each

    def _leads(self, source: str, destination: str, asked: PortSet) -> bool:
        edge = self._graph.get_edge_data(self._from[source], self._to.get(destination, ""))
        return source != destination and edge is not None and edge["ports"] & asked is not NONE

    # ---- whether there is another ---------------------------------------------------------------------------

    def connects(
        self, sources: Sequence[str], destinations: Sequence[str], asked: PortSet, without: tuple[str, str]
    ) -> bool:
        """Whether a chain leads there that does not use one connection."""
        ends = set(destinations)
        seen = set(sources)
        opened: set[str] = set()
        passing = self._from.keys() & self._workloads
        waiting = [each for each in sources if each in self._from]
        while waiting:
            now = waiting.pop()
            group = self._from[now]
            if now != without[0] and group in opened:
                continue
            if any(self._leads(now, end, asked) and (now, end) != without for end in ends):
                return True
            opened |= {group} if now != without[0] else set()
            for into in self._graph.successors(group):
                fresh = [each for each in self._members[into] if each not in seen and (now, each) != without]
                seen.update(fresh)
                waiting += [each for each in fresh if each in passing and each not in ends]
        return False

    # ---- everything within so many steps --------------------------------------------------------------------

    def reach(self, starts: Sequence[str], steps: int | None, *, backwards: bool) -> Iterator[Reached]:
        """Nearest first, then by name."""
        own = self._to if backwards else self._from
        neighbours = self._graph.pred if backwards else self._graph.succ
        known = set(starts)
        frontier = sorted(known)
        depth = 0
        while frontier and (steps is None or depth < steps):
            depth += 1
            best: dict[str, tuple[PortSet, str]] = {}
            first: dict[str, str] = {}
            for each in frontier:
                if each in own:
                    first.setdefault(own[each], each)
            for group, via in first.items():  # in the order of names
                for other, edge in neighbours[group].items():
                    ports, neighbour = best.get(other, (NONE, via))
                    best[other] = ports | edge["ports"], min(neighbour, via)
            fresh = sorted(
                (each, depth, ports, via)
                for other, (ports, via) in best.items()
                for each in self._members[other]
                if each not in known
            )
            known.update(each for each, *_ in fresh)
            yield from (Reached(*entry) for entry in fresh)
            frontier = [each for each, *_ in fresh if each in self._workloads]
