"""Selectors as sets, against every assignment of labels that can make a difference."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from webapp.insight.selectors import (
    Shape,
    implies,
    matches,
    meet,
    narrowness,
    selector_of,
    shape_of,
    without,
)
from webapp.model.labels import Labels, Match, Requirement, Selector

KEYS = ("app", "role")
VALUES = ("a", "b", "c")
WORLD = [
    {key: value for key, value in zip(KEYS, chosen, strict=True) if value is not None}
    for chosen in product((*VALUES, "something else", None), repeat=len(KEYS))
]

values = st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True).map(
    lambda chosen: tuple(sorted(chosen))
)
requirements = st.one_of(
    st.builds(Requirement, st.sampled_from(KEYS), st.sampled_from(("In", "NotIn")), values),
    st.builds(Requirement, st.sampled_from(KEYS), st.sampled_from(("Exists", "DoesNotExist"))),
)
selectors = st.lists(requirements, max_size=4).map(lambda terms: Selector(tuple(terms)))


def held(shape: Shape | None) -> list[int]:
    """Which assignments a shape matches."""
    return [] if shape is None else [i for i, labels in enumerate(WORLD) if matches(shape, labels)]


def meant(selector: Selector) -> list[int]:
    """Which assignments a selector matches, asked of the selector itself."""
    return [i for i, labels in enumerate(WORLD) if selector.match(Labels(labels)) is Match.YES]


@given(selectors)
def test_a_shape_matches_what_its_selector_matches(selector: Selector) -> None:
    assert held(shape_of(selector)) == meant(selector)


@given(selectors)
def test_a_shape_is_written_as_a_selector_again(selector: Selector) -> None:
    shape = shape_of(selector)
    if shape is not None:
        assert meant(selector_of(shape)) == meant(selector)
        assert shape_of(selector_of(shape)) == shape


@given(selectors, selectors)
def test_implication_overlap_and_difference_are_those_of_sets(one: Selector, other: Selector) -> None:
    a, b = shape_of(one), shape_of(other)
    inside, beside = set(meant(one)), set(meant(other))
    assert (a is None) == (not inside)
    if a is None or b is None:
        return
    assert implies(a, b) == (inside <= beside)
    assert set(held(meet(a, b))) == inside & beside
    assert (meet(a, b) is None) == (not inside & beside)
    assert {place for piece in without(a, b) for place in held(piece)} == inside - beside
    assert all(held(piece) for piece in without(a, b))
    if inside < beside:
        assert narrowness(a) > narrowness(b)
    if inside == beside:
        assert a == b
