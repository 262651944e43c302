"""A line on a terminal while long work goes on; nothing elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

_PATIENCE_SECONDS = 1.0


class Progress:
    """Says what is going on, and for how long, once it has taken a second; leaves no trace."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        if self._thread:
            self._thread.join()

    def _tell(self) -> None:
        started = time.monotonic()
        said = False
        while not self._done.wait(_PATIENCE_SECONDS / 2 if said else _PATIENCE_SECONDS):
            said = True
            sys.stderr.write(f"\r{self._what} … {time.monotonic() - started:.0f} s ")
            sys.stderr.flush()
        if said:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
