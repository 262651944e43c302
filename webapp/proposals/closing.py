"""What closes an open pair: narrower rules at one end, or an open end isolated that keeps all else it may talk to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from webapp.model.policy import Action, Direction, Tier
from webapp.model.ports import ALL, PortSet
from webapp.model.verdict import Step, Trace, Verdict
from webapp.proposals.acts import add_policy
from webapp.proposals.bodies import network_policy, peer_items, rule
from webapp.proposals.cluster import denying_before, denying_in
from webapp.proposals.fix import Candidate, Pair, each_of, on, short
from webapp.proposals.narrowing import everyone_but, narrower
from webapp.proposals.opening import ends_of
from webapp.proposals.selecting import Choice
from webapp.proposals.world import Declined, World

_OPEN = ("not_isolated", "default_allows")


def closings(world: World, pair: Pair, traces: Sequence[Trace]) -> Iterator[Candidate]:
    """Candidates; those of both ends take turns."""
    ends = [list(_at_end(world, pair, direction, traces)) for direction in (Direction.INGRESS, Direction.EGRESS)]
    if not any(ends):
        raise Declined(f"No policy can close {pair.route}: neither end is a pod that policies select.")
    for candidates in zip_longest(*ends):
        yield from (candidate for candidate in candidates if candidate is not None)


def _at_end(world: World, pair: Pair, direction: Direction, traces: Sequence[Trace]) -> Iterator[Candidate]:
    subject, peer = ends_of(pair, direction)
    if not subject.selectable:
        return
    selector = world.namesakes.choose(subject.ids, subject.pods)
    other = world.namesakes.choose(peer.ids, peer.pods) if peer.selectable else None
    steps = _opening(traces, direction)
    rules = [step for step in steps if step.rule is not None]
    if any(step.tier is not Tier.NETWORK_POLICY for step in rules):
        first = next(step for step in rules if step.tier is not Tier.NETWORK_POLICY)
        yield from denying_in(pair, direction, other, first)
    elif rules:
        yield from _narrowed(world, pair, direction, rules)
    if any(step.reason in _OPEN for step in steps):
        yield from _isolated(world, pair, direction, selector, other)
    yield from denying_before(world, pair, direction, selector, other)


def _opening(traces: Sequence[Trace], direction: Direction) -> list[Step]:
    """The steps by which this end lets the pair pass, each rule once."""
    found: dict[object, Step] = {}
    for trace in traces:
        side = trace.ingress if direction is Direction.INGRESS else trace.egress
        for step in side.steps:
            allows = step.outcome is Verdict.ALLOWED and (step.rule is None or step.rule.action is Action.ALLOW)
            if allows:
                key = (step.policies[0].id, step.rule.index) if step.rule is not None else step.reason
                found.setdefault(key, step)
    return list(found.values())


def _narrowed(world: World, pair: Pair, direction: Direction, steps: Sequence[Step]) -> Iterator[Candidate]:
    """Every rule that allows it, narrowed; the ways in which each can be are tried side by side."""
    ways = []
    ordered = sorted(steps, key=lambda step: (step.policies[0].id, -(step.rule.index if step.rule else 0)))
    for step in ordered:  # the last rule of a policy first, so that the numbers of the others stay
        assert step.rule is not None
        ways.append(list(narrower(world, pair, direction, step.policies[0], step.rule)))
    if not all(ways):
        return
    for number in range(max(len(each) for each in ways)):
        together = each_of([each[min(number, len(each) - 1)] for each in ways])
        if together is not None:
            yield together


def _isolated(
    world: World, pair: Pair, direction: Direction, selector: Choice, other: Choice | None
) -> Iterator[Candidate]:
    """A policy that isolates the end and allows everyone else."""
    subject, peer = ends_of(pair, direction)
    peers, cost = everyone_but(world, peer, subject.namespace)
    rules = [rule(direction, peers, ALL)] if peers else []
    left: PortSet = ALL - pair.ports
    if not left.is_empty:
        rules.append(rule(direction, peer_items(peer, other, subject.namespace), left))
    verb = "accepts" if direction is Direction.INGRESS else "sends"
    away = "from" if direction is Direction.INGRESS else "to"
    name = f"{short(subject)}-{'not-from' if away == 'from' else 'not-to'}-{short(peer)}"
    body = network_policy(name, subject.namespace, selector.body(), {direction: rules})
    title = f"New policy: {subject.text} {verb} traffic {away} everyone but {peer.text}{on(pair.ports)}"
    comment = f"Lets {subject.text} talk to everyone but {peer.text}{on(pair.ports)} ({direction})."
    yield Candidate(title, (add_policy(body, comment),), cost)
