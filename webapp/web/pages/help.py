"""`/help`: how to read the picture, the reasons and the switches."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from webapp.explain.codes import CODES, MISSES, NOTES
from webapp.graph.filters import KEYS

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> Response:
    groups = {"codes": CODES, "misses": MISSES, "notes": NOTES}
    return make_response(render_template("pages/help.html", filter_keys=KEYS, **groups))
