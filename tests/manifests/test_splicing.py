"""A change in one place of a document leaves every other byte as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from webapp.manifests.outline import outline
from webapp.manifests.splicing import CannotEdit, insert_field, insert_item, remove_item, replace_scalar
from webapp.manifests.writing import Json

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
BLOCK = (
    HEAD
    + """\
spec:
  podSelector: {}
  # who may enter
  ingress:
    # the web
    - from:
        - podSelector: {matchLabels: {app: web}}  # one
      ports:
        - port: 80
    # the rest
    - {}   # everybody

  # nothing leaves
  policyTypes: [Ingress, Egress]
"""
)
COMPACT = HEAD + "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - podSelector: {}\n    ports:\n    - port: 80\n"
FLOW = HEAD + "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}, {}]}\n"
SPREAD = HEAD + "spec:\n  podSelector: {}\n  ingress: [\n    {from: [{podSelector: {}}]},\n    {}\n  ]\n"
JSON = json.dumps(yaml.safe_load(FLOW), separators=(",", ":"))
PRETTY = json.dumps(yaml.safe_load(FLOW), indent=2) + "\n"
CRLF = BLOCK.replace("\n", "\r\n")
ALL = {"block": BLOCK, "compact": COMPACT, "flow": FLOW, "spread": SPREAD, "json": JSON, "pretty": PRETTY}
RULE: Json = {"from": [{"podSelector": {"matchLabels": {"app": "y"}}}], "ports": [{"protocol": "TCP", "port": 5432}]}
AT = ("spec", "ingress")


def root(text: str) -> Any:
    found = outline(text)
    assert found is not None
    return found


def kept(before: str, after: str) -> None:
    """The one is the other with one stretch put in or taken out, and, around commas, replaced."""
    head = next((i for i in range(min(len(before), len(after))) if before[i] != after[i]), min(len(before), len(after)))
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    assert min(len(before), len(after)) - head - tail <= 2


@pytest.mark.parametrize("index", [None, 0, 1])
@pytest.mark.parametrize("name", ALL)
def test_an_item_is_put_in(name: str, index: int | None) -> None:
    text = ALL[name]
    after = insert_item(text, root(text), AT, RULE, index)
    wanted = yaml.safe_load(text)
    rules = wanted["spec"]["ingress"]
    rules.insert(len(rules) if index is None else index, RULE)
    assert yaml.safe_load(after) == wanted
    kept(text, after)
    if name in ("json", "pretty"):
        assert json.loads(after) == wanted


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("name", [name for name in ALL if name != "compact"])
def test_an_item_is_taken_out(name: str, index: int) -> None:
    text = ALL[name]
    after = remove_item(text, root(text), AT, index)
    wanted = yaml.safe_load(text)
    del wanted["spec"]["ingress"][index]
    assert yaml.safe_load(after) == wanted
    kept(text, after)
    if name == "block":
        assert ("# the web" in after) == (index == 1)
        assert ("# the rest" in after) == (index == 0)
        assert "# nothing leaves" in after


@pytest.mark.parametrize("name", ALL)
def test_the_last_item_leaves_an_empty_list_and_one_can_come_again(name: str) -> None:
    text = ALL[name]
    while yaml.safe_load(text)["spec"]["ingress"]:
        text = remove_item(text, root(text), AT, 0)
    assert yaml.safe_load(text)["spec"]["ingress"] == []
    text = insert_item(text, root(text), AT, RULE)
    assert yaml.safe_load(text)["spec"]["ingress"] == [RULE]


@pytest.mark.parametrize("name", ALL)
def test_a_list_that_is_not_there_is_made(name: str) -> None:
    text = ALL[name]
    after = insert_item(text, root(text), ("spec", "egress"), RULE)
    wanted = yaml.safe_load(text)
    wanted["spec"]["egress"] = [RULE]
    assert yaml.safe_load(after) == wanted
    kept(text, after)
    again = insert_field(after, root(after), ("spec",), "more", {"a": []})
    assert yaml.safe_load(again)["spec"]["more"] == {"a": []}


@pytest.mark.parametrize("name", ALL)
def test_a_scalar_is_replaced(name: str) -> None:
    text = ALL[name]
    after = replace_scalar(text, root(text), ("metadata", "name"), "yes: no")
    assert yaml.safe_load(after)["metadata"]["name"] == "yes: no"
    kept(text.replace("name: a", "name: x"), after.replace('"yes: no"', "x")) if '"yes' in after else None


def test_a_file_of_windows_keeps_its_line_ends() -> None:
    after = insert_item(CRLF, root(CRLF), AT, RULE)
    assert yaml.safe_load(after)["spec"]["ingress"][-1] == RULE
    assert all(line in after for line in CRLF.split("\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "spec: &a {podSelector: {}}\nother: *a\n", HEAD + "spec: !!map {podSelector: {}}\n",
        HEAD + "spec: {a: 1, a: 2}\n", "- a\n", "a: [\n", HEAD + "<<: {a: b}\n", "a: b\n---\nc: d\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_alone(text: str) -> None:
    assert outline(text) is None


def test_what_is_not_there_cannot_be_changed() -> None:
    acts: tuple[Callable[[], str], ...] = (
        lambda: remove_item(BLOCK, root(BLOCK), AT, 2),
        lambda: remove_item(BLOCK, root(BLOCK), ("spec", "egress"), 0),
        lambda: replace_scalar(BLOCK, root(BLOCK), ("spec",), "x"),
        lambda: insert_field(BLOCK, root(BLOCK), ("spec",), "ingress", 1),
        lambda: insert_item(BLOCK, root(BLOCK), ("metadata", "name", "x"), 1),
    )
    for act in acts:
        with pytest.raises(CannotEdit):
            act()
