"""The API's description (OpenAPI 3.1). A test holds it equal to the routes."""

from __future__ import annotations

from webapp import __version__
from webapp.export import format_names
from webapp.graph.presets import PRESETS
from webapp.web.api import PREFIX
from webapp.web.queries import CHOICES, LISTS
from webapp.web.schemas import SCHEMAS, Schema, array, ref, word

_WORKSPACE = f"{PREFIX}/workspaces/{{identity}}"
_ERRORS = {
    400: "The request is malformed.",
    403: "It comes from another site, or asks for a host that is not served.",
    404: "There is no such thing, or no longer.",
    413: "It is larger than what is taken.",
    415: "It is in a form that is not read.",
    422: "It cannot be used as it stands: a bad parameter, or a limit that was passed (code `budget_exceeded`).",
    429: "Too many uploads or edits. `Retry-After` says when to try again.",
    503: "Too much is going on, or the server is stopping. `Retry-After` says when to try again.",
}


def description() -> dict[str, object]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "netpolmap",
            "version": __version__,
            "description": "Which pods may talk to which, and why. Workspaces live in memory, under unguessable ids.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": SCHEMAS},
    }


def _paths() -> dict[str, object]:
    switches = [_query(name, word(*words), words[0]) for name, words in CHOICES.items()]
    switches += [_query(name, array({"type": "string"})) for name in LISTS]
    text: Schema = {"type": "string"}
    what_if = [
        _query("draft", text, about="the token of an edit"),
        _query("without", array(text), about="policies that are switched off"),
    ]
    below = [_path("identity"), *switches, *what_if]
    theme = _query("theme", word("light", "dark"), "light")
    scope = [
        _query("filter", text, about="what is shown, in the grammar of filters"),
        _query("hide", array(word(*PRESETS)), about="what is left out of view; verdicts stay"),
    ]
    port = _query("port", text, about="the verdict on one port: 5432, 53/UDP")
    blocked = _query("blocked", word("auto", "none", "selection", "all"), "auto")
    return {
        f"{PREFIX}/workspaces": {"post": {
            "summary": "Read manifests into a new workspace",
            "parameters": [_query("name", text, about="the name of a file that is sent as the body")],
            "requestBody": {"required": True, "content": _bodies()},
            "responses": _answers(201, _created(), 400, 403, 413, 415, 422, 429, 503),
        }},
        f"{PREFIX}/samples": {"get": {
            "summary": "The samples that there are",
            "responses": _answers(200, _json("All of them.", array(ref("Sample")))),
        }},
        f"{PREFIX}/samples/{{name}}": {"post": {
            "summary": "Open a sample as a new workspace",
            "parameters": [_path("name")],
            "responses": _answers(201, _created(), 403, 404, 429, 503),
        }},
        _WORKSPACE: {"delete": {
            "summary": "Forget a workspace now",
            "parameters": [_path("identity")],
            "responses": _answers(204, {"description": "Forgotten."}, 403, 404),
        }},
        f"{_WORKSPACE}/summary": _get("How much was read, and its problems", below, "Summary"),
        f"{_WORKSPACE}/connections": _get("Every allowed connection: `list -o json`", below, "Connections"),
        f"{_WORKSPACE}/names": _get("Everybody who can be asked about", below, "Names"),
        f"{_WORKSPACE}/vocabulary": _get("Labels, namespaces and ports that an editor may offer", below, "Vocabulary"),
        f"{_WORKSPACE}/why": _get("One question with its reasons: `why -o json`", [
            *below, _query("source", text, required=True), _query("destination", text, required=True),
            _query("port", {"type": "integer", "minimum": 1, "maximum": 65535}),
            _query("protocol", word("TCP", "UDP", "SCTP"), "TCP"),
        ], "Verdict"),
        f"{_WORKSPACE}/path": _get("The shortest chain of connections: `why --path -o json`", [
            *below, _query("source", text, required=True), _query("destination", text, required=True),
            _query("port", {"type": "integer", "minimum": 1, "maximum": 65535}, about="of the last hop"),
            _query("protocol", word("TCP", "UDP", "SCTP"), "TCP"),
        ], "Path"),
        f"{_WORKSPACE}/reach": _get("All that can be reached, or can reach: `list --reach -o json`", [
            *below, _query("workload", text, required=True), _query("direction", word("reach", "reached_by"), "reach"),
            _query("steps", {"type": "integer", "minimum": 1}, about="at most so many hops"),
        ], "Reach"),
        f"{_WORKSPACE}/facts": _get("Ways in, what is open without one, who may resolve names", below, "Facts"),
        f"{_WORKSPACE}/exposure": _get("What pods that are not in the input could do: `list --exposure -o json`", [
            *below, _query("workload", text, about="a workload; without it all of them"),
        ], "Exposures"),
        f"{_WORKSPACE}/lint": _get("Mistakes and risks in the policies: `lint -o json`", below, "Lint"),
        f"{_WORKSPACE}/files": _get("The policies of each file as one text", below, "PolicyFiles"),
        f"{_WORKSPACE}/drafts": {"post": {
            "summary": "Edit policies, and look at what would be: the token names the edit in all other questions",
            "parameters": [_path("identity"), *switches, what_if[1]],
            "requestBody": {"required": True, **_content("The edited files.", "application/json", "Edit")},
            "responses": _answers(201, _content("What it changes.", "application/json", "Draft"), 403, 404, 413, 415,
                                  422, 429, 503) | {
                "200": _content("A text is no YAML: nothing was made of it.", "application/json", "NoDraft"),
            },
        }},
        f"{_WORKSPACE}/changes": _get("What the edit opens and cuts: `diff -o json`", [
            *below, _query("limit", {"type": "integer", "minimum": 1}, about="so many rows of each list"),
        ], "Changes"),
        f"{_WORKSPACE}/fixes": _get("The smallest changes of policies that open a pair, or close it", [
            *below, _query("source", text, required=True), _query("destination", text, required=True),
            _query("port", {"type": "integer", "minimum": 1, "maximum": 65535}),
            _query("protocol", word("TCP", "UDP", "SCTP"), "TCP"),
            _query("want", word("", "open", "close"), about="without it, the other of what the verdict is"),
        ], "Fixes"),
        f"{_WORKSPACE}/proposals/deny-default": _get("Isolate a namespace, and let its pods resolve names", [
            *below, _query("namespace", array(text), required=True, about="one or several"),
        ], "Proposals"),
        f"{_WORKSPACE}/proposals/wanted": _get("Connections that are probably wanted", below, "Suggestions"),
        f"{_WORKSPACE}/proposals/generate": {"post": {
            "summary": "Policies that allow exactly the wanted connections",
            "parameters": below,
            "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Wanted")}}},
            "responses": _answers(200, _content("The set and its check.", "application/json", "Generated"),
                                  403, 404, 413, 422, 503),
        }},
        f"{_WORKSPACE}/sources": {
            "get": {
                "summary": "The readings that are shown side by side",
                "parameters": [_path("identity")],
                "responses": _answers(200, _content("All of them.", "application/json", "Sources"), 404),
            },
            "post": {
                "summary": "Read more manifests, and show them beside the others",
                "parameters": [_path("identity"), _query("name", text, about="the name of a file that is the body")],
                "requestBody": {"required": True, "content": _bodies()},
                "responses": _answers(201, _content("The new one.", "application/json", "NewSource"), 400, 403, 404,
                                      413, 415, 422, 429, 503),
            },
        },
        f"{_WORKSPACE}/sources/{{number}}": {"delete": {
            "summary": "Show the others only",
            "parameters": [_path("identity"), {**_path("number"), "schema": {"type": "integer"}}],
            "responses": _answers(204, {"description": "Removed."}, 403, 404, 422, 503),
        }},
        f"{_WORKSPACE}/policies": _get("All policies: whom each selects, how many verdicts it changes", [
            *below, _query("workload", text, about="only those that speak of it"),
        ], "Policies"),
        f"{_WORKSPACE}/policy": _get("One policy with its rules: whom they match, which pairs they decide", [
            *below, _query("id", text, required=True, about="KIND/NAMESPACE/NAME, or KIND/NAME"),
        ], "PolicyCard"),
        f"{_WORKSPACE}/decides": _get("The pairs that the rule, or else the policy, at a line decides", [
            *below, _query("file", text, required=True), _query("document", {"type": "integer"}, required=True),
            _query("line", {"type": "integer"}, required=True),
        ], "Decides"),
        f"{_WORKSPACE}/document": _get("The text of a policy document", [
            *below, _query("file", text, required=True), _query("document", {"type": "integer"}, required=True),
        ], "PolicyText"),
        f"{_WORKSPACE}/scene": _get("What is drawn, and its rows", [
            *below, *scope, blocked, _query("selected", text, about="the id of a node"),
            _query("expand", text, about="namespaces (`*`: all that fit) and groups to unfold, comma separated"),
            _query("source", text, about="with `destination`: a pair to draw where it is blocked"),
            _query("destination", text),
        ], "Scene"),
        f"{_WORKSPACE}/matrix": _get("What is shown as a grid, window by window", [
            *below, *scope, port, _query("rows", text, "0-99", about="places of the sources, at most 100"),
            _query("columns", text, "0-99", about="places of the destinations, at most 100"),
            _query("expand", text, about="namespaces to unfold, comma separated; * for all"),
            _query("source", text, about="an id whose place is asked for"),
            _query("destination", text, about="another"),
        ], "Matrix"),
        f"{_WORKSPACE}/find": _get("What a filter would show", [
            *below, _query("filter", text, required=True),
        ], "Found"),
        f"{_WORKSPACE}/filter-words": _get("What may stand in a filter", below, "FilterWords"),
        f"{_WORKSPACE}/deciders": _get("The policies and rules that decide pairs", [
            *below, _query("source", array(text), required=True, about="ids, in step with `destination`"),
            _query("destination", array(text), required=True),
        ], "Deciders"),
        f"{_WORKSPACE}/diagram.svg": {"get": {
            "summary": "The picture",
            "parameters": [*below, *scope, theme],
            "responses": _answers(200, _file("image/svg+xml"), 404, 422, 503),
        }},
        f"{_WORKSPACE}/export/{{name}}": {"get": {
            "summary": "A download",
            "parameters": [{**_path("name"), "schema": word(*format_names())}, *below, *scope, theme, blocked],
            "responses": _answers(200, _file("*/*"), 404, 422, 503),
        }},
        f"{PREFIX}/openapi.json": {"get": {
            "summary": "This document", "responses": _answers(200, _json("OpenAPI 3.1.", {"type": "object"})),
        }},
        "/healthz": {"get": {"summary": "The process lives", "responses": _answers(200, _file("text/plain"))}},
        "/readyz": {"get": {"summary": "Requests are taken", "responses": _answers(200, _file("text/plain"), 503)}},
    }  # fmt: skip


