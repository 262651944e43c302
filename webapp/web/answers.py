"""Answers as JSON, written in one way."""

from __future__ import annotations

import json

from flask import Response

JSON = "application/json"


def json_bytes(document: object) -> bytes:
    """Compact JSON in UTF-8, without NaN. Halves of surrogate pairs (file names that are no UTF-8) stay escaped."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def json_answer(document: object, status: int = 200) -> Response:
    """A document as an answer."""
    return Response(json_bytes(document), status, mimetype=JSON)
