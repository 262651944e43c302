"""The answer as networkx graphs: the public Python API.

from webapp.analysis import analyze
from webapp.graph import connectivity_graph

graph = connectivity_graph(analyze(files))
networkx.descendants(graph, "production/Deployment/frontend")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.text import visible
from webapp.model.ports import PortSet

if TYPE_CHECKING:
    import networkx as nx

    from webapp.analysis import Analysis

Attributes = Mapping[str, Any]


def connectivity_graph(analysis: Analysis) -> nx.DiGraph[str]:
    """Who may talk to whom, as a directed graph: an edge is a pair with at least one allowed port.

    Nodes are the ids of workloads (attributes ``kind="workload"``, ``namespace``, ``workload_kind``, ``name``,
    ``labels``, ``pods``, ``host_network``, ``isolated_ingress``, ``isolated_egress``) and of address ranges
    (``kind="external"``, ``ranges``). Edges carry ``ports``, a `PortSet`. All edges with the same ports share one
    read-only mapping, which keeps large graphs small: to annotate edges, work on ``graph.copy()``.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    for workload in analysis.workloads:
        graph.add_node(
            workload.id,
            kind="workload",
            namespace=workload.namespace,
            workload_kind=workload.kind,
            name=workload.name,
            labels=workload.labels,
            pods=workload.pods,
            host_network=workload.host_network,
            isolated_ingress=workload.isolated_ingress,
            isolated_egress=workload.isolated_egress,
        )
    for external in analysis.externals:
        graph.add_node(external.id, kind="external", ranges=tuple(external.texts()))
    _add_edges(graph, ((c.source, c.destination, c.ports) for c in analysis.connections()))
    return graph


def _add_edges(graph: nx.DiGraph[str], edges: Iterator[tuple[str, str, PortSet]]) -> None:
    """Past `add_edge`, which would give every edge a dictionary of its own (three times the memory)."""
    shared: dict[PortSet, Attributes] = {}
    successors, predecessors = graph._succ, graph._pred
    for source, destination, ports in edges:
        attributes = shared.get(ports)
        if attributes is None:
            attributes = shared[ports] = MappingProxyType({"ports": ports})
        successors[source][destination] = attributes
        predecessors[destination][source] = attributes


def quotient_graph(analysis: Analysis, *, possible: bool = False) -> nx.DiGraph[str]:
    """The same answer, exact and several times smaller: peers that behave alike are one node.

    Two-sided: a node ``from:N`` stands for the ``members`` (ids) that have the same destinations on the same ports,
    a node ``to:N`` for those that have the same sources; ``side`` tells which. Every edge goes from a ``from`` node to
    a ``to`` node and says that each member of the one may reach each member of the other (itself apart, where it
    has a single pod) on ``ports``. ``possible``: what is unknown counts as allowed.
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    blocks = list(analysis.possible_blocks() if possible else analysis.blocks())
    sources = _alike([members for members, _, _ in blocks])
    destinations = _alike([members for _, members, _ in blocks])
    for side, groups in (("from", sources), ("to", destinations)):
        for number, members in enumerate(groups.members):
            graph.add_node(f"{side}:{number}", side=side, members=members)
    _add_edges(
        graph,
        (
            (f"from:{source}", f"to:{destination}", ports)
            for index, (_, _, ports) in enumerate(blocks)
            for source in sources.of_block[index]
            for destination in destinations.of_block[index]
        ),
    )
    return graph


class _Groups:
    """A partition of ids: `members` of each group, and the groups that make up each block."""

    __slots__ = ("members", "of_block")

    def __init__(self, members: list[tuple[str, ...]], of_block: list[list[int]]) -> None:
        self.members = members
        self.of_block = of_block


def _alike(sides: list[tuple[str, ...]]) -> _Groups:
    """Ids grouped by the blocks in which they appear."""
    blocks_of: dict[str, list[int]] = {}
    for index, members in enumerate(sides):
        for member in members:
            blocks_of.setdefault(member, []).append(index)
    groups: dict[tuple[int, ...], list[str]] = {}
    for member in sorted(blocks_of):
        groups.setdefault(tuple(blocks_of[member]), []).append(member)
    of_block: list[list[int]] = [[] for _ in sides]
    for number, signature in enumerate(groups):
        for index in signature:
            of_block[index].append(number)
    return _Groups([tuple(members) for members in groups.values()], of_block)


def flat_graph(analysis: Analysis, keep: Keep | None = None) -> nx.DiGraph[str]:
    """The graph for file formats: attributes are texts, numbers or truth values; unknown pairs are edges too."""
    import networkx as nx

    view = Narrowed(analysis, keep)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for workload in view.workloads:
        graph.add_node(
            visible(workload.id),
            kind="workload",
            namespace=visible(workload.namespace),
            workload_kind=visible(workload.kind),
            name=visible(workload.name),
            labels=visible(",".join(f"{key}={value}" for key, value in sorted(workload.labels.items()))),
            pods=workload.pods,
            host_network=workload.host_network,
            isolated_ingress=workload.isolated_ingress,
            isolated_egress=workload.isolated_egress,
        )
    for external in view.externals:
        graph.add_node(visible(external.id), kind="external", ranges=", ".join(external.texts()))
    for row in view.connections():
        verdict = "allowed" if row.ports.is_all else "partial"
        graph.add_edge(visible(row.source), visible(row.destination), verdict=verdict, ports=row.ports.text())
    for unsure in view.unknowns():
        ends = visible(unsure.source), visible(unsure.destination)
        if not graph.has_edge(*ends):
            graph.add_edge(*ends, verdict="unknown")
        graph.edges[ends].update(unknown_ports=unsure.ports.text(), reasons=" ".join(unsure.reasons))
    return graph


def write_graphml(graph: nx.DiGraph[str], stream: BinaryIO) -> None:
    """A graph whose attributes are texts, numbers and truth values, as GraphML."""
    import networkx as nx

    nx.write_graphml_xml(graph, stream, prettyprint=True, encoding="utf-8")
