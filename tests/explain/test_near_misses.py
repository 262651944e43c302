"""Near misses: for each thing that a rule may lack there is a fixture; the nearest rule stands first, with its line."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.explain.codes import CODES, MISSES
from webapp.explain.verdict import ask, verdict_document, verdict_text

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {team: data}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: frontend, tier: web}}
status: {podIP: 10.0.0.4, podIPs: [{ip: 10.0.0.4}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart, tier: api}}
status: {podIP: 10.0.0.5, podIPs: [{ip: 10.0.0.5}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: database, tier: store}}
spec: {containers: [{name: c, ports: [{name: postgres, containerPort: 5432}]}]}
status: {podIP: 10.0.1.4, podIPs: [{ip: 10.0.1.4}]}
---
apiVersion: v1
kind: Pod
metadata: {name: host, namespace: shop, labels: {app: host}}
spec: {hostNetwork: true}
"""


def policy(spec: str, name: str = "p", namespace: str = "data") -> str:
    return f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"  # noqa: E501


def into_db(peer: str, ports: str = "{port: 5432}") -> str:
    """A policy of the database with one rule."""
    rule = f"{{from: [{peer}], ports: [{ports}]}}"
    return policy(f"{{podSelector: {{matchLabels: {{app: database}}}}, ingress: [{rule}]}}")


def out_of_shop(peers: str) -> str:
    return policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peers}]}}]}}", "out", "shop")


def admin(*rules: tuple[str, str], subject: str = "{}") -> str:
    """An AdminNetworkPolicy: (action, value of the namespaces' label team) for each rule."""
    listed = [
        f"{{action: {action}, from: [{{namespaces: {{matchLabels: {{team: {team}}}}}}}]}}" for action, team in rules
    ]
    return (
        "---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: strict}\n"
        f"spec: {{priority: 5, subject: {{namespaces: {subject}}}, ingress: [{', '.join(listed)}]}}\n"
    )


def shop_pods(selector: str) -> str:
    return f"{{namespaceSelector: {{matchLabels: {{team: shop}}}}, podSelector: {{{selector}}}}}"


SHOP = "{namespaceSelector: {matchLabels: {team: shop}}}"
WEB = shop_pods("matchLabels: {app: frontend}")
FRONTED = shop_pods("matchLabels: {app: fronted}")
NOT_WEB = shop_pods("matchExpressions: [{key: tier, operator: NotIn, values: [web]}]")
DENY = policy("{podSelector: {}, policyTypes: [Ingress, Egress]}", "deny")
FAR_LABEL = [("pod_label", ""), ("both_selectors", "")]
TO_DB = ("web", "db:5432")

