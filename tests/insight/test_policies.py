"""What is said of policies, on small clusters of which one can tell by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.insight.cluster import analysed, custom, namespace, pod, policy
from webapp.analysis import Analysis
from webapp.insight.policies import changed, changes, mentioning, outline, outlines, pairs_in, rules_of, selecting

SHOP = [namespace("shop", "team: web"), pod("shop/a", "app: a"), pod("shop/b", "app: b"), pod("shop/c", "app: c")]
A, B, C = (f"shop/Pod/{name}" for name in "abc")
ANY_ADDRESS = "{ipBlock: {cidr: 0.0.0.0/0}}, {ipBlock: {cidr: '::/0'}}"
EVERYONE_ELSE = 3
"""Of each pod: the other two, and the internet."""
CLOSED = "podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress]"
FROM_B = f"{CLOSED}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: b}}}}}}]}}]"
TIERS = "policy.networking.k8s.io/v1alpha1"
FROM_ALL = "from: [{namespaces: {}}]"
SUBJECT = "subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}}"


def admin(name: str, action: str, more: str = "", *, priority: int = 5, subject: str = SUBJECT) -> str:
    rules = f"ingress: [{{action: {action}, {FROM_ALL}{more}}}]"
    return custom(TIERS, "AdminNetworkPolicy", name, f"priority: {priority}, {subject}, {rules}")


def baseline(action: str) -> str:
    rules = f"ingress: [{{action: {action}, {FROM_ALL}}}]"
    return custom(TIERS, "BaselineAdminNetworkPolicy", "default", f"{SUBJECT}, {rules}")


def cluster_policy(name: str, tier: str, action: str, priority: int) -> str:
    spec = f"tier: {tier}, priority: {priority}, {SUBJECT}, ingress: [{{action: {action}, {FROM_ALL}}}]"
    return custom("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", name, spec)


@dataclass(frozen=True)
class Case:
    """Policies beside SHOP, and how many verdicts each changes, by its name."""

    about: str
    policies: tuple[str, ...]
    changes: dict[str, int]
    marks: dict[str, list[str]]

    def __str__(self) -> str:
        return self.about


CASES = [
    Case("closing a pod cuts it off", (policy("shop/deny", CLOSED),), {"deny": EVERYONE_ELSE}, {"deny": []}),
    Case("letting one in changes what is then cut", (policy("shop/b", FROM_B),), {"b": EVERYONE_ELSE - 1}, {}),
    Case("the same policy twice, under two names: each adds nothing",
         (policy("shop/one", FROM_B), policy("shop/two", FROM_B)), {"one": 0, "two": 0}, {}),
    Case("the same policy twice, under one name, is one", (policy("shop/b", FROM_B), policy("shop/b", FROM_B)),
         {"b": EVERYONE_ELSE - 1}, {}),
    Case("an exception to what another closes", (policy("shop/deny", CLOSED), policy("shop/b", FROM_B)),
         {"deny": 0, "b": 1}, {}),
    Case("who allows all adds nothing to an open pod",
         (policy("shop/all", f"{CLOSED}, ingress: [{{}}]"),), {"all": 0}, {"all": ["opens_everything"]}),
    Case("who allows all opens what another closes",
         (policy("shop/all", f"{CLOSED}, ingress: [{{}}]"), policy("shop/deny", CLOSED)),
         {"all": EVERYONE_ELSE, "deny": 0}, {"all": ["opens_everything"], "deny": []}),
    Case("all pods of all namespaces are not everyone",
         (policy("shop/pods", f"{CLOSED}, ingress: [{{from: [{{namespaceSelector: {{}}}}]}}]"),),
         {"pods": 1}, {"pods": []}),
    Case("every address of both families, and all pods",
         (policy("shop/all", f"{CLOSED}, ingress: [{{from: [{ANY_ADDRESS}]}}]"),),
         {"all": 0}, {"all": ["opens_everything"]}),
    Case("one port is not every port",
         (policy("shop/web", f"{CLOSED}, ingress: [{{ports: [{{port: 80}}]}}]"),), {"web": EVERYONE_ELSE}, {"web": []}),
    Case("both directions are counted once, and what meets in both too",
         (policy("shop/closed", "podSelector: {}, policyTypes: [Ingress, Egress]"),), {"closed": 12}, {}),
    Case("who selects nobody", (policy("shop/nobody", "podSelector: {matchLabels: {app: nobody}}, ingress: [{}]"),),
         {"nobody": 0}, {"nobody": ["selects_nothing"]}),
    Case("a deny of the admin tier", (admin("no-pods", "Deny"),), {"no-pods": 2}, {"no-pods": []}),
    Case("what an admin policy denies no NetworkPolicy changes",
         (admin("no-pods", "Deny"), policy("shop/b", FROM_B)), {"no-pods": 1, "b": 1}, {}),
    Case("hidden behind a deny of everything",
         (admin("no-pods", "Deny"),
          policy("shop/pods", f"{CLOSED}, ingress: [{{from: [{{podSelector: {{}}}}, {ANY_ADDRESS}]}}]")),
         {"no-pods": 2, "pods": 0}, {"pods": ["opens_everything"]}),
    Case("an allow of the admin tier takes precedence", (admin("pods", "Allow"), policy("shop/deny", CLOSED)),
         {"pods": 2, "deny": 1}, {"pods": []}),
    Case("who passes on changes nothing alone", (admin("pass", "Pass"),), {"pass": 0}, {}),
    Case("who passes on before a deny", (admin("pass", "Pass"), admin("stop", "Deny", priority=6)),
         {"pass": 2, "stop": 0}, {}),
    Case("a deny behind an earlier one of all", (admin("first", "Deny"), admin("second", "Deny", priority=6)),
         {"first": 0, "second": 0}, {}),
    Case("the baseline holds where no NetworkPolicy does", (baseline("Deny"),), {"default": 2}, {}),
    Case("a NetworkPolicy overrules the baseline", (baseline("Deny"), policy("shop/b", FROM_B)),
         {"default": 0, "b": 2}, {}),
    Case("both tiers in one API",
         (cluster_policy("adm", "Admin", "Accept", 1), cluster_policy("base", "Baseline", "Deny", 1)),
         {"adm": 2, "base": 0}, {}),
    Case("policies of equal priority that disagree: without one of them it is known",
         (admin("let", "Allow"), admin("stop", "Deny")), {"let": 2, "stop": 2}, {}),
    Case("one that is set aside makes all it may select unknown",
         (policy("shop/bad", "podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelectors: {}}]}]"),),
         {"bad": EVERYONE_ELSE}, {"bad": ["set_aside"]}),
    Case("one that is not evaluated", (custom("cilium.io/v2", "CiliumNetworkPolicy", "shop/other", ""),),
         {"other": 12}, {"other": ["not_evaluated"]}),
    Case("one name, two contents: what they agree on is no change",
         (policy("shop/x", CLOSED), policy("shop/x", FROM_B)), {"x": EVERYONE_ELSE}, {}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_a_policy_changes(case: Case) -> None:
    analysis = analysed(*SHOP, *case.policies)
    assert {outline(analysis, name).first.name: count for name, count in changes(analysis)} == case.changes
    marks = {each.first.name: list(each.marks) for each in outlines(analysis)}
    assert {name: marks[name] for name in case.marks} == case.marks
    for name, count in changes(analysis):
        found, blocks = changed(analysis, name)
        assert found == count == pairs_in(blocks, ()), "the pairs are as many as are counted"


def decides(analysis: Analysis, name: str) -> list[set[tuple[str, str]]]:
    return [{(s, d) for sources, destinations in each.decides for s in sources for d in destinations if s != d}
            for each in rules_of(analysis, name)]  # fmt: skip


def test_a_rule_decides_what_it_lets_pass_and_the_other_end_too() -> None:
    let_in = f"{FROM_B[:-1]}, {{from: [{{podSelector: {{}}}}]}}]"
    shut = "podSelector: {matchLabels: {app: b}}, policyTypes: [Egress]"
    name = "NetworkPolicy/shop/a"
    assert decides(analysed(*SHOP, policy("shop/a", let_in)), name) == [{(B, A)}, {(B, A), (C, A)}]
    assert decides(analysed(*SHOP, policy("shop/a", let_in), policy("shop/b", shut)), name) == [set(), {(C, A)}]
    assert decides(analysed(*SHOP, policy("shop/a", let_in), admin("no-pods", "Deny")), name) == [set(), set()]


def test_a_rule_of_the_admin_tier_decides_what_no_rule_before_it_does() -> None:
    analysis = analysed(*SHOP, admin("first", "Deny"), admin("second", "Deny", priority=6), policy("shop/b", FROM_B))
    assert decides(analysis, "AdminNetworkPolicy/first") == [{(B, A), (C, A)}]
    assert decides(analysis, "AdminNetworkPolicy/second") == [set()]


def test_a_rule_of_the_baseline_decides_where_no_network_policy_isolates() -> None:
    name = "BaselineAdminNetworkPolicy/default"
    assert decides(analysed(*SHOP, baseline("Deny")), name) == [{(B, A), (C, A)}]
    assert decides(analysed(*SHOP, baseline("Deny"), policy("shop/b", FROM_B)), name) == [set()]


def test_the_ways_from_a_workload_to_policies() -> None:
    analysis = analysed(
        *SHOP,
        policy("shop/b", FROM_B),
        policy("shop/nobody", "podSelector: {matchLabels: {app: nobody}}, ingress: [{}]"),
    )
    assert selecting(analysis, A) == ["NetworkPolicy/shop/b"]
    assert selecting(analysis, B) == []
    assert [(policy.name, rule.index, certain) for policy, rule, certain in mentioning(analysis, B)] == [("b", 0, True)]
    assert list(mentioning(analysis, C)) == []
    assert outline(analysis, "NetworkPolicy/shop/b").selected == (A,)


def test_a_workload_of_several_pods_is_counted_with_itself() -> None:
    twins = custom(
        "apps/v1",
        "Deployment",
        "shop/twins",
        "replicas: 2, template: {metadata: {labels: {app: twin}}, spec: {containers: [{name: c, image: i}]}}",
    )
    closed = policy("shop/deny", "podSelector: {matchLabels: {app: twin}}, policyTypes: [Ingress]")
    analysis = analysed(*SHOP[:1], twins, closed)
    ((_, count),) = changes(analysis)
    assert count == 2, "the other pod, and the internet"
