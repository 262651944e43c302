"""`serve PATH` looks at its files again and again, and shows them anew when they change."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from webapp.errors import WebappError
from webapp.manifests.tree import Intake
from webapp.model.problem import Problem
from webapp.web.failures import fault_of
from webapp.web.workspace import Workspace

_READ_ENDINGS = (".yaml", ".yml", ".json")
_SETTLING_SECONDS = 0.1
_MOST_SETTLING_LOOKS = 10
_SHARE_OF_TIME = 20
"""A look may take one part in so many of the time: with very many files they are looked at less often."""

Stamp = tuple[tuple[str, int, int], ...]


class Watcher:
    """Keeps a workspace equal to its files.

    ``load`` reads them all. A broken file gives problems; where nothing at all can be read any more, the last good
    reading stays, with a problem that says so. ``say`` gets a line for people at every change.
    """

    def __init__(
        self,
        paths: Sequence[str],
        workspace: Workspace,
        load: Callable[[], Intake],
        interval_seconds: float,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._paths = paths
        self._workspace = workspace
        self._load = load
        self._interval_seconds = interval_seconds
        self._say = say
        self._stamp = stamp(paths)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Look from now on, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="netpolmap-watch", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> bool:
        """Look once; True if the files had changed and were read again."""
        seen = stamp(self._paths)
        if seen == self._stamp:
            return False
        self._stamp = self._settled(seen)
        self._read()
        return True

    def _run(self) -> None:
        pause_seconds = self._interval_seconds
        while not self._stopped.wait(pause_seconds):
            began = time.monotonic()
            self.look()
            pause_seconds = max(self._interval_seconds, _SHARE_OF_TIME * (time.monotonic() - began))

    def _settled(self, seen: Stamp) -> Stamp:
        """Wait for who is still writing."""
        for _ in range(_MOST_SETTLING_LOOKS):
            if self._stopped.wait(_SETTLING_SECONDS):
                break
            again = stamp(self._paths)
            if again == seen:
                break
            seen = again
        return seen

    def _read(self) -> None:
        try:
            intake = self._load()
            if intake.documents or not self._workspace.contents.intake.documents:
                self._workspace.replace(intake)
                self._say(f"read again: {intake.counts.documents_read} documents")
            else:
                self._keep_last(intake.problems, "nothing in the files can be read any more")
        except WebappError as error:
            self._keep_last((), error.message)
        except Exception as error:  # the watch goes on, whatever a file does to us
            self._keep_last((fault_of(error, "Reading the files again failed"),), "an internal error")

    def _keep_last(self, problems: tuple[Problem, ...], reason: str) -> None:
        message = f"The files have changed, but cannot be shown: {reason}. What was read before is still shown."
        stale = Problem("error", "stale", message)
        self._workspace.replace(None, (stale, *problems))
        self._say(message)


def stamp(paths: Sequence[str]) -> Stamp:
    """What tells that files have changed: name, time in ns and size of all that would be read."""
    return tuple(sorted(entry for path in paths for entry in _stamps(path)))


def _stamps(path: str) -> Iterator[tuple[str, int, int]]:
    if not Path(path).is_dir():
        yield from _stamp_of(path)
        return
    seen: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(path, followlinks=True):
        facts = os.stat(folder)  # noqa: PTH116
        if (facts.st_dev, facts.st_ino) in seen:  # a link that leads back
            folders.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        for name in names:
            if name.lower().endswith(_READ_ENDINGS):
                yield from _stamp_of(os.path.join(folder, name))  # noqa: PTH118  ten thousand files a second


def _stamp_of(path: str) -> Iterator[tuple[str, int, int]]:
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return
    yield path, facts.st_mtime_ns, facts.st_size
