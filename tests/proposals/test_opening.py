"""Blocked pairs of every tier, and what opens them."""

from __future__ import annotations

import pytest

from tests.proposals.world import CLOSED, DATA_CLOSED, SHOP_CLOSED, WORLD, opened
from webapp.model.ports import ALL, PortSet

TCP_5432 = PortSet.single("TCP", 5432)


def np(name: str, namespace: str, spec: str) -> str:
    meta = f"metadata: {{name: {name}, namespace: {namespace}}}"
    return f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{meta}\nspec: {spec}\n"


def anp(kind: str, priority: int, spec: str, name: str = "p") -> str:
    rank = f"priority: {priority}, " if kind == "AdminNetworkPolicy" else ""
    return (
        f"apiVersion: policy.networking.k8s.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
        f"spec: {{{rank}{spec}}}\n"
    )


def cnp(tier: str, priority: int, spec: str) -> str:
    return (
        "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\n"
        f"spec: {{tier: {tier}, priority: {priority}, {spec}}}\n"
    )


DENY_INTO_DATA = (
    "subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: data}}}, "
    "ingress: [{name: deny, action: Deny, from: [{namespaces: {}}]}]"
)
DENY_OUT_OF_SHOP = DENY_INTO_DATA.replace("kubernetes.io/metadata.name: data", "team: web").replace(
    "ingress: [{name: deny, action: Deny, from: [{namespaces: {}}]}]",
    "egress: [{name: deny, action: Deny, to: [{networks: [0.0.0.0/0]}]}]",
)


def into_data(namespaces: str, pods: str) -> str:
    peer = f"{{namespaceSelector: {namespaces}, podSelector: {pods}}}"
    return f"{{podSelector: {{}}, ingress: [{{from: [{peer}], ports: [{{port: 5432}}]}}]}}"


TABLE = {
    "both ends by NetworkPolicies": ((SHOP_CLOSED, DATA_CLOSED), "web", "db:5432"),
    "the destination alone": ((DATA_CLOSED,), "web", "db:5432"),
    "the source alone": ((SHOP_CLOSED,), "web", "db:5432"),
    "a rule for another port": (
        (np("in", "data", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]}"),),
        "web", "db:5432",
    ),
    "a rule for another peer": (
        (np("in", "data", into_data("{matchLabels: {team: web}}", "{matchLabels: {app: api}}")),), "web", "db:5432",
    ),
    "a value short in a list": (
        (np("in", "data", into_data("{}", "{matchExpressions: [{key: app, operator: In, values: [api, b]}]}")),),
        "web", "db:5432",
    ),
    "a direction that is not listed": (
        (np("out", "shop", "{podSelector: {}, policyTypes: [Egress], egress: [{}], ingress: []}"),
         CLOSED.format(namespace="shop", types="Ingress")),
        "db", "web:8080",
    ),
    "an address": ((SHOP_CLOSED,), "api", "203.0.113.7:443"),
    "the internet": ((SHOP_CLOSED,), "api", "internet:443"),
    "from an address": ((SHOP_CLOSED,), "203.0.113.0/24", "web:8080"),
    "every port": ((SHOP_CLOSED,), "web", "203.0.113.7"),
    "an AdminNetworkPolicy": ((anp("AdminNetworkPolicy", 50, DENY_INTO_DATA),), "web", "db:5432"),
    "an AdminNetworkPolicy of priority 0": ((anp("AdminNetworkPolicy", 0, DENY_INTO_DATA),), "web", "db:5432"),
    "the BaselineAdminNetworkPolicy": (
        (anp("BaselineAdminNetworkPolicy", 0, DENY_INTO_DATA, "default"),), "web", "db:5432",
    ),
    "a ClusterNetworkPolicy": (
        (cnp("Admin", 7, DENY_INTO_DATA.replace("{namespaces: {}}", "{namespaces: {}}")),), "web", "db:5432",
    ),
    "a ClusterNetworkPolicy of the Baseline tier": ((cnp("Baseline", 7, DENY_INTO_DATA),), "web", "db:5432"),
    "the way out, by an AdminNetworkPolicy": (
        (anp("AdminNetworkPolicy", 50, DENY_OUT_OF_SHOP),), "web", "203.0.113.7:443",
    ),
    "an AdminNetworkPolicy and a NetworkPolicy": (
        (anp("AdminNetworkPolicy", 50, DENY_INTO_DATA), SHOP_CLOSED), "web", "db:5432",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_is_blocked_is_opened_and_nothing_is_cut(name: str) -> None:
    policies, source, destination = TABLE[name]
    given = opened(*policies)
    found = given.fixes(source, destination)
    assert found.want == "open", found.why_none
    assert found.proposals, found.why_none
    best = found.proposals[0]
    assert best.cut == 0
    if name not in ("the internet", "every port"):
        assert best.opened == 0, [row.id for row in best.rows]
    for proposal in found.proposals:
        after = given.after(proposal)
        assert not [p for p in after.analysis.problems if p.severity == "error"]
        assert after.fixes(source, destination).want == "close"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a value short in a list", "allow shop/web"),
        ("a rule for another peer", "allow shop/web"),
    ],
)
def test_near_misses_are_widened(name: str, words: str) -> None:
    policies, source, destination = TABLE[name]
    found = opened(*policies).fixes(source, destination).proposals
    widened = [proposal for proposal in found if proposal.title.startswith("Widen")]
    assert words in widened[0].title
    assert widened[0] is found[0]


