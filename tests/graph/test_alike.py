"""Workloads on one card are alike in every answer; those on different cards differ in one."""

from __future__ import annotations

from itertools import combinations

import pytest

from benchmarks.deployments import Shape, make_deployments
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.graph.alike import group_alike
from webapp.graph.layout import lay_out
from webapp.graph.scene import build_scene


def of(text: str) -> Analysis:
    return analyze([SourceFile("made.yaml", text.encode())])


def differ(analysis: Analysis, a: str, b: str) -> bool:
    """Whether anybody can tell two workloads apart, asked pair by pair."""
    if analysis.ports(a, b) != analysis.ports(b, a):
        return True
    others = [w.id for w in analysis.workloads] + [part.id for part in analysis.externals]
    return any(
        analysis.ports(a, other) != analysis.ports(b, other) or analysis.ports(other, a) != analysis.ports(other, b)
        for other in others
        if other not in (a, b)
    )


@pytest.fixture(scope="module")
def small() -> Analysis:
    """Six namespaces, in which shards are alike, and some addresses are unknown: without its Node."""
    text = make_deployments(Shape(168, 6, 60))
    return of(text.split("---\n", 1)[1])


def test_groups_are_exact_and_as_large_as_can_be(small: Analysis) -> None:
    assert not small.is_certain
    sizes = []
    for name in sorted({w.namespace for w in small.workloads}):
        groups = group_alike(small, [w for w in small.workloads if w.namespace == name], {})
        sizes += [len(group) for group in groups]
        for group in groups:
            assert not any(differ(small, a.id, b.id) for a, b in combinations(group, 2))
            assert len({(w.isolated_ingress, w.isolated_egress, w.host_network) for w in group}) == 1
        for one, other in combinations(groups, 2):
            a, b = one[0], other[0]
            same = (a.isolated_ingress, a.isolated_egress) == (b.isolated_ingress, b.isolated_egress)
            assert not same or differ(small, a.id, b.id), (a.id, b.id)
    assert max(sizes) > 3
    assert 1 in sizes


def test_an_unfolded_namespace_is_drawn_in_groups_that_unfold(small: Analysis) -> None:
    scene = build_scene(small, expand=["app-00"])
    groups = [node for node in scene.nodes if node.type == "group"]
    assert groups
    drawn = [node for node in scene.nodes if node.namespace == "app-00"]
    assert sorted(member for node in drawn for member in node.members) == sorted(
        w.id for w in small.workloads if w.namespace == "app-00"
    )
    group = groups[0]
    assert group.id == f"{group.members[0]}+"
    assert group.label.startswith(f"{len(group.members)} alike: ")
    assert any("are alike" in note for note in scene.notes)
    opened = build_scene(small, expand=["app-00", group.id])
    shown = {node.id: node for node in opened.nodes}
    assert group.id not in shown
    assert all(shown[member].group == group.id for member in group.members)


def test_the_pairs_of_a_group_are_counted_one_by_one(small: Analysis) -> None:
    scene = build_scene(small, expand=["app-00"])
    members = {node.id: node.members for node in scene.nodes}
    rows = {(edge.source, edge.destination): edge for edge in scene.edges}
    for (source, destination), row in rows.items():
        if row.pairs is None or source == destination:
            continue
        pairs = [(a, b) for a in members[source] for b in members[destination]]
        allowed = sum(not small.ports(a, b)[0].is_empty for a, b in pairs)
        assert row.pairs == (allowed, len(pairs))


def test_what_is_alike_is_one_line_for_all_or_none(small: Analysis) -> None:
    scene = build_scene(small, expand=["*"])
    cards = {node.id for node in scene.nodes if node.type in ("group", "workload")}
    assert not any(node.type == "namespace" for node in scene.nodes)
    for edge in scene.edges:
        if {edge.source, edge.destination} <= cards and edge.pairs is not None and edge.source != edge.destination:
            assert edge.pairs[0] in (0, edge.pairs[1]), edge


def test_crowded_pictures_keep_their_places() -> None:
    analysis = of(make_deployments(Shape(400, 30, 300)))
    plain = lay_out(build_scene(analysis))
    assert plain.crowded
    assert [line.line for line in plain.lines if line.label is None and line.line.label] == []
    opened = lay_out(build_scene(analysis, expand=["app-11"]))
    before = {placed.glyph.node.id: placed.frame for placed in plain.nodes}
    after = {placed.glyph.node.id: placed.frame for placed in opened.nodes}
    stay = [key for key in before if key in after and key.endswith("/*")]
    assert len(stay) == 29
    assert all(before[key].x == after[key].x for key in stay)
    box = opened.boxes[0].frame
    assert all(before[key].y == after[key].y for key in stay if after[key].y < box.y)
    frames = [placed.frame for placed in opened.nodes]
    assert not any(a.overlaps(b) for a, b in combinations(frames, 2))
    outside = [p.frame for p in opened.nodes if p.glyph.node.namespace != "app-11"]
    assert not any(box.overlaps(frame) for frame in outside)
    assert all(box.holds(p.frame) for p in opened.nodes if p.glyph.node.namespace == "app-11")
