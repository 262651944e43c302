"""The WSGI server inside `netpolmap serve`: waitress, without its temporary files, with limits on bodies and time."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from webapp.errors import InputError
from webapp.web.channels import Bodies, Channel, Tuning
from webapp.web.services import Services, services_of

_RECEIVE_BYTES = 64 * 1024
_NEVER_SPOOL = sys.maxsize
_SWEEP_SECONDS = 5
_TICK_SECONDS = 1.0
_LAST_PORT = 65_535
_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  compared with, not bound to


class Server:
    """An app on a socket that `bind` made; `run` answers until `stop`. ``host`` is the name shown in `url`."""

    def __init__(self, app: Flask, listening: socket.socket, host: str = "127.0.0.1") -> None:
        self._shared = services_of(app)
        self._map: dict[int, Any] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        self._deadline = float("inf")
        self._closing = threading.RLock()  # a signal handler may come while this thread holds it
        self._closed = False
        self._wsgi = _Listener(
            app, self._map, True, listening, dispatcher=self._dispatcher, adj=_tuning(self._shared, listening),
            bind_socket=False, sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        )  # fmt: skip
        self._wsgi.shared = self._shared
        self.bodies: Bodies = self._wsgi.adj.bodies
        self.host, self.port = host, int(self._wsgi.effective_port)
        logging.getLogger("waitress").setLevel(logging.CRITICAL)  # it would log paths, and ids stand in them
        logging.getLogger("waitress.queue").setLevel(logging.CRITICAL)

    @property
    def url(self) -> str:
        """Where the page is, for people."""
        return address(self.host, self.port)

    def run(self) -> None:
        """Answer requests until `stop`, then finish what is in hand."""
        self._dispatcher.set_thread_count(self._shared.settings.threads)
        try:
            while not self._is_done():
                wasyncore.loop(timeout=_TICK_SECONDS, use_poll=True, map=self._map, count=1)
        finally:
            self._dispatcher.set_thread_count(0)
            with self._closing:
                self._closed = True
                wasyncore.close_all(self._map)

    def stop(self, *, now: bool = False) -> None:
        """Take no new work and end `run` when the work in hand is done, after `stopping_seconds` at the latest.

        May be called from other threads and from signal handlers, and more than once.
        """
        if not self._shared.life.stopping:
            self._deadline = time.monotonic() + self._shared.settings.stopping_seconds
            self._shared.life.stopping = True
        if now:
            self._deadline = 0
        with self._closing:
            if not self._closed:  # else the trigger's file number may be somebody else's by now
                self._wsgi.pull_trigger()

    def stop_on_signals(self) -> None:
        """SIGTERM stops gracefully, however often it comes; a second Ctrl-C does not wait. Main thread only."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop(now=number == signal.SIGINT and self._shared.life.stopping)

    def _is_done(self) -> bool:
        """Told to stop, and nothing in hand. Until then probes are heard, and all else is answered 503."""
        if not self._shared.life.stopping:
            return False
        busy = any(channel.is_busy for channel in self._wsgi.active_channels.values())
        return not busy or time.monotonic() > self._deadline


class _Listener(TcpWSGIServer):  # type: ignore[misc]
    """The listening socket, which also looks after its connections now and then."""

    channel_class = Channel
    shared: Services

    def maintenance(self, now: float) -> None:
        """Close what is silent, overdue, or does not read its answer; drop workspaces that nobody uses."""
        settings = self.shared.settings
        for channel in list(self.active_channels.values()):
            silent = now - channel.last_activity > settings.idle_seconds
            stuck = silent and (channel.total_outbufs_len or not channel.requests)
            if stuck or channel.is_overdue(time.monotonic(), settings.upload_seconds, settings.idle_seconds):
                channel.hang_up()
        self.shared.store.sweep()


def _tuning(shared: Services, listening: socket.socket) -> Tuning:
    settings = shared.settings
    limit_bytes = settings.budget.request_bytes or _NEVER_SPOOL - 1
    return Tuning(
        Bodies(settings.bodies_bytes),
        sockets=[listening],
        threads=settings.threads,
        ident="netpolmap",
        inbuf_overflow=_NEVER_SPOOL,  # in memory, bounded by the limits below: the disk never sees what is sent
        outbuf_overflow=_NEVER_SPOOL,
        max_request_body_size=limit_bytes + 1,  # waitress refuses from there on
        max_request_header_size=settings.header_bytes,
        recv_bytes=_RECEIVE_BYTES,
        connection_limit=settings.connections,
        channel_timeout=int(settings.idle_seconds),
        cleanup_interval=min(_SWEEP_SECONDS, settings.idle_seconds),
        clear_untrusted_proxy_headers=not settings.proxies,
        log_socket_errors=False,
        asyncore_use_poll=True,
    )


def bind(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket at the first address of a host; IPv4 is preferred. ``port`` 0 takes a free one.

    InputError if the address cannot be had.
    """
    try:
        if not 0 <= port <= _LAST_PORT:
            raise OverflowError
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError, OverflowError) as error:
        raise InputError(f"--host {host} --port {port}: there is no such address here.") from error
    family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise InputError(_reason(error, host, port)) from error
    return listening


def address(host: str, port: int) -> str:
    """The URL of a host and port; one of this machine where the host means all of its addresses."""
    if host in _WILDCARDS:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use. Choose another with --port, or any free one with --port 0."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has. Choose one from 1024 on."
    return f"Cannot listen at {host}, port {port}: {error.strerror}."


def serve_in_thread(server: Server) -> threading.Thread:
    """Run a server beside the caller (tests, notebooks); `server.stop()` and `join()` end it."""
    thread = threading.Thread(target=server.run, name="netpolmap-server", daemon=True)
    thread.start()
    return thread
