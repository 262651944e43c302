"""The Why panel in a browser: what came close, the backends of a Service, a way round, and the way into the help."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_look import TOO_WIDE, expect_accessible
from tests.page.workspaces import expect_line_marked, open_sample, paste, wait_until_drawn

pytestmark = pytest.mark.page

CHECKOUT, EVENTS = "shop/Deployment/checkout", "data/StatefulSet/events"
GRAFANA, PROMETHEUS = "monitoring/Deployment/grafana", "monitoring/StatefulSet/prometheus"
HOSTILE = "<img src=x onerror=alert(1)>"
WEB = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: caller, namespace: shop}
spec: {template: {metadata: {labels: {app: caller}}, spec: {containers: [{name: c}]}}}
"""
TWO_BACKENDS = f"""{WEB}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-canary, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: web, track: canary}}}}
    spec: {{containers: [{{name: c, ports: [{{containerPort: 8080}}]}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: nobody, namespace: shop}}
spec: {{selector: {{app: nobody}}, ports: [{{port: 80}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: closed, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{track: canary}}}}, policyTypes: [Ingress]}}
"""
UNKNOWN_CHAIN = f"""{WEB}
---
apiVersion: v1
kind: Pod
metadata: {{name: lone, namespace: undeclared}}
spec: {{containers: [{{name: c}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: by-team, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: a}}}}}}]}}]
"""


def ask(page: Page, source: str, destination: str, more: str = "") -> None:
    """A question by its address, as a link that somebody sent."""
    page.goto(f"{page.url.split('#')[0]}#from={source}&to={destination}{more}")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("why-headline")).to_be_visible()


def expect_marked(page: Page, number: int) -> None:
    expect_line_marked(page)
    expect(page.locator('[data-testid="yaml"] .yaml-line.marked')).to_have_attribute("data-line", str(number))


def test_the_rule_that_came_closest_tells_what_it_wants_and_what_there_is(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, CHECKOUT, EVENTS)
    side = page.get_by_test_id("why-ingress")
    misses = side.get_by_test_id("near-miss")
    assert [miss.get_attribute("data-rank") for miss in misses.all()] == ["Closest", "One-sided"]
    expect(misses.first.locator("mark.want")).to_have_text("app in (chekout, recommendations)")
    expect(misses.first.locator("mark.have")).to_have_text("app=checkout")
    expect(misses.first.locator(".guess")).to_have_text('Did you mean "checkout"?')
    expect_marked(page, 104)
    misses.last.get_by_test_id("line-link").last.click()
    expect_marked(page, 120)
    expect(page.get_by_test_id("why-egress").get_by_test_id("near-misses")).to_have_count(0)


def test_two_ends_without_a_common_port_name_both_rules(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, GRAFANA, PROMETHEUS)
    for direction, want, have in (
        ("egress", "TCP 9091", "TCP 9090"),
        ("ingress", "TCP http (TCP 9090 there)", "TCP 9091"),
    ):
        miss = page.get_by_test_id(f"why-{direction}").locator('.rung[data-tier="default"] .near-miss')
        expect(miss.locator("mark.want")).to_have_text(want)
        expect(miss.locator("mark.have")).to_have_text(have)
    expect_marked(page, 85)


def test_a_service_is_found_by_name_and_tells_each_backend(page: Page, origin: str) -> None:
    paste(page, origin, TWO_BACKENDS)
    page.get_by_test_id("question-from").fill("caller")
    page.keyboard.press("Enter")
    page.get_by_test_id("question-to").fill("web (service")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("to=svc/shop/web"))
    expect(page.get_by_test_id("why-headline")).to_have_text("Blocked at some backends")
    expect(page.get_by_test_id("tally")).to_have_text("1 of 2 backends lets it in")
    parts = page.get_by_test_id("part")
    expect(parts).to_have_count(2)
    blocked = parts.and_(page.locator('[data-verdict="blocked"]'))
    allowed = parts.and_(page.locator('[data-verdict="allowed"]'))
    expect(blocked).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("why-ingress")).to_contain_text("web-canary")
    expect_line_marked(page)
    allowed.press("Enter")
    expect(allowed).to_be_focused()
    expect(allowed).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("why-ingress")).not_to_contain_text("web-canary")
    expect(page.get_by_test_id("yaml")).to_be_hidden()
    expect(page.get_by_test_id("chain")).to_be_hidden()
    lit = page.locator(".canvas .selected[data-node]")
    assert {node.get_attribute("data-node") for node in lit.all()} == {"shop/Deployment/caller", "shop/Deployment/web"}


