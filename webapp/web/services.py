"""What the parts of one app share. Made by `create_app`, reached from a request by `services()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from webapp.web.buckets import Buckets
from webapp.web.gate import Gate
from webapp.web.settings import Settings
from webapp.web.store import Store
from webapp.web.workspace import Evaluate, Workspace

_KEY = "netpolmap"


@dataclass(slots=True)
class Life:
    """Whether requests are taken. `stopping` is set once, by SIGTERM."""

    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """``opened``: the workspace of `serve PATH`, shown at `/`. ``evaluate`` and ``new_id`` may be others in tests."""

    settings: Settings
    store: Store
    gate: Gate
    uploads: Buckets
    edits: Buckets
    opened: Workspace | None
    evaluate: Evaluate
    new_id: Callable[[], str]
    life: Life = field(default_factory=Life)


def provide(app: Flask, shared: Services) -> None:
    """Give an app its services."""
    app.extensions[_KEY] = shared


def services_of(app: Flask) -> Services:
    """The services of an app, outside of a request."""
    return cast("Services", app.extensions[_KEY])


def services() -> Services:
    """The services of the app that handles this request."""
    return services_of(current_app)
