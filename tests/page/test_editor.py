"""What-if: the policies edited in the browser, and what that opens and cuts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.test_look import TOO_WIDE, expect_accessible
from tests.page.workspaces import BACKEND, DATABASE, FRONTEND, drawn, open_sample, paste, row, wait_until_drawn
from webapp.resources import static_folder

pytestmark = pytest.mark.page

TEXT = """() => {
  const content = document.querySelector('[data-testid="editor"]').shadowRoot.querySelector('.cm-content');
  return content.cmTile.view.state.sliceDoc();
}"""
SELECTION = """() => {
  const content = document.querySelector('[data-testid="editor"]').shadowRoot.querySelector('.cm-content');
  const { state } = content.cmTile.view;
  const { from, to } = state.selection.main;
  return [state.doc.lineAt(from).number, state.sliceDoc(from, to)];
}"""
WRITE = """(text) => {
  const content = document.querySelector('[data-testid="editor"]').shadowRoot.querySelector('.cm-content');
  const { view } = content.cmTile;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}"""
IN_EDITOR = "() => Boolean(document.activeElement.shadowRoot?.activeElement?.classList.contains('cm-content'))"
EGRESS = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: frontend-to-database, namespace: production}
spec:
  podSelector: {matchLabels: {app: frontend}}
  policyTypes: [Egress]
  egress:
  - to:
    - podSelector: {matchLabels: {app: database}}
    ports: [{port: 5432}]
"""
INGRESS = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database-from-frontend, namespace: production}
spec:
  podSelector: {matchLabels: {app: database}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: frontend}}
    ports: [{port: 5432}]
