"""The question for the layout engine: a DOT text of our own ids and numbers only, so no input can reach its grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from webapp.graph.elements import Anchor, Line, Scene, SceneBox, SceneNode
from webapp.graph.refining import NO_HINTS, Hints
from webapp.graph.sizes import CLEARANCE, TAB_HEIGHT, card, note_width, pill_width, tab_width

POINTS_PER_INCH = 72
MOST_LABELLED = 150
"""Above so many lines their labels take no part in the layout: they would cost ten times its time."""
MOST_LAID_OUT = 250
"""So many lines, those for most pairs first, shape the layout; the others are laid over it."""
_WEIGHTS = {"allowed": 0, "open": 1, "dns": 2, "unknown": 3, "blocked": 4}
_TABLE = (
    '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" WIDTH="{:.2f}" HEIGHT="{:.2f}">'
)
_CORNER = 7.0
"""Lines keep this far from the corners of a card."""
WIDEST_BLOCK = 4
"""So many cards without a line stand side by side at most."""
_WINDOW = 1.5
"""How much wider than high a block of such cards is."""
_GAP = 24.0
"""About what lies between two cards."""
ROOMY = 20
"""Up to so many lines the picture is spaced widely."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A node as it is drawn; a split node has two, ``side`` "in" at the left and "out" at the right."""

    node: SceneNode
    side: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The DOT text, and what its n0.., c0.., e0.. stand for."""

    source: str
    glyphs: tuple[Glyph, ...]
    boxes: tuple[SceneBox, ...]
    lines: tuple[Line, ...]
    labelled: bool

    @property
    def boxed(self) -> tuple[frozenset[int], frozenset[int]]:
        """The numbers of the lines that begin, and of those that end, at a box."""
        ends = [(line.tail.is_box, line.head.is_box) for line in self.lines]
        return (
            frozenset(i for i, (tail, _) in enumerate(ends) if tail),
            frozenset(i for i, (_, head) in enumerate(ends) if head),
        )


def ask_dot(scene: Scene, hints: Hints = NO_HINTS) -> Question:
    """The question for a scene. Equal scenes give equal texts; lines that are not `placed` have no part in it.

    Lines leave a card at its right edge and arrive at the left one, each at the place that the hints give it, but for
    those that are free.
    """
    # From left to right `dot` stacks upwards: the order is turned round, so that the first stands at the top.
    glyphs = tuple(glyphs_of(scene))[::-1]
    boxes = scene.boxes[::-1]
    names = {(glyph.node.id, glyph.side): f"n{index}" for index, glyph in enumerate(glyphs)}
    placed = [line for line in (*scene.lines, *scene.hidden) if line.placed]
    lines = tuple(sorted(sorted(placed, key=_rank)[:MOST_LAID_OUT], key=_order))
    labelled = len(lines) <= MOST_LABELLED
    text = [
        f"digraph{{graph[rankdir=LR compound=true {_spacing(len(lines))} forcelabels=false]",
        'node[shape=box fixedsize=true label=""]edge[arrowhead=none]',
    ]
    boxed = {i for box in scene.boxes for i in box.nodes}
    by_id = {glyph.node.id: glyph for glyph in glyphs}
    connected = {end.id for line in lines for end in (line.tail, line.head) if not end.is_box}
    for index, box in enumerate(boxes):
        width = tab_width(box.namespace) + note_width(box.note)
        text.append(f"subgraph c{index}{{cluster=true margin=14 labeljust=l label={_space(width, TAB_HEIGHT)}")
        text += [_node(names[i, ""], by_id[i], hints) for i in reversed(box.nodes)]
        text += _rows({names[i, ""]: by_id[i] for i in box.nodes if i not in connected}, WIDEST_BLOCK)
        text.append("}")
    text += [_node(name, g, hints) for g, name in zip(glyphs, names.values(), strict=True) if g.node.id not in boxed]
    alone = {names[g.node.id, g.side]: g for g in reversed(glyphs) if g.node.id not in boxed | connected}
    text += _rows(alone, 2 * WIDEST_BLOCK)
    clusters = {box.namespace: (f"c{i}", box.nodes) for i, box in enumerate(boxes)}
    text += [_edge(index, line, names, clusters, labelled, hints) for index, line in enumerate(lines)]
    return Question("\n".join([*text, "}"]), glyphs, boxes, lines, labelled)


def _rows(glyphs: Mapping[str, Glyph], widest: int) -> Iterator[str]:
    """Cards without a line would all stand in one tall column: invisible lines make a block of them, of the form of a
    window."""
    names, sizes = list(glyphs), [card(glyph.node) for glyph in glyphs.values()]
    width = 1
    if len(names) >= 4:
        tall, wide = sum(size.height + _GAP for size in sizes), sum(size.width + 2 * _GAP for size in sizes)
        width = min(max(round(sqrt(_WINDOW * len(names) * tall / wide)), 2), widest)
    for first in range(0, len(names), width):
        row = names[first : first + width]
        if len(row) > 1:
            yield f"{'->'.join(row)}[style=invis]"


def _spacing(lines: int) -> str:
    """Small pictures have room to breathe; large ones must stay readable when they are made to fit a page."""
    return "nodesep=0.42 ranksep=0.74" if lines <= ROOMY else "nodesep=0.18 ranksep=0.56"


def _rank(line: Line) -> tuple[object, ...]:
    return (_WEIGHTS[line.look], -line.pairs, _order(line))


def _order(line: Line) -> tuple[object, ...]:
    return (line.tail.id, line.head.id, line.tail.is_box, line.head.is_box, line.look, line.label)


def glyphs_of(scene: Scene) -> Iterator[Glyph]:
    """The nodes of a scene as they are drawn: those that are split, twice."""
    for node in filter(lambda each: each.drawn, scene.nodes):
        if node.split:
            yield Glyph(node, "in")
            yield Glyph(node, "out")
        else:
            yield Glyph(node)


def _node(name: str, glyph: Glyph, hints: Hints) -> str:
    size = card(glyph.node)
    width, height = size.width, size.height + 2 * CLEARANCE
    if name not in hints.sizes:
        return f"{name}[width={width / POINTS_PER_INCH:.4f} height={height / POINTS_PER_INCH:.4f}]"
    sides = zip("io", hints.sizes[name], strict=True)
    columns = "".join(_column(side, count, width / 2, height) for side, count in sides)
    return f"{name}[shape=plain fixedsize=false label=<{_TABLE.format(width, height)}<TR>{columns}</TR></TABLE>>]"


def _column(side: str, count: int, width: float, height: float) -> str:
    """Half a card: its places from top to bottom, clear of the corners."""
    inner = height - 2 * (CLEARANCE + _CORNER)
    steps = [(f'PORT="{side}{place}"', inner / max(count, 1)) for place in range(max(count, 1))]
    rows = [("", CLEARANCE + _CORNER), *steps, ("", CLEARANCE + _CORNER)]
    cells = "".join(
        f'<TR><TD {port} FIXEDSIZE="TRUE" WIDTH="{width:.2f}" HEIGHT="{tall:.2f}"></TD></TR>' for port, tall in rows
    )
    return f"<TD>{_TABLE.format(width, height)}{cells}</TABLE></TD>"


def _space(width: float, height: float) -> str:
    """An empty label that takes up room."""
    return f'<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}"><TR><TD></TD></TR></TABLE>>'


def _edge(
    index: int,
    line: Line,
    names: dict[tuple[str, str], str],
    boxes: dict[str, tuple[str, tuple[str, ...]]],
    labelled: bool,
    hints: Hints,
) -> str:
    attributes = [f"id=e{index}"]
    if index not in hints.free:
        tail_place, head_place = hints.tails.get(index), hints.heads.get(index)
        attributes.append("tailport=e" if tail_place is None else f'tailport="o{tail_place}:e"')
        attributes.append("headport=w" if head_place is None else f'headport="i{head_place}:w"')
    tail = _end(line.tail, "in", "ltail", names, boxes, attributes)
    head = _end(line.head, "out", "lhead", names, boxes, attributes)
    if labelled and (line.label or line.look == "blocked"):
        attributes.append(f"label={_space(pill_width(line.label) or 24, 20)}")
    if line.look in ("dns", "open", "unknown", "blocked"):
        attributes.append(f"weight={0 if line.look == 'blocked' else 1}")
    else:
        attributes.append("weight=4")
    return f"{tail}->{head}[{' '.join(attributes)}]"


def _end(
    anchor: Anchor,
    side: str,
    clip: str,
    names: dict[tuple[str, str], str],
    boxes: dict[str, tuple[str, tuple[str, ...]]],
    attributes: list[str],
) -> str:
    if not anchor.is_box:
        return names.get((anchor.id, ""), "") or names[anchor.id, side]
    cluster, nodes = boxes[anchor.id]
    attributes.append(f"{clip}={cluster}")
    return names[nodes[len(nodes) // 2], ""]
