"""Several readings side by side are one: as if their files had been loaded together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import API, SHOP, Client, form
from tests.web.test_drafts import OPEN, opened, state, token
from tests.web.test_watch import Watched
from webapp.manifests import REQUEST_BUDGET
from webapp.web import create_app
from webapp.web.settings import Settings

NAMESPACE, FRONTEND, DATABASE, DENY = SHOP.split("---\n")
MORE = f"{OPEN}---\n{DATABASE}".replace("name: deny", "name: open").replace("name: database", "name: cache")
FILE = "pasted.yaml"


def add(client: Client, workspace: str, *files: tuple[str, str]) -> Any:
    return client.post(f"{workspace}/sources", **form(*files))


def names(client: Client, workspace: str) -> list[str]:
    return [source["name"] for source in client.get(f"{workspace}/sources").json["sources"]]


def test_what_was_loaded_is_the_first_source(client: Client, workspace: str) -> None:
    listed = client.get(f"{workspace}/sources").json
    assert listed == {"sources": [{"id": 1, "name": FILE, "documents": 4, "policies": 1, "watched": False}]}


def test_a_source_that_is_added_is_answered_as_if_it_had_been_loaded_too(client: Client) -> None:
    base = opened(client, {FILE: SHOP})
    answer = add(client, base, (FILE, MORE))
    assert answer.status_code == 201
    assert answer.json["source"] == {"id": 2, "name": FILE, "documents": 2, "policies": 1, "watched": False}
    assert (answer.json["summary"]["generation"], answer.json["summary"]["workloads"]) == (1, 3)
    seen, expected = state(client, base), state(client, opened(client, {FILE: SHOP, f"source-2/{FILE}": MORE}))
    assert seen["summary"].pop("generation") == 1
    assert expected["summary"].pop("generation") == 0
    assert seen == expected


def test_the_order_of_sources_does_not_matter(client: Client) -> None:
    parts = [NAMESPACE + "---\n" + FRONTEND, DATABASE, DENY]
    seen = []
    for order in (parts, parts[::-1]):
        base = opened(client, {FILE: order[0]})
        for part in order[1:]:
            assert add(client, base, (FILE, part)).status_code == 201
        seen.append({name: state(client, base)[name] for name in ("connections", "scene", "names")})
    assert seen[0] == seen[1]
    assert seen[0]["scene"] == state(client, opened(client, {FILE: SHOP}))["scene"]


def test_removing_a_source_leaves_the_others(client: Client) -> None:
    base = opened(client, {FILE: SHOP})
    before = state(client, base)
    for text in (MORE, MORE.replace("cache", "queue")):
        assert add(client, base, ("more.yaml", text)).status_code == 201
    assert client.delete(f"{base}/sources/3").status_code == 204
    assert client.delete(f"{base}/sources/2").status_code == 204
    after = state(client, base)
    assert after["summary"].pop("generation") == 4
    del before["summary"]["generation"]
    assert after == before
    assert client.delete(f"{base}/sources/2").status_code == 404
    assert add(client, base, ("more.yaml", MORE)).json["source"]["id"] == 4, "a number is never given twice"


def test_nothing_may_be_left(client: Client, workspace: str) -> None:
    assert client.delete(f"{workspace}/sources/1").status_code == 204
    summary = client.get(f"{workspace}/summary").json
    assert (summary["workloads"], summary["policies"], summary["counts"]["documents_read"]) == (0, 0, 0)
    assert "nothing_to_analyze" in {problem["code"] for problem in summary["problems"]}
    assert add(client, workspace, ("again.yaml", SHOP)).json["summary"]["workloads"] == 2
    assert names(client, workspace) == ["again.yaml"]


def test_files_of_one_name_stay_apart(client: Client) -> None:
    base = opened(client, {FILE: SHOP})
    add(client, base, (FILE, OPEN.replace("deny", "second")))
    files = {file["name"]: file["text"] for file in client.get(f"{base}/files").json["files"]}
    assert list(files) == [FILE, f"source-2/{FILE}"]
    assert files[f"source-2/{FILE}"] == OPEN.replace("deny", "second")
    made = token(client, base, {f"source-2/{FILE}": ""})
    assert client.get(f"{base}/summary?draft={made}").json["policies"] == 1


def test_another_source_makes_edits_void(client: Client, workspace: str) -> None:
    made = token(client, workspace, {FILE: OPEN})
    add(client, workspace, ("more.yaml", MORE))
    assert client.get(f"{workspace}/summary?draft={made}").json["error"]["code"] == "draft_gone"


def test_what_is_refused_changes_nothing(client: Client, workspace: str) -> None:
    before = state(client, workspace)
    assert client.post(f"{workspace}/sources", data="x", content_type="text/html").status_code == 415
    assert client.post(f"{workspace}/sources", data={}, content_type="multipart/form-data").status_code == 422
    assert add(client, workspace, ("deep.yaml", "[" * 100)).json["error"]["code"] == "budget_exceeded"
    foreign = {"Origin": "http://evil.example"}
    answer = client.post(f"{workspace}/sources", data=MORE, content_type="application/yaml", headers=foreign)
    assert answer.status_code == 403
    assert client.delete(f"{workspace}/sources/1", headers=foreign).status_code == 403
    assert client.delete(f"{workspace}/sources/x").status_code == 404
    assert client.post(f"{API}/workspaces/nope/sources", data=MORE, content_type="application/yaml").status_code == 404
    assert state(client, workspace) == before


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        (Settings(budget=replace(REQUEST_BUDGET, workloads=2)), "workloads"),
        (Settings(budget=replace(REQUEST_BUDGET, documents=5)), "documents"),
        (Settings(workspace_store_bytes=20_000), "workspace_store_bytes"),
    ],
)
def test_all_sources_share_one_budget(settings: Settings, limit: str) -> None:
    client: Client = create_app(settings).test_client()
    base = opened(client, {FILE: SHOP})
    more = MORE + "\n---\n".join(["", *(DENY.replace("deny", f"p{number}") for number in range(20))])
    answer = add(client, base, ("more.yaml", MORE if limit != "workspace_store_bytes" else more))
    assert (answer.status_code, answer.json["error"]["details"]["limit_name"]) == (422, limit)
    assert names(client, base) == [FILE]
    assert client.get(f"{base}/summary").json["generation"] == 0


def test_there_are_only_so_many_sources(client: Client, workspace: str) -> None:
    statuses = [add(client, workspace, ("ns.yaml", NAMESPACE)).status_code for _ in range(50)]
    assert statuses == [201] * 49 + [422]
    assert len(names(client, workspace)) == 50


def test_files_that_are_watched_stay_and_go_on_being_read(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    client: Client = create_app(opened=watched.workspace).test_client()
    base = f"{API}/workspaces/id"
    added = add(client, base, ("more.yaml", MORE)).json
    assert [source["watched"] for source in client.get(f"{base}/sources").json["sources"]] == [True, False]
    refused = client.delete(f"{base}/sources/1")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "watched_source")
    watched.file.write_text(SHOP.replace("name: frontend", "name: front"))
    assert watched.watcher.look()
    summary = client.get(f"{base}/summary").json
    assert summary["generation"] == added["summary"]["generation"] + 1
    workloads = client.get(f"{base}/names").json["workloads"]
    assert workloads == [f"shop/Deployment/{name}" for name in ("cache", "database", "front")]
    assert client.delete(f"{base}/sources/2").status_code == 204
    assert len(client.get(f"{base}/names").json["workloads"]) == 2


def test_what_all_who_come_see_stays_as_it_is(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    client: Client = create_app(Settings(trusted_hosts=("map.example.org",)), opened=watched.workspace).test_client()
    base = f"{API}/workspaces/id"
    for answer in (add(client, base, ("more.yaml", MORE)), client.delete(f"{base}/sources/1")):
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "fixed_sources")
    assert len(client.get(f"{base}/sources").json["sources"]) == 1
    assert add(client, opened(client, {FILE: SHOP}), ("more.yaml", MORE)).status_code == 201
    assert token(client, base, {})


def test_a_stale_reading_stays_stale_when_a_source_comes(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    client: Client = create_app(opened=watched.workspace).test_client()
    watched.file.write_text("kind: [")
    assert watched.watcher.look()
    added = add(client, f"{API}/workspaces/id", ("m.yaml", MORE)).json
    codes = {problem["code"] for problem in added["summary"]["problems"]}
    assert "stale" in codes
    watched.file.write_text(SHOP)
    assert watched.watcher.look()
    assert "stale" not in {p["code"] for p in client.get(f"{API}/workspaces/id/summary").json["problems"]}
    assert len(client.get(f"{API}/workspaces/id/names").json["workloads"]) == 3


def test_sources_count_in_the_size(client: Client, workspace: str) -> None:
    from webapp.web.services import services_of

    kept = services_of(client.application).store.get(workspace.rpartition("/")[2])
    before = kept.size_bytes
    add(client, workspace, ("big.yaml", "\n---\n".join(DENY.replace("deny", f"p{number}") for number in range(300))))
    assert kept.size_bytes > before + 300 * len(DENY)
