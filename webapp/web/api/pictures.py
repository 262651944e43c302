"""The picture with its accessible twin, and everything that can be downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Blueprint, Response, request

from webapp.errors import InputError, WebappError
from webapp.graph.drawing import draw
from webapp.graph.facts import Pair
from webapp.graph.layout import lay_out
from webapp.graph.scene import BLOCKED_MODES, build_scene
from webapp.graph.scope import Scope
from webapp.model.problem import Problem
from webapp.web.answers import JSON, json_answer, json_bytes
from webapp.web.api import PREFIX
from webapp.web.contents import record_fault
from webapp.web.exports import MEDIA, Limit, export, find_exporter
from webapp.web.failures import error_document, fault_of
from webapp.web.queries import choice
from webapp.web.scenes import EMPTY_PICTURE, scene_document
from webapp.web.scopes import asked_scope
from webapp.web.security import SANDBOX
from webapp.web.services import services
from webapp.web.views import View, view_of

blueprint = Blueprint("pictures", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")
_MOST_SELECTED = 4_000
THEMES = ("light", "dark")
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@blueprint.get("/scene")
def scene(identity: str) -> Response:
    """What is drawn, as SVG and as rows. `blocked`, `selected` and `expand` as in `build_scene`; `source` and
    `destination`: a pair that is asked about, and therefore drawn where it is blocked."""
    view = view_of(identity)
    blocked = choice(request.args, "blocked", BLOCKED_MODES)
    selected = request.args.get("selected") or None
    expand = tuple(sorted({name for name in request.args.get("expand", "").split(",") if name}))
    if len(selected or "") + sum(map(len, expand)) > _MOST_SELECTED:
        raise InputError("selected and expand are too long.", code="bad_parameter")
    asked = (request.args.get("source", ""), request.args.get("destination", ""))
    if sum(map(len, asked)) > _MOST_SELECTED:
        raise InputError("source and destination are too long.", code="bad_parameter")
    told = view.cut if "" in asked else (*view.cut, asked)
    scope = asked_scope(view.analysis)
    key = ("scene", view.analysis.assumptions, blocked, selected, expand, asked, scope and scope.key)
    data = view.workspace.picture(view.contents, key, lambda: _draw(view, blocked, selected, expand, scope, told))
    return Response(data, mimetype=JSON)


def _draw(
    view: View, blocked: str, selected: str | None, expand: tuple[str, ...], scope: Scope | None, told: Iterable[Pair]
) -> bytes:
    """The rows are there even where the picture fails."""
    made = build_scene(view.analysis, blocked=blocked, selected=selected, expand=expand, scope=scope, told=told)
    try:
        layout = lay_out(made)
        return json_bytes(scene_document(made, draw(made, layout), layout.width, layout.height, layout.notes, scope))
    except WebappError:
        raise
    except Exception as error:
        fault = fault_of(error, "The picture could not be drawn; the table has everything")
        record_fault(view.contents, fault)
        return json_bytes(scene_document(made, EMPTY_PICTURE, 1, 1, (fault.message,), scope))


@blueprint.get("/diagram.svg")
def diagram(identity: str) -> Response:
    """The picture by itself, `theme` light or dark."""
    view = view_of(identity)
    theme = choice(request.args, "theme", THEMES)

    scope = asked_scope(view.analysis)

    def make() -> bytes:
        made = build_scene(view.analysis, scope=scope)
        return draw(made, lay_out(made), theme, legend=True, interactive=False).encode("utf-8", "backslashreplace")

    data = view.workspace.picture(view.contents, ("svg", view.analysis.assumptions, theme, scope and scope.key), make)
    response = Response(data, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.get("/export/<name>")
def download(identity: str, name: str) -> Response:
    """One export as a file. An exporter that fails leaves a problem behind; everything else goes on."""
    view = view_of(identity)
    find_exporter(name)
    options = {
        "theme": choice(request.args, "theme", THEMES),
        "blocked": choice(request.args, "blocked", BLOCKED_MODES),
    }
    scope = None if name == "json" else asked_scope(view.analysis)  # the contract's answer is always whole
    settings = services().settings
    limit_bytes = settings.answer_bytes if name in ("json", "csv") else settings.budget.picture_bytes
    try:
        with services().gate:
            limit = Limit(limit_bytes or settings.answer_bytes, settings.answer_seconds)
            data = export(view.analysis, name, limit, scope, **options)
    except WebappError:
        raise
    except Exception as error:
        fault = fault_of(error, f"The export as {name} failed")
        record_fault(view.contents, fault)
        return _apologize(fault)
    media, ending = MEDIA.get(name, ("application/octet-stream", name))
    response = Response(data, mimetype=media)
    part = "" if scope is None else "-filtered"
    name = (_UNSAFE_IN_NAMES.sub("-", view.workspace.name).strip("-.")[:60] or "netpolmap") + f"{part}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _apologize(fault: Problem) -> Response:
    return json_answer(error_document(fault.code, fault.message), 422)
