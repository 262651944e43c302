"""A comparison is the difference of all pairs of both sides, address by address, and says nothing else."""

from __future__ import annotations

import json
import random

from hypothesis import given, settings

from tests.engine.random_clusters import RandomCluster, clusters, write
from webapp.analysis import Analysis, Assumptions, SourceFile, analyze
from webapp.diff import Changes, compare
from webapp.diff.changes import KINDS
from webapp.diff.ends import Ends, match_ends
from webapp.model.ports import NONE, PortSet

PAIRS = max(200, settings().max_examples)

WORLD = """
apiVersion: v1
kind: Namespace
metadata: {name: x}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: x}
spec: {replicas: 2, template: {metadata: {labels: {app: a}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b, namespace: x}
spec: {template: {metadata: {labels: {app: b}}}}
---
"""


def policy(spec: str, name: str = "p") -> str:
    return (
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: x}}\nspec: {spec}\n---\n"
    )


def analysis(text: str) -> Analysis:
    return analyze([SourceFile("w.yaml", text.encode())])


def test_nothing_differs_from_itself() -> None:
    text = WORLD + policy("{podSelector: {}}")
    changes = compare(analysis(text), analysis(text))
    assert changes.is_empty
    assert (changes.added_workloads, changes.removed_workloads) == ((), ())


def test_opened_cut_and_changed() -> None:
    base = WORLD + policy(
        "{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"
    )
    head = base.replace("port: 80", "port: 81") + policy("{podSelector: {matchLabels: {app: b}}}", "q")
    changes = compare(analysis(base), analysis(head))
    assert {(row.source, row.destination) for row in changes.changed} == {
        ("x/Deployment/a", "x/Deployment/a"), ("x/Deployment/b", "x/Deployment/a"),
    }  # fmt: skip
    assert {(row.source, row.destination) for row in changes.cut} == {
        ("internet", "x/Deployment/b"), ("x/Deployment/a", "x/Deployment/b"),
    }  # fmt: skip
    assert changes.opened == ()
    back = compare(analysis(head), analysis(base))
    assert {row.id for row in back.opened} == {row.id for row in changes.cut}


def test_a_new_workload_is_named_and_its_rows_are_opened() -> None:
    base = WORLD.replace("name: b,", "name: c,")
    changes = compare(analysis(WORLD), analysis(WORLD + base.partition("---\n")[2]))
    assert changes.added_workloads == ("x/Deployment/c",)
    assert all("x/Deployment/c" in (row.source, row.destination) for row in changes.rows)


def test_address_parts_are_refined_against_each_other() -> None:
    spec = "{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {{cidr: {cidr}}}}}]}}]}}"
    base, head = (WORLD + policy(spec.format(cidr=cidr)) for cidr in ("10.0.0.0/8", "10.1.0.0/16"))
    changes = compare(analysis(base), analysis(head))
    assert {row.destination for row in changes.cut} == {"10.0.0.0/8 except 10.1.0.0/16"}
    assert not changes.opened


@given(clusters(), clusters())
@settings(max_examples=PAIRS)
def test_a_comparison_is_the_difference_of_all_pairs(one: RandomCluster, other: RandomCluster) -> None:
    base, head = (analyze(write(manifests), assumptions(one)) for manifests in (one.manifests, mixed(one, other)))
    changes = compare(base, head)
    ends = match_ends(base, head)
    check_ends(ends, base, head)
    named = {(row.source, row.destination): row for row in changes.rows}
    assert len(named) == len(changes.rows)
    check_lists(changes)
    before, after = everything(base), everything(head)
    nothing = (NONE, NONE)
    for source in ends.all:
        for destination in ends.all:
            old = before.get((source.base, destination.base), nothing)
            new = after.get((source.head, destination.head), nothing)
            row = named.pop((source.id, destination.id), None)
            found = ((row.before, row.before_unknown), (row.after, row.after_unknown)) if row else (old, old)
            assert found == (old, new), (source, destination)
            assert (row is None) == (old == new), (source, destination)
    assert not named


def check_lists(changes: Changes) -> None:
    """Each list is made of the rows that belong in it; the counts, and the first rows of a list, need no others."""
    rows = changes.rows
    assert changes.opened == tuple(r for r in rows if r.before is NONE and r.after is not NONE)
    assert changes.cut == tuple(r for r in rows if r.before is not NONE and r.after is NONE)
    assert changes.changed == tuple(r for r in rows if NONE not in (r.before, r.after) and r.before is not r.after)
    assert changes.became_unknown == tuple(r for r in rows if r.after_unknown - r.before_unknown is not NONE)
    assert changes.became_known == tuple(r for r in rows if r.before_unknown - r.after_unknown is not NONE)
    for kind in KINDS:
        listed = getattr(changes, kind)
        assert changes.counts[kind] == len(listed)
        assert changes.first(kind, 3) == listed[:3]
    assert changes.is_empty == (not rows)


def everything(side: Analysis) -> dict[tuple[str, str], tuple[PortSet, PortSet]]:
    """Allowed and unknown ports of each pair, as `list` tells them."""
    found = {(row.source, row.destination): (row.ports, NONE) for row in side.connections()}
    for row in side.unknowns():
        pair = (row.source, row.destination)
        found[pair] = (found.get(pair, (NONE, NONE))[0], row.ports)
    return found


def check_ends(ends: Ends, base: Analysis, head: Analysis) -> None:
    """Every end of both sides is there, parts of the address space lie wholly in one part of each side."""
    assert len({end.id for end in ends.all}) == len(ends.all)
    for side, seen in ((base, {end.base for end in ends.all}), (head, {end.head for end in ends.all})):
        assert seen - {""} == {w.id for w in side.workloads} | {part.id for part in side.externals}
    by_id = {end.id: end for end in ends.all}
    for part in ends.externals:
        for family, first, last in part.ranges:
            for value in (first, last):
                assert base.external_at(family, value).id == by_id[part.id].base
                assert head.external_at(family, value).id == by_id[part.id].head


def mixed(one: RandomCluster, other: RandomCluster) -> list[dict[str, object]]:
    """The first cluster with some objects gone, and some of the other's instead; no name twice."""
    dice = random.Random(json.dumps(other.manifests, sort_keys=True, default=str))
    kept = [each for each in one.manifests if dice.random() < 0.8]
    names = {name_of(each) for each in kept}
    return kept + [each for each in other.manifests if dice.random() < 0.3 and name_of(each) not in names]


def name_of(manifest: dict[str, object]) -> str:
    metadata = manifest.get("metadata")
    return json.dumps([manifest.get("kind"), metadata], default=str, sort_keys=True) if metadata else str(manifest)


def assumptions(cluster: RandomCluster) -> Assumptions:
    switches = cluster.switches
    return Assumptions(
        switches.host_network, switches.ipblock_pods, switches.pod_cidrs, switches.undeclared_namespaces,
        switches.ignore_dialects,
    )  # fmt: skip
