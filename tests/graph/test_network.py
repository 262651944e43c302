"""The public Python API: the answer as networkx graphs."""

from __future__ import annotations

import networkx as nx
import pytest

from tests.graph.fake import generated, seed, shop
from webapp.graph import connectivity_graph, quotient_graph
from webapp.model.ports import PortSet


def test_nodes_and_edges_say_what_the_analysis_says() -> None:
    analysis = seed()
    graph = connectivity_graph(analysis)
    assert graph.nodes["production/Deployment/frontend"]["kind"] == "workload"
    assert graph.nodes["internet"]["kind"] == "external"
    assert {(s, d): a["ports"] for s, d, a in graph.edges(data=True)} == {
        (c.source, c.destination): c.ports for c in analysis.connections()
    }


def test_algorithms_run_on_it() -> None:
    graph = connectivity_graph(seed())
    backend, database = "production/Deployment/backend-api", "production/StatefulSet/database"
    assert nx.has_path(graph, "internet", database)
    assert nx.shortest_path(graph, "production/Deployment/frontend", database)[1] == backend
    assert list(graph.predecessors(database)) == [backend]


def test_edges_with_equal_ports_share_one_read_only_mapping() -> None:
    graph = connectivity_graph(seed())
    attributes = [a for _, _, a in graph.edges(data=True)]
    assert len({id(a) for a in attributes}) == len({a["ports"] for a in attributes})
    with pytest.raises(TypeError):
        attributes[0]["ports"] = None
    copy = graph.copy()
    copy.edges["internet", "production/Deployment/frontend"]["risk"] = "high"
    assert "risk" not in graph.edges["internet", "production/Deployment/frontend"]


@pytest.mark.parametrize("analysis", [seed(), shop(), generated(3, 6)], ids=["seed", "shop", "generated"])
def test_the_quotient_is_exact_and_smaller(analysis: object) -> None:
    graph = connectivity_graph(analysis)  # type: ignore[arg-type]
    quotient = quotient_graph(analysis)  # type: ignore[arg-type]
    several = {w.id for w in analysis.workloads if w.pods > 1}  # type: ignore[attr-defined]
    unfolded: dict[tuple[str, str], PortSet] = {}
    for source, destination, attributes in quotient.edges(data=True):
        for s in quotient.nodes[source]["members"]:
            for d in quotient.nodes[destination]["members"]:
                if s != d or s in several:
                    assert (s, d) not in unfolded
                    unfolded[s, d] = attributes["ports"]
    assert unfolded == {(s, d): a["ports"] for s, d, a in graph.edges(data=True)}
    assert quotient.number_of_edges() <= graph.number_of_edges()
