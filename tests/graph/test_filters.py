"""The grammar of filters: what is understood, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InputError
from webapp.graph.filters import KEYS, MOST_CHARACTERS, Filter, Term, parse_filter, word_at
from webapp.model.ports import ALL, NONE, PortSet

HTTPS, DNS = PortSet.single("TCP", 443), PortSet.single("UDP", 53)


def test_the_example_of_the_design_is_understood() -> None:
    text = (
        "ns:shop kind:Deployment label:tier=db reach:internet verdict:blocked port:53/udp -name:prometheus free words"
    )
    assert parse_filter(text).terms == (
        Term("ns", "shop"), Term("kind", "Deployment"), Term("label", "tier=db"), Term("reach", "internet"),
        Term("verdict", "blocked"), Term("port", "53/udp"), Term("name", "prometheus", True), Term("", "free"),
        Term("", "words"),
    )  # fmt: skip


def test_quotes_hold_blanks_and_colons() -> None:
    terms = parse_filter('name:"a b" "fd00::1" -"x y" label:app="the shop"').terms
    assert terms == (
        Term("name", "a b"),
        Term("", "fd00::1"),
        Term("", "x y", True),
        Term("label", "app=the shop"),
    )


def test_nothing_is_nothing() -> None:
    assert parse_filter("  \t ") == Filter()
    assert parse_filter("").paths.is_trivial


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("names:shop", ["Did you mean", "ns, kind, name"]),
        ("10.0.0.0:80", ["10.0.0.0", "quotes"]),
        ("verdict:open", ["allowed, partial, unknown, blocked"]),
        ("port:http", ["from 1 to 65535", "53/UDP"]),
        ("port:0", ["not a port"]),
        ("port:65536", ["not a port"]),
        ("port:53/ICMP", ["/SCTP"]),
        ("near:a steps:4", ["1, 2, 3"]),
        ("steps:2", ["near"]),
        ("near:a steps:1 steps:2", ["once"]),
        ("near:a -steps:1", ["once"]),
        ("port:80 verdict:partial", ["single port"]),
        ("ns:", ["missing"]),
        ('ns:"shop', ["quote"]),
        ('name:""', ["missing"]),
        ("x" * (MOST_CHARACTERS + 1), ["too long"]),
    ],
)
def test_what_is_not_understood_is_told(text: str, says: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parse_filter(text)
    assert caught.value.code == "bad_filter"
    for words in says:
        assert words in caught.value.message


VALUES = st.text(st.characters(codec="utf-8", exclude_characters=chr(34)), min_size=1, max_size=8)
KEYWORDS = st.sampled_from(["", "ns", "name", "label", "kind"])


@given(st.lists(st.tuples(KEYWORDS, VALUES, st.booleans())))
def test_what_is_written_is_read_again(parts: list[tuple[str, str, bool]]) -> None:
    terms = tuple(dict.fromkeys(Term(*part) for part in parts))
    text = " ".join(map(str, terms))
    if len(text) <= MOST_CHARACTERS:
        assert parse_filter(text).terms == terms


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_an_error_that_says_why(text: str) -> None:
    try:
        parse_filter(text)
    except InputError as error:
        caught = error
    else:
        return
    assert caught.code == "bad_filter"
    assert caught.message


@pytest.mark.parametrize(
    ("text", "allowed", "unknown", "takes"),
    [
        ("", NONE, NONE, True),
        ("verdict:allowed", ALL, NONE, True),
        ("verdict:allowed", HTTPS, NONE, False),
        ("verdict:partial verdict:unknown", HTTPS, DNS, True),
        ("verdict:unknown", HTTPS, DNS, False),
        ("verdict:unknown", NONE, DNS, True),
        ("verdict:blocked", NONE, NONE, True),
        ("-verdict:blocked", NONE, NONE, False),
        ("port:443", HTTPS, NONE, True),
        ("port:443", DNS, NONE, False),
        ("port:443 port:53/UDP", DNS, NONE, True),
        ("port:53/UDP", HTTPS, DNS, True),
        ("port:53/UDP verdict:allowed", HTTPS, DNS, False),
        ("port:53/UDP verdict:unknown", HTTPS, DNS, True),
        ("port:443 verdict:blocked", DNS, NONE, True),
        ("port:443 verdict:blocked", NONE, NONE, True),
        ("port:443 verdict:blocked", HTTPS, NONE, False),
        ("-port:443", HTTPS, NONE, False),
        ("-port:443", DNS, NONE, True),
    ],
)
def test_paths_are_asked_for_by_verdict_and_port(text: str, allowed: PortSet, unknown: PortSet, takes: bool) -> None:
    assert parse_filter(text).paths.takes(allowed, unknown) == takes


def test_the_verdict_on_one_port() -> None:
    assert [word_at(port, HTTPS, DNS) for port in (HTTPS, DNS, PortSet.single("TCP", 53))] == [
        "allowed", "unknown", "blocked",
    ]  # fmt: skip


def test_every_key_says_what_it_means() -> None:
    assert all(KEYS.values())
