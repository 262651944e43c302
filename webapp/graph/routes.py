"""The ends of lines on the outlines of cards, and lines laid over a finished picture: gentle arcs that move nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import hypot

from webapp.graph.curves import Point
from webapp.graph.elements import Anchor, Line
from webapp.graph.places import Frame, Layout, PlacedLine, PlacedNode
from webapp.graph.sizes import HEXAGON_INSET

_BOW = 0.12
"""How far an arc leaves the straight line, as a share of its length; opposite lines bow to opposite sides."""

_ON_EACH_OTHER = 5.0
_APART = 7.0


class Frames:
    """Where the ends of lines are, by their ids."""

    def __init__(self, layout: Layout) -> None:
        self._boxes = {placed.box.namespace: placed.frame for placed in layout.boxes}
        self._nodes = {(placed.glyph.node.id, placed.glyph.side): placed.frame for placed in layout.nodes}

    def of(self, anchor: Anchor, side: str) -> Frame | None:
        """The frame of an end; of a node that is drawn twice, at this side. None if it is not in the picture."""
        if anchor.is_box:
            return self._boxes.get(anchor.id)
        return self._nodes.get((anchor.id, "")) or self._nodes.get((anchor.id, side))


def route(line: Line, frames: Frames) -> PlacedLine | None:
    """The line as an arc between the frames of its ends; None if an end is not in the picture."""
    tail, head = frames.of(line.tail, "in"), frames.of(line.head, "out")
    if tail is None or head is None:
        return None
    start, end = tail.centre, head.centre
    span = (end[0] - start[0], end[1] - start[1])
    normal = (-span[1] * _BOW, span[0] * _BOW)
    middle = ((start[0] + end[0]) / 2 + normal[0], (start[1] + end[1]) / 2 + normal[1])
    first, last = _border(tail, middle), _border(head, middle)
    spline = (first, _towards(first, middle), _towards(last, middle), last)
    return PlacedLine(line, spline, None, ())


def attach(placed: PlacedLine, nodes: Mapping[tuple[str, str], PlacedNode]) -> PlacedLine:
    """The line with its ends on the very outlines of its cards: the layout engine knows them as larger rectangles."""
    first, second, *middle, before, last = placed.spline
    for anchor, side in ((placed.line.tail, "in"), (placed.line.head, "out")):
        node = nodes.get((anchor.id, "")) or nodes.get((anchor.id, side))
        if anchor.is_box or node is None:
            continue
        if anchor is placed.line.tail:
            first, second = _moved(first, second, node)
        else:
            last, before = _moved(last, before, node)
    return replace(placed, spline=(first, second, *middle, before, last))


def _moved(end: Point, control: Point, node: PlacedNode) -> tuple[Point, Point]:
    """An end and its control point, moved together."""
    x, y = _on_outline(end, node)
    return (round(x, 2), round(y, 2)), (round(control[0] + x - end[0], 2), round(control[1] + y - end[1], 2))


def _on_outline(end: Point, node: PlacedNode) -> Point:
    frame = node.frame
    x, y = min(max(end[0], frame.x), frame.right), min(max(end[1], frame.y), frame.bottom)
    if node.glyph.node.type != "external":
        return x, y
    slant = abs(y - frame.centre[1]) / (frame.height / 2) * HEXAGON_INSET
    return min(max(x, frame.x + slant), frame.right - slant), y


def part_pairs(lines: list[PlacedLine]) -> list[PlacedLine]:
    """Two lines that run the same way there and back lie on each other: they are moved apart."""
    known = {(line.spline[0], line.spline[-1]): index for index, line in enumerate(lines)}
    parted = list(lines)
    for (start, end), index in known.items():
        back = next((i for (a, b), i in known.items() if i > index and _close(a, end) and _close(b, start)), None)
        if back is not None:
            parted[index], parted[back] = _beside(lines[index]), _beside(lines[back])
    return parted


def _close(a: Point, b: Point) -> bool:
    return hypot(a[0] - b[0], a[1] - b[1]) < _ON_EACH_OTHER


def _beside(placed: PlacedLine) -> PlacedLine:
    """The line moved to its right; the one that runs back is moved to the other side, as its right is this one's left.
    A line that runs up or down is moved along the edges of its cards, so that it still ends there."""
    (x0, y0), (x1, y1) = placed.spline[0], placed.spline[-1]
    upright = abs(y1 - y0) > abs(x1 - x0)
    dx, dy = (-_APART if y1 > y0 else _APART, 0.0) if upright else (0.0, _APART if x1 > x0 else -_APART)
    return replace(placed, spline=tuple((round(x + dx, 2), round(y + dy, 2)) for x, y in placed.spline))


def _border(frame: Frame, towards: Point) -> Point:
    """Where the way from the centre to a point leaves the frame."""
    x, y = frame.centre
    dx, dy = towards[0] - x, towards[1] - y
    if not hypot(dx, dy):
        return frame.right, y
    scale = min(frame.width / 2 / abs(dx) if dx else float("inf"), frame.height / 2 / abs(dy) if dy else float("inf"))
    return round(x + dx * min(scale, 1), 2), round(y + dy * min(scale, 1), 2)


def _towards(end: Point, middle: Point) -> Point:
    return round(end[0] + (middle[0] - end[0]) * 0.66, 2), round(end[1] + (middle[1] - end[1]) * 0.66, 2)
