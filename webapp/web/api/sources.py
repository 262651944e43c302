"""Several readings side by side: listed, added, removed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.errors import Refused
from webapp.manifests import read
from webapp.web.answers import json_answer
from webapp.web.api import PREFIX
from webapp.web.services import services
from webapp.web.sources import Source, told_apart
from webapp.web.summaries import summary_document
from webapp.web.uploads import files_of
from webapp.web.views import look
from webapp.web.workspace import Workspace

blueprint = Blueprint("sources", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>/sources")


@blueprint.get("")
def listed(identity: str) -> Response:
    workspace = services().store.get(identity)
    return json_answer({"sources": [source.json() for source in workspace.sources.all]})


@blueprint.post("")
def add(identity: str) -> Response:
    """Read what is sent, and show it beside what is there. Where a limit is passed all stays as it was."""
    shared = services()
    workspace = _own(identity)
    shared.uploads.take(request.remote_addr or "")
    files, name = files_of(request)
    number = workspace.new_source()
    with shared.gate:
        source = Source(number, name, read(told_apart(files, number), shared.settings.budget))
    shared.store.check(workspace.sources.size_bytes + source.size_bytes)
    workspace.add(source)
    shared.store.sweep()
    return json_answer({"source": source.json(), "summary": summary_document(look(workspace))}, 201)


@blueprint.delete("/<int:number>")
def remove(identity: str, number: int) -> Response:
    _own(identity).remove(number)
    return Response(status=204)


def _own(identity: str) -> Workspace:
    """The workspace, if who asks may change it for all who look at it."""
    shared = services()
    workspace = shared.store.get(identity)
    if workspace is shared.opened and shared.settings.is_shared:
        message = (
            "All who come here see this workspace, so its sources stay as they are. Open your own manifests instead."
        )
        raise Refused(message, code="fixed_sources")
    return workspace
