"""The embedded server on a real socket: limits on bodies and time, errors in our shape, a graceful end."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from tests.web.conftest import SHOP
from tests.web.wire import LIMIT_BYTES, SMALL, UPLOAD, answer_on, padded, raw, serving
from webapp.analysis import evaluate
from webapp.errors import InputError
from webapp.web.server import Server, address, bind


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def test_a_body_of_the_limit_is_taken(server: Server) -> None:
    body = padded(LIMIT_BYTES)
    with closing(raw(server, UPLOAD, f"Content-Length: {len(body)}\r\n\r\n", body)) as connection:
        assert answer_on(connection)[0] == 201


def test_who_sends_on_still_hears_why(server: Server) -> None:
    with closing(raw(server, UPLOAD, f"Content-Length: {40 * LIMIT_BYTES}\r\n\r\n")) as connection:
        for _ in range(40):
            connection.sendall(b"x" * LIMIT_BYTES)
        assert answer_on(connection)[0] == 413


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: " + "y" * 70_000 + "\r\n\r\n", 431),
        (UPLOAD + "Transfer-Encoding: gzip\r\n\r\n", 501),
        (UPLOAD + "Content-Length: -1\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_gets_our_errors(server: Server, request_text: str, status: int) -> None:
    with closing(raw(server, request_text)) as connection:
        got, headers, document = answer_on(connection)
    assert got == status
    assert document["error"]["message"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_all_bodies_together_are_bounded_and_let_go() -> None:
    settings = replace(SMALL, bodies_bytes=LIMIT_BYTES)
    body = padded(LIMIT_BYTES * 3 // 4)
    head = UPLOAD + f"Content-Length: {len(body)}\r\n\r\n"
    with serving(settings) as server:
        with closing(raw(server, head, body[:-1])), closing(raw(server, head)) as second:
            time.sleep(0.1)
            second.sendall(body)
            status, headers, _ = answer_on(second)
            assert (status, headers["Retry-After"]) == (503, "2")
        time.sleep(0.1)  # both are gone
        with closing(raw(server, head, body)) as third:
            assert answer_on(third)[0] == 201


def test_the_end_waits_for_the_work_in_hand() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(intake: Any, assumptions: Any) -> Any:
        begun.set()
        assert go_on.wait(10)
        return evaluate(intake, assumptions)

    with serving(evaluate=slowly) as server:
        body = SHOP.encode()
        working = raw(server, UPLOAD, f"Content-Length: {len(body)}\r\n\r\n", body)
        assert begun.wait(10)
        server.stop()
        server.stop()
        statuses = []
        for path in ("/readyz", "/healthz", "/help"):
            asking = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            asking.request("GET", path)
            statuses.append(asking.getresponse().status)
            asking.close()
        assert statuses == [503, 200, 503]
        go_on.set()
        assert answer_on(working)[0] == 201
        working.close()


def test_a_busy_port_is_said() -> None:
    with closing(bind()) as taken:
        taken.listen()
        with pytest.raises(InputError) as refused:
            bind(port=taken.getsockname()[1])
    assert "in use" in refused.value.message
    for host, port in (("no such host", 0), ("127.0.0.1", 99_999), ("203.0.113.1", 0)):
        with pytest.raises(InputError):
            bind(host, port)


def test_the_address_is_one_that_browsers_take() -> None:
    assert [address(host, 80) for host in ("0.0.0.0", "::1", "localhost")] == [
        "http://127.0.0.1:80/", "http://[::1]:80/", "http://localhost:80/",
    ]  # fmt: skip
