"""How large things are drawn, in pixels: the one place that both the layout and the drawing ask."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.graph.elements import SceneNode
from webapp.graph.text import fit, visible, width_px

NAME_PX = 15.0
SMALL_PX = 12.0
TAB_PX = 13.0
PAD = 13.0
LOCK = 12.0
LINE_HEIGHT = 16.0
BADGE_HEIGHT = 16.0
BESIDE = 8.0
WIDEST_BESIDE = 136.0
PILL_HEIGHT = 19.0
TAB_HEIGHT = 24.0
POINT = 22.0
"""The space at the left and the right of a hexagon's texts."""
HEXAGON_INSET = 16.0
"""How far the points of a hexagon reach beyond its upper and lower edge."""
CLEARANCE = 6.0
"""Lines that pass a card keep this far above and below it."""
WIDEST_TEXT = 230.0


@dataclass(frozen=True, slots=True)
class Card:
    """The texts of a node, cut to size, and the size of its card."""

    name: str
    lines: tuple[str, ...]
    badges: tuple[str, ...]
    width: float
    height: float
    beside: bool
    """The one badge stands beside the last line, not below it."""


def card(node: SceneNode) -> Card:
    """What stands on the card of a node, and how large it is."""
    name = fit(node.label, WIDEST_TEXT, NAME_PX, bold=True)
    lines = tuple(fit(line, WIDEST_TEXT, SMALL_PX) for line in node.lines)
    seal = 0.0 if node.type in ("external", "everything") else LOCK + 10
    name_width = width_px(name, NAME_PX, bold=True) + seal
    line_width = max((width_px(line, SMALL_PX) for line in lines), default=0.0)
    badges_width = sum(badge_width(badge) + 5 for badge in node.badges)
    last = width_px(lines[-1], SMALL_PX) + BESIDE + badges_width if lines else WIDEST_BESIDE
    beside = len(node.badges) == 1 and last <= max(name_width, WIDEST_BESIDE)
    if beside:
        badges_width = last
    side = POINT if node.type in ("external", "everything") else PAD
    width = max(name_width, line_width, badges_width, 64.0) + 2 * side
    height = 28 + LINE_HEIGHT * len(lines) + (BADGE_HEIGHT + 4 if node.badges and not beside else 0)
    return Card(name, lines, node.badges, float(round(width)), max(height, 36.0), beside)


def badge_width(badge: str) -> float:
    """The width of a small mark on a card."""
    return width_px(badge, SMALL_PX - 1) + 10


def pill_width(label: str) -> float:
    """The width of the label of a line; 0 without one."""
    return round(width_px(label, SMALL_PX) + 14) if label else 0.0


def tab_text(namespace: str) -> str:
    """The title of a box."""
    return fit(namespace, 260, TAB_PX, bold=True)


def tab_width(namespace: str) -> float:
    """The width of the tab with the title of a box."""
    return round(width_px(tab_text(namespace), TAB_PX, bold=True) + 22)


def note_width(note: str) -> float:
    """The width of the note beside the tab of a box."""
    return round(width_px(visible(note), SMALL_PX) + 12) if note else 0.0
