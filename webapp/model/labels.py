"""Labels, of which some may not be known, and selectors over them. The answer is yes, no or maybe (spec §2, §7.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

ANYTHING: None = None
"""In `Labels.unknown`: the key may have any value, or be absent."""
PRESENT: tuple[str | None, ...] = ()
"""In `Labels.unknown`: the key is there, its value may be any."""

_NOTHING: Mapping[str, tuple[str | None, ...] | None] = MappingProxyType({})


def _nothing() -> Mapping[str, tuple[str | None, ...] | None]:
    return _NOTHING


class Match(Enum):
    """Whether a selector matches labels that may be known in part."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a pod or a namespace.

    `known`: key to value. `unknown`: key to its possible values, where None in the tuple means "absent";
    `PRESENT` (an empty tuple) means some value, `ANYTHING` (None) some value or absent. A key is in one of the two.
    `open`: any further key may exist as well (a namespace that the input does not declare).
    """

    known: Mapping[str, str]
    unknown: Mapping[str, tuple[str | None, ...] | None] = field(default_factory=_nothing)
    open: bool = False

    def __hash__(self) -> int:
        return hash((frozenset(self.known.items()), frozenset(self.unknown.items()), self.open))

    @property
    def certain(self) -> bool:
        """Whether every selector gets yes or no."""
        return not self.open and not self.unknown


class _FreshValue(str):
    """A value that no requirement mentions."""


_FRESH = _FreshValue("\x00 a value that no selector mentions")


@dataclass(frozen=True, slots=True, order=True)
class Requirement:
    """One term of a selector. `operator`: In, NotIn, Exists, DoesNotExist. `matchLabels` k: w is In (w,)."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def holds(self, value: str | None) -> bool:
        """Whether it holds for a value, None standing for an absent key (NotIn holds then)."""
        if self.operator == "In":
            return value is not None and value in self.values
        if self.operator == "NotIn":
            return value is None or value not in self.values
        if self.operator == "Exists":
            return value is not None
        if self.operator == "DoesNotExist":
            return value is None
        raise ValueError(f"not an operator of label selectors: {self.operator!r}")


@dataclass(frozen=True, slots=True)
class Selector:
    """All requirements must hold; without any it selects everything."""

    requirements: tuple[Requirement, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The label keys that it asks for."""
        return frozenset(requirement.key for requirement in self.requirements)

    def match(self, labels: Labels) -> Match:
        """Exact also where labels are unknown: terms on one key are judged together, for each value it may have."""
        maybe = False
        unsure: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            key = requirement.key
            value = labels.known.get(key)
            if value is not None or not (labels.open or key in labels.unknown):
                if not requirement.holds(value):
                    return Match.NO
            else:
                unsure.setdefault(key, []).append(requirement)
        for key, terms in unsure.items():
            outcome = _outcome(terms, labels.unknown.get(key, ANYTHING))
            if outcome is Match.NO:
                return Match.NO
            maybe = maybe or outcome is Match.MAYBE
        return Match.MAYBE if maybe else Match.YES


EVERYTHING = Selector()


def _outcome(terms: list[Requirement], possible: tuple[str | None, ...] | None) -> Match:
    """What the terms on one key say over the values that it may have."""
    candidates: Iterable[str | None]
    if possible is ANYTHING or possible == PRESENT:
        mentioned: set[str | None] = {value for term in terms for value in term.values}
        candidates = mentioned | ({_FRESH} if possible == PRESENT else {_FRESH, None})
    else:
        candidates = possible or ()
    answers = {all(term.holds(value) for term in terms) for value in candidates}
    return Match.MAYBE if len(answers) == 2 else Match.YES if answers == {True} else Match.NO
