"""The page in a browser: how long people wait, and how smoothly the picture moves, on clusters of two sizes.

The server is a process of its own, the browser the one of the page's tests. Times are what a person sees: from the
action to the frame that shows its result.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, sync_playwright

from benchmarks.cluster import make_cluster
from benchmarks.deployments import Shape, make_deployments
from tests.page.browsers import launch_arguments

VIEWPORT = (1920, 1080)
QUERIES = 15
UNFOLDED = 5
EDITS = 7
WATCH = Path(__file__).with_name("page.js")
READY = "() => document.documentElement.dataset.ready === 'true'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``value`` in ``unit``, and the goal that it must not pass (or, ``at_least``, reach)."""

    name: str
    cluster: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def figures() -> Iterator[Figure]:
    """Everything that is measured, cluster by cluster."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        sizes = {"1,200 workloads": make_deployments, "10,000 pods": lambda: make_cluster(10_000).yaml()}
        for name, make in sizes.items():
            text = make()
            path = Path(folder, f"{name.replace(',', '').replace(' ', '-')}.yaml")
            path.write_text(text)
            print(f"measuring the page with {name} ...", file=sys.stderr, flush=True)
            with _server() as origin, _page(playwright) as page:
                yield from _usability(page, origin, path, name)
        path = Path(folder, "500-workloads.yaml")
        path.write_text(make_deployments(Shape(500, 20, 250)))
        with _server() as origin, _page(playwright) as page:
            yield from _editing(page, origin, path, "500 workloads")


def _usability(page: Page, origin: str, path: Path, cluster: str) -> Iterator[Figure]:
    limit = 2_000 if cluster.endswith("workloads") else None
    yield Figure("First picture after the upload's end", cluster, _open(page, origin, path), "ms", limit)
    work = _Work(page)
    work.done()
    yield Figure("A question: from choosing the ends to the verdict", cluster, _ask(page), "ms", 100)
    yield Figure("Work for each question", cluster, work.done() / QUERIES, "ms")
    yield Figure("Unfolding a namespace, median", cluster, _unfold(page), "ms", 1_000)
    yield Figure("Work for each unfolding", cluster, work.done() / UNFOLDED, "ms")
    count = page.locator(".canvas [data-node]").count()
    yield Figure("Cards in the picture with those unfolded", cluster, count, "", 400)
    for gesture, act in (("panning", _pan), ("zooming", _zoom)):
        seen = _watched(page, act)
        yield Figure(f"Frames a second while {gesture}", cluster, seen["frames"], "", 30, at_least=True)
        yield Figure(f"Longest task while {gesture}", cluster, seen["longest"], "ms", 200)
    page.evaluate("() => window.gc && window.gc()")
    heap = page.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
    yield Figure("Memory of the page's scripts", cluster, heap, "MB", 600)


class _Work:
    """CPU time of the page's main thread."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = 0.0

    def done(self) -> float:
        """Milliseconds since it was asked before, or since the page was opened."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        now = next(each["value"] for each in metrics if each["name"] == "TaskDuration") * 1_000
        taken, self._before = now - self._before, now
        return float(taken)


def _open(page: Page, origin: str, path: Path) -> float:
    """From the last byte of the upload to the first picture."""
    page.goto(origin)
    page.get_by_test_id("files-input").set_input_files(path)
    page.wait_for_url("**/w/*", timeout=120_000)
    page.wait_for_function(READY, timeout=120_000)
    page.wait_for_function("() => window.measured.shown > 0")
    sent, shown = page.evaluate("() => [Number(sessionStorage.getItem('sent')), window.measured.shown]")
    return float(shown) - float(sent)


def _ask(page: Page) -> float:
    """Random questions, as the question row asks them; the slowest but one."""
    ids = page.evaluate("async () => (await (await fetch(`${document.body.dataset.api}/names`)).json()).workloads")
    step = max(1, len(ids) // (2 * QUERIES + 1))
    pairs = [(ids[2 * n * step], ids[(2 * n + 1) * step]) for n in range(QUERIES)]
    taken = sorted(page.evaluate("([from, to]) => window.measured.ask(from, to)", list(pair)) for pair in pairs)
    page.evaluate("() => window.measured.rest()")
    return float(taken[-2])


def _unfold(page: Page) -> float:
    """Namespaces one after the other, with the key."""
    page.evaluate("() => { location.hash = ''; }")
    page.wait_for_timeout(1_000)
    names = page.eval_on_selector_all(".canvas .node.namespace", "cards => cards.map((card) => card.dataset.node)")
    taken = []
    for number, name in enumerate(names[5 : 5 + UNFOLDED]):
        if number == 2:  # with two unfolded beside it, and again from the start: more would not fit everywhere
            page.evaluate("() => { location.hash = ''; }")
            page.wait_for_timeout(1_500)
        page.evaluate("(name) => document.querySelector(`.canvas [data-node='${name}']`).focus()", name)
        taken.append(page.evaluate("(name) => window.measured.unfold(name)", name))
        page.wait_for_timeout(500)
    return float(statistics.median(taken))


def _pan(page: Page) -> None:
    width, height = VIEWPORT
    page.mouse.move(width * 0.3, height * 0.9)
    page.mouse.down()
    for turn in range(4):
        page.mouse.move(width * (0.2 + 0.2 * (turn % 2)), height * (0.5 + 0.1 * (turn % 3)), steps=25)
    page.mouse.up()


def _zoom(page: Page) -> None:
    page.mouse.move(VIEWPORT[0] * 0.35, VIEWPORT[1] * 0.55)
    for step in range(40):
        page.mouse.wheel(0, -60 if step % 20 < 10 else 60)
        page.wait_for_timeout(16)


def _watched(page: Page, act: Any) -> dict[str, float]:
    page.evaluate("() => window.measured.watch()")
    act(page)
    page.wait_for_timeout(400)  # until the gesture is over, and drawn
    seen: dict[str, float] = page.evaluate("() => window.measured.seen()")
    return seen


def _editing(page: Page, origin: str, path: Path, cluster: str) -> Iterator[Figure]:
    """From the end of typing to the picture of what was typed: drafts are posted, and change and scene asked for."""
    _open(page, origin, path)
    (file,) = page.evaluate("() => window.measured.files()")
    name, text = file["name"], file["text"]
    edits = [{name: re.sub(r"port: (8080|http)\b", f"port: {8100 + n}", text, count=n + 1)} for n in range(EDITS)]
    taken = [page.evaluate("(files) => window.measured.edit(files)", files) for files in edits]
    yield Figure("From an edit to the picture of it", cluster, statistics.median(taken), "ms", 300)


@contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "webapp", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        origin = process.stdout.readline().strip().rstrip("/")
        urllib.request.urlopen(f"{origin}/readyz").read()  # noqa: S310  our own server
        try:
            yield origin
        finally:
            process.kill()


@contextmanager
def _page(playwright: Playwright) -> Iterator[Page]:
    options: Any = launch_arguments()
    options["args"] += ["--enable-precise-memory-info", "--js-flags=--expose-gc"]
    browser = playwright.chromium.launch(**options)
    page = browser.new_page(viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]})
    page.add_init_script(WATCH.read_text())
    page.set_default_timeout(60_000)
    try:
        yield page
    finally:
        browser.close()


def table(lines: list[Figure]) -> str:
    """The lines as a Markdown table."""
    head = "| The page | cluster | measured | goal | |\n|---|---|--:|--:|---|\n"
    return head + "".join(line(each) for each in lines)


def line(each: Figure) -> str:
    """One row of the table."""
    verdict = {True: "OK", False: "**MISS**", None: ""}[each.met]
    goal = "" if each.limit is None else f"{'≥' if each.at_least else '≤'} {each.limit:,.0f} {each.unit}".rstrip()
    return f"| {each.name} | {each.cluster} | {each.value:,.0f} {each.unit} | {goal} | {verdict} |\n"
