"""Text in a picture: how wide it will be, and how characters that could deceive are shown.

The server has no fonts, so widths come from a table: the widest of the common sans-serif families, with a margin.
"""

from __future__ import annotations

import unicodedata

FONT_FAMILY = (
    "'Helvetica Neue',Arial,'Liberation Sans','Segoe UI',Roboto,'Noto Sans','DejaVu Sans',Ubuntu,Cantarell,sans-serif"
)

# Advance widths of the printable ASCII characters, space to tilde, in hundredths of the font size.
# fmt: off
_REGULAR = (
    31, 39, 45, 81, 62, 94, 76, 27, 38, 38, 48, 81, 31, 35, 31, 33, 62, 62, 62, 62, 62, 62, 62, 62, 62, 62, 33, 33, 81,
    81, 81, 59, 108, 71, 71, 77, 77, 71, 65, 82, 77, 29, 53, 71, 59, 88, 77, 82, 71, 82, 77, 71, 65, 77, 71, 100, 71,
    71, 66, 38, 33, 38, 81, 59, 48, 59, 62, 53, 62, 60, 34, 62, 61, 27, 27, 56, 27, 94, 61, 59, 62, 62, 40, 53, 38, 61,
    57, 79, 57, 57, 53, 62, 33, 62, 81,
)
_BOLD = (
    34, 44, 51, 81, 68, 97, 85, 30, 44, 44, 51, 81, 37, 40, 37, 35, 68, 68, 68, 68, 68, 68, 68, 68, 68, 68, 39, 39, 81,
    81, 81, 65, 103, 77, 77, 77, 81, 71, 66, 82, 81, 36, 59, 77, 65, 97, 81, 82, 71, 82, 77, 71, 66, 79, 75, 107, 75,
    71, 70, 44, 35, 44, 81, 59, 48, 65, 69, 59, 69, 66, 42, 69, 69, 33, 33, 65, 33, 101, 69, 67, 69, 69, 48, 59, 46, 69,
    63, 90, 63, 63, 56, 69, 35, 69, 81,
)
# fmt: on
_OTHER_NARROW = 72
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
