"""What the pictures need of an analysis, read once: who is there, and what is allowed or unknown for each pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.graph.marks import marks_of
from webapp.insight.resolution import Resolver, resolver_of
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Side, Trace, Verdict

if TYPE_CHECKING:
    from webapp.engine.externals import External
    from webapp.engine.workloads import Workload
    from webapp.graph.narrowing import Narrowed

Pair = tuple[str, str]
States = Mapping[Direction, Mapping[str, str]]
"""How each workload stands in a direction: ``isolated`` by a NetworkPolicy, ``limited`` by another tier alone,
``open``, or ``unknown`` where only a policy that is not understood may limit it."""

INTERNET = "internet"
_DNS_PORTS = PortSet.of(
    PortSet.single("TCP", 53).spans
    + PortSet.single("UDP", 53).spans
    + PortSet.single("TCP", 5353).spans
    + PortSet.single("UDP", 5353).spans
)
_OPENNESS = {Verdict.ALLOWED: "open", Verdict.BLOCKED: "limited", Verdict.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Facts:
    """An analysis as look-up tables, for scenes whose workloads are drawn one by one."""

    analysis: Narrowed
    workloads: dict[str, Workload]
    externals: dict[str, External]
    allowed: dict[Pair, PortSet]
    unknown: dict[Pair, tuple[PortSet, tuple[str, ...]]]
    resolver: Resolver
    states: States
    marks: Mapping[str, str]
    """What is said of ways in to a workload (`webapp.graph.marks`)."""

    def egress(self, peer: str) -> str:
        """How it stands; every external is open."""
        return self.states[Direction.EGRESS].get(peer, "open")

    def ingress(self, peer: str) -> str:
        """How it stands; every external is open."""
        return self.states[Direction.INGRESS].get(peer, "open")

    def covered(self, pair: Pair) -> bool:
        """Both ends are open and everything is allowed: one of the n² pairs that are not drawn one by one."""
        source, destination = pair
        ports = self.allowed.get(pair, NONE)
        return ports.is_all and self.egress(source) == self.ingress(destination) == "open"

    def is_dns(self, pair: Pair) -> bool:
        """Only name resolution: a known resolver, and no other port."""
        return pair[1] in self.resolver.servers and (self.allowed.get(pair, NONE) - _DNS_PORTS).is_empty

    def blocked(self, pair: Pair) -> bool:
        """Nothing is allowed and nothing is unknown."""
        return pair not in self.allowed and pair not in self.unknown and self.analysis.wants(*pair)

    def drawn_as(self, pair: Pair) -> Pair:
        """The pair on whose line this one is drawn: with the internet, if an address range fares no other way."""
        for place in (0, 1):
            if pair[place] in self.externals and pair[place] != INTERNET:
                other = (INTERNET, pair[1]) if place == 0 else (pair[0], INTERNET)
                alike = self.allowed.get(pair) is self.allowed.get(other)
                if alike and self.unknown.get(pair) == self.unknown.get(other):
                    return other
        return pair

    def verdict(self, pair: Pair) -> str:
        """The contract's word for a pair: allowed (every port), partial, unknown or blocked."""
        ports = self.allowed.get(pair)
        if ports is not None:
            return "allowed" if ports.is_all else "partial"
        return "unknown" if pair in self.unknown else "blocked"


def read_facts(analysis: Narrowed) -> Facts:
    """The tables of an analysis."""
    stand = states(analysis)
    return Facts(
        analysis,
        {workload.id: workload for workload in analysis.workloads},
        {external.id: external for external in analysis.externals},
        {(c.source, c.destination): c.ports for c in analysis.connections()},
        {(u.source, u.destination): (u.ports, tuple(u.reasons)) for u in analysis.unknowns()},
        resolver_of(analysis.whole),
        stand,
        marks_for(analysis, stand),
    )


def states(analysis: Narrowed) -> States:
    """How all workloads stand, by direction."""
    return {direction: {w.id: _state(analysis, w, direction) for w in analysis.workloads} for direction in Direction}


def marks_for(analysis: Narrowed, stand: States) -> Mapping[str, str]:
    """The marks of ways in; none where all is open to everybody, which a note says once."""
    return {} if all_open(stand) else marks_of(analysis.whole)


def all_open(stand: States) -> bool:
    """Whether no policy isolates anybody."""
    return all(state == "open" for way in stand.values() for state in way.values())


def _state(analysis: Narrowed, workload: Workload, direction: Direction) -> str:
    if workload.isolated_ingress if direction is Direction.INGRESS else workload.isolated_egress:
        return "isolated"
    return _OPENNESS[analysis.openness(workload, direction)]


def dns_only(ports: PortSet) -> bool:
    """Whether there is no port but those of name resolution."""
    return (ports - _DNS_PORTS).is_empty


@dataclass(frozen=True, slots=True)
class Block:
    """How a pair is blocked on every port. ``end``: source, target or both; ``disjoint``: each end allows some ports,
    but none in common; ``unknown``: of each end, whether nothing can be said; ``lets``: what its rules let pass."""

    end: str
    disjoint: bool
    unknown: tuple[bool, ...]
    lets: tuple[PortSet, ...]


def block_of(analysis: Narrowed, pair: Pair) -> Block:
    """The ends of a blocked pair."""
    trace = analysis.decide(*pair)
    return _block(trace)


def end_of_block(analysis: Narrowed, pair: Pair, port: PortSet = NONE) -> str:
    """Which end blocks a pair, source, target or both: on every port, or on one that is asked for."""
    if port is NONE:
        return block_of(analysis, pair).end
    ((protocol, ((number, _),)),) = port.by_protocol().items()
    return _block(analysis.whole.decide(*pair, protocol, number)).end


def _block(trace: Trace) -> Block:
    shut = [side.verdict is Verdict.BLOCKED for side in (trace.egress, trace.ingress)]
    disjoint = all(shut) and trace.egress.steps[-1].reason in ("no_common_port", "no_common_family")
    lets = tuple(_let_by_rules(side) for side in (trace.egress, trace.ingress))
    unknown = tuple(side.verdict is Verdict.UNKNOWN for side in (trace.egress, trace.ingress))
    end = "both" if all(shut) else "source" if shut[0] else "target" if shut[1] else ""
    return Block(end, disjoint, unknown, lets)


def _let_by_rules(side: Side) -> PortSet:
    ports = NONE
    for step in side.steps:
        if step.rule is not None and step.outcome is Verdict.ALLOWED and step.ports is not None:
            ports |= step.ports
    return ports
