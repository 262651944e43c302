"""The grammar of filters: ``ns:shop label:tier=db reach:internet verdict:blocked port:53/UDP -name:prometheus words``.

Terms of one key are alternatives; different keys must all hold; ``-`` excludes; ``*`` stands for any characters, upper
and lower case are alike in patterns; quotes hold blanks and colons. A word without a key must occur in a workload's id
or labels, each of them. What is not understood is an error that says what may stand there: nothing is guessed.

>>> [str(term) for term in parse_filter('ns:shop -name:"a b" db').terms]
['ns:shop', '-name:"a b"', 'db']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from webapp.errors import InputError
from webapp.model.ports import LAST_PORT, NONE, PROTOCOLS, PortSet

KEYS = {
    "ns": "namespace",
    "kind": "kind of workload: Deployment",
    "name": "name, NAMESPACE/NAME, or id",
    "label": "label: key, or key=value",
    "policy": "selected by a policy: NetworkPolicy/shop/deny",
    "reach": "can reach it: a workload, an address, internet",
    "reached-by": "can be reached by it",
    "near": "the neighbourhood of a workload",
    "steps": "how far near, reach and reached-by go: 1, 2 or 3",
    "verdict": "paths: allowed, partial, unknown, blocked",
    "port": "paths that are open on a port: 5432, 53/UDP",
}
"""What may stand before a colon, and what it means."""
WORD = ""
"""The key of a word without one."""
VERDICTS = ("allowed", "partial", "unknown", "blocked")
"""allowed: every port; partial: some ports; unknown: none, but some may be; blocked: none. With ``port``, that port."""
STEPS = ("1", "2", "3")
MOST_CHARACTERS = 2_000
_PAIR_KEYS = ("verdict", "port")
_STEPPED = ("near", "reach", "reached-by")
_TOKEN = re.compile(r'\s*(?P<text>(?:"[^"]*"|[^\s"])+)|\s*(?P<open>")')
_PLAIN = re.compile(r'[^\s":]+')
_PORT = re.compile(r"(?P<number>[0-9]{1,5})(?:/(?P<protocol>[A-Za-z]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """``key`` is one of `KEYS`, or `WORD`; ``excluded``: what it matches is left out."""

    key: str
    value: str
    excluded: bool = False

    def __str__(self) -> str:
        plain = _PLAIN.fullmatch(self.value) and not (self.key == WORD and self.value.startswith("-"))
        value = self.value if plain else f'"{self.value}"'
        return ("-" if self.excluded else "") + (f"{self.key}:{value}" if self.key else value)


@dataclass(frozen=True)
class Filter:
    """What a person asks to see. ``steps``: how far `near`, `reach` and `reached-by` go."""

    terms: tuple[Term, ...] = ()
    steps: int = 1

    def of(self, key: str, *, excluded: bool = False) -> tuple[Term, ...]:
        """The terms of a key, those that include or those that exclude."""
        return tuple(term for term in self.terms if term.key == key and term.excluded == excluded)

    @property
    def workload_terms(self) -> tuple[Term, ...]:
        """Those that say which workloads are shown."""
        return tuple(term for term in self.terms if term.key not in (*_PAIR_KEYS, "steps"))

    @cached_property
    def paths(self) -> PathTest:
        """Which paths between them are shown."""
        verdicts = tuple(term.value for term in self.of("verdict"))
        barred = tuple(term.value for term in self.of("verdict", excluded=True))
        ports = tuple(port_of(term.value) for term in self.of("port"))
        shut = tuple(port_of(term.value) for term in self.of("port", excluded=True))
        return PathTest(ports, shut, frozenset(verdicts), frozenset(barred))


@dataclass(frozen=True)
class PathTest:
    """Whether a path is asked for, by what is allowed and unknown on it. ``ports``: one of them must fit; ``shut``:
    none of them may be open."""

    ports: tuple[PortSet, ...] = ()
    shut: tuple[PortSet, ...] = ()
    verdicts: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()

    @property
    def is_trivial(self) -> bool:
        """Every path passes."""
        return not (self.ports or self.shut or self.verdicts or self.barred)

    @property
    def asks_for_blocked(self) -> bool:
        """Blocked paths are named."""
        return "blocked" in self.verdicts

    def takes(self, allowed: PortSet, unknown: PortSet) -> bool:
        """Whether a path with these ports is asked for; two times `NONE` is one that is wholly blocked."""
        words = {word_at(port, allowed, unknown) for port in self.ports} or {verdict_of(allowed, unknown)}
        wanted = self.verdicts or frozenset(VERDICTS if not self.ports else ("allowed", "unknown"))
        opened = any(word_at(port, allowed, unknown) != "blocked" for port in self.shut)
        return bool(words & (wanted - self.barred)) and not opened


def verdict_of(allowed: PortSet, unknown: PortSet) -> str:
    """The contract's word for a path."""
    if allowed is not NONE:
        return "allowed" if allowed.is_all else "partial"
    return "blocked" if unknown is NONE else "unknown"


