"""`/help`: every code that an answer may hold has its sentence there, under an address."""

from __future__ import annotations

import html
import re

from tests.web.conftest import Client
from webapp.explain.codes import CODES, MARKS, MISSES, NOTES

TERM = re.compile(r'<div id="(?P<anchor>[^"]+)"><dt>(?P<code>[^<]*)</dt><dd>(?P<sentence>[^<]*)</dd></div>')


def test_every_code_has_an_anchor_with_its_sentence(client: Client) -> None:
    page = client.get("/help").text
    found = {term["anchor"]: (term["code"], html.unescape(term["sentence"])) for term in TERM.finditer(page)}
    expected = {f"code-{code}": (code, sentence) for code, sentence in (CODES | MISSES).items()}
    expected |= {f"note-{code}": (code, sentence) for code, sentence in NOTES.items()}
    expected |= {f"mark-{code}": (code, sentence) for code, sentence in MARKS.items()}
    prefixes = ("code-", "note-", "mark-")
    assert {anchor: term for anchor, term in found.items() if anchor.startswith(prefixes)} == expected


def test_no_anchor_stands_twice(client: Client) -> None:
    anchors = re.findall(r'\bid="([^"]+)"', client.get("/help").text)
    assert len(anchors) == len(set(anchors))


def test_a_code_is_either_a_reason_or_a_miss() -> None:
    """One anchor serves both, so none may mean two things."""
    assert not set(CODES) & set(MISSES)
