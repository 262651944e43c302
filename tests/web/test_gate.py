"""A few at once, a few waiting, the rest later; values made once; tokens by the minute."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.web.conftest import Ticks
from webapp.errors import TooMany, Unavailable
from webapp.web.buckets import Buckets
from webapp.web.gate import Gate
from webapp.web.shelf import Shelf


@contextmanager
def inside(gate: Gate) -> Iterator[None]:
    """Another thread that is inside the gate."""
    entered, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with gate:
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=stay)
    thread.start()
    assert entered.wait(10)
    yield
    leave.set()
    thread.join()


def test_the_limit_is_taken_and_one_more_refused() -> None:
    gate = Gate(2, 0, 0)
    with inside(gate):
        with gate:
            pass
        with inside(gate), pytest.raises(Unavailable) as refused, gate:
            pass
    assert refused.value.retry_after_seconds > 0
    with gate, gate:  # who is inside may enter again
        pass


def test_some_wait_their_turn() -> None:
    gate = Gate(1, 1, 10)
    waited = threading.Event()

    def wait() -> None:
        with gate:
            waited.set()

    with inside(gate):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not waited.wait(0.05)
        with pytest.raises(Unavailable), gate:  # the one place to wait is taken
            pass
    assert waited.wait(10)
    thread.join()


def test_waiting_ends() -> None:
    gate = Gate(1, 1, 0.01)
    with inside(gate), pytest.raises(Unavailable), gate:
        pass


def test_a_value_is_made_once_however_many_ask() -> None:
    shelf: Shelf[int] = Shelf(2)
    made: list[int] = []
    ready = threading.Event()

    def make() -> int:
        ready.wait(10)
        made.append(1)
        return len(made)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(shelf.get, "key", make) for _ in range(4)]
        ready.set()
        assert [each.result() for each in asked] == [1, 1, 1, 1]
    assert shelf.values() == [1]


def test_the_least_recently_used_value_goes_and_failures_are_not_kept() -> None:
    shelf: Shelf[str] = Shelf(2)
    for key in "abac":
        shelf.get(key, lambda key=key: key)  # type: ignore[misc]
    assert shelf.values() == ["a", "c"]
    with pytest.raises(ZeroDivisionError):
        shelf.get("d", lambda: str(1 // 0))
    assert shelf.get("d", lambda: "d") == "d"


def test_tokens_come_back_evenly(ticks: Ticks) -> None:
    buckets = Buckets(3, ticks)
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(TooMany) as refused:
        buckets.take("a")
    assert refused.value.retry_after_seconds == 20
    buckets.take("b")
    ticks.now += 20
    buckets.take("a")
    with pytest.raises(TooMany):
        buckets.take("a")
    ticks.now += 3_600
    for _ in range(3):
        buckets.take("a")
    with pytest.raises(TooMany):
        buckets.take("a")


def test_no_limit_is_no_limit(ticks: Ticks) -> None:
    for none in (None, 0):
        buckets = Buckets(none, ticks)
        for _ in range(100):
            buckets.take("a")
