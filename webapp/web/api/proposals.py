"""Proposals: changes of policies, as text, each tried on the engine before it is answered."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.proposals.documents import fixes_document
from webapp.proposals.fixes import WANTS, fixes
from webapp.proposals.world import World
from webapp.web.answers import JSON, json_bytes
from webapp.web.api import PREFIX
from webapp.web.queries import choice, question_of, what_if_of
from webapp.web.views import View, view_of

blueprint = Blueprint("proposals", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")
_ASKED = ("source", "destination", "port", "protocol")


@blueprint.get("/fixes")
def fix(identity: str) -> Response:
    """The smallest changes that open a blocked pair, or close an open one; `want` may ask for either."""
    view = view_of(identity)
    want = choice(request.args, "want", WANTS)
    question = question_of(request.args, view.analysis)
    key = ("fixes", view.analysis.assumptions, want, *(request.args.get(name, "") for name in _ASKED))

    def make() -> bytes:
        return json_bytes(fixes_document(fixes(world_of(view), question, want)))

    return Response(view.workspace.picture(view.contents, key, make), mimetype=JSON)


def world_of(view: View) -> World:
    """What a view shows, as proposals start from it."""
    return World(view.contents.intake, view.analysis, view.draft.files(), what_if_of(request.args).without)
