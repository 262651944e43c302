"""How the pages look: nothing overlaps, nothing is cut off, readable by everybody, in both themes and on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.page.workspaces import BACKEND, DATABASE, FRONTEND, open_sample, wait_until_drawn
from webapp.graph.drawing.palette import DARK, LIGHT
from webapp.resources import static_folder

pytestmark = pytest.mark.page

OVERLAPS = """() => {
  const cards = [...document.querySelectorAll('.canvas [data-node]')];
  const boxes = cards.map(e => [e.dataset.node, e.getBoundingClientRect()]);
  const overlap = (p, q) =>
    p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1;
  const found = [];
  boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => overlap(p, q) && found.push(a + ' ' + b)));
  return found;
}"""
OUTSIDE = """() => {
  const frame = document.querySelector('.canvas').getBoundingClientRect();
  return [...document.querySelectorAll('.canvas [data-node]')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
  }).map(e => e.dataset.node);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def expect_accessible(page: Page) -> None:
    """No serious or critical finding of axe."""
    found = Axe().run(page).response["violations"]
    serious = [item for item in found if item["impact"] in ("serious", "critical")]
    assert [(item["id"], [node["target"] for node in item["nodes"]][:4]) for item in serious] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible(page: Page, origin: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(origin)
    expect(page.get_by_test_id("sample-production")).to_be_visible()
    expect_accessible(page)
    page.goto(f"{origin}/help")
    expect_accessible(page)
    open_sample(page, origin)
    expect_accessible(page)
    page.goto(f"{page.url.split('#')[0]}#from={FRONTEND}&to={DATABASE}")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("why-headline")).to_be_visible()
    page.get_by_test_id("unknowns-tab").click()
    expect_accessible(page)
    page.get_by_test_id("view-table").click()
    expect_accessible(page)


@pytest.mark.parametrize("sample", ["production", "shop"])
def test_no_card_overlaps_and_all_are_in_view(page: Page, origin: str, sample: str) -> None:
    open_sample(page, origin, sample)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(OUTSIDE) == []


def test_screenshots(page: Page, origin: str, shots: Path) -> None:
    """For people to look at: nothing is compared."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        for width, height in ((1280, 800), (1920, 1080)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(origin)
            expect(page.get_by_test_id("sample-production")).to_be_visible()
            page.screenshot(path=shots / f"start-{width}-{theme}.png")
            for sample in ("production", "shop"):
                open_sample(page, origin, sample)
                page.screenshot(path=shots / f"{sample}-{width}-{theme}.png")
        open_sample(page, origin)
        page.locator(f'.canvas [data-node="{BACKEND}"]').first.click()
        expect(page.get_by_test_id("details-name")).to_be_visible()
        page.screenshot(path=shots / f"details-{theme}.png")
        page.goto(f"{origin}/help")
        page.screenshot(path=shots / f"help-{theme}.png", full_page=True)


def test_the_theme_switch_is_kept(page: Page, origin: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(origin)
    page.get_by_test_id("theme-switch").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{origin}/help")
    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_phone_is_enough(browser: Browser, origin: str, shots: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(origin)
    expect(page.get_by_test_id("sample-production")).to_be_visible()
    assert page.evaluate(TOO_WIDE) <= 0
    page.screenshot(path=shots / "start-390.png", full_page=True)
    open_sample(page, origin)
    page.get_by_test_id("question-from").fill("frontend")
    page.keyboard.press("Enter")
    page.get_by_test_id("question-to").fill("database")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    expect(page.get_by_test_id("why-egress")).to_be_visible()
    assert page.evaluate(TOO_WIDE) <= 0
    page.screenshot(path=shots / "workspace-390.png", full_page=True)
    context.close()


def test_first_load_is_small(page: Page, origin: str) -> None:
    """Scripts and styles of the workspace stay below 150 KB, compressed; the editor comes when it is opened."""
    import gzip

    static = static_folder()
    scripts = [static / "dist" / "workspace.js"]
    for file in scripts:
        names = re.findall(r'(?:from|import)\s*"\./([^"]+)"', file.read_text())
        scripts += [file.parent / name for name in names if file.parent / name not in scripts]
    files = [*scripts, *static.glob("css/*.css"), static / "dist" / "fonts.css"]
    assert len(scripts) > 1
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 150_000


def test_the_page_and_the_picture_have_the_same_colours() -> None:
    css = (static_folder() / "css" / "diagram.css").read_text()
    for palette in (LIGHT, DARK):
        for role, colour in palette.items():
            assert f"--d-{role}: {colour};" in css
            assert f".f-{role} {{" in css
            assert f".s-{role} {{" in css
