"""Workspaces: made of what is sent, asked for their summary, forgotten."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.web.answers import json_answer
from webapp.web.api import PREFIX
from webapp.web.opening import created, open_workspace
from webapp.web.services import services
from webapp.web.summaries import summary_document
from webapp.web.uploads import files_of
from webapp.web.views import view_of

blueprint = Blueprint("workspaces", __name__, url_prefix=f"{PREFIX}/workspaces")


@blueprint.post("")
def create() -> Response:
    """Read what is sent, and answer with the address of the workspace."""
    shared = services()
    shared.uploads.take(request.remote_addr or "")
    files, name = files_of(request)
    return created(open_workspace(shared, files, name))


@blueprint.get("/<identity>/summary")
def summary(identity: str) -> Response:
    return json_answer(summary_document(view_of(identity)))


@blueprint.delete("/<identity>")
def forget(identity: str) -> Response:
    """Forget the workspace now instead of in some hours."""
    services().store.remove(identity)
    return Response(status=204)
