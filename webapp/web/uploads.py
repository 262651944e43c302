"""What is sent becomes `SourceFile`s. Names are labels for people, never paths; the bytes are dropped after reading."""

from __future__ import annotations

from collections import Counter

from flask import Request

from webapp.errors import InputError, Unsupported
from webapp.manifests.archive import label
from webapp.model.source import SourceFile

_TEXTS = frozenset({"text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml", "text/plain"})
_ARCHIVES = frozenset({
    "application/zip", "application/gzip", "application/x-gzip", "application/x-tar", "application/octet-stream",
})  # fmt: skip
_WHAT_IS_READ = (
    "Send the files as multipart/form-data with parts called files, or one file as the body with the content type "
    "application/yaml, application/json or application/zip."
)


def files_of(request: Request) -> tuple[list[SourceFile], str]:
    """The files of a request and a name for them all. `Unsupported` for other content types, InputError for none."""
    kind = request.mimetype
    if kind == "multipart/form-data":
        parts = request.files.getlist("files")
        files = [SourceFile(label(part.filename or ""), part.stream.read()) for part in parts if part.filename]
    elif kind == "application/json" or kind in _TEXTS or kind in _ARCHIVES:
        fallback = "pasted.json" if kind == "application/json" else "pasted.yaml" if kind in _TEXTS else "archive"
        name = label(request.args.get("name", "")) or fallback
        files = [SourceFile(name, request.get_data(cache=False))]
    else:
        raise Unsupported(f"{kind or 'A request without content type'} is not read. {_WHAT_IS_READ}")
    if not files:
        raise InputError(f"No files came with the request. {_WHAT_IS_READ}", code="no_files")
    return _told_apart(files), _name_of(files)


def _told_apart(files: list[SourceFile]) -> list[SourceFile]:
    """Files of one name get numbers: places in the input are told by name."""
    seen: Counter[str] = Counter()
    answer = []
    for file in files:
        seen[file.name] += 1
        number = seen[file.name]
        answer.append(file if number == 1 else SourceFile(f"{file.name} ({number})", file.data))
    return answer


def _name_of(files: list[SourceFile]) -> str:
    """The folder that all came from, the one file, or how many there are."""
    if len(files) == 1:
        return files[0].name
    tops = {file.name.split("/")[0] for file in files if "/" in file.name}
    if len(tops) == 1 and all("/" in file.name for file in files):
        return tops.pop()
    return f"{len(files)} files"