# code -> input, source, destination, what the nearest rule lacks (reason, did you mean)
FIXTURES: dict[str, tuple[str, tuple[str, str], list[tuple[str, str]]]] = {
    "pod_label": (into_db(WEB), ("cart", "db:5432"), FAR_LABEL),
    "pod_label, value misspelt": (into_db(FRONTED), TO_DB, [("pod_label", "frontend")]),
    "pod_label, key misspelt": (into_db(shop_pods("matchLabels: {App: frontend}")), TO_DB, [("pod_label", "app")]),
    "pod_label, both misspelt": (
        into_db(shop_pods("matchLabels: {App: fronted}")), TO_DB, [("pod_label", "app frontend")],
    ),
    "pod_label of an expression": (into_db(NOT_WEB), TO_DB, FAR_LABEL),
    "both_selectors": (into_db(shop_pods("matchLabels: {app: payments}")), TO_DB, FAR_LABEL),
    "namespace_label": (into_db(SHOP.replace("shop", "billing")), TO_DB, [("namespace_label", "")]),
    "namespace_label, key misspelt": (into_db(SHOP.replace("team", "Team")), TO_DB, [("namespace_label", "team")]),
    "own_namespace_only": (
        into_db("{podSelector: {matchLabels: {app: frontend}}}"), TO_DB, [("own_namespace_only", "")],
    ),
    "port_mismatch": (into_db(WEB, "{port: 5433}"), TO_DB, [("port_mismatch", "")]),
    "port_mismatch of the other end": (
        into_db(WEB) + out_of_shop("{namespaceSelector: {}}], ports: [{port: 81}"), ("web", "db"),
        [("port_mismatch", "")],
    ),
    "protocol_mismatch": (into_db(WEB), ("web", "db:5432/UDP"), [("protocol_mismatch", "")]),
    "protocol_mismatch of a name": (
        into_db(WEB, "{port: postgres, protocol: UDP}"), TO_DB, [("protocol_mismatch", "")],
    ),
    "named_port_absent": (into_db(WEB, "{port: redis}"), TO_DB, [("named_port_absent", "")]),
    "named_port_absent, misspelt": (into_db(WEB, "{port: postgers}"), TO_DB, [("named_port_absent", "postgres")]),
    "host_network_peer": (into_db(SHOP), ("host", "db:5432"), [("host_network_peer", "")]),
    "address_outside": (
        into_db("{ipBlock: {cidr: 192.0.2.0/24}}"), ("198.51.100.7", "db:5432"), [("address_outside", "")],
    ),
    "address_outside, a pod": (into_db("{ipBlock: {cidr: 192.0.2.0/24}}"), TO_DB, [("address_outside", "")]),
    "address_excepted": (
        into_db("{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}"), ("192.0.2.200", "db:5432"),
        [("address_excepted", "")],
    ),
    "address_family": (
        into_db('{ipBlock: {cidr: "2001:db8::/32"}}'), ("192.0.2.1", "db:5432"), [("address_family", "")],
    ),
    "wrong_direction": (
        policy(f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], egress: [{{to: [{WEB}]}}]}}"), TO_DB,
        [("wrong_direction", "")],
    ),
    "direction_not_listed": (
        DENY + policy(f"{{podSelector: {{}}, policyTypes: [Egress], ingress: [{{from: [{WEB}]}}]}}"), TO_DB,
        [("direction_not_listed", "")],
    ),
    "one_sided": (
        DENY + out_of_shop("{namespaceSelector: {matchLabels: {team: data}}}"), TO_DB, [("one_sided", "")],
    ),
    "subject_label": (
        DENY + into_db(WEB).replace("app: database", "app: databse"), TO_DB, [("subject_label", "database")],
    ),
    "subject_namespace": (
        DENY + admin(("Allow", "shop"), subject="{matchLabels: {Team: data}}"), TO_DB, [("subject_namespace", "team")],
    ),
    "policy_elsewhere": (
        DENY + into_db(WEB).replace("namespace: data", "namespace: shop"), TO_DB, [("policy_elsewhere", "")],
    ),
    "asked_later": (admin(("Deny", "shop"), ("Allow", "shop")), TO_DB, [("asked_later", "")]),
    "an admin rule for others": (admin(("Allow", "shops"), ("Deny", "shop")), TO_DB, [("namespace_label", "")]),
}  # fmt: skip


def analysed(text: str, **switches: Any) -> Analysis:
    return analyze([SourceFile("world.yaml", (WORLD + text).encode())], Assumptions(**switches))


def misses_of(analysis: Analysis, source: str, destination: str) -> list[dict[str, Any]]:
    """The near misses of the end that blocks; of the source, if both do."""
    answer: Any = verdict_document(analysis, ask(analysis, source, destination))
    assert answer["verdict"] == "blocked"
    misses = next(answer[end]["near_misses"] for end in ("egress", "ingress") if "near_misses" in answer[end])
    assert isinstance(misses, list)
    return misses


def lacking(miss: dict[str, Any]) -> list[tuple[str, str]]:
    return [(gap["reason"], " ".join(gap.get("did_you_mean", {}).values())) for gap in miss["lacks"]]


