"""The keyboard's focus when the control that has it goes away: it lands near, never on the body of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.test_editor import open_editor
from tests.page.test_fixes import ask
from tests.page.workspaces import DATABASE, FRONTEND, open_sample

pytestmark = pytest.mark.page

FOCUSED_IN = """(place) => {
  const { activeElement: element } = document;
  const visible = element.checkVisibility({ visibilityProperty: true });
  return visible && element !== document.body && element.closest(place) !== null;
}"""
SETTLED = """() => new Promise((done) => {
  let still = 0;
  let before = document.activeElement;
  const look = () => {
    still = document.activeElement === before ? still + 1 : 0;
    before = document.activeElement;
    if (still > 20) done(true); else requestAnimationFrame(look);
  };
  look();
})"""


def press(control: Locator) -> None:
    control.focus()
    control.press("Enter")


def expect_focus(page: Page, place: str) -> None:
    """In that place (a selector), visible, and there to stay."""
    page.wait_for_function(FOCUSED_IN, arg=place)
    page.evaluate(SETTLED)
    assert page.evaluate(FOCUSED_IN, place), page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")


def apply_first(page: Page) -> None:
    press(page.get_by_test_id("apply-fix").first)
    expect(page.get_by_test_id("draft-reset")).to_be_enabled()


def open_fix(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, FRONTEND, DATABASE, "&port=5432")
    press(page.get_by_test_id("allow-this"))
    expect(page.get_by_test_id("proposal").first).to_be_visible()


def test_allow_this_leads_to_the_heading_of_the_fixes(page: Page, origin: str) -> None:
    open_fix(page, origin)
    expect_focus(page, '[data-testid="fix-heading"]')


def test_apply_stays_in_the_panel(page: Page, origin: str) -> None:
    open_fix(page, origin)
    apply_first(page)
    expect(page.get_by_test_id("verdict-chip")).to_have_attribute("data-verdict", "allowed")
    expect_focus(page, '[data-testid="fix-heading"]')


def test_reset_which_takes_its_bar_away_leads_to_the_main_part(page: Page, origin: str) -> None:
    open_fix(page, origin)
    apply_first(page)
    press(page.get_by_test_id("draft-reset"))
    expect(page.get_by_test_id("draft-bar")).to_be_hidden()
    expect_focus(page, "#main")


def test_closing_the_drawer_leads_to_its_tabs(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("problems-tab").click()
    press(page.get_by_test_id("drawer-close"))
    expect(page.get_by_test_id("drawer-close")).to_be_hidden()
    expect_focus(page, '[data-testid="drawer-tabs"]')


def test_closing_the_yaml_leads_to_the_heading_of_the_panel(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, FRONTEND, DATABASE, "&port=5432")
    press(page.get_by_test_id("yaml-close"))
    expect(page.get_by_test_id("yaml")).to_be_hidden()
    expect_focus(page, '[data-testid="panel"] h2')


def test_deny_by_default_stays_in_the_panel(page: Page, origin: str) -> None:
    open_sample(page, origin, "production-open")
    press(page.get_by_test_id("empty-deny").get_by_test_id("deny-default"))
    expect(page.get_by_test_id("proposal")).to_be_visible()
    apply_first(page)
    expect(page.get_by_test_id("why-none")).to_contain_text("already")
    expect_focus(page, '[data-testid="fix-heading"]')


def test_the_generate_dialog_leads_back_to_where_it_was_opened(page: Page, origin: str) -> None:
    open_sample(page, origin)
    press(page.get_by_test_id("export-menu"))
    press(page.get_by_test_id("open-generate"))
    expect(page.get_by_test_id("generate-dialog").locator(".wish").first).to_be_visible()
    press(page.get_by_test_id("generate-write"))
    expect(page.get_by_test_id("generate-check")).to_be_visible()
    expect_focus(page, '[data-testid="generated"] h3')
    press(page.get_by_test_id("generate-dialog").get_by_test_id("apply-fix"))
    expect(page.get_by_test_id("generate-dialog")).to_be_hidden()
    expect_focus(page, ".topbar .menu")


def test_an_editor_that_goes_while_it_is_typed_in_leads_to_the_tabs_of_its_drawer(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_editor(page).click()
    expect_focus(page, '[data-testid="drawer-editor"]')
    page.evaluate("() => document.querySelector('[data-testid=\"drawer-close\"]').click()")
    expect(page.get_by_test_id("drawer-editor")).to_be_hidden()
    expect_focus(page, '[data-testid="drawer-tabs"]')


def test_a_click_on_empty_ground_moves_nothing(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("view-diagram").focus()
    page.get_by_test_id("workspace-name").click()
    page.evaluate(SETTLED)
    assert page.evaluate("() => document.activeElement === document.body")
    page.keyboard.press("Shift")
    assert page.evaluate("() => document.activeElement === document.body")
