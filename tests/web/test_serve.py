"""`netpolmap serve` as a process: the address on standard output, the files in the page, exit statuses."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import SHOP
from webapp.web.server import bind

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs SIGTERM")]


@contextmanager
def started(*words: str, typed: str | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address that it printed; it must end well on SIGTERM."""
    command = [sys.executable, "-m", "webapp", "serve", "--port", "0", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(typed or "")
            process.stdin.close()
            yield process, process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def refused(*words: str) -> str:
    """What standard error says when it does not start."""
    command = [sys.executable, "-m", "webapp", "serve", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def summary(url: str) -> Any:
    """Of the workspace that `/` shows."""
    found = re.search(r'data-api="/([^"]+)"', ask(url))
    assert found is not None
    return json.loads(ask(f"{url}{found[1]}/summary"))


def test_the_files_are_open_at_the_printed_address_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    with started(str(tmp_path)) as (_, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert ask(f"{url}readyz") == "ready\n"
        assert summary(url)["workloads"] == 2
        file.write_text(SHOP + "---\n{apiVersion: v1, kind: Pod, metadata: {name: x}}\n")
        for _ in range(100):
            if summary(url)["generation"]:
                break
            time.sleep(0.1)
        assert (summary(url)["generation"], summary(url)["workloads"]) == (1, 3)


def test_standard_input_and_the_switches() -> None:
    with started("-", "--pod-cidr", "10.1.0.0/16", typed=SHOP) as (_, url):
        assert summary(url)["workloads"] == 2
        assert summary(url)["name"] == "standard input"
        assert summary(url)["assumptions"]["pod_cidrs"] == ["10.1.0.0/16"]
        assert 'data-watch="false"' in ask(url)


def test_without_a_path_the_start_page() -> None:
    with started() as (_, url):
        assert "drop-zone" in ask(url)


def test_what_cannot_be_served_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refused(str(tmp_path / "nope.yaml"), "--port", "0")
    assert "standard input" in refused("-", "--port", "0")
    assert "--allow-remote" in refused("--host", "0.0.0.0")
    assert "--trusted-host" in refused("--host", "0.0.0.0", "--allow-remote")
    with closing(bind()) as taken:
        taken.listen()
        assert "in use" in refused("--port", str(taken.getsockname()[1]))
