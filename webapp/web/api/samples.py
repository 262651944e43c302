"""Samples: listed, and opened as a workspace."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp import resources
from webapp.errors import NotFound
from webapp.manifests import SourceFile, open_paths
from webapp.web.answers import json_answer
from webapp.web.api import PREFIX
from webapp.web.opening import created, open_workspace
from webapp.web.samples import samples_in
from webapp.web.services import services

blueprint = Blueprint("samples", __name__, url_prefix=f"{PREFIX}/samples")


@blueprint.get("")
def listed() -> Response:
    return json_answer([sample.json() for sample in samples_in(resources.samples_folder()).values()])


@blueprint.post("/<name>")
def open_sample(name: str) -> Response:
    """A workspace of its own for whoever opens the sample."""
    shared = services()
    shared.uploads.take(request.remote_addr or "")
    sample = samples_in(resources.samples_folder()).get(name)
    if sample is None:
        raise NotFound("There is no sample of that name.")
    files, problems = open_paths([str(sample.folder)], shared.settings.budget)
    above = f"{sample.folder.parent.as_posix()}/"
    named = [SourceFile(file.name.removeprefix(above), file.data) for file in files]
    return created(open_workspace(shared, named, sample.title, problems))
