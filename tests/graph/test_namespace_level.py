"""Above 150 workloads a namespace is one node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.graph.fake import FakeAnalysis, FakeWorkload, generated, tcp
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
