"""What policies select, change and decide, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import API, SHOP, Client, Send
from tests.web.test_openapi import description, fits  # noqa: F401 (a fixture)
from webapp.explain import policies
from webapp.web.settings import Settings

FRONTEND, DATABASE = "shop/Deployment/frontend", "shop/Deployment/database"
DENY, LET_IN = "NetworkPolicy/shop/deny", "NetworkPolicy/shop/let-in"
SECOND = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: let-in, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: frontend}}}]
      ports:
        - port: 5432
    # nobody
    - from: [{podSelector: {matchLabels: {app: nobody}}}]
"""


@pytest.fixture
def shop(send: Send) -> str:
    answer = send(SHOP + SECOND, query_string={"name": "shop.yaml"})
    return f"{API}/workspaces/{answer.json['id']}"


def rows(client: Client, address: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"{address}/policies", query_string=query).json
    assert answer["counted"]
    return {row["id"]: row for row in answer["policies"]}


def test_every_policy_has_a_row(client: Client, shop: str) -> None:
    found = rows(client, shop)
    assert list(found) == [DENY, LET_IN]
    row = found[LET_IN]
    assert (row["selects"], row["rules"], row["isolates"], row["on"]) == (1, 2, ["ingress"], True)
    assert row["changes"] == 1, "without it the frontend does not reach the database"
    assert (found[DENY]["changes"], found[DENY]["marks"]) == (0, ["adds_nothing"])


def test_what_is_switched_off_stays_in_the_list(client: Client, shop: str) -> None:
    found = rows(client, shop, without=LET_IN)
    assert {name: row["on"] for name, row in found.items()} == {DENY: True, LET_IN: False}
    assert found[LET_IN]["changes"] is None
    assert found[DENY]["changes"] == 2, "now it alone keeps the frontend and the internet out"


def test_a_card_tells_each_rule(client: Client, shop: str) -> None:
    card = client.get(f"{shop}/policy", query_string={"id": LET_IN}).json
    assert card["selected"] == [DATABASE]
    first, second = card["rule_list"]
    assert first["text"] == "Allows TCP 5432 from pods with app=frontend of namespace shop"
    assert first["matches"] == [FRONTEND]
    assert first["decides"]["blocks"] == [{"sources": [FRONTEND], "destinations": [DATABASE]}]
    assert second["decides"] == {"pairs": 0, "blocks": [], "truncated": False}
    assert card["changed"] == {"pairs": 1, "blocks": first["decides"]["blocks"], "truncated": False}


def test_a_line_leads_to_what_it_decides(client: Client, shop: str) -> None:
    source = rows(client, shop)[LET_IN]["source"]
    place = {"file": source["file"], "document": str(source["document"])}
    text = (SHOP + SECOND).splitlines()

    def at(words: str) -> Any:
        line = next(number for number, line in enumerate(text, 1) if words in line)
        return client.get(f"{shop}/decides", query_string={**place, "line": str(line)}).json

    for words in ("app: frontend}}}", "- port: 5432", "# nobody"):
        assert at(words)["rule"] == {"direction": "ingress", "index": 0}, words
        assert at(words)["pairs"] == 1
    assert at("app: nobody")["rule"]["index"] == 1
    assert at("name: let-in")["rule"] is None
    assert at("name: let-in")["blocks"] == [{"sources": [FRONTEND], "destinations": [DATABASE]}]
    nowhere = client.get(f"{shop}/decides", query_string={**place, "document": "9", "line": "1"}).json
    assert (nowhere["policy"], nowhere["pairs"]) == (None, 0)


def test_a_workload_leads_to_its_policies_and_to_the_rules_that_mention_it(client: Client, shop: str) -> None:
    told = client.get(f"{shop}/policies", query_string={"workload": DATABASE}).json
    assert [each["id"] for each in told["selected_by"]] == [DENY, LET_IN]
    assert told["mentioned_by"] == []
    told = client.get(f"{shop}/policies", query_string={"workload": FRONTEND}).json
    assert told["selected_by"] == []
    assert [(each["policy"], each["index"]) for each in told["mentioned_by"]] == [(LET_IN, 0)]


@pytest.mark.parametrize("settings", [Settings(answer_seconds=0.0)])
def test_what_there_is_no_time_for_is_not_counted(client: Client, shop: str) -> None:
    answer = client.get(f"{shop}/policies").json
    assert not answer["counted"]
    assert [row["changes"] for row in answer["policies"]] == [0, None]


def test_of_very_many_pairs_some_are_listed(client: Client, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_MOST_IDS", 1)
    assert client.get(f"{shop}/policy", query_string={"id": LET_IN}).json["changed"] == {
        "pairs": 1, "blocks": [], "truncated": True,
    }  # fmt: skip


def test_answers_fit_their_description(client: Client, shop: str, description: Any) -> None:  # noqa: F811
    path = f"{API}/workspaces/{{identity}}"
    for query in ({}, {"without": LET_IN}, {"workload": DATABASE}, {"workload": "internet"}):
        fits(client.get(f"{shop}/policies", query_string=query), description, f"{path}/policies")
    fits(client.get(f"{shop}/policy", query_string={"id": LET_IN}), description, f"{path}/policy")
    source = rows(client, shop)[DENY]["source"]
    for line in (str(source["line"]), "1"):
        query = {"file": source["file"], "document": str(source["document"]), "line": line}
        fits(client.get(f"{shop}/decides", query_string=query), description, f"{path}/decides")
    for name, query in (
        ("policy", {}),
        ("policy", {"id": "no"}),
        ("decides", {"file": "x"}),
        ("policies", {"workload": "q"}),
    ):
        answer = client.get(f"{shop}/{name}", query_string=query)
        assert answer.status_code in (404, 422)
        fits(answer, description, f"{path}/{name}")
