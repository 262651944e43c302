"""What the API server would reject is reported with its path, and the policy is set aside (spec §10.1, N1-N17)."""

import pytest

from webapp.dialects import compile_policies
from webapp.manifests import SourceFile, read
from webapp.model.policy import Direction, Policy
from webapp.model.problem import Problem


def compiled(spec: str, metadata: str = "{name: p, namespace: x}") -> tuple[Policy, list[Problem]]:
    text = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {metadata}\nspec: {spec}\n"
    intake = read([SourceFile("p.yaml", text.encode())])
    (policy,), problems = compile_policies(intake.documents)
    return policy, [*intake.problems, *problems]


def ingress(rule: str) -> str:
    return f"{{podSelector: {{}}, ingress: [{rule}]}}"


FAULTS = [
    ("N2", "{policyTypes: [Ingress, Ingress, Egress]}", "spec.policyTypes"),
    ("N3", "{policyTypes: [ingress]}", "spec.policyTypes[0]"),
    ("N4", ingress("{ports: [{protocol: tcp, port: 80}]}"), "spec.ingress[0].ports[0].protocol"),
    ("N4 ICMP", ingress("{ports: [{protocol: ICMP}]}"), "spec.ingress[0].ports[0].protocol"),
    ("N5 0", ingress("{ports: [{port: 0}]}"), "spec.ingress[0].ports[0].port"),
    ("N5 65536", ingress("{ports: [{port: 80}, {port: 65536}]}"), "spec.ingress[0].ports[1].port"),
    ("N5 -1", ingress("{ports: [{port: -1}]}"), "spec.ingress[0].ports[0].port"),
    ("N6 digits", ingress('{ports: [{port: "80"}]}'), "spec.ingress[0].ports[0].port"),
    ("N6 long", ingress("{ports: [{port: a-name-of-sixteen}]}"), "spec.ingress[0].ports[0].port"),
    ("N6 range", ingress("{ports: [{port: 8000-8100}]}"), "spec.ingress[0].ports[0].port"),
    ("N6 dashes", ingress("{ports: [{port: a--b}]}"), "spec.ingress[0].ports[0].port"),
    ("N6 empty", ingress('{ports: [{port: ""}]}'), "spec.ingress[0].ports[0].port"),
    ("N6 arabic", ingress("{ports: [{port: ٣}]}"), "spec.ingress[0].ports[0].port"),
    ("N6 spaces", ingress('{ports: [{port: " 80 "}]}'), "spec.ingress[0].ports[0].port"),
    ("N6 upper", ingress("{ports: [{port: HTTP}]}"), "spec.ingress[0].ports[0].port"),
    ("float", ingress("{ports: [{port: 80.5}]}"), "spec.ingress[0].ports[0].port"),
    ("nan", ingress("{ports: [{port: .nan}]}"), "spec.ingress[0].ports[0].port"),
    ("bool", ingress("{ports: [{port: true}]}"), "spec.ingress[0].ports[0].port"),
    ("5000 digits", ingress("{ports: [{port: " + "9" * 5000 + "}]}"), "spec.ingress[0].ports[0].port"),
    ("N7", ingress("{ports: [{port: 80, endPort: 79}]}"), "spec.ingress[0].ports[0].endPort"),
    ("N7 high", ingress("{ports: [{port: 80, endPort: 65536}]}"), "spec.ingress[0].ports[0].endPort"),
    ("N8", ingress("{ports: [{port: http, endPort: 80}]}"), "spec.ingress[0].ports[0].endPort"),
    ("N9", ingress("{ports: [{endPort: 80}]}"), "spec.ingress[0].ports[0].endPort"),
    ("N10", ingress("{from: [{}]}"), "spec.ingress[0].from[0]"),
    ("N10 null", ingress("{from: [null]}"), "spec.ingress[0].from[0]"),
    ("N11", ingress("{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}"), "spec.ingress[0].from[0].ipBlock"),
    ("N12 missing", ingress("{from: [{ipBlock: {}}]}"), "spec.ingress[0].from[0].ipBlock.cidr"),
    ("N12 bare", ingress("{from: [{ipBlock: {cidr: 10.0.0.1}}]}"), "spec.ingress[0].from[0].ipBlock.cidr"),
    ("N12 33", ingress("{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}"), "spec.ingress[0].from[0].ipBlock.cidr"),
    ("N12 mask", ingress("{from: [{ipBlock: {cidr: 1.2.3.4/255.0.0.0}}]}"), "spec.ingress[0].from[0].ipBlock.cidr"),
    ("N12 zone", ingress('{from: [{ipBlock: {cidr: "fe80::1%eth0/64"}}]}'), "spec.ingress[0].from[0].ipBlock.cidr"),
    ("N13 same", ingress("{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}"),
     "spec.ingress[0].from[0].ipBlock.except[0]"),
    ("N13 outside", ingress("{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/16]}}]}"),
     "spec.ingress[0].from[0].ipBlock.except[1]"),
    ("N13 family", ingress('{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ["::/64"]}}]}'),
     "spec.ingress[0].from[0].ipBlock.except[0]"),
    ("N14", "{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
     "spec.podSelector.matchExpressions[0].values"),
    ("N15", "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
     "spec.podSelector.matchExpressions[0].values"),
    ("N16 in", "{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}",
     "spec.podSelector.matchExpressions[0].operator"),
    ("N16 key", "{podSelector: {matchLabels: {'a b': c}}}", "spec.podSelector.matchLabels"),
    ("N16 value", "{podSelector: {matchLabels: {a: 'b c'}}}", "spec.podSelector.matchLabels"),
    ("N17 unknown", "{podSelectors: {}}", "spec.podSelectors"),
    ("N17 number", "{podSelector: {matchLabels: {version: 1}}}", "spec.podSelector.matchLabels.version"),
    ("N17 list", "{podSelector: []}", "spec.podSelector"),
    ("N17 text", "{ingress: everything}", "spec.ingress"),
    ("N17 rule", ingress("{form: []}"), "spec.ingress[0].form"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "path"), [pytest.param(s, p, id=i) for i, s, p in FAULTS])
