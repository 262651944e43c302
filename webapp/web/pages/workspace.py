"""`/w/ID`: a workspace, for whoever knows its id."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.web.rendering import workspace_page
from webapp.web.services import services

blueprint = Blueprint("workspace", __name__)


@blueprint.get("/w/<identity>")
def show(identity: str) -> Response:
    return workspace_page(services().store.get(identity))
