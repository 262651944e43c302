"""Text of others on a line of ours: no line break, no control character, nothing that a terminal obeys."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text with everything that is not printable as an escape."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
