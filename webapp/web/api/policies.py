"""The policies themselves: what each selects, changes and decides, and which speak of a workload."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Response, request

from webapp.errors import InputError, NotFound
from webapp.explain.policies import about_document, decides_document, policies_document, policy_card
from webapp.insight.policies import Outline, changes, outline
from webapp.web.answers import JSON, json_bytes
from webapp.web.api import PREFIX
from webapp.web.queries import number, text
from webapp.web.services import services
from webapp.web.views import View, view_of

blueprint = Blueprint("policies", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")


@blueprint.get("/policies")
def listed(identity: str) -> Response:
    """All policies of the view and those that are switched off; with `workload` those that speak of it."""
    view = view_of(identity)
    if "workload" in request.args:
        return _about(view, text(request.args, "workload"))
    seconds, off = services().settings.answer_seconds, _switched_off(view)
    return _kept(view, ("policies",), lambda: policies_document(view.analysis, _counts(view, seconds), off))


@blueprint.get("/policy")
def one(identity: str) -> Response:
    """One policy with its rules."""
    view, name = view_of(identity), text(request.args, "id")
    if name not in view.analysis.numbers_of:
        raise NotFound("There is no policy of that name in this view.", code="unknown_policy")
    return _kept(view, ("policy", name), lambda: policy_card(view.analysis, name))


@blueprint.get("/decides")
def decides(identity: str) -> Response:
    """The pairs that the rule or the policy at a line decides."""
    view, file = view_of(identity), text(request.args, "file")
    document, line = number(request.args, "document"), number(request.args, "line")
    if document is None or line is None:
        raise InputError("document and line must be given, as numbers from 1.", code="bad_parameter")
    key = ("decides", file, document, line)
    return _kept(view, key, lambda: decides_document(view.analysis, file, document, line))


def _about(view: View, name: str) -> Response:
    found = view.analysis.resolve_peer(name).ids
    if len(found) != 1:
        raise InputError(f'"{name}" stands for several. Name one of: {", ".join(found[:12])}.', code="bad_parameter")
    return _kept(view, ("about", found[0]), lambda: about_document(view.analysis, found[0]))


def _kept(view: View, key: tuple[object, ...], make: Callable[[], object]) -> Response:
    """An answer that is made once."""
    full = (*key, view.analysis.assumptions)
    return Response(view.workspace.picture(view.contents, full, lambda: json_bytes(make())), mimetype=JSON)


def _switched_off(view: View) -> list[Outline]:
    if view.contents is view.draft.contents:
        return []
    whole = view.workspace.analysis(view.draft.contents, view.analysis.assumptions)
    return [outline(whole, each) for each in whole.numbers_of if each not in view.analysis.numbers_of]


def _counts(view: View, seconds: float) -> dict[str, int]:
    """How many verdicts each policy changes; of very many that are large only those for which there is time."""
    until = time.monotonic() + seconds
    found: dict[str, int] = {}
    for identity, count in changes(view.analysis):
        found[identity] = count
        if time.monotonic() > until:
            break
    return found
