"""Boxes and cards."""

from __future__ import annotations

from collections.abc import Callable

from webapp.graph.curves import Point
from webapp.graph.drawing.glyphs import globe, padlock, question
from webapp.graph.drawing.markup import Attribute, escaped, tag
from webapp.graph.drawing.pen import Pen
from webapp.graph.elements import SceneNode
from webapp.graph.marks import kind_of, role_of, spoken
from webapp.graph.places import Frame, PlacedBox, PlacedNode
from webapp.graph.sizes import (
    BADGE_HEIGHT,
    BESIDE,
    HEXAGON_INSET,
    LINE_HEIGHT,
    LOCK,
    NAME_PX,
    PAD,
    SMALL_PX,
    TAB_HEIGHT,
    TAB_PX,
    Card,
    badge_width,
    card,
    tab_text,
    tab_width,
)
from webapp.graph.text import visible, width_px
from webapp.graph.wording import plural


def draw_box(pen: Pen, placed: PlacedBox) -> str:
    """The box of a namespace with its title in a tab."""
    frame, box = placed.frame, placed.box
    tab = tab_width(box.namespace)
    title = [
        pen.rect(frame.x + 10, frame.y + 9, tab, TAB_HEIGHT - 2, 6, pen.paint("tab", "")),
        pen.text(frame.x + 21, frame.y + 24.5, tab_text(box.namespace), TAB_PX, "ink", bold=True),
    ]
    parts = [
        pen.rect(frame.x, frame.y, frame.width, frame.height, 12, pen.paint("box", "box-edge", 1.2)),
        tag("g", {"class": "tab"}, *title),
    ]
    if box.note:
        parts.append(pen.text(frame.x + tab + 20, frame.y + 24, visible(box.note), SMALL_PX, "muted", kind="small"))
    attributes: dict[str, Attribute] = {"class": "namespace", "data-namespace": box.namespace}
    return tag("g", attributes, *parts)


def draw_node(pen: Pen, placed: PlacedNode, *, focus: int | None) -> str:
    """A card. ``focus``: its place in the order of the Tab key (0 or -1), or None in an export."""
    node = placed.glyph.node
    shape = _SHAPES[node.type](pen, node, placed.frame)
    state = "open" if node.open else "doubtful" if node.doubtful else ""
    marks = dict.fromkeys(kind_of(badge) for badge in node.badges)
    attributes: dict[str, Attribute] = {
        "class": " ".join(filter(None, ["node", node.type, state, *marks])),
        "data-node": node.id,
        "data-side": placed.glyph.side or None,
        "tabindex": str(focus) if focus is not None else None,
        "role": "button" if focus is not None else None,
        "aria-label": describe(node),
    }
    return tag("g", attributes, tag("title", {}, escaped(describe(node))), *shape)


def describe(node: SceneNode) -> str:
    """A node in one line, for screen readers and tooltips."""
    if node.type == "everything":
        return "Everything: all workloads and addresses that may connect"
    if node.type == "external":
        return f"{node.label}, addresses outside"
    if node.type == "namespace":
        return f"namespace {node.label}, {', '.join((*node.lines, *node.badges))}"
    if node.type == "group":
        told = (node.label, f"namespace {node.namespace}", isolation_words(node), *map(spoken, node.badges))
        return ", ".join(told)
    parts = [node.label, node.kind, f"namespace {node.namespace}"]
    if node.pods != 1:
        parts.append(plural(node.pods, "pod"))
    parts.append(isolation_words(node))
    return ", ".join([*parts, *map(spoken, node.badges)])


def isolation_words(node: SceneNode) -> str:
    """Whether policies isolate a workload, each direction named where they differ."""
    if node.ingress != node.egress:
        return f"ingress {node.ingress}, egress {node.egress}"
    return {
        "limited": "limited by policies of the Admin or Baseline tier",
        "isolated": "isolated for ingress and egress",
        "unknown": "unknown whether a policy isolates it",
        "open": "open: no policy isolates it",
    }[node.ingress]


