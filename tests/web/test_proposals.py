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
