"""What is called redundant, contained or shadowed can go, all of it together, and no verdict changes."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from hypothesis import event, given, settings

from tests.diff.test_changes import assumptions
from tests.engine.random_clusters import RandomCluster, clusters, write
from webapp.analysis import Analysis, analyze
from webapp.diff import compare
from webapp.lint import _context
from webapp.lint.spare import Spare
from webapp.model.policy import Policy, Rule

Json = dict[str, Any]
EXAMPLES = max(40, settings().max_examples)


def with_copies(cluster: RandomCluster) -> list[Json]:
    """The objects, and copies of some policies with one rule less: random ones rarely say what others say."""
    dice = random.Random(cluster.seed)
    copies = []
    for manifest in cluster.manifests:
        if str(manifest.get("kind")).endswith("NetworkPolicy") and dice.random() < 0.5:
            twin = copy.deepcopy(manifest)
            if not isinstance(twin.get("metadata"), dict) or not isinstance(twin.get("spec"), dict):
                continue
            twin["metadata"]["name"] = f"{twin['metadata'].get('name')}-twin"
            rules = twin["spec"].get(dice.choice(("ingress", "egress")))
            if isinstance(rules, list) and rules and dice.random() < 0.5:
                rules.pop(dice.randrange(len(rules)))
            copies.append(twin)
    return [*cluster.manifests, *copies]


def is_of(manifest: Json, policy: Policy) -> bool:
    metadata = manifest.get("metadata") or {}
    namespace = "" if policy.subject.namespace is None else metadata.get("namespace") or "default"
    named = (manifest.get("kind"), namespace, metadata.get("name"))
    return named == (policy.kind, policy.namespace, policy.name)


def without_rules(manifests: list[Json], gone: list[tuple[Policy, Rule]]) -> list[Json]:
    """The same without these rules; their directions stay."""
    changed: list[Json] = json.loads(json.dumps(manifests))  # nothing in it is shared
    for manifest in changed:
        found = [(policy, rule) for policy, rule in gone if is_of(manifest, policy)]
        for policy, rule in sorted(found, key=lambda each: -each[1].index):
            if manifest["kind"] == "NetworkPolicy":
                manifest["spec"]["policyTypes"] = [str(way).capitalize() for way in policy.rules]
            del manifest["spec"][str(rule.direction)][rule.index]
    return changed


def same(base: Analysis, manifests: list[Json], cluster: RandomCluster) -> None:
    changes = compare(base, analyze(write(manifests), assumptions(cluster)))
    families = {part.id: part.families for part in changes.externals}
    rows = [row for row in changes.rows if not is_out_of_family(base, families, row.source, row.destination)]
    assert not rows, [(row.source, row.destination, row.before, row.after) for row in rows]


def is_out_of_family(base: Analysis, families: dict[str, frozenset[int]], source: str, destination: str) -> bool:
    """Whether a pod is asked about addresses of a family of which it has none. Without the blocks of a policy these may
    fall into a part that has both families, and that says what holds for the other one."""
    for end, other in ((source, destination), (destination, source)):
        workload = base.workload_by_id.get(end)
        if other in families and workload is not None and workload.addresses:
            return families[other].isdisjoint({6 if ":" in text else 4 for text in workload.addresses})
    return False


def spare_of(analysis: Analysis) -> Spare:
    return _context(analysis).spare


@given(clusters())
@settings(max_examples=EXAMPLES)
def test_spare_policies_and_rules_can_go_together(cluster: RandomCluster) -> None:
    manifests = with_copies(cluster)
    base = analyze(write(manifests), assumptions(cluster))
    spare = spare_of(base)
    policies = [each.policy for each in spare.policies]
    rules = [(each.policy, each.rule) for each in spare.rules]
    event(f"spare policies: {min(len(policies), 2)}, rules: {min(len(rules), 2)}")
    left = [manifest for manifest in manifests if not any(is_of(manifest, policy) for policy in policies)]
    if policies:
        same(base, left, cluster)
    if rules:
        same(base, without_rules(left, rules), cluster)


@given(clusters())
@settings(max_examples=EXAMPLES)
def test_shadowed_and_denied_rules_can_go(cluster: RandomCluster) -> None:
    manifests = with_copies(cluster)
    base = analyze(write(manifests), assumptions(cluster))
    spare = spare_of(base)
    shadowed = [(each.policy, each.rule) for each in spare.shadowed]
    void = [(each.policy, each.rule) for each in spare.void]
    event(f"shadowed: {min(len(shadowed), 2)}, denied: {min(len(void), 2)}")
    for gone in (shadowed, void):
        if gone:
            same(base, without_rules(manifests, gone), cluster)
