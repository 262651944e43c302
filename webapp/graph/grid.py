"""The layout without an engine: boxes in rows, cards in a grid, arcs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, sqrt

from webapp.graph.dotsource import Glyph
from webapp.graph.elements import Scene, SceneBox
from webapp.graph.places import Frame, Layout, PlacedBox, PlacedNode
from webapp.graph.sizes import TAB_HEIGHT, card, note_width, tab_width

_GAP = 36.0
_INSIDE = 20.0


def lay_out_grid(scene: Scene, glyphs: Sequence[Glyph], note: str) -> Layout:
    """A plain but complete picture, in time linear in the number of nodes."""
    by_id = {glyph.node.id: glyph for glyph in glyphs}
    boxed = {identity for box in scene.boxes for identity in box.nodes}
    tiles: list[tuple[SceneBox | None, list[PlacedNode], float, float]] = []
    for box in scene.boxes:
        nodes, width, height = _fill([by_id[identity] for identity in box.nodes])
        width = max(width, tab_width(box.namespace) + note_width(box.note))
        tiles.append((box, nodes, width + 2 * _INSIDE, height + 2 * _INSIDE + TAB_HEIGHT))
    for glyph in glyphs:
        if glyph.node.id not in boxed:
            nodes, width, height = _fill([glyph])
            tiles.append((None, nodes, width, height))
    return _pack(tiles, note)


def _fill(glyphs: Sequence[Glyph]) -> tuple[list[PlacedNode], float, float]:
    """Cards in a square, in columns of one width."""
    sizes = [card(glyph.node) for glyph in glyphs]
    columns = ceil(sqrt(len(glyphs)))
    width = max(size.width for size in sizes)
    height = max(size.height for size in sizes)
    placed = [
        PlacedNode(glyph, Frame(i % columns * (width + _GAP), i // columns * (height + _GAP), size.width, size.height))
        for i, (glyph, size) in enumerate(zip(glyphs, sizes, strict=True))
    ]
    rows = ceil(len(glyphs) / columns)
    return placed, columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP


def _pack(tiles: list[tuple[SceneBox | None, list[PlacedNode], float, float]], note: str) -> Layout:
    """Tiles side by side in rows of about the width of a square picture."""
    limit = max(sqrt(sum(width * height for _, _, width, height in tiles)) * 1.5, 600.0)
    x = y = _GAP
    row_height = right = 0.0
    nodes: list[PlacedNode] = []
    boxes: list[PlacedBox] = []
    for box, members, width, height in tiles:
        if x > _GAP and x + width > limit:
            x, y, row_height = _GAP, y + row_height + _GAP, 0.0
        shift_x, shift_y = (x + _INSIDE, y + _INSIDE + TAB_HEIGHT) if box else (x, y)
        if box:
            boxes.append(PlacedBox(box, Frame(x, y, width, height)))
        for member in members:
            frame = replace(member.frame, x=member.frame.x + shift_x, y=member.frame.y + shift_y)
            nodes.append(PlacedNode(member.glyph, frame))
        x += width + _GAP
        right, row_height = max(right, x), max(row_height, height)
    return Layout(right, y + row_height + _GAP, tuple(nodes), tuple(boxes), (), (note,))
