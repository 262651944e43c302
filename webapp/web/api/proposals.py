"""Proposals: changes of policies, as text, each tried on the engine before it is answered."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.errors import InputError
from webapp.proposals.asking import connections_of
from webapp.proposals.denying import deny_by_default
from webapp.proposals.documents import fixes_document, generated_document, proposals_document, wanted_document
from webapp.proposals.fixes import WANTS, fixes
from webapp.proposals.generating import generate
from webapp.proposals.wanted import suggested
from webapp.proposals.world import Declined, World
from webapp.web.answers import JSON, json_answer, json_bytes
from webapp.web.api import PREFIX
from webapp.web.queries import choice, question_of, text, what_if_of
from webapp.web.services import services
from webapp.web.views import View, view_of

blueprint = Blueprint("proposals", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")
_MOST_NAMESPACES = 200
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


@blueprint.get("/proposals/deny-default")
def deny(identity: str) -> Response:
    """A policy that isolates a whole namespace and lets its pods resolve names; of several, one for each."""
    view = view_of(identity)
    text(request.args, "namespace")
    namespaces = tuple(sorted(set(request.args.getlist("namespace")[:_MOST_NAMESPACES])))

    def make() -> bytes:
        try:
            return json_bytes(proposals_document([deny_by_default(world_of(view), namespaces)]))
        except Declined as answer:
            return json_bytes(proposals_document([], answer.why))

    key = ("deny", view.analysis.assumptions, namespaces)
    return Response(view.workspace.picture(view.contents, key, make), mimetype=JSON)


@blueprint.get("/proposals/wanted")
def wanted(identity: str) -> Response:
    """Connections that are probably wanted, each with the reasons to think so."""
    view = view_of(identity)

    def make() -> bytes:
        found, more = suggested(world_of(view))
        return json_bytes(wanted_document(found, more, view.analysis))

    return Response(view.workspace.picture(view.contents, ("wanted", view.analysis.assumptions), make), mimetype=JSON)


@blueprint.post("/proposals/generate")
def write(identity: str) -> Response:
    """Policies that allow exactly the wanted connections, and the check of that."""
    view = view_of(identity)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("keep", False), bool):
        raise InputError('Send {"wanted": [{"source", "destination", "ports"}]}, as JSON.', code="bad_parameter")
    with services().gate:
        world = world_of(view)
        connections = connections_of(world, body.get("wanted"))
        try:
            return json_answer(generated_document(generate(world, connections, keep=body.get("keep", False))))
        except Declined as answer:
            raise InputError(answer.why, code="nothing_wanted") from answer


def world_of(view: View) -> World:
    """What a view shows, as proposals start from it."""
    return World(view.contents.intake, view.analysis, view.draft.files(), what_if_of(request.args).without)
