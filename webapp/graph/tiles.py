"""The layout of crowded pictures: namespaces as tiles in rows, in the order of their names.

Where lines are so many that they would shape nothing but a thicket, places follow from the cards alone: each namespace
keeps its place when another one is unfolded, and what is unfolded opens in a band below its row. Addresses stand at the
left where connections begin and at the right where they end, as in all pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from webapp.graph.curves import bezier_at
from webapp.graph.dotsource import Glyph, glyphs_of
from webapp.graph.elements import Scene, SceneBox
from webapp.graph.places import Frame, Layout, PlacedBox, PlacedLine, PlacedNode
from webapp.graph.routes import Frames, route
from webapp.graph.sizes import TAB_HEIGHT, card, note_width, tab_width

CROWDED = 90
"""From so many lines on, and where namespaces are nodes, a picture is laid out here."""
NOTE = "Lines are many: those of what is pointed at or selected are shown in full, with their labels."
_WINDOW = 1.55
"""How much wider than high a picture of tiles is."""
_GAP = 20.0
_INSIDE = 16.0
_MARGIN = 24.0
_AISLE = 60.0
"""Between the tiles and the addresses at their sides."""


def is_crowded(scene: Scene) -> bool:
    """Whether a scene is laid out here."""
    return scene.level == "namespaces" and sum(line.placed for line in scene.lines) >= CROWDED


def lay_out_tiles(scene: Scene) -> Layout:
    """Places for a crowded scene; the time grows with the number of cards and lines alone."""
    glyphs = list(glyphs_of(scene))
    outside = [glyph for glyph in glyphs if glyph.node.type in ("external", "everything")]
    tails = {line.tail.id for line in scene.lines if line.placed}
    left = [g for g in outside if g.side == "in" or (not g.side and g.node.id in tails)]
    right = [g for g in outside if g not in left]
    beside = 2 * (_AISLE + max((card(glyph.node).width for glyph in outside), default=-_AISLE))
    tiles = _Tiles(scene, {g.node.id: g for g in glyphs if g not in outside}, beside)
    shift = _MARGIN
    nodes = list(_column(left, tiles.height, shift))
    shift = max([shift, *(node.frame.right + _AISLE for node in nodes)])
    nodes += [PlacedNode(n.glyph, _moved(n.frame, shift, _MARGIN)) for n in tiles.nodes]
    boxes = [PlacedBox(b.box, _moved(b.frame, shift, _MARGIN)) for b in tiles.boxes]
    nodes += _column(right, tiles.height, shift + tiles.width + _AISLE)
    width = max([n.frame.right for n in nodes] + [b.frame.right for b in boxes], default=0.0) + _MARGIN
    height = max([n.frame.bottom for n in nodes] + [b.frame.bottom for b in boxes], default=0.0) + _MARGIN
    placed = Layout(width, height, tuple(nodes), tuple(boxes), (), (NOTE,), crowded=True)
    return replace(placed, lines=tuple(_lines(scene, Frames(placed))))


def _lines(scene: Scene, frames: Frames) -> Iterator[PlacedLine]:
    """Arcs, each with its label in the middle: labels are shown for a few lines at a time."""
    for line in scene.lines:
        placed = route(line, frames)
        if placed is not None:
            a, b, c, d = placed.spline
            yield replace(placed, label=bezier_at(a, b, c, d, 0.5) if line.label else None)


def _column(glyphs: Sequence[Glyph], height: float, x: float) -> Iterator[PlacedNode]:
    """Addresses from top to bottom, in the middle of the height; in several columns if they are many."""
    sizes = [card(glyph.node) for glyph in glyphs]
    tall = sum(size.height + _GAP for size in sizes)
    columns = max(1, ceil(tall / max(height, 1.0)))
    each = ceil(len(glyphs) / columns)
    for first in range(0, len(glyphs), max(each, 1)):
        part = range(first, min(first + each, len(glyphs)))
        wide = max(sizes[i].width for i in part)
        y = _MARGIN + max(0.0, (height - sum(sizes[i].height + _GAP for i in part) + _GAP) / 2)
        for i in part:
            frame = Frame(x + (wide - sizes[i].width) / 2, y, sizes[i].width, sizes[i].height)
            yield PlacedNode(glyphs[i], frame)
            y += sizes[i].height + _GAP
        x += wide + _GAP


def _moved(frame: Frame, right: float, down: float) -> Frame:
    return replace(frame, x=frame.x + right, y=frame.y + down)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An unfolded namespace: its box and cards, from its own top left corner."""

    box: SceneBox
    frame: Frame
    nodes: tuple[PlacedNode, ...]


