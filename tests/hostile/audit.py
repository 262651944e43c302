"""Python's audit events as a test's witness: what the code under test does to the machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_PROCESSES = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.forkpty",
    "os.spawn",
    "pty.spawn",
)
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "tempfile.mkstemp",
    "tempfile.mkdtemp",
)
_watching = False
_installed = False
_seen: list[str] = []


@contextmanager
def machine_left_alone() -> Iterator[None]:
    """Within, and in all threads: no process is started, no socket leaves this machine, no file is written.

    Python's own cache of compiled modules is not counted.
    """
    global _watching, _installed
    if not _installed:
        sys.addaudithook(_witness)  # there is no way to take it off again, so it is put on once
        _installed = True
    _seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _seen == []


def _witness(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    if event in _PROCESSES or (event in _CHANGES and "__pycache__" not in str(arguments)):
        _seen.append(f"{event} {arguments!r}"[:200])
    elif event == "open":
        path, _, flags = arguments
        if isinstance(flags, int) and flags & _WRITING and "__pycache__" not in str(path):
            _seen.append(f"open {path!r} to write")
    elif event in ("socket.connect", "socket.bind", "socket.sendto") and not _stays_here(arguments[1]):
        _seen.append(f"{event} {arguments[1]!r}")


def _stays_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a local socket
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return bool(address[0] == "localhost")
