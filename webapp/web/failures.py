"""Errors become answers, in one shape: JSON for programs, a page for people. The one place that knows both."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import PurePath

from flask import Flask, Response, render_template, request
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from webapp.errors import BudgetExceeded, TooLarge, Unavailable, WebappError
from webapp.model.problem import Problem
from webapp.web.answers import json_answer
from webapp.web.services import services

log = logging.getLogger(__name__)
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported"}
_TITLES = {403: "This is refused", 404: "There is nothing at this address", 422: "This cannot be read",
           429: "Too many requests", 503: "The server is busy"}  # fmt: skip


def handle(app: Flask) -> None:
    """Answer every error of the app."""
    app.register_error_handler(WebappError, _answer_ours)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_fault)


def fault_of(error: BaseException, what: str) -> Problem:
    """A fault of ours as a problem: `internal`, with an id under which the log holds where it happened.

    The log gets types, files and lines. Messages of exceptions are left out: they may quote the input.
    """
    number = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    places = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    log.error("internal, id %s: %s: %s at %s", number, what, type(error).__name__, places)
    message = f"{what}: internal, id {number}. This is a fault of netpolmap, not of your input. Please report it."
    return Problem("error", "internal", message)


def error_document(code: str, message: str, details: object = None) -> dict[str, object]:
    """The shape of every error."""
    return {"error": {"code": code, "message": message} | ({} if details is None else {"details": details})}


def _answer_ours(error: WebappError) -> Response:
    details = None
    if isinstance(error, BudgetExceeded):
        details = {name: getattr(error, name) for name in ("limit_name", "limit", "measured", "advice")}
    response = _respond(error.status, error.code, error.message, details)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _answer_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:  # a redirect
        return Response(error.get_response().get_data(), error.code or 500, error.get_headers())
    if isinstance(error, RequestEntityTooLarge):
        return _answer_ours(_too_large())
    response = _respond(error.code, _CODES.get(error.code, "refused"), error.description or error.name, None)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _too_large() -> TooLarge:
    budget = services().settings.budget
    return TooLarge(
        f"The request is larger than {budget.request_bytes or 0:,} bytes, or has more than "
        f"{budget.request_parts or 0:,} files. Send one archive (.zip or .tgz), load the input in parts, or use the "
        "command line."
    )


def _answer_fault(error: Exception) -> Response:
    return _respond(500, "internal", fault_of(error, "The request failed").message, None)


def _respond(status: int, code: str, message: str, details: object) -> Response:
    if not _wants_page():
        return json_answer(error_document(code, message, details), status)
    special = f"errors/{status}.html" if status in (404, 500) else "errors/error.html"
    try:
        page = render_template(special, title=_TITLES.get(status), message=message, status=status)
    except (TemplateError, OSError):
        return json_answer(error_document(code, message, details), status)
    return Response(page, status, mimetype="text/html")


def _wants_page() -> bool:
    if request.path.startswith(("/api/", "/static/", "/healthz", "/readyz")):
        return False
    return request.accept_mimetypes.best_match(("application/json", "text/html"), "application/json") == "text/html"
