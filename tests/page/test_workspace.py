"""The workspace in a browser: the picture, its twin, the reasons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.workspaces import (
    BACKEND,
    DATABASE,
    FRONTEND,
    PAYMENT,
    drawn,
    expect_line_marked,
    open_sample,
    paste,
    row,
    wait_until_drawn,
)

pytestmark = pytest.mark.page


def test_blocked_paths_are_there_from_the_start(page: Page, origin: str) -> None:
    open_sample(page, origin)
    for source, destination in ((FRONTEND, DATABASE), (FRONTEND, PAYMENT), (BACKEND, "internet")):
        expect(page.locator(drawn(page, source, destination)).first).to_have_attribute("data-verdict", "blocked")
        expect(page.locator(row(page, source, destination))).to_have_attribute("data-verdict", "blocked")
    expect(page.locator(row(page, FRONTEND, BACKEND))).to_have_attribute("data-verdict", "partial")


def test_a_click_on_a_path_tells_both_sides_and_the_line(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(f"{drawn(page, FRONTEND, DATABASE)} .hit").first.dispatch_event("click")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    expect(page.get_by_test_id("why-egress")).to_contain_text("frontend")
    expect(page.get_by_test_id("why-ingress")).to_contain_text("database")
    expect(page.get_by_test_id("live")).to_contain_text("frontend to database")
    expect_line_marked(page)
    page.get_by_test_id("why-ingress").get_by_test_id("line-link").first.click()
    expect_line_marked(page)


def test_the_keyboard_alone_does_the_same(page: Page, origin: str) -> None:
    page.goto(origin)
    page.get_by_test_id("sample-production").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/*")
    page.wait_for_function("() => document.documentElement.dataset.ready === 'true'")
    presses = 0
    while presses < 30:
        presses += 1
        page.keyboard.press("Tab")
        if page.evaluate("() => Boolean(document.activeElement.closest('.canvas-svg'))"):
            break
    assert presses <= 24, "the canvas is one tab stop, and near; a link leads there at once"
    for _ in range(10):
        page.keyboard.press("n")
        if page.evaluate("() => document.activeElement.dataset.edge") == f"{FRONTEND}>{DATABASE}":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("why-headline")).to_have_text(re.compile("^Blocked"))
    page.keyboard.press("w")
    expect(page.get_by_test_id("why-headline")).to_be_focused()
    expect_line_marked(page)


def test_the_arrows_walk_along_paths(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(f'.canvas [data-node="{FRONTEND}"]').first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.classList.contains('edge')")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.hasAttribute('data-node')")
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("keys")).to_be_hidden()


def test_a_question_is_answered(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.keyboard.press("/")
    page.keyboard.type("front")
    page.keyboard.press("Enter")
    page.get_by_test_id("question-to").fill("backend")
    page.keyboard.press("Enter")
    page.get_by_test_id("question-port").fill("8080")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^ALLOWED"))
    page.get_by_test_id("question-port").fill("9999")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^BLOCKED"))
    expect(page).to_have_url(re.compile("from=production/Deployment/frontend.*port=9999"))
    page.go_back()
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^ALLOWED"))


def test_an_unknown_name_is_refused_with_words(page: Page, origin: str, complaints: list[str]) -> None:
    open_sample(page, origin)
    page.get_by_test_id("question-from").fill("nobody-here")
    page.keyboard.press("Tab")
    page.get_by_test_id("question-to").fill("frontend")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("refusal")).to_contain_text("nobody-here")
    complaints[:] = [text for text in complaints if "status of 4" not in text]


def test_the_switch_shows_none_and_all(page: Page, origin: str) -> None:
    open_sample(page, origin)
    blocked = page.locator('.canvas [data-verdict="blocked"]')
    page.get_by_test_id("blocked-none").click()
    expect(blocked).to_have_count(0)
    page.get_by_test_id("blocked-all").click()
    expect(blocked).not_to_have_count(0)
    assert blocked.count() >= 3


def test_every_element_of_a_pair_has_the_same_verdict(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    page.get_by_test_id("blocked-all").click()
    page.wait_for_timeout(500)
    verdicts = page.evaluate(
        "() => [...document.querySelectorAll('[data-edge]')].map(e => [e.dataset.edge, e.dataset.verdict])"
    )
    rows = dict(verdicts)
    assert len(verdicts) > 20
    assert all(rows[name] == verdict for name, verdict in verdicts)


def test_a_workload_tells_who_reaches_it(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(f'.canvas [data-node="{BACKEND}"]').first.click()
    expect(page.get_by_test_id("details-name")).to_have_text("backend-api")
    expect(page.get_by_test_id("peers-in")).to_contain_text("frontend")
    expect(page.get_by_test_id("peers-out")).to_contain_text("database")


def test_the_table_is_the_picture_in_words(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("view-table").click()
    expect(page.get_by_test_id("edges-table")).to_be_visible()
    page.get_by_test_id("table-filter").fill("frontend database")
    expect(page.locator('[data-testid="edges-table"] tbody tr')).not_to_have_count(0)
    page.locator(row(page, FRONTEND, DATABASE)).click()
    expect(page.get_by_test_id("why-headline")).to_have_text(re.compile("^Blocked"))
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("aria-current", "true")


def test_hostile_labels_stay_text(page: Page, origin: str) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    manifests = f"""
apiVersion: v1
kind: Pod
metadata: {{name: odd, namespace: shop, labels: {{app: "{hostile}"}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: "{hostile}", namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: ["{hostile}"]}}
"""
    paste(page, origin, manifests)
    page.locator('.canvas [data-node="shop/Pod/odd"]').first.click()
    expect(page.get_by_test_id("panel-body")).to_contain_text(hostile)
    page.get_by_test_id("problems-tab").click()
    expect(page.get_by_test_id("drawer-problems")).to_contain_text("onerror")
    assert page.locator("img").count() == 0


def test_problems_name_their_place(page: Page, origin: str) -> None:
    manifests = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: odd, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - ports:
    - port: 70000
"""
    paste(page, origin, manifests)
    page.get_by_test_id("problems-tab").click()
    problem = page.get_by_test_id("problem").filter(has_text="70000")
    expect(problem).to_contain_text("document 2")
    problem.get_by_test_id("line-link").click()
    expect_line_marked(page)


def test_switches_are_shown_with_the_answer(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("unknowns-tab").click()
    page.get_by_test_id("switch-host_network").select_option("pod")
    expect(page.get_by_test_id("assumed")).to_contain_text("host network pod")
    expect(page).to_have_url(re.compile("host_network=pod"))
    page.get_by_test_id("switches-reset").click()
    expect(page.get_by_test_id("assumed")).to_be_hidden()


def test_a_bad_range_is_told_at_its_field(page: Page, origin: str, complaints: list[str]) -> None:
    open_sample(page, origin)
    page.get_by_test_id("unknowns-tab").click()
    field = page.get_by_test_id("switch-pod_cidr")
    before = field.input_value()
    field.fill("10.244.0.0/99")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_have_text(
        re.compile('"10.244.0.0/99" is not a range of addresses.*10.244.0.0/16')
    )
    expect(page.get_by_test_id("panel-body")).not_to_contain_text("--pod-cidr")
    expect(page.get_by_test_id("banner")).to_be_hidden()
    assert "pod_cidr" not in page.url
    field.fill("10.9.0.0/16")
    field.press("Tab")
    expect(page).to_have_url(re.compile("pod_cidr=10.9.0.0/16"))
    expect(page.get_by_test_id("switch-pod_cidr")).to_have_value("10.9.0.0/16")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert before != "10.9.0.0/16"
    complaints[:] = [text for text in complaints if "status of 422" not in text]


def test_the_reason_is_a_ladder_of_tiers(page: Page, origin: str) -> None:
    open_sample(page, origin, "tiers")
    page.goto(f"{page.url.split('#')[0]}#from=legacy/Deployment/batch&to=vault/StatefulSet/vault")
    page.reload()
    rungs = page.get_by_test_id("why-ingress").locator(".rung")
    expect(rungs.last).to_have_attribute("data-decides", "true")
    tiers = [rung.get_attribute("data-tier") for rung in rungs.all()]
    assert tiers[0] == "Admin"
    assert len(set(tiers)) == len(tiers)
    expect(rungs.last.get_by_test_id("line-link").first).to_be_visible()
    expect(rungs.last).to_contain_text("ClusterNetworkPolicy sensitive-data")


def test_what_cannot_be_called_open_is_marked(page: Page, origin: str) -> None:
    manifests = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: odd, namespace: shop}
spec: {podSelector: {}, ingres: []}
"""
    paste(page, origin, manifests)
    card = page.locator('.canvas [data-node="shop/Pod/web"]').first
    expect(card).to_have_class(re.compile("doubtful"))
    expect(card).not_to_have_class(re.compile("open"))
    expect(page.get_by_test_id("overview-doubtful")).to_contain_text("web")
    expect(page.locator('[data-testid="nodes-table"] [data-node="shop/Pod/web"]')).to_contain_text("unknown")
    card.click()
    expect(page.get_by_test_id("panel-body")).to_contain_text("unknown: a policy that is not understood may isolate it")


def test_zoom_and_fit(page: Page, origin: str) -> None:
    open_sample(page, origin)
    node = page.locator(f'.canvas [data-node="{FRONTEND}"]').first
    before = node.bounding_box()
    page.get_by_test_id("zoom-in").click()
    page.wait_for_timeout(300)
    larger = node.bounding_box()
    page.get_by_test_id("zoom-fit").click()
    page.wait_for_timeout(300)
    after = node.bounding_box()
    assert before is not None
    assert larger is not None
    assert after is not None
    assert larger["width"] > before["width"] * 1.1
    assert abs(after["width"] - before["width"]) < 1


def test_the_path_that_is_asked_about_is_drawn(page: Page, origin: str) -> None:
    """Also where the picture would leave it out, and however the question came."""
    open_sample(page, origin)
    expect(page.locator(drawn(page, PAYMENT, DATABASE))).to_have_count(0)
    page.goto(f"{page.url.partition('#')[0]}#from={PAYMENT}&to={DATABASE}&port=5432")
    line = page.locator(drawn(page, PAYMENT, DATABASE)).first
    expect(line).to_have_attribute("data-verdict", "blocked")
    page.reload()
    wait_until_drawn(page)
    expect(line).to_have_attribute("data-verdict", "blocked")
