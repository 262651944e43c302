"""The workspaces of visitors: in memory only, never listed, gone some hours after their last use or at a restart."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable

from webapp.errors import BudgetExceeded, NotFound
from webapp.web.workspace import Workspace

ID_BYTES = 32
GONE = (
    "There is no such workspace. Workspaces live in memory only: they go some hours after their last use, when memory "
    "is needed, or when the server restarts. Load the manifests once more."
)


def new_id() -> str:
    """An id that nobody can guess: 256 random bits, as 43 letters that may stand in an address."""
    return secrets.token_urlsafe(ID_BYTES)


class Store:
    """Workspaces by id, the least recently used first to go.

    ``limit_bytes``: of all of them, as they estimate themselves. ``keep_seconds``: after the last use. ``clock``: in
    seconds, monotonic. One that is pinned (the files of `serve PATH`) neither counts nor goes.
    """

    def __init__(self, limit_bytes: int, keep_seconds: float, clock: Callable[[], float]) -> None:
        self._limit_bytes = limit_bytes
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._kept: OrderedDict[str, tuple[Workspace, float]] = OrderedDict()
        self._pinned: dict[str, Workspace] = {}
        self._lock = threading.Lock()

    def pin(self, workspace: Workspace) -> None:
        """Keep a workspace for as long as the process lives."""
        self._pinned[workspace.id] = workspace

    def add(self, workspace: Workspace) -> None:
        """Take a workspace in; others go if that needs their memory. BudgetExceeded if it is too large by itself."""
        self.check(workspace.size_bytes)
        with self._lock:
            self._kept[workspace.id] = (workspace, self._clock())
            self._trim()

    def check(self, size_bytes: int) -> None:
        """BudgetExceeded if one workspace of this size is too large by itself."""
        if size_bytes > self._limit_bytes:
            advice = "Load the input in parts, or use the command line, which has no such limit."
            raise BudgetExceeded(
                "workspace_store_bytes", self._limit_bytes, size_bytes, advice, what="bytes of memory for workspaces"
            )

    def get(self, identity: str) -> Workspace:
        """The workspace of an id, now used. `NotFound` is the same whether it never was or is gone."""
        pinned = self._pinned.get(identity)
        if pinned is not None:
            return pinned
        with self._lock:
            self._trim()
            entry = self._kept.get(identity)
            if entry is None:
                raise NotFound(GONE)
            self._kept[identity] = (entry[0], self._clock())
            self._kept.move_to_end(identity)
            return entry[0]

    def remove(self, identity: str) -> None:
        """Forget a workspace at once. `NotFound` as in `get`; one that is pinned stays."""
        workspace = self.get(identity)
        with self._lock:
            self._kept.pop(workspace.id, None)

    def sweep(self) -> None:
        """Drop what nobody has used for long. Called now and then, so that memory is given back without visitors."""
        with self._lock:
            self._trim()

    def __len__(self) -> int:
        return len(self._kept)

    def _trim(self) -> None:
        """Drop the expired, then the least recently used until the rest fits; the newest always stays."""
        oldest = self._clock() - self._keep_seconds
        while self._kept and next(iter(self._kept.values()))[1] < oldest:
            self._kept.popitem(last=False)
        total_bytes = sum(workspace.size_bytes for workspace, _ in self._kept.values())
        while total_bytes > self._limit_bytes and len(self._kept) > 1:
            _, (gone, _) = self._kept.popitem(last=False)
            total_bytes -= gone.size_bytes
