"""Who may talk to the server, and what a browser may do with its answers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import API, SHOP, Client, Send
from webapp.web import create_app
from webapp.web.security import CSP, host_name
from webapp.web.settings import Settings

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_answer_has_the_headers(client: Client, workspace: str) -> None:
    for path in ("/", "/help", "/healthz", "/nowhere", f"{API}/samples", f"{workspace}/summary", "/static/nope.js"):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
        assert "Set-Cookie" not in answer.headers, path
        if not path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store", path


def test_the_policy_for_content_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in CSP
    assert "http" not in CSP


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "LOCALHOST.", "[::1]"])
def test_own_hosts_are_served(client: Client, host: str) -> None:
    assert client.get("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "[", "a@localhost.evil", "0.0.0.0"]
)
def test_foreign_hosts_are_refused(client: Client, host: str) -> None:
    answer = client.get("/help", headers={"Host": host})
    assert answer.status_code == 403
    assert "evil" not in answer.text
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_trusted_hosts_are_served() -> None:
    client = create_app(Settings(trusted_hosts=("map.example.org",))).test_client()
    assert client.get("/help", headers={"Host": "map.example.org"}).status_code == 200
    assert client.get("/help", headers={"Host": "other.example.org"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "https://localhost"}, 201),  # behind a proxy that ends TLS
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "http://[", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, 403),
    ],
)
def test_state_changes_come_from_our_pages_or_from_programs(
    send: Send, client: Client, headers: dict[str, str], status: int
) -> None:
    assert send(headers=headers).status_code == status
    assert client.post(f"{API}/samples/production", headers=headers).status_code == status


def test_reading_across_sites_needs_the_id_and_changes_nothing(client: Client, workspace: str) -> None:
    assert client.get(f"{workspace}/summary", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_compressed_requests_are_refused(send: Send) -> None:
    for encoding in ("gzip", "deflate", "br", "gzip, gzip"):
        answer = send(headers={"Content-Encoding": encoding})
        assert answer.status_code == 415
        assert answer.json["error"]["code"] == "unsupported"
    assert send(headers={"Content-Encoding": "identity"}).status_code == 201


def test_tls_is_asked_for_only_behind_tls(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/help").headers
    behind = create_app(Settings(proxies=1)).test_client()
    assert "Strict-Transport-Security" in behind.get("/help", headers={"X-Forwarded-Proto": "https"}).headers
    alone = app.test_client().get("/help", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in alone.headers


def test_names_of_hosts() -> None:
    assert [host_name(host) for host in ("A:1", "[::1]:2", "a:b:c", "[", "")] == ["a", "::1", "a", "", ""]


def test_a_workspace_is_found_by_its_id_alone(client: Client, workspace: str) -> None:
    for identity in ("x", "A" * 43, workspace[-43:-1], workspace[-42:] + "x", "x" * 100_000, "%00", "..", "a%2fb"):
        answer = client.get(f"{API}/workspaces/{identity}/summary")
        assert answer.status_code == 404, identity[:50]
        assert SHOP not in answer.text
