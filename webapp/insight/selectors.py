"""Label selectors as sets: whether one implies another, what two have in common, what is left without a third.

A selector is a product: for each key the values that the label may have. That is exact for all four operators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from webapp.model.labels import Requirement, Selector

_NOTHING: frozenset[str] = frozenset()
_FINITE = 1 << 40
"""Beyond the number of values that any selector lists."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values that a label may have: those ``listed``, or with ``others`` all but those; ``absent``: the label
    may be missing."""

    listed: frozenset[str]
    others: bool
    absent: bool

    @property
    def is_empty(self) -> bool:
        return not self.listed and not self.others and not self.absent

    def holds(self, value: str | None) -> bool:
        """``None`` stands for a missing label."""
        return self.absent if value is None else (value in self.listed) != self.others

    def __and__(self, other: Values) -> Values:
        if self.others and other.others:
            listed = self.listed | other.listed
        elif self.others or other.others:
            few, many = (other, self) if self.others else (self, other)
            listed = few.listed - many.listed
        else:
            listed = self.listed & other.listed
        return Values(listed, self.others and other.others, self.absent and other.absent)

    def __sub__(self, other: Values) -> Values:
        return self & Values(other.listed, not other.others, not other.absent)

    def within(self, other: Values) -> bool:
        return (self - other).is_empty

    @property
    def narrowness(self) -> int:
        """Greater for any set within another one."""
        if self.others:
            return 2 * len(self.listed) + (not self.absent)
        return _FINITE - 2 * len(self.listed) - self.absent

    def requirements(self, key: str) -> Iterator[Requirement]:
        """The same as terms of a selector; of a missing label and listed values together there is no such form."""
        if not self.others:
            listed = tuple(sorted(self.listed))
            yield Requirement(key, "In", listed) if listed else Requirement(key, "DoesNotExist")
            return
        if not self.absent:
            yield Requirement(key, "Exists")
        if self.listed:
            yield Requirement(key, "NotIn", tuple(sorted(self.listed)))


ANY_VALUE = Values(_NOTHING, others=True, absent=True)
PRESENT = Values(_NOTHING, others=True, absent=False)

_MEANINGS = {
    "Exists": PRESENT,
    "DoesNotExist": Values(_NOTHING, others=False, absent=True),
}

Shape = Mapping[str, Values]
"""What a selector matches: every key that is not here may have any value. No value set is empty, nor ANY_VALUE."""

EVERYTHING: Shape = {}


def shape_of(selector: Selector | None) -> Shape | None:
    """None for a selector that nothing can match (`a in (x)` and `a not in (x)`)."""
    shape: dict[str, Values] = {}
    for requirement in selector.requirements if selector is not None else ():
        narrowed = shape.get(requirement.key, ANY_VALUE) & _values_of(requirement)
        if narrowed.is_empty:
            return None
        shape[requirement.key] = narrowed
    return shape


def selector_of(shape: Shape) -> Selector:
    """The plainest selector that matches the same."""
    return Selector(tuple(term for key in sorted(shape) for term in shape[key].requirements(key)))


def meet(a: Shape, b: Shape) -> Shape | None:
    """What both match; None if that is nothing."""
    shape = dict(a)
    for key, values in b.items():
        narrowed = shape[key] & values if key in shape else values
        if narrowed.is_empty:
            return None
        shape[key] = narrowed
    return shape


def implies(a: Shape, b: Shape) -> bool:
    """Whether ``b`` matches all that ``a`` matches."""
    return all(a.get(key, ANY_VALUE).within(values) for key, values in b.items())


def narrowness(shape: Shape) -> int:
    """Greater for a shape that implies another one, and is not implied by it."""
    return sum(values.narrowness for values in shape.values())


def without(a: Shape, b: Shape) -> Iterator[Shape]:
    """Shapes that make up together what ``a`` matches and ``b`` does not; they may overlap."""
    for key, values in b.items():
        left = a.get(key, ANY_VALUE) - values
        if not left.is_empty:
            yield {**a, key: left}


def matches(shape: Shape, labels: Mapping[str, str]) -> bool:
    return all(values.holds(labels.get(key)) for key, values in shape.items())


def _values_of(requirement: Requirement) -> Values:
    if requirement.operator in _MEANINGS:
        return _MEANINGS[requirement.operator]
    negative = requirement.operator == "NotIn"
    return Values(frozenset(requirement.values), others=negative, absent=negative)
