"""What a card says of ways in, so that both are seen at once: published, and policies let nothing in; open to the
Internet, and nothing publishes it. Here are the words of these badges, their colours, and how they are read out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from webapp.insight.entries import WaysIn, ways_in

if TYPE_CHECKING:
    from webapp.analysis import Analysis

SHUT = "published, blocked"
"""Something publishes it, and policies let none of that in."""
PARTLY_SHUT = "way in blocked"
"""Several things publish it, and policies let nothing in of one of them."""
BARE = "open to Internet"
"""Policies let the Internet in, and nothing publishes it."""
MUTE = "no DNS"
"""It may not resolve names."""

_KINDS = {SHUT: "shut", PARTLY_SHUT: "shut", BARE: "bare", MUTE: "mute"}
_ROLES = {"shut": "blocked", "bare": "open", "mute": "open"}
_SPOKEN = {
    SHUT: "published, but policies let nothing in",
    PARTLY_SHUT: "published, but policies let nothing in on one of its ways",
    BARE: "open to the Internet, although nothing publishes it",
    MUTE: "may not resolve names",
}


class Marks(dict[str, str]):
    """{id of a workload: `SHUT`, `PARTLY_SHUT` or `BARE`}; those without a mark are left out."""


def marks_of(analysis: Analysis) -> Mapping[str, str]:
    """The marks of all workloads; read once for each analysis."""
    found = analysis.kept.get(Marks)
    if found is None:
        found = analysis.kept[Marks] = _read(ways_in(analysis))
    assert isinstance(found, Marks)
    return found


def _read(found: WaysIn) -> Marks:
    marks = Marks((each.workload, BARE) for each in found.unpublished)
    verdicts: dict[str, set[str]] = {}
    for way in found.ways:
        if way.workload:
            verdicts.setdefault(way.workload, set()).add(way.verdict)
    for workload, told in verdicts.items():
        if "blocked" in told:
            marks[workload] = SHUT if told == {"blocked"} else PARTLY_SHUT
    return marks


def counted(marks: Mapping[str, str], ids: Iterable[str]) -> tuple[str, ...]:
    """The marks of several workloads as badges: ``2 published, blocked``."""
    counts = Counter(marks[each] for each in ids if each in marks)
    return tuple(f"{counts[mark]:,} {mark}" for mark in (SHUT, PARTLY_SHUT, BARE) if counts[mark])


def kind_of(badge: str) -> str:
    """``shut``, ``bare`` or ``mute`` for what is said here, counted or not; "" for other badges."""
    count, _, rest = badge.partition(" ")
    return _KINDS.get(badge) or (_KINDS.get(rest, "") if count.replace(",", "").isdigit() else "")


def role_of(badge: str) -> str:
    """The colour of its edge, a role of the palette; "" for none."""
    return _ROLES.get(kind_of(badge), "")


def spoken(badge: str) -> str:
    """The badge as a screen reader tells it."""
    return _SPOKEN.get(badge, badge)
