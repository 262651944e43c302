"""A scene -> places for its boxes, cards and lines, in pixels from the top left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from webapp.graph.clutter import clutter
from webapp.graph.curves import Point, Spline, Track
from webapp.graph.dotsource import Glyph, Question, ask_dot
from webapp.graph.elements import Scene, SceneBox
from webapp.graph.graphviz import LayoutError, lay_out_dot
from webapp.graph.grid import lay_out_grid
from webapp.graph.labels import label_lines
from webapp.graph.places import Frame, Layout, PlacedBox, PlacedLine, PlacedNode
from webapp.graph.refining import NO_HINTS, learn
from webapp.graph.routes import Frames, attach, part_pairs, route
from webapp.graph.sizes import CLEARANCE
from webapp.graph.tiles import is_crowded, lay_out_tiles

MARGIN = 24.0
MOST_REFINED = 250
"""Up to so many lines the layout is made a second time, with what the first has taught."""
FEW_LINES = 60
"""Up to so many lines several layouts are made, and the one that is easiest to read is taken."""
MOST_TRIES = 3
FALLBACK_NOTE = "The layout engine gave no answer in time, so the picture is a plain grid."


def lay_out(scene: Scene) -> Layout:
    """Places for everything in a scene: by Graphviz `dot`, or in a grid (with a note) where that fails; in tiles where
    lines are too many to follow.

    Deterministic, and the same for all ways of showing blocked paths: lines that are not `placed` are laid over it.
    """
    if is_crowded(scene):
        return lay_out_tiles(scene)
    try:
        placed = _best(_tries(scene))
    except LayoutError:
        placed = lay_out_grid(scene, ask_dot(scene).glyphs, FALLBACK_NOTE)
    drawn = set(scene.lines)
    kept = [line for line in placed.lines if line.line in drawn]
    done = {placed_line.line for placed_line in kept}
    frames = Frames(placed)
    over = [route(line, frames) for line in scene.lines if line not in done]
    kept += [line for line in over if line is not None]
    return replace(placed, lines=tuple(label_lines(kept, placed)))


def _best(tries: Iterable[Layout]) -> Layout:
    """The one that is easiest to read."""
    found = list(tries)
    return min(found, key=clutter) if len(found) > 1 else found[0]


def _tries(scene: Scene) -> Iterator[Layout]:
    """Layouts of a scene, each made with what the one before has taught; the first of all only if it taught nothing.
    LayoutError if there is none."""
    question = ask_dot(scene)
    answer = lay_out_dot(question.source)
    count = len(question.lines)
    hints = learn(answer, question.boxed) if count <= MOST_REFINED else NO_HINTS
    if hints.is_empty:
        yield _read(answer, question)
        return
    for number in range(MOST_TRIES if count <= FEW_LINES else 1):
        question = ask_dot(scene, hints)
        try:
            answer = lay_out_dot(question.source)
        except LayoutError:
            if number:
                return
            raise
        yield _read(answer, question)
        hints = learn(answer, question.boxed)


def _read(answer: dict[str, Any], question: Question) -> Layout:
    """The engine's answer, with the y axis turned and a margin around."""
    low_x, low_y, high_x, high_y = _numbers(answer["bb"])
    turn = _Turn(MARGIN - low_x, MARGIN + high_y)
    nodes: list[PlacedNode] = []
    boxes: list[PlacedBox] = []
    names: dict[str, Glyph] = {f"n{index}": glyph for index, glyph in enumerate(question.glyphs)}
    clusters: dict[str, SceneBox] = {f"c{index}": box for index, box in enumerate(question.boxes)}
    for item in answer.get("objects", ()):
        name = item["name"]
        if name in clusters and "bb" in item:
            boxes.append(PlacedBox(clusters[name], turn.frame(_numbers(item["bb"]))))
        elif name in names:
            x, y = turn.point(*_numbers(item["pos"]))
            width, height = float(item["width"]) * 72, float(item["height"]) * 72 - 2 * CLEARANCE
            nodes.append(PlacedNode(names[name], Frame(x - width / 2, y - height / 2, width, height)))
    at = {(placed.glyph.node.id, placed.glyph.side): placed for placed in nodes}
    lines = [attach(_line(item, question, turn), at) for item in answer.get("edges", ()) if "id" in item]
    lines = part_pairs(lines)
    width, height = high_x - low_x + 2 * MARGIN, high_y - low_y + 2 * MARGIN
    return _grown(Layout(width, height, tuple(nodes), tuple(boxes), tuple(lines), ()))


def _line(item: dict[str, Any], question: Question, turn: _Turn) -> PlacedLine:
    line = question.lines[int(item["id"][1:])]
    spline = turn.spline(item["pos"])
    label = None
    if line.label and "lp" in item:
        label = turn.point(*_numbers(item["lp"]))
    return PlacedLine(line, spline, label, ())


@dataclass(frozen=True, slots=True)
class _Turn:
    """From the engine's coordinates (points, y upwards) to ours."""

    right: float
    down: float

    def point(self, x: float, y: float) -> Point:
        return round(x + self.right, 2), round(self.down - y, 2)

    def frame(self, corners: list[float]) -> Frame:
        x, bottom = self.point(corners[0], corners[1])
        right, y = self.point(corners[2], corners[3])
        return Frame(x, y, right - x, bottom - y)

    def spline(self, text: str) -> Spline:
        """``s,x,y e,x,y x,y x,y …``: the ends that stand before the points belong to arrowheads."""
        return tuple(self.point(*_numbers(pair)) for pair in text.split() if pair[0] not in "se")


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]


def _grown(layout: Layout) -> Layout:
    """Nothing sticks out, not even a curve or a label."""
    points = [point for line in layout.lines for point in _extent(line)]
    right = max([layout.width, *(x + MARGIN for x, _ in points)])
    bottom = max([layout.height, *(y + MARGIN for _, y in points)])
    return replace(layout, width=round(right, 1), height=round(bottom, 1))


def _extent(line: PlacedLine) -> Iterable[Point]:
    track = Track(line.spline)
    return (track.at(track.length * share) for share in (0.25, 0.5, 0.75))
