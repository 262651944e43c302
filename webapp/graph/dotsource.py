"""The question for the layout engine: a DOT text of our own ids and numbers only, so no input can reach its grammar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.graph.elements import Anchor, Line, Scene, SceneNode
from webapp.graph.sizes import TAB_HEIGHT, card, note_width, pill_width, tab_width

POINTS_PER_INCH = 72
MOST_LABELLED = 600
"""Above so many lines their labels take no part in the layout: they would cost ten times its time."""


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
    lines: tuple[Line, ...]
    labelled: bool


def ask_dot(scene: Scene) -> Question:
    """The question for a scene. Equal scenes give equal texts; lines that are not `placed` have no part in it."""
    glyphs = tuple(_glyphs(scene))
    names = {(glyph.node.id, glyph.side): f"n{index}" for index, glyph in enumerate(glyphs)}
    lines = tuple(line for line in (*scene.lines, *scene.hidden) if line.placed)
    lines = tuple(sorted(lines, key=_order))
    labelled = len(lines) <= MOST_LABELLED
    text = [
        "digraph{graph[rankdir=LR compound=true splines=true nodesep=0.32 ranksep=0.62 forcelabels=false]",
        'node[shape=box fixedsize=true label=""]edge[arrowhead=none]',
    ]
    boxed = {i for box in scene.boxes for i in box.nodes}
    for index, box in enumerate(scene.boxes):
        width = tab_width(box.namespace) + note_width(box.note)
        text.append(f"subgraph c{index}{{cluster=true margin=18 labeljust=l label={_space(width, TAB_HEIGHT)}")
        text += [_node(names[i, ""], next(g for g in glyphs if g.node.id == i)) for i in box.nodes]
        text.append("}")
    text += [_node(name, g) for g, name in zip(glyphs, names.values(), strict=True) if g.node.id not in boxed]
    boxes = {box.namespace: (f"c{i}", box.nodes) for i, box in enumerate(scene.boxes)}
    text += [_edge(index, line, names, boxes, labelled) for index, line in enumerate(lines)]
    return Question("\n".join([*text, "}"]), glyphs, lines, labelled)


def _order(line: Line) -> tuple[object, ...]:
    return (line.tail.id, line.head.id, line.tail.is_box, line.head.is_box, line.look, line.label)


def _glyphs(scene: Scene) -> Iterator[Glyph]:
    for node in scene.nodes:
        if node.split:
            yield Glyph(node, "in")
            yield Glyph(node, "out")
        else:
            yield Glyph(node)


def _node(name: str, glyph: Glyph) -> str:
    size = card(glyph.node)
    return f"{name}[width={size.width / POINTS_PER_INCH:.4f} height={size.height / POINTS_PER_INCH:.4f}]"


def _space(width: float, height: float) -> str:
    """An empty label that takes up room."""
    return f'<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}"><TR><TD></TD></TR></TABLE>>'


def _edge(
    index: int,
    line: Line,
    names: dict[tuple[str, str], str],
    boxes: dict[str, tuple[str, tuple[str, ...]]],
    labelled: bool,
) -> str:
    attributes = [f"id=e{index}"]
    tail = _end(line.tail, "in", "ltail", names, boxes, attributes)
    head = _end(line.head, "out", "lhead", names, boxes, attributes)
    if line.label and labelled:
        attributes.append(f"label={_space(pill_width(line.label), 20)}")
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
