"""Ways in, names, exposure and the blast radius, in a browser."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_look import expect_accessible
from tests.page.workspaces import (
    BACKEND,
    DATABASE,
    FRONTEND,
    PAYMENT,
    expect_line_marked,
    open_sample,
    paste,
    wait_until_drawn,
)

pytestmark = pytest.mark.page

STOREFRONT, NEWSLETTER = "shop/Deployment/storefront", "marketing/Deployment/newsletter"
BACKUP, PROMETHEUS = "data/CronJob/backup", "monitoring/StatefulSet/prometheus"
SHUT = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}"""


def select(page: Page, identity: str) -> None:
    page.locator(f'.canvas [data-node="{identity}"]').first.dispatch_event("click")
    expect(page.get_by_test_id("stage")).to_have_attribute("data-selected", identity)


def step(page: Page, identity: str) -> str | None:
    return page.locator(f'.canvas [data-node="{identity}"]').first.get_attribute("data-step")


def test_a_published_and_blocked_workload_is_seen_at_once(page: Page, origin: str) -> None:
    paste(page, origin, SHUT)
    card = page.locator('.canvas [data-node="shop/Pod/web"]')
    expect(card).to_contain_text("published, blocked")
    expect(card).to_have_attribute("aria-label", re.compile("published, but policies let nothing in"))
    expect(page.locator('[data-legend="shut"]')).to_contain_text("published, blocked")
    expect(page.locator('[data-testid="nodes-table"] [data-node="shop/Pod/web"]')).to_contain_text("published, blocked")
    page.get_by_test_id("overview-shut").get_by_role("button", name="web").click()
    entries = page.get_by_test_id("entries")
    expect(entries).to_contain_text("Service shop/web through a NodePort")
    expect(entries).to_contain_text("Not let in, no rule matches")
    entries.get_by_test_id("line-link").click()
    expect_line_marked(page)


