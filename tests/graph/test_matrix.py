"""The matrix: each cell says what `list -o json` says, at the levels and in the order of the picture."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.graph.test_scope import ports_of, sample, scoped
from webapp.analysis import Analysis, Assumptions, analyze
from webapp.export.connections import connections_document
from webapp.graph import matrix as module
from webapp.graph import scene as scenes
from webapp.graph.filters import word_at
from webapp.graph.matrix import APART, EVERY_NAMESPACE, SAME, Matrix, matrix_of
from webapp.graph.presets import PRESETS
from webapp.graph.scene import build_scene
from webapp.graph.scope import Scope, scope_of
from webapp.model.ports import NONE, PortSet

HTTP = PortSet.single("TCP", 80)


def read(document: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, Any]]:
    """{pair: allowed and unknown ports, as they stand in the answer}."""
    rows: dict[tuple[str, str], tuple[Any, Any]] = {
        (row["source"], row["destination"]): (row["ports"], {}) for row in document["connections"]
    }
    for row in document["unknown"]:
        pair = (row["source"], row["destination"])
        rows[pair] = (rows.get(pair, ({}, {}))[0], row["ports"])
    return rows


def check_cells(analysis: Analysis) -> None:
    """Every cell against the contract's answer."""
    rows = read(connections_document(analysis))
    grid = Matrix(analysis, expand=[EVERY_NAMESPACE])
    outside = {part.id for part in analysis.externals}
    assert sorted(grid.ids) == sorted([*(w.id for w in analysis.workloads), *outside])
    for source in grid.ids:
        for destination in grid.ids:
            cell = grid.cell(source, destination)
            ports, unknown = rows.get((source, destination), ({}, {}))
            if cell.verdict in (SAME, APART):
                assert (source, destination) not in rows
                assert source == destination or outside.issuperset((source, destination))
                continue
            assert ({} if cell.ports is NONE else cell.ports.json()) == ports
            assert ({} if cell.unknown_ports is NONE else cell.unknown_ports.json()) == unknown
            word = "allowed" if ports == "all" else "partial" if ports else "unknown" if unknown else "blocked"
            assert cell.verdict == word
            assert bool(cell.blocked_at) == (word == "blocked")
            check_port(analysis, source, destination)


def check_port(analysis: Analysis, source: str, destination: str) -> None:
    cell = Matrix(analysis, expand=[EVERY_NAMESPACE], port=HTTP).cell(source, destination) if source < "d" else None
    if cell is not None:
        assert cell.verdict == analysis.decide(source, destination, "TCP", 80).verdict


@pytest.mark.parametrize("name", ["shop", "production", "tiers", "production-open"])
def test_every_cell_of_the_samples(name: str) -> None:
    check_cells(sample(name))