def test_services_are_destinations_only(page: Page, origin: str) -> None:
    paste(page, origin, TWO_BACKENDS)
    page.get_by_test_id("question-from").fill("web")
    expect(page.locator('#question-from-options [role="option"]').first).to_be_visible()
    assert page.locator('#question-from-options [data-value^="svc/"]').count() == 0
    page.get_by_test_id("question-to").fill("web")
    expect(page.locator('#question-to-options [data-value="svc/shop/web"]')).to_be_visible()


def test_a_service_without_a_backend_says_so(page: Page, origin: str) -> None:
    paste(page, origin, TWO_BACKENDS)
    ask(page, "shop/Deployment/caller", "svc/shop/nobody")
    expect(page.get_by_test_id("why-headline")).to_have_text("No backend")
    expect(page.get_by_test_id("service-failure")).to_contain_text("No pod stands behind the Service")
    expect(page.get_by_test_id("service-failure").get_by_test_id("code-link")).to_have_text("no_backend")
    expect(page.get_by_test_id("why-egress")).to_have_count(0)


def test_a_range_that_policies_cut_is_told_in_parts(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, CHECKOUT, "10.0.0.0/7")
    parts = page.get_by_test_id("part")
    expect(parts).to_have_count(2)
    parts.last.click()
    expect(parts.last).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("why-ingress")).to_contain_text("192.168.0.0/16")


def test_who_cannot_resolve_names_is_told(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, EVENTS, CHECKOUT)
    expect(page.get_by_test_id("note").first).to_contain_text("data/StatefulSet/events cannot resolve names")


def test_a_way_round_is_shown_hop_by_hop(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, CHECKOUT, EVENTS)
    toggle = page.get_by_test_id("chain-toggle")
    expect(toggle).to_have_text("Is there a way round?")
    toggle.press("Enter")
    expect(page.get_by_test_id("chain-headline")).to_have_text("Yes, in 5 hops")
    expect(page.get_by_test_id("chain-toggle")).to_be_focused()
    expect(page).to_have_url(re.compile("chain=shown"))
    expect(page.get_by_test_id("live")).to_contain_text("by way of coredns, ingress-nginx, storefront, recommendations")
    hops = page.get_by_test_id("hop")
    assert [hop.get_attribute("data-only-way") for hop in hops.all()] == ["false", "false", "true", "true", "true"]
    expect(page.get_by_test_id("only-way")).to_have_count(3)
    expect(hops.last).to_contain_text("TCP 9092")
    expect(hops.last.locator('[data-end="ingress"]')).to_contain_text(
        "NetworkPolicy data/events, ingress rule 2 allows it"
    )
    expect(page.get_by_test_id("chain-summary")).to_contain_text("NetworkPolicy data/events")
    hops.last.locator('[data-end="ingress"]').get_by_test_id("line-link").click()
    expect_marked(page, 99)
    hops.last.get_by_test_id("hop-ask").click()
    expect(page.get_by_test_id("verdict-chip")).to_have_text(re.compile("^(ALLOWED|SOME)"))
    expect(page).to_have_url(re.compile("from=shop/Deployment/recommendations&to=data/StatefulSet/events$"))
    expect(page.get_by_test_id("chain-toggle")).to_have_text("What would cut it?")
    expect(page.get_by_test_id("chain-body")).to_be_hidden()
    page.go_back()
    expect(page.get_by_test_id("chain-headline")).to_have_text("Yes, in 5 hops")
    page.get_by_test_id("question-port").fill("443")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chain-headline")).to_have_text("No: no chain of connections leads there")
    page.get_by_test_id("chain-toggle").click()
    expect(page.get_by_test_id("chain-body")).to_be_hidden()


