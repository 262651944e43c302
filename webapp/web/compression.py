"""Answers are sent compressed to who takes them so: a scene of a large cluster is megabytes of repetition."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

_TEXTS = frozenset({
    "application/json", "application/javascript", "text/javascript", "text/css", "text/csv", "text/plain",
    "image/svg+xml", "application/xml",
})  # fmt: skip
_LEVEL = 5


def compress_answers(app: Flask, from_bytes: int) -> None:
    """Compress texts of ``from_bytes`` and more; 0 turns it off. HTML stays as it is: it holds the workspace's id."""

    def compress(response: Response) -> Response:
        if response.mimetype not in _TEXTS or "Content-Encoding" in response.headers:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code != 200 or request.accept_encodings.quality("gzip") <= 0:
            return response
        response.direct_passthrough = False
        data = response.get_data()
        if len(data) >= from_bytes:
            response.set_data(gzip.compress(data, _LEVEL, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            tag, _ = response.get_etag()
            if tag is not None:
                response.set_etag(tag, weak=True)
        return response

    if from_bytes:
        app.after_request(compress)