"""


def open_editor(page: Page) -> Locator:
    """By the tab of the drawer, as a visitor opens it."""
    page.get_by_test_id("editor-tab").click()
    text = page.get_by_test_id("editor-text")
    expect(text).to_be_visible()
    return text


def text_of(page: Page) -> str:
    return str(page.evaluate(TEXT))


def write(page: Page, text: str) -> None:
    """As if it were typed or pasted over everything."""
    page.evaluate(WRITE, text)


def policies(page: Page, origin: str, draft: str = "") -> str:
    """The text of the one file of policies, from the server."""
    files = f"{origin}/api/v1/workspaces/{page.url.split('/w/')[1].split('#')[0]}/files"
    answer: Any = page.request.get(f"{files}?draft={draft}" if draft else files).json()
    return str(answer["files"][0]["text"])


def draft_of(page: Page) -> str:
    found = re.search("draft=([0-9a-f]+)", page.url)
    return found[1] if found else ""


def ask(page: Page, source: str, destination: str, port: str) -> None:
    for name, value in (("from", source), ("to", destination), ("port", port)):
        page.get_by_test_id(f"question-{name}").fill(value)
        page.keyboard.press("Enter")


def test_a_line_of_the_reasons_is_selected_in_its_document(page: Page, origin: str) -> None:
    """Check 2."""
    open_sample(page, origin)
    ask(page, "frontend", "database", "5432")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    open_editor(page)
    for end in ("egress", "ingress"):
        card = page.get_by_test_id(f"why-{end}")
        link = card.get_by_test_id("line-link").filter(visible=True).first
        line = int(re.findall(r"\d+", str(link.inner_text()))[-1])
        link.click()
        page.wait_for_function(f"(line) => ({SELECTION})()[0] === line", arg=line)
        above = text_of(page).split("\n")[: line - 1]
        name = re.search("name: (.*)", text_of(page).split("---\n")[above.count("---")])
        assert name
        assert name[1] in card.inner_text()
        assert page.evaluate(IN_EDITOR)
    assert page.get_by_test_id("yaml").is_hidden()


def test_the_lines_that_the_verdict_rests_on_are_marked(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, "frontend", "backend-api", "8080")
    open_editor(page)
    links = page.get_by_test_id("editor-used").get_by_role("button")
    expect(links).to_have_count(2)
    number = int(str(links.first.inner_text()).removeprefix("line "))
    links.first.click()
    assert page.evaluate(SELECTION)[0] == number
    expect(page.get_by_test_id("used-mark").first).to_be_visible()


def test_a_line_shows_what_it_decides(page: Page, origin: str) -> None:
    open_sample(page, origin)
    text = open_editor(page)
    lines = text_of(page).split("\n")
    rule = next(
        i for i, line in enumerate(lines) if line == "  ingress:" and "allow-frontend-to-api" in "".join(lines[:i])
    )
    text.click()
    page.keyboard.press("Control+Home")
    for _ in range(rule + 2):
        page.keyboard.press("ArrowDown")
    page.get_by_test_id("editor-decides").click()
    expect(page.get_by_test_id("editor-told")).to_contain_text("ingress rule 1 of allow-frontend-to-api decides 1 pair")
    expect(page).to_have_url(re.compile("policy=NetworkPolicy/production/allow-frontend-to-api"))
    lit = page.locator(".canvas .edge.chosen")
    expect(lit).to_have_count(1)
    expect(lit).to_have_attribute("data-edge", f"{FRONTEND}>{BACKEND}")
    text.click()
    expect(page.get_by_test_id("editor-told")).to_be_empty()


def test_one_door_opened_is_not_enough(page: Page, origin: str) -> None:
    """Check 3."""
    open_sample(page, origin)
    ask(page, "frontend", "database", "5432")
    expect(page.get_by_test_id("verdict-chip")).to_have_text("BLOCKED at both ends")
    open_editor(page)
    loaded = text_of(page)
    write(page, loaded + EGRESS)
    expect(page.get_by_test_id("verdict-chip")).to_have_text("BLOCKED at destination")
    line = page.locator(drawn(page, FRONTEND, DATABASE)).first
    expect(line).to_have_attribute("data-blocked-at", "target")
    expect(page.get_by_test_id("draft-counts")).to_have_text("exactly the same traffic")
    write(page, loaded + EGRESS + INGRESS)
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^ALLOWED"))
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    expect(page.locator(drawn(page, FRONTEND, DATABASE)).first).to_have_attribute("data-changed", "opened")
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-changed", "opened")
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_contain_text("+ opened")
    assert page.locator(f"{drawn(page, FRONTEND, DATABASE)} .change-sign text").first.text_content() == "+"


def test_without_the_default_deny_nothing_changes(page: Page, origin: str) -> None:
    """Check 3: the allow policies still isolate."""
    open_sample(page, origin)
    open_editor(page)
    documents = text_of(page).split("---\n")
    write(page, "---\n".join(text for text in documents if "name: deny-all" not in text))
    expect(page.get_by_test_id("draft-bar")).to_be_visible()
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-verdict", "blocked")


def test_undo_brings_every_byte_back(page: Page, origin: str) -> None:
    """Check 5, for what is typed and for what is proposed."""
    open_sample(page, origin)
    text = open_editor(page)
    loaded = policies(page, origin)
    assert text_of(page) == loaded
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("# one\n", delay=5)
    expect(page).to_have_url(re.compile("draft="))
    write(page, loaded + EGRESS + INGRESS)
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    assert policies(page, origin, draft_of(page)) == loaded + EGRESS + INGRESS
    page.get_by_test_id("draft-undo").click()
    expect(page.get_by_test_id("draft-counts")).to_have_text("exactly the same traffic")
    page.get_by_test_id("draft-undo").click()
    expect(page).not_to_have_url(re.compile("draft="))
    assert text_of(page) == loaded
    expect(page.locator("[data-changed]")).to_have_count(0)
    page.get_by_test_id("draft-redo").click()
    page.get_by_test_id("draft-redo").click()
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    page.get_by_test_id("draft-reset").click()
    expect(page).not_to_have_url(re.compile("draft="))
    assert text_of(page) == loaded == policies(page, origin)


def test_a_bad_port_opens_nothing(page: Page, origin: str) -> None:
    """Check 7."""
    open_sample(page, origin)
    open_editor(page)
    loaded = text_of(page)
    number = next(i for i, line in enumerate(loaded.split("\n"), 1) if "port: 5432" in line and i > 90)
    lines = loaded.split("\n")
    lines[number - 1] = lines[number - 1].replace("5432", "8000-8100")
    write(page, "\n".join(lines))
    expect(page.get_by_test_id("draft-counts")).to_contain_text("became unknown")
    expect(page.locator(row(page, BACKEND, DATABASE))).to_have_attribute("data-verdict", "unknown")
    expect(page.locator(row(page, BACKEND, DATABASE))).to_have_attribute("data-changed", "changed")
    expect(page.get_by_test_id("editor-state")).to_have_text("1 problem")
    page.get_by_test_id("editor-state").click()
    assert page.evaluate(SELECTION)[0] == number
    expect(page.locator(".cm-lintRange-error").first).to_have_text("8000-8100")
    expect(page.get_by_test_id("unknowns-count")).not_to_have_text("0")
    page.get_by_test_id("problems-tab").click()
    problem = page.get_by_test_id("problem")
    expect(problem).to_have_count(1)
    expect(problem).to_contain_text("endPort")
    page.get_by_test_id("unknowns-tab").click()
    expect(page.get_by_test_id("drawer-unknowns")).to_contain_text("policy set aside")
    page.get_by_test_id("editor-tab").click()
    page.get_by_test_id("editor-text").press("Control+Shift+M")
    page.locator(".cm-diagnosticAction", has_text="endPort").click()
    expect(page.get_by_test_id("editor-state")).to_be_hidden()
    assert re.search(r"port: 8000\s+endPort: 8100", text_of(page))
    expect(page.get_by_test_id("draft-counts")).not_to_contain_text("unknown")


def test_while_the_text_is_broken_the_picture_stays(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page)
    loaded = text_of(page)
    write(page, loaded + EGRESS + INGRESS)
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-changed", "opened")
    good = draft_of(page)
    write(page, loaded + EGRESS + INGRESS + "\t- broken: [")
    expect(page.get_by_test_id("draft-stale")).to_contain_text("Stale since the edit")
    assert draft_of(page) == good
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-changed", "opened")
    page.get_by_test_id("stale-line").click()
    assert page.evaluate(SELECTION)[0] == (loaded + EGRESS + INGRESS).count("\n") + 1
    page.get_by_test_id("draft-undo").click()
    expect(page.get_by_test_id("draft-stale")).to_have_count(0)
    assert text_of(page) == loaded + EGRESS + INGRESS


def test_back_forward_and_reload_keep_the_draft(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page)
    loaded = text_of(page)
    write(page, loaded + EGRESS + INGRESS)
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    page.go_back()
    expect(page.get_by_test_id("draft-counts")).to_have_text("nothing is edited")
    assert text_of(page) == loaded
    page.go_forward()
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    expect(page.get_by_test_id("editor-text")).to_be_visible()
    page.wait_for_function(f"() => ({TEXT})().endsWith('5432}}]\\n')")
    page.get_by_test_id("draft-undo").click()
    expect(page).not_to_have_url(re.compile("draft="))
    assert text_of(page) == loaded


def test_the_list_of_changes_selects_a_pair(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page)
    documents = text_of(page).split("---\n")
    write(page, "---\n".join(text for text in documents if "name: allow-api-to-database" not in text))
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 cut")
    page.get_by_test_id("draft-list-toggle").click()
    found = page.get_by_test_id("draft-row")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("TCP 5432 → no port")
    found.click()
    expect(page.get_by_test_id("why-headline")).to_have_text(re.compile("^Blocked"))
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("draft-list")).to_have_count(0)
    expect(page.get_by_test_id("draft-list-toggle")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("draft-list")).to_be_visible()
    page.get_by_test_id("editor-text").click()
    expect(page.get_by_test_id("draft-list")).to_have_count(0)
    assert page.evaluate(IN_EDITOR), "a click elsewhere closes the list and keeps the focus that it gave"
    expect(page.locator(f"{drawn(page, BACKEND, DATABASE)}").first).to_have_attribute("data-changed", "cut")


def test_policies_that_are_switched_off_count_too(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.goto(f"{page.url}#without=NetworkPolicy/production/allow-api-to-database")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 cut")
    expect(page.get_by_test_id("draft-undo")).to_be_disabled()
    page.get_by_test_id("draft-reset").click()
    expect(page.get_by_test_id("draft-bar")).to_be_hidden()
    expect(page.locator(row(page, BACKEND, DATABASE))).to_have_attribute("data-verdict", "partial")


def test_what_is_cut_is_drawn_in_larger_pictures_too(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    page.goto(f"{page.url}#without=NetworkPolicy/payments/payment-service")
    page.reload()
    wait_until_drawn(page)
    pair = "shop/Deployment/checkout", "payments/Deployment/payment-service"
    expect(page.locator(drawn(page, *pair)).first).to_have_attribute("data-changed", "cut")
    expect(page.locator(row(page, *pair))).to_have_attribute("data-changed", "cut")
    expect(page.locator(row(page, *pair))).to_have_attribute("data-verdict", "blocked")
    marked = page.locator('.canvas .edge[data-changed="cut"]').count()
    signs = page.locator('.canvas .edge[data-changed="cut"] .change-sign').all_text_contents()
    assert marked >= 2
    assert signs == ["cut−"] * marked


def test_a_new_file_by_keyboard_with_completion(page: Page, origin: str) -> None:
    """From the picture to a policy, with the keyboard alone; Tab leaves the editor."""
    open_sample(page, origin)
    page.locator(f'.canvas [data-node="{FRONTEND}"]').first.focus()
    page.keyboard.press("e")
    expect(page.get_by_test_id("editor-text")).to_be_visible()
    page.wait_for_function(IN_EDITOR)
    page.keyboard.press("Shift+Tab")
    for _ in range(6):
        if page.evaluate("() => document.activeElement.dataset.testid") == "editor-file":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.get_by_test_id("editor-new-name").fill("extra.yaml")
    page.keyboard.press("Enter")
    page.wait_for_function(IN_EDITOR)
    assert text_of(page) == ""
    page.keyboard.press("Control+Space")
    option = page.locator(".cm-tooltip-autocomplete li")
    expect(option.first).to_be_visible()
    page.keyboard.type("New Net", delay=20)
    expect(option.first).to_have_text(re.compile("New NetworkPolicy"))
    page.wait_for_timeout(120)  # a choice is taken only some time after the list has opened
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => ({TEXT})().includes('kind: NetworkPolicy')")
    page.keyboard.type("mine", delay=20)
    expect(page.get_by_test_id("draft-bar")).to_be_visible()
    assert "  name: mine\n" in text_of(page)
    expect(page.get_by_test_id("editor-hint")).to_contain_text("metadata.name")
    page.keyboard.press("Tab")
    assert not page.evaluate(IN_EDITOR), "Tab leaves the editor"
    expect(page.get_by_test_id("editor-file")).to_have_value("extra.yaml")


def test_completion_knows_the_labels_of_the_workloads(page: Page, origin: str) -> None:
    open_sample(page, origin)
    text = open_editor(page)
    write(page, "kind: NetworkPolicy\nmetadata:\n  name: x\nspec:\n  podSelector:\n    matchLabels:\n      app:")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" ", delay=20)
    options = page.locator(".cm-tooltip-autocomplete li")
    expect(options).to_have_count(5)
    expect(options.first).to_contain_text("backend-api")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)


def test_hover_tells_what_a_field_means(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page)
    page.locator(".cm-line", has_text="podSelector:").first.locator("span", has_text="podSelector").first.hover()
    help_text = page.get_by_test_id("field-help")
    expect(help_text).to_contain_text("The pods that the policy applies to")
    expect(help_text).to_contain_text("{} All pods of the namespace")


def test_downloads(page: Page, origin: str, tmp_path: Path) -> None:
    open_sample(page, origin)
    open_editor(page)
    loaded = text_of(page)
    write(page, loaded + EGRESS)
    expect(page.get_by_test_id("draft-counts")).to_have_text("exactly the same traffic")
    with page.expect_download() as started:
        page.get_by_test_id("draft-download").click()
    assert started.value.suggested_filename == "policies.yaml"
    started.value.save_as(tmp_path / "one.yaml")
    assert (tmp_path / "one.yaml").read_text() == loaded + EGRESS


def test_the_editor_can_be_made_higher(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page)
    editor, edge = page.get_by_test_id("drawer-editor"), page.get_by_test_id("editor-edge")
    before = editor.bounding_box()
    edge.focus()
    page.keyboard.press("ArrowUp")
    after = editor.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"] + 30


def test_a_draft_that_the_server_forgot_is_given_again(page: Page, origin: str, complaints: list[str]) -> None:
    open_sample(page, origin)
    open_editor(page)
    loaded = text_of(page)
    for number in range(20):  # more than the server keeps
        before = draft_of(page)
        write(page, f"{loaded}# {number}\n{EGRESS if number else EGRESS + INGRESS}")
        page.wait_for_function(
            "(before) => /draft=/.test(location.hash) && !location.hash.includes(`draft=${before}&`)",
            arg=before or "none",
        )
    for _ in range(19):
        page.get_by_test_id("draft-undo").click()
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-changed", "opened")
    complaints[:] = [text for text in complaints if "404" not in text]


def test_hostile_text_stays_text(page: Page, origin: str) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    paste(
        page,
        origin,
        f"""apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web, namespace: default}}