@given(clusters())
@settings(max_examples=max(40, settings().max_examples // 3))
def test_every_cell_of_random_clusters(cluster: RandomCluster) -> None:
    check_cells(analyze(write(cluster.manifests), Assumptions(host_network=cluster.switches.host_network)))


@pytest.mark.parametrize("text", ["", "ns:shop ns:data", "near:shop/checkout", "verdict:partial", "port:5432"])
def test_rows_stand_in_the_order_of_the_picture(text: str) -> None:
    analysis = sample("shop")
    scope = scope_of(analysis, text)
    drawn = [node.id for node in build_scene(analysis, scope=scope).nodes if node.type != "everything"]
    ids = Matrix(analysis, scope).ids
    assert [identity for identity in ids if identity in set(drawn)] == drawn
    assert set(ids) - set(drawn) <= {part.id for part in analysis.externals}


def test_the_blocked_end_is_the_one_of_the_picture() -> None:
    analysis = sample("production")
    grid = Matrix(analysis)
    rows = build_scene(analysis, blocked="all").edges
    assert {row.blocked_at for row in rows if row.verdict == "blocked"} >= {"source", "both"}
    for row in rows:
        assert grid.cell(row.source, row.destination).blocked_at == row.blocked_at


def test_what_is_hidden_says_why_and_keeps_its_verdict() -> None:
    analysis = sample("shop")
    plain, grid = Matrix(analysis), Matrix(analysis, scoped(analysis, "", ("dns",)))
    pair = ("shop/Deployment/checkout", "kube-system/Deployment/coredns")
    assert (grid.cell(*pair).aside, plain.cell(*pair).aside) == ("dns", "")
    assert grid.cell(*pair).verdict == plain.cell(*pair).verdict == "partial"


@pytest.mark.parametrize(("text", "hide"), [("", ()), ("", tuple(PRESETS)), ("port:80", ()), ("kind:Deployment", ())])
@pytest.mark.parametrize("port", [NONE, HTTP])
def test_a_folded_namespace_counts_its_pairs(
    text: str, hide: tuple[str, ...], port: PortSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLD_ABOVE", 3)
    monkeypatch.setattr(scenes, "FOLD_ABOVE", 3)
    analysis = sample("shop")
    scope = scope_of(analysis, text, hide)
    grid = Matrix(analysis, scope, ["shop"], port)
    check_folded(analysis, grid, port)
    folded = {(e.source, e.destination): e for e in build_scene(analysis, scope=scope, expand=["shop"]).edges}
    for pair, edge in folded.items():
        cell = grid.cell(*pair)
        assert (edge.ports, edge.unknown_ports) == (cell.ports, cell.unknown_ports)
        if edge.pairs and port is NONE:
            assert edge.pairs == (cell.pairs or ())[::2]
        if port is NONE:
            assert edge.verdict == cell.verdict


def check_folded(analysis: Analysis, grid: Matrix, port: PortSet) -> None:
    """The counts of cells against one pair at a time."""
    view = grid.view
    members = {node.id: node.members for node in grid.heads(grid.ids)}
    assert any(identity.endswith("/*") for identity in grid.ids)
    rows = ports_of(analysis)
    for source in grid.ids:
        for destination in grid.ids:
            cell = grid.cell(source, destination)
            if cell.pairs is None or cell.aside:
                continue
            pairs = [(s, d) for s in members[source] for d in members[destination] if s != d]
            seen = [pair for pair in pairs if pair not in rows or view.wants(*pair)]
            allowed, unknown, total = cell.pairs
            words = [word_at(port, *rows.get(pair, (NONE, NONE))) for pair in seen] if port is not NONE else []
            if port is NONE:
                assert allowed == sum(rows.get(pair, (NONE, NONE))[0] is not NONE for pair in seen)
            else:
                assert (allowed, unknown) == (words.count("allowed"), words.count("unknown"))
            hidden = [pair for pair in pairs if pair in rows and hides(view, pair, rows[pair])]
            assert total == len(pairs) - len(hidden)


def hides(view: Any, pair: tuple[str, str], ports: tuple[PortSet, PortSet]) -> bool:
    return isinstance(view, Scope) and view.reason(*pair, *ports) in PRESETS


def test_places_of_folded_workloads_are_those_of_their_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FOLD_ABOVE", 3)
    grid = Matrix(sample("shop"))
    assert grid.ids[grid.place_of["shop/Deployment/checkout"]] == "shop/*"
    assert grid.ids[grid.place_of["internet"]] == "internet"
    assert "nobody" not in grid.place_of


def test_a_matrix_is_made_once_for_its_windows() -> None:
    analysis = sample("production")
    assert matrix_of(analysis) is matrix_of(analysis)
    assert matrix_of(analysis) is not matrix_of(analysis, port=HTTP)


@given(st.data())
@settings(max_examples=10)
def test_heads_tell_isolation(data: st.DataObject) -> None:
    analysis = sample("production")
    grid = Matrix(analysis)
    place = data.draw(st.integers(0, len(grid.ids) - 1))
    (node,) = grid.heads(grid.ids[place : place + 1])
    workload = analysis.workload_by_id.get(node.id)
    if workload is not None:
        assert node.isolated_ingress == workload.isolated_ingress
        assert node.isolated_egress == workload.isolated_egress
