"""The picture at any size: scale, groups, movement, drawing by hand, keys and commands, paper, colour-free reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.deployments import Shape, make_deployments
from tests.page.workspaces import BACKEND, DATABASE, FRONTEND, drawn, open_sample, paste, wait_until_drawn

pytestmark = pytest.mark.page

MOST_WORK_S = 2.5  # CPU time of the page's main thread, for a question and an unfolding
SLOWEST_MS = 8_000  # the goals are 100 ms for a question and 1,000 for unfolding; `benchmarks --page` measures them
PLACE = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [Math.round(box.x), Math.round(box.y)];
}"""
COVERED = """(ids) => ids.map((id) => {
  const styles = [...document.querySelectorAll(id)].map((e) => getComputedStyle(e));
  return styles.map((s) => [s.strokeDasharray, s.fill === 'none' ? '' : 'filled'].join(' ')).join('|');
})"""
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.querySelector('.canvas')).backgroundColor);
  return [...document.querySelectorAll('.legend .sign.line .stroke')].map((e) => {
    const own = light(getComputedStyle(e).stroke);
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
  });
}"""


def upload(page: Page, origin: str, text: str, folder: Path) -> None:
    """Open manifests from a file."""
    path = folder / "made.yaml"
    path.write_text(text)
    page.goto(origin)
    page.get_by_test_id("files-input").set_input_files(path)
    page.wait_for_url("**/w/*")
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'", timeout=30_000)


def card(page: Page, identity: str) -> str:
    return f'.canvas [data-node="{identity}"]'


def test_a_large_cluster_is_namespaces_first(page: Page, origin: str, tmp_path: Path) -> None:
    """Acceptance check 14."""
    page.set_default_timeout(30_000)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def work() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    upload(page, origin, make_deployments(), tmp_path)
    expect(page.get_by_test_id("facts")).to_contain_text("1200 workloads")
    expect(page.get_by_test_id("level-words")).to_have_text("40 namespaces")
    assert page.locator(".canvas [data-node]").count() <= 400
    assert page.locator(".canvas .node.namespace").count() == 40
    began = work()
    taken = page.evaluate(
        """async () => {
          const began = performance.now();
          location.hash = 'from=app-08/Deployment/web&to=app-09/Deployment/api';
          const chip = document.querySelector('[data-testid="verdict-chip"]');
          while (!/^(ALLOWED|BLOCKED)/.test(chip.textContent)) await new Promise((done) => requestAnimationFrame(done));
          return performance.now() - began;
        }"""
    )
    assert taken < SLOWEST_MS
    page.keyboard.press("Escape")
    page.locator(card(page, "app-10/*")).focus()
    page.keyboard.press("]")
    expect(page.locator('.canvas [data-namespace="app-10"]')).to_be_attached(timeout=SLOWEST_MS)
    assert page.locator(".canvas [data-node]").count() <= 400
    assert work() - began < MOST_WORK_S
    assert page.evaluate("() => (performance.memory?.usedJSHeapSize ?? 0) / 1e6") < 600
    expect(page.get_by_test_id("banner")).to_contain_text("are alike")
    page.get_by_test_id("expand-all").click()
    expect(page.get_by_test_id("level-words")).to_contain_text("unfolded")
    expect(page).to_have_url(re.compile(r"expand=(\*|%2A)"))
    expect(page.get_by_test_id("level-words")).not_to_contain_text("· 1 unfolded", timeout=30_000)
    assert page.locator(".canvas [data-node]").count() <= 400
    assert page.locator(".canvas .edge").count() <= 1_500
    page.get_by_test_id("fold-all").click()
    expect(page.locator(".canvas .node.namespace")).to_have_count(40)


def test_groups_unfold_in_place_by_click_and_key(page: Page, origin: str, tmp_path: Path) -> None:
    upload(page, origin, make_deployments(Shape(200, 8, 80)), tmp_path)
    space = page.locator(card(page, "app-02/*"))
    space.focus()
    before = page.evaluate(PLACE, card(page, "app-02/*"))
    page.keyboard.press("]")
    group = page.locator(".canvas .node.group").first
    expect(group).to_be_attached()
    expect(page.locator(".canvas .shifting")).to_have_count(0)
    box = page.evaluate(PLACE, '.canvas [data-namespace="app-02"]')
    frame = page.evaluate(PLACE, ".canvas")
    if box[1] > frame[1] + 30:  # it was not moved into view
        assert abs(before[0] - box[0]) < 4, "what was unfolded keeps its place"
    assert page.evaluate("() => document.activeElement.dataset.node").startswith("app-02/"), "the focus is inside"
    name = group.get_attribute("data-node") or ""
    assert name.endswith("+")
    row = page.locator(f'[data-testid="nodes-table"] [data-node="{name}"]')
    expect(row).to_contain_text("alike")
    group.click()
    members = page.get_by_test_id("details-members").locator("li")
    count = members.count()
    assert count >= 2
    page.get_by_test_id("details-unfold").click()
    first = page.locator(card(page, name[:-1]))
    expect(first).to_be_attached()
    expect(page).to_have_url(re.compile(re.escape(name.split("/")[2][:-1]) + r"(\+|%2B)"))
    page.reload()
    wait_until_drawn(page)
    expect(first).to_be_attached()
    first.focus()
    page.keyboard.press("[")
    expect(page.locator(card(page, name))).to_be_attached()
    expect(page.locator(card(page, name))).to_be_focused()


def test_a_path_is_drawn_by_dragging(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("draw-mode").click()
    expect(page.get_by_test_id("draw-mode")).to_have_attribute("aria-pressed", "true")
    start = page.locator(card(page, FRONTEND)).bounding_box()
    end = page.locator(card(page, DATABASE)).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    expect(page.locator(card(page, DATABASE))).to_have_class(re.compile(r"\btarget\b"))
    expect(page.locator(".canvas .rubber")).to_be_visible()
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"from={FRONTEND}&to={DATABASE}.*tab=fix"))
    expect(page.get_by_test_id("tab-fix")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("draw-mode")).to_have_attribute("aria-pressed", "false")


def test_a_path_is_drawn_by_keys_and_escape_ends(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(card(page, FRONTEND)).focus()
    page.keyboard.press("a")
    expect(page.get_by_test_id("live")).to_contain_text("the arrows choose the other end")
    page.keyboard.press("Escape")
    expect(page.locator(".canvas.drawing")).to_have_count(0)
    page.locator(card(page, FRONTEND)).focus()
    page.keyboard.press("a")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        if page.locator(f"{card(page, BACKEND)}.target").count():
            break
    target = page.locator(".canvas .target").get_attribute("data-node")
    assert target
    assert target != FRONTEND
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"from={FRONTEND}&to={re.escape(target)}.*tab=fix"))


def test_keys_narrow_the_picture_and_open_the_editor(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(card(page, BACKEND)).focus()
    page.keyboard.press("f")
    expect(page).to_have_url(re.compile(f"filter=near(:|%3A){BACKEND}"))
    page.go_back()
    page.locator(card(page, BACKEND)).focus()
    page.keyboard.press("h")
    expect(page).to_have_url(re.compile(f"filter=-name(:|%3A){BACKEND}"))
    page.go_back()
    page.locator(card(page, BACKEND)).focus()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("drawer=editor"))


def test_every_button_is_a_command(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("commands-box")).to_be_focused()
    options = page.get_by_test_id("commands-list").locator("li")
    assert options.count() > 15
    page.keyboard.type("legend")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("legend")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("view table")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("view=table"))
    page.keyboard.press("Control+k")
    page.keyboard.type("no such thing")
    expect(options).to_have_text("No such command here.")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("commands")).to_be_hidden()


def test_the_why_of_a_node_is_few_keys_away(page: Page, origin: str) -> None:
    """Acceptance check 11: from a cold load to the database and its reasons with 15 keys at most, focus always seen."""
    open_sample(page, origin)
    page.reload()
    wait_until_drawn(page)
    keys = ["/", *"front", "Enter", "Tab", "Tab", *"data", "Enter"]
    for count, key in enumerate(keys, 1):
        page.keyboard.press(key)
        if count == len("/front"):
            expect(page.locator("#question-from-options li").first).to_be_visible()
        if count != 1:
            continue
        ring = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return [parseFloat(s.outlineWidth), s.outlineStyle, s.boxShadow]; }"
        )
        assert (ring[0] >= 2 and ring[1] != "none") or ring[2] != "none"
    assert len(keys) <= 15
    expect(page.get_by_test_id("why-egress")).to_be_visible()
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))


def test_states_differ_without_colour(page: Page, origin: str) -> None:
    """Acceptance check 13: the lines of all states have patterns of their own, and enough contrast in both themes."""
    open_sample(page, origin, "shop")
    page.get_by_test_id("blocked-all").click()
    expect(page.locator('.legend [data-legend="blocked"]')).to_be_visible()
    signs = [f'.legend [data-legend="{look}"] .stroke' for look in ("allowed", "dns", "blocked", "unknown", "opened")]
    shown = [sign for sign in signs if page.locator(sign).count()]
    assert len(shown) >= 2
    patterns = page.evaluate(COVERED, [sign for sign in shown if "dns" not in sign])
    assert len(set(patterns)) == len(patterns)
    assert page.locator('.legend [data-legend="blocked"] .cross').count() == 1
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert min(page.evaluate(CONTRAST)) >= 3


def test_cards_glide_unless_motion_is_unwanted(page: Page, origin: str, tmp_path: Path) -> None:
    upload(page, origin, make_deployments(Shape(200, 8, 80)), tmp_path)
    count = (
        "() => { window.glides = 0; const run = Element.prototype.animate;"
        " Element.prototype.animate = function (...given) { window.glides += 1; return run.apply(this, given); }; }"
    )
    for motion, moves in (("no-preference", True), ("reduce", False)):
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        page.evaluate(count)
        page.locator(".canvas .node.namespace").nth(2).focus()
        page.keyboard.press("]")
        expect(page.get_by_test_id("level-words")).to_contain_text("1 unfolded" if moves else "2 unfolded")
        expect(page.locator(".canvas .shifting")).to_have_count(0)
        assert (page.evaluate("() => window.glides") > 0) is moves


def test_paper_holds_the_picture_and_the_table(page: Page, origin: str, shots: Path) -> None:
    open_sample(page, origin, "shop")
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_test_id("edges-table")).to_be_visible()
    expect(page.get_by_test_id("panel")).to_be_hidden()
    frame = page.locator(".canvas").bounding_box()
    assert frame
    inside = page.evaluate(
        """() => { const frame = document.querySelector('.canvas').getBoundingClientRect();
          return [...document.querySelectorAll('.canvas [data-node]')].every((e) => {
            const box = e.getBoundingClientRect();
            return box.left >= frame.left && box.right <= frame.right && box.bottom <= frame.bottom; }); }"""
    )
    assert inside
    strokes = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('.canvas .edge > .s-allowed')]
          .map((e) => getComputedStyle(e).stroke))]"""
    )
    assert strokes == ["rgb(0, 0, 0)"]
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.get_by_test_id("panel")).to_be_visible()


