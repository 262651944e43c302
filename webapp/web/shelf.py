"""Values that are costly to make and worth keeping."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

V = TypeVar("V")


class Shelf(Generic[V]):
    """Up to ``limit`` values by key. Each is made once, by whoever asks first; others who ask meanwhile wait for it.

    The least recently used goes when a new one comes. What fails is not kept: the next one to ask tries again.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, Future[V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key, made by ``make`` if it is not here; what ``make`` raises is raised to all who wait."""
        with self._lock:
            future = self._kept.get(key)
            mine = future is None
            if future is None:
                future = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > max(1, self._limit):
                self._kept.popitem(last=False)
        if mine:
            self._make(key, future, make)
        return future.result()

    def find(self, key: Hashable) -> V | None:
        """The value of a key if it is here; None if it is not, or could not be made."""
        with self._lock:
            future = self._kept.get(key)
            if future is not None:
                self._kept.move_to_end(key)
        return None if future is None or future.exception() else future.result()

    def trim(self, limit: int, weigh: Callable[[V], int]) -> None:
        """Drop the least recently used until the rest weighs no more than a limit; the most recent one stays."""
        with self._lock:
            ready = [key for key, future in self._kept.items() if future.done() and not future.exception()]
            weights = {key: weigh(self._kept[key].result()) for key in ready}
            total = sum(weights.values())
            for key in list(self._kept)[:-1]:
                if total <= limit:
                    return
                total -= weights.get(key, 0)
                del self._kept[key]

    def _make(self, key: Hashable, future: Future[V], make: Callable[[], V]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is future:
                    del self._kept[key]
            future.set_exception(error)

    def values(self) -> list[V]:
        """What is here and ready."""
        with self._lock:
            return [future.result() for future in self._kept.values() if future.done() and not future.exception()]
