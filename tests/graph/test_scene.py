"""What is drawn: rows complete, lines few, blocked paths that a reader would ask about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.graph.fake import FakeAnalysis, FakeExternal, ids_of, seed, shop, tcp
from webapp.errors import InputError
from webapp.graph.elements import EVERYTHING, Line, Scene
from webapp.graph.scene import build_scene
from webapp.model.ports import ALL

FRONTEND = "production/Deployment/frontend"
BACKEND = "production/Deployment/backend-api"
DATABASE = "production/StatefulSet/database"
PAYMENT = "production/Deployment/payment-service"


def blocked(scene: Scene) -> set[tuple[str, str]]:
    return {row for line in scene.lines if line.look == "blocked" for row in line.rows}


def between(scene: Scene, source: str, destination: str) -> Line:
    return next(line for line in scene.lines if (source, destination) in line.rows)


def test_the_blocked_paths_of_the_tutorial_are_there_from_the_start() -> None:
    scene = build_scene(seed())
    assert {(FRONTEND, DATABASE), (FRONTEND, PAYMENT), (BACKEND, "internet")} <= blocked(scene)
    assert len(blocked(scene)) <= 6
    assert between(scene, BACKEND, "internet").blocked_at == "source"
    assert between(scene, FRONTEND, DATABASE).blocked_at == "both"


def test_a_small_scene_tells_every_pair() -> None:
    analysis = seed()
    scene = build_scene(analysis)
    ids = [w.id for w in analysis.workloads] + ["internet"]
    assert ids_of(scene.edges) >= {(s, d) for s in ids for d in ids if s != d}
    for edge in scene.edges:
        ports, _ = analysis.ports(edge.source, edge.destination)
        assert edge.ports is ports
        assert (edge.verdict == "blocked") == ports.is_empty
        assert bool(edge.blocked_at) == ports.is_empty


def test_a_small_scene_tells_blocked_replicas() -> None:
    """Two pods of one workload are a pair as well; a single pod is none."""
    analysis = seed()
    scene = build_scene(analysis)
    rows = {edge.source: edge for edge in scene.edges if edge.source == edge.destination}
    assert rows.keys() == {w.id for w in analysis.workloads if w.reaches_itself}
    assert (rows[FRONTEND].verdict, rows[FRONTEND].blocked_at) == ("blocked", "both")
    assert rows["kube-system/Deployment/kube-dns"].verdict == "allowed"
    assert not [line for line in scene.lines for row in line.rows if row[0] == row[1]]


def test_a_large_scene_tells_every_pair_that_is_not_blocked() -> None:
    analysis = shop()
    scene = build_scene(analysis)
    assert ids_of(scene.edges) == ids_of(analysis.connections()) | ids_of(analysis.unknowns())
    assert not blocked(scene)


@pytest.mark.parametrize("mode", ["auto", "none", "selection", "all"])
def test_modes_choose_lines_and_nothing_else(mode: str) -> None:
    chosen = "shop/Deployment/checkout"
    plain = build_scene(shop(), blocked="none")
    scene = build_scene(shop(), blocked=mode, selected=chosen)
    assert [line for line in scene.lines if line.placed] == [line for line in plain.lines if line.placed]
    assert scene.nodes == plain.nodes
    if mode == "none":
        assert not blocked(scene)
    elif mode == "all":
        assert len(blocked(scene)) <= 200
        assert any("200 of" in note for note in scene.notes)
    else:
        assert blocked(scene)
        assert all(chosen in row for row in blocked(scene))


def test_pairs_that_are_told_are_drawn_where_they_are_blocked() -> None:
    analysis = shop()
    plain = build_scene(analysis)
    workloads = [w.id for w in analysis.workloads]
    shut = [(s, d) for s in workloads for d in workloads if s != d and analysis.ports(s, d)[0].is_empty]
    told = [pair for pair in shut if pair not in blocked(plain)][:3]
    open_pair = next((e.source, e.destination) for e in plain.edges if e.verdict == "allowed")
    scene = build_scene(analysis, told=[*told, open_pair, ("no", "body")])
    assert len(told) == 3
    assert blocked(scene) == blocked(plain) | set(told)
    assert all(between(scene, *pair).placed is False for pair in told), "none of them moves a node"
    assert ids_of(scene.edges) >= set(told)
    assert blocked(build_scene(analysis, blocked="none", told=told)) == set()


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(InputError):
        build_scene(seed(), blocked="some")


def test_open_workloads_are_marked_and_have_one_line_each_at_most() -> None:
    analysis = FakeAnalysis()
    for number in range(12):
        analysis.add(f"team-{number % 4}/service-{number}")
    scene = build_scene(analysis)  # type: ignore[arg-type]
    assert all(node.open for node in scene.nodes if node.type == "workload")
    assert len(scene.lines) <= len(analysis.workloads) + 1
    assert all(line.head.id == EVERYTHING for line in scene.lines)
    assert len(scene.edges) == 12 * 11 + 24


def test_no_line_for_pairs_that_nobody_restricts() -> None:
    scene = build_scene(seed())
    for line in scene.lines:
        assert line.look != "open"
    assert {n.label for n in scene.nodes if n.open} == {"kube-dns", "test-runner"}


def test_what_holds_for_a_namespace_is_drawn_at_its_box() -> None:
    scene = build_scene(seed())
    (dns,) = [line for line in scene.lines if line.look == "dns"]
    assert (dns.tail.id, dns.tail.is_box, len(dns.rows)) == ("production", True, 4)
    metrics = next(line for line in build_scene(shop()).lines if line.head.is_box)
    assert (metrics.tail.id, metrics.head.id) == ("monitoring/Deployment/prometheus", "shop")


def test_all_to_all_inside_a_namespace_is_a_note() -> None:
    analysis = FakeAnalysis()
    ids = [analysis.add(f"mesh/s{number}", isolated="i") for number in range(5)]
    for source in ids:
        for destination in ids:
            analysis.allow(source, destination, tcp(80))
    scene = build_scene(analysis)  # type: ignore[arg-type]
    assert scene.boxes[0].note == "all 5 reach each other: 80/TCP"
    assert not [line for line in scene.lines if line.look == "allowed"]
    assert len([e for e in scene.edges if e.verdict == "partial"]) == 20


def test_address_ranges_that_fare_like_the_internet_share_its_line() -> None:
    analysis = FakeAnalysis()
    analysis.externals = (FakeExternal("internet"), FakeExternal("10.0.0.0/8"), FakeExternal("192.0.2.0/24"))
    web = analysis.add("shop/web", isolated="ie")
    for external in ("internet", "192.0.2.0/24"):
        analysis.allow(external, web, tcp(443))
    analysis.allow("10.0.0.0/8", web, tcp(22, 443))
    scene = build_scene(analysis)  # type: ignore[arg-type]
    assert set(between(scene, "192.0.2.0/24", web).rows) == {("internet", web), ("192.0.2.0/24", web)}
    assert between(scene, "10.0.0.0/8", web).label == "22, 443/TCP"
    assert {n.id for n in scene.nodes if n.type == "external" and n.drawn} == {"internet", "10.0.0.0/8"}


def test_the_internet_stands_at_both_sides_when_both_are_needed() -> None:
    internet = next(node for node in build_scene(shop()).nodes if node.id == "internet")
    assert internet.split


def test_no_common_port_is_said() -> None:
    analysis = FakeAnalysis()
    a, b = analysis.add("x/a", isolated="ie"), analysis.add("x/b", isolated="ie")
    analysis.allow(a, b, tcp(80), "source")
    analysis.allow(a, b, tcp(443), "target")
    line = between(build_scene(analysis), a, b)  # type: ignore[arg-type]
    assert (line.label, line.blocked_at, line.doors) == ("no common port", "both", ("key", "key"))


def test_unknown_lines_are_few_and_the_rest_is_counted() -> None:
    analysis: Any = shop()
    chosen = "shop/Deployment/cart"
    for workload in analysis.workloads[:12]:
        if workload.id != chosen:
            analysis.doubts[chosen, workload.id] = (ALL, ("undeclared_namespace_labels",))
    scene = build_scene(analysis)
    unknown = [line for line in scene.lines if line.look == "unknown"]
    assert len(unknown) <= 1
    cart = next(node for node in scene.nodes if node.id == chosen)
    assert any(badge.startswith("? to") for badge in cart.badges)
    again = build_scene(analysis, selected=chosen)
    assert len([line for line in again.lines if line.look == "unknown"]) > 5


def test_a_workload_that_cannot_resolve_names_is_marked() -> None:
    analysis = seed()
    mute = analysis.add("production/mute", isolated="ie")
    scene = build_scene(analysis)
    assert {node.id: node.badges for node in scene.nodes}[mute] == ("no DNS",)


def test_a_filter_leaves_the_wanted_pairs() -> None:
    scene = build_scene(shop(), keep=lambda source, destination: "data/" in source + destination)
    assert all("data/" in edge.source + edge.destination for edge in scene.edges)
    assert "ingress/Deployment/gateway" not in {node.id for node in scene.nodes}


def test_equal_input_gives_an_equal_scene() -> None:
    assert build_scene(shop()) == build_scene(shop())
    assert replace(build_scene(seed()), notes=("x",)) != build_scene(seed())
