"""Sources side by side, files that are dropped, and what the page says where something is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.page.test_look import expect_accessible
from tests.page.workspaces import open_sample, paste

pytestmark = pytest.mark.page

POD = """apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop, labels: {app: NAME}}
spec: {containers: [{name: c}]}
"""
DENY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}]}]
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
DRAG = """([type, name, text]) => {
  const transfer = new DataTransfer();
  if (name) transfer.items.add(new File([text], name));
  else transfer.setData("text/plain", text);
  const told = {bubbles: true, cancelable: true, dataTransfer: transfer};
  document.querySelector(".stage").dispatchEvent(new DragEvent(type, told));
}"""


def pod(name: str) -> str:
    return POD.replace("NAME", name)


def card(page: Page, name: str) -> str:
    return f'.canvas [data-node="shop/Pod/{name}"]'


def choose(page: Page, control: str, name: str, text: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id(control).click()
    chooser.value.set_files({"name": name, "mimeType": "application/yaml", "buffer": text.encode()})


def drag(page: Page, kind: str, name: str = "", text: str = "x") -> None:
    page.evaluate(DRAG, [kind, name, text])


def test_files_are_added_beside_what_is_loaded_and_taken_away(page: Page, origin: str) -> None:
    paste(page, origin, pod("web"))
    page.get_by_test_id("sources-open").click()
    expect(page.get_by_test_id("source")).to_have_text([re.compile("pasted.yaml.*1 document, 0 policies")])
    choose(page, "sources-files", "more.yaml", pod("db"))
    expect(page.get_by_test_id("sources-progress")).to_have_text("more.yaml is added: 1 document.")
    expect(page.get_by_test_id("source")).to_have_count(2)
    expect(page.get_by_test_id("facts")).to_contain_text("2 workloads")
    expect(page.locator(card(page, "db"))).to_have_count(1)
    expect_accessible(page)
    page.get_by_role("button", name="Remove pasted.yaml").click()
    expect(page.get_by_test_id("sources-progress")).to_have_text("pasted.yaml is removed.")
    expect(page.get_by_test_id("facts")).to_contain_text("1 workload")
    expect(page.locator(card(page, "web"))).to_have_count(0)
    expect(page.get_by_test_id("live")).to_have_text("pasted.yaml is removed.")
    expect(page.get_by_test_id("sources-files")).to_be_focused()


def test_the_keyboard_alone_removes_a_source(page: Page, origin: str) -> None:
    paste(page, origin, pod("web"))
    page.get_by_test_id("sources-open").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("source")).to_have_count(1)
    for _ in range(6):
        if page.evaluate("() => document.activeElement.dataset.testid") == "source-remove-1":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sources-list")).to_have_text("Nothing is loaded.")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("sources")).to_be_hidden()
    expect(page.get_by_test_id("empty-state")).to_contain_text("Drop manifests here; they stay on this server.")


def test_files_may_be_dropped_anywhere(page: Page, origin: str) -> None:
    paste(page, origin, pod("web"))
    hint = page.get_by_test_id("drop-hint")
    drag(page, "dragover", "more.yaml")
    expect(hint).to_be_visible()
    drag(page, "dragleave", "more.yaml")
    expect(hint).to_be_hidden()
    drag(page, "dragover", "more.yaml")
    drag(page, "drop", "more.yaml", pod("db"))
    expect(hint).to_be_hidden()
    expect(page.get_by_test_id("source")).to_have_count(2)
    expect(page.locator(card(page, "db"))).to_have_count(1)


def test_what_is_dragged_within_the_page_is_no_file(page: Page, origin: str) -> None:
    paste(page, origin, pod("web"))
    drag(page, "dragover")
    expect(page.get_by_test_id("drop-hint")).to_be_hidden()
    drag(page, "drop")
    expect(page.get_by_test_id("sources")).to_be_hidden()


def test_what_cannot_be_added_says_why(page: Page, origin: str, complaints: list[str]) -> None:
    paste(page, origin, pod("web"))
    page.get_by_test_id("sources-open").click()
    choose(page, "sources-files", "deep.yaml", "[" * 100)
    expect(page.get_by_test_id("sources-error")).to_contain_text("levels of nesting")
    expect(page.get_by_test_id("source")).to_have_count(1)
    assert [complaint for complaint in complaints if "422" not in complaint] == []
    complaints.clear()  # the browser tells of the refusal by itself


def test_nothing_loaded(page: Page, origin: str) -> None:
    paste(page, origin, "# nothing")
    expect(page.get_by_test_id("empty")).to_have_attribute("data-lack", "nothing")
    expect_accessible(page)
    choose(page, "empty-add", "web.yaml", pod("web") + "---\n" + pod("db"))
    expect(page.get_by_test_id("facts")).to_contain_text("2 workloads")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("empty")).to_have_attribute("data-lack", "no_policies")
    expect(page.get_by_test_id("empty-state")).to_have_text(
        "No policies: all 2 workloads can reach each other and the Internet."
    )
    expect(page.get_by_test_id("empty-deny")).to_have_count(1)


def test_policies_without_workloads(page: Page, origin: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paste(page, origin, NAMESPACE + "---\n" + DENY)
    expect(page.get_by_test_id("empty-state")).to_have_text("1 policy, but no pods to apply it to.")
    page.get_by_test_id("empty-copy").click()
    expect(page.get_by_test_id("empty-copy")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()").startswith("kubectl get ns,")
    choose(page, "empty-add", "web.yaml", pod("web"))
    expect(page.get_by_test_id("empty")).to_be_hidden()


def test_namespaces_without_a_manifest(page: Page, origin: str) -> None:
    paste(page, origin, "---\n".join([DENY, pod("web"), pod("db")]))
    expect(page.get_by_test_id("empty-state")).to_have_text(
        "1 namespace has no manifest; its labels are unknown, so 2 verdicts are UNKNOWN."
    )
    expect_accessible(page)
    page.get_by_test_id("empty-assume").click()
    expect(page.get_by_test_id("empty")).to_be_hidden()
    expect(page.get_by_test_id("unknowns-count")).to_have_text("0")
    expect(page.get_by_test_id("assumed")).to_contain_text("undeclared namespaces unlabelled")
    page.get_by_test_id("unknowns-tab").click()
    page.get_by_test_id("switches-reset").click()
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.get_by_test_id("empty-close").click()
    expect(page.get_by_test_id("empty")).to_be_hidden()


def test_nothing_is_said_where_nothing_is_missing(page: Page, origin: str) -> None:
    open_sample(page, origin)
    expect(page.get_by_test_id("empty")).to_be_hidden()
    open_sample(page, origin, "production-open")
    expect(page.get_by_test_id("empty")).to_have_attribute("data-lack", "no_policies")
