"""Pods that the input does not hold stand beside the others and change nothing between them."""

from __future__ import annotations

from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.engine.test_oracle import assumptions
from tests.insight.cluster import analysed, lets_in, lets_out, namespace, pod, spaced
from webapp.analysis import Analysis, analyze
from webapp.insight.absent import CLUSTER_DNS, SOME_POD, beside, controller_id


@given(clusters())
@settings(max_examples=15)
def test_nothing_between_the_others_changes(cluster: RandomCluster) -> None:
    analysis = analyze(write(cluster.manifests), assumptions(cluster))
    other = beside(analysis)
    ids = [*analysis.workload_by_id, *(part.id for part in analysis.externals)]
    assert set(ids) < {*other.workload_by_id, *(part.id for part in other.externals)}
    for source in ids:
        for destination in ids:
            assert other.ports(source, destination) == analysis.ports(source, destination), (source, destination)


def ports(analysis: Analysis, source: str, destination: str) -> tuple[object, object]:
    allowed, unknown = beside(analysis).ports(source, destination)
    return allowed.json(), unknown.json()


def test_what_is_not_known_of_them_stays_unknown() -> None:
    world = (namespace("x"), pod("x/a", "app: a"))
    open_to_all = analysed(*world, lets_in("x/in", "a", "{ports: [{port: 80}]}"))
    assert ports(open_to_all, SOME_POD, "x/Pod/a") == ({"TCP": "80"}, {})
    by_label = analysed(
        *world, lets_in("x/in", "a", "{from: [{namespaceSelector: {matchLabels: {t: u}}}], ports: [{port: 80}]}")
    )
    assert ports(by_label, SOME_POD, "x/Pod/a") == ({}, {"TCP": "80"})
    own = analysed(*world, lets_in("x/in", "a", "{from: [{podSelector: {}}], ports: [{port: 80}]}"))
    assert ports(own, SOME_POD, "x/Pod/a") == ({}, {})
    named = analysed(
        *world, lets_out("x/out", "a", f"{{to: [{spaced('kube-system')}], ports: [{{port: dns, protocol: UDP}}]}}")
    )
    assert ports(named, "x/Pod/a", CLUSTER_DNS) == ({"UDP": "53"}, {})
    assert ports(named, "x/Pod/a", SOME_POD) == ({}, {"UDP": "53,5353"})


def test_a_chosen_controller_has_its_labels() -> None:
    wants = lets_in(
        "x/in", "a", "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: proxy}}}], ports: [{port: 80}]}"
    )
    analysis = analysed(namespace("x"), pod("x/a", "app: a"), wants, ingress_controllers=("far", "far/app=proxy"))
    assert ports(analysis, controller_id("far", 1), "x/Pod/a") == ({}, {"TCP": "80"})
    assert ports(analysis, controller_id("far/app=proxy", 2), "x/Pod/a") == ({"TCP": "80"}, {})
