"""`/help`: how to read the picture, the reasons and the switches."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from webapp.explain.codes import CODES, MARKS, MISSES, NOTES

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> Response:
    groups = {"codes": CODES, "misses": MISSES, "notes": NOTES, "marks": MARKS}
    return make_response(render_template("pages/help.html", **groups))
