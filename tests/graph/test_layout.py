"""Geometry: nothing overlaps, everything is inside; the fallback; determinism."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from tests.graph.fake import FakeAnalysis, generated, seed, shop
from webapp.graph import graphviz, layout
from webapp.graph.curves import Track, straight
from webapp.graph.layout import FALLBACK_NOTE, lay_out
from webapp.graph.places import Frame, Layout
from webapp.graph.scene import build_scene
from webapp.graph.sizes import PILL_HEIGHT, card, pill_width


def lonely() -> Any:
    analysis = FakeAnalysis()
    for number in range(9):
        analysis.add(f"quiet/service-{number}", isolated="ie")
    return analysis


CASES = {"seed": seed(), "shop": shop(), "chains": generated(4, 8), "folded": generated(12, 15), "lonely": lonely()}


def check(placed: Layout) -> None:
    frames = [node.frame for node in placed.nodes]
    for a, b in combinations(frames, 2):
        assert not a.overlaps(b)
    for one, other in combinations(placed.boxes, 2):
        assert not one.frame.overlaps(other.frame)
    picture = Frame(0, 0, placed.width, placed.height)
    by_id = {node.glyph.node.id: node.frame for node in placed.nodes}
    for box in placed.boxes:
        assert picture.holds(box.frame)
        assert all(box.frame.holds(by_id[identity]) for identity in box.box.nodes)
    for node in placed.nodes:
        assert picture.holds(node.frame)
        size = card(node.glyph.node)
        assert (node.frame.width, node.frame.height) == pytest.approx((size.width, size.height), abs=0.5)


def pills(placed: Layout) -> list[Frame]:
    return [
        Frame(x - pill_width(p.line.label) / 2, y - PILL_HEIGHT / 2, pill_width(p.line.label), PILL_HEIGHT)
        for p in placed.lines
        if p.label is not None
        for x, y in [p.label]
    ]


@pytest.mark.parametrize("name", CASES)
def test_boxes_cards_and_pills_keep_apart(name: str) -> None:
    scene = build_scene(CASES[name])
    placed = lay_out(scene)
    assert not placed.notes
    check(placed)
    assert len(placed.lines) == len(scene.lines)
    found = pills(placed)
    for a, b in combinations(found, 2):
        assert not a.overlaps(b)
    for frame in found:
        assert not any(frame.overlaps(node.frame) for node in placed.nodes)
    labelled = [line for line in placed.lines if line.line.label and line.line.look != "dns"]
    assert sum(line.label is not None for line in labelled) >= 0.95 * len(labelled)


@pytest.mark.parametrize("name", ["seed", "shop"])
def test_lines_run_from_card_to_card(name: str) -> None:
    placed = lay_out(build_scene(CASES[name], blocked="all"))
    for line in placed.lines:
        for anchor, point in ((line.line.tail, line.spline[0]), (line.line.head, line.spline[-1])):
            frames = [b.frame for b in placed.boxes if anchor.is_box and b.box.namespace == anchor.id]
            frames += [n.frame for n in placed.nodes if not anchor.is_box and n.glyph.node.id == anchor.id]
            assert any(_near(frame, point) for frame in frames)


def _near(frame: Frame, point: tuple[float, float]) -> bool:
    x, y = point
    return frame.x - 9 <= x <= frame.right + 9 and frame.y - 9 <= y <= frame.bottom + 9


@pytest.mark.parametrize("mode", ["none", "selection", "all"])
def test_showing_blocked_paths_moves_nothing(mode: str) -> None:
    for analysis, chosen in ((seed(), "production/Deployment/frontend"), (shop(), "shop/Deployment/cart")):
        plain = lay_out(build_scene(analysis))
        other = lay_out(build_scene(analysis, blocked=mode, selected=chosen))
        assert [node.frame for node in plain.nodes] == [node.frame for node in other.nodes]


def test_a_blocked_line_stops_near_the_end_that_blocks() -> None:
    for line in lay_out(build_scene(seed())).lines:
        if line.line.look == "blocked":
            shares = [stop / Track(line.spline).length for stop in line.stops]
            at = line.line.blocked_at
            assert {"source": len(shares) == 1 and shares[0] <= 0.5,
                    "target": len(shares) == 1 and shares[0] >= 0.5,
                    "both": len(shares) == 2 and shares[0] <= 0.5 <= shares[1]}[at]  # fmt: skip


def test_the_order_of_workloads_changes_nothing() -> None:
    analysis = shop()
    first = lay_out(build_scene(analysis))
    graphviz.lay_out_dot.cache_clear()
    analysis.workloads = tuple(sorted(analysis.workloads, key=lambda w: w.id))
    assert lay_out(build_scene(analysis)) == first


@pytest.mark.parametrize("name", CASES)
def test_without_the_engine_there_is_a_plain_grid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise graphviz.LayoutError("out of time")

    monkeypatch.setattr(layout, "lay_out_dot", fail)
    scene = build_scene(CASES[name])
    placed = lay_out(scene)
    assert placed.notes == (FALLBACK_NOTE,)
    check(placed)
    assert len(placed.lines) == len(scene.lines)


def test_the_engine_answers_again_after_it_ran_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    graphviz.lay_out_dot.cache_clear()
    assert graphviz.lay_out_dot("digraph{b->a}")["edges"]
    monkeypatch.setattr(graphviz, "TIMEOUT_SECONDS", 0.05)
    edges = "".join(f"n{a}->n{b};" for a in range(60) for b in range(60) if a != b)
    with pytest.raises(graphviz.LayoutError):
        graphviz.lay_out_dot(f"digraph{{{edges}}}")
    monkeypatch.undo()
    assert graphviz.lay_out_dot("digraph{a->b}")["edges"]


def test_a_refused_question_is_a_layout_error() -> None:
    with pytest.raises(graphviz.LayoutError):
        graphviz.lay_out_dot("digraph{")


def test_parts_of_a_curve_join() -> None:
    track = Track(straight((0, 0), (90, 0)))
    assert track.length == pytest.approx(90)
    assert track.part(10, 40)[0] == pytest.approx((10, 0))
    assert track.part(10, 40)[-1] == pytest.approx((40, 0))
    assert track.direction(45) == pytest.approx((1, 0))
    assert track.nearest((30, 12)) == pytest.approx(30, abs=3)


def test_the_engine_can_be_let_go() -> None:
    """As at exit: left to the interpreter, its threads sometimes kept the process from ending."""
    graphviz.lay_out_dot.cache_clear()
    assert graphviz.lay_out_dot("digraph{a->c}")["edges"]
    graphviz.close()
    assert graphviz._engine is None
    assert graphviz.lay_out_dot("digraph{c->a}")["edges"]
