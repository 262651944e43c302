"""The body of an edit: which files of policies read otherwise. It comes at typing pace, and from anybody."""

from __future__ import annotations

import json

from flask import Request

from webapp.errors import InputError, TooLarge, Unsupported
from webapp.manifests.archive import label
from webapp.manifests.tree import Intake
from webapp.web.settings import Settings

_FORM = 'Send {"files": {NAME: TEXT}} as application/json; null in place of a text takes the file as it was loaded.'


def texts_of(request: Request, loaded: Intake, settings: Settings) -> dict[str, str]:
    """The edited texts by the name of their file; ``loaded``: what is edited.

    `Unsupported` for another content type, `TooLarge` for too many bytes, InputError for any other shape.
    """
    if request.mimetype != "application/json":
        raise Unsupported(f"An edit is JSON. {_FORM}")
    files = _files(_body(request, settings.draft_bytes))
    settings.budget.check("request_parts", len(files))
    known = {document.source.file for document in loaded.documents}
    texts = {}
    for name, text in files.items():
        if text is not None and not isinstance(text, str):
            raise InputError(f"The text of a file is no text. {_FORM}", code="bad_body")
        if name not in known and (not name.strip() or label(name) != name):
            raise InputError(f'"{label(name)}" cannot be the name of a file: it is empty, too long, or not printable.')
        if text is not None:
            texts[name] = text
    return texts


def _body(request: Request, limit_bytes: int) -> bytes:
    if (request.content_length or 0) > limit_bytes or len(data := request.get_data(cache=False)) > limit_bytes:
        raise TooLarge(f"The edit is larger than {limit_bytes:,} bytes. Load the files anew instead.")
    return data


def _files(data: bytes) -> dict[str, object]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError(f"The edit is no JSON. {_FORM}", code="bad_body") from None
    files = body.get("files") if isinstance(body, dict) else None
    if not isinstance(files, dict):
        raise InputError(f"The edit names no files. {_FORM}", code="bad_body")
    return files
