"""What opens a blocked pair: at each end that blocks a new policy, a new rule, or a near miss widened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from webapp.analysis import Analysis
from webapp.engine.covers import Compiled
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.verdict import Side, Step, Trace, Verdict
from webapp.proposals.acts import add_policy, insert
from webapp.proposals.bodies import network_policy, peer_items, rule
from webapp.proposals.cluster import opening_the_tier
from webapp.proposals.ends import End
from webapp.proposals.fix import Candidate, Pair, on, short
from webapp.proposals.selecting import Choice
from webapp.proposals.widening import widened
from webapp.proposals.world import Declined, World

_MOST_AT_ONE_END = 4
_MOST_TOGETHER = 6


def openings(world: World, pair: Pair, traces: Sequence[Trace]) -> Iterator[Candidate]:
    """Candidates, the likeliest first. ``traces``: of every pair of ids that is asked."""
    lists = []
    for direction in (Direction.INGRESS, Direction.EGRESS):
        blocked = [trace for trace in traces if _side(trace, direction).verdict is Verdict.BLOCKED]
        if blocked:
            found = list(islice(_at_end(world, pair, direction, blocked), _MOST_AT_ONE_END))
            if not found:
                raise Declined(f"Nothing that can be written would open {pair.route}: {_why(blocked[0], direction)}")
            lists.append(found)
    if not lists:
        raise Declined(_no_end_blocks(traces[0]))
    if len(lists) == 1:
        yield from lists[0]
        return
    first, second = lists
    order = sorted((i + j, abs(i - j), i, j) for i in range(len(first)) for j in range(len(second)))
    for _, _, i, j in order[:_MOST_TOGETHER]:
        yield first[i].beside(second[j])


def _side(trace: Trace, direction: Direction) -> Side:
    return trace.ingress if direction is Direction.INGRESS else trace.egress


def _at_end(world: World, pair: Pair, direction: Direction, traces: Sequence[Trace]) -> Iterator[Candidate]:
    """What opens one end: ``traces`` are those that it blocks."""
    subject, peer = ends_of(pair, direction)
    if not subject.selectable:
        return
    selector = world.namesakes.choose(subject.ids, subject.pods)
    other = world.namesakes.choose(peer.ids, peer.pods) if peer.selectable else None
    if other is None and not peer.blocks:
        raise Declined(
            f"{peer.text} shares the network of its node, and the address of that is not known: no rule can mean it."
        )
    tier, step = _decides(traces, direction)
    if tier is Tier.NETWORK_POLICY:
        yield new_policy(pair, direction, selector, other)
        yield from widened(world, pair, direction, other, traces)
        yield from _new_rules(world.analysis, pair, direction, other)
    else:
        assert step.rule is not None
        yield from opening_the_tier(world, pair, direction, selector, other, step)
        if tier is Tier.BASELINE:
            note = "It isolates these pods: the baseline is not asked for them any more."
            candidate = new_policy(pair, direction, selector, other)
            yield Candidate(candidate.title, candidate.acts, note)


def _decides(traces: Sequence[Trace], direction: Direction) -> tuple[Tier, Step]:
    """The step that blocks."""
    blocking = [
        step
        for trace in traces
        for step in _side(trace, direction).steps
        if step.outcome is Verdict.BLOCKED and step.tier is not Tier.DEFAULT
    ]
    if not blocking:
        raise Declined(_no_end_blocks(traces[0]))
    denying = [step for step in blocking if step.rule is not None]
    step = denying[0] if denying else blocking[0]
    return step.tier, step


def ends_of(pair: Pair, direction: Direction) -> tuple[End, End]:
    """Whose policies speak in this direction, and of whom."""
    ends = (pair.destination, pair.source)
    return ends if direction is Direction.INGRESS else ends[::-1]


def new_policy(pair: Pair, direction: Direction, selector: Choice, other: Choice | None) -> Candidate:
    """A small policy for exactly this pair."""
    subject, peer = ends_of(pair, direction)
    verb, way = ("accept", "from") if direction is Direction.INGRESS else ("send", "to")
    name = f"allow-{short(peer)}-to-{short(subject)}" if way == "from" else f"allow-{short(subject)}-to-{short(peer)}"
    peers = peer_items(peer, other, subject.namespace)
    body = network_policy(name, subject.namespace, selector.body(), {direction: [rule(direction, peers, pair.ports)]})
    comment = f"Lets {subject.text} {verb} traffic {way} {peer.text}{on(pair.ports)}."
    return Candidate(
        f"New policy: let {subject.text} {verb} traffic {way} {peer.text}{on(pair.ports)}",
        (add_policy(body, comment),),
        _also(selector, other, subject, peer),
    )


def _also(selector: Choice, other: Choice | None, subject: End, peer: End) -> str:
    """What labels cannot tell apart is said."""
    told = [(subject, selector), *([(peer, other)] if other is not None else [])]
    return " ".join(
        f"No label tells {end.text} from {', '.join(choice.also[:3])}"
        f"{f' and {len(choice.also) - 3} more' if len(choice.also) > 3 else ''}."
        for end, choice in told
        if choice.also
    )


def _new_rules(analysis: Analysis, pair: Pair, direction: Direction, other: Choice | None) -> Iterator[Candidate]:
    """A rule more in a policy that selects the pods; those that select the fewest others first."""
    subject, peer = ends_of(pair, direction)
    for compiled in selecting(analysis, subject, direction):
        policy = compiled.policy
        item = rule(direction, peer_items(peer, other, policy.namespace), pair.ports)
        verb = "accept from" if direction is Direction.INGRESS else "send to"
        title = f"Add a rule to {policy.title}: {verb} {peer.text}{on(pair.ports)}"
        yield Candidate(title, (insert(policy, ("spec", str(direction)), item),))


def selecting(analysis: Analysis, subject: End, direction: Direction) -> list[Compiled]:
    """The NetworkPolicies that certainly select all pods of an end, those that select the fewest pods first."""
    common: dict[str, Compiled] | None = None
    for workload in subject.workloads:
        for place in workload.places:
            here = {
                compiled.policy.id: compiled
                for compiled, certain in analysis.sides.members(direction, place)
                if certain and _is_plain(compiled.policy)
            }
            common = here if common is None else {key: each for key, each in common.items() if key in here}
    return sorted((common or {}).values(), key=lambda each: (each.possible.bit_count(), each.policy.id))


def _is_plain(policy: Policy) -> bool:
    return policy.tier is Tier.NETWORK_POLICY and not policy.set_aside and not policy.version


def _why(trace: Trace, direction: Direction) -> str:
    reasons = {step.reason for step in _side(trace, direction).steps if step.outcome is Verdict.BLOCKED}
    if "rule_denies" in reasons:
        return "a policy of the whole cluster denies it, and only a person with rights to these can change that."
    return ", ".join(sorted(reasons)).replace("_", " ") + "."


def _no_end_blocks(trace: Trace) -> str:
    reasons = {step.reason for side in (trace.egress, trace.ingress) for step in side.steps}
    if "no_common_family" in reasons:
        return "The two have no address family in common, so no policy can open this."
    return "No policy blocks this, so none can open it."
