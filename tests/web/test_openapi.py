"""The API's description tells of every route, and the answers fit it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import API, SHOP, Client
from tests.web.schema_fit import misfits

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def description(client: Client) -> Any:
    answer = client.get(f"{API}/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_every_route_is_described_and_every_description_has_its_route(app: Flask, description: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
        if rule.rule.startswith((API, "/healthz", "/readyz"))
    }
    described = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert described == routes


def test_every_parameter_of_a_path_is_described(description: Any) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            named = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), path


def test_every_reference_leads_somewhere(description: Any) -> None:
    used = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(description)))
    assert used == set(description["components"]["schemas"])


def fits(answer: Any, description: Any, path: str, method: str = "get") -> None:
    """The answer is described for its status, and fits."""
    described = description["paths"][path][method]["responses"][str(answer.status_code)]
    schema = described["content"]["application/json"]["schema"]
    assert list(misfits(answer.json, schema, description["components"]["schemas"])) == []


@pytest.mark.parametrize("sample", ["production", "shop"])
def test_the_answers_fit(client: Client, description: Any, sample: str) -> None:
    fits(client.get(f"{API}/samples"), description, f"{API}/samples")
    made = client.post(f"{API}/samples/{sample}")
    fits(made, description, f"{API}/samples/{{name}}", "post")
    base, path = f"{API}/workspaces/{made.json['id']}", f"{API}/workspaces/{{identity}}"
    for name in (
        "summary",
        "connections",
        "names",
        "lint",
        "scene",
        "scene?blocked=all",
        "scene?blocked=none&host_network=pod",
    ):
        fits(client.get(f"{base}/{name}"), description, f"{path}/{name.partition('?')[0]}")
    ids = [each["id"] for each in client.get(f"{base}/connections").json["workloads"]][:6]
    for source in (*ids, "internet"):
        for destination in (*ids, "10.0.0.0/8", "internet"):
            query = {"source": source, "destination": destination, "port": "443"}
            for name in ("why", "path"):
                fits(client.get(f"{base}/{name}", query_string=query), description, f"{path}/{name}")
            del query["port"]
            for name in ("why", "path"):
                fits(client.get(f"{base}/{name}", query_string=query), description, f"{path}/{name}")
        for way in ("reach", "reached_by"):
            query = {"workload": source, "direction": way, "steps": "2"}
            fits(client.get(f"{base}/reach", query_string=query), description, f"{path}/reach")
    for asked in ({}, {"workload": ids[0]}, {"workload": "internet"}):
        fits(client.get(f"{base}/exposure", query_string=asked), description, f"{path}/exposure")
    query = {"file": f"{sample}/policies.yaml", "document": "1"}
    fits(client.get(f"{base}/document", query_string=query), description, f"{path}/document")


@pytest.mark.parametrize("port", ["8080", "8000-8100", "["])
def test_the_answers_about_what_if_fit(client: Client, description: Any, port: str) -> None:
    base = f"{API}/workspaces/{client.post(f'{API}/samples/production').json['id']}"
    path = f"{API}/workspaces/{{identity}}"
    listed = client.get(f"{base}/files")
    fits(listed, description, f"{path}/files")
    (file,) = listed.json["files"]
    text = file["text"].replace("port: 8080", f"port: {port}")
    made = client.post(f"{base}/drafts", json={"files": {file["name"]: text}})
    fits(made, description, f"{path}/drafts", "post")
    if made.json["draft"]:
        fits(client.get(f"{base}/changes?draft={made.json['draft']}"), description, f"{path}/changes")
    fits(client.post(f"{base}/drafts", json={}), description, f"{path}/drafts", "post")


def test_the_answers_about_sources_fit(client: Client, description: Any, workspace: str) -> None:
    path = f"{API}/workspaces/{{identity}}/sources"
    made = client.post(f"{workspace}/sources", data=SHOP, content_type="application/yaml")
    fits(made, description, path, "post")
    fits(client.get(f"{workspace}/sources"), description, path)
    fits(client.delete(f"{workspace}/sources/9"), description, f"{path}/{{number}}", "delete")


def test_the_errors_fit(client: Client, description: Any, workspace: str) -> None:
    path = f"{API}/workspaces/{{identity}}"
    fits(client.get(f"{API}/workspaces/nope/summary"), description, f"{path}/summary")
    fits(client.get(f"{workspace}/why"), description, f"{path}/why")
    fits(client.get(f"{workspace}/export/nope"), description, f"{path}/export/{{name}}")
    fits(client.post(f"{API}/workspaces", data="x", content_type="text/html"), description, f"{API}/workspaces", "post")


def test_the_fit_is_no_formality(description: Any) -> None:
    schemas = description["components"]["schemas"]
    good = {"severity": "error", "code": "x", "message": "m"}
    assert not list(misfits(good, schemas["Problem"], schemas))
    for bad in ({**good, "severity": "bad"}, {**good, "more": 1}, {**good, "line": "1"}, {"code": "x"}, [good]):
        assert list(misfits(bad, schemas["Problem"], schemas))
