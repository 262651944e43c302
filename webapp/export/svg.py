"""`list -o svg`: the picture of the page, complete with legend. Large input gives the grouped picture and says so."""

from __future__ import annotations

from typing import TextIO

from webapp.analysis import Analysis
from webapp.graph.drawing import draw
from webapp.graph.layout import lay_out
from webapp.graph.narrowing import Keep
from webapp.graph.scene import build_scene
from webapp.graph.scope import Scope

NAME = "svg"
BINARY = False

__all__ = ["BINARY", "NAME", "draw", "write"]


def write(
    analysis: Analysis,
    stream: TextIO,
    *,
    keep: Keep | None = None,
    scope: Scope | None = None,
    theme: str = "light",
    blocked: str = "auto",
    legend: bool = True,
) -> None:
    """Write the picture. ``theme``: light or dark; ``blocked``: as in `webapp.graph.scene.build_scene`."""
    scene = build_scene(analysis, blocked=blocked, keep=keep, scope=scope)
    stream.write(draw(scene, lay_out(scene), theme, legend=legend, interactive=False) + "\n")
