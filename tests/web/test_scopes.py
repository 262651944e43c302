"""Filters, what is hidden, the matrix and the deciding rules over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import API, Client
from tests.web.test_openapi import description, fits  # noqa: F401 (a fixture)

PATH = f"{API}/workspaces/{{identity}}"
CHECKOUT, CATALOG = "shop/Deployment/checkout", "shop/Deployment/catalog"


@pytest.fixture
def base(client: Client) -> str:
    return f"{API}/workspaces/{client.post(f'{API}/samples/shop').json['id']}"


def get(client: Client, address: str, **query: Any) -> Any:
    answer = client.get(address, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_answers_fit_their_description(client: Client, base: str, description: Any) -> None:  # noqa: F811
    for name, query in (
        ("scene", {"filter": "ns:shop", "hide": ["dns", "metrics"]}),
        ("scene", {"filter": "verdict:blocked"}),
        ("matrix", {}),
        ("matrix", {"filter": "near:shop/checkout", "rows": "0-3", "port": "53/UDP", "hide": "dns"}),
        ("find", {"filter": "ns:shop port:8080"}),
        ("filter-words", {}),
        ("deciders", {"source": [CHECKOUT, "internet"], "destination": [CATALOG, CHECKOUT]}),
    ):
        fits(client.get(f"{base}/{name}", query_string=query), description, f"{PATH}/{name}")


def test_a_scene_shows_what_the_filter_chooses(client: Client, base: str) -> None:
    plain, scene = get(client, f"{base}/scene"), get(client, f"{base}/scene", filter="ns:shop", hide="dns")
    assert plain.keys() & {"scope", "aside"} == set()
    workloads = {node["id"] for node in scene["nodes"] if node["type"] == "workload"}
    assert workloads == {n["id"] for n in plain["nodes"] if n["type"] == "workload" and n["namespace"] == "shop"}
    assert scene["scope"]["workloads"] == {"shown": 6, "all": 23}
    assert "Showing 6 of 23 workloads (filter)." in scene["notes"]


def test_a_window_of_the_matrix_is_what_was_asked_for(client: Client, base: str) -> None:
    whole = get(client, f"{base}/matrix")
    part = get(client, f"{base}/matrix", rows="2-4", columns="5-9", source=CHECKOUT, destination="nobody")
    names = [node["id"] for node in whole["rows"]["nodes"]]
    assert [node["id"] for node in part["rows"]["nodes"]] == names[2:5]
    assert [node["id"] for node in part["columns"]["nodes"]] == names[5:10]
    assert (part["rows"]["first"], part["columns"]["first"], part["size"]) == (2, 5, len(names))
    assert part["places"] == {"source": names.index(CHECKOUT), "destination": None}
    for down, row in enumerate(part["cells"]):
        for across, number in enumerate(row):
            assert part["kinds"][number] == whole["kinds"][whole["cells"][2 + down][5 + across]]
    beyond = get(client, f"{base}/matrix", rows="500-510")
    assert (beyond["rows"]["nodes"], beyond["cells"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("matrix", {"rows": "0-100"}, "at most 100"),
        ("matrix", {"columns": "7-3"}, "FIRST-LAST"),
        ("matrix", {"rows": "all"}, "FIRST-LAST"),
        ("matrix", {"port": "http"}, "not a port"),
        ("matrix", {"expand": "x" * 5000}, "too long"),
        ("scene", {"filter": "nsp:shop"}, "Did you mean ns?"),
        ("scene", {"hide": "music"}, "dns, metrics, ingress"),
        ("export/csv", {"filter": "ns:"}, "missing"),
        ("diagram.svg", {"filter": "ns:"}, "missing"),
        ("find", {}, "filter is missing"),
        ("find", {"filter": "near:nobody"}, "nobody"),
        ("deciders", {}, "pairs"),
        ("deciders", {"source": "nobody", "destination": CATALOG}, "nobody"),
    ],
)
def test_what_cannot_be_understood_is_told(client: Client, base: str, name: str, query: Any, says: str) -> None:
    answer = client.get(f"{base}/{name}", query_string=query)
    assert answer.status_code == 422
    assert says in answer.json["error"]["message"]


def test_exports_hold_what_is_shown_and_say_so(client: Client, base: str) -> None:
    scope = {"filter": "ns:shop", "hide": "dns"}
    rows = client.get(f"{base}/export/csv", query_string=scope)
    assert "-filtered.csv" in rows.headers["Content-Disposition"]
    pairs = {tuple(line.split(",")[:2]) for line in rows.text.splitlines()[1:]}
    edges = get(client, f"{base}/scene", **scope)["edges"]
    wanted = {(edge["source"], edge["destination"]) for edge in edges if edge["verdict"] != "blocked"}
    assert len(pairs) == len(wanted) > 5
    assert "Showing 6 of 23 workloads (filter)." in client.get(f"{base}/export/svg", query_string=scope).text
    for name in ("dot", "mermaid"):
        assert "Showing 6 of 23" in client.get(f"{base}/export/{name}", query_string=scope).text.splitlines()[0]
    assert client.get(f"{base}/export/png", query_string=scope).data[:4] == b"\x89PNG"


def test_the_contracts_answer_is_always_whole(client: Client, base: str) -> None:
    whole = client.get(f"{base}/export/json")
    part = client.get(f"{base}/export/json", query_string={"filter": "ns:shop", "hide": "dns"})
    assert part.data == whole.data
    assert "filtered" not in part.headers["Content-Disposition"]


def test_find_tells_and_hides_nothing(client: Client, base: str) -> None:
    found = get(client, f"{base}/find", filter="kind:StatefulSet")
    assert found["workloads"]
    assert all("/StatefulSet/" in identity for identity in found["workloads"])
    assert (found["paths"], found["counts"]["all"]) == ([], 23)
    paths = get(client, f"{base}/find", filter="port:5432 ns:data ns:shop")
    rows = {(r["source"], r["destination"]) for r in get(client, f"{base}/connections")["connections"]}
    assert paths["counts"]["paths"] == len(paths["paths"]) > 0
    assert {tuple(pair) for pair in paths["paths"]} <= rows


def test_the_vocabulary_is_what_filters_take(client: Client, base: str) -> None:
    words = get(client, f"{base}/filter-words")
    keys = {entry["key"]: entry["values"] for entry in words["keys"]}
    assert set(keys["ns"]) == {"shop", "data", "ingress", "kube-system", "marketing", "monitoring", "payments"}
    assert {"5432", "53/UDP"} <= set(keys["port"])
    assert [preset["name"] for preset in words["presets"]] == ["dns", "metrics", "ingress"]
    for key in ("ns", "kind", "label", "policy", "port", "verdict"):
        for value in keys[key][:5]:
            get(client, f"{base}/find", filter=f'{key}:"{value}"')


def test_deciders_name_the_rules_of_why(client: Client, base: str) -> None:
    document = get(client, f"{base}/connections")
    workloads, rows = {each["id"] for each in document["workloads"]}, document["connections"][:40]
    query = {"source": [r["source"] for r in rows], "destination": [r["destination"] for r in rows]}
    for told in get(client, f"{base}/deciders", **query)["pairs"]:
        verdict = get(client, f"{base}/why", source=told["source"], destination=told["destination"])
        for end in ("egress", "ingress"):
            steps = verdict[end]["steps"]
            rules = {(p["name"], step["index"]) for step in steps if "index" in step for p in [step["policy"]]}
            named = {(each["policy"]["name"], each["index"]) for each in told[end] if "index" in each}
            assert named <= rules
            assert bool(told[end]) == (told["source" if end == "egress" else "destination"] in workloads)


def test_a_blocked_pair_names_who_isolates_it(client: Client, base: str) -> None:
    query = {"source": "marketing/Deployment/newsletter", "destination": "data/StatefulSet/orders-db"}
    (told,) = get(client, f"{base}/deciders", **query)["pairs"]
    assert any(each.get("policy") for each in told["ingress"])
    assert "allows" not in str(told)