spec: {{podSelector: {{matchLabels: {{app: "{hostile}"}}}}, ingress: [{{ports: [{{port: "{hostile}"}}]}}]}}
""",
    )
    open_editor(page)
    assert hostile in text_of(page)
    expect(page.get_by_test_id("editor-state")).to_contain_text("problem")
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_with_the_editor_open(page: Page, origin: str, theme: Literal["light", "dark"], shots: Path) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for width, height in ((1280, 800), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        open_sample(page, origin)
        ask(page, "frontend", "database", "5432")
        open_editor(page)
        write(page, text_of(page).replace("8080", "eighty-eighty-is-a-name") + EGRESS + INGRESS)
        expect(page.get_by_test_id("draft-counts")).to_contain_text("opened")
        page.get_by_test_id("draft-list-toggle").click()
        expect(page.get_by_test_id("draft-list")).to_be_visible()
        expect_accessible(page)
        page.keyboard.press("Escape")
        page.screenshot(path=shots / f"editor-{width}-{theme}.png")
        write(page, text_of(page) + "\t- [")
        expect(page.get_by_test_id("draft-stale")).to_be_visible()
        expect_accessible(page)
        page.screenshot(path=shots / f"editor-stale-{width}-{theme}.png")


def test_nothing_pulses_where_motion_is_not_wanted(page: Page, origin: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_sample(page, origin)
    open_editor(page)
    write(page, text_of(page) + EGRESS + INGRESS)
    halo = page.locator(f"{drawn(page, FRONTEND, DATABASE)} .change-halo").first
    expect(halo).to_be_attached()
    assert halo.evaluate("element => getComputedStyle(element).animationName") == "none"


def test_a_small_screen_has_the_editor_in_full_width(page: Page, origin: str, shots: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_sample(page, origin)
    open_editor(page)
    box = page.get_by_test_id("editor").bounding_box()
    assert box
    assert box["width"] >= 380
    write(page, text_of(page) + EGRESS + INGRESS)
    expect(page.get_by_test_id("draft-counts")).to_have_text("1 opened")
    assert page.evaluate(TOO_WIDE) <= 0
    page.screenshot(path=shots / "editor-390.png", full_page=True)


def test_the_editor_is_loaded_when_it_is_opened(page: Page, origin: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_sample(page, origin)
    assert not [url for url in asked if "pane" in url]
    open_editor(page)
    loaded = [url for url in asked if "pane" in url]
    assert len(loaded) == 1
    size = len(
        gzip.compress((static_folder() / "dist/chunks" / loaded[0].rsplit("/", 1)[1].split("?")[0]).read_bytes())
    )
    assert size < 170_000


@pytest.mark.parametrize("way", ["type", "insert_text"])
def test_a_selection_is_typed_over_without_a_report_of_the_policy(page: Page, origin: str, way: str) -> None:
    """The browser would keep the colours of what was selected, in styled elements; see the page fixture for reports."""
    open_sample(page, origin)
    open_editor(page).click()
    loaded = text_of(page)
    page.keyboard.press("Control+A")
    getattr(page.keyboard, way)("hello")
    page.wait_for_function(f"() => ({TEXT})() === 'hello'")
    page.keyboard.press("Control+Z")
    page.wait_for_function(f"(loaded) => ({TEXT})() === loaded", arg=loaded)


def test_a_quote_typed_over_a_selection_encloses_it(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page).click()
    write(page, "kind: Pod")
    page.keyboard.press("Control+A")
    page.keyboard.type('"')
    page.wait_for_function(f"""() => ({TEXT})() === '"kind: Pod"'""")
    assert page.evaluate(SELECTION) == [1, "kind: Pod"]
