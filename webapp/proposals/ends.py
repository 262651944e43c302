"""The two ends of a question, as policies can name them: pods by labels, or addresses by blocks."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from webapp.engine.peers import Named
from webapp.engine.workloads import Workload
from webapp.model.addresses import BITS, Block, Network, network_of
from webapp.model.endpoint import Endpoint
from webapp.proposals.world import Declined, World

Range = tuple[int, int, int]
"""(family, first, last)"""
NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class End:
    """One end. Of pods: their ``workloads``, all of one ``namespace``. Of addresses: ``blocks``, and ``within`` if only
    a part of what the input tells apart is meant. ``selectable``: policies can select it, and match it by labels."""

    text: str
    ids: tuple[str, ...]
    namespace: str = ""
    workloads: tuple[Workload, ...] = ()
    pods: tuple[Endpoint, ...] = ()
    blocks: tuple[Block, ...] = ()
    within: Network | None = None
    selectable: bool = False

    @property
    def is_external(self) -> bool:
        return not self.workloads


def end_of(world: World, named: Named) -> End:
    """The end that a name stands for."""
    if named.external:
        ranges = _ranges(world, named)
        return End(named.text, named.ids, blocks=tuple(blocks_of(ranges)), within=named.network)
    return workload_end(world, named.ids)


def workload_end(world: World, ids: Sequence[str]) -> End:
    """The same for workloads, which must all be of one namespace and alike in whether policies apply to them."""
    analysis = world.analysis
    workloads = tuple(analysis.workload_by_id[identity] for identity in ids)
    namespaces = {workload.namespace for workload in workloads}
    text = " and ".join(dict.fromkeys(f"{workload.namespace}/{workload.name}" for workload in workloads))
    if len(namespaces) != 1:
        raise Declined(f"{text} are in several namespaces. Ask about one of them.")
    pods = tuple(pod for identity in ids for pod in analysis.members[identity])
    as_node = analysis.assumptions.host_network == "node"
    on_host = [workload.host_network and as_node for workload in workloads]
    if any(on_host) and not all(on_host):
        raise Declined(f"Some of the pods of {text} share their node's network. Ask about one variant.")
    blocks = tuple(blocks_of(_addresses(world, pods))) if on_host[0] else ()
    return End(text, tuple(ids), workloads[0].namespace, workloads, pods, blocks, selectable=not on_host[0])


def outside_of(world: World, end: End) -> End:
    """The same addresses without those in which pods are known to live: no rule then means a pod by its address."""
    pods = world.analysis.snapshot.pod_networks
    blocks = []
    for block in end.blocks:
        known = [hole for hole in block.excepts if not any(pod.holds(hole) for pod in pods)]
        inside = [pod for pod in pods if block.network.holds(pod) and pod != block.network]
        holes = known + [pod for pod in inside if not any(hole.holds(pod) for hole in known)]
        blocks.append(Block(block.network, tuple(sorted(holes))))
    return replace(end, blocks=tuple(blocks))


def blocks_of(ranges: Iterable[Range]) -> list[Block]:
    """As few ipBlocks as make up these addresses: several networks, or one with excepts."""
    found: list[Block] = []
    for family in BITS:
        own = sorted((first, last) for kind, first, last in ranges if kind == family)
        if own:
            plain = [network for first, last in own for network in _networks(family, first, last)]
            cover = _cover(family, own[0][0], own[-1][1])
            holes = [network for first, last in _gaps(cover, own) for network in _networks(family, first, last)]
            found += [Block(cover, tuple(holes))] if 1 + len(holes) <= len(plain) else [Block(each) for each in plain]
    return found


def _networks(family: int, first: int, last: int) -> list[Network]:
    make = ipaddress.IPv4Address if family == 4 else ipaddress.IPv6Address
    return [
        Network(family, int(each.network_address), int(each.broadcast_address))
        for each in ipaddress.summarize_address_range(make(first), make(last))
    ]


def _cover(family: int, first: int, last: int) -> Network:
    size = 1 << (first ^ last).bit_length()
    return Network(family, first & ~(size - 1), (first & ~(size - 1)) + size - 1)


def _gaps(cover: Network, own: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    begin = cover.first
    for first, last in own:
        if first > begin:
            yield begin, first - 1
        begin = last + 1
    if begin <= cover.last:
        yield begin, cover.last


def _ranges(world: World, named: Named) -> list[Range]:
    if named.network is not None:
        return [(named.network.family, named.network.first, named.network.last)]
    parts = {part.id: part for part in world.analysis.externals}
    return [each for identity in named.ids for each in parts[identity].ranges]


def _addresses(world: World, pods: Iterable[Endpoint]) -> list[Range]:
    """Where pods on the network of their nodes live, if that is known of all."""
    nodes = {node.name: node.addresses for node in world.analysis.snapshot.nodes}
    found: list[Range] = []
    for pod in pods:
        addresses = pod.addresses or nodes.get(pod.node, ())
        if not addresses:
            return []
        networks = [network_of(text) for text in addresses if ":" in text or text[:1].isdigit()]
        found += [(network.family, network.first, network.last) for network in networks]
    return sorted(set(found))