def test_a_policy_that_the_api_server_rejects_is_set_aside_with_the_path(spec: str, path: str) -> None:
    policy, problems = compiled(spec)
    assert policy.set_aside == "policy_set_aside"
    assert all(not rules for rules in policy.rules.values())
    found = [problem for problem in problems if problem.severity == "error"]
    assert path in [problem.path for problem in found]
    for problem in found:
        assert problem.object == "NetworkPolicy x/p"
        assert problem.source is not None
        assert problem.source.line == 4


@pytest.mark.parametrize(
    ("spec", "directions", "whole"),
    [
        ("{podSelector: {matchLabels: {a: b}}, ingress: [{ports: [{port: 0}]}]}", {"ingress"}, False),
        ("{podSelector: {matchLabels: {a: b}}, policyTypes: [Egress], egress: [{ports: [{port: 0}]}]}",
         {"egress"}, False),
        ("{podSelector: {matchLabels: {a: b}}, egress: [{ports: [{port: 0}]}]}", {"ingress", "egress"}, False),
        ("{podSelector: {matchLabels: {a: b}}, policyTypes: [Nothing]}", {"ingress", "egress"}, False),
        ("{podSelector: {matchLabels: {a: 1}}, policyTypes: [Ingress]}", {"ingress"}, True),
        ("{podSelectors: {matchLabels: {a: b}}, policyTypes: [Ingress]}", {"ingress"}, True),
        ("{podSelector: {matchLabels: {a: b}}, policytypes: [Egress]}", {"ingress", "egress"}, False),
        ("{podSelector: {matchLabels: {a: b}}, policyTypes: [Ingress, egress]}", {"ingress", "egress"}, False),
        ("everything", {"ingress", "egress"}, True),
    ],
)  # fmt: skip
def test_what_is_set_aside_may_select_no_less_than_was_meant(spec: str, directions: set[str], whole: bool) -> None:
    policy, _ = compiled(spec)
    assert {str(direction) for direction in policy.rules} == directions
    assert policy.subject.namespace == "x"
    assert (policy.subject.pods is None) == whole


def test_a_key_given_twice_sets_the_policy_aside() -> None:
    spec = "\n  podSelector: {matchLabels: {a: b}}\n  podSelector: {}\n"
    policy, problems = compiled(spec)
    assert policy.set_aside
    assert policy.subject.pods is None
    assert [problem.code for problem in problems if problem.severity == "error"] == ["duplicate_key"]


@pytest.mark.parametrize(
    "metadata", ["{name: Bad_Name, namespace: x}", "{namespace: x}", "{name: p, namespace: x, colour: red}"]
)
def test_a_bad_name_or_an_unknown_key_of_metadata_does_not_set_a_policy_aside(metadata: str) -> None:
    policy, _ = compiled("{podSelector: {}}", metadata)
    assert not policy.set_aside


@pytest.mark.parametrize(
    "metadata", ["{name: p, namespace: x, labels: {a: 1}}", "{name: p, namespace: x, annotations: {a: yes}}"]
)
def test_a_label_or_annotation_that_is_no_string_is_a_decode_error(metadata: str) -> None:
    policy, problems = compiled("{podSelector: {}}", metadata)
    assert policy.set_aside
    assert "wrong_type" in [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("spec", "ingress_rules", "egress_rules"),
    [
        ("{}", 0, None),
        ("{podSelector: null, egress: [{}]}", 0, 1),
        ("{egress: []}", 0, None),
        ("{policyTypes: [], egress: [{}]}", 0, 1),
        ("{policyTypes: [Egress], ingress: [{}]}", None, 0),
        ("{policyTypes: [Ingress, Ingress], ingress: [null]}", 1, None),
    ],
)
def test_effective_policy_types(spec: str, ingress_rules: int | None, egress_rules: int | None) -> None:
    policy, _ = compiled(spec)
    assert not policy.set_aside
    counts = {direction: len(rules) for direction, rules in policy.rules.items()}
    assert counts.get(Direction.INGRESS) == ingress_rules
    assert counts.get(Direction.EGRESS) == egress_rules
