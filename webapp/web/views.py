"""What the routes below a workspace share: the workspace of an id, as the request wants to see it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from webapp.analysis import Analysis
from webapp.diff import Changes
from webapp.model.assumptions import Assumptions
from webapp.web.contents import Contents
from webapp.web.drafts import Draft, Drafts, WhatIf
from webapp.web.queries import assumptions_of, what_if_of
from webapp.web.services import services
from webapp.web.workspace import Workspace

MOST_CUT_LINES = 60


@dataclass(frozen=True, slots=True)
class View:
    """One look at a workspace: all parts belong to the same reading. ``contents``: of the draft, without the policies
    that are switched off; ``analysis``: their evaluation under the request's switches."""

    workspace: Workspace
    drafts: Drafts
    draft: Draft
    contents: Contents
    analysis: Analysis

    @property
    def loaded(self) -> Analysis:
        """The files as they were loaded, under the same switches."""
        return self.workspace.analysis(self.drafts.loaded.contents, self.analysis.assumptions)

    @property
    def changes(self) -> Changes:
        """How it differs from the files as loaded."""
        return self.workspace.changes(self.contents, self.loaded, self.analysis)

    @property
    def cut(self) -> tuple[tuple[str, str], ...]:
        """Pairs that it cuts against the files as loaded, to be seen in a picture: some of them, if there are many."""
        if self.contents is self.drafts.loaded.contents:
            return ()
        return tuple((row.source, row.destination) for row in self.changes.first("cut", MOST_CUT_LINES))


def view_of(identity: str) -> View:
    """The view that the request asks for; NotFound for unknown ids, InputError for bad switches."""
    workspace = services().store.get(identity)
    return look(workspace, assumptions_of(request.args, workspace.defaults), what_if_of(request.args))


def look(workspace: Workspace, assumptions: Assumptions | None = None, what_if: WhatIf = WhatIf()) -> View:  # noqa: B008
    """One look at a workspace, under its default switches if no others are given."""
    drafts = workspace.drafts
    draft = drafts.find(what_if.draft)
    return look_at(workspace, drafts, draft, assumptions or workspace.defaults, what_if.without)


def look_at(
    workspace: Workspace, drafts: Drafts, draft: Draft, assumptions: Assumptions, without: frozenset[str]
) -> View:
    """A draft of a reading, evaluated."""
    contents = drafts.contents(draft, without)
    return View(workspace, drafts, draft, contents, workspace.analysis(contents, assumptions))
