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


def test_a_folded_namespace_is_selected_and_unfolded(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(4, 40))
    card = page.locator('.canvas [data-node="team-2/*"]').first
    expect(card).to_have_class(re.compile("open"))
    card.click()
    expect(page.get_by_test_id("details-name")).to_have_text("team-2")
    expect(page.get_by_test_id("panel-body")).to_contain_text("in: 4,800 of 4,800 · out: 4,800 of 4,800 pairs")
    expect(page.get_by_test_id("peers-out")).to_contain_text("1,600 of 1,600 pairs")
    page.get_by_test_id("details-unfold").click()
    expect(page.locator('.canvas [data-node="team-2/Pod/pod-7"]').first).to_be_attached()


def test_workloads_of_folded_namespaces_can_be_asked_about(page: Page, origin: str) -> None:
    paste(page, origin, many_pods(4, 40))
    page.get_by_test_id("question-from").fill("team-2/pod-39")
    expect(page.locator('#question-from-options [data-value="team-2/Pod/pod-39"]')).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_test_id("question-to").fill("team-3/pod-1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^ALLOWED"))
    expect(page.get_by_test_id("why-egress")).to_contain_text("pod-39")
    expect(page.locator('.canvas [data-node="team-2/*"]').first).to_have_class(re.compile("selected"))


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
