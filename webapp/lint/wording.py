"""Names and lists in the messages of findings."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.model.labels import Requirement, Selector
from webapp.model.policy import Direction, Rule

MOST_LISTED = 3
_SIGNS = {"In": "in", "NotIn": "not in"}


def listed(names: Sequence[str], most: int = MOST_LISTED) -> str:
    """``a``, ``a and b``, ``a, b, c and 4 more``."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def counted(number: int, word: str, many: str = "") -> str:
    """``1 workload``, ``2 workloads``; ``many``: the word for several, where it is not the one and an s."""
    return f"{number:,} {word if number == 1 else many or f'{word}s'}"


def ordinal(rule: Rule) -> str:
    """``ingress rule 2``: people count from 1."""
    return f"{rule.direction} rule {rule.index + 1}"


def selector_text(selector: Selector | None) -> str:
    """``app=web, tier in (a, b)``; ``every pod`` without any term."""
    if selector is None or not selector.requirements:
        return "{}"
    return ", ".join(map(requirement_text, selector.requirements))


def requirement_text(term: Requirement) -> str:
    if term.operator == "In" and len(term.values) == 1:
        return f"{term.key}={term.values[0]}"
    if term.operator in _SIGNS:
        return f"{term.key} {_SIGNS[term.operator]} ({', '.join(term.values)})"
    return term.key if term.operator == "Exists" else f"!{term.key}"


def peers_key(direction: Direction) -> str:
    return "from" if direction is Direction.INGRESS else "to"


def other_way(direction: Direction) -> Direction:
    return Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS
