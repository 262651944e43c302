"""`/`: the workspace of `serve PATH`; without one, or with `?new`, the page on which manifests are opened."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from webapp.web.rendering import workspace_page
from webapp.web.services import services

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def show() -> Response:
    opened = services().opened
    if opened is not None and "new" not in request.args:
        return workspace_page(opened)
    return make_response(render_template("pages/start.html", opened=opened is not None))
