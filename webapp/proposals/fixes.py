"""Fixes for a question: the smallest changes that open what is blocked or close what is open, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from webapp.explain.sentences import side_sentences
from webapp.explain.verdict import Question, calls_of
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Trace, Verdict
from webapp.proposals.closing import closings
from webapp.proposals.ends import End, end_of, workload_end
from webapp.proposals.fix import Pair, on
from webapp.proposals.opening import openings
from webapp.proposals.trial import Proposal, offered
from webapp.proposals.world import Declined, World

WANTS = ("", "open", "close")
_MOST_APART = 12
"""So many ports are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Fixes:
    """``want``: open or close; "" where it is not known which. ``mixed``: some ports are open and some are not, so that
    either may be wanted. ``declared``: all ports that the destination declares, where none was told. Without
    ``proposals``, ``why_none`` says why."""

    want: str
    ports: PortSet
    proposals: tuple[Proposal, ...] = ()
    why_none: str = ""
    mixed: bool = False
    declared: PortSet = NONE


def fixes(world: World, question: Question, want: str = "") -> Fixes:
    """``want``: "" asks for the other of what the verdict is."""
    ports = told = NONE
    mixed = False
    try:
        pair = pair_of(world, question)
        ports, mixed = pair.ports, _is_mixed(world, pair)
        told = NONE if pair.told or ports is ALL else ports
        traces = _traces(world, pair)
        want = want or _want(world, pair)
        if want == "open":
            pair, traces = _nearest(pair, traces)
            ports = pair.ports
        _known(world, pair, traces)
        _still(world, pair, want)
        candidates = openings(world, pair, traces) if want == "open" else closings(world, pair, traces)
        found = offered(world, candidates, pair, opens=want == "open")
        if not found:
            raise Declined(f"No small change of policies would {want} exactly {pair.route}. Write it by hand.")
        return Fixes(want, ports, tuple(found), mixed=mixed, declared=told)
    except Declined as answer:
        return Fixes(want, ports, why_none=answer.why, mixed=mixed, declared=told)


def pair_of(world: World, question: Question) -> Pair:
    """Who and which ports; of a Service, the pods behind it and their ports."""
    source = end_of(world, question.source)
    if question.service is not None:
        return _by_service(world, question, source)
    destination = end_of(world, question.destination)
    if source.is_external and destination.is_external:
        raise Declined("Policies speak of pods; neither end is one.")
    if question.protocol is None:
        return Pair(source, destination, declared(world, destination), told=False)
    protocol = question.protocol
    asked = PortSet.whole(protocol) if question.port is None else PortSet.single(protocol, question.port)
    return Pair(source, destination, asked, told=True)


def declared(world: World, end: End) -> PortSet:
    """The ports that the containers of an end declare; all if they declare none."""
    ports = NONE
    for protocol, number in world.declared_ports(end.pods):
        ports |= PortSet.single(protocol, number)
    return ALL if ports is NONE else ports


def _by_service(world: World, question: Question, source: End) -> Pair:
    assert question.service is not None
    name = question.service.service.id
    by_workload: dict[str, PortSet] = {}
    for call in calls_of(world.analysis, question):
        trace = call.trace
        if trace.destination not in world.analysis.workload_by_id:
            raise Declined(f"{name} leads to no pod of the input, so there is nothing to open or to close.")
        ports = ALL if trace.protocol is None or trace.port is None else PortSet.single(trace.protocol, trace.port)
        by_workload[trace.destination] = by_workload.get(trace.destination, NONE) | ports
    if len(set(by_workload.values())) != 1:
        raise Declined(f"The pods behind {name} answer on different ports. Ask about one of them.")
    destination = workload_end(world, tuple(sorted(by_workload)))
    return Pair(source, destination, next(iter(by_workload.values())), told=True)


def _traces(world: World, pair: Pair) -> list[Trace]:
    """One for each pair of ids and each port that is asked, or for all ports together where they are many."""
    network = pair.source.within or pair.destination.within
    family = network.family if network else None
    found = [
        world.analysis.decide(source, destination, protocol, port, family)
        for source, destination in _pairs(world, pair)
        for protocol, port in _questions(pair.ports)
    ]
    if not found:
        raise Declined("A pod can always reach itself; no policy changes that.")
    return found


