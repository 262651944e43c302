"""Near misses agree with the verdicts that they explain, and words are compared as people misspell them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions, listed_pairs
from webapp.analysis import Analysis, analyze
from webapp.engine.addressgaps import end_of
from webapp.engine.gaps import Gauge
from webapp.engine.pairs import common_families
from webapp.engine.spelling import is_slip
from webapp.model.policy import Direction
from webapp.model.ports import PortSet
from webapp.model.verdict import Trace, Verdict

PORT_GAPS = {"port_mismatch", "protocol_mismatch", "named_port_absent"}
NO_FAILURES = {"labels_unknown", "undeclared_namespace_labels", "address_unknown", "domain_name", "node_unknown"}


@given(clusters())
@settings(max_examples=max(60, settings().max_examples // 4))
def test_the_gaps_of_a_rule_are_those_for_which_it_failed(cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    dice = random.Random(cluster.seed)
    pairs = list(listed_pairs(analysis))
    for source, destination in dice.sample(pairs, min(25, len(pairs))):
        trace = analysis.decide(source, destination, dice.choice(("TCP", "UDP")), dice.choice((53, 80, 81, 8080)))
        check_attempts(analysis, trace)
        near = analysis.near_misses(trace)
        blocked = {side.direction for side in (trace.egress, trace.ingress) if side.verdict is Verdict.BLOCKED}
        assert set(near) == (blocked if trace.verdict is Verdict.BLOCKED else set())
        for nearest in near.values():
            costs = [miss.cost for miss in nearest.misses]
            assert costs == sorted(costs)
            assert all(cost > 0 for cost in costs)
            assert len(costs) <= 5
            assert nearest.looked_at <= nearest.rules


def check_attempts(analysis: Analysis, trace: Trace) -> None:
    """Each rule that was tried in vain has a gap, of the kind for which it failed."""
    columns = analysis._columns
    gauge = Gauge(columns, analysis._rows.covers, analysis.namespaces)
    assert trace.protocol is not None
    assert trace.port is not None
    families = common_families(columns, *(analysis._places[name][0] for name in (trace.source, trace.destination)))
    asked = PortSet.single(trace.protocol, trace.port)
    for side in (trace.egress, trace.ingress):
        names = [trace.source, trace.destination]
        if side.direction is Direction.INGRESS:
            names.reverse()
        subject, peer = [end_of(columns, analysis._places[name][0], analysis._pod_of(name), families) for name in names]
        if subject.pod is None:
            continue
        meant = columns.classes[subject.column].resolution if side.direction is Direction.INGRESS else None
        for attempt in (attempt for step in side.steps for attempt in step.attempts):
            if attempt.reason in NO_FAILURES:
                continue
            home = attempt.policy.namespace
            gaps = gauge.rule(attempt.policy, attempt.rule, (subject, peer), asked, meant, home)
            if any(peer.nodes is not None or peer.domain for peer in attempt.rule.peers or ()):
                continue  # these are not compared term by term
            if gaps is None:  # pods where addresses are asked for
                assert attempt.reason == "peer_mismatch"
                continue
            codes = {gap.code for gap in gaps}
            assert codes, (attempt.rule, "is said to match")
            if attempt.reason in ("port_mismatch", "named_port_absent"):
                assert codes <= PORT_GAPS, (attempt.rule, codes)
            else:
                assert codes - PORT_GAPS, (attempt.rule, codes)


@pytest.mark.parametrize(("written", "meant"), [
    ("fronted", "frontend"), ("App", "app"), ("chekout", "checkout"), ("postgers", "postgres"), ("databse", "database"),
    ("front-end", "frontend"), ("Staging", "staging"), ("kubernetes.io/metadata.nam", "kubernetes.io/metadata.name"),
    ("forntend", "frontend"),
])  # fmt: skip
def test_slips(written: str, meant: str) -> None:
    assert is_slip(written, meant)
    assert is_slip(meant, written)


@pytest.mark.parametrize(("one", "other"), [
    ("app", "api"), ("v1", "v2"), ("team-1", "team-12"), ("release-2024", "release-2025"), ("cart", "card"),
    ("frontend", "frontend"), ("orders", "payments"), ("web", "web-frontend"), ("", "a"), ("catalog", "catalog-db"),
])  # fmt: skip
def test_other_words(one: str, other: str) -> None:
    assert not is_slip(one, other)
    assert not is_slip(other, one)
