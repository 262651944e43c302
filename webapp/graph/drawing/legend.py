"""The foot of an exported picture: what the signs mean (those that occur), the notes, and who drew it."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.graph.curves import Track, straight
from webapp.graph.drawing.glyphs import arrow, bar, cross, door, padlock, question
from webapp.graph.drawing.lines import DASH_BLOCKED, DASH_UNKNOWN, ROLES, WIDTHS
from webapp.graph.drawing.markup import tag
from webapp.graph.drawing.pen import Pen
from webapp.graph.elements import Scene
from webapp.graph.marks import BARE, MUTE, SHUT, kind_of
from webapp.graph.places import Layout
from webapp.graph.sizes import SMALL_PX
from webapp.graph.text import visible, width_px
from webapp.graph.wording import plural

_ROW = 22.0
_SAMPLE = 44.0
_MARGIN = 24.0
_LEAST_WIDTH = 640.0

Entry = tuple[str, str]
_MARKS = {
    "shut": f"{SHUT}: something publishes it, and policies let nothing in",
    "bare": f"{BARE}: policies do not keep it out, and nothing publishes it",
    "mute": f"{MUTE}: it may not resolve names",
}
"""The badges that have a colour."""


def draw_legend(
    pen: Pen, scene: Scene, layout: Layout, *, title: str, top: float, version: str
) -> tuple[str, float, float]:
    """The markup, and the width and height that it takes."""
    width = max(layout.width, _LEAST_WIDTH)
    x, y = _MARGIN, top + 20
    rule = f"M{_MARGIN:.0f},{top + 2:.1f}H{width - _MARGIN:.1f}"
    parts = [tag("path", {"d": rule, **pen.paint("", "box-edge", 1.0)})]
    for kind, text in _entries(scene):
        wide = _SAMPLE + 8 + width_px(text, SMALL_PX) + 22
        if x > _MARGIN and x + wide > width - _MARGIN:
            x, y = _MARGIN, y + _ROW
        parts.append(_sample(pen, kind, x, y))
        parts.append(pen.text(x + _SAMPLE + 8, y + 4, text, SMALL_PX, "muted"))
        x += wide
    y += _ROW + 4
    for sentence in (*scene.notes, *layout.notes):
        for line in _wrapped(visible(sentence), width - 2 * _MARGIN):
            parts.append(pen.text(_MARGIN, y, line, SMALL_PX, "muted"))
            y += 16
    counts = scene.counts
    told = f"{plural(counts['workloads'], 'workload')} · {plural(counts['pairs_allowed'], 'allowed connection')}"
    parts.append(pen.text(_MARGIN, y + 4, f"{title} · {told} · netpolmap {version}", SMALL_PX, "faint"))
    return tag("g", {"class": "legend"}, *parts), width, y + 24 - top


def _entries(scene: Scene) -> Iterator[Entry]:
    looks = {line.look for line in scene.lines}
    doors = {kind for line in scene.lines for kind in line.doors}
    stops = {line.blocked_at for line in scene.lines if line.look == "blocked"}
    if "allowed" in looks:
        yield "allowed", "allowed, with its ports"
    if "dns" in looks:
        yield "dns", "name resolution (DNS)"
    if "open" in looks:
        yield "open", "open: no policy at either end"
    if stops:
        yield "blocked", "blocked, stops at the end that blocks"
    if "unknown" in looks:
        yield "unknown", "unknown"
    if "key" in doors:
        yield "key", "a rule opens this end"
    if "ring" in doors:
        yield "ring", "no policy at this end"
    if any(node.isolated_ingress for node in scene.nodes):
        yield "gate-in", "thick left edge: ingress isolated"
    if any(node.isolated_egress for node in scene.nodes):
        yield "gate-out", "thick right edge: egress isolated"
    if any(node.open for node in scene.nodes):
        yield "unlocked", "open: no policy isolates it"
    if any(node.doubtful for node in scene.nodes):
        yield "doubt", "unknown whether a policy isolates it"
    marks = {kind_of(badge) for node in scene.nodes for badge in node.badges}
    yield from ((kind, text) for kind, text in _MARKS.items() if kind in marks)


def _sample(pen: Pen, kind: str, x: float, y: float) -> str:
    line = straight((x, y), (x + _SAMPLE, y))
    track = Track(line)
    if kind in ("allowed", "dns", "open", "unknown"):
        role, dash = ROLES[kind], DASH_UNKNOWN if kind == "unknown" else None
        body = pen.curve(track.part(0, _SAMPLE - 8), role, WIDTHS[kind], dash)
        return body + arrow(pen, (x + _SAMPLE, y), (1.0, 0.0), role, hollow=kind == "open")
    if kind == "blocked":
        trace = pen.curve(track.part(0, _SAMPLE - 6), "blocked", 1.1, "1.5 4", 0.6)
        stop = bar(pen, (x + 28, y), (1.0, 0.0)) + cross(pen, (x + 28, y))
        return trace + pen.curve(track.part(0, 26), "blocked", 1.8, DASH_BLOCKED) + stop
    if kind in ("key", "ring"):
        return door(pen, kind, (x + _SAMPLE - 6, y), (1.0, 0.0), "allowed")
    if kind == "unlocked":
        return padlock(pen, x + _SAMPLE - 14, y - 7, "open", closed=False)
    if kind == "doubt":
        return question(pen, (x + _SAMPLE - 8, y), "unknown")
    if kind in _MARKS:
        return pen.rect(
            x + 14, y - 6, _SAMPLE - 16, 12, 6, pen.paint("badge", "blocked" if kind == "shut" else "open", 1)
        )
    card = pen.rect(x + 14, y - 8, _SAMPLE - 16, 16, 4, pen.paint("card", "card-edge", 1.2))
    edge = x + 14 if kind == "gate-in" else x + _SAMPLE - 2
    return card + pen.rect(edge - 2, y - 6, 4, 12, 2, pen.paint("gate", ""))


def _wrapped(text: str, limit: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_px(longer, SMALL_PX) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
