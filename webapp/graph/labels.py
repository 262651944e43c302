"""Where pills and crosses stand: on their line, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from webapp.graph.curves import Point, Track
from webapp.graph.places import Frame, Layout, PlacedLine
from webapp.graph.sizes import PILL_HEIGHT, TAB_HEIGHT, pill_width, tab_width

_ENDS = 16.0
"""A pill keeps this far from the ends of its line, where doors and arrowheads stand."""
_SHARES = (0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8)
_GAP = 3.0
_STOPS = (1.0, 0.85, 1.2, 1.4, 1.6, 1.8, 2.0, 2.3, 2.6, 3.0, 3.5)
_STOP_SHARE, _STOP_LEAST, _STOP_MOST = 0.2, 24.0, 56.0
_CROSS = 24.0
_CELL = 32.0


def label_lines(lines: Iterable[PlacedLine], layout: Layout) -> Iterator[PlacedLine]:
    """The lines with their pills and crosses placed, short lines first: long ones have most room to give way.

    The layout engine has kept a place free beside each line; the pill moves onto the line there, or to another point of
    it where it covers neither a card, a title nor another pill, and few other lines. Where there is no such point it is
    left out: its words are in the line's title as well.
    """
    tracked = [(line, Track(line.spline)) for line in lines]
    crowd = _Crowd([track for _, track in tracked])
    taken = [node.frame for node in layout.nodes]
    taken += [Frame(b.frame.x + 8, b.frame.y + 6, tab_width(b.box.namespace), TAB_HEIGHT) for b in layout.boxes]
    order = sorted(range(len(tracked)), key=lambda i: tracked[i][1].length)
    placed: dict[int, PlacedLine] = {}
    for index in order:
        line, track = tracked[index]
        label = _place(line, track, taken, crowd, index) if line.line.label else None
        placed[index] = replace(line, label=label)
    for index in order:
        line, track = tracked[index]
        if line.line.look == "blocked" and not line.line.label:
            placed[index] = replace(placed[index], stops=tuple(_stops(line, track, taken)))
    return (placed[index] for index in range(len(tracked)))


def _place(placed: PlacedLine, track: Track, taken: list[Frame], crowd: _Crowd, index: int) -> Point | None:
    width = pill_width(placed.line.label)
    best: tuple[int, Point] | None = None
    for distance in _candidates(placed, track, width):
        centre = track.at(distance)
        frame = _around(centre, width + 2 * _GAP, PILL_HEIGHT + 2 * _GAP)
        if any(frame.overlaps(other) for other in taken):
            continue
        covered = crowd.others(frame, index)
        if best is None or covered < best[0]:
            best = covered, centre
        if not covered:
            break
    if best is None:
        return None
    centre = round(best[1][0], 2), round(best[1][1], 2)
    taken.append(_around(centre, width, PILL_HEIGHT))
    return centre


def _candidates(placed: PlacedLine, track: Track, width: float) -> Iterator[float]:
    """Distances along the line, the wanted one first, at which a pill does not touch the line's ends."""
    wanted = [track.nearest(placed.label)] if placed.label else []
    wanted += [track.length * share for share in _SHARES]
    for distance in wanted:
        dx, dy = track.direction(distance)
        reach = _ENDS + (width if abs(dx) >= abs(dy) else PILL_HEIGHT) / 2
        if reach <= distance <= track.length - reach:
            yield distance


def _stops(placed: PlacedLine, track: Track, taken: list[Frame]) -> Iterator[float]:
    """Where the crosses stand: 20 % from each end that blocks, or nearer or farther if the place is taken."""
    if placed.line.blocked_at == "both" and not placed.line.placed:
        yield track.length / 2
        return
    usual = min(max(track.length * _STOP_SHARE, _STOP_LEAST), _STOP_MOST, track.length / 2)
    for end in ("source", "target"):
        if placed.line.blocked_at in (end, "both", ""):
            yield _stop(track, usual, taken, from_start=end == "source")


def _stop(track: Track, usual: float, taken: list[Frame], *, from_start: bool) -> float:
    def place(share: float) -> float:
        away = min(usual * share, track.length / 2)
        return away if from_start else track.length - away

    for share in _STOPS:
        frame = _around(track.at(place(share)), _CROSS, _CROSS)
        if not any(frame.overlaps(other) for other in taken):
            taken.append(frame)
            return place(share)
    return place(1.0)


def _around(centre: Point, width: float, height: float) -> Frame:
    return Frame(centre[0] - width / 2, centre[1] - height / 2, width, height)


class _Crowd:
    """Which lines pass where, in a coarse grid."""

    def __init__(self, tracks: list[Track]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[int, Point]]] = {}
        for index, track in enumerate(tracks):
            for point in track.points:
                self._cells.setdefault((int(point[0] // _CELL), int(point[1] // _CELL)), []).append((index, point))

    def others(self, frame: Frame, own: int) -> int:
        """How many other lines pass a frame."""
        found = {
            index
            for column in range(int(frame.x // _CELL), int(frame.right // _CELL) + 1)
            for row in range(int(frame.y // _CELL), int(frame.bottom // _CELL) + 1)
            for index, (x, y) in self._cells.get((column, row), ())
            if index != own and frame.x <= x <= frame.right and frame.y <= y <= frame.bottom
        }
        return len(found)
