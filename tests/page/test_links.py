"""Acceptance checks 6 and 9: an error has its place, and a link restores what was seen, wherever it is opened."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.page.workspaces import DATABASE, FRONTEND, open_sample, paste, wait_until_drawn

THREE = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: first, namespace: shop}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: second, namespace: shop}
\tspec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: third, namespace: shop}
spec: {podSelector: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
"""


def test_an_error_has_one_place_and_spoils_nothing_else(page: Page, origin: str) -> None:
    """Acceptance check 6."""
    paste(page, origin, THREE)
    page.get_by_test_id("problems-tab").click()
    errors = page.locator('[data-testid="drawer-problems"] .problem.error')
    expect(errors).to_have_count(1)
    expect(errors).to_contain_text("document 2")
    expect(errors).to_contain_text("9:1")
    expect(errors).to_contain_text("tab")
    page.get_by_test_id("rail-toggle").click()
    rail = page.get_by_test_id("rail")
    for name in ("first", "third"):
        expect(rail.get_by_text(name, exact=True)).to_be_visible()
    expect(rail.get_by_text("second", exact=True)).to_have_count(0)
    assert page.locator('[data-node*="parse-error"]').count() == 0


def test_a_link_restores_selection_scope_view_and_verdict(page: Page, origin: str, browser: Browser) -> None:
    """Acceptance check 9, as far as links hold no manifests: whoever may see the workspace sees the same."""
    open_sample(page, origin)
    page.get_by_test_id("filter-input").fill("ns:production")
    page.keyboard.press("Enter")
    page.wait_for_url("**filter=**")
    page.goto(f"{page.url}&from={FRONTEND}&to={DATABASE}&port=5432&view=matrix&hide=dns")
    page.reload()
    wait_until_drawn(page)
    chip = page.get_by_test_id("verdict-chip")
    expect(chip).to_contain_text("BLOCKED")
    seen = chip.inner_text()
    fresh = browser.new_context()
    try:
        other = fresh.new_page()
        asked: list[str] = []
        other.on("request", lambda request: asked.append(request.url))
        other.goto(page.url)
        wait_until_drawn(other)
        expect(other.get_by_test_id("verdict-chip")).to_have_text(seen)
        expect(other.get_by_test_id("view-matrix")).to_have_attribute("aria-checked", "true")
        expect(other.get_by_test_id("filter-input")).to_have_value("ns:production")
        expect(other.get_by_test_id("question-from")).to_have_value("frontend")
        assert all(address.startswith((origin, "data:", "blob:")) for address in asked)
        with other.expect_response(lambda response: "/why?" in response.url) as answer:
            other.reload()
        assert (
            "connect-src 'self'" in (other.request.get(page.url.partition("#")[0]).headers["content-security-policy"])
        )
        assert answer.value.json()["verdict"] == "blocked"
    finally:
        fresh.close()
