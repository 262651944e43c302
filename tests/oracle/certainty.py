"""Yes, no or maybe; labels of which something is not known; selectors over them (spec §2, §7.4).

A match is tried in every world that the known facts leave open: yes in all of them is YES, in none is NO, else MAYBE.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum


class Match(IntEnum):
    """Ordered, so that ``min`` is "and", ``max`` is "or"."""

    NO = 0
    MAYBE = 1
    YES = 2


def over_worlds(outcomes: Iterable[bool]) -> Match:
    """What the outcomes of all possible worlds amount to."""
    seen = set(outcomes)
    return Match.MAYBE if len(seen) == 2 else Match.YES if seen == {True} else Match.NO


def sure(fact: bool) -> Match:
    return Match.YES if fact else Match.NO


@dataclass(frozen=True)
class Requirement:
    """One term of a selector; ``matchLabels`` k: w is ``In [w]`` (spec §2: absent never matches, also for "")."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, value: str | None) -> bool:
        """For a value; None is an absent key."""
        if self.operator == "In":
            return value is not None and value in self.values
        if self.operator == "NotIn":
            return value is None or value not in self.values
        if self.operator == "Exists":
            return value is not None
        assert self.operator == "DoesNotExist"
        return value is None


@dataclass(frozen=True)
class Labels:
    """``known``: what is there. ``some_value``: keys that are there with a value that nobody knows. ``doubtful``: keys
    that may be there or not. ``open``: any other key may be there, too (an undeclared namespace)."""

    known: dict[str, str]
    some_value: frozenset[str] = field(default=frozenset())
    doubtful: frozenset[str] = field(default=frozenset())
    open: bool = False

    def possible_values(self, key: str, mentioned: set[str]) -> list[str | None]:
        """Every value of a key that could make a difference; None is absent."""
        if key in self.known:
            return [self.known[key]]
        any_value: list[str | None] = [*sorted(mentioned), "a-value-that-no-selector-mentions"]
        if key in self.some_value:
            return any_value
        if key in self.doubtful or self.open:
            return [*any_value, None]
        return [None]

    def worlds(self, selector: Selector) -> Iterator[dict[str, str | None]]:
        """Every assignment of the keys that the selector asks for."""
        keys = sorted({requirement.key for requirement in selector})
        mentioned = {value for requirement in selector for value in requirement.values}
        for values in itertools.product(*(self.possible_values(key, mentioned) for key in keys)):
            yield dict(zip(keys, values, strict=True))


Selector = tuple[Requirement, ...]
"""All terms must hold; the empty selector selects everything."""


def selects(selector: Selector, candidates: Iterable[Labels]) -> Match:
    """Whether a selector matches something that has one of these sets of labels."""
    return over_worlds(
        all(requirement.holds(world[requirement.key]) for requirement in selector)
        for labels in candidates
        for world in labels.worlds(selector)
    )