def test_a_phone_has_the_picture_on_demand(browser: Browser, origin: str, shots: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_sample(page, origin)
    expect(page.locator(".canvas")).to_be_hidden()
    expect(page.get_by_test_id("edges-table")).to_be_visible()
    page.get_by_test_id("show-picture").tap()
    expect(page.locator(card(page, DATABASE))).to_be_in_viewport()
    page.screenshot(path=shots / "picture-390.png", full_page=True)
    context.close()


def test_twice_as_large_loses_nothing(page: Page, origin: str) -> None:
    """200 % zoom of a window 1280 wide: half the pixels."""
    page.set_viewport_size({"width": 640, "height": 400})
    open_sample(page, origin)
    for name in ("question-from", "question-to", "question-why", "view-table", "export-menu", "show-picture"):
        control = page.get_by_test_id(name)
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport()
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_targets_are_large_enough(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(drawn(page, FRONTEND, DATABASE)).first.click(force=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, input, a.button, a.icon-button')]
          .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden'))
          .map((e) => [e.dataset.testid ?? e.textContent, e.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
          .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    )
    assert small == []


def test_a_bar_in_the_reasons_is_a_cross(page: Page, origin: str) -> None:
    paste(page, origin, make_deployments(Shape(6, 3, 4)))
    path = page.locator("#icon-bar path").get_attribute("d") or ""
    assert path.count("l") == 2, "two strokes that cross"
    assert "h" not in path.lower().replace("path", ""), "and no level one: it would read as a plus"
