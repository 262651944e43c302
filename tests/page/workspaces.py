"""What the tests of the page do again and again."""

from __future__ import annotations

from playwright.sync_api import Page, expect

READY = "() => document.documentElement.dataset.ready === 'true'"
FRONTEND, BACKEND = "production/Deployment/frontend", "production/Deployment/backend-api"
DATABASE, PAYMENT = "production/StatefulSet/database", "production/Deployment/payment-service"


def wait_until_drawn(page: Page) -> None:
    """Until the first diagram stands."""
    page.wait_for_function(READY)


def open_sample(page: Page, origin: str, name: str = "production") -> None:
    """From the start page into a sample's workspace, as a visitor goes."""
    page.goto(origin)
    page.get_by_test_id(f"sample-{name}").click()
    page.wait_for_url("**/w/*")
    wait_until_drawn(page)


def paste(page: Page, origin: str, text: str) -> None:
    """Open pasted manifests."""
    page.goto(origin)
    page.get_by_test_id("paste-text").fill(text)
    page.get_by_test_id("paste-open").click()
    page.wait_for_url("**/w/*")
    wait_until_drawn(page)


def drawn(page: Page, source: str, destination: str) -> str:
    """A selector of the line of a pair in the picture."""
    return f'.canvas [data-edge="{source}>{destination}"]'


def row(page: Page, source: str, destination: str) -> str:
    """A selector of a pair's row in the accessible twin."""
    return f'[data-testid="twin"] [data-edge="{source}>{destination}"]'


def expect_line_marked(page: Page) -> None:
    """The YAML is open, a line is marked and in view."""
    marked = page.locator('[data-testid="yaml"] .yaml-line.marked')
    expect(marked).to_have_count(1)
    expect(marked).to_be_in_viewport()
