"""`list -o png`: the same picture as `svg`, as pixels."""

from __future__ import annotations

import re
from math import sqrt
from typing import BinaryIO

from webapp.analysis import Analysis
from webapp.graph.drawing import draw
from webapp.graph.drawing.markup import escaped
from webapp.graph.layout import lay_out
from webapp.graph.narrowing import Keep
from webapp.graph.scene import build_scene
from webapp.graph.scope import Scope
from webapp.graph.text import FONT_FAMILY, FONT_FILES

NAME = "png"
BINARY = True
MOST_PIXELS = 40_000_000
"""A larger picture is drawn at a lower scale: an image of 40 million pixels already takes 160 MB of memory."""
_BEYOND_LATIN = re.compile("[^\\x00-\\xff\\u2000-\\u206f]")
"""What our own font does not hold."""
_SEMIBOLD = 'font-weight="600"'
"""How our pictures write it; the file with these letters calls its family by another name."""


def write(
    analysis: Analysis,
    stream: BinaryIO,
    *,
    keep: Keep | None = None,
    scope: Scope | None = None,
    theme: str = "light",
    blocked: str = "auto",
    scale: float = 2.0,
) -> None:
    """Write the picture. ``scale``: pixels for each pixel of the SVG picture, less where it would be too large."""
    scene = build_scene(analysis, blocked=blocked, keep=keep, scope=scope)
    layout = lay_out(scene)
    markup = draw(scene, layout, theme, legend=True, interactive=False)
    area = max((layout.width + 400) * (layout.height + 400), 1.0)
    stream.write(render(markup, min(scale, sqrt(MOST_PIXELS / area))))


def render(markup: str, scale: float) -> bytes:
    """An SVG text as the bytes of a PNG file. Equal on every machine, with fonts or without, but for letters that are
    not Latin: those are looked for among the fonts of the machine."""
    import resvg_py

    named = markup.replace(_SEMIBOLD, f'{_SEMIBOLD} font-family="Inter SemiBold,{escaped(FONT_FAMILY)}"')
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=named,
            zoom=scale,
            skip_system_fonts=_BEYOND_LATIN.search(markup) is None,
            font_files=[str(file) for file in FONT_FILES],
            sans_serif_family="Inter",
        )
    )
