"""A server on a real socket, and requests written out byte by byte."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.web.conftest import API, SHOP
from webapp.analysis import evaluate
from webapp.manifests import REQUEST_BUDGET
from webapp.web import create_app
from webapp.web.server import Server, bind, serve_in_thread
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


def chunked(body: bytes, size: int = 8_000) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        part = body[start : start + size]
        yield f"{len(part):x}\r\n".encode() + part + b"\r\n"
    yield b"0\r\n\r\n"
