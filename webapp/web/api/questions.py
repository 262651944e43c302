"""What may talk to what: every connection, one question with its reasons, and the text of a policy."""

from __future__ import annotations

from flask import Blueprint, Response, request

from webapp.analysis import Analysis
from webapp.errors import InputError, NotFound
from webapp.explain.facts import facts_document
from webapp.explain.paths import chain_of, path_document
from webapp.explain.reach import DIRECTIONS, radius_document, radius_of
from webapp.explain.verdict import verdict_document
from webapp.lint import review
from webapp.lint.forms.json import document_of as lint_document
from webapp.web.answers import JSON, json_answer, json_bytes
from webapp.web.api import PREFIX
from webapp.web.exports import Limit, export
from webapp.web.exposures import exposure_bytes
from webapp.web.queries import choice, number, question_of, text
from webapp.web.services import services
from webapp.web.views import view_of
from webapp.web.vocabulary import vocabulary_document

blueprint = Blueprint("questions", __name__, url_prefix=f"{PREFIX}/workspaces/<identity>")


@blueprint.get("/connections")
def connections(identity: str) -> Response:
    """The same bytes as `list -o json`."""
    view = view_of(identity)
    settings = services().settings
    with services().gate:
        limit = Limit(settings.answer_bytes, settings.answer_seconds)
        return Response(export(view.analysis, "json", limit), mimetype=JSON)


@blueprint.get("/why")
def why(identity: str) -> Response:
    """The same document as `why -o json`."""
    analysis = view_of(identity).analysis
    return json_answer(verdict_document(analysis, question_of(request.args, analysis)))


@blueprint.get("/names")
def names(identity: str) -> Response:
    """Everybody who can be asked about: the ids of all workloads, address ranges and Services, drawn or not."""
    analysis = view_of(identity).analysis
    return json_answer({
        "workloads": [workload.id for workload in analysis.workloads],
        "externals": [external.id for external in analysis.externals],
        "services": sorted({service.id for service in analysis.inventory.services}),
    })  # fmt: skip


@blueprint.get("/lint")
def findings(identity: str) -> Response:
    """The same document as `lint -o json`."""
    analysis = view_of(identity).analysis
    with services().gate:
        return json_answer(lint_document(analysis, review(analysis)))


@blueprint.get("/vocabulary")
def vocabulary(identity: str) -> Response:
    """What an editor of policies may offer: labels, namespaces and ports that the manifests know."""
    return json_answer(vocabulary_document(view_of(identity).analysis))


@blueprint.get("/path")
def path(identity: str) -> Response:
    """The same document as `why --path -o json`."""
    analysis = view_of(identity).analysis
    question = question_of(request.args, analysis)
    with services().gate:
        return json_answer(path_document(analysis, question, chain_of(analysis, question)))


@blueprint.get("/reach")
def reach(identity: str) -> Response:
    """The same document as `list --reach -o json`, or `list --reached-by -o json`."""
    analysis = view_of(identity).analysis
    name, direction = text(request.args, "workload"), choice(request.args, "direction", DIRECTIONS)
    steps = number(request.args, "steps")
    with services().gate:
        return json_answer(radius_document(analysis, radius_of(analysis, name, direction, steps)))


@blueprint.get("/facts")
def facts(identity: str) -> Response:
    """What `list -o json` says beside the connections; read once, for every page asks for it."""
    view = view_of(identity)
    key = ("facts", view.analysis.assumptions)
    data = view.workspace.picture(view.contents, key, lambda: json_bytes(facts_document(view.analysis)))
    return Response(data, mimetype=JSON)


@blueprint.get("/exposure")
def exposure(identity: str) -> Response:
    """What workloads would accept from, or may send to, pods that are not in the input; of `workload`, or of all."""
    view = view_of(identity)
    ids = _workloads_of(view.analysis, text(request.args, "workload")) if "workload" in request.args else None
    settings = services().settings

    def make() -> bytes:
        return exposure_bytes(view.analysis, ids, Limit(settings.answer_bytes, settings.answer_seconds))

    data = view.workspace.picture(view.contents, ("exposure", view.analysis.assumptions, ids), make)
    return Response(data, mimetype=JSON)


def _workloads_of(analysis: Analysis, name: str) -> tuple[str, ...]:
    named = analysis.resolve_peer(name)
    if named.external:
        raise InputError(f'"{name}" is no workload of the input.', code="bad_parameter")
    return named.ids


@blueprint.get("/document")
def document(identity: str) -> Response:
    """The text of one policy document. Of other documents no text is kept."""
    analysis = view_of(identity).analysis
    file, number = text(request.args, "file"), text(request.args, "document")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InputError("document must be the number of a document in its file, from 1.", code="bad_parameter")
    place = (file, int(number))
    kept = analysis.texts.get(place)
    if kept is None:
        raise NotFound("There is no text of that document: only the text of policies is kept.")
    policy = next((p for p in analysis.policies if (p.source.file, p.source.document) == place), None)
    return json_answer({
        "file": file, "document": int(number), "first_line": kept.first_line, "text": kept.text,
        "kind": policy.kind if policy else "", "name": policy.name if policy else "",
    })  # fmt: skip
