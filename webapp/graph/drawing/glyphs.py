"""The small signs, as paths: no font is asked for a padlock or a cross."""

from __future__ import annotations

from webapp.graph.curves import Point
from webapp.graph.drawing.markup import number
from webapp.graph.drawing.pen import Pen

DOOR = 4.0
"""Radius of the sign at the end of a line."""


def padlock(pen: Pen, x: float, y: float, role: str, *, closed: bool) -> str:
    """A padlock in a field of 12 by 12 pixels with this top left corner; an open one has its shackle swung out."""
    body = pen.rect(x + 1, y + 5.4, 10, 6.6, 1.4, pen.paint(role, ""))
    start = f"M{number(x + 3.2)},{number(y + 5.4)}"
    shackle = f"{start}v-1.8a2.8,2.8 0 0 1 5.6,0v1.8" if closed else f"{start}v-1.8a2.8,2.8 0 0 1 5.4,-1"
    return body + pen.shape(shackle, pen.paint("", role, 1.5))


def question(pen: Pen, centre: Point, role: str, radius: float = 6.5) -> str:
    """A question mark in a ring: nothing can be said."""
    x, y = centre
    data = f"M{number(x - 2)},{number(y - 1.6)}a2,2 0 1 1 2.9,1.8q-0.9,0.5 -0.9,1.5M{number(x)},{number(y + 3.6)}v0.1"
    return pen.circle(centre, radius, pen.paint("", role, 1.4)) + pen.shape(data, pen.paint("", role, 1.5))


def cross(pen: Pen, centre: Point, role: str = "blocked", radius: float = 7.0) -> str:
    """The sign of a blocked path: a cross in a disc."""
    x, y = centre
    arm = radius * 0.42
    data = (
        f"M{number(x - arm)},{number(y - arm)}L{number(x + arm)},{number(y + arm)}"
        f"M{number(x + arm)},{number(y - arm)}L{number(x - arm)},{number(y + arm)}"
    )
    return pen.circle(centre, radius, pen.paint("card", role, 1.5)) + pen.shape(data, pen.paint("", role, 1.9))


def globe(pen: Pen, centre: Point, radius: float, role: str) -> str:
    """The world, for the internet."""
    x, y = centre
    r = number(radius)
    half = number(radius * 0.45)
    data = (
        f"M{number(x - radius)},{number(y)}h{number(2 * radius)}"
        f"M{number(x)},{number(y - radius)}a{half},{r} 0 0 0 0,{number(2 * radius)}"
        f"M{number(x)},{number(y - radius)}a{half},{r} 0 0 1 0,{number(2 * radius)}"
    )
    return pen.circle(centre, radius, pen.paint("", role, 1.2)) + pen.shape(data, pen.paint("", role, 1.0))


def arrow(pen: Pen, tip: Point, direction: Point, role: str, *, hollow: bool, size: float = 9.0) -> str:
    """An arrowhead whose tip is at a point."""
    (x, y), (dx, dy) = tip, direction
    back_x, back_y = x - dx * size, y - dy * size
    half = size * 0.42
    points = [(x, y), (back_x - dy * half, back_y + dx * half), (back_x + dy * half, back_y - dx * half)]
    return pen.polygon(points, pen.paint("card" if hollow else role, role, 1.4 if hollow else 1.0))


def door(pen: Pen, kind: str, at: Point, direction: Point, role: str) -> str:
    """The sign at an end of a line: key (a rule opened it) or ring (no policy); a bar stands on the line."""
    if kind == "key":
        return pen.circle(at, DOOR, pen.paint(role, "card", 1.5))
    if kind == "ring":
        return pen.circle(at, DOOR - 0.2, pen.paint("card", "open", 2.0))
    return ""


def bar(pen: Pen, at: Point, direction: Point) -> str:
    """A barrier across a line."""
    (x, y), (dx, dy) = at, direction
    data = f"M{number(x - dy * 12)},{number(y + dx * 12)}L{number(x + dy * 12)},{number(y - dx * 12)}"
    return pen.shape(data, pen.paint("", "blocked", 3.0))