@pytest.mark.parametrize("name", FIXTURES)
def test_what_the_nearest_rule_lacks(name: str) -> None:
    text, question, lacks = FIXTURES[name]
    analysis = analysed(text)
    misses = misses_of(analysis, *question)
    assert lacking(misses[0]) == lacks
    told = verdict_text(analysis, ask(analysis, *question))
    for gap in misses[0]["lacks"]:
        assert gap["text"] in told
        assert "{" not in gap["text"]
        assert gap["source"]["file"] == "world.yaml"


def test_every_code_of_a_miss_has_a_fixture() -> None:
    reasons = {reason for _, _, lacks in FIXTURES.values() for reason, _ in lacks}
    assert reasons | {"block_without_pods"} == set(MISSES) | {"port_mismatch", "named_port_absent"}
    assert not set(CODES) & set(MISSES)


def test_a_switch_that_keeps_blocks_from_pods_is_named() -> None:
    analysis = analysed(into_db("{ipBlock: {cidr: 10.0.0.0/8}}"), ipblock_pods="never")
    assert lacking(misses_of(analysis, *TO_DB)[0]) == [("block_without_pods", "")]


def test_nothing_is_computed_for_what_is_allowed() -> None:
    analysis = analysed(into_db(WEB))
    answer: Any = verdict_document(analysis, ask(analysis, *TO_DB))
    assert answer["verdict"] == "allowed"
    assert "near_misses" not in answer["ingress"]
    assert not analysis.near_misses(analysis.decide("shop/Pod/web", "data/Pod/db", "TCP", 5432))


LINES = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: lines, namespace: data}
spec:
  podSelector: {}
  ingress:
  - from:
    - podSelector: {matchLabels: {app: nobody}}
    - namespaceSelector:
        matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: Exists}
        - key: team
          operator: In
          values: [sales]
      podSelector:
        matchLabels:
          tier: web
          app: fronted
    ports:
    - port: 5432
