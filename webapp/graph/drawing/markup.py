"""Writing SVG: every text and every attribute passes here, escaped, with characters that could deceive made visible."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.graph.curves import Point, Spline
from webapp.graph.text import visible

Attribute = str | float | None
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """The text as XML: harmless between tags and between quotes, and with no character that XML forbids."""
    return visible(text).translate(_ESCAPES)


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def tag(name: str, attributes: Mapping[str, Attribute], *children: str) -> str:
    """An element. ``children`` are markup; texts go through `escaped` first. Attributes that are None are left out."""
    written = "".join(
        f' {key}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def path_data(spline: Spline) -> str:
    """A spline as the ``d`` of a path."""
    first, rest = spline[0], spline[1:]
    return f"M{_pair(first)}C{' '.join(map(_pair, rest))}"


def polygon(points: list[Point]) -> str:
    """Points as the ``points`` of a polygon."""
    return " ".join(map(_pair, points))


def _pair(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"
