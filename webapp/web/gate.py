"""How much costly work goes on at once: a few run, a few wait, the rest is told to come again."""

from __future__ import annotations

import threading
from types import TracebackType

from webapp.errors import Unavailable

BUSY = "The server is busy with other evaluations. Try again in a moment."


class Gate:
    """A context manager around costly work. ``running`` at once, ``waiting`` more for up to ``waiting_seconds``.

    `Unavailable` (503) is raised instead of entering. A thread that is inside may enter again.
    """

    def __init__(self, running: int, waiting: int, waiting_seconds: float) -> None:
        self._places = threading.BoundedSemaphore(running)
        self._queue = threading.BoundedSemaphore(waiting) if waiting else None
        self._waiting_seconds = waiting_seconds
        self._mine = threading.local()

    def __enter__(self) -> None:
        depth = getattr(self._mine, "depth", 0)
        if not depth:
            self._take_place()
        self._mine.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mine.depth -= 1
        if not self._mine.depth:
            self._places.release()

    def _take_place(self) -> None:
        if self._places.acquire(blocking=False):
            return
        if self._queue is None or not self._queue.acquire(blocking=False):
            raise Unavailable(BUSY, retry_after_seconds=2, code="busy")
        try:
            if not self._places.acquire(timeout=self._waiting_seconds):
                raise Unavailable(BUSY, retry_after_seconds=2, code="busy")
        finally:
            self._queue.release()
