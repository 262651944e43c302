"""What-if: the policies as texts, an edit of them, and what it opens and cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, request

from webapp.analysis import Analysis
from webapp.diff import Changes, diff_document
from webapp.errors import BudgetExceeded
from webapp.insight.mends import mend_of
from webapp.manifests.collector import paused_collector
from webapp.manifests.editing import is_policy_document, read_texts
from webapp.model.problem import Problem
from webapp.web.answers import json_answer
from webapp.web.api import PREFIX
from webapp.web.drafts import Draft, Unreadable
from webapp.web.edits import texts_of
from webapp.web.queries import assumptions_of, number, what_if_of
from webapp.web.services import services
from webapp.web.views import View, look_at, view_of

blueprint = Blueprint("drafts", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")
_MOST_MENDS = 20
_ROW_BYTES = 120
"""What a row of changes takes at least."""


@blueprint.get("/files")
def files(identity: str) -> Response:
    """The policies of each file as one text, to be edited."""
    return json_answer({
        "files": [
            {
                "name": file.name, "text": file.text,
                "parts": [
                    {"document": part.document, "first_line": part.first_line, "line": part.line}
                    for part in file.parts
                ],
            }
            for file in view_of(identity).draft.files()
        ]
    })  # fmt: skip


@blueprint.post("/drafts")
def edit(identity: str) -> Response:
    """Take an edit, and answer with the token under which everything can be asked of it. A text that is no YAML makes
    none: then nothing changes."""
    shared = services()
    shared.edits.take(request.remote_addr or "")
    workspace = shared.store.get(identity)
    assumptions = assumptions_of(request.args, workspace.defaults)
    drafts = workspace.drafts
    texts = texts_of(request, drafts.loaded.contents.intake, shared.settings)
    try:
        with shared.gate, paused_collector():
            draft = drafts.add(texts, lambda: read_texts(texts, shared.settings.budget))
            view = look_at(workspace, drafts, draft, assumptions, what_if_of(request.args).without)
            counts = view.changes.counts
    except Unreadable as error:
        return json_answer({"draft": None, "problems": [problem.json() for problem in error.problems]})
    return json_answer({
        "draft": draft.token,
        "problems": _with_mends(_problems(view), texts),
        "changes": {"counts": counts},
    }, 201)  # fmt: skip


def _problems(view: View) -> list[Problem]:
    """Those of the edited texts. What else the same files hold has its own, at places of the files as loaded."""
    others, texts = _beside(view.drafts.loaded, view.draft), view.draft.texts
    found = [each for each in view.analysis.problems if each.source is not None and each.source.file in texts]
    return [each for each in found if each.object not in others or each not in view.loaded.problems]


def _with_mends(problems: Iterable[Problem], texts: Mapping[str, str]) -> list[dict[str, object]]:
    """As everywhere, and the first of them with the change of the text that mends it, where one is certain."""
    answer = []
    tries = 0
    for problem in problems:
        document = problem.json()
        if problem.instead and problem.source is not None and tries < _MOST_MENDS:
            tries += 1
            mend = mend_of(problem, texts[problem.source.file])
            document |= {} if mend is None else {"mend": mend.json(problem.source.file)}
        answer.append(document)
    return answer


def _beside(loaded: Draft, draft: Draft) -> set[str]:
    """How problems name what is no policy in the files that were edited."""
    documents = loaded.contents.intake.documents
    return {d.title for d in documents if d.source.file in draft.texts and not is_policy_document(d)}


@blueprint.get("/changes")
def changes(identity: str) -> Response:
    """What is open in this view and not in the files as loaded, and the other way round: `diff -o json`."""
    view, limit = view_of(identity), number(request.args, "limit")
    with services().gate:
        found = view.changes
        counts = found.counts
        most = max(counts.values()) if limit is None else limit
        _check_size(sum(min(count, most) for count in counts.values()) * _ROW_BYTES)
        document = diff_document(found, view.loaded, view.analysis, limit)
        cut = max(counts.values()) > most
        return json_answer({**document, "counts": counts, "truncated": cut, "seen_as": _seen_as(found, view.analysis)})


def _seen_as(found: Changes, head: Analysis) -> dict[str, str]:
    """The address parts of the rows that this view does not tell apart, and what it has in their place."""
    held = {part.id: head.external_at(*part.ranges[0][:2]).id for part in found.externals}
    return {identity: there for identity, there in held.items() if identity != there}


def _check_size(size_bytes: int) -> None:
    limit_bytes = services().settings.answer_bytes
    if size_bytes > limit_bytes:
        advice = "Ask for fewer rows with `limit`."
        raise BudgetExceeded("answer_bytes", limit_bytes, size_bytes, advice, what="bytes of the answer")