"""


def places(miss: dict[str, Any]) -> list[tuple[str, int]]:
    """The fields that fail with their lines, counted from the end of the world."""
    return [(gap["path"], gap["source"]["line"] - WORLD.count("\n")) for gap in miss["lacks"]]


def test_each_field_has_its_line() -> None:
    (miss,) = misses_of(analysed(LINES), *TO_DB)
    peer = "spec.ingress[0].from[1]"
    assert places(miss) == [(f"{peer}.podSelector.app", 19), (f"{peer}.namespaceSelector.team", 13)]
    assert miss["source"]["line"] - WORLD.count("\n") == 8
    (miss,) = misses_of(analysed(LINES.replace("5432", "5433").replace("sales", "shop")), *TO_DB)
    assert places(miss) == [(f"{peer}.podSelector.app", 19), ("spec.ingress[0].ports", 20)]


def test_fields_have_their_lines_in_a_list() -> None:
    item = LINES.removeprefix("---\n").replace("\n", "\n  ")
    listed = f"---\napiVersion: v1\nkind: List\nitems:\n- {item}\n- {{kind: Secret, apiVersion: v1}}\n"
    (miss,) = misses_of(analysed(listed), *TO_DB)
    assert [line for _, line in places(miss)] == [22, 16]


def test_fields_have_their_lines_in_json() -> None:
    peer = '{"podSelector": {"matchLabels":\n   {"app": "frontend"}}}'
    item = (
        '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",\n "metadata": {"name": "x",'
        f' "namespace": "data"}},\n "spec": {{"podSelector": {{}},\n "ingress": [{{"from": [\n  {peer}]}}]}}}}'
    )
    listed = f'{{"apiVersion": "v1", "kind": "List", "items": [\n{item},\n{item}\n]}}'
    files = [SourceFile("world.yaml", WORLD.encode()), SourceFile("list.json", listed.encode())]
    (miss,) = misses_of(analyze(files), *TO_DB)
    assert [(gap["source"]["file"], gap["source"]["line"]) for gap in miss["lacks"]] == [("list.json", 6)]


def test_the_fewest_and_smallest_failures_stand_first() -> None:
    rules = [
        f"{{from: [{shop_pods('matchLabels: {app: payments}')}], ports: [{{port: 5432}}]}}",
        f"{{from: [{WEB}], ports: [{{port: 5433}}]}}",
        f"{{from: [{shop_pods('matchLabels: {app: fronted}')}], ports: [{{port: 5432}}]}}",
        f"{{from: [{shop_pods('matchLabels: {app: payments}')}], ports: [{{port: 1}}]}}",
    ]
    analysis = analysed(policy(f"{{podSelector: {{}}, ingress: [{', '.join(rules)}]}}"))
    answer: Any = verdict_document(analysis, ask(analysis, *TO_DB))
    assert [miss["index"] for miss in answer["ingress"]["near_misses"]] == [2, 1, 0]
    assert (answer["ingress"]["rules_compared"], answer["ingress"]["rules_in_question"]) == (4, 4)


def test_a_value_that_another_pod_has_is_no_slip() -> None:
    """Only what nothing in the cluster is called is taken for a misspelling."""
    other = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: other, namespace: shop, labels: {app: frontends}}\n"
    rule = into_db(shop_pods("matchLabels: {app: frontends}"))
    assert lacking(misses_of(analysed(rule), *TO_DB)[0]) == [("pod_label", "frontend")]
    assert lacking(misses_of(analysed(rule + other), *TO_DB)[0]) == FAR_LABEL


def test_rules_about_something_else_do_not_come_close() -> None:
    analysis = analysed(
        into_db("{ipBlock: {cidr: 192.0.2.0/24}}", "{port: 53}")
        + out_of_shop("{ipBlock: {cidr: 1.0.0.0/8}}], ports: [{port: 1}")
    )
    assert misses_of(analysis, *TO_DB) == []
    assert misses_of(analysis, "internet", "db:5432") == []
    told = verdict_text(analysis, ask(analysis, *TO_DB))
    assert "The one egress rule does not come close." in told


def test_what_is_denied_needs_no_second_rule() -> None:
    """A rule of an admin policy denies it, so nothing that a NetworkPolicy says would help."""
    out = out_of_shop("{namespaceSelector: {matchLabels: {team: data}}}")
    assert misses_of(analysed(out + admin(("Deny", "shop"))), *TO_DB) == []


def test_policies_of_others_are_not_misplaced() -> None:
    """A policy of another namespace that selects pods there is meant for these."""
    twin = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: twin, namespace: shop, labels: {app: database}}\n"
    elsewhere = DENY + into_db(WEB).replace("namespace: data", "namespace: shop")
    assert misses_of(analysed(elsewhere), *TO_DB)
    assert not misses_of(analysed(elsewhere + twin), *TO_DB)


def test_thousands_of_rules_are_sorted_before_they_are_compared() -> None:
    far = shop_pods("matchLabels: {app: payments}")
    rules = [f"{{from: [{far}], ports: [{{port: {number}}}]}}" for number in range(1, 3001)]
    rules.append(f"{{from: [{shop_pods('matchLabels: {app: fronted}')}], ports: [{{port: 5432}}]}}")
    analysis = analysed(policy(f"{{podSelector: {{}}, ingress: [{', '.join(rules)}]}}"))
    answer: Any = verdict_document(analysis, ask(analysis, *TO_DB))
    assert answer["ingress"]["near_misses"][0]["index"] == 3000
    assert (answer["ingress"]["rules_compared"], answer["ingress"]["rules_in_question"]) == (1000, 3001)
    assert len(answer["ingress"]["near_misses"]) <= 5
    told = verdict_text(analysis, ask(analysis, *TO_DB))
    assert "Compared 1,000 of 3,001 rules" in told
    assert told.count("\n") < 60
