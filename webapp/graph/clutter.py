"""How hard a layout is to read: lines that cross, lines that lie on top of each other, long ways, large pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from webapp.graph.curves import Point, Track
from webapp.graph.places import Layout

_CELL = 32.0
_CLOSE = 3.0
"""Lines nearer than this look like one."""
_STEP = 4
"""Every so many points of a track make a segment: fine enough to find crossings."""
_OVERLAP_PX, _LENGTH_PX, _AREA_PX = 60.0, 1_500.0, 100_000.0
"""As bad as one crossing."""

Segment = tuple[int, Point, Point]


def clutter(layout: Layout) -> float:
    """A number to compare layouts of one scene by: the smaller, the better."""
    tracks = [Track(line.spline) for line in layout.lines]
    cells: dict[tuple[int, int], list[Segment]] = {}
    for index, track in enumerate(tracks):
        points = [*track.points[:-1:_STEP], track.points[-1]]
        for a, b in pairwise(points):
            for cell in _cells(a, b):
                cells.setdefault(cell, []).append((index, a, b))
    crossings: set[tuple[int, Point, int, Point]] = set()
    overlap = 0.0
    for listed in cells.values():
        for number, (i, a, b) in enumerate(listed):
            for j, c, d in listed[number + 1 :]:
                if i == j:
                    continue
                if _cross(a, b, c, d):
                    crossings.add((i, a, j, c))
                if _near(a, b, c):
                    overlap += abs(b[0] - a[0]) + abs(b[1] - a[1])
    length = sum(track.length for track in tracks)
    area = layout.width * layout.height
    return len(crossings) + overlap / _OVERLAP_PX + length / _LENGTH_PX + area / _AREA_PX


def _cells(a: Point, b: Point) -> Iterator[tuple[int, int]]:
    """The fields of a grid that the frame around a segment touches."""
    for column in range(int(min(a[0], b[0]) // _CELL), int(max(a[0], b[0]) // _CELL) + 1):
        for row in range(int(min(a[1], b[1]) // _CELL), int(max(a[1], b[1]) // _CELL) + 1):
            yield column, row


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, point: Point) -> float:
    """Positive to one side of the line through two points, negative to the other."""
    return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])


def _near(a: Point, b: Point, point: Point) -> bool:
    """Whether a point lies on the segment, or almost."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    if not square:
        return False
    share = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square
    if not 0 <= share <= 1:
        return False
    x, y = a[0] + share * dx - point[0], a[1] + share * dy - point[1]
    return x * x + y * y < _CLOSE * _CLOSE
