"""A question about a Service: one trace for each port and backend, and what they amount to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.insight.backends import EXTERNAL_NAME, NO_ENDPOINTS, Backend, Leading, Services
from webapp.model.policy import Direction, Tier
from webapp.model.ports import LAST_PORT, NONE, PROTOCOLS, PortSet
from webapp.model.service import Service, ServicePort
from webapp.model.verdict import Side, Step, Trace, Verdict, all_of

PREFIX = "svc/"
_NAME = re.compile(
    r"svc/(?P<namespace>[^/:]+)/(?P<name>[^/:]+)(?::(?P<port>[^/:]*)(?:/(?P<protocol>[A-Za-z]+))?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A Service as a person names it. ``port``: a number or a name of its ports; None: every one."""

    service: Service
    port: int | str | None = None
    protocol: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One backend asked from one source, or why there is none to ask."""

    port: ServicePort
    trace: Trace


def asked(analysis: Analysis, text: str) -> Asked:
    """``svc/NAMESPACE/NAME[:PORT[/PROTO]]``; InputError if it cannot be understood or there is no such Service."""
    match = _NAME.fullmatch(text)
    if match is None:
        raise InputError(f'"{text}" is not a Service. Write svc/NAMESPACE/NAME:PORT.')
    protocol = match["protocol"].upper() if match["protocol"] else None
    if protocol is not None and protocol not in PROTOCOLS:
        raise InputError(f'"{match["protocol"]}" is not a protocol. Write TCP, UDP or SCTP: {PREFIX}…:53/UDP.')
    port: int | str | None = match["port"] or None
    if isinstance(port, str) and port.isascii() and port.isdigit():
        port = int(port[:6])
        if not 1 <= port <= LAST_PORT:
            raise InputError(f"{match['port'][:20]} is not a port: it must be 1-{LAST_PORT}.")
    return Asked(Services(analysis).named(match["namespace"], match["name"]), port, protocol)


def calls(analysis: Analysis, sources: Sequence[str], question: Asked, family: int | None = None) -> list[Call]:
    """Every backend asked from every source. ``family``: of a source that is an address."""
    services = Services(analysis)
    found = services.leading(question.service, question.port, question.protocol)
    where = family or question.service.family
    return [call for source in sources for each in found
            for call in _calls(analysis, source, question.service, each, where)]  # fmt: skip


def verdict_of(found: Sequence[Call], question: Asked) -> Verdict:
    """Of one port: allowed only if all backends are, blocked if one is. Of every port: allowed if any of them is."""
    by_port: dict[ServicePort, list[Verdict]] = {}
    for call in found:
        by_port.setdefault(call.port, []).append(call.trace.verdict)
    verdicts = {all_of(each) for each in by_port.values()}
    if question.port is not None:
        return all_of(list(verdicts))
    return next((each for each in (Verdict.ALLOWED, Verdict.UNKNOWN) if each in verdicts), Verdict.BLOCKED)


def _calls(analysis: Analysis, source: str, service: Service, leading: Leading, family: int | None) -> Iterator[Call]:
    notes = _notes(analysis, source, service)
    if leading.failure == EXTERNAL_NAME:
        yield Call(leading.port, _outside(analysis, source, service, leading.port, family))
    elif leading.failure:
        outcome = Verdict.UNKNOWN if leading.failure == NO_ENDPOINTS else Verdict.BLOCKED
        yield Call(leading.port, _stopped(source, service.id, leading.port, leading.failure, outcome, notes))
    for backend in leading.backends:
        trace = _trace(analysis, source, leading.port, backend, family)
        more = notes + (("hairpin",) if source == backend.destination and "hairpin" not in trace.notes else ())
        yield Call(leading.port, replace(trace, notes=trace.notes + more))


def _trace(analysis: Analysis, source: str, port: ServicePort, backend: Backend, family: int | None) -> Trace:
    protocol, number = (port.protocol, backend.port) if backend.port else (None, None)
    if source not in analysis.workload_by_id and backend.destination not in analysis.workload_by_id:
        both = tuple(Side(d, (Step(Tier.DEFAULT, "not_a_pod", Verdict.ALLOWED),)) for d in Direction)
        return Trace(source, backend.destination, protocol, number, both[1], both[0], NONE, NONE)
    where = backend.family or family
    trace = analysis.decide(source, backend.destination, protocol, number, where, through_service=True)
    if not backend.doubt:
        return trace
    step = Step(Tier.DEFAULT, backend.doubt, Verdict.UNKNOWN, joint=True)
    ends = [replace(side, steps=(*side.steps, step)) for side in (trace.egress, trace.ingress)]
    unknown = trace.ports | trace.unknown_ports
    return replace(trace, egress=ends[0], ingress=ends[1], ports=NONE, unknown_ports=unknown)


def _stopped(
    source: str, name: str, port: ServicePort, reason: str, outcome: Verdict, notes: tuple[str, ...] = ()
) -> Trace:
    """A trace that ends before any pod is met."""
    egress, ingress = (
        Side(direction, (Step(Tier.DEFAULT, reason, outcome, joint=True),))
        for direction in (Direction.EGRESS, Direction.INGRESS)
    )
    number = port.number or None
    unknown = NONE
    if outcome is Verdict.UNKNOWN:
        unknown = PortSet.single(port.protocol, number) if number else PortSet.whole(port.protocol)
    return Trace(source, name, port.protocol if number else None, number, egress, ingress, NONE, unknown, notes)


def _outside(analysis: Analysis, source: str, service: Service, port: ServicePort, family: int | None) -> Trace:
    """A name outside the cluster may be any address: only what holds for all of them is certain."""
    protocol, number = (port.protocol, port.number) if port.number else (None, None)
    if source not in analysis.workload_by_id:
        return _stopped(source, service.id, port, EXTERNAL_NAME, Verdict.UNKNOWN)
    traces = [analysis.decide(source, part.id, protocol, number, family) for part in analysis.externals]
    if len({trace.verdict for trace in traces}) > 1 or len({trace.ports for trace in traces}) > 1:
        return _stopped(source, service.id, port, EXTERNAL_NAME, Verdict.UNKNOWN)
    return replace(traces[0], destination=service.id, notes=(*traces[0].notes, EXTERNAL_NAME))


def _notes(analysis: Analysis, source: str, service: Service) -> tuple[str, ...]:
    """Codes of what the verdict does not tell."""
    notes = []
    if service.headless:
        notes.append("headless")
    if source not in analysis.workload_by_id:
        if service.type in ("NodePort", "LoadBalancer"):
            notes += [] if service.local else ["source_address"]
        elif not service.external_ips:
            notes.append("not_published")
    return tuple(notes)
