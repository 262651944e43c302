"""Which browser the page is tested and measured with."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
HINT = "no browser found: install Chromium, or run `python -m playwright install chromium`"


def find_browser() -> str | None:
    """An installed Chrome-like browser; $APP_BROWSER wins."""
    return os.environ.get("APP_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


def launch_arguments() -> dict[str, object]:
    """How to start it; without a sandbox only where the browser refuses to start otherwise."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--disable-gpu", "--font-render-hinting=none", *(["--no-sandbox"] if as_root else [])]
    found = find_browser()
    return {"args": arguments, **({"executable_path": found} if found else {})}
