"""Rules of the Admin and the Baseline tier, in the policy that decides or in a new one that is asked before it."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.analysis import Analysis
from webapp.manifests.writing import Json
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.verdict import Step
from webapp.proposals.acts import add_policy, insert
from webapp.proposals.bodies import cluster_peers, cluster_pods, cluster_policy, cluster_rule
from webapp.proposals.ends import End
from webapp.proposals.fix import CLUSTER_RIGHTS, Candidate, Pair, short
from webapp.proposals.selecting import Choice
from webapp.proposals.world import World

_KINDS = ("AdminNetworkPolicy", "ClusterNetworkPolicy")


def opening_the_tier(
    world: World, pair: Pair, direction: Direction, selector: Choice, other: Choice | None, step: Step
) -> Iterator[Candidate]:
    """What is asked before the rule that denies, and allows."""
    policy, denying = step.policies[0], step.rule
    assert denying is not None
    _, peer = _ends(pair, direction)
    peers = cluster_peers(peer, other, direction)
    if not peers or policy.set_aside or policy.version:
        return
    item = cluster_rule(policy.kind, direction, "Allow", _name(peer), peers, pair.ports)
    yield from _asked_before(world.analysis, pair, direction, selector, item, policy, "Allow")
    title = f"Add a rule to {policy.title} before rule {denying.index + 1}: allow {pair.route}"
    yield Candidate(title, (insert(policy, ("spec", str(direction)), item, denying.index),), CLUSTER_RIGHTS)


def denying_before(
    world: World, pair: Pair, direction: Direction, selector: Choice, other: Choice | None
) -> Iterator[Candidate]:
    """A new policy of the Admin tier that denies the pair, where the input shows that the cluster has this API."""
    _, peer = _ends(pair, direction)
    peers = cluster_peers(peer, other, direction)
    known = [
        policy for policy in world.analysis.policies if policy.kind in _KINDS and policy.tier is Tier.ADMIN
    ]  # fmt: skip
    if not known or not peers:
        return
    first = min(known, key=lambda policy: (policy.order, policy.id))
    item = cluster_rule(first.kind, direction, "Deny", _name(peer), peers, pair.ports)
    yield from _asked_before(world.analysis, pair, direction, selector, item, first, "Deny")


def denying_in(
    pair: Pair, direction: Direction, other: Choice | None, step: Step
) -> Iterator[Candidate]:  # fmt: skip
    """A rule that denies before the one that allows, in the same policy."""
    policy, allowing = step.policies[0], step.rule
    assert allowing is not None
    _, peer = _ends(pair, direction)
    peers = cluster_peers(peer, other, direction)
    if not peers or policy.set_aside or policy.version:
        return
    item = cluster_rule(policy.kind, direction, "Deny", _name(peer), peers, pair.ports)
    title = f"Add a rule to {policy.title} before rule {allowing.index + 1}: deny {pair.route}"
    yield Candidate(title, (insert(policy, ("spec", str(direction)), item, allowing.index),), CLUSTER_RIGHTS)


def _asked_before(
    analysis: Analysis, pair: Pair, direction: Direction, selector: Choice, item: Json, policy: Policy, action: str
) -> Iterator[Candidate]:
    priority = _free_priority(analysis, policy)
    if priority is None:
        return
    subject, _ = _ends(pair, direction)
    body = cluster_policy(
        policy.kind,
        f"{action.lower()}-{short(pair.source)}-to-{short(pair.destination)}",
        priority,
        {"pods": cluster_pods(subject.namespace, selector.terms)},
        policy.tier,
    )
    spec = body["spec"]
    assert isinstance(spec, dict)
    spec[str(direction)] = [item]
    verb = "Allows" if action == "Allow" else "Denies"
    comment = f"{verb} {pair.route}, before {policy.title} is asked."
    title = f"New {policy.kind} with priority {priority}: {action.lower()} {pair.route}"
    yield Candidate(title, (add_policy(body, comment),), CLUSTER_RIGHTS)


def _free_priority(analysis: Analysis, policy: Policy) -> int | None:
    """The greatest number below that of a policy that no other policy of the tier has; None if there is none."""
    if policy.kind not in _KINDS:
        return None
    taken = {each.order for each in analysis.policies if each.tier is policy.tier}
    return next((number for number in range(policy.order - 1, -1, -1) if number not in taken), None)


def _ends(pair: Pair, direction: Direction) -> tuple[End, End]:
    ends = (pair.destination, pair.source)
    return ends if direction is Direction.INGRESS else ends[::-1]


def _name(peer: End) -> str:
    return f"{short(peer)}"[:100]
