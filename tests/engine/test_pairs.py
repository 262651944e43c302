"""All pairs at once say what single questions say, whichever way they are folded."""

import pytest
from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions
from webapp.analysis import Analysis, SourceFile, analyze
from webapp.engine import bits, pairs, quotient
from webapp.engine.columns import Columns
from webapp.engine.pairs import Bundle, Pairs, unknown_between
from webapp.engine.rows import Rows
from webapp.model.ports import ALL, NONE, PortSet

Answer = dict[tuple[int, int], PortSet]


@pytest.mark.parametrize("steps", [-1, 1_000_000], ids=["by transposing", "by differences"])
@given(clusters())
@settings(max_examples=100)
def test_the_fold_is_every_single_question(steps: int, cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    columns, rows = inside(analysis)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "_MOST_STEPS", steps)
        patch.setattr(quotient, "_MOST_VISITS", steps)
        patch.setattr(bits, "_FEW", steps)
        patch.setattr(bits, "_CELLS", 1_000_000)
        fold = Pairs(columns, rows)
        allowed, possible = listed(fold, fold.allowed), listed(fold, fold.possible)
    for source in range(columns.count):
        for destination in range(columns.count):
            if source >= columns.class_count and destination >= columns.class_count:
                continue
            sure, unknown, _ = unknown_between(columns, rows, source, destination)
            assert allowed.pop((source, destination), NONE) is sure
            assert possible.pop((source, destination), NONE) is sure | unknown
    assert not allowed
    assert not possible


def listed(fold: Pairs, bundles: list[Bundle]) -> Answer:
    found: Answer = {}
    for bundle in bundles:
        for ports, groups in bundle.reach:
            for destination in fold.columns_of(groups):
                for source in bundle.sources:
                    assert (source, destination) not in found, "a pair has one answer"
                    found[source, destination] = ports
    return found


def inside(analysis: Analysis) -> tuple[Columns, Rows]:
    return analysis._columns, analysis._rows


def test_a_deny_of_all_ipv4_leaves_ipv6_open() -> None:
    text = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: no-ipv4}
spec: {priority: 5, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}
---
{apiVersion: v1, kind: Pod, metadata: {name: a}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b}}
"""
    analysis = analyze([SourceFile("w.yaml", text.encode())])
    ends = "default/Pod/a", "default/Pod/b"
    assert analysis.ports(*ends) == (ALL, NONE)
    assert ALL in [row.ports for row in analysis.connections() if (row.source, row.destination) == ends]
