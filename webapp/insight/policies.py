"""What can be said of each policy: whom it selects, how many verdicts it changes, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.covers import Compiled, Grant
from webapp.model.policy import Action, Direction, Policy, Rule, Tier

_ASIDE = {"policy_set_aside": "set_aside", "dialect_not_evaluated": "not_evaluated"}

Block = tuple[tuple[str, ...], tuple[str, ...]]
"""Sources and destinations: every pair of the two, a workload with itself only if it has, or may have, several pods."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A policy; ``documents`` are several if it is given more than once with different content. ``selected`` for
    certain, ``may_select`` beside these; ``rules``: how many; ``marks``: codes of what is odd, but for `adds_nothing`,
    which only a count can tell."""

    id: str
    documents: tuple[Policy, ...]
    selected: tuple[str, ...]
    may_select: tuple[str, ...]
    directions: tuple[Direction, ...]
    rules: int
    marks: tuple[str, ...]

    @property
    def first(self) -> Policy:
        return self.documents[0]

    @property
    def isolates(self) -> tuple[Direction, ...]:
        """The directions in which it isolates whom it selects."""
        return self.directions if self.first.tier is Tier.NETWORK_POLICY and not self.first.set_aside else ()


@dataclass(frozen=True, slots=True)
class RuleOutline:
    """A rule: the ids whom its peers match for certain, and those that they may match; the pairs that rest on it."""

    policy: Policy
    rule: Rule
    matches: tuple[str, ...]
    may_match: tuple[str, ...]
    decides: tuple[Block, ...]


def outlines(analysis: Analysis) -> list[Outline]:
    """Every policy, in the order of asking."""
    return [outline(analysis, identity) for identity in analysis.numbers_of]


def outline(analysis: Analysis, identity: str) -> Outline:
    """The policy of an id; KeyError if there is none."""
    found = [analysis.deciding.policy(number) for number in analysis.numbers_of[identity]]
    certain = found[0].certain
    possible = 0
    for compiled in found:
        certain &= compiled.certain
        possible |= compiled.possible
    selected, may_select = _both(analysis, certain, possible)
    directions = tuple([way for way in Direction if any(way in compiled.policy.rules for compiled in found)])
    rules = max(sum(len(rules) for rules in compiled.policy.rules.values()) for compiled in found)
    marks = tuple(_marks(analysis, found, possible))
    return Outline(identity, tuple([each.policy for each in found]), selected, may_select, directions, rules, marks)


def changes(analysis: Analysis) -> Iterator[tuple[str, int]]:
    """How many verdicts each policy changes, one after the other: the pairs that would differ without it."""
    ablation = analysis.ablation()
    for identity, numbers in analysis.numbers_of.items():
        yield identity, ablation.count(numbers)


def changed(analysis: Analysis, identity: str) -> tuple[int, Iterator[Block]]:
    """The same of one policy: the number, and the pairs."""
    ablation, numbers = analysis.ablation(), analysis.numbers_of[identity]
    names = [end.id for end in analysis.ends.all]
    pairs = (
        (tuple([names[number] for number in sources]), tuple([names[number] for number in destinations]))
        for sources, destinations in ablation.blocks(numbers)
    )
    return ablation.count(numbers), pairs


def rules_of(analysis: Analysis, identity: str) -> list[RuleOutline]:
    """The rules of a policy, ingress first, as they are written."""
    found = []
    for number in analysis.numbers_of[identity]:
        compiled = analysis.deciding.policy(number)
        decided = _decided(analysis, number)
        for grant in _grants(compiled):
            blocks = decided.get((grant.rule.direction, grant.rule.index), ())
            found.append(RuleOutline(compiled.policy, grant.rule, *matched(analysis, grant), tuple(blocks)))
    return found


def matched(analysis: Analysis, grant: Grant) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whom the peers of a rule match for certain, and whom they may match beside these."""
    return _both(analysis, *(planes[0] | planes[1] for planes in (grant.cover.low, grant.cover.high)))


def _both(analysis: Analysis, low: int, high: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    certain = analysis.ends.ids(low)
    known = set(certain)
    return certain, tuple([each for each in analysis.ends.ids(high) if each not in known]) if high != low else ()


def selecting(analysis: Analysis, identity: str) -> list[str]:
    """The ids of the policies that select a workload, or may, in the order of asking."""
    columns = analysis.ends.all[analysis.ends.number[identity]].columns
    return [
        policy
        for policy, numbers in analysis.numbers_of.items()
        if any(analysis.deciding.policy(number).possible & columns for number in numbers)
    ]


def mentioning(analysis: Analysis, identity: str) -> Iterator[tuple[Policy, Rule, bool]]:
    """The rules whose peers match a workload or an external part, or may, of policies that select somebody; and whether
    they do for certain."""
    columns = analysis.ends.all[analysis.ends.number[identity]].columns
    for number, policy in enumerate(analysis.policies):
        compiled = analysis.deciding.policy(number)
        for grant in _grants(compiled) if compiled.possible else ():
            high = grant.cover.high[0] | grant.cover.high[1]
            if high & columns:
                yield policy, grant.rule, not columns & ~(grant.cover.low[0] | grant.cover.low[1])


def pairs_in(blocks: Iterable[Block], plural: Iterable[str]) -> int:
    """How many pairs blocks hold that have no pair in common; ``plural``: the ids that may reach themselves."""
    many = set(plural)
    return sum(len(s) * len(d) - sum(each not in many for each in set(s).intersection(d)) for s, d in blocks)


def _decided(analysis: Analysis, number: int) -> dict[tuple[Direction, int], list[Block]]:
    """The pairs that each rule decides, in factored form, end by end."""
    peers_of: dict[tuple[Direction, int], dict[int, int]] = {}
    for rule, subject, peers in analysis.deciding.decided(number):
        found = peers_of.setdefault((rule.direction, rule.index), {})
        for end in analysis.ends.standing.get(subject, ()):
            found[end] = found.get(end, 0) | peers
    return {key: list(_blocks(analysis, key[0], found)) for key, found in peers_of.items()}


def _blocks(analysis: Analysis, direction: Direction, peers_of: dict[int, int]) -> Iterator[Block]:
    alike: dict[int, list[str]] = {}
    for end, peers in sorted(peers_of.items()):
        alike.setdefault(peers, []).append(analysis.ends.all[end].id)
    for peers, subjects in alike.items():
        own, others = tuple(subjects), analysis.ends.ids(peers)
        if own == others and len(own) == 1 and not analysis.workload_by_id[own[0]].reaches_itself:
            continue
        yield (own, others) if direction is Direction.EGRESS else (others, own)


def _grants(compiled: Compiled) -> Sequence[Grant]:
    return [grant for direction in Direction for grant in compiled.grants.get(direction, ())]


def _marks(analysis: Analysis, found: Sequence[Compiled], possible: int) -> Iterator[str]:
    if not possible:
        yield "selects_nothing"
    elif any(_is_open(analysis, grant) for compiled in found for grant in _grants(compiled)):
        yield "opens_everything"
    for reason, mark in _ASIDE.items():
        if any(compiled.policy.set_aside == reason for compiled in found):
            yield mark


def _is_open(analysis: Analysis, grant: Grant) -> bool:
    """Whether a rule allows everyone, pods and addresses alike, on every port."""
    return grant.rule.action is Action.ALLOW and grant.rule.ports.is_all and analysis.deciding.is_everyone(grant)
