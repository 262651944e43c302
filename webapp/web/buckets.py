"""How often a client may do something: a bucket of tokens for each client, refilled evenly."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

from webapp.errors import TooMany

_MOST_CLIENTS = 10_000


class Buckets:
    """``per_minute`` times at once and in every minute after; None or 0 is no limit. The clock is in seconds.

    ``what``: the word for them."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float], what: str = "uploads") -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._what = what
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> (tokens, at)
        self._lock = threading.Lock()

    def take(self, client: str) -> None:
        """One token of a client. `TooMany` (429) says in how many seconds there is one again."""
        if not self._per_minute:
            return
        now = self._clock()
        with self._lock:
            tokens, at = self._filled.pop(client, (float(self._per_minute), now))
            tokens = min(self._per_minute, tokens + (now - at) * self._per_minute / 60)
            enough = tokens >= 1
            self._filled[client] = (tokens - 1 if enough else tokens, now)
            while len(self._filled) > _MOST_CLIENTS:
                self._filled.popitem(last=False)
        if not enough:
            seconds = math.ceil((1 - tokens) * 60 / self._per_minute)
            message = f"That was more than {self._per_minute} {self._what} in a minute. Try again in {seconds} s."
            raise TooMany(message, retry_after_seconds=max(1, seconds))
