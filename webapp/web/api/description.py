"""The API, described for programs."""

from __future__ import annotations

from flask import Blueprint, Response

from webapp.web.answers import json_answer
from webapp.web.api import PREFIX
from webapp.web.openapi import description

blueprint = Blueprint("description", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
def show() -> Response:
    return json_answer(description())