def test_an_allowed_pair_tells_what_would_cut_it(page: Page, origin: str) -> None:
    open_sample(page, origin, "shop")
    ask(page, "shop/Deployment/recommendations", EVENTS, "&chain=shown")
    expect(page.get_by_test_id("chain-headline")).to_have_text("Directly, in one hop")
    expect(page.get_by_test_id("hop")).to_have_count(1)


def test_a_chain_that_may_be_is_told_apart(page: Page, origin: str) -> None:
    paste(page, origin, UNKNOWN_CHAIN)
    ask(page, "undeclared/Pod/lone", "shop/Deployment/web", "&chain=shown")
    expect(page.get_by_test_id("chain-headline")).to_have_attribute("data-verdict", "unknown")
    expect(page.get_by_test_id("chain-headline")).to_have_text("Perhaps, directly")
    hop = page.get_by_test_id("hop")
    expect(hop).to_have_attribute("data-verdict", "unknown")
    expect(hop).to_contain_text("unknown: all ports")


def test_no_chain_is_said_so(page: Page, origin: str) -> None:
    alone = "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}"
    policy = (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p, namespace: shop}}\nspec: {alone}"
    )
    paste(page, origin, f"{WEB}\n---\n{policy}\n")
    ask(page, "shop/Deployment/caller", "shop/Deployment/web", "&chain=shown")
    expect(page.get_by_test_id("chain-headline")).to_have_text("No: no chain of connections leads there")
    expect(page.get_by_test_id("hop")).to_have_count(0)


def test_every_code_in_the_panel_leads_to_its_sentence(page: Page, origin: str) -> None:
    addresses: set[str] = set()
    for sample, pairs in (
        (
            "shop",
            ((CHECKOUT, EVENTS), (GRAFANA, PROMETHEUS), (CHECKOUT, "svc/data/events"), (CHECKOUT, "svc/shop/cart:1")),
        ),
        ("tiers", (("legacy/Deployment/batch", "vault/StatefulSet/vault"),)),
    ):
        open_sample(page, origin, sample)
        for source, destination in pairs:
            ask(page, source, destination, "&chain=shown")
            shown = page.locator('[data-testid="panel-body"] [data-testid="code-link"]')
            expect(shown.first).to_be_visible()
            addresses |= {link.get_attribute("href") or "" for link in shown.all()}
    expected = {"no_rule_matches", "pod_label", "one_sided", "no_common_port", "port_mismatch", "rule_denies"}
    assert {f"/help#code-{code}" for code in (*expected, "no_service_port", "not_isolated")} <= addresses
    page.locator('[data-testid="panel-body"] [data-testid="code-link"]').first.click()
    page.wait_for_url("**/help#code-*")
    anchors = set(page.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)"))
    assert {address.partition("#")[2] for address in addresses} <= anchors
    expect(page.locator(":target")).to_be_in_viewport()


def test_hostile_names_stay_text(page: Page, origin: str) -> None:
    policy = f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: "{HOSTILE}", namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: web}}}}}}]}}]
"""
    paste(page, origin, WEB.replace("app: caller", f'app: "{HOSTILE}"') + policy)
    ask(page, "shop/Deployment/caller", "shop/Deployment/web")
    miss = page.get_by_test_id("near-miss")
    expect(miss).to_contain_text(f"NetworkPolicy shop/{HOSTILE}, ingress rule 1")
    expect(miss.locator("mark.have")).to_have_text(f"app={HOSTILE}")
    ask(page, "shop/Deployment/web", "shop/Deployment/caller", "&chain=shown")
    expect(page.get_by_test_id("hop")).to_have_count(1)
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reasons_and_chains_are_accessible_and_fit(
    page: Page, origin: str, shots: Path, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    open_sample(page, origin, "shop")
    for name, source, destination in (
        ("near", GRAFANA, PROMETHEUS),
        ("chain", CHECKOUT, f"{EVENTS}&chain=shown"),
        ("service", CHECKOUT, "svc/data/events"),
    ):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            ask(page, source, destination)
            expect(page.get_by_text("Asking …")).to_have_count(0)
            expect_accessible(page)
            assert page.evaluate(TOO_WIDE) <= 0
            page.screenshot(path=shots / f"why-{name}-{width}-{theme}.png", full_page=width < 1000)
