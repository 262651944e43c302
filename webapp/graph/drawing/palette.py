"""The colours of pictures, light and dark, by role: the one place that knows them.

The hues of lines were searched for contrast (at least 3.3 : 1 on light, 5.4 : 1 on dark grounds) and for being told
apart with deuteranopia, protanopia and tritanopia. Each state has a line style and a glyph besides.

Every coloured element carries the class ``f-ROLE`` (fill) or ``s-ROLE`` (stroke), so that a page can put its own theme
over a picture: `stylesheet` writes these rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Palette = Mapping[str, str]

LIGHT: Palette = MappingProxyType(
    {
        "canvas": "#ffffff",
        "box": "#f5f7fa",
        "box-edge": "#ccd5df",
        "tab": "#e3e9f0",
        "card": "#ffffff",
        "card-edge": "#8b99a9",
        "shade": "#dfe5ec",
        "gate": "#1f2d3d",
        "ink": "#111b27",
        "muted": "#4a5868",
        "faint": "#8d99a7",
        "allowed": "#004c99",
        "open": "#b07d00",
        "blocked": "#b00020",
        "unknown": "#7a8694",
        "badge": "#e8edf3",
    }
)
DARK: Palette = MappingProxyType(
    {
        "canvas": "#10161d",
        "box": "#182029",
        "box-edge": "#34414f",
        "tab": "#263240",
        "card": "#222d39",
        "card-edge": "#66788b",
        "shade": "#0b1015",
        "gate": "#dbe5ee",
        "ink": "#eef3f8",
        "muted": "#b4c0cc",
        "faint": "#7b8998",
        "allowed": "#6cb6ff",
        "open": "#ffd75e",
        "blocked": "#ff5c5c",
        "unknown": "#9aa7b4",
        "badge": "#31404f",
    }
)
THEMES: Mapping[str, Palette] = MappingProxyType({"light": LIGHT, "dark": DARK})


def stylesheet(theme: str, scope: str) -> str:
    """CSS that gives the pictures inside ``scope`` (a selector) the colours of a theme, whatever they were drawn in."""
    palette = THEMES[theme]
    fills = "".join(f"{scope} .f-{role}{{fill:{colour}}}\n" for role, colour in palette.items())
    return fills + "".join(f"{scope} .s-{role}{{stroke:{colour}}}\n" for role, colour in palette.items())