def test_what_is_open_and_not_published_is_seen_at_once(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    expect(page.locator(f'.canvas [data-node="{NEWSLETTER}"]')).to_contain_text("open to Internet")
    expect(page.locator(f'.canvas [data-node="{STOREFRONT}"]')).not_to_contain_text("Internet")
    expect(page.locator('[data-legend="bare"]')).to_be_visible()
    page.get_by_test_id("overview-bare").get_by_role("button", name="newsletter").click()
    expect(page.get_by_test_id("details-name")).to_have_text("newsletter")
    expect(page.get_by_test_id("unpublished")).to_contain_text("nothing publishes it")


def test_details_tell_ways_in_and_names(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    select(page, STOREFRONT)
    expect(page.get_by_test_id("entries")).to_contain_text("Ingress shop/storefront through ingress-nginx")
    expect(page.get_by_test_id("entries")).to_contain_text("shop.example.com")
    expect(page.get_by_test_id("resolution")).to_contain_text("It may ask the cluster's DNS")
    select(page, BACKUP)
    expect(page.get_by_test_id("resolution")).to_contain_text("It may not ask the cluster's DNS")
    page.get_by_test_id("resolution").get_by_test_id("line-link").first.click()
    expect_line_marked(page)


def test_details_tell_the_exposure_with_its_lines(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    select(page, PROMETHEUS)
    incoming, outgoing = page.get_by_test_id("exposure-ingress"), page.get_by_test_id("exposure-egress")
    expect(incoming).to_contain_text("any pod of the cluster: nothing")
    expect(incoming).to_contain_text("pods with app=grafana in namespace monitoring: TCP 9090")
    expect(outgoing).to_contain_text("ports named metrics/TCP")
    expect(outgoing).to_contain_text("addresses 192.168.10.0/24 except 192.168.10.10/32: TCP 9100")
    incoming.get_by_test_id("line-link").last.click()
    expect_line_marked(page)
    select(page, NEWSLETTER)
    expect(page.get_by_test_id("exposure-ingress")).to_contain_text("Everyone, all ports")


def test_the_blast_radius_grows_by_steps(page: Page, origin: str) -> None:
    open_sample(page, origin)
    select(page, FRONTEND)
    page.get_by_test_id("ask-reach").click()
    expect(page.get_by_test_id("radius-text")).to_have_text("It can reach 5: 2 in 1 step, 3 in 2.")
    expect(page.get_by_test_id("live")).to_contain_text("frontend: It can reach 5")
    expect(page.get_by_test_id("radius-1")).to_contain_text("backend-apiTCP 8080")
    expect(page.get_by_test_id("radius-2")).to_contain_text("databaseover backend-apiTCP 5432")
    assert [step(page, each) for each in (FRONTEND, BACKEND, DATABASE, PAYMENT)] == [None, "1", "2", None]
    database = page.locator(f'.canvas [data-node="{DATABASE}"]')
    expect(database).to_have_attribute("aria-label", re.compile("2 steps away$"))
    expect(page.locator(f'.canvas [data-node="{PAYMENT}"]')).not_to_have_class(re.compile("chosen"))
    page.get_by_test_id("radius-steps-1").click()
    expect(page.get_by_test_id("radius-2")).to_have_count(0)
    expect(page.get_by_test_id("radius-steps-1")).to_be_focused()
    expect(page).to_have_url(re.compile("reach=reach&steps=1"))
    assert step(page, DATABASE) == ""
    page.get_by_test_id("radius-way-reached_by").click()
    expect(page.get_by_test_id("radius-text")).to_have_text("Nothing can reach it.")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("radius-way-reached_by")).to_have_attribute("aria-checked", "true")
    page.get_by_test_id("radius-leave").click()
    expect(page.get_by_test_id("ask-reach")).to_be_visible()
    expect(page.get_by_test_id("peers-in")).to_be_visible()
    expect(page).not_to_have_url(re.compile("reach="))


def test_escape_leaves_the_radius_before_the_selection(page: Page, origin: str) -> None:
    open_sample(page, origin)
    select(page, FRONTEND)
    page.get_by_test_id("ask-reach").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("radius-way-reach")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("ask-reach")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("radius-text")).to_be_visible()
    page.locator(f'.canvas [data-node="{BACKEND}"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("details-name")).to_have_text("backend-api")
    expect(page.get_by_test_id("radius-1")).to_contain_text("database")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("ask-reach")).to_be_visible()
    expect(page.get_by_test_id("details-name")).to_have_text("backend-api")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("details-name")).to_have_count(0)


def test_a_hop_is_asked_about_and_back(page: Page, origin: str) -> None:
    open_sample(page, origin)
    select(page, FRONTEND)
    page.get_by_test_id("ask-reach").click()
    page.get_by_test_id("radius-2").get_by_role("button", name="database").click()
    expect(page.get_by_test_id("why-egress")).to_contain_text("backend-api")
    assert not page.locator(".canvas .step-mark").count()
    page.go_back()
    expect(page.get_by_test_id("radius-2")).to_contain_text("database")
    expect(page.locator(f'.canvas [data-node="{DATABASE}"] .step-mark')).to_be_visible()


def test_what_may_be_reached_stands_apart(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    select(page, PROMETHEUS)
    page.get_by_test_id("ask-reach").click()
    page.get_by_test_id("radius-steps-1").click()
    expect(page.get_by_test_id("radius-unknown")).to_contain_text("node-exporter")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_they_are_accessible(page: Page, origin: str, theme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_sample(page, origin, "shop")
    expect(page.get_by_test_id("overview-bare")).to_be_visible()
    expect_accessible(page)
    select(page, PROMETHEUS)
    expect(page.get_by_test_id("exposure-egress")).to_be_visible()
    expect_accessible(page)
    page.get_by_test_id("ask-reach").click()
    expect(page.get_by_test_id("radius-text")).to_be_visible()
    expect_accessible(page)
