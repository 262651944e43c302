"""Connections that are probably wanted: what Services lead to where somebody names them, what is published, and what
rules allow now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from webapp.engine.workloads import Workload
from webapp.insight.backends import Services
from webapp.insight.entries import ways_in
from webapp.model.ports import NONE, PortSet
from webapp.model.service import Mention
from webapp.proposals.dns import asks_for_names, dns_ports
from webapp.proposals.world import World

ENVIRONMENT, PUBLISHED, ALLOWED = "environment", "published", "allowed"
MOST = 1_000


@dataclass(slots=True)
class Wanted:
    """A connection from a workload or address part to a workload, with the reasons to think that it is wanted."""

    source: str
    destination: str
    ports: PortSet
    reasons: dict[str, list[str]] = field(default_factory=dict)


def suggested(world: World) -> tuple[list[Wanted], bool]:
    """Sorted by source and destination; whether there were more."""
    found: dict[tuple[str, str], Wanted] = {}
    dns = dns_ports(world)
    for source, destination, ports, reason, text in _all(world):
        if source == destination or asks_for_names(dns, [destination], ports):
            continue
        wanted = found.get((source, destination))
        if wanted is None:
            if len(found) >= MOST:
                return _sorted(found), True
            wanted = found[source, destination] = Wanted(source, destination, NONE)
        wanted.ports |= ports
        texts = wanted.reasons.setdefault(reason, [])
        if text not in texts:
            texts.append(text)
    return _sorted(found), False


def _sorted(found: Mapping[tuple[str, str], Wanted]) -> list[Wanted]:
    return [found[key] for key in sorted(found)]


def _all(world: World) -> Iterator[tuple[str, str, PortSet, str, str]]:
    yield from _named(world)
    yield from _published(world)
    yield from islice(_allowed(world), MOST + 1)


def _named(world: World) -> Iterator[tuple[str, str, PortSet, str, str]]:
    """Services named in the environment of containers."""
    mentions = {document.source: document.mentions for document in world.intake.documents if document.mentions}
    if not mentions:
        return
    services = Services(world.analysis)
    for identity, members in sorted(world.analysis.members.items()):
        named = {each for member in members if member.source for each in mentions.get(member.source, ())}
        for mention in sorted(named, key=lambda each: (each.namespace, each.service, each.port or 0)):
            for destination, ports in _behind(services, mention).items():
                port = f":{mention.port}" if mention.port else ""
                text = f"svc/{mention.namespace}/{mention.service}{port} is named in its environment"
                yield identity, destination, ports, ENVIRONMENT, text


def _behind(services: Services, mention: Mention) -> dict[str, PortSet]:
    service = services.find(mention.namespace, mention.service)
    found: dict[str, PortSet] = {}
    for leading in services.leading(service, mention.port) if service is not None else ():
        for backend in leading.backends:
            if backend.port:
                port = PortSet.single(leading.port.protocol, backend.port)
                found[backend.destination] = found.get(backend.destination, NONE) | port
    return found


def _published(world: World) -> Iterator[tuple[str, str, PortSet, str, str]]:
    """What Ingresses, routes and load balancers lead to."""
    internet = next((part.id for part in world.analysis.externals if part.id == "internet"), None)
    for way in ways_in(world.analysis).ways:
        sources = way.via if way.via is not None else ((internet,) if internet and way.through != "controller" else ())
        for source in sources:
            if way.workload and way.ports is not NONE and source in world.analysis.workload_by_id | {internet: None}:
                text = f"{way.kind} {way.namespace}/{way.name} publishes it"
                yield str(source), way.workload, way.ports, PUBLISHED, text


def _allowed(world: World) -> Iterator[tuple[str, str, PortSet, str, str]]:
    """What rules allow now: one end at least is isolated, and lets it pass all the same."""
    by_id: Mapping[str, Workload] = world.analysis.workload_by_id
    for connection in world.analysis.connections():
        source, destination = by_id.get(connection.source), by_id.get(connection.destination)
        leaves = source is not None and source.isolated_egress
        enters = destination is not None and destination.isolated_ingress
        if (leaves or enters) and destination is not None:
            yield connection.source, connection.destination, connection.ports, ALLOWED, "rules allow it now"
