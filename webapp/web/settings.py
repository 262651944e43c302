"""Every setting of the server in one table. The limits on what is read stand in `manifests.budget`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from webapp.errors import InputError
from webapp.manifests.budget import KIB, MIB, REQUEST_BUDGET, Budget
from webapp.web.room import Room

PREFIX = "NETPOLMAP_"
_OF_KUBERNETES = re.compile(r"(service|port)(_.*)?")
"""Kubernetes gives every pod such variables for a Service called netpolmap."""
T = TypeVar("T")


def _about(default: T, meaning: str) -> T:
    made: T = field(default=default, metadata={"meaning": meaning})
    return made


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server behaves. Frozen: a running server never changes it."""

    # fmt: off
    trusted_hosts: tuple[str, ...] = _about((), "names, beside loopback, that a Host header may hold (comma separated)")
    proxies: int = _about(0, "reverse proxies in front whose X-Forwarded-For and -Proto are believed")
    workspace_hours: float = _about(8.0, "hours after its last use that a workspace is kept")
    workspace_store_bytes: int = _about(384 * MIB, "bytes of all workspaces, about; the least recently used go")
    analyses_kept: int = _about(4, "evaluations (one for each set of switches) kept for a workspace")
    pictures_kept: int = _about(24, "drawn scenes kept for a workspace")
    drafts_kept: int = _about(12, "edits of its policies kept for a workspace")
    drafts_bytes: int = _about(64 * MIB, "bytes of these edits, about; the least recently used go")
    draft_bytes: int = _about(8 * MIB, "bytes of one edit")
    concurrent_analyses: int = field(
        default_factory=lambda: 2 * _cores(), metadata={"meaning": "evaluations and drawings at once (2 a core)"})
    waiting_analyses: int = _about(16, "requests that may wait for one of these; more are answered 503")
    waiting_seconds: float = _about(10.0, "how long they wait before they are answered 503")
    answer_bytes: int = _about(128 * MIB, "bytes of one answer; what is larger is for the command line")
    answer_seconds: float = _about(10.0, "seconds that writing one answer may take, then likewise")
    compress_from_bytes: int = _about(KIB, "bytes from which answers are sent compressed; 0: never")
    connections: int = _about(200, "open connections; more wait in the kernel's queue")
    header_bytes: int = _about(64 * KIB, "bytes of the headers of a request")
    bodies_bytes: int = _about(192 * MIB, "bytes of all requests being received; more are answered 503")
    idle_seconds: float = _about(60.0, "how long a connection may be silent")
    upload_seconds: float = _about(300.0, "how long sending one request may take")
    stopping_seconds: float = _about(30.0, "how long work in hand may go on after SIGTERM")
    watch_seconds: float = _about(1.0, "how often the files of `serve PATH` are looked at")
    # fmt: on
    budget: Budget = REQUEST_BUDGET

    @property
    def room(self) -> Room:
        """What a workspace keeps of what has been worked out."""
        return Room(self.analyses_kept, self.pictures_kept, self.drafts_kept, self.drafts_bytes)

    @property
    def is_shared(self) -> bool:
        """Whether others may be served than the person at this machine: then each client's uploads are limited."""
        return bool(self.trusted_hosts or self.proxies)

    @property
    def threads(self) -> int:
        """Threads that answer requests: health checks and cheap questions never wait for evaluations."""
        return self.concurrent_analyses + self.waiting_analyses + 4


_OF_SHARES = ("share", "unlocks")
"""Limits that hold for nothing yet."""
DEFAULT_SETTINGS = Settings()


def settings_of(environment: Mapping[str, str] = os.environ, base: Settings = DEFAULT_SETTINGS) -> Settings:
    """The settings with what the environment says: `NETPOLMAP_WORKSPACE_HOURS=2`, `NETPOLMAP_UPLOADS_PER_MINUTE=0`.

    Every setting and every limit of the request budget has a variable; a limit of 0 is no limit. InputError where a
    variable is unknown or not a number.
    """
    known = {each.name: getattr(base, each.name) for each in fields(Settings) if "meaning" in each.metadata}
    limits = {each.name: getattr(base.budget, each.name) for each in fields(Budget) if "meaning" in each.metadata}
    changed: dict[str, Any] = {}
    lowered: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in known:
            changed[name] = _parsed(variable, text, known[name])
        elif name in limits:
            lowered[name] = _parsed(variable, text, 0) or None
        elif not _OF_KUBERNETES.fullmatch(name):
            raise InputError(f"{variable} is not a setting. The settings are listed in docs/serving.md.")
    return replace(base, **changed, budget=replace(base.budget, **lowered))


def _parsed(variable: str, text: str, like: object) -> object:
    if isinstance(like, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        number = float(text) if isinstance(like, float) else int(text)
    except ValueError:
        raise InputError(f"{variable}={text!r} is not a number.") from None
    if not 0 <= number < float("inf"):
        raise InputError(f"{variable}={text!r} must not be negative or infinite.")
    return number


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_table(settings: Settings = DEFAULT_SETTINGS) -> Iterator[tuple[str, str, str]]:
    """(variable, value, meaning) of every setting, for `docs/serving.md`."""
    for each in fields(Settings):
        if "meaning" in each.metadata:
            yield PREFIX + each.name.upper(), _shown(getattr(settings, each.name)), each.metadata["meaning"]
    for each in fields(Budget):
        if "meaning" in each.metadata and not each.name.startswith(_OF_SHARES):
            yield PREFIX + each.name.upper(), str(getattr(settings.budget, each.name) or 0), each.metadata["meaning"]
