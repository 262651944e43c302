"""`/help`: how to read the picture, the reasons and the switches."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from webapp.explain.codes import CODES, MISSES

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> Response:
    codes = [{"code": code, "sentence": sentence} for code, sentence in (CODES | MISSES).items()]
    return make_response(render_template("pages/help.html", codes=codes))