def test_a_misspelt_label_is_spelt_right() -> None:
    world = WORLD.replace("app: web", "app: storefront")
    peer = "{namespaceSelector: {}, podSelector: {matchLabels: {app: storefornt}}}"
    rule = np("in", "data", f"{{podSelector: {{}}, ingress: [{{from: [{peer}], ports: [{{port: 5432}}]}}]}}")
    given = opened(rule, world=world)
    first = given.fixes("web", "db:5432").proposals[0]
    assert "write storefront for storefornt" in first.title
    assert first.text == rule.replace("storefornt", "storefront")
    assert given.after(first).ports("web", "db") is TCP_5432


def test_a_misspelt_value_of_a_list_is_spelt_right() -> None:
    world = WORLD.replace("app: web", "app: storefront")
    rule = np("in", "data", into_data("{}", "{matchExpressions: [{key: app, operator: In, values: [storefornt, b]}]}"))
    given = opened(rule, world=world)
    first = given.fixes("web", "db:5432").proposals[0]
    assert first.text == rule.replace("storefornt", "storefront")
    assert given.after(first).ports("web", "db") is TCP_5432


def test_both_ends_are_opened_together() -> None:
    first = opened(SHOP_CLOSED, DATA_CLOSED).fixes("web", "db:5432").proposals[0]
    assert "; " in first.title
    assert len(first.edits) == 2


def test_a_question_without_a_port_opens_what_the_destination_declares() -> None:
    found = opened(DATA_CLOSED).fixes("web", "db")
    assert found.ports is TCP_5432
    assert opened(SHOP_CLOSED).fixes("web", "203.0.113.7").ports is ALL


def test_of_the_declared_ports_those_are_opened_that_one_end_blocks() -> None:
    world = WORLD.replace("containerPort: 5432", "containerPort: 5432}, {containerPort: 9187")
    out = np("out", "shop", "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]}")
    found = opened(out, DATA_CLOSED, world=world).fixes("web", "db")
    assert found.ports is TCP_5432
    assert found.proposals[0].opened == 0


def test_rights_that_a_person_must_have_are_said() -> None:
    found = opened(anp("AdminNetworkPolicy", 50, DENY_INTO_DATA)).fixes("web", "db:5432").proposals
    assert all("rights" in proposal.note for proposal in found)
    assert any("priority 49" in proposal.title for proposal in found)


def test_what_cannot_be_opened_is_said_with_the_reason() -> None:
    host = WORLD + (
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: shop, labels: {app: agent}}\n"
        "spec: {hostNetwork: true, containers: [{name: c}]}\n"
    )
    found = opened(DATA_CLOSED, world=host).fixes("agent", "db:5432")
    assert not found.proposals
    assert "network of its node" in found.why_none
    assert "itself" in opened(DATA_CLOSED).fixes("db", "db").why_none
    assert "neither" in opened(DATA_CLOSED).fixes("internet", "10.0.0.1").why_none
    assert "already" in opened(DATA_CLOSED).fixes("api", "web:8080", "open").why_none
    assert "already" in opened(DATA_CLOSED).fixes("web", "db:5432", "close").why_none


def test_hostile_names_stay_yaml() -> None:
    for label in (
        "yes",
        "0x10",
        "1.5",
        "null",
        "a: b",
        "# x",
        '"',
        "'",
        "\\",
        "é\u2028",
        "- a",
        "{x}",
        "*a",
        "&a",
        "!",
    ):
        world = WORLD.replace("app: web", f"app: {quoted(label)}")
        found = opened(DATA_CLOSED, world=world).fixes("web", "db:5432")
        for proposal in found.proposals:
            assert opened(DATA_CLOSED, world=world).after(proposal).ports("web", "db").contains("TCP", 5432)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_a_service_is_opened_at_its_backends() -> None:
    world = WORLD + (
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: store, namespace: data}\n"
        "spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}\n"
    )
    given = opened(DATA_CLOSED, world=world)
    found = given.fixes("web", "svc/data/store:80")
    assert found.ports is TCP_5432
    assert given.after(found.proposals[0]).ports("web", "db") is TCP_5432
