"""`/help`: how to read the picture, the reasons and the switches."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from webapp.explain.codes import CODES, MARKS, MISSES, NOTES
from webapp.graph.filters import KEYS
from webapp.lint.handbook import anchor, paragraphs
from webapp.lint.registry import all_rules

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> Response:
    groups = {"codes": CODES, "misses": MISSES, "notes": NOTES, "marks": MARKS}
    rules = [(anchor(rule), rule.code, rule.severity, paragraphs(rule)) for rule in all_rules()]
    return make_response(render_template("pages/help.html", rules=rules, filter_keys=KEYS, **groups))