def _get(summary: str, parameters: list[Schema], schema: str) -> Schema:
    good = _content("The answer.", "application/json", schema)
    return {"get": {"summary": summary, "parameters": parameters, "responses": _answers(200, good, 403, 404, 422, 503)}}


def _answers(status: int, good: Schema, *errors: int) -> Schema:
    bad = {str(code): {**_content(_ERRORS[code], "application/json", "Error")} for code in errors}
    return {str(status): good, **bad}


def _created() -> Schema:
    return _content("Where the workspace is, and what is in it.", "application/json", "Created")


def _content(about: str, media: str, schema: str) -> Schema:
    return {"description": about, "content": {media: {"schema": ref(schema)}}}


def _json(about: str, schema: Schema) -> Schema:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _file(media: str) -> Schema:
    return {"description": "The file.", "content": {media: {"schema": {"type": "string"}}}}


def _bodies() -> Schema:
    part: Schema = {"type": "string", "contentMediaType": "application/octet-stream"}
    form = {"type": "object", "properties": {"files": array(part)}, "required": ["files"]}
    single = ("application/yaml", "text/yaml", "application/json", "application/zip")
    return {"multipart/form-data": {"schema": form}, **{media: {"schema": {"type": "string"}} for media in single}}


def _path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(name: str, schema: Schema, default: str = "", *, required: bool = False, about: str = "") -> Schema:
    parameter: Schema = {"name": name, "in": "query", "schema": schema | ({"default": default} if default else {})}
    if required:
        parameter["required"] = True
    return parameter | ({"description": about} if about else {})
