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
_CELL = 40.0


def label_lines(lines: Iterable[PlacedLine], layout: Layout) -> Iterator[PlacedLine]:
    """The lines with their pills and crosses placed, short lines first: long ones have most room to give way.

    The layout engine has kept a place free beside each line; the pill moves onto the line there, or to another point of
    it where it covers neither a card, a title nor another pill, and few other lines, or beside a short line. Where
    there is no such place it is left out: its words are in the line's title as well.
    """
    tracked = [(line, Track(line.spline)) for line in lines]
    crowd = _Crowd([track for _, track in tracked])
    taken = _Taken()
    for node in layout.nodes:
        taken.add(node.frame)
    for box in layout.boxes:
        taken.add(Frame(box.frame.x + 8, box.frame.y + 6, tab_width(box.box.namespace), TAB_HEIGHT))
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


def _place(placed: PlacedLine, track: Track, taken: _Taken, crowd: _Crowd, index: int) -> Point | None:
    """On the line where it covers fewest others, else close beside it."""
    width = pill_width(placed.line.label)
    best: tuple[int, Point] | None = None
    on_line = [track.at(distance) for distance in _candidates(placed, track, width)]
    for centre in on_line if any(_has_room(c, width, taken) for c in on_line) else _beside(track, width):
        if not _has_room(centre, width, taken):
            continue
        covered = crowd.others(_around(centre, width + 2 * _GAP, PILL_HEIGHT + 2 * _GAP), index)
        if best is None or covered < best[0]:
            best = covered, centre
        if not covered:
            break
    if best is None:
        return None
    centre = round(best[1][0], 2), round(best[1][1], 2)
    taken.add(_around(centre, width, PILL_HEIGHT))
    return centre


def _has_room(centre: Point, width: float, taken: _Taken) -> bool:
    return taken.has_room(_around(centre, width + 2 * _GAP, PILL_HEIGHT + 2 * _GAP))


def _beside(track: Track, width: float) -> Iterator[Point]:
    """Points to the left and right of a short line."""
    for share in (0.5, 0.35, 0.65):
        (x, y), (dx, dy) = track.at(track.length * share), track.direction(track.length * share)
        away = abs(dy) * width / 2 + abs(dx) * PILL_HEIGHT / 2 + 6
        yield x - dy * away, y + dx * away
        yield x + dy * away, y - dx * away


def _candidates(placed: PlacedLine, track: Track, width: float) -> Iterator[float]:
    """Distances along the line, the wanted one first, at which a pill does not touch the line's ends."""
    wanted = [track.nearest(placed.label)] if placed.label else []
    wanted += [track.length * share for share in _SHARES]
    for distance in wanted:
        dx, dy = track.direction(distance)
        reach = _ENDS + (width if abs(dx) >= abs(dy) else PILL_HEIGHT) / 2
        if reach <= distance <= track.length - reach:
            yield distance


def _stops(placed: PlacedLine, track: Track, taken: _Taken) -> Iterator[float]:
    """Where the crosses stand: 20 % from each end that blocks, or nearer or farther if the place is taken."""
    if placed.line.blocked_at == "both" and not placed.line.placed:
        yield track.length / 2
        return
    usual = min(max(track.length * _STOP_SHARE, _STOP_LEAST), _STOP_MOST, track.length / 2)
    for end in ("source", "target"):
        if placed.line.blocked_at in (end, "both", ""):
            yield _stop(track, usual, taken, from_start=end == "source")


def _stop(track: Track, usual: float, taken: _Taken, *, from_start: bool) -> float:
    def place(share: float) -> float:
        away = min(usual * share, track.length / 2)
        return away if from_start else track.length - away

    for share in _STOPS:
        frame = _around(track.at(place(share)), _CROSS, _CROSS)
        if taken.has_room(frame):
            taken.add(frame)
            return place(share)
    return place(1.0)


def _around(centre: Point, width: float, height: float) -> Frame:
    return Frame(centre[0] - width / 2, centre[1] - height / 2, width, height)


def _cells(frame: Frame) -> Iterator[tuple[int, int]]:
    """The fields of a coarse grid that a frame touches."""
    for column in range(int(frame.x // _CELL), int(frame.right // _CELL) + 1):
        for row in range(int(frame.y // _CELL), int(frame.bottom // _CELL) + 1):
            yield column, row


class _Taken:
    """Places where nothing more may stand."""

    def __init__(self) -> None:
        self._frames: dict[tuple[int, int], list[Frame]] = {}

    def add(self, frame: Frame) -> None:
        for cell in _cells(frame):
            self._frames.setdefault(cell, []).append(frame)

    def has_room(self, frame: Frame) -> bool:
        return not any(frame.overlaps(other) for cell in _cells(frame) for other in self._frames.get(cell, ()))


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
            for cell in _cells(frame)
            for index, (x, y) in self._cells.get(cell, ())
            if index != own and frame.x <= x <= frame.right and frame.y <= y <= frame.bottom
        }
        return len(found)
