"""Generated sets: merged rules, what stays, and what cannot be said with labels."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.proposals.world import SHOP_CLOSED, WORLD, Input, opened
from webapp.errors import InputError
from webapp.proposals.asking import connections_of, ports_of
from webapp.proposals.generating import Generated, generate
from webapp.proposals.wanted import ENVIRONMENT, PUBLISHED, suggested
from webapp.proposals.world import Declined, World

SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: store, namespace: data}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
"""


def made(given: Input, *wanted: tuple[str, str, object], keep: bool = False) -> Generated:
    world = World(given.intake, given.analysis)
    listed = [{"source": source, "destination": other, "ports": ports} for source, other, ports in wanted]
    return generate(world, connections_of(world, listed), keep=keep)


def policies(found: Generated) -> dict[str, Any]:
    return {
        document["metadata"]["name"]: document["spec"] for document in yaml.safe_load_all(found.proposal.text)
    }  # fmt: skip


def test_peers_with_the_same_ports_share_a_rule() -> None:
    found = made(
        opened(), ("web", "db", {"TCP": "5432"}), ("api", "db", {"TCP": "5432"}), ("api", "web", {"TCP": "80"})
    )
    assert found.is_exact
    (rule,) = policies(found)["allow-db"]["ingress"]
    assert len(rule["from"]) == 2
    assert policies(found)["allow-api"]["policyTypes"] == ["Egress"]
    assert policies(found)["allow-web"]["policyTypes"] == ["Ingress", "Egress"]


def test_ports_of_the_same_peer_are_one_rule() -> None:
    found = made(opened(), ("web", "db", {"TCP": "5432"}), ("web", "db", {"TCP": "9187", "UDP": "53"}))
    (rule,) = policies(found)["allow-db"]["ingress"]
    assert [(port["protocol"], port["port"]) for port in rule["ports"]] == [("TCP", 5432), ("TCP", 9187), ("UDP", 53)]


def test_without_ports_the_declared_ones_are_meant_and_services_lead_to_their_pods() -> None:
    found = made(opened(world=WORLD + SERVICE), ("web", "svc/data/store", None))
    assert found.is_exact
    assert policies(found)["allow-db"]["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_the_set_takes_the_place_of_what_was_there_unless_it_is_kept() -> None:
    given = opened(SHOP_CLOSED.replace("policyTypes", "ingress: [{}]\n  policyTypes"))
    found = made(given, ("web", "api", "all"))
    assert found.is_exact
    assert found.proposal.edits["policy-0.yaml"] == ""
    kept = made(given, ("web", "api", "all"), keep=True)
    assert not kept.is_exact
    assert kept.extra
    assert "policy-0.yaml" not in kept.proposal.edits


def test_the_internet_is_no_pod_where_pods_are_known_to_live() -> None:
    node = "---\napiVersion: v1\nkind: Node\nmetadata: {name: n}\nspec: {podCIDR: 10.244.0.0/16}\n"
    found = made(opened(world=WORLD + node), ("internet", "web", {"TCP": "443"}))
    assert {"cidr": "0.0.0.0/0", "except": ["10.244.0.0/16"]} in [
        peer["ipBlock"] for peer in policies(found)["allow-web"]["ingress"][0]["from"]
    ]


def test_workloads_with_the_same_labels_are_told_of() -> None:
    world = WORLD.replace("app: api", "app: web")
    found = made(opened(world=world), ("web", "db", {"TCP": "5432"}))
    assert not found.is_exact
    assert [(row.source, row.destination) for row in found.extra] == [
        ("shop/Deployment/api", "data/StatefulSet/db"),
    ]
    assert any("shop/Deployment/api" in note for note in found.notes)


def test_nothing_wanted_is_nothing_made() -> None:
    with pytest.raises(Declined):
        made(opened())
    for bad in ("x", [1], [{"source": "web"}], [{"source": "web", "destination": "db", "ports": {"TCP": "x"}}]):
        given = opened()
        with pytest.raises(InputError):
            connections_of(World(given.intake, given.analysis), bad)
    with pytest.raises(InputError):
        ports_of({"TCP": "90-80"})


def test_services_in_environments_and_what_is_published_are_suggested() -> None:
    world = WORLD.replace(
        "{name: c, ports: [{containerPort: 9000}]}",
        '{name: c, env: [{name: DB, value: "http://store.data:80"}], ports: [{containerPort: 9000}]}',
    )
    world += SERVICE.replace("selector", "type: LoadBalancer, selector")
    given = opened(world=world)
    found, more = suggested(World(given.intake, given.analysis))
    assert not more
    told = {(each.source, each.destination): each for each in found}
    named = told["shop/Deployment/api", "data/StatefulSet/db"]
    assert named.ports is ports_of({"TCP": "5432"})
    assert named.reasons[ENVIRONMENT] == ["svc/data/store:80 is named in its environment"]
    assert PUBLISHED in told["internet", "data/StatefulSet/db"].reasons
