"""Lines laid over a finished picture: a gentle arc from card to card, so that showing them moves nothing."""

from __future__ import annotations

from math import hypot

from webapp.graph.curves import Point
from webapp.graph.elements import Anchor, Line
from webapp.graph.places import Frame, Layout, PlacedLine

_BOW = 0.12
"""How far an arc leaves the straight line, as a share of its length; opposite lines bow to opposite sides."""


def route(line: Line, layout: Layout) -> PlacedLine | None:
    """The line as an arc between the frames of its ends; None if an end is not in the picture."""
    tail, head = _frame(line.tail, "in", layout), _frame(line.head, "out", layout)
    if tail is None or head is None:
        return None
    start, end = tail.centre, head.centre
    span = (end[0] - start[0], end[1] - start[1])
    normal = (-span[1] * _BOW, span[0] * _BOW)
    middle = ((start[0] + end[0]) / 2 + normal[0], (start[1] + end[1]) / 2 + normal[1])
    first, last = _border(tail, middle), _border(head, middle)
    spline = (first, _towards(first, middle), _towards(last, middle), last)
    return PlacedLine(line, spline, None, ())


def _frame(anchor: Anchor, side: str, layout: Layout) -> Frame | None:
    if anchor.is_box:
        return next((placed.frame for placed in layout.boxes if placed.box.namespace == anchor.id), None)
    found = [p for p in layout.nodes if p.glyph.node.id == anchor.id and p.glyph.side in ("", side)]
    return found[0].frame if found else None


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
