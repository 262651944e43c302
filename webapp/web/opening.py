"""Files become a workspace: the one way for uploads, pasted text and samples."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

from webapp.manifests import read
from webapp.model.problem import Problem
from webapp.model.source import SourceFile
from webapp.web.answers import json_answer
from webapp.web.services import Services
from webapp.web.summaries import summary_document
from webapp.web.views import look
from webapp.web.workspace import Workspace


def open_workspace(
    shared: Services, files: Iterable[SourceFile], name: str, problems: Iterable[Problem] = ()
) -> Workspace:
    """Read the files under the budget of requests and keep what was read; the bytes go when this returns.

    `BudgetExceeded` where a limit is passed, `Unavailable` where too much is going on.
    """
    with shared.gate:
        intake = read(files, shared.settings.budget, problems=problems)
    workspace = Workspace(
        shared.new_id(), name, intake, shared.gate,
        room=shared.settings.room, evaluate=shared.evaluate,
    )  # fmt: skip
    workspace.analysis(workspace.contents, workspace.defaults)  # what cannot be evaluated is refused at once
    shared.store.add(workspace)
    return workspace


def created(workspace: Workspace) -> Response:
    """201 with where the workspace is and what is in it."""
    url = f"/w/{workspace.id}"
    response = json_answer({"id": workspace.id, "url": url, "summary": summary_document(look(workspace))}, 201)
    response.headers["Location"] = url
    return response
