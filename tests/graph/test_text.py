"""Widths, cutting, and characters that could deceive."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.graph.drawing.markup import escaped, tag
from webapp.graph.text import ELLIPSIS, fit, visible, width_px


def test_characters_that_hide_or_reorder_become_escapes() -> None:
    assert visible("a\u202eb\u200bc\u2028d\x00e\nf") == "a\\u202eb\\u200bc\\u2028d\\u0000e\\u000af"
    assert visible("käse 漢字 ☺") == "käse 漢字 ☺"
    assert visible("\U000e0041") == "\\U000e0041"


@given(st.text(max_size=200), st.floats(30, 300), st.booleans())
def test_a_cut_text_fits(text: str, limit: float, bold: bool) -> None:
    assert width_px(fit(text, limit, 13, bold=bold), 13, bold=bold) <= limit


def test_only_long_texts_are_cut() -> None:
    assert fit("frontend", 200, 13) == "frontend"
    assert fit("a-very-long-name-of-a-workload" * 3, 100, 13).endswith(ELLIPSIS)


@given(st.text(max_size=100))
def test_markup_stays_text(text: str) -> None:
    written = escaped(text)
    assert not set('<>"') & set(written)
    assert written.isprintable()


def test_attributes_are_escaped_and_none_is_left_out() -> None:
    assert tag("g", {"a": '"<', "b": None, "c": 1.0, "d": 2.26}, "x") == '<g a="&quot;&lt;" c="1" d="2.3">x</g>'
