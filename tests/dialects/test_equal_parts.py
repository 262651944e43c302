"""Equal parts of policies are decoded once, and nobody can tell: what is wrong is told of each, where it stands."""

from webapp.dialects import compile_policies
from webapp.manifests import SourceFile, read
from webapp.model.policy import Direction, Policy
from webapp.model.ports import PortSet
from webapp.model.problem import Problem

POLICY = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {0}, namespace: {0}}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  ingress:
  - from: [{{podSelector: {{matchLabels: {{app: {1}}}}}}}]
    ports: [{{port: {2}}}]
"""


def compiled(*texts: str) -> tuple[dict[str, Policy], tuple[Problem, ...]]:
    policies, problems = compile_policies(read([SourceFile("p.yaml", "".join(texts).encode())]).documents)
    return {policy.name: policy for policy in policies}, problems


def test_equal_rules_of_two_policies_keep_their_own_places_and_namespaces() -> None:
    found, problems = compiled(POLICY.format("a", "api", 80), POLICY.format("b", "api", 80))
    assert not problems
    (one,), (other,) = (found[name].rules[Direction.INGRESS] for name in "ab")
    assert one.peers is other.peers
    assert one.ports is other.ports is PortSet.single("TCP", 80)
    assert (one.source.line, other.source.line) == (8, 17)
    assert [found[name].subject.namespace for name in "ab"] == ["a", "b"]


def test_equal_faults_are_told_of_each_policy_at_its_own_place() -> None:
    found, problems = compiled(POLICY.format("a", "api", 0), POLICY.format("b", "api", 0))
    assert [policy.set_aside for policy in found.values()] == ["policy_set_aside"] * 2
    assert [(p.object, p.code, p.source and p.source.line) for p in problems] == [
        ("NetworkPolicy a/a", "port_out_of_range", 9),
        ("NetworkPolicy b/b", "port_out_of_range", 18),
    ]


def test_a_text_and_a_number_are_not_equal() -> None:
    found, problems = compiled(POLICY.format("a", "api", 80), POLICY.format("b", "api", '"80"'))
    assert not found["a"].set_aside
    assert [problem.code for problem in problems] == ["port_name_invalid"]


def test_what_is_sound_beside_a_fault_is_not_taken_over_from_it() -> None:
    broken = POLICY.format("a", "api", 80).replace("podSelector: {matchLabels: {app: web}}", "podSelector: [x]", 1)
    found, _ = compiled(broken, POLICY.format("b", "api", 80))
    assert found["a"].set_aside == "policy_set_aside"
    assert found["b"].rules[Direction.INGRESS][0].ports is PortSet.single("TCP", 80)
    assert found["b"].subject.pods is not None
