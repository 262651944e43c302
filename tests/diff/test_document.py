"""`diff -o json` says what the contract promises, and the same as the comparison."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.test_changes import WORLD, analysis, policy
from webapp.diff import compare, diff_document

OPEN = "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
BASE = WORLD + policy(OPEN)
KEYS = {
    "schema", "opened", "cut", "changed", "became_unknown", "became_known", "added_workloads", "removed_workloads",
    "externals", "problems", "assumptions",
}  # fmt: skip
A, B = "x/Deployment/a", "x/Deployment/b"


def document(base: str, head: str, limit: int | None = None) -> dict[str, Any]:
    one, other = analysis(base), analysis(head)
    return diff_document(compare(one, other), one, other, limit)


def test_it_has_all_that_the_contract_names() -> None:
    found = document(BASE, BASE)
    assert found["schema"] == "netpolmap/diff/1"
    assert set(found) == KEYS
    assert all(found[name] == [] for name in KEYS - {"schema", "externals", "problems", "assumptions"})
    assert found["problems"] == {"base": [], "head": []}
    assert set(found["assumptions"]) == {
        "host_network", "ipblock_pods", "pod_cidrs", "undeclared_namespaces",
    }  # fmt: skip


def test_rows_tell_ports_before_and_after() -> None:
    found = document(BASE, BASE.replace("port: 80", "port: 81"))
    assert found["changed"] == [
        {"source": source, "destination": A, "before": {"TCP": "80"}, "after": {"TCP": "81"}} for source in (A, B)
    ]
    found = document(BASE, WORLD)
    assert {"source": "internet", "destination": A, "before": {}, "after": "all"} in found["opened"]


def test_what_became_unknown_says_which_ports() -> None:
    broken = BASE.replace("port: 80", "port: 8000-8100")
    rows = document(BASE, broken)["became_unknown"]
    row = {"source": B, "destination": A, "before": {"TCP": "80"}, "after": {}, "before_unknown": {}}
    assert row | {"after_unknown": "all"} in rows
    back = document(broken, BASE)
    assert (
        row | {"before": {}, "after": {"TCP": "80"}, "before_unknown": "all", "after_unknown": {}}
        in back["became_known"]
    )
    assert back["problems"]["head"] == []
    assert [problem["code"] for problem in back["problems"]["base"]] == ["port_name_invalid"]


def test_workloads_and_the_refined_address_space_are_told() -> None:
    block = policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}], policyTypes: [Egress]}")
    found = document(WORLD, WORLD.replace("name: b,", "name: c,") + block)
    assert found["added_workloads"] == ["x/Deployment/c"]
    assert found["removed_workloads"] == [B]
    assert {"id": "10.0.0.0/8", "ranges": ["10.0.0.0-10.255.255.255"]} in found["externals"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_limit_cuts_each_list_at_its_end(limit: int) -> None:
    closed = WORLD + policy("{podSelector: {}}")
    whole, cut = document(closed, WORLD), document(closed, WORLD, limit)
    assert len(whole["opened"]) > 2
    for name in ("opened", "cut", "changed", "became_unknown", "became_known"):
        assert cut[name] == whole[name][:limit]
