"""A live server, a browser, and a page that fails its test on any complaint: console, script, CSP, foreign request."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Page, Playwright, Request
from werkzeug.serving import make_server

from tests.page.browsers import HINT, launch_arguments
from webapp.web.app import create_app


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of this machine."""
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def browser(playwright: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """One browser for all tests. Missing, it skips them with a hint, and fails them where CI is set."""
    try:
        started = playwright.chromium.launch(**browser_type_launch_args)
    except Error as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{HINT} ({error.message.splitlines()[0]})")
    yield started
    started.close()


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The address of a running server with the samples."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def base_url(origin: str) -> str:
    """The plugin's own fixture of this name, in a form that newer releases of pytest do not warn about."""
    return origin


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in the browser; a test that expects a complaint clears it."""
    return []


@pytest.fixture
def page(context: BrowserContext, origin: str, complaints: list[str]) -> Iterator[Page]:
    """A page whose every complaint fails the test."""
    context.add_init_script(
        "window.cspReports = [];"
        "document.addEventListener('securitypolicyviolation',"
        " event => window.cspReports.push(event.violatedDirective + ' ' + event.blockedURI));"
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"console {message.type}: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:", "about:")):
            complaints.append(f"request off origin: {request.url}")

    def on_dialog(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    opened.on("console", on_console)
    opened.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    opened.on("request", on_request)
    opened.on("dialog", on_dialog)
    yield opened
    complaints.extend(f"CSP: {report}" for report in opened.evaluate("() => window.cspReports ?? []"))
    assert complaints == []


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go; $PAGE_SHOTS chooses a folder that stays."""
    chosen = os.environ.get("PAGE_SHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
