"""Each row of a comparison names the edit that made it; where there was one edit only, it names that one."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.diff.test_changes import WORLD, analysis, policy
from tests.engine.random_clusters import RandomCluster, clusters, write
from webapp.analysis import Assumptions, evaluate
from webapp.diff import compare
from webapp.diff.causes import Causes
from webapp.manifests import COMMAND_LINE_BUDGET, read
from webapp.manifests.editing import policy_ids, without

ALLOW = policy("{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}")
DENY = policy("{podSelector: {}, policyTypes: [Ingress]}", "deny")


def _told(base: str, head: str) -> set[str]:
    one, two = analysis(base), analysis(head)
    changes = compare(one, two)
    causes = Causes(one, two, changes)
    return {str(cause) for row in changes.rows for cause in causes.of(row)}


@pytest.mark.parametrize(
    ("base", "head", "told"),
    [
        (WORLD, WORLD + ALLOW, {"NetworkPolicy x/p added"}),
        (WORLD + DENY, WORLD + DENY + ALLOW, {"NetworkPolicy x/p added: ingress rule 1"}),
        (WORLD + DENY + ALLOW, WORLD + ALLOW, {"NetworkPolicy x/deny removed"}),
        (WORLD + ALLOW, WORLD + ALLOW.replace("80", "81"), {"NetworkPolicy x/p changed: ingress rule 1"}),
        (WORLD + ALLOW, WORLD + ALLOW.replace("app: a", "app: b"), {"NetworkPolicy x/p changed: whom it selects"}),
        (
            WORLD + DENY,
            WORLD + DENY.replace("[Ingress]", "[Egress]"),
            {"NetworkPolicy x/deny changed: the directions that it isolates"},
        ),
        (
            WORLD + ALLOW,
            WORLD.replace("labels: {app: a}", "labels: {app: c}") + ALLOW,
            {"Deployment x/a changed: label app: a became c"},
        ),
        (
            WORLD + ALLOW,
            WORLD + ALLOW.replace("port: 80", "port: 80000"),
            {"NetworkPolicy x/p changed: cannot be evaluated"},
        ),
        (
            WORLD + policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {t: a}}}]}]}"),
            WORLD.replace("name: x}", "name: x, labels: {t: a}}", 1)
            + policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {t: a}}}]}]}"),
            {"Namespace x changed: label t: a, new"},
        ),
    ],
)
def test_the_edit_is_named(base: str, head: str, told: set[str]) -> None:
    assert _told(base, head) == told


def test_a_new_workload_is_its_own_cause() -> None:
    more = "apiVersion: v1\nkind: Pod\nmetadata: {name: c, namespace: x}\n---\n"
    assert _told(WORLD, WORLD + more) == {"Pod x/c added"}
    assert _told(WORLD + more, WORLD) == {"Pod x/c removed"}


@given(clusters())
def test_one_policy_less_is_the_cause_of_every_row(cluster: RandomCluster) -> None:
    intake = read(write(cluster.manifests), COMMAND_LINE_BUDGET)
    head = evaluate(intake, Assumptions())
    names = {
        policy.id: f"{policy.kind} {policy.namespace}/{policy.name}" for policy in head.policies if policy.namespace
    }
    for identity in sorted(policy_ids(intake) & names.keys())[:3]:
        base = evaluate(without(intake, {identity}), Assumptions())
        changes = compare(base, head)
        causes = Causes(base, head, changes)
        for row in changes.rows[:40]:
            assert {cause.object for cause in causes.of(row)} == {names[identity]}
