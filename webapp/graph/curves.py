"""Curves: cubic Bézier splines as lists of points (1 + 3k of them), measured and cut by their length."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from math import hypot

Point = tuple[float, float]
Spline = tuple[Point, ...]
_STEPS = 16


def bezier_at(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    """The point of one cubic segment at the parameter ``t`` (0..1)."""
    u = 1 - t
    k = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    return (
        k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * d[0],
        k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * d[1],
    )


class Track:
    """A spline with its length known: where is the point 26 px from the start, and which part lies beyond it?"""

    __slots__ = ("_lengths", "_parameters", "length", "points", "spline")

    def __init__(self, spline: Spline) -> None:
        self.spline = spline
        points = [spline[0]]
        self._parameters = [0.0]
        for segment in range(len(spline) // 3):
            four = spline[3 * segment : 3 * segment + 4]
            for step in range(1, _STEPS + 1):
                points.append(bezier_at(four[0], four[1], four[2], four[3], step / _STEPS))
                self._parameters.append(segment + step / _STEPS)
        self.points = points
        steps = (hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
        self._lengths = [0.0, *accumulate(steps)]
        self.length = self._lengths[-1]

    def _parameter(self, distance: float) -> float:
        if distance <= 0:
            return 0.0
        index = bisect_left(self._lengths, distance)
        if index >= len(self._lengths):
            return self._parameters[-1]
        before, after = self._lengths[index - 1], self._lengths[index]
        share = (distance - before) / (after - before) if after > before else 0.0
        return self._parameters[index - 1] + share * (self._parameters[index] - self._parameters[index - 1])

    def at(self, distance: float) -> Point:
        """The point at this distance from the start, along the curve."""
        segment, t = self._segment(self._parameter(distance))
        return bezier_at(*self._four(segment), t)

    def direction(self, distance: float) -> Point:
        """The unit vector along the curve there, towards its end."""
        a, b = self.at(distance - 2), self.at(distance + 2)
        size = hypot(b[0] - a[0], b[1] - a[1])
        return ((b[0] - a[0]) / size, (b[1] - a[1]) / size) if size else (1.0, 0.0)

    def part(self, start: float, end: float) -> Spline:
        """The piece between two distances."""
        first, last = self._parameter(start), self._parameter(end)
        pieces: list[Point] = []
        for segment in range(len(self.spline) // 3):
            low, high = max(first - segment, 0.0), min(last - segment, 1.0)
            if low < high:
                piece = _cut(*self._four(segment), low, high)
                pieces.extend(piece if not pieces else piece[1:])
        return tuple(pieces) or (self.at(start),) * 4

    def nearest(self, point: Point) -> float:
        """The distance along the curve at which it comes nearest to a point."""
        away = [hypot(x - point[0], y - point[1]) for x, y in self.points]
        return self._lengths[away.index(min(away))]

    def _segment(self, parameter: float) -> tuple[int, float]:
        segment = min(int(parameter), len(self.spline) // 3 - 1)
        return segment, parameter - segment

    def _four(self, segment: int) -> tuple[Point, Point, Point, Point]:
        a, b, c, d = self.spline[3 * segment : 3 * segment + 4]
        return a, b, c, d


def _between(a: Point, b: Point, t: float) -> Point:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)


def _cut(a: Point, b: Point, c: Point, d: Point, low: float, high: float) -> list[Point]:
    """The part of one segment between two parameters (de Casteljau, twice)."""
    ab, bc, cd = _between(a, b, high), _between(b, c, high), _between(c, d, high)
    abc, bcd = _between(ab, bc, high), _between(bc, cd, high)
    end = _between(abc, bcd, high)
    a, b, c, d = a, ab, abc, end
    t = low / high
    ab, bc, cd = _between(a, b, t), _between(b, c, t), _between(c, d, t)
    abc, bcd = _between(ab, bc, t), _between(bc, cd, t)
    return [_between(abc, bcd, t), bcd, cd, d]


def straight(a: Point, b: Point) -> Spline:
    """A straight line as a spline."""
    return a, _between(a, b, 1 / 3), _between(a, b, 2 / 3), b
