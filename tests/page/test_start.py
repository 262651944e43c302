"""The start page: every way in, and clear words when one is shut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.page.workspaces import wait_until_drawn

pytestmark = pytest.mark.page

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n"


def test_files_open_a_workspace(page: Page, origin: str, tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(POD)
    (tmp_path / "api.yaml").write_text(POD.replace("web", "api"))
    page.goto(origin)
    page.get_by_test_id("files-input").set_input_files([tmp_path / "web.yaml", tmp_path / "api.yaml"])
    page.wait_for_url("**/w/*")
    wait_until_drawn(page)
    expect(page.locator('[data-testid="twin"] [data-node="shop/Pod/api"]')).to_have_count(1)
    expect(page.get_by_test_id("empty-state")).to_contain_text("No policies")


def test_a_folder_keeps_its_paths(page: Page, origin: str, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "web.yaml").write_text(POD)
    (tmp_path / "README.md").write_text("not a manifest")
    page.goto(origin)
    page.get_by_test_id("folder-input").set_input_files(tmp_path)
    page.wait_for_url("**/w/*")
    wait_until_drawn(page)
    expect(page.locator('[data-testid="twin"] [data-node="shop/Pod/web"]')).to_have_count(1)


def test_a_drop_opens_a_workspace(page: Page, origin: str) -> None:
    page.goto(origin)
    transfer = page.evaluate_handle(
        "text => { const t = new DataTransfer(); t.items.add(new File([text], 'web.yaml')); return t; }", POD
    )
    page.dispatch_event('[data-testid="drop-zone"]', "drop", {"dataTransfer": transfer})
    page.wait_for_url("**/w/*")


def test_what_cannot_be_used_is_said(page: Page, origin: str, complaints: list[str]) -> None:
    page.goto(origin)
    page.get_by_test_id("paste-open").click()
    expect(page.get_by_test_id("upload-error")).to_contain_text("empty")
    expect(page).to_have_url(f"{origin}/")
    broken = FilePayload(name="a.zip", mimeType="application/zip", buffer=b"no archive")
    page.get_by_test_id("files-input").set_input_files(broken)
    said = page.get_by_test_id("upload-error").or_(page.get_by_test_id("empty-state"))
    expect(said).to_contain_text(re.compile(r"\w{3,}"))
    complaints[:] = [text for text in complaints if "status of 4" not in text]


def test_nothing_to_draw_is_said(page: Page, origin: str) -> None:
    page.goto(origin)
    page.get_by_test_id("paste-text").fill("hello: world")
    page.get_by_test_id("paste-open").click()
    page.wait_for_url("**/w/*")
    expect(page.get_by_test_id("empty-state")).to_contain_text("Nothing to draw")
    expect(page.get_by_test_id("problem").first).to_be_visible()


def test_a_workspace_that_is_gone_says_so(page: Page, origin: str, complaints: list[str]) -> None:
    page.goto(f"{origin}/w/{'x' * 32}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Open manifests")).to_be_visible()
    complaints[:] = [text for text in complaints if "status of 404" not in text]


def test_help_has_an_anchor_for_each_code(page: Page, origin: str) -> None:
    page.goto(f"{origin}/help#code-not_isolated")
    expect(page.locator("#code-not_isolated")).to_be_visible()
    expect(page.locator("#legend")).to_be_visible()
