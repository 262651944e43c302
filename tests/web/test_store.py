"""Workspaces go when their time or the memory is over, and never otherwise."""

from __future__ import annotations

import pytest

from tests.web.conftest import Ticks
from webapp.errors import BudgetExceeded, NotFound
from webapp.manifests.tree import Counts, Intake, PolicyText
from webapp.web.gate import Gate
from webapp.web.store import Store, new_id
from webapp.web.workspace import Workspace

HOUR = 3_600.0


def workspace(name: str, size_bytes: int = 10) -> Workspace:
    """A workspace that estimates itself at so many bytes."""
    intake = Intake((), (), Counts(), {("f", 1): PolicyText(1, "x" * size_bytes)})
    return Workspace(name, name, intake, Gate(1, 0, 0))


def names_in(store: Store, *names: str) -> list[str]:
    """Which of these are there, without using them."""
    return [name for name in names if name in store._kept]


@pytest.fixture
def store(ticks: Ticks) -> Store:
    return Store(100, HOUR, ticks)


def test_the_least_recently_used_goes(store: Store) -> None:
    for name in "abc":
        store.add(workspace(name, 33))
    store.get("a")
    store.add(workspace("d", 1))
    assert names_in(store, *"abcd") == ["a", "b", "c", "d"]  # exactly the limit
    store.add(workspace("e", 1))
    assert names_in(store, *"abcde") == ["a", "c", "d", "e"]


def test_what_is_not_used_expires(store: Store, ticks: Ticks) -> None:
    store.add(workspace("a"))
    store.add(workspace("b"))
    ticks.now += HOUR
    store.get("a")
    ticks.now += 1
    with pytest.raises(NotFound) as gone:
        store.get("b")
    with pytest.raises(NotFound) as never:
        store.get("never")
    assert gone.value.message == never.value.message
    ticks.now += HOUR + 1
    store.sweep()
    assert len(store) == 0


def test_one_that_is_too_large_by_itself_is_refused(store: Store) -> None:
    store.add(workspace("a", 100))
    with pytest.raises(BudgetExceeded) as refused:
        store.add(workspace("b", 101))
    assert refused.value.limit_name == "workspace_store_bytes"
    assert names_in(store, "a", "b") == ["a"]


def test_what_is_pinned_stays(store: Store, ticks: Ticks) -> None:
    pinned = workspace("pinned", 1_000)
    store.pin(pinned)
    ticks.now += 100 * HOUR
    store.sweep()
    store.remove("pinned")
    assert store.get("pinned") is pinned


def test_ids_cannot_be_guessed() -> None:
    made = {new_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(each) for each in made} == {43}
