"""The factory. An app has no state of its own beside its `Services`; several may live in one process."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import resources
from webapp.analysis import evaluate as evaluate_documents
from webapp.errors import Unavailable
from webapp.registry import modules_of
from webapp.web import api, pages
from webapp.web.assets import version_assets
from webapp.web.buckets import Buckets
from webapp.web.compression import compress_answers
from webapp.web.failures import handle
from webapp.web.gate import Gate
from webapp.web.requests import MemoryRequest
from webapp.web.security import guard
from webapp.web.services import Services, provide, services
from webapp.web.settings import DEFAULT_SETTINGS, Settings
from webapp.web.store import Store, new_id
from webapp.web.workspace import Evaluate, Workspace

_HOUR_SECONDS = 3_600
_FORM_FIELD_BYTES = 100_000


def create_app(
    settings: Settings = DEFAULT_SETTINGS,
    *,
    gate: Gate | None = None,
    opened: Workspace | None = None,
    clock: Callable[[], float] = time.monotonic,
    identify: Callable[[], str] = new_id,
    evaluate: Evaluate = evaluate_documents,
) -> Flask:
    """The app. ``opened`` is shown at `/` (`serve PATH`), made with the same ``gate``.

    ``clock`` (seconds, monotonic), ``identify`` and ``evaluate`` are there for tests. FileNotFoundError if the page has
    not been built.
    """
    app = Flask(
        "webapp.web",
        static_folder=str(resources.static_folder()),
        static_url_path="/static",
        template_folder=str(resources.templates_folder()),
    )
    app.request_class = MemoryRequest
    app.config.update(
        MAX_CONTENT_LENGTH=settings.budget.request_bytes,
        MAX_FORM_PARTS=settings.budget.request_parts,
        MAX_FORM_MEMORY_SIZE=_FORM_FIELD_BYTES,
    )
    provide(app, _services(settings, gate, opened, clock, identify, evaluate))
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    guard(app)
    app.before_request(_refuse_while_stopping)
    handle(app)
    version_assets(app)
    compress_answers(app, settings.compress_from_bytes)
    for module in (*modules_of(api), *modules_of(pages)):
        app.register_blueprint(module.blueprint)
    return app


def _services(
    settings: Settings,
    gate: Gate | None,
    opened: Workspace | None,
    clock: Callable[[], float],
    identify: Callable[[], str],
    evaluate: Evaluate,
) -> Services:
    store = Store(settings.workspace_store_bytes, settings.workspace_hours * _HOUR_SECONDS, clock)
    if opened is not None:
        store.pin(opened)
    return Services(
        settings=settings,
        store=store,
        gate=gate or make_gate(settings),
        uploads=Buckets(settings.budget.uploads_per_minute if settings.is_shared else None, clock),
        edits=Buckets(settings.budget.drafts_per_minute if settings.is_shared else None, clock, "edits"),
        opened=opened,
        evaluate=evaluate,
        new_id=identify,
    )


def make_gate(settings: Settings) -> Gate:
    """The gate that all evaluations of one server pass."""
    return Gate(settings.concurrent_analyses, settings.waiting_analyses, settings.waiting_seconds)


def _refuse_while_stopping() -> None:
    """Work in hand is finished; new work is for the next process."""
    if services().life.stopping and request.path not in ("/healthz", "/readyz"):
        raise Unavailable("The server is stopping.", retry_after_seconds=5, code="stopping")
