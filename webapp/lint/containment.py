"""Whether one policy or rule says nothing that another does not say as well, whatever pods there are.

By the meaning of selectors, ports and blocks; of labels that namespaces have today nothing is taken.
"""

from __future__ import annotations

from webapp.insight.absent import NAME_LABEL
from webapp.insight.selectors import Shape, Values, implies, shape_of
from webapp.model.addresses import Block
from webapp.model.labels import Selector
from webapp.model.policy import Direction, Peer, Policy, Rule, Subject, Tier
from webapp.model.ports import ALL, PortSet


def rule_within(policy: Policy, rule: Rule, other_policy: Policy, other: Rule) -> bool:
    """Whether all that a rule of a NetworkPolicy allows another one allows too."""
    if Tier.NETWORK_POLICY not in (policy.tier, other_policy.tier) or policy.tier is not other_policy.tier:
        return False
    if rule.direction is not other.direction or not subject_within(policy.subject, other_policy.subject):
        return False
    return matches_within(policy.namespace, rule, other_policy.namespace, other)


def policy_within(policy: Policy, other: Policy) -> bool:
    """Whether a NetworkPolicy isolates and allows nothing that another one does not isolate and allow too."""
    if policy.tier is not Tier.NETWORK_POLICY or other.tier is not Tier.NETWORK_POLICY:
        return False
    if not policy.rules.keys() <= other.rules.keys() or not subject_within(policy.subject, other.subject):
        return False
    return all(_rules_within(policy, other, direction) for direction in policy.rules)


def _rules_within(policy: Policy, other: Policy, direction: Direction) -> bool:
    return all(
        any(matches_within(policy.namespace, rule, other.namespace, its) for its in other.rules[direction])
        for rule in policy.rules[direction]
    )


def subject_within(subject: Subject, other: Subject) -> bool:
    """Whether a policy selects no pod that the other does not select."""
    if subject.namespace is None or other.namespace is None:
        return False
    return subject.namespace == other.namespace and _selector_within(subject.pods, other.pods)


def matches_within(namespace: str, rule: Rule, its_namespace: str, other: Rule) -> bool:
    """Whether a rule matches no peer on no port that the other does not match."""
    if not _ports_within(rule.ports, other.ports):
        return False
    if other.peers is None:
        return True
    if rule.peers is None:
        return False
    return all(any(_peer_within(namespace, peer, its_namespace, its) for its in other.peers) for peer in rule.peers)


def _ports_within(ports: PortSet, other: PortSet) -> bool:
    numbers, its_numbers = PortSet.of(ports.spans), PortSet.of(other.spans)
    return (numbers - its_numbers).is_empty and (other is ALL or ports.names <= other.names)


def _peer_within(namespace: str, peer: Peer, its_namespace: str, other: Peer) -> bool:
    if peer.block is not None or other.block is not None:
        return peer.block is not None and other.block is not None and _block_within(peer.block, other.block)
    if any(each is not None for each in (peer.nodes, peer.domain, other.nodes, other.domain)):
        return peer == other
    places, its_places = _places(peer, namespace), _places(other, its_namespace)
    if places is None or its_places is None:
        return places is None
    return implies(places, its_places) and _selector_within(peer.pods, other.pods)


def _places(peer: Peer, namespace: str) -> Shape | None:
    """The namespaces of a peer; None if there can be none."""
    if peer.namespaces is None:
        return {NAME_LABEL: Values(frozenset((namespace,)), others=False, absent=False)}
    return shape_of(peer.namespaces)


def _selector_within(selector: Selector | None, other: Selector | None) -> bool:
    shape, its_shape = shape_of(selector), shape_of(other)
    if shape is None or its_shape is None:
        return shape is None
    return implies(shape, its_shape)


def _block_within(block: Block, other: Block) -> bool:
    if not other.network.holds(block.network):
        return False
    return all(
        not hole.meets(block.network) or any(mine.holds(hole) for mine in block.excepts) for hole in other.excepts
    )
