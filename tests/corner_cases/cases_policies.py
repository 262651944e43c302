"""Rows 1-39: which directions and pods a policy selects, which peers its rules select."""

# ruff: noqa: E501  (one row of the table, one entry: wrapped lines read worse)

from __future__ import annotations

from tests.corner_cases.case import Case
from tests.corner_cases.world import (
    SERVED,
    cnp,
    documents,
    everyone,
    in_namespace,
    namespace,
    nodes,
    np,
    outside_namespace,
    pod,
    pods,
    policy,
    world,
)
from webapp.analysis import Assumptions


def given(*objects: str) -> str:
    return documents([world(), *objects])


def named(keys: dict[str, str]) -> str:
    """The world with labels on some of its namespaces."""
    return documents([*(namespace(name, keys.get(name, "")) for name in "xyz"), *nodes(), *pods()])


NOT_X = f"namespaceSelector: {{{outside_namespace('x')}}}"
OPEN_TO = "egress: [{to: [{podSelector: {matchLabels: {pod: %s}}, namespaceSelector: {%s}}]}]"


BARE_DASH = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: np
  namespace: x
spec:
  podSelector:
  policyTypes:
    - Ingress
  ingress:
    -
"""


def team(expression: str) -> str:
    return everyone(
        f"ingress: [{{from: [{{namespaceSelector: {{matchExpressions: [{{key: team, {expression}}}]}}}}]}}]"
    )


def tier_label(selector: str) -> str:
    """Whom the peers of x/a are, by their label `tier`."""
    return np(f"ingress: [{{from: [{{podSelector: {{{selector}}}}}]}}]")


TIER_LABELS = documents([
    world(),
    pod("x/absent", "app: absent", ports=SERVED),
    pod("x/empty", 'tier: ""', ports=SERVED),
    pod("x/v", "tier: v", ports=SERVED),
])  # fmt: skip

CASES = (
    Case(1, "no policy", world(), (
        "x/a -> y/b: allowed because not_isolated", "x/a -> internet: allowed", "internet -> x/a: allowed",
    )),
    Case(2, "default deny ingress", given(everyone()), (
        "y/b -> x/a: blocked at target because no_rule_matches", "x/a -> y/b: allowed", "internet -> x/a: blocked at target",
    )),
    Case(3, "only podSelector", given(policy("podSelector: {}")), (
        "y/b -> x/a: blocked at target", "x/a -> y/b: allowed", "x/a -> internet: allowed",
    )),
    Case(4, "no policyTypes, egress with an empty rule", given(policy("podSelector: {matchLabels: {pod: a}}, egress: [{}]")), (
        "y/b -> x/a: blocked at target", "internet -> x/a: blocked at target", "x/a -> y/b: allowed because rule_allows",
        "x/a -> internet: allowed", "y/b -> x/b: allowed",
    )),
    Case(5, "no policyTypes, egress empty", given(policy("podSelector: {}, egress: []")), (
        "y/b -> x/a: blocked at target", "x/a -> y/b: allowed because not_isolated",
    )),
    Case(6, "policyTypes empty is as missing", given(policy("podSelector: {}, policyTypes: [], egress: [{to: [{podSelector: {}}]}]")), (
        "y/b -> x/a: blocked at target", "x/a -> y/b: blocked at source", "x/a -> internet: blocked at source",
    )),
    Case(6, "policyTypes empty, no egress", given(policy("podSelector: {}, policyTypes: []")), (
        "y/b -> x/a: blocked at target", "x/a -> y/b: allowed",
    )),
    Case(7, "ingress rules that policyTypes does not list", given(everyone("ingress: [{from: [{podSelector: {}}]}]", types="Egress")), (
        "y/b -> x/a: allowed because not_isolated", "x/a -> y/b: blocked at source",
    )),
    Case(8, "policyTypes Ingress with egress empty", given(everyone("egress: []")), (
        "x/a -> y/b: allowed", "y/b -> x/a: blocked at target",
    )),
    Case(9, "policyTypes twice the same", given(everyone(types="Ingress, Ingress")), (
        "y/b -> x/a: blocked at target", "x/a -> y/b: allowed",
    )),
    Case(9, "three policyTypes", given(everyone(types="Ingress, Egress, Ingress")), (
        "y/b -> x/a: unknown because policy_set_aside", "x/a -> y/b: unknown", "y/b -> z/a: allowed",
    ), problems=("spec.policyTypes",)),
    Case(10, "egress without rules", given(everyone(types="Egress")), (
        "x/a -> y/b: blocked at source", "x/a -> x/b: blocked at source", "x/a -> internet: blocked at source", "y/b -> x/a: allowed",
    )),
    Case(11, "podSelector null", given(policy("podSelector: null, policyTypes: [Ingress]")), (
        "y/b -> x/a: blocked at target", "y/b -> x/c: blocked at target", "y/b -> z/a: allowed",
    )),
    Case(12, "deny all and allow all on one pod", given(np(), np("ingress: [{}]", name="open")), (
        "y/b -> x/a: allowed because rule_allows", "internet -> x/a: allowed",
    )),
    Case(13, "the source allows, the destination does not", given(
        np(OPEN_TO % ("b", in_namespace("y")), types="Egress"), np(subject="b", home="y"),
    ), ("x/a -> y/b: blocked at target", "x/a -> y/a: blocked at source")),
    Case(14, "the destination allows, the source does not", given(
        np(OPEN_TO % ("a", in_namespace("y")), types="Egress"),
        np(f"ingress: [{{from: [{{podSelector: {{matchLabels: {{pod: a}}}}, namespaceSelector: {{{in_namespace('x')}}}}}]}}]",
           subject="b", home="y"),
    ), ("x/a -> y/b: blocked at source", "x/a -> y/a: allowed", "z/a -> y/b: blocked at target")),
    Case(15, "a policy reaches its own namespace only", given(everyone(types="Ingress, Egress")), (
        "y/b -> z/c: allowed because not_isolated", "y/b -> x/a: blocked at target", "x/a -> y/b: blocked at source",
    )),
    Case(16, "one empty rule allows all", given(np("ingress: [{}]")), ("y/b -> x/a: allowed", "internet -> x/a: allowed")),
    Case(17, "a null rule allows all", given(np("ingress: [null]")), ("y/b -> x/a: allowed", "internet -> x/a: allowed")),
    Case(17, "a bare dash allows all", given(BARE_DASH), ("y/b -> x/a: allowed", "internet -> x/a: allowed")),
    Case(18, "from empty, ports 80", given(np("ingress: [{from: [], ports: [{port: 80}]}]")), (
        "y/b -> x/a:80: allowed", "internet -> x/a:80: allowed", "y/b -> x/a:81: blocked", "y/b -> x/a:80/UDP: blocked",
    )),
    Case(18, "from missing, ports 80", given(np("ingress: [{ports: [{port: 80}]}]")), (
        "y/b -> x/a:80: allowed", "internet -> x/a:80: allowed", "internet -> x/a:81: blocked because port_mismatch",
    )),
    Case(19, "an empty peer", given(np("ingress: [{from: [{}]}]")), (
        "y/b -> x/a: unknown because policy_set_aside", "x/a -> y/b: allowed", "y/b -> x/b: allowed",
    ), problems=("spec.ingress[0].from[0]",)),
    Case(20, "podSelector in a peer: own namespace", given(np("ingress: [{from: [{podSelector: {}}]}]")), (
        "x/b -> x/a: allowed", "y/b -> x/a: blocked at target", "internet -> x/a: blocked at target",
    )),
    Case(21, "namespaceSelector in a peer: every pod", given(np("ingress: [{from: [{namespaceSelector: {}}]}]")), (
        "x/b -> x/a: allowed", "y/b -> x/a: allowed", "internet -> x/a: blocked at target",
    )),
    Case(22, "both selectors empty", given(np("ingress: [{from: [{namespaceSelector: {}, podSelector: {}}]}]")), (
        "x/b -> x/a: allowed", "y/b -> x/a: allowed", "internet -> x/a: blocked at target",
    )),
    Case(23, "namespace and pod", given(np(f"ingress: [{{from: [{{{NOT_X}, podSelector: {{matchLabels: {{pod: b}}}}}}]}}]")), (
        "x/b -> x/a: blocked because namespace_mismatch", "y/a -> x/a: blocked because peer_mismatch", "y/b -> x/a: allowed",
    )),
    Case(24, "namespace or pod", given(np(f"ingress: [{{from: [{{{NOT_X}}}, {{podSelector: {{matchLabels: {{pod: b}}}}}}]}}]")), (
        "x/b -> x/a: allowed", "x/c -> x/a: blocked", "y/a -> x/a: allowed",
    )),
    Case(25, "podSelector null beside namespaceSelector", given(
        np(f"ingress: [{{from: [{{podSelector: null, namespaceSelector: {{{in_namespace('z')}}}}}]}}]"),
    ), ("z/a -> x/a: allowed", "z/c -> x/a: allowed", "x/b -> x/a: blocked", "y/b -> x/a: blocked")),
    Case(26, "by the name label", given(np(f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('y')}}}}}]}}]")), (
        "y/b -> x/a: allowed", "z/b -> x/a: blocked", "x/b -> x/a: blocked",
    )),
    Case(27, "a manifest cannot choose the name label", documents([
        named({"x": "kubernetes.io/metadata.name: foo"}),
        np(f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('x')}}}}}]}}]", home="y", subject="a", name="by-x"),
        np(f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('foo')}}}}}]}}]", home="y", subject="b"),
    ]), ("x/a -> y/a: allowed", "x/a -> y/b: blocked")),
    Case(28, "an undeclared namespace by name", given(
        pod("q/a", "pod: a"), np(f"ingress: [{{from: [{{namespaceSelector: {{{in_namespace('q')}}}}}]}}]"),
    ), ("q/a -> x/a: allowed", "y/a -> x/a: blocked"), warnings=("metadata.namespace",)),
    Case(28, "an undeclared namespace by another label", given(
        pod("q/a", "pod: a"), np("ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]"),
    ), ("q/a -> x/a: unknown because undeclared_namespace_labels", "y/a -> x/a: blocked"), warnings=("metadata.namespace",)),
    Case(29, "NotIn on an absent key", documents([named({"y": "team: x", "z": "team: other"}), team("operator: NotIn, values: [x]")]), (
        "x/b -> x/a: allowed", "y/b -> x/a: blocked", "z/b -> x/a: allowed",
    )),
    Case(30, "In on an absent key", documents([named({"y": "team: v"}), team("operator: In, values: [v]")]), (
        "x/b -> x/a: blocked", "y/b -> x/a: allowed",
    )),
    Case(31, "Exists with an empty value", documents([named({"y": 'team: ""'}), team("operator: Exists")]), (
        "y/b -> x/a: allowed", "z/b -> x/a: blocked",
    )),
    Case(32, "DoesNotExist", documents([named({"y": 'team: ""'}), team("operator: DoesNotExist")]), (
        "y/b -> x/a: blocked", "z/b -> x/a: allowed",
    )),
    Case(33, "an empty value is not an absent key", documents([TIER_LABELS, tier_label('matchLabels: {tier: ""}')]), (
        "x/absent -> x/a: blocked", "x/empty -> x/a: allowed", "x/v -> x/a: blocked",
    )),
    Case(34, "a selector that contradicts itself", documents([
        TIER_LABELS, tier_label("matchLabels: {tier: v}, matchExpressions: [{key: tier, operator: NotIn, values: [v]}]"),
    ]), ("x/absent -> x/a: blocked", "x/empty -> x/a: blocked", "x/v -> x/a: blocked")),
    Case(35, "empty matchLabels and matchExpressions", given(np("ingress: [{from: [{podSelector: {matchLabels: {}, matchExpressions: []}}]}]")), (
        "x/b -> x/a: allowed", "y/b -> x/a: blocked",
    )),
    Case(36, "operator in lower case", given(np(
        "ingress: [{from: [{podSelector: {matchExpressions: [{key: pod, operator: in, values: [b]}]}}]}]",
    )), ("x/b -> x/a: unknown because policy_set_aside",), problems=("spec.ingress[0].from[0].podSelector.matchExpressions[0].operator",)),
    Case(36, "operator in lower case in a ClusterNetworkPolicy", given(cnp(
        "ingress: [{action: Deny, from: [{namespaces: {matchExpressions: [{key: team, operator: in, values: [b]}]}}]}]",
    )), ("y/b -> x/a: allowed",), problems=("spec.ingress[0].from[0].namespaces.matchExpressions[0].operator",)),
    Case(37, "In without values in a ClusterNetworkPolicy", given(cnp(
        "ingress: [{action: Deny, from: [{namespaces: {matchExpressions: [{key: team, operator: In, values: []}]}}]}]",
    )), ("y/b -> x/a: allowed",), problems=("spec.ingress[0].from[0].namespaces.matchExpressions[0].values",)),
    Case(38, "a number as a label", documents([
        world(), pod("x/n", "version: 1", ports=SERVED), np('ingress: [{from: [{podSelector: {matchLabels: {version: "1"}}}]}]'),
    ]), ("x/n -> x/a: unknown because labels_unknown", "x/b -> x/a: blocked"), problems=("metadata.labels.version",)),
    Case(38, "a number in a selector", given(np("ingress: [{from: [{podSelector: {matchLabels: {version: 1}}}]}]")), (
        "x/b -> x/a: unknown because policy_set_aside",
    ), problems=("spec.ingress[0].from[0].podSelector.matchLabels.version",)),
    Case(39, "before the namespace is relabelled", documents([named({}), team("operator: In, values: [v]")]), ("y/b -> x/a: blocked",)),
    Case(39, "after the namespace is relabelled", documents([named({"y": "team: v"}), team("operator: In, values: [v]")]), ("y/b -> x/a: allowed",)),
    Case(138, "NotIn where the labels are unknown", given(
        pod("q/a", "pod: a"), team("operator: NotIn, values: [v]"),
    ), ("q/a -> x/a: unknown because undeclared_namespace_labels", "y/a -> x/a: allowed"), warnings=("metadata.namespace",)),
    Case(138, "NotIn where an undeclared namespace is taken as unlabelled", given(
        pod("q/a", "pod: a"), team("operator: NotIn, values: [v]"),
    ), ("q/a -> x/a: allowed", "y/a -> x/a: allowed"), switches=Assumptions(undeclared_namespaces="unlabelled")),
)  # fmt: skip
