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
from webapp.model.policy import Policy, Rule


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
        """Only those of which every rule matches some pod or address of this input: what is not there may be what it
        is for. One without rules only if another policy isolates the same pods whatever they are."""
        compiled = self._coverage.policies
        found = [
            (number, self._container(number))
            for number in self._redundancy.policies()
            if self._matches_something(compiled[number])
        ]
        found = [(n, within) for n, within in found if within is not None or any(grants_of(compiled[n]))]
        gone: list[int] = []
        spare = []
        for number, within in sorted(found, key=lambda each: (each[1] is None, -each[0])):
            if within is not None and any(within is compiled[other].policy for other in gone):
                within = self._container(number, gone)
            if self._redundancy.can_go((*gone, number)):
                gone.append(number)
                spare.append(SparePolicy(compiled[number].policy, within))
        return tuple(spare)

    def _matches_something(self, compiled: Compiled) -> bool:
        """Whether every rule matches pods or addresses of the input on some port."""
        return all(
            any(grant.cover.low)
            and not self._coverage.port_numbers(grant, compiled.possible, grant.cover.high[0]).is_empty
            for grant in grants_of(compiled)
        )

    def _container(self, number: int, gone: list[int] | None = None) -> Policy | None:
        """A policy that contains it. Of equal ones the first stays."""
        policy = self._coverage.policies[number].policy
        for other_number in self._at_home.get(policy.namespace, ()):
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
