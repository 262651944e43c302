"""Above 150 workloads a namespace is one node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.graph.fake import FakeAnalysis, FakeWorkload, generated, tcp
from webapp.graph.elements import EVERYTHING
from webapp.graph.scene import FOLD_ABOVE, build_scene


def test_namespaces_are_folded_and_every_pair_is_counted() -> None:
    analysis = generated(12, 15)
    assert len(analysis.workloads) > FOLD_ABOVE
    scene = build_scene(analysis)
    assert scene.level == "namespaces"
    assert {node.id for node in scene.nodes if node.type == "namespace"} == {f"team-{n:02d}/*" for n in range(12)}
    rows = {(edge.source, edge.destination): edge for edge in scene.edges}
    first = rows["team-00/*", "team-01/*"]
    expected = sum(
        c.source.startswith("team-00/") and c.destination.startswith("team-01/") for c in analysis.connections()
    )
    assert first.pairs == (expected, 225)
    assert first.label == f"{expected} of 225 pairs"
    assert rows["team-00/*", "team-00/*"].pairs == (
        sum(c.source[:8] == c.destination[:8] == "team-00/" for c in analysis.connections()), 210
    )  # fmt: skip


def test_an_expanded_namespace_shows_its_workloads() -> None:
    scene = build_scene(generated(12, 15), expand=["team-03"])
    assert scene.expanded == ("team-03",)
    assert {box.namespace: len(box.nodes) for box in scene.boxes} == {"team-03": 15}
    rows = {(edge.source, edge.destination): edge for edge in scene.edges}
    inner = rows["team-03/Deployment/service-000", "team-03/Deployment/service-001"]
    assert (inner.pairs, inner.label, inner.verdict) == (None, "8080/TCP", "partial")


def test_open_namespaces_do_not_make_lines_to_each_other() -> None:
    scene = build_scene(generated(40, 5, isolated=""))
    assert len(scene.lines) <= 41


def test_caps_hold_and_are_told() -> None:
    analysis: Any = FakeAnalysis()
    analysis.workloads = tuple(
        FakeWorkload(f"ns-{n:03d}/Deployment/a", f"ns-{n:03d}", "Deployment", "a", isolated_ingress=True)
        for n in range(450)
    )
    ids = [w.id for w in analysis.workloads]
    for i, destination in enumerate(ids):
        for source in ids[i + 1 : i + 6]:
            analysis.allow(source, destination, tcp(80))
    analysis.connections = lambda: iter(())
    blocks = [((source,), (destination,), ports) for (source, destination), ports in analysis.accepts.items()]
    analysis.blocks = lambda: iter(blocks)
    scene = build_scene(analysis)
    assert scene.counts["drawn_nodes"] <= 400
    assert len(scene.lines) == 1_500
    assert any("Showing" in note and "450 namespaces" in note for note in scene.notes)
    assert any(note.startswith("1,500 of") for note in scene.notes)


def test_blocked_paths_of_a_selected_namespace_move_nothing() -> None:
    analysis = generated(12, 15)
    analysis.workloads = tuple(replace(w, isolated_ingress=True, isolated_egress=True) for w in analysis.workloads)
    plain, chosen = build_scene(analysis), build_scene(analysis, selected="team-05/*")
    stopped = [line for line in chosen.lines if line.look == "blocked"]
    assert stopped
    assert all("team-05/*" in (line.tail.id, line.head.id) and not line.placed for line in stopped)
    assert chosen.nodes == plain.nodes


def policied(namespaces: int, each: int, *, every: int = 1) -> Any:
    """Namespaces whose ``every``-th workload is isolated, and accepts 8080 from every pod, but not from outside."""
    analysis = generated(namespaces, each, isolated="")
    analysis.sends, analysis.accepts = {}, {}
    analysis.workloads = tuple(
        replace(w, isolated_ingress=i % each % every == 0) for i, w in enumerate(analysis.workloads)
    )
    for head in analysis.workloads:
        if head.isolated_ingress:
            for tail in analysis.workloads:
                analysis.allow(tail.id, head.id, tcp(8080), "target")
    return analysis


def test_open_namespaces_are_marked_and_counted() -> None:
    scene = build_scene(generated(40, 5, isolated=""))
    assert not scene.lines
    nodes = [node for node in scene.nodes if node.type == "namespace"]
    assert all(node.open for node in nodes)
    assert all(node.lines[0] == "5 workloads · open" for node in nodes)
    assert all("in: 975 of 975 · out: 975 of 975 pairs" in node.lines for node in nodes)
    assert any("all can reach each other" in note for note in scene.notes)


def test_few_open_namespaces_have_a_line_to_everything() -> None:
    scene = build_scene(generated(16, 10, isolated=""))
    assert {(line.tail.id, line.head.id) for line in scene.lines} == {
        (f"team-{n:02d}/*", EVERYTHING) for n in range(16)
    }


@pytest.mark.parametrize("every", [1, 5])
def test_what_all_namespaces_may_do_alike_is_a_badge(every: int) -> None:
    scene = build_scene(policied(40, 5, every=every))
    assert not scene.lines
    nodes = [node for node in scene.nodes if node.type == "namespace"]
    marks = () if every == 1 else ("4 open to Internet",)
    assert {node.badges for node in nodes} == {("8080/TCP from all 39 namespaces", *marks)}
    assert {node.lines[0] for node in nodes} == {"5 workloads" if every == 1 else "5 workloads · 4 open"}
    rows = {(edge.source, edge.destination): edge for edge in scene.edges}
    assert rows["team-00/*", "team-01/*"].pairs == (25, 25)
    assert len(rows) == 40 * 40 + 2 * 40 - (40 if every == 1 else 0)


def test_who_may_do_more_keeps_a_line() -> None:
    analysis = policied(40, 5)
    for workload in analysis.workloads[:5]:
        analysis.allow("team-07/Deployment/service-000", workload.id, tcp(9000), "target")
    scene = build_scene(analysis)
    assert [(line.tail.id, line.head.id) for line in scene.lines] == [("team-07/*", "team-00/*")]
    assert next(node for node in scene.nodes if node.id == "team-00/*").badges == ("8080/TCP from all 39 namespaces",)


def test_folded_lines_come_back_for_what_is_selected() -> None:
    plain, chosen = build_scene(policied(40, 5)), build_scene(policied(40, 5), selected="team-03/*")
    back = [line for line in chosen.lines if line.look == "allowed"]
    assert {row for line in back for row in line.rows} == {
        pair
        for n in range(40)
        if n != 3
        for pair in ((f"team-{n:02d}/*", "team-03/*"), ("team-03/*", f"team-{n:02d}/*"))
    }
    assert not any(line.placed for line in back)
    assert chosen.nodes == plain.nodes


def test_one_that_reaches_all_is_a_badge_of_its_own() -> None:
    analysis = generated(20, 8, isolated="ie")
    probe = analysis.add("monitoring/prometheus")
    for workload in analysis.workloads:
        analysis.allow(probe, workload.id, tcp(9100))
    scene = build_scene(analysis)
    node = next(node for node in scene.nodes if node.id == "monitoring/*")
    assert "9100/TCP to all 20 namespaces" in node.badges
    assert not [line for line in scene.lines if line.tail.id == node.id]
    assert [line for line in scene.lines if (line.tail.id, line.head.id) == ("team-00/*", "team-01/*")]


def test_anyone_includes_the_internet_line_where_they_are_many() -> None:
    analysis = policied(40, 5)
    for workload in analysis.workloads:
        analysis.allow("internet", workload.id, tcp(8080), "target")
    scene = build_scene(analysis)
    assert not scene.lines
    assert {node.badges for node in scene.nodes if node.type == "namespace"} == {
        ("8080/TCP from anyone", "5 open to Internet")
    }
    assert any("Internet" in note for note in scene.notes)
