"""Selectors over labels of which some are not known (spec §2, §7.4)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.model.labels import ANYTHING, EVERYTHING, PRESENT, Labels, Match, Requirement, Selector

OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


@pytest.mark.parametrize(
    ("operator", "values", "present", "empty", "absent"),
    [("In", ("v",), True, False, False), ("In", ("",), False, True, False), ("NotIn", ("v",), False, True, True),
     ("Exists", (), True, True, False), ("DoesNotExist", (), False, False, True)],
)  # fmt: skip
def test_the_table_of_requirements(
    operator: str, values: tuple[str, ...], present: bool, empty: bool, absent: bool
) -> None:
    selector = Selector((Requirement("k", operator, values),))
    answers = [selector.match(Labels(known)) for known in ({"k": "v"}, {"k": ""}, {})]
    assert answers == [Match.YES if each else Match.NO for each in (present, empty, absent)]


def test_no_requirement_selects_everything() -> None:
    assert EVERYTHING.match(Labels({}, {"k": ANYTHING}, True)) is Match.YES


def test_terms_on_one_key_are_judged_together() -> None:
    nowhere = Selector((Requirement("k", "In", ("a",)), Requirement("k", "NotIn", ("a", "b"))))
    always = Selector((Requirement("k", "NotIn", ("z",)), Requirement("k", "Exists")))
    assert nowhere.match(Labels({}, open=True)) is Match.NO
    assert always.match(Labels({}, {"k": ("a", "b")})) is Match.YES
    assert always.match(Labels({}, {"k": ("a", None)})) is Match.MAYBE


VALUES = st.sampled_from(["a", "b", "c"])
POSSIBLE = st.one_of(st.just(ANYTHING), st.just(PRESENT), st.lists(VALUES | st.none(), min_size=1).map(tuple))
LABELS = st.builds(
    lambda known, unknown, opened: Labels(known, {k: v for k, v in unknown.items() if k not in known}, opened),
    st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=2),
    st.dictionaries(st.sampled_from("xyz"), POSSIBLE, max_size=2),
    st.booleans(),
)
REQUIREMENTS = st.builds(
    lambda key, operator, values: Requirement(key, operator, tuple(values) if operator in ("In", "NotIn") else ()),
    st.sampled_from("xyz"), st.sampled_from(OPERATORS), st.lists(VALUES, min_size=1, max_size=2),
)  # fmt: skip


def worlds(labels: Labels) -> list[dict[str, str]]:
    """Every set of labels that it may be, with one value that no selector mentions."""
    options: list[list[tuple[str, str | None]]] = []
    for key in "xyz":
        if key in labels.known:
            values: tuple[str | None, ...] = (labels.known[key],)
        elif key in labels.unknown or labels.open:
            possible = labels.unknown.get(key, ANYTHING)
            values = ("a", "b", "c", "other") if possible == PRESENT else possible or ("a", "b", "c", "other", None)
        else:
            values = (None,)
        options.append([(key, value) for value in values])
    return [{key: value for key, value in each if value is not None} for each in itertools.product(*options)]


@given(LABELS, st.lists(REQUIREMENTS, max_size=4))
def test_a_match_is_what_all_possible_labels_say(labels: Labels, requirements: list[Requirement]) -> None:
    selector = Selector(tuple(requirements))
    answers = {all(r.holds(world.get(r.key)) for r in requirements) for world in worlds(labels)}
    expected = Match.MAYBE if len(answers) == 2 else Match.YES if True in answers else Match.NO
    assert selector.match(labels) is expected
    assert hash(labels) == hash(Labels(dict(labels.known), dict(labels.unknown), labels.open))
