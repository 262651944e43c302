"""Text in a picture: how wide it will be, and how characters that could deceive are shown.

Widths come from a table: those of Inter, the font of the page and of PNG pictures, and 3 % more. Where who looks at an
SVG file lacks Inter, Helvetica, Arial, Segoe UI and Roboto come next, which are narrower.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

FONT_FAMILY = "Inter,'Helvetica Neue',Arial,'Liberation Sans','Segoe UI',Roboto,'Noto Sans',Ubuntu,Cantarell,sans-serif"
FONT_FILES = tuple(Path(__file__).parent / "fonts" / f"inter-{weight}.ttf" for weight in (400, 600))
"""The first of these families, for pictures that are made of pixels here. The build puts the files there."""

# Advance widths of the printable ASCII characters, space to tilde, in hundredths of the font size.
# fmt: off
_REGULAR = (
    29, 30, 48, 66, 67, 102, 67, 31, 38, 38, 52, 69, 30, 48, 30, 38, 65, 42, 63, 64, 67, 62, 64, 59, 64, 64, 30, 32,
    69, 69, 69, 53, 100, 72, 68, 76, 75, 62, 61, 77, 77, 28, 59, 70, 59, 94, 78, 79, 66, 79, 67, 67, 67, 77, 72,
    102, 71, 70, 65, 38, 38, 38, 49, 47, 34, 58, 64, 59, 64, 61, 39, 64, 61, 25, 25, 57, 25, 91, 61, 62, 64, 64, 39,
    55, 34, 61, 58, 85, 57, 58, 57, 44, 35, 44, 69,
)
_BOLD = (
    26, 34, 54, 67, 67, 104, 69, 34, 39, 39, 56, 70, 33, 48, 33, 40, 68, 44, 65, 66, 69, 64, 66, 60, 66, 66, 33, 34,
    70, 70, 70, 56, 103, 75, 68, 76, 75, 63, 61, 78, 77, 29, 60, 73, 59, 96, 79, 80, 67, 80, 68, 67, 68, 76, 75,
    106, 75, 74, 68, 39, 40, 39, 50, 49, 37, 60, 65, 60, 65, 61, 41, 65, 64, 27, 27, 59, 27, 93, 64, 63, 65, 65, 41,
    57, 37, 64, 61, 87, 59, 61, 59, 47, 37, 47, 70,
)
# fmt: on
_OTHER_NARROW = 100
_OTHER_WIDE = 106
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
ELLIPSIS = "…"


def width_px(text: str, size_px: float, *, bold: bool = False) -> float:
    """An upper estimate of the width of a line of text."""
    table = _BOLD if bold else _REGULAR
    return sum(_advance(character, table) for character in text) * size_px / 100


def _advance(character: str, table: tuple[int, ...]) -> int:
    index = ord(character) - 32
    if 0 <= index < len(table):
        return table[index]
    return _OTHER_WIDE if unicodedata.east_asian_width(character) in "WF" else _OTHER_NARROW


def visible(text: str) -> str:
    """The text with control, bidirectional, zero-width, odd space and unassigned characters as escapes."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == " " or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def fit(text: str, limit_px: float, size_px: float, *, bold: bool = False) -> str:
    """The text, shown by `visible`, cut with an ellipsis to the width."""
    text = visible(text)
    if width_px(text, size_px, bold=bold) <= limit_px:
        return text
    table = _BOLD if bold else _REGULAR
    left = limit_px * 100 / size_px - _OTHER_NARROW
    for position, character in enumerate(text):
        left -= _advance(character, table)
        if left < 0:
            return text[:position].rstrip() + ELLIPSIS
    return text
