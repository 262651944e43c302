"""Where things stand in a picture, in pixels from the top left."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.graph.curves import Point, Spline
from webapp.graph.dotsource import Glyph
from webapp.graph.elements import Line, SceneBox


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Frame) -> bool:
        """Whether the two share more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Frame) -> bool:
        """Whether the other lies wholly inside."""
        return self.x <= other.x and self.y <= other.y and self.right >= other.right and self.bottom >= other.bottom


@dataclass(frozen=True, slots=True)
class PlacedNode:
    glyph: Glyph
    frame: Frame


@dataclass(frozen=True, slots=True)
class PlacedBox:
    box: SceneBox
    frame: Frame


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line from the edge of its tail to the edge of its head.

    ``label``: the centre of its pill, if it has room. ``stops``: how far from its start a blocked line has its crosses.
    """

    line: Line
    spline: Spline
    label: Point | None
    stops: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture without its drawing; ``notes``: what went wrong on the way. ``crowded``: its lines are so many that
    only a few at a time are shown in full."""

    width: float
    height: float
    nodes: tuple[PlacedNode, ...]
    boxes: tuple[PlacedBox, ...]
    lines: tuple[PlacedLine, ...]
    notes: tuple[str, ...]
    crowded: bool = False
