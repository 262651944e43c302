"""What is called redundant, contained or shadowed can go, all of it together, and no verdict changes."""

from __future__ import annotations

import copy
import random
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings

from tests.diff.test_changes import assumptions
from tests.engine.random_clusters import RandomCluster, clusters, write
from tests.lint.worlds import pod, policy, read
from webapp.analysis import Analysis, analyze
from webapp.engine.versions import between
from webapp.lint.spare import Spare
from webapp.manifests.tree import Counts, Intake
from webapp.model.policy import Policy, Rule, Subject
from webapp.model.snapshot import Snapshot

Json = dict[str, Any]
NOWHERE = Subject("(nowhere)", None)
EXAMPLES = max(60, settings().max_examples)


def with_copies(cluster: RandomCluster) -> list[Json]:
    """The objects, and copies of some policies with one rule less: random ones rarely say what others say."""
    dice = random.Random(cluster.seed)
    copies = []
    for manifest in cluster.manifests:
        if str(manifest.get("kind")).endswith("NetworkPolicy") and dice.random() < 0.6:
            twin = copy.deepcopy(manifest)
            if not isinstance(twin.get("metadata"), dict) or not isinstance(twin.get("spec"), dict):
                continue
            twin["metadata"]["name"] = f"{twin['metadata'].get('name')}-twin"
            rules = twin["spec"].get(dice.choice(("ingress", "egress")))
            if isinstance(rules, list) and rules and dice.random() < 0.5:
                rules.pop(dice.randrange(len(rules)))
            copies.append(twin)
    return [*cluster.manifests, *copies]


def without(snapshot: Snapshot, policies: Collection[Policy], rules: Collection[Rule]) -> Snapshot:
    """The same cluster without some policies and rules. They stand in a namespace without pods instead, so that pods
    and addresses fall into the same classes."""
    gone, cut = set(map(id, policies)), set(map(id, rules))
    left: list[Policy] = []
    for each in snapshot.policies:
        if id(each) in gone:
            left.append(each._replace(subject=NOWHERE))
            continue
        kept = {way: tuple(rule for rule in listed if id(rule) not in cut) for way, listed in each.rules.items()}
        if kept != each.rules:
            left.append(each._replace(subject=NOWHERE, name=f"{each.name}-cut"))
        left.append(each._replace(rules=kept))
    return replace(snapshot, policies=tuple(left))


def check_same(base: Analysis, policies: Collection[Policy], rules: Collection[Rule]) -> None:
    """Every pair of classes and parts of the address space has the same answer."""
    intake = Intake((), (), Counts(), {})
    head = Analysis(without(base.snapshot, policies, rules), base._demand, intake, base.inventory, ())
    places = [(column,) for column in range(base._columns.count)]
    assert base._columns.count == head._columns.count
    for source in places:
        for destination in places:
            before, after = (between(side._columns, side._rows, source, destination)[:2] for side in (base, head))
            assert before == after, (source, destination)


@given(clusters())
@settings(max_examples=EXAMPLES)
def test_spare_policies_and_rules_can_go_together(cluster: RandomCluster) -> None:
    base = analyze(write(with_copies(cluster)), assumptions(cluster))
    spare = Spare(base.coverage)
    policies, rules = [each.policy for each in spare.policies], [each.rule for each in spare.rules]
    event(f"spare policies: {min(len(policies), 2)}, rules: {min(len(rules), 2)}")
    if policies or rules:
        check_same(base, policies, rules)


@given(clusters())
@settings(max_examples=EXAMPLES)
def test_shadowed_and_denied_rules_can_go(cluster: RandomCluster) -> None:
    base = analyze(write(with_copies(cluster)), assumptions(cluster))
    spare = Spare(base.coverage)
    shadowed, void = [each.rule for each in spare.shadowed], [each.rule for each in spare.void]
    event(f"shadowed: {min(len(shadowed), 2)}, denied: {min(len(void), 2)}")
    for gone in (shadowed, void):
        if gone:
            check_same(base, (), gone)


def test_the_check_sees_a_difference() -> None:
    """Else all of the above would hold of anything."""
    base = read(pod("a") + pod("b"), policy("p", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"))
    (only,) = base.snapshot.policies
    for policies, rules in (([only], []), ([], [rule for listed in only.rules.values() for rule in listed])):
        try:
            check_same(base, policies, rules)
        except AssertionError:
            continue
        raise RuntimeError("the check does not see that a policy is gone")
