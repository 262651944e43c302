"""The list of policies, their cards, what speaks of a workload, and a policy that is switched off, in a browser."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.test_look import expect_accessible
from tests.page.workspaces import (
    BACKEND,
    DATABASE,
    FRONTEND,
    PAYMENT,
    drawn,
    expect_line_marked,
    open_sample,
    paste,
    wait_until_drawn,
)

pytestmark = pytest.mark.page

TO_API, DENY = "NetworkPolicy/production/allow-frontend-to-api", "NetworkPolicy/production/deny-all"


def open_list(page: Page) -> None:
    page.get_by_test_id("rail-toggle").click()
    expect(page.get_by_test_id("policy-filter")).to_be_focused()
    expect(page.locator(".policy-row").first).to_be_visible()


def entry(page: Page, identity: str) -> Locator:
    return page.locator(f'.policy-row[data-policy="{identity}"]')


def look_at(page: Page, identity: str) -> None:
    entry(page, identity).get_by_role("button").click()
    expect(page.get_by_test_id("policy-title")).to_have_text(identity.split("/")[-1])


def test_the_list_tells_what_each_policy_selects_and_changes(page: Page, origin: str) -> None:
    open_sample(page, origin)
    expect(page.get_by_test_id("rail")).to_be_hidden()
    open_list(page)
    expect(page.locator(".policy-row")).to_have_count(7)
    expect(entry(page, DENY)).to_contain_text("InOutselects 4changes 6")
    expect(page).to_have_url(re.compile("rail=policies"))
    page.get_by_test_id("policy-order-changes").click()
    expect(page.locator(".policy-row").first).to_have_attribute("data-policy", DENY)
    page.get_by_test_id("policy-filter").fill("frontend out")
    expect(page.locator(".policy-row")).to_have_count(1)
    expect(page.get_by_test_id("policy-count")).to_have_text("1 of 7 policies")
    page.get_by_test_id("rail-close").click()
    expect(page.get_by_test_id("rail")).to_be_hidden()
    expect(page.get_by_test_id("rail-toggle")).to_be_focused()


def test_a_card_tells_the_rules_and_the_picture_shows_what_they_decide(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_list(page)
    look_at(page, TO_API)
    card = page.get_by_test_id("policy-card")
    expect(card.get_by_test_id("policy-isolates")).to_contain_text("isolates whom it selects for ingress")
    expect(card.get_by_test_id("policy-changes")).to_contain_text("Without it 1 verdict would differ.")
    expect(card.get_by_test_id("policy-rule")).to_contain_text("Allows TCP 8080 from pods with app=frontend")
    expect(page.locator(f'.canvas [data-node="{BACKEND}"]').first).to_have_class(re.compile("framed"))
    expect(page.locator(f'.canvas [data-node="{DATABASE}"]').first).not_to_have_class(re.compile("framed|chosen"))
    expect(page.locator(drawn(page, FRONTEND, BACKEND))).to_have_class(re.compile("chosen"))
    expect(page.locator(drawn(page, BACKEND, DATABASE))).not_to_have_class(re.compile("chosen"))
    card.get_by_test_id("policy-rule").get_by_test_id("line-link").click()
    expect_line_marked(page)
    card.get_by_test_id("policy-changes").get_by_role("button", name="frontend").click()
    expect(page.get_by_test_id("why-headline")).to_contain_text("allowed")
    expect(entry(page, TO_API)).not_to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.get_by_test_id("policy-title")).to_have_text("allow-frontend-to-api")
    page.keyboard.press("Escape")


def test_the_way_from_a_workload_to_its_policies_and_back(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.locator(f'.canvas [data-node="{DATABASE}"]').first.dispatch_event("click")
    expect(page.get_by_test_id("selected-by")).to_contain_text("deny-all")
    expect(page.get_by_test_id("mentioned-by")).to_contain_text("egress rule 1: Allows TCP 5432")
    page.get_by_test_id("selected-by").get_by_role("button", name="deny-all").click()
    expect(page.get_by_test_id("policy-title")).to_have_text("deny-all")
    expect(page.locator(f'.canvas [data-node="{PAYMENT}"]').first).to_have_class(re.compile("framed"))
    page.get_by_test_id("policy-selects").get_by_role("button", name="database").click()
    expect(page.get_by_test_id("details-name")).to_have_text("database")
    expect(page.locator(f'.canvas [data-node="{PAYMENT}"]').first).not_to_have_class(re.compile("framed"))


def test_a_policy_that_is_switched_off_stays_in_the_list(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_list(page)
    box = entry(page, TO_API).get_by_role("checkbox")
    box.uncheck()
    expect(entry(page, TO_API)).to_contain_text("switched off")
    expect(box).to_be_focused()
    expect(page).to_have_url(re.compile("without="))
    expect(page.get_by_test_id("facts")).to_contain_text("6 policies")
    entry(page, TO_API).get_by_role("button").click()
    expect(page.get_by_test_id("policy-card")).to_contain_text("It is switched off")
    page.get_by_test_id("policy-switch").click()
    expect(box).to_be_checked()
    expect(page.get_by_test_id("policy-isolates")).to_be_visible()
    expect(page.get_by_test_id("facts")).to_contain_text("7 policies")


def test_the_list_by_keyboard(page: Page, origin: str) -> None:
    open_sample(page, origin)
    open_list(page)
    first, second = page.locator(".policy-row").nth(0), page.locator(".policy-row").nth(1)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("policy-order-name")).to_be_focused()
    page.keyboard.press("Tab")
    expect(first.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Tab")
    expect(first.get_by_role("button")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-current", "true")
    expect(second.get_by_role("button")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".policy-row").last.get_by_role("button")).to_be_focused()


ODD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: nobody, namespace: shop}
spec: {podSelector: {matchLabels: {app: wbe}}, ingress: []}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: guard}
spec: {priority: 7, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}
"""


