"""The workspace as a page: at `/` and at `/w/ID` it is the same."""

from __future__ import annotations

from flask import Response, make_response, render_template

from webapp.web.api import PREFIX
from webapp.web.workspace import Workspace


def workspace_page(workspace: Workspace) -> Response:
    """The page; all that it shows it asks the API for."""
    return make_response(
        render_template(
            "pages/workspace.html",
            workspace_id=workspace.id,
            name=workspace.name,
            api=f"{PREFIX}/workspaces/{workspace.id}",
            watch=workspace.watched,
        )
    )