def _workload(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    texts = card(node)
    parts = [
        pen.rect(frame.x, frame.y + 2, frame.width, frame.height, 8, pen.paint("shade", "")),
        pen.rect(frame.x, frame.y, frame.width, frame.height, 8, _outline(pen, node)),
        *_gates(pen, node, frame),
        *_seal(pen, node, frame),
    ]
    return parts + _texts(pen, texts, frame, frame.x + PAD)


def _outline(pen: Pen, node: SceneNode) -> dict[str, Attribute]:
    """Dashed: open. Dotted: whether it is open is unknown."""
    if node.open:
        return pen.paint("card", "open", 1.6, "5 3")
    return pen.paint("card", "unknown", 1.8, "2 3") if node.doubtful else pen.paint("card", "card-edge", 1.2)


def _seal(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    """The sign in the corner: a padlock, shut or open, or a question mark."""
    x, y = frame.right - PAD - LOCK + 2, frame.y + 10
    if node.doubtful:
        sign = question(pen, (x + LOCK / 2, y + LOCK / 2 + 0.5), "unknown")
    elif node.open or (node.isolated_ingress and node.isolated_egress):
        sign = padlock(pen, x, y, "open" if node.open else "gate", closed=not node.open)
    else:
        return []
    return [tag("g", {"class": "seal"}, sign)]


def _gates(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    """A thick left edge: ingress is isolated; a thick right edge: egress is."""
    gates = []
    for shut, x in ((node.isolated_ingress, frame.x), (node.isolated_egress, frame.right)):
        if shut:
            gates.append(pen.rect(x - 2.5, frame.y + 5, 5, frame.height - 10, 2.5, pen.paint("gate", "")))
    return gates


_RIM = 8.0
"""Names keep this far from the edges of their card, however large they are written."""
_FAR = ((1.5, "name far-3"), (1.3, "name far-2"), (1.12, "name far-1"))


def _name_kind(texts: Card, room: float) -> str:
    """How much larger a name may be written where the picture is seen from far and nothing else stands on the card."""
    width = width_px(texts.name, NAME_PX, bold=True)
    return next((kind for factor, kind in _FAR if width * factor <= room), "name")


def _texts(pen: Pen, texts: Card, frame: Frame, x: float) -> list[str]:
    y = frame.y + 21
    parts = [pen.text(x, y, texts.name, NAME_PX, "ink", bold=True, kind=_name_kind(texts, frame.width - 2 * _RIM))]
    for index, line in enumerate(texts.lines):
        y += LINE_HEIGHT
        parts.append(pen.text(x, y, line, SMALL_PX, "muted", kind="small" if index else "small first"))
    if texts.beside:
        x, y = x + width_px(texts.lines[-1], SMALL_PX) + BESIDE, y - BADGE_HEIGHT - 3.5
    for badge in texts.badges:
        width = badge_width(badge)
        paint = pen.paint("badge", role_of(badge), 1)
        rect = pen.rect(x, y + 7, width, BADGE_HEIGHT, BADGE_HEIGHT / 2, paint)
        text = pen.text(x + width / 2, y + 19, badge, SMALL_PX - 1, "ink", anchor="middle", kind="small")
        parts.append(tag("g", {"class": "badge"}, rect, text))
        x += width + 5
    return parts


def _hexagon(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    texts = card(node)
    inset = HEXAGON_INSET
    middle = frame.y + frame.height / 2
    points: list[Point] = [
        (frame.x, middle),
        (frame.x + inset, frame.y),
        (frame.right - inset, frame.y),
        (frame.right, middle),
        (frame.right - inset, frame.bottom),
        (frame.x + inset, frame.bottom),
    ]
    x, y = frame.centre[0], frame.y + (frame.height + 9) / 2
    parts = [pen.polygon(points, pen.paint("tab", "card-edge", 1.4))]
    if texts.lines:
        y = frame.y + 21
        parts += [
            pen.text(x, y + LINE_HEIGHT * (i + 1), line, SMALL_PX, "muted", anchor="middle", kind="small")
            for i, line in enumerate(texts.lines)
        ]
    if node.id in ("internet", "internet-v6"):
        width = width_px(texts.name, NAME_PX, bold=True) / 1.06
        parts.append(tag("g", {"class": "seal"}, globe(pen, (x - width / 2 - 4, y - 4.5), 6, "muted")))
        x += 9
    kind = _name_kind(texts, frame.width - 2 * inset)
    parts.append(pen.text(x, y, texts.name, NAME_PX, "ink", bold=True, anchor="middle", kind=kind))
    return parts


def _everything(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    texts = card(node)
    x, y = frame.centre[0], frame.y + 21
    parts = [
        pen.rect(frame.x, frame.y, frame.width, frame.height, frame.height / 2, pen.paint("card", "open", 1.6, "5 3")),
        pen.text(x, y, texts.name, NAME_PX, "ink", bold=True, anchor="middle"),
    ]
    lines = enumerate(texts.lines, 1)
    return parts + [pen.text(x, y + LINE_HEIGHT * i, line, SMALL_PX, "muted", anchor="middle") for i, line in lines]


def _namespace(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    """A folded namespace: a stack of cards."""
    return [
        pen.rect(frame.x + 6, frame.y + 6, frame.width, frame.height, 10, pen.paint("tab", "box-edge", 1)),
        pen.rect(frame.x + 3, frame.y + 3, frame.width, frame.height, 10, pen.paint("box", "box-edge", 1)),
        pen.rect(frame.x, frame.y, frame.width, frame.height, 10, _outline(pen, node)),
        *_gates(pen, node, frame),
        *_seal(pen, node, frame),
        *_texts(pen, card(node), frame, frame.x + PAD),
    ]


def _group(pen: Pen, node: SceneNode, frame: Frame) -> list[str]:
    """Workloads that are alike: a card with another behind it."""
    behind = pen.rect(frame.x + 4, frame.y + 4, frame.width, frame.height, 8, pen.paint("card", "card-edge", 1))
    return [behind, *_workload(pen, node, frame)[1:]]


_SHAPES: dict[str, Callable[[Pen, SceneNode, Frame], list[str]]] = {
    "workload": _workload,
    "external": _hexagon,
    "everything": _everything,
    "namespace": _namespace,
    "group": _group,
}
