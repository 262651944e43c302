"""What the routes below a workspace share: the workspace of an id, and its evaluation under the request's switches."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from webapp.analysis import Analysis
from webapp.web.queries import assumptions_of
from webapp.web.services import services
from webapp.web.workspace import Contents, Workspace


@dataclass(frozen=True, slots=True)
class View:
    """One look at a workspace: all parts belong to the same reading."""

    workspace: Workspace
    contents: Contents
    analysis: Analysis


def view_of(identity: str) -> View:
    """The view that the request asks for; NotFound for unknown ids, InputError for bad switches."""
    workspace = services().store.get(identity)
    contents = workspace.contents
    assumptions = assumptions_of(request.args, workspace.defaults)
    return View(workspace, contents, workspace.analysis(contents, assumptions))
