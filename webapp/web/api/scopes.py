"""What is shown of a workspace: the matrix window by window, what a filter finds, what may stand in one, and the rules
that decide the rows of the table."""

from __future__ import annotations

import re
from itertools import islice

from flask import Blueprint, Response, request

from webapp.errors import InputError
from webapp.explain.deciders import deciders_document
from webapp.graph.matrix import matrix_of
from webapp.graph.scope import scope_of
from webapp.web.answers import JSON, json_answer, json_bytes
from webapp.web.api import PREFIX
from webapp.web.queries import text
from webapp.web.scopes import asked_port, asked_scope, filter_words_document, matrix_document
from webapp.web.services import services
from webapp.web.views import view_of

blueprint = Blueprint("scopes", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")
MOST_CELLS_A_SIDE = 100
MOST_FOUND = 5_000
MOST_DECIDED = 100
_MOST_EXPANDED = 4_000
_WINDOW = re.compile(r"([0-9]{1,6})-([0-9]{1,6})", re.ASCII)


@blueprint.get("/matrix")
def matrix(identity: str) -> Response:
    """Places `rows` x `columns` ("0-39", inclusive) of the grid of what is shown. Bounded, whatever the cluster."""
    analysis = view_of(identity).analysis
    scope, port = asked_scope(analysis), asked_port()
    expand = request.args.get("expand", "")
    if len(expand) > _MOST_EXPANDED:
        raise InputError("expand is too long.", code="bad_parameter")
    with services().gate:
        grid = matrix_of(analysis, scope, frozenset(name for name in expand.split(",") if name), port)
        rows, columns = (_window(name, len(grid.ids)) for name in ("rows", "columns"))
        return json_answer(matrix_document(grid, rows, columns, scope))


@blueprint.get("/find")
def find(identity: str) -> Response:
    """What a filter would show, to point at it and hide nothing: workloads, and paths where it speaks of paths."""
    analysis = view_of(identity).analysis
    with services().gate:
        scope = scope_of(analysis, text(request.args, "filter"))
        assert scope is not None
        trivial = scope.asked.paths.is_trivial
        paths = [] if trivial else [[s, d] for s, d in islice(scope.paths(), MOST_FOUND)]
        return json_answer({
            "workloads": [workload.id for workload in scope.workloads],
            "paths": paths,
            "counts": {"workloads": len(scope.workloads), "all": len(analysis.workloads),
                       "paths": 0 if trivial else scope.counts.shown},
        })  # fmt: skip


@blueprint.get("/filter-words")
def filter_words(identity: str) -> Response:
    """What may stand in a filter."""
    view = view_of(identity)
    key = ("filter words", view.analysis.assumptions)
    data = view.workspace.picture(view.contents, key, lambda: json_bytes(filter_words_document(view.analysis)))
    return Response(data, mimetype=JSON)


@blueprint.get("/deciders")
def deciders(identity: str) -> Response:
    """The policies and rules that decide pairs of ids, end by end: `source` and `destination`, repeated in step."""
    analysis = view_of(identity).analysis
    pairs = list(zip(request.args.getlist("source"), request.args.getlist("destination"), strict=False))
    if not pairs or len(pairs) > MOST_DECIDED:
        raise InputError(f"From 1 to {MOST_DECIDED} pairs of source and destination.", code="bad_parameter")
    known = {w.id for w in analysis.workloads} | {part.id for part in analysis.externals}
    for pair in pairs:
        for end in pair:
            if end not in known:
                raise InputError(f'"{end}" is not the id of a workload or of an address range.', code="bad_parameter")
    with services().gate:
        return json_answer({"pairs": [deciders_document(analysis, *pair) for pair in pairs]})


def _window(name: str, size: int) -> range:
    given = request.args.get(name, f"0-{MOST_CELLS_A_SIDE - 1}")
    match = _WINDOW.fullmatch(given)
    first, last = (int(match[1]), int(match[2])) if match else (1, 0)
    if not match or last < first or last - first >= MOST_CELLS_A_SIDE:
        message = f"{name} must be places FIRST-LAST, from 0 and at most {MOST_CELLS_A_SIDE}: 0-39."
        raise InputError(message, code="bad_parameter")
    return range(min(first, size), min(last + 1, size))
