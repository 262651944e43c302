"""The matrix in a browser: the same verdicts as the picture, the table and `list -o json`, by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_look import TOO_WIDE, expect_accessible
from tests.page.test_scale import many_pods
from tests.page.workspaces import BACKEND, DATABASE, FRONTEND, open_sample, paste, row

pytestmark = pytest.mark.page

CELLS = """() => Object.fromEntries([...document.querySelectorAll('[data-testid="matrix-grid"] [data-edge]')]
  .map(cell => [cell.dataset.edge, [cell.dataset.verdict, cell.dataset.blockedAt ?? '']]))"""
ROWS = """() => Object.fromEntries([...document.querySelectorAll('[data-testid="twin"] [data-edge]')]
  .map(row => [row.dataset.edge, [row.dataset.verdict, row.dataset.blockedAt ?? '']]))"""
LINES = """() => Object.fromEntries([...document.querySelectorAll('.canvas [data-edge]')]
  .map(line => [line.dataset.edge, line.dataset.verdict]))"""


def cell(page: Page, source: str, destination: str) -> Any:
    return page.locator(f'[data-testid="matrix-grid"] [data-cell="{source}>{destination}"]')


def open_matrix(page: Page) -> None:
    page.get_by_test_id("view-matrix").click()
    expect(page.locator('[data-testid="matrix-grid"] [role="gridcell"]').first).to_be_visible()
    expect(page.locator('[data-testid="matrix-grid"] [data-cell]').first).to_be_visible()
    expect(page.locator('[data-testid="matrix-grid"] .waiting')).to_have_count(0)


def listed(page: Page) -> dict[str, str]:
    """`list -o json` as {pair: verdict}; what it does not hold is blocked."""
    api = page.evaluate("() => document.body.dataset.api")
    document = page.request.get(f"{page.url.split('/w/')[0]}{api}/connections").json()
    found = {f"{r['source']}>{r['destination']}": "unknown" for r in document["unknown"]}
    for each in document["connections"]:
        found[f"{each['source']}>{each['destination']}"] = "allowed" if each["ports"] == "all" else "partial"
    return found


@pytest.mark.parametrize("sample", ["production", "shop", "tiers", "production-open"])
@pytest.mark.parametrize("address", ["", "#hide=dns,metrics,ingress", "#filter=kind:Deployment"])
def test_all_views_say_the_same(page: Page, origin: str, sample: str, address: str) -> None:
    """Acceptance check 12: every pair has one verdict, in the picture, the matrix, the table and the answer."""
    page.set_viewport_size({"width": 1900, "height": 1700})
    open_sample(page, origin, sample)
    if address:
        page.goto(page.url.split("#")[0] + address)
        page.reload()
        page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    truth, lines, rows = listed(page), page.evaluate(LINES), page.evaluate(ROWS)
    open_matrix(page)
    cells = page.evaluate(CELLS)
    assert len(cells) > 15
    assert {pair: truth.get(pair, "blocked") for pair in cells} == {
        pair: verdict for pair, (verdict, _) in cells.items()
    }
    assert rows.keys() <= cells.keys()
    assert rows == {pair: cells[pair] for pair in rows}
    assert {pair: cells[pair][0] for pair in lines if pair in cells} == {p: v for p, v in lines.items() if p in cells}
    if not address:
        assert truth.keys() <= cells.keys()


def test_a_cell_is_the_same_selection_as_a_line(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_matrix(page)
    cell(page, FRONTEND, DATABASE).click()
    expect(cell(page, FRONTEND, DATABASE)).to_have_attribute("aria-current", "true")
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("aria-current", "true")
    expect(page.locator(f'.canvas .edge[data-edge="{FRONTEND}>{DATABASE}"]')).to_have_attribute("aria-current", "true")
    expect(page.get_by_test_id("live")).to_contain_text("frontend to database: Blocked")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    page.get_by_test_id("view-diagram").click()
    page.locator(f'.canvas .edge[data-edge="{FRONTEND}>{BACKEND}"] .hit').first.dispatch_event("click")
    expect(cell(page, FRONTEND, BACKEND)).to_have_count(0)  # it is drawn where it is seen
    open_matrix(page)
    expect(cell(page, FRONTEND, BACKEND)).to_have_attribute("aria-current", "true")
    for _ in range(3):
        page.go_back()
    expect(cell(page, FRONTEND, DATABASE)).to_have_attribute("aria-current", "true")


def test_the_keyboard_walks_chooses_and_changes_the_view(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(f'.canvas [data-node="{FRONTEND}"]').first.focus()
    page.keyboard.press("2")
    expect(page.get_by_test_id("matrix-grid")).to_be_visible()
    focused = page.locator('[data-testid="matrix-grid"] :focus')
    expect(focused).to_have_count(1)
    page.keyboard.press("Control+Home")
    expect(focused).to_have_attribute("aria-label", re.compile("to"))
    page.keyboard.press("ArrowLeft")
    expect(focused).to_have_attribute("role", "rowheader")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("details-name")).to_be_visible()
    page.keyboard.press("ArrowRight")
    for _ in range(30):
        if focused.get_attribute("data-cell") == f"{FRONTEND}>{DATABASE}":
            break
        page.keyboard.press(
            "ArrowDown" if not str(focused.get_attribute("data-cell")).startswith(FRONTEND) else "ArrowRight"
        )
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("aria-current", "true")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    page.keyboard.press("3")
    expect(page.get_by_test_id("edges-table")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_test_id("stage")).to_have_attribute("data-view", "diagram")


def test_digits_are_digits_where_one_types(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_matrix(page)
    page.get_by_test_id("matrix-port").click()
    page.keyboard.type("3000")
    expect(page.get_by_test_id("matrix-grid")).to_be_visible()
    page.get_by_test_id("question-port").click()
    page.keyboard.type("1")
    expect(page.get_by_test_id("matrix-grid")).to_be_visible()


def test_a_port_asks_every_pair_at_once(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_matrix(page)
    page.get_by_test_id("matrix-port").fill("8080")
    page.keyboard.press("Enter")
    expect(cell(page, FRONTEND, BACKEND)).to_have_attribute("data-verdict", "allowed")
    expect(cell(page, BACKEND, DATABASE)).to_have_attribute("data-verdict", "blocked")
    expect(page).to_have_url(re.compile("on=8080"))
    page.get_by_test_id("matrix-port").fill("http")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("matrix-port")).to_have_attribute("aria-invalid", "true")
    page.go_back()
    expect(cell(page, FRONTEND, BACKEND)).to_have_attribute("data-verdict", "partial")


def test_headings_choose_workloads(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_matrix(page)
    for role in ("rowheader", "columnheader"):
        head = page.locator(f'[data-testid="matrix-grid"] [role="{role}"][data-head="{BACKEND}"]')
        head.click()
        expect(page.get_by_test_id("details-name")).to_have_text("backend-api")
        expect(head).to_have_attribute("aria-current", "true")
        assert "isolated" in str(head.get_attribute("aria-label"))


def test_large_clusters_are_folded_windowed_and_unfolded(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(4, 45))
    open_matrix(page)
    folded = cell(page, "team-1/*", "team-2/*")
    expect(folded).to_have_attribute("aria-label", re.compile("2,025 of 2,025 pairs"))
    folded.click()
    expect(page).to_have_url(re.compile("bundle="))
    page.get_by_test_id("matrix-all").click()
    expect(page.get_by_test_id("matrix-place")).to_contain_text("of 181")
    grid = page.get_by_test_id("matrix-grid")
    assert grid.get_attribute("aria-rowcount") == "182"
    assert page.locator('[data-testid="matrix-grid"] [role="gridcell"]').count() < 2_500
    cell(page, "team-0/Pod/pod-0", "team-0/Pod/pod-1").focus()
    page.keyboard.press("Control+End")
    last = page.locator('[data-testid="matrix-grid"] :focus')
    expect(last).to_have_attribute("data-cell", re.compile("internet"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(last).to_have_attribute("data-cell", "team-3/Pod/pod-9>team-3/Pod/pod-9")
    page.keyboard.press("ArrowUp")
    expect(last).to_have_attribute("data-verdict", "allowed")
    assert page.locator('[data-testid="matrix-grid"] [role="gridcell"]').count() < 2_500


def test_a_selection_from_elsewhere_is_brought_into_view(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(4, 45))
    address = page.url.split("#")[0]
    page.goto(f"{address}#view=matrix&expand=*&from=team-3/Pod/pod-40&to=team-2/Pod/pod-3")
    page.reload()
    expect(cell(page, "team-3/Pod/pod-40", "team-2/Pod/pod-3")).to_be_in_viewport()
    expect(cell(page, "team-3/Pod/pod-40", "team-2/Pod/pod-3")).to_have_attribute("aria-current", "true")


SIGNS = """() => {
  const seen = {};
  for (const cell of document.querySelectorAll('[data-testid="matrix-grid"] [data-edge]')) {
    const style = getComputedStyle(cell);
    const glyph = cell.querySelector('use')?.getAttribute('href') ?? '';
    const name = cell.dataset.verdict + (cell.dataset.blockedAt ?? '');
    const image = style.backgroundImage.replace(/rgba?\\([^)]*\\)|color\\([^)]*\\)/g, '');
    seen[name] = [glyph, image, style.backgroundPosition, style.fontWeight].join('|');
  }
  return seen;
}"""


def test_the_states_of_a_cell_differ_without_colour(page: Page, origin: str) -> None:
    """Acceptance check 13, for the matrix: glyph, hatching and bar tell what colour tells."""
    page.set_viewport_size({"width": 1900, "height": 1400})
    open_sample(page, origin, "shop")
    open_matrix(page)
    signs = page.evaluate(SIGNS)
    assert {"allowed", "partial", "unknown", "blockedsource", "blockedtarget", "blockedboth"} <= signs.keys()
    assert len(set(signs.values())) == len(signs)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_matrix_is_accessible(page: Page, origin: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": 1900, "height": 1400})
    open_sample(page, origin, "shop")
    open_matrix(page)
    expect_accessible(page)
    page.get_by_test_id("hide-dns").click()
    expect(page.locator('[data-testid="matrix-grid"] .aside').first).to_be_visible()
    cell(page, "shop/Deployment/checkout", "shop/Deployment/cart").click()
    expect(page.get_by_test_id("why-headline")).to_be_visible()
    expect_accessible(page)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 400), (1000, 700)])
def test_the_matrix_fits_small_screens_and_large_letters(page: Page, origin: str, width: int, height: int) -> None:
    """640 x 400 is a screen of 1280 x 800 at 200 %."""
    page.set_viewport_size({"width": width, "height": height})
    open_sample(page, origin)
    open_matrix(page)
    cell(page, FRONTEND, BACKEND).scroll_into_view_if_needed()
    cell(page, FRONTEND, BACKEND).click()
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^SOME"))
    assert page.evaluate(TOO_WIDE) <= 0
