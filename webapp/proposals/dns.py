"""The exception without which nothing that is closed finds anybody: asking the cluster's DNS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.insight.resolution import NODE_LOCAL_ADDRESS, Server, resolver_of
from webapp.manifests.writing import Json
from webapp.model.addresses import Block, network_of
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortSet
from webapp.proposals.bodies import block_item, named, peer_items, rule
from webapp.proposals.ends import blocks_of, workload_end
from webapp.proposals.world import World

USUAL = PortSet.single("UDP", 53) | PortSet.single("TCP", 53)
_USUAL_POD: Json = {"namespaceSelector": named("kube-system"), "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}
ASSUMED = "The input does not show the cluster's DNS; the usual one is meant (kube-system, k8s-app: kube-dns)."


def dns_rules(world: World, home: str) -> tuple[list[Json], str]:
    """Egress rules to whatever DNS the input shows, else to the one that most clusters have; and what to say of it."""
    resolver = resolver_of(world.analysis)
    by_ports: dict[PortSet, list[Json]] = {}
    for server, ports in _ports(resolver.answering).items():
        by_ports.setdefault(ports, []).extend(_peers(world, server, home))
    if resolver.node_local:
        by_ports.setdefault(USUAL, []).append(block_item(Block(network_of(NODE_LOCAL_ADDRESS))))
    by_ports = {ports: peers for ports, peers in by_ports.items() if peers}
    if not by_ports:
        return [rule(Direction.EGRESS, [_USUAL_POD], USUAL)], ASSUMED
    return [rule(Direction.EGRESS, _distinct(peers), ports) for ports, peers in by_ports.items()], ""


def dns_ports(world: World) -> dict[str, PortSet]:
    """The ids of those who answer, and on which ports."""
    return _ports(resolver_of(world.analysis).answering)


def asks_for_names(known: Mapping[str, PortSet], destinations: Iterable[str], ports: PortSet) -> bool:
    """Whether that is all that these ports of these workloads are for; ``known`` as `dns_ports` has them."""
    return all(ports - known.get(each, NONE) is NONE for each in destinations)


def _ports(servers: tuple[Server, ...]) -> dict[str, PortSet]:
    found: dict[str, PortSet] = {}
    for identity, protocol, port in servers:
        found[identity] = found.get(identity, NONE) | PortSet.single(protocol, port)
    return found


def _peers(world: World, server: str, home: str) -> list[Json]:
    analysis = world.analysis
    if server in analysis.workload_by_id:
        end = workload_end(world, (server,))
        choice = world.namesakes.choose(end.ids, end.pods) if end.selectable else None
        return peer_items(end, choice, home)
    part = next((part for part in analysis.externals if part.id == server), None)
    return [block_item(block) for block in blocks_of(part.ranges)] if part is not None else []


def _distinct(peers: list[Json]) -> list[Json]:
    found: list[Json] = []
    for peer in peers:
        if peer not in found:
            found.append(peer)
    return found