def word_at(port: PortSet, allowed: PortSet, unknown: PortSet) -> str:
    """The verdict on one port."""
    if allowed & port is not NONE:
        return "allowed"
    return "blocked" if unknown & port is NONE else "unknown"


def parse_filter(text: str) -> Filter:
    """A filter as it is written; InputError tells what is not understood, and what may stand there."""
    if len(text) > MOST_CHARACTERS:
        raise fault(f"The filter is too long: at most {MOST_CHARACTERS:,} characters.")
    terms = tuple(dict.fromkeys(map(_term, _tokens(text))))
    steps = [term for term in terms if term.key == "steps"]
    if steps and not any(term.key in _STEPPED for term in terms):
        raise fault("steps goes with near, reach or reached-by: near:shop/checkout steps:2.")
    if len(steps) > 1 or any(term.excluded for term in steps):
        raise fault("Write steps once: steps:1, steps:2 or steps:3.")
    found = Filter(terms, int(steps[0].value) if steps else 1)
    if found.paths.ports and "partial" in found.paths.verdicts:
        raise fault("verdict:partial goes without port: a single port is allowed, unknown or blocked.")
    return found


def fault(message: str) -> InputError:
    """What is wrong with a filter."""
    return InputError(message, code="bad_filter")


def port_of(text: str) -> PortSet:
    """``5432`` is TCP; ``53/UDP``. InputError says how to write it."""
    match = _PORT.fullmatch(text)
    protocol = (match["protocol"] or PROTOCOLS[0]).upper() if match else ""
    if match is None or protocol not in PROTOCOLS or not 1 <= int(match["number"]) <= LAST_PORT:
        raise fault(
            f'port:{text}: "{text}" is not a port. Write a number from 1 to {LAST_PORT}, and /UDP or /SCTP if it is '
            "not TCP: port:5432, port:53/UDP."
        )
    return PortSet.single(protocol, int(match["number"]))


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match["open"]:
            raise fault(f"A quote is not closed: {text[place:].strip()}")
        tokens.append(match["text"])
        place = match.end()
    return tokens


def _term(token: str) -> Term:
    excluded = token.startswith("-") and len(token) > 1
    body = token[1:] if excluded else token
    head, colon, rest = body.partition(":")
    if not colon or '"' in head:
        return Term(WORD, _unquoted(body, token), excluded)
    key, value = head.lower(), _unquoted(rest, token)
    if key not in KEYS:
        near = get_close_matches(key, KEYS, 1, 0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise fault(f'There is no key "{head}".{hint} There are: {", ".join(KEYS)}. A word with a colon needs quotes.')
    _check(key, value)
    return Term(key, value, excluded)


def _unquoted(text: str, token: str) -> str:
    value = text.replace('"', "")
    if not value:
        raise fault(f"{token} says nothing: a value is missing.")
    return value


def _check(key: str, value: str) -> None:
    """The values that do not depend on the input."""
    choices = {"verdict": VERDICTS, "steps": STEPS}.get(key)
    if choices and value not in choices:
        raise fault(f'{key}:{value}: "{value}" cannot stand there. Choose from: {", ".join(choices)}.')
    if key == "port":
        port_of(value)
