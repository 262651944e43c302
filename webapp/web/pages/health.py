"""`/healthz`: the process lives. `/readyz`: it takes requests."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.web.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Touches nothing."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    """503 from the moment the server is told to stop."""
    stopping = services().life.stopping
    return Response("stopping\n" if stopping else "ready\n", 503 if stopping else 200, mimetype="text/plain")
