"""Fixes in a browser: allow this, block this, deny by default, and policies from what is wanted."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_look import expect_accessible
from tests.page.workspaces import BACKEND, DATABASE, FRONTEND, PAYMENT, open_sample, paste, row, wait_until_drawn

pytestmark = pytest.mark.page

HOSTILE = "<img src=x onerror=alert(1)>"


def ask(page: Page, source: str, destination: str, more: str = "") -> None:
    """A question by its address."""
    page.goto(f"{page.url.split('#')[0]}#from={source}&to={destination}{more}")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("why-headline").or_(page.get_by_test_id("fix-heading"))).to_be_visible()


def answer(page: Page, path: str) -> Any:
    """What the server says below the workspace, of the draft in the address."""
    return page.evaluate(
        """async (path) => {
          const draft = new URLSearchParams(location.hash.slice(1)).get("draft");
          const given = draft ? (path.includes("?") ? "&" : "?") + "draft=" + draft : "";
          return (await fetch(document.body.dataset.api + "/" + path + given)).json();
        }""",
        path,
    )


def draft(page: Page) -> str:
    return str(page.evaluate("() => new URLSearchParams(location.hash.slice(1)).get('draft') ?? ''"))


def apply_first(page: Page) -> None:
    before = draft(page)
    page.get_by_test_id("apply-fix").first.click()
    page.wait_for_function(
        "(before) => (new URLSearchParams(location.hash.slice(1)).get('draft') ?? '') !== before", arg=before
    )


def test_the_first_fix_opens_exactly_the_path_and_undo_takes_it_back(page: Page, origin: str) -> None:
    """Acceptance check 5."""
    open_sample(page, origin)
    ask(page, FRONTEND, DATABASE, "&port=5432")
    files = answer(page, "files")
    page.get_by_test_id("allow-this").click()
    first = page.get_by_test_id("proposal").first
    expect(first).to_be_visible()
    expect(first.locator(".patch .added").first).to_be_visible()
    told = int(first.get_attribute("data-opened") or "-1")
    apply_first(page)
    expect(page.get_by_test_id("verdict-chip")).to_have_attribute("data-verdict", "allowed")
    expect(page.locator(row(page, FRONTEND, DATABASE))).to_have_attribute("data-verdict", "partial")
    allowed = [each for each in answer(page, "connections")["connections"]
               if (each["source"], each["destination"]) == (FRONTEND, DATABASE)]  # fmt: skip
    assert [each["ports"] for each in allowed] == [{"TCP": "5432"}]
    counts = answer(page, "changes")["counts"]
    assert counts["opened"] + counts["changed"] - 1 == told
    assert counts["cut"] == 0
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("verdict-chip")).to_have_attribute("data-verdict", "blocked")
    assert answer(page, "files") == files
    expect(page.get_by_test_id("proposal").first).to_be_visible()


def test_an_open_path_is_closed(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, FRONTEND, BACKEND, "&port=8080")
    expect(page.get_by_test_id("allow-this")).to_have_count(0)
    page.get_by_test_id("block-this").click()
    expect(page.get_by_test_id("fix-heading")).to_have_text("Close this path")
    expect(page.get_by_test_id("proposal").first.locator(".patch .removed").first).to_be_visible()
    apply_first(page)
    expect(page.get_by_test_id("verdict-chip")).to_have_attribute("data-verdict", "blocked")


def test_the_tab_is_kept_by_reload_and_back(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, FRONTEND, BACKEND)
    page.get_by_test_id("allow-this").click()
    expect(page.get_by_test_id("fix-heading")).to_have_text("Open this path")
    page.reload()
    wait_until_drawn(page)
    expect(page.get_by_test_id("fix-heading")).to_have_text("Open this path")
    page.get_by_test_id("tab-why").click()
    expect(page.get_by_test_id("why-headline")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("fix-heading")).to_be_visible()


def test_deny_by_default_closes_what_was_open(page: Page, origin: str) -> None:
    """Acceptance check 4, its second half."""
    open_sample(page, origin, "production-open")
    page.get_by_test_id("empty-deny").get_by_test_id("deny-default").click()
    expect(page.get_by_test_id("fix-heading")).to_contain_text("production")
    expect(page.get_by_test_id("also")).to_contain_text("cuts")
    apply_first(page)
    expect(page.get_by_test_id("why-none")).to_contain_text("already")
    page.get_by_test_id("fix-back").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    isolated = {each["id"]: each["isolated"] for each in answer(page, "connections")["workloads"]}
    assert isolated[FRONTEND] == isolated[DATABASE] == {"ingress": True, "egress": True}
    ask(page, FRONTEND, DATABASE, f"&draft={draft(page)}")
    expect(page.get_by_test_id("verdict-chip")).to_contain_text("BLOCKED")


def test_a_namespace_can_be_denied_from_one_of_its_workloads(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.goto(f"{page.url.split('#')[0]}#node=staging/Deployment/test-runner")
    page.reload()
    wait_until_drawn(page)
    page.get_by_test_id("deny-default").click()
    expect(page.get_by_test_id("fix-heading")).to_have_text("Deny by default: staging")
    expect(page.get_by_test_id("proposal")).to_contain_text("k8s-app: kube-dns")
    page.get_by_test_id("tab-details").click()
    expect(page.get_by_test_id("details-name")).to_be_visible()


def test_policies_are_generated_from_what_is_wanted(page: Page, origin: str) -> None:
    open_sample(page, origin)
    page.get_by_test_id("export-menu").click()
    page.get_by_test_id("open-generate").click()
    dialog = page.get_by_test_id("generate-dialog")
    wishes = dialog.locator(".wish")
    expect(wishes).to_have_count(3)
    wishes.filter(has_text="test-runner").locator("input").uncheck()
    page.get_by_test_id("wish-from").fill("payment-service")
    page.get_by_test_id("wish-from").press("Enter")
    page.get_by_test_id("wish-to").fill("database")
    page.get_by_test_id("wish-to").press("Enter")
    page.get_by_test_id("wish-port").fill("5432")
    page.get_by_test_id("wish-add").click()
    expect(wishes).to_have_count(4)
    page.get_by_test_id("generate-write").click()
    check = page.get_by_test_id("generate-check")
    expect(check).to_have_attribute("data-exact", "true")
    expect_accessible(page)
    with page.expect_download() as download:
        page.get_by_test_id("generate-download").click()
    assert "kind: NetworkPolicy" in download.value.path().read_text()
    dialog.get_by_test_id("apply-fix").click()
    expect(dialog).to_be_hidden()
    page.wait_for_function("() => location.hash.includes('draft=')")
    pairs = {(each["source"], each["destination"]) for each in answer(page, "connections")["connections"]}
    inside = {pair for pair in pairs if any(end.startswith("production/") for end in pair)}
    assert {pair for pair in inside if "kube-system" not in pair[1]} == {
        (FRONTEND, BACKEND), (BACKEND, DATABASE), (PAYMENT, DATABASE),
    }  # fmt: skip


def test_the_fix_tab_is_accessible(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, FRONTEND, "internet", "&port=443&tab=fix")
    expect(page.get_by_test_id("proposal").first).to_be_visible()
    page.get_by_test_id("also").first.click()
    expect_accessible(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_what_cannot_be_fixed_is_said(page: Page, origin: str) -> None:
    open_sample(page, origin)
    ask(page, "internet", "10.0.0.1", "&tab=fix")
    expect(page.get_by_test_id("why-none")).to_contain_text("neither end")


def test_hostile_labels_are_shown_as_they_are(page: Page, origin: str) -> None:
    paste(page, origin, f"""
apiVersion: v1
kind: Namespace
metadata: {{name: x}}
---
apiVersion: v1
kind: Pod
metadata: {{name: "{HOSTILE}", namespace: x, labels: {{app: "{HOSTILE}", role: a}}}}
spec: {{containers: [{{name: c}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: b, namespace: x, labels: {{app: b}}}}
spec: {{containers: [{{name: c, ports: [{{containerPort: 80}}]}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: deny, namespace: x}}
spec: {{podSelector: {{}}, policyTypes: [Ingress]}}
""")  # fmt: skip
    ask(page, quote(f"x/Pod/{HOSTILE}"), "x/Pod/b", "&tab=fix")
    expect(page.get_by_test_id("proposal").first).to_contain_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
