"""Policies and rules that could go, all of them together, without a verdict of this input changing.

The engine proves each by itself. Of several that stand in for one another some must stay; those that are contained in
another one whatever pods there are go first, then the later ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from webapp.engine.coverage import Coverage, grants_of
from webapp.engine.covers import Compiled
from webapp.engine.redundancy import Finds, Standing
from webapp.lint.containment import policy_within, rule_within
from webapp.model.policy import Policy, Rule, Tier

_MOST_COMPARED = 400
"""So many policies of a namespace are looked through for one that contains another."""


@dataclass(frozen=True, slots=True)
class SparePolicy:
    """A policy that could go. ``within``: a policy that says all of it, whatever pods there are."""

    policy: Policy
    within: Policy | None


@dataclass(frozen=True, slots=True)
class SpareRule:
    """A rule that could go ``because`` of these. ``within``: the one of them that says all of it, whatever pods there
    are."""

    policy: Policy
    rule: Rule
    because: tuple[tuple[Policy, Rule], ...]
    within: tuple[Policy, Rule] | None


class Spare:
    """Of one analysis."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._redundancy = coverage.redundancy

    @cached_property
    def policies(self) -> tuple[SparePolicy, ...]:
        """Of one with rules every rule is spare, so it matches something of this input: what is not there may be what a
        rule is for. One without rules is told only if another one without rules isolates the same pods and more."""
        compiled = self._coverage.policies
        spare_rules = {id(standing.rule) for standing in self._finds.spare}
        found = []
        for number, each in enumerate(compiled):
            grants = list(grants_of(each))
            if _is_candidate(each) and all(id(grant.rule) in spare_rules for grant in grants):
                within = self._container(number)
                found += [(number, within)] if grants or within is not None else []
        gone: dict[str, list[int]] = {}  # by namespace: policies of others do not matter
        spare = []
        for number, within in sorted(found, key=lambda each: (each[1] is None, -each[0])):
            policy = compiled[number].policy
            before = gone.setdefault(policy.namespace, [])
            if within is not None and any(within is compiled[other].policy for other in before):
                within = self._container(number, before)
            if self._redundancy.can_go((*before, number)):
                before.append(number)
                spare.append(SparePolicy(policy, within))
        return tuple(spare)

    def _container(self, number: int, gone: list[int] | None = None) -> Policy | None:
        """A policy that contains it. Of equal ones the first stays."""
        policy = self._coverage.policies[number].policy
        for other_number in self._at_home.get(policy.namespace, ())[:_MOST_COMPARED]:
            other = self._coverage.policies[other_number].policy
            if other_number == number or other_number in (gone or ()) or other.set_aside or other.version:
                continue
            if not any(policy.rules.values()) and any(other.rules.get(way) for way in policy.rules):
                continue  # a default deny is not the less one for a policy that opens something to the same pods
            if policy_within(policy, other) and (other_number < number or not policy_within(other, policy)):
                return other
        return None

    @cached_property
    def _at_home(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, compiled in enumerate(self._coverage.policies):
            found.setdefault(compiled.policy.namespace, []).append(number)
        return found

    @cached_property
    def _finds(self) -> Finds:
        return self._redundancy.rules()

    @cached_property
    def rules(self) -> tuple[SpareRule, ...]:
        """Rules of NetworkPolicies that stay: none of a policy that could go, and none that only such a one, or another
        of these, makes spare."""
        gone = {id(each.policy) for each in self.policies}
        found = [self._spare_rule(each) for each in self._finds.spare if id(each.policy) not in gone]
        taken: set[int] = set()
        spare = []
        for each in sorted(found, key=lambda rule: (rule.within is None, rule.policy.source, -rule.rule.index)):
            stays = all(id(policy) not in gone and id(rule) not in taken for policy, rule in each.because)
            if stays:
                taken.add(id(each.rule))
                spare.append(each)
        return tuple(spare)

    @staticmethod
    def _spare_rule(standing: Standing) -> SpareRule:
        policy, rule = standing.policy, standing.rule
        within = next((each for each in standing.because if rule_within(policy, rule, *each)), None)
        return SpareRule(policy, rule, standing.because, within)

    @property
    def shadowed(self) -> Iterator[Standing]:
        """Rules of tiers that are asked in order which are never the first to match."""
        yield from self._finds.shadowed

    @property
    def void(self) -> Iterator[Standing]:
        """Rules of NetworkPolicies of which the Admin tier denies all."""
        yield from self._finds.void


def _is_candidate(compiled: Compiled) -> bool:
    policy = compiled.policy
    selects = compiled.possible and policy.tier is Tier.NETWORK_POLICY
    return bool(selects) and not policy.set_aside and not policy.version
