"""Every error has one shape, says what to do, and quotes nothing of the input."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import API, Client, Send
from webapp.errors import BudgetExceeded, Unavailable

CANARY = "label-that-nobody-may-log"


def test_programs_get_json_and_people_a_page(client: Client) -> None:
    for path in (f"{API}/nope", f"{API}/workspaces/x/summary", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert set(answer.json["error"]) >= {"code", "message"}
    page = client.get("/w/unknown", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert "memory" in page.text


def test_wrong_methods_say_which_are_right(client: Client) -> None:
    answer = client.put(f"{API}/workspaces")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["error"]["code"] == "method_not_allowed"


def raising(app: Flask, error: Exception) -> Client:
    """A client of the app with one more route, which raises."""

    @app.get("/api/v1/raise")
    def fail() -> Any:
        raise error

    return app.test_client()


def test_faults_are_told_by_an_id_and_logged_without_the_input(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = raising(app, KeyError(CANARY)).get(f"{API}/raise")
    assert answer.status_code == 500
    assert answer.json["error"]["code"] == "internal"
    number = answer.json["error"]["message"].split("internal, id ")[1].split(".")[0]
    assert number in caplog.text
    assert "KeyError" in caplog.text
    assert "test_failures.py" in caplog.text
    assert CANARY not in caplog.text + answer.text
    page = app.test_client().get(f"{API}/raise", headers={"Accept": "text/html"})
    assert page.status_code == 500


def test_limits_say_which_how_much_and_what_to_do(app: Flask) -> None:
    answer = raising(app, BudgetExceeded("depth", 64, 65, "Check it.")).get(f"{API}/raise")
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "budget_exceeded"
    assert answer.json["error"]["details"] == {
        "limit_name": "depth", "limit": 64, "measured": 65, "advice": "Check it.",
    }  # fmt: skip


def test_later_says_when(app: Flask) -> None:
    answer = raising(app, Unavailable("Busy.", retry_after_seconds=7)).get(f"{API}/raise")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_bad_forms_are_no_fault_of_ours(client: Client, send: Send) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=ü"):
        assert send(b"--x\r\nnonsense", kind=kind).status_code in (400, 422)
    assert send("", kind="").status_code == 415