def test_marks_stand_in_words_and_lead_to_the_help(page: Page, origin: str) -> None:
    paste(page, origin, ODD)
    open_list(page)
    expect(page.locator(".policy-group h3").first).to_contain_text("Whole cluster")
    expect(entry(page, "AdminNetworkPolicy/guard")).to_contain_text("Admin tier · priority 7")
    expect(entry(page, "NetworkPolicy/shop/open")).to_contain_text("opens everything")
    expect(entry(page, "NetworkPolicy/shop/nobody")).to_contain_text("selects nothing")
    expect(entry(page, "NetworkPolicy/shop/nobody")).not_to_contain_text("adds nothing")
    look_at(page, "NetworkPolicy/shop/open")
    mark = page.get_by_test_id("policy-mark").first
    address = mark.get_attribute("href") or ""
    mark.click()
    expect(page.locator(address.removeprefix("/help"))).to_be_visible()


def test_two_thousand_policies_are_listed_in_steps(page: Page, origin: str) -> None:
    spec = "metadata: {{name: p-{0:04}}}, spec: {{podSelector: {{matchLabels: {{app: a-{0}}}}}}}"
    policy = f"{{{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, {spec}}}}}"
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}}"
    text = "\n---\n".join([pod, *(policy.format(number) for number in range(2_000))])
    headers = {"Content-Type": "application/yaml"}
    made = page.request.post(f"{origin}/api/v1/workspaces", data=text, headers=headers).json()
    page.goto(f"{origin}{made['url']}")
    wait_until_drawn(page)
    open_list(page)
    expect(page.get_by_test_id("policy-count")).to_have_text("2,000 policies")
    shown = page.locator(".policy-row").count()
    assert shown <= 500
    page.get_by_test_id("policies-more").click()
    expect(page.locator(".policy-row")).to_have_count(2 * shown)
    page.get_by_test_id("policy-filter").fill("p-1999")
    expect(page.locator(".policy-row")).to_have_count(1)
    expect(page.locator(".policy-row")).to_contain_text("selects nothing")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800, 390])
def test_list_and_card_are_accessible(page: Page, origin: str, theme: Literal["light", "dark"], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_sample(page, origin)
    open_list(page)
    entry(page, DENY).get_by_role("checkbox").uncheck()
    expect(entry(page, DENY)).to_contain_text("switched off")
    look_at(page, TO_API)
    expect_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
