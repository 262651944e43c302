"""A rule decides the pairs of which a single question says so."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import Phase, given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions
from webapp.analysis import Analysis, analyze
from webapp.insight.policies import rules_of
from webapp.model.policy import Action, Direction, Tier
from webapp.model.ports import ALL, NONE
from webapp.model.verdict import Verdict

Decision = tuple[int, str, str]
"""A rule (its identity in memory), a source and a destination."""


@given(clusters())
@settings(max_examples=settings().max_examples, phases=[Phase.generate])
def test_a_rule_decides_the_pairs_that_rest_on_it(cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    if any(end.columns.bit_count() > 1 for end in analysis.ends.all):
        return  # of these a single question asks one of the pods
    for _, source, destination in decided(analysis, Action.DENY):
        assert analysis.ports(source, destination)[0] is not ALL
    found = set(decided(analysis, Action.ALLOW))
    told = set(asked(analysis))
    assert found <= told or has_two_generations(analysis), "either may be asked first; a question tries one order"
    assert {each for each in told - found if is_sure(analysis, each)} == set()


def has_two_generations(analysis: Analysis) -> bool:
    kinds = {(policy.tier, policy.kind == "ClusterNetworkPolicy") for policy in analysis.policies}
    return any((tier, True) in kinds and (tier, False) in kinds for tier in (Tier.ADMIN, Tier.BASELINE))


def decided(analysis: Analysis, action: Action) -> Iterator[Decision]:
    for identity in analysis.numbers_of:
        for each in rules_of(analysis, identity):
            if each.rule.action is action:
                for sources, destinations in each.decides:
                    yield from (
                        (id(each.rule), s, d) for s in sources for d in destinations if may_meet(analysis, s, d)
                    )


def asked(analysis: Analysis) -> Iterator[Decision]:
    ids = [end.id for end in analysis.ends.all]
    for source in ids:
        for destination in ids:
            if not may_meet(analysis, source, destination):
                continue
            trace = analysis.decide(source, destination)
            for step in (*trace.egress.steps, *trace.ingress.steps):
                passes = (step.ports or ALL) & trace.ports is not NONE
                if step.reason == "rule_allows" and step.outcome is Verdict.ALLOWED and passes:
                    yield id(step.rule), source, destination


def may_meet(analysis: Analysis, source: str, destination: str) -> bool:
    workloads = analysis.workload_by_id
    if source == destination:
        return source in workloads and workloads[source].reaches_itself
    return source in workloads or destination in workloads


def is_sure(analysis: Analysis, decision: Decision) -> bool:
    """Whether the policy of a rule certainly selects the end whose side the rule is on."""
    rule, source, destination = decision
    for number, policy in enumerate(analysis.policies):
        for direction, rules in policy.rules.items():
            if any(id(each) == rule for each in rules):
                subject = source if direction is Direction.EGRESS else destination
                end = analysis.ends.all[analysis.ends.number[subject]]
                return bool(analysis.deciding.policy(number).certain & end.columns)
    return False
