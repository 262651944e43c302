"""Lines: what each look means in colour, dashes, ends and signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from webapp.graph.curves import Track
from webapp.graph.drawing.glyphs import DOOR, arrow, bar, cross, door
from webapp.graph.drawing.markup import Attribute, escaped, path_data, tag
from webapp.graph.drawing.pen import Pen
from webapp.graph.elements import EVERYTHING, Line
from webapp.graph.places import PlacedLine
from webapp.graph.sizes import PILL_HEIGHT, SMALL_PX, pill_width

ROLES: Mapping[str, str] = MappingProxyType(
    {"allowed": "allowed", "open": "open", "dns": "faint", "blocked": "blocked", "unknown": "unknown"}
)
WIDTHS: Mapping[str, float] = MappingProxyType(
    {"allowed": 2.0, "open": 1.8, "dns": 1.3, "blocked": 1.8, "unknown": 2.0}
)
DASH_BLOCKED = "6 4"
DASH_UNKNOWN = "0.1 5"
_ARROW = 9.0


FAINT = 0.16


def draw_line(pen: Pen, placed: PlacedLine, number: int, *, interactive: bool, faint: bool = False) -> str:
    """A line with its signs. ``number``: by which it is known to its pill. ``faint``: one of very many."""
    line, track = placed.line, Track(placed.spline)
    parts = _blocked(pen, placed, track) if line.look == "blocked" else _passing(pen, line, track)
    if interactive and not faint:
        wide: dict[str, Attribute] = {"d": path_data(placed.spline), "class": "hit", "fill": "none", "stroke": "none"}
        parts.insert(0, tag("path", {**wide, "stroke-width": 14.0, "pointer-events": "stroke"}))
    attributes = {**_attributes(line), "data-line": str(number)}
    if faint:
        attributes["opacity"] = str(FAINT) if line.placed else None
    if faint and interactive and placed.label is not None:  # the page draws the pills of the few that are lit
        attributes |= {"data-label": line.label, "data-at": f"{placed.label[0]:.0f} {placed.label[1]:.0f}"}
    return tag("g", attributes, tag("title", {}, escaped(describe(line))), *parts)


def describe(line: Line) -> str:
    """A line in words, for tooltips."""
    tail, head = line.tail.id, line.head.id
    if line.head.id == EVERYTHING:
        return f"{tail} is open: no policy isolates it, so everything that may connect to it can, and it to everything"
    if line.look == "blocked":
        where = {"source": " at source", "target": " at destination", "both": " at both ends"}.get(line.blocked_at, "")
        return f"{tail} to {head}: blocked{where}" + (f", {line.label}" if line.label else "")
    said = line.title or ("unknown" if line.look == "unknown" else line.ports.text())
    each = f" ({len(line.rows)} pairs)" if len(line.rows) > 1 else ""
    return f"{tail} to {head}: {said}{each}"


def _attributes(line: Line) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {"class": f"edge {line.look}"}
    if line.head.id == EVERYTHING:
        return {**attributes, "data-open": line.tail.id}
    if len(line.rows) == 1:
        attributes["data-edge"] = ">".join(line.rows[0])
    else:
        ends = (f"{end.id}/*" if end.is_box else end.id for end in (line.tail, line.head))
        attributes["data-bundle"] = ">".join(ends)
        attributes["data-pairs"] = str(len(line.rows))
    ports = line.ports.json()
    return {
        **attributes,
        "data-verdict": line.verdict,
        "data-blocked-at": line.blocked_at or None,
        "data-ports": ports if isinstance(ports, str) else json.dumps(ports, separators=(",", ":")),
    }


def _passing(pen: Pen, line: Line, track: Track) -> list[str]:
    role, hollow = ROLES[line.look], line.look == "open"
    size = _ARROW if line.look != "dns" else 7.0
    start = _clearance(line.doors[0])
    tip = track.length - _clearance(line.doors[1])
    begin = start + size - 1 if line.both_ways else start
    body = track.part(begin, max(tip - size + 1, begin))
    dash = DASH_UNKNOWN if line.look == "unknown" else None
    parts = [pen.curve(body, role, WIDTHS[line.look], dash)]
    parts.append(arrow(pen, track.at(tip), track.direction(tip - size / 2), role, hollow=hollow, size=size))
    if line.both_ways:
        ahead = track.direction(start + size / 2)
        parts.append(arrow(pen, track.at(start), (-ahead[0], -ahead[1]), role, hollow=hollow, size=size))
    return parts + _doors(pen, line, track, role)


def _clearance(kind: str) -> float:
    return DOOR + 1.5 if kind in ("key", "ring") else 1.0


def _doors(pen: Pen, line: Line, track: Track, role: str) -> list[str]:
    ends = ((line.doors[0], 0.0), (line.doors[1], track.length))
    return [door(pen, kind, track.at(at), track.direction(at), role) for kind, at in ends if kind]


def _blocked(pen: Pen, placed: PlacedLine, track: Track) -> list[str]:
    """Dashes as far as the end that blocks; a faint trace shows where the path would have gone.

    Lines laid over the picture are many and cross everything: they are slimmer.
    """
    line, stops, end = placed.line, placed.stops, track.length
    spans, gone = [(0.0, end)], []
    if stops and (line.blocked_at != "both" or len(stops) > 1):
        both = line.blocked_at == "both"
        spans = [(0.0, stops[0]), (stops[-1], end)] if both else [(0.0, stops[0])]
        gone = [(stops[0], stops[-1] if both else end - 7)]
    width, opacity = (WIDTHS["blocked"], 0.6) if line.placed else (1.3, 0.35)
    parts = [pen.curve(track.part(a, b), "blocked", 1.1, "1.5 4", opacity) for a, b in gone if a < b]
    parts.append(arrow(pen, track.at(end - 1), track.direction(end - 4), "blocked", hollow=True, size=6))
    parts += [pen.curve(track.part(a, b), "blocked", width, DASH_BLOCKED) for a, b in spans]
    for at in stops:
        parts.append(bar(pen, track.at(at), track.direction(at)) if line.placed else "")
        parts.append(cross(pen, track.at(at), radius=7.0 if line.placed else 5.5))
    return parts + _doors(pen, line, track, "faint")


def draw_pill(pen: Pen, placed: PlacedLine, number: int) -> str:
    """The label of a line, drawn above all lines; "" if it has none, or no room for it."""
    if placed.label is None:
        return ""
    line, (x, y) = placed.line, placed.label
    width = pill_width(line.label)
    paint = pen.paint("card", ROLES[line.look], 1.0)
    rect = pen.rect(x - width / 2, y - PILL_HEIGHT / 2, width, PILL_HEIGHT, PILL_HEIGHT / 2, paint)
    role = "muted" if line.look == "dns" else "ink"
    text = pen.text(x, y + 3.8, line.label, SMALL_PX, role, anchor="middle")
    return tag("g", {"class": f"pill {line.look}", "data-line": str(number)}, rect, text)