def _pairs(world: World, pair: Pair) -> list[tuple[str, str]]:
    """The pairs of ids, without a single pod and itself."""
    workloads = world.analysis.workload_by_id
    return [
        (source, destination)
        for source in pair.source.ids
        for destination in pair.destination.ids
        if source != destination or source not in workloads or workloads[source].reaches_itself
    ]


def _questions(ports: PortSet) -> Sequence[tuple[str | None, int | None]]:
    """Few ports one by one, many as a whole."""
    spans = [(protocol, span) for protocol, spans in ports.by_protocol().items() for span in spans]
    if sum(last - first + 1 for _, (first, last) in spans) > _MOST_APART:
        protocols = list(ports.by_protocol())
        return [(protocols[0] if len(protocols) == 1 else None, None)]
    return [(protocol, port) for protocol, (first, last) in spans for port in range(first, last + 1)]


def _known(world: World, pair: Pair, traces: Sequence[Trace]) -> None:
    """Decline where some of what is asked is UNKNOWN."""
    if any((trace.unknown_ports & pair.ports) is not NONE for trace in traces):
        raise Declined(_missing(world, pair, traces))


def _nearest(pair: Pair, traces: Sequence[Trace]) -> tuple[Pair, list[Trace]]:
    """Of the ports that a destination declares, those that the fewest ends block; ports that were told stay."""
    blocked = [trace for trace in traces if trace.verdict is Verdict.BLOCKED]
    if pair.told or not blocked or any(trace.port is None for trace in traces):
        return pair, list(traces)
    ends: dict[tuple[str, int], int] = {}
    for trace in blocked:
        assert trace.protocol is not None and trace.port is not None  # noqa: PT018 - for the types
        count = sum(side.verdict is Verdict.BLOCKED for side in (trace.egress, trace.ingress))
        ends[trace.protocol, trace.port] = max(count, ends.get((trace.protocol, trace.port), 0))
    fewest = min(ends.values())
    ports = NONE
    for (protocol, port), count in ends.items():
        ports |= PortSet.single(protocol, port) if count == fewest else NONE
    kept = [trace for trace in traces if ends.get((trace.protocol or "", trace.port or 0)) == fewest]
    return replace(pair, ports=ports), kept


def _still(world: World, pair: Pair, want: str) -> None:
    """Decline what is there already."""
    allowed = [world.analysis.ports(one, other)[0] & pair.ports for one, other in _pairs(world, pair)]
    if want == "open" and all(ports is pair.ports for ports in allowed):
        raise Declined(f"{pair.source.text} to {pair.destination.text} is open already{on(pair.ports)}.")
    if want == "close" and all(ports is NONE for ports in allowed):
        raise Declined(f"{pair.source.text} to {pair.destination.text} is blocked already{on(pair.ports)}.")


def _want(world: World, pair: Pair) -> str:
    """Blocked is to be opened, open to be closed; told ports are open only if all of them are."""
    allowed = [world.analysis.ports(one, other)[0] & pair.ports for one, other in _pairs(world, pair)]
    if pair.told:
        return "close" if all(ports is pair.ports for ports in allowed) else "open"
    return "close" if any(ports is not NONE for ports in allowed) else "open"


def _is_mixed(world: World, pair: Pair) -> bool:
    allowed = [world.analysis.ports(one, other)[0] for one, other in _pairs(world, pair)]
    return any(ports is not NONE for ports in allowed) and any(ports is not ALL for ports in allowed)


def _missing(world: World, pair: Pair, traces: Sequence[Trace]) -> str:
    """What is not known, in the words of the verdict."""
    sentences: dict[str, None] = {}
    for trace in traces:
        for side, name in ((trace.egress, trace.source), (trace.ingress, trace.destination)):
            for sentence in side_sentences(side, name):
                if sentence.tone == "unknown":
                    sentences[sentence.text] = None
    ends = {pair.source.namespace, pair.destination.namespace} & world.analysis.namespaces.keys()
    undeclared = sorted(name for name in ends if not world.analysis.namespaces[name].declared)
    told = " ".join(list(sentences)[:2]) + (f" Not declared: {', '.join(undeclared)}." if undeclared else "")
    return f"Nothing can be proposed as long as it is not known whether this is open. {told}".strip()
