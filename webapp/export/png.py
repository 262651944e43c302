"""`list -o png`: the same picture as `svg`, as pixels."""

from __future__ import annotations

from math import sqrt
from typing import BinaryIO

from webapp.analysis import Analysis
from webapp.graph.drawing import draw
from webapp.graph.layout import lay_out
from webapp.graph.narrowing import Keep
from webapp.graph.scene import build_scene

NAME = "png"
BINARY = True
MOST_PIXELS = 40_000_000
"""A larger picture is drawn at a lower scale: an image of 40 million pixels already takes 160 MB of memory."""


def write(
    analysis: Analysis,
    stream: BinaryIO,
    *,
    keep: Keep | None = None,
    theme: str = "light",
    blocked: str = "auto",
    scale: float = 2.0,
) -> None:
    """Write the picture. ``scale``: pixels for each pixel of the SVG picture, less where it would be too large."""
    scene = build_scene(analysis, blocked=blocked, keep=keep)
    layout = lay_out(scene)
    markup = draw(scene, layout, theme, legend=True, interactive=False)
    area = max((layout.width + 400) * (layout.height + 400), 1.0)
    stream.write(render(markup, min(scale, sqrt(MOST_PIXELS / area))))


def render(markup: str, scale: float) -> bytes:
    """An SVG text as the bytes of a PNG file."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=markup, zoom=scale))
