"""Rows 15, 16 and 38 of the table of bad inputs, on a real socket: how requests are sent, and how the server ends."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.web.conftest import API, SHOP
from tests.web.wire import LIMIT_BYTES, SMALL, UPLOAD, answer_on, chunked, padded, raw, serving
from webapp.web.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("expect", ["", "Expect: 100-continue\r\n"])
def test_row_15_one_byte_more_is_refused_before_it_is_sent(server: Server, expect: str) -> None:
    with closing(raw(server, UPLOAD, expect, f"Content-Length: {LIMIT_BYTES + 1}\r\n\r\n")) as connection:
        status, headers, document = answer_on(connection)
    assert (status, document["error"]["code"]) == (413, "too_large")
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_row_15_chunks_without_a_length_are_bounded_too(server: Server) -> None:
    head = UPLOAD + "Transfer-Encoding: chunked\r\n\r\n"
    with closing(raw(server, head, *chunked(padded(LIMIT_BYTES // 2)))) as connection:
        assert answer_on(connection)[0] == 201
    with closing(raw(server, head, *list(chunked(padded(3 * LIMIT_BYTES)))[:-1])) as connection:
        assert answer_on(connection)[0] == 413


@pytest.mark.slow
def test_row_16_slow_senders_and_silent_ones_are_hung_up() -> None:
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
def test_row_38_sigterm_amid_an_evaluation_and_once_more() -> None:
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
