"""Proposals over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import API, Client, Send
from tests.web.test_openapi import description, fits

__all__ = ["description"]
PATH = f"{API}/workspaces/{{identity}}"


@pytest.fixture
def production(client: Client) -> str:
    """The API address of the production sample."""
    return f"{API}/workspaces/{client.post(f'{API}/samples/production').json['id']}"


def drafted(client: Client, base: str, edits: dict[str, str], **query: str) -> str:
    """The token of an edit."""
    answer = client.post(f"{base}/drafts", json={"files": edits}, query_string=query)
    assert answer.status_code == 201, answer.json
    return str(answer.json["draft"])


def verdict(client: Client, base: str, **query: Any) -> str:
    return str(client.get(f"{base}/why", query_string=query).json["verdict"])


BLOCKED = {"source": "frontend", "destination": "database", "port": "5432"}
OPEN = {"source": "frontend", "destination": "backend-api", "port": "8080"}


@pytest.mark.parametrize(("asked", "want", "then"), [(BLOCKED, "open", "allowed"), (OPEN, "close", "blocked")])
def test_a_fix_does_what_it_says_as_a_draft(
    client: Client, production: str, description: Any, asked: dict[str, str], want: str, then: str
) -> None:
    answer = client.get(f"{production}/fixes", query_string=asked)
    fits(answer, description, f"{PATH}/fixes")
    assert answer.json["want"] == want
    assert 1 <= len(answer.json["fixes"]) <= 3
    for fix in answer.json["fixes"]:
        token = drafted(client, production, fix["edits"])
        assert verdict(client, production, draft=token, **asked) == then
        counts = client.get(f"{production}/changes", query_string={"draft": token}).json["counts"]
        opened, cut = (1, 0) if want == "open" else (0, 1)
        assert counts["opened"] + counts["changed"] >= opened
        assert counts["opened"] - opened <= fix["opened"]
        assert counts["cut"] - cut <= fix["cut"]


def test_fixes_start_from_the_draft_that_is_looked_at(client: Client, production: str) -> None:
    (first, *_) = client.get(f"{production}/fixes", query_string=BLOCKED).json["fixes"]
    token = drafted(client, production, first["edits"])
    back = client.get(f"{production}/fixes", query_string={**BLOCKED, "draft": token}).json
    assert back["want"] == "close"
    files = {
        each["name"]: each["text"]
        for each in client.get(f"{production}/files", query_string={"draft": token}).json["files"]
    }
    for fix in back["fixes"]:
        again = drafted(client, production, {**first["edits"], **fix["edits"]})
        assert verdict(client, production, draft=again, **BLOCKED) == "blocked"
        assert fix["edits"].keys() <= files.keys() | {name for name in fix["edits"] if name not in files}


def test_policies_that_are_switched_off_stay_off(client: Client, production: str) -> None:
    ids = [
        "NetworkPolicy/production/allow-api-to-database", "NetworkPolicy/production/backend-api-egress",
    ]  # fmt: skip
    asked = {"source": "backend-api", "destination": "database", "port": "5432", "without": ids}
    found = client.get(f"{production}/fixes", query_string=asked).json
    assert found["want"] == "open"
    assert found["fixes"]
    for fix in found["fixes"]:
        token = drafted(client, production, fix["edits"])
        assert verdict(client, production, draft=token, **asked) == "allowed"


def test_what_is_unknown_gets_no_fix_but_what_is_missing(send: Send, client: Client) -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: one, labels: {app: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: two, labels: {app: b}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: two}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}]}]}
"""
    base = f"{API}/workspaces/{send(text).json['id']}"
    found = client.get(f"{base}/fixes", query_string={"source": "a", "destination": "b", "port": "80"}).json
    assert found["fixes"] == []
    assert "one" in found["why_none"]
    assert "label" in found["why_none"]


def test_a_question_that_makes_no_sense_is_refused(client: Client, production: str) -> None:
    for bad in ({"source": "nobody"}, {"port": "0"}, {"want": "maybe"}):
        answer = client.get(f"{production}/fixes", query_string={**BLOCKED, **bad})
        assert answer.status_code == 422
        assert answer.json["error"]["code"]


def test_a_namespace_is_denied_by_default_with_its_names(client: Client, description: Any) -> None:
    base = f"{API}/workspaces/{client.post(f'{API}/samples/production-open').json['id']}"
    answer = client.get(f"{base}/proposals/deny-default", query_string={"namespace": "production"})
    fits(answer, description, f"{PATH}/proposals/deny-default")
    (fix,) = answer.json["fixes"]
    assert fix["opened"] == 0
    assert fix["cut"] > 10
    token = drafted(client, base, fix["edits"])
    asked = {"source": "frontend", "destination": "backend-api", "port": "8080", "draft": token}
    assert verdict(client, base, **asked) == "blocked"
    asked |= {"destination": "kube-system/coredns", "port": "53", "protocol": "UDP"}
    assert verdict(client, base, **asked) == "allowed"
    again = client.get(f"{base}/proposals/deny-default", query_string={"namespace": "production", "draft": token}).json
    assert again["fixes"] == []
    assert "default-deny" in again["why_none"]
    gone = client.get(f"{base}/proposals/deny-default", query_string={"namespace": "nowhere"})
    assert gone.status_code == 404


def test_what_is_wanted_becomes_policies_that_allow_exactly_that(
    client: Client, production: str, description: Any
) -> None:
    suggested = client.get(f"{production}/proposals/wanted")
    fits(suggested, description, f"{PATH}/proposals/wanted")
    wanted = [{name: each[name] for name in ("source", "destination", "ports")} for each in suggested.json["wanted"]]
    assert {(each["source"], each["destination"]) for each in wanted} == {
        ("production/Deployment/backend-api", "production/StatefulSet/database"),
        ("production/Deployment/frontend", "production/Deployment/backend-api"),
        ("staging/Deployment/test-runner", "production/Deployment/backend-api"),
    }
    wanted.append({"source": "payment-service", "destination": "database"})
    made = client.post(f"{production}/proposals/generate", json={"wanted": wanted})
    fits(made, description, f"{PATH}/proposals/generate", "post")
    assert made.json["check"]["exact"], made.json["check"]
    token = drafted(client, production, made.json["fixes"][0]["edits"])
    for source, port, then in (("payment-service", "5432", "allowed"), ("frontend", "5432", "blocked")):
        asked = {"source": source, "destination": "database", "port": port, "draft": token}
        assert verdict(client, production, **asked) == then


@pytest.mark.parametrize(
    "body",
    [
        None, [], {"wanted": "x"}, {"wanted": [{}]}, {"wanted": []}, {"wanted": [{"source": "x", "destination": "y"}]},
        {"wanted": [{"source": "frontend", "destination": "database", "ports": {"TCP": "0"}}]},
        {"wanted": [{"source": "frontend", "destination": "database", "ports": {"ICMP": "1"}}]},
        {"wanted": [{"source": "10.0.0.1", "destination": "10.0.0.2"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_generated_is_refused(client: Client, production: str, body: Any) -> None:
    answer = client.post(f"{production}/proposals/generate", json=body)
    assert answer.status_code == 422, answer.json
    assert answer.json["error"]["message"]
