"""Fixes for a question: the smallest changes that open what is blocked or close what is open, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.explain.sentences import side_sentences
from webapp.explain.verdict import Question, calls_of
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Trace
from webapp.proposals.closing import closings
from webapp.proposals.ends import End, end_of, workload_end
from webapp.proposals.fix import Pair
from webapp.proposals.opening import openings
from webapp.proposals.trial import Proposal, offered
from webapp.proposals.world import Declined, World

WANTS = ("", "open", "close")


@dataclass(frozen=True, slots=True)
class Fixes:
    """``want``: open or close; "" where it is not known which. Without ``proposals``, ``why_none`` says why."""

    want: str
    ports: PortSet
    proposals: tuple[Proposal, ...] = ()
    why_none: str = ""


def fixes(world: World, question: Question, want: str = "") -> Fixes:
    """``want``: "" asks for the other of what the verdict is."""
    ports = NONE
    try:
        pair = pair_of(world, question)
        ports = pair.ports
        traces = _traces(world, pair)
        want = want or _want(world, pair)
        candidates = openings(world, pair, traces) if want == "open" else closings(world, pair, traces)
        found = offered(world, candidates, pair, opens=want == "open")
        if not found:
            raise Declined(f"No small change of policies would {want} exactly {pair.route}. Write it by hand.")
        return Fixes(want, ports, tuple(found))
    except Declined as answer:
        return Fixes(want, ports, why_none=answer.why)


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
    """One for each pair of ids, with the ports that are asked; UNKNOWN is told."""
    found = []
    network = pair.source.within or pair.destination.within
    family = network.family if network else None
    for source in pair.source.ids:
        for destination in pair.destination.ids:
            workload = world.analysis.workload_by_id.get(source)
            if source == destination and workload is not None and not workload.reaches_itself:
                continue
            for protocol, port in _questions(pair.ports):
                found.append(world.analysis.decide(source, destination, protocol, port, family))
    if not found:
        raise Declined("A pod can always reach itself; no policy changes that.")
    if any((trace.unknown_ports & pair.ports) is not NONE for trace in found):
        raise Declined(_missing(world, pair, found))
    return found


def _questions(ports: PortSet) -> Sequence[tuple[str | None, int | None]]:
    """Single ports one by one, anything longer as a whole."""
    spans = [(protocol, span) for protocol, spans in ports.by_protocol().items() for span in spans]
    if ports is ALL or len(spans) > 12 or any(first != last for _, (first, last) in spans):
        protocols = list(ports.by_protocol())
        return [(protocols[0] if len(protocols) == 1 else None, None)]
    return [(protocol, first) for protocol, (first, _) in spans]


def _want(world: World, pair: Pair) -> str:
    """Blocked is to be opened, open to be closed; of several, what is blocked comes first if ports were told."""
    pairs = [(one, other) for one in pair.source.ids for other in pair.destination.ids]
    allowed = [world.analysis.ports(one, other)[0] & pair.ports for one, other in pairs]
    if pair.told:
        return "close" if all(ports is pair.ports for ports in allowed) else "open"
    return "close" if any(ports is not NONE for ports in allowed) else "open"


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
