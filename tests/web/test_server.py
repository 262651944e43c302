"""The embedded server on a real socket: limits on bodies and time, errors in our shape, a graceful end."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.web.conftest import API, SHOP
from webapp.analysis import evaluate
from webapp.errors import InputError
from webapp.manifests import REQUEST_BUDGET
from webapp.web import create_app
from webapp.web.server import Server, address, bind, serve_in_thread
from webapp.web.settings import Settings

LIMIT_BYTES = 200_000
SMALL = Settings(budget=replace(REQUEST_BUDGET, request_bytes=LIMIT_BYTES))
UPLOAD = f"POST {API}/workspaces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\n"


@contextmanager
def serving(settings: Settings = SMALL, evaluate: Callable[..., Any] = evaluate) -> Iterator[Server]:
    """A server in a thread, stopped in the end."""
    server = Server(create_app(settings, evaluate=evaluate), bind())
    thread = serve_in_thread(server)
    try:
        yield server
    finally:
        server.stop(now=True)
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def raw(server: Server, *parts: bytes | str) -> socket.socket:
    """A connection on which this was sent."""
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    for part in parts:
        opened.sendall(part.encode() if isinstance(part, str) else part)
    return opened


def answer_on(connection: socket.socket) -> tuple[int, dict[str, str], Any]:
    """Status, headers and JSON of the answer."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, dict(answer.getheaders()), json.loads(answer.read())


def padded(size_bytes: int) -> bytes:
    """SHOP with a comment, so many bytes in all."""
    head = f"{SHOP}\n#".encode()
    return head + b"x\n#" * ((size_bytes - len(head)) // 3) + b"#" * ((size_bytes - len(head)) % 3)


def test_a_body_of_the_limit_is_taken(server: Server) -> None:
    body = padded(LIMIT_BYTES)
    with closing(raw(server, UPLOAD, f"Content-Length: {len(body)}\r\n\r\n", body)) as connection:
        assert answer_on(connection)[0] == 201


@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
def test_one_byte_more_is_refused_before_it_is_sent(server: Server, expect: str) -> None:
    with closing(raw(server, UPLOAD, expect, f"Content-Length: {LIMIT_BYTES + 1}\r\n\r\n")) as connection:
        status, headers, document = answer_on(connection)
    assert (status, document["error"]["code"]) == (413, "too_large")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_who_sends_on_still_hears_why(server: Server) -> None:
    with closing(raw(server, UPLOAD, f"Content-Length: {40 * LIMIT_BYTES}\r\n\r\n")) as connection:
        for _ in range(40):
            connection.sendall(b"x" * LIMIT_BYTES)
        assert answer_on(connection)[0] == 413


def chunked(body: bytes, size: int = 8_000) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        part = body[start : start + size]
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"
    yield b"0\r\n\r\n"


def test_chunks_without_a_length_are_bounded_too(server: Server) -> None:
    head = UPLOAD + "Transfer-Encoding: chunked\r\n\r\n"
    with closing(raw(server, head, *chunked(padded(LIMIT_BYTES // 2)))) as connection:
        assert answer_on(connection)[0] == 201
    with closing(raw(server, head, *list(chunked(padded(3 * LIMIT_BYTES)))[:-1])) as connection:
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


@pytest.mark.slow
def test_slow_senders_and_silent_ones_are_hung_up() -> None:
    settings = replace(SMALL, idle_seconds=1, upload_seconds=1)
    with serving(settings) as server:
        silent, headless = raw(server), raw(server, "GET / HT")
        dripping = raw(server, UPLOAD, "Content-Length: 1000\r\n\r\n")
        ended: set[socket.socket] = set()
        for _ in range(60):
            if len(ended) == 3:
                break
            time.sleep(0.1)
            for connection in {silent, headless, dripping} - ended:
                try:
                    if connection is dripping:
                        connection.sendall(b"#")
                    connection.setblocking(False)
                    if not connection.recv(1):
                        ended.add(connection)
                except BlockingIOError:
                    connection.setblocking(True)
                except OSError:
                    ended.add(connection)
        assert ended == {silent, headless, dripping}
        for connection in ended:
            connection.close()


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


SLOW_SERVER = """
import sys, time
from webapp.analysis import evaluate
from webapp.web import create_app
from webapp.web.server import Server, bind

def slowly(intake, assumptions):
    print("evaluating", flush=True)
    time.sleep(1)
    return evaluate(intake, assumptions)

server = Server(create_app(evaluate=slowly), bind())
server.stop_on_signals()
print(server.port, flush=True)
server.run()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")
def test_sigterm_amid_an_evaluation_and_once_more() -> None:
    with subprocess.Popen([sys.executable, "-c", SLOW_SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(process.stdout.readline()), timeout=20)
        connection.request("POST", f"{API}/workspaces", SHOP, {"Content-Type": "application/yaml"})
        assert process.stdout.readline() == "evaluating\n"
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        assert connection.getresponse().status == 201
        connection.close()
        assert process.wait(10) == 0


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
