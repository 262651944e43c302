"""What a Service amounts to: as part of the document of `why`, and as text."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.explain.codes import CODES
from webapp.insight.calls import Asked, Call
from webapp.model.ports import NONE, PortSet
from webapp.model.service import ServicePort
from webapp.model.verdict import Verdict, all_of


def service_document(asked: Asked, calls: Sequence[Call]) -> dict[str, object]:
    """The Service, and for each of its ports how many backends let the source in."""
    service = asked.service
    return {
        "id": service.id, "type": service.type, "headless": service.headless,
        "backends": _tally([call.trace.verdict for call in calls if not stopped(call)]),
        "ports": [
            service_port_document(port) | {
                "verdict": str(all_of([call.trace.verdict for call in listed])),
                "backends": _tally([call.trace.verdict for call in listed if not stopped(call)]),
                "reason": stopped(listed[0]),
            }
            for port, listed in _by_port(calls).items()
        ],
    }  # fmt: skip


def service_port_document(port: ServicePort) -> dict[str, object]:
    """A port of a Service; ``target`` is the number, the name or null for the same number."""
    return {"name": port.name, "protocol": port.protocol, "port": port.number, "target": port.target}


def reached(calls: Sequence[Call], verdict: Verdict) -> str | dict[str, str]:
    """The ports of the Service that have this verdict, in the contract's form."""
    ports = NONE
    for port, listed in _by_port(calls).items():
        if all_of([call.trace.verdict for call in listed]) is verdict:
            if port.number:
                ports |= PortSet.single(port.protocol, port.number)
            else:
                kept = [call.trace.ports if verdict is Verdict.ALLOWED else call.trace.unknown_ports for call in listed]
                for each in kept:
                    ports |= each
    return {} if ports is NONE else ports.json()


def service_port_text(asked: Asked) -> str:
    """`` on 80/TCP``, `` on http``, or nothing where every port is asked for."""
    if asked.port is None:
        return ""
    return f" on {asked.port}/{asked.protocol}" if asked.protocol else f" on {asked.port}"


def service_lines(asked: Asked, calls: Sequence[Call]) -> list[str]:
    """For each port of the Service that is asked for, who answers."""
    lines = []
    for port, listed in _by_port(calls).items():
        name = f" ({port.name})" if port.name and port.number else ""
        head = f"  {asked.service.id} port {port.number or port.name or 'any'}/{port.protocol}{name}"
        failure = stopped(listed[0])
        if failure:
            lines.append(f"{head}: {CODES[failure]}")
            continue
        allowed = sum(call.trace.verdict is Verdict.ALLOWED for call in listed)
        target = "" if port.target in (None, port.number) else f", target port {port.target}"
        lines.append(f"{head}{target}: let in by {allowed} of {plural(len(listed), 'backend')}")
    return lines


def _by_port(calls: Sequence[Call]) -> dict[ServicePort, list[Call]]:
    found: dict[ServicePort, list[Call]] = {}
    for call in calls:
        found.setdefault(call.port, []).append(call)
    return found


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def stopped(call: Call) -> str:
    """Why no backend was asked; '' where one was."""
    last = call.trace.egress.steps[-1]
    named = call.trace.destination.startswith("svc/")
    return last.reason if named and last.joint else ""


def _tally(verdicts: Sequence[Verdict]) -> str:
    """How many of them are allowed: all, some or none."""
    allowed = sum(verdict is Verdict.ALLOWED for verdict in verdicts)
    return "none" if not allowed else "all" if allowed == len(verdicts) else "some"