class _Tiles:
    """Folded namespaces in rows, unfolded ones in bands below the rows in which they would stand."""

    def __init__(self, scene: Scene, glyphs: dict[str, Glyph], beside: float) -> None:
        """``beside``: the width that is taken at both sides."""
        self.nodes: list[PlacedNode] = []
        self.boxes: list[PlacedBox] = []
        boxes = {box.namespace: box for box in scene.boxes}
        names = sorted(boxes.keys() | {g.node.namespace for g in glyphs.values()})
        folded = {g.node.namespace: g for g in glyphs.values() if g.node.namespace not in boxes}
        sizes = {name: card(glyph.node) for name, glyph in folded.items()}
        wide = max((size.width for size in sizes.values()), default=200.0) + _GAP
        tall = max((size.height for size in sizes.values()), default=60.0) + _GAP
        columns = _columns(len(names), wide, tall, beside)
        self.width = columns * wide - _GAP
        opened = {name: _open(box, glyphs, self.width) for name, box in boxes.items()}
        area = sum((each.frame.width + _GAP) * (each.frame.height + _GAP) for each in opened.values())
        self._widest = max(self.width, sqrt(area * _WINDOW))
        y = 0.0
        waiting: list[_Opened] = []
        for first in range(0, len(names), columns):
            row = names[first : first + columns]
            y = self._row(row, folded, wide, y)
            waiting += [opened[name] for name in row if name in opened]
            if any(name in folded for name in names[first + columns :]):  # rows follow: what is open stands before them
                y, waiting = self._band(waiting, y), []
        y = self._band(waiting, y)
        self.height = max(y - _GAP, 0.0)
        self.width = max([self.width, *(box.frame.right for box in self.boxes)])

    def _row(self, names: Iterable[str], folded: dict[str, Glyph], wide: float, y: float) -> float:
        """Each in its column; those that are unfolded leave theirs free. The new lower end."""
        lowest = y
        for column, name in enumerate(names):
            if name in folded:
                size = card(folded[name].node)
                self.nodes.append(PlacedNode(folded[name], Frame(column * wide, y, size.width, size.height)))
                lowest = max(lowest, y + size.height + _GAP)
        return lowest

    def _band(self, opened: Iterable[_Opened], y: float) -> float:
        """Boxes side by side, in as many lines as they need. The new lower end."""
        x, line = 0.0, 0.0
        for each in opened:
            if x and x + each.frame.width > self._widest:
                x, y, line = 0.0, y + line + _GAP, 0.0
            self.boxes.append(PlacedBox(each.box, _moved(each.frame, x, y)))
            self.nodes += [PlacedNode(node.glyph, _moved(node.frame, x, y)) for node in each.nodes]
            x += each.frame.width + _GAP
            line = max(line, each.frame.height)
        return y + line + _GAP if x else y


def _columns(count: int, wide: float, tall: float, beside: float) -> int:
    """How many columns let a picture of so many tiles be shown largest in a window."""
    return max(
        range(1, count + 1),
        key=lambda columns: min(_WINDOW / (columns * wide + beside), 1 / (ceil(count / columns) * tall)),
        default=1,
    )


def _open(box: SceneBox, glyphs: dict[str, Glyph], widest: float) -> _Opened:
    """Cards in columns of one width, in the form of a window."""
    members = [glyphs[identity] for identity in box.nodes]
    sizes = [card(glyph.node) for glyph in members]
    wide = max((size.width for size in sizes), default=0.0) + _GAP
    tall = max((size.height for size in sizes), default=0.0) + _GAP
    fitting = max(1, int((widest - 2 * _INSIDE + _GAP) // wide))
    columns = min(max(1, round(sqrt(len(members) * tall * 2.2 / wide))), fitting)
    nodes = [
        PlacedNode(
            glyph,
            Frame(_INSIDE + i % columns * wide, _INSIDE + TAB_HEIGHT + i // columns * tall, size.width, size.height),
        )
        for i, (glyph, size) in enumerate(zip(members, sizes, strict=True))
    ]
    width = max(columns * wide - _GAP, tab_width(box.namespace) + note_width(box.note)) + 2 * _INSIDE
    height = ceil(len(members) / columns) * tall - _GAP + TAB_HEIGHT + 2 * _INSIDE
    return _Opened(box, Frame(0, 0, width, height), tuple(nodes))
