"""The page's own files: their addresses change with their content, so browsers may keep them for good."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

_NAMED_BY_CONTENT = re.compile(r"dist/chunks/[\w.-]+-[A-Z0-9]{8}\.(?:js|woff2)")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


def version_assets(app: Flask) -> None:
    """Put the version of a file into its address (`?v=…`), and let it be kept where that is the one that is served."""
    folder = Path(app.static_folder or "")

    def add_version(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "filename" in values:
            version = _version(folder / str(values["filename"]))
            if version:
                values["v"] = version

    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            name = (request.view_args or {}).get("filename", "")
            asked = request.args.get("v")
            fixed = bool(_NAMED_BY_CONTENT.fullmatch(name)) or (asked is not None and asked == _version(folder / name))
            response.headers["Cache-Control"] = _FOR_GOOD if fixed else _ASK_AGAIN
        return response

    app.url_defaults(add_version)
    app.after_request(keep)


def _version(file: Path) -> str:
    """Of the file's content; "" if there is none."""
    try:
        facts = file.stat()
    except (OSError, ValueError):
        return ""
    return _hash_of(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=256)
def _hash_of(file: Path, changed_ns: int, size_bytes: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
