"""Larger inputs and inputs that change: folded namespaces, pages of the table, files that are watched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.page.workspaces import open_sample, paste, wait_until_drawn

pytestmark = pytest.mark.page


def many_pods(namespaces: int, each: int) -> str:
    """Pods without policies."""
    names = ((f"team-{n}", f"pod-{p}") for n in range(namespaces) for p in range(each))
    return "\n---\n".join(
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: {pod}, namespace: {namespace}, labels: {{app: {pod}}}}}}}"
        for namespace, pod in names
    )


def test_folded_namespaces_unfold_and_fold(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(4, 40))
    card = page.locator('.canvas [data-node="team-2/*"]').first
    card.focus()
    page.keyboard.press("]")
    pod = page.locator('.canvas [data-node="team-2/Pod/pod-7"]').first
    expect(pod).to_be_attached()
    expect(page).to_have_url(re.compile("expand=team-2"))
    expect(page.locator('.canvas [data-node="team-1/*"]').first).to_be_attached()
    pod.focus()
    page.keyboard.press("[")
    expect(card).to_be_attached()
    expect(pod).not_to_be_attached()


def test_a_long_table_has_pages(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(1, 45))
    page.get_by_test_id("view-table").click()
    rows = page.locator('[data-testid="edges-table"] tbody tr')
    expect(rows).to_have_count(1500)
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(rows).not_to_have_count(1500)


def test_files_that_change_are_shown_again(page: Page, origin: str) -> None:
    generation = 0

    def watch(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('data-watch="false"', 'data-watch="true"'))

    def grow(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "generation": generation})

    page.route("**/w/*", watch)
    page.route("**/summary*", grow)
    open_sample(page, origin)
    wait_until_drawn(page)
    with page.expect_request("**/scene*"):
        generation = 1
    expect(page.get_by_test_id("live")).to_contain_text("The files have changed")
