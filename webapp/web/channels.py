"""Connections of the embedded server: waitress' own, bounded in memory and time, with errors in our one shape."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask
from waitress.utilities import Error

from webapp.web.failures import error_document
from webapp.web.security import CSP

_LINGER_SECONDS = 10.0
_MESSAGES = {
    413: ("too_large", "The request is larger than this server takes. Send an archive, or load the input in parts."),
    431: ("too_large", "The headers of the request are too large."),
    501: ("unsupported", "This transfer encoding is not read."),
    503: ("busy", "The server is receiving too much at once. Try again in a moment."),
}


class Bodies:
    """How many bytes of request bodies are in memory, of all connections together."""

    def __init__(self, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self.held_bytes = 0
        self._lock = threading.Lock()

    def hold(self, size_bytes: int) -> bool:
        """Count bytes in; False if that is too much (they count all the same, until they are let go)."""
        with self._lock:
            self.held_bytes += size_bytes
            return self.held_bytes <= self.limit_bytes

    def let_go(self, size_bytes: int) -> None:
        """Count bytes out."""
        with self._lock:
            self.held_bytes -= size_bytes


class Tuning(Adjustments):  # type: ignore[misc]
    """Waitress' settings and ours, which reach the parser of each request this way."""

    def __init__(self, bodies: Bodies, **settings: Any) -> None:
        super().__init__(**settings)
        self.bodies = bodies


class BusyError(Error):  # type: ignore[misc]
    code = 503
    reason = "Service Unavailable"


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """One request as it arrives. Bytes count when they are here: a declared length alone reserves nothing."""

    error: Any
    completed: bool

    def __init__(self, tuning: Tuning) -> None:
        super().__init__(tuning)
        self.began = time.monotonic()
        self._held_bytes = 0

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        grown = self.body_bytes_received - self._held_bytes
        if grown > 0:
            self._held_bytes += grown
            if not self.adj.bodies.hold(grown) and self.error is None:
                self.error = BusyError("")
                self.completed = True
                self.close()  # at once, so that those who began earlier can go on
        if self.error is not None:
            self.expect_continue = False  # refused before it is sent
        return consumed

    def close(self) -> None:
        super().close()
        self.adj.bodies.let_go(self._held_bytes)
        self._held_bytes = 0


class Refusal(ErrorTask):  # type: ignore[misc]
    """What the app never sees (too large, malformed) is answered in the shape of all our errors."""

    def execute(self) -> None:
        error = self.request.error
        code, message = _MESSAGES.get(error.code, ("bad_request", "This is not a proper HTTP request."))
        body = json.dumps(error_document(code, message)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([
            ("Content-Type", "application/json"), ("Content-Security-Policy", CSP), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
            *([("Retry-After", "2")] if error.code == 503 else []),
        ])  # fmt: skip
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.refused = True
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection. After a refusal the rest of the request is thrown away for a while: closing at once would reset
    the connection, and the client might never read why."""

    parser_class = Parser
    error_task_class = Refusal
    request: Any
    refused = False
    lingers_until: float | None = None

    def received(self, data: bytes) -> bool:
        if self.lingers_until is not None:
            return False
        taken: bool = super().received(data)
        return taken

    def handle_close(self) -> None:
        if self.refused and self.lingers_until is None and self.connected and not self.total_outbufs_len:
            self.lingers_until = time.monotonic() + _LINGER_SECONDS
            self.will_close = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass
        if self.request is not None:
            self.request.close()
            self.request = None
        super().handle_close()

    @property
    def is_busy(self) -> bool:
        """A request is being answered, or its answer is on the way."""
        return bool(self.requests or self.total_outbufs_len)

    def is_overdue(self, now: float, upload_seconds: float, header_seconds: float) -> bool:
        """Whether the client has had its time: to send a request, its headers, or to hear why it was refused."""
        if self.lingers_until is not None:
            return now > self.lingers_until
        if self.request is None:
            return False
        allowed_seconds = upload_seconds if self.request.headers_finished else header_seconds
        return bool(now - self.request.began > allowed_seconds)

    def hang_up(self) -> None:
        """End the connection; the loop sees to the rest. Only `shutdown` is safe while the loop looks at sockets."""
        self.will_close = True
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
