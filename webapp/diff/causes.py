"""Which edit made a pair differ: a policy or one of its rules, labels, a namespace, a workload.

Both sides are asked for their traces on a port that differs; where an end changed its mind, what decided there on one
side is looked for on the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from webapp.analysis import Analysis
from webapp.diff.changes import Change, Changes
from webapp.diff.ends import End
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Direction, Policy, Rule, Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.source import SourceRef
from webapp.model.verdict import Side, Step, Trace

Named = tuple[Policy, Rule | None]
"""A policy that a step names, and its rule if that decided."""
_NAMES = ("base", "head")


@dataclass(frozen=True, slots=True)
class Cause:
    """One edit. ``change``: added, removed or changed.

    ``object``: what was edited ("NetworkPolicy shop/deny"). ``detail``: the part of it that matters ("ingress rule 2",
    "label tier: a became b"), or "". ``side``: base or head, in which ``source`` stands."""

    change: str
    object: str
    detail: str
    side: str
    source: SourceRef | None

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.object} {self.change}{detail}"


class Causes:
    """Finds the causes of the rows of one comparison."""

    def __init__(self, base: Analysis, head: Analysis, changes: Changes) -> None:
        self._sides = (base, head)
        self._ends = {end.id: end for end in changes.ends}
        self._externals = {external.id for side in self._sides for external in side.externals}
        self._owners = tuple({workload.owner_id for workload in side.workloads} for side in self._sides)
        self._policies = tuple(_by_version(side.policies) for side in self._sides)

    @cached_property
    def _pods(self) -> tuple[dict[str, Counter[object]], ...]:
        """What the pods of each workload are, on both sides."""
        return tuple(_pods_by_owner(side.snapshot.endpoints) for side in self._sides)

    def of(self, row: Change) -> tuple[Cause, ...]:
        """Every edit that had a part in it. Empty only if none can be told."""
        ends = self._ends[row.source], self._ends[row.destination]
        found = [cause for end in ends for cause in self._new_or_gone(end)]
        if not found and all(end.base and end.head for end in ends):
            for ports in _differing(row):
                found += self._decided(ends, ports)
        if not found:
            found = [*self._about(ends[0]), *self._about(ends[1])]
        return tuple(dict.fromkeys(found or [*self._any_policy()] or [*self._pods_of(ends)]))

    def _new_or_gone(self, end: End) -> Iterator[Cause]:
        """A workload, all variants of which are there on one side only."""
        for number, identity in enumerate((end.base, end.head)):
            there = (end.base, end.head)[1 - number]
            if not identity and there not in self._externals and _owner(there) not in self._owners[number]:
                yield self._cause_about("removed" if number else "added", there, "", 1 - number)

    def _cause_about(self, change: str, identity: str, detail: str, number: int) -> Cause:
        workload = self._sides[number].workload_by_id[identity]
        title = f"{workload.kind} {workload.namespace}/{workload.name}"
        return Cause(change, title, detail, _NAMES[number], workload.source)

    def _decided(self, ends: tuple[End, End], ports: PortSet) -> Iterator[Cause]:
        """What decides on one side and is not so on the other, at the ends that changed their mind."""
        protocol, spans = next(iter(ports.by_protocol().items()))
        traces = [
            side.decide(
                (ends[0].base, ends[0].head)[number], (ends[1].base, ends[1].head)[number], protocol, spans[0][0]
            )
            for number, side in enumerate(self._sides)
        ]
        for direction in Direction:
            mine = [_side(trace, direction) for trace in traces]
            if mine[0].verdict is mine[1].verdict:
                continue
            for number, side in enumerate(mine):
                for named in _named(side.steps):
                    yield from self._edited(named, number)

    def _edited(self, named: Named, number: int) -> Iterator[Cause]:
        """Whether a policy of one side, or its rule, is not so on the other."""
        policy, rule = named
        there = self._policies[1 - number]
        twin = there.get((policy.identity, policy.version))
        title = policy.title
        if twin is None and any(identity == policy.identity for identity, _ in there):
            yield Cause("changed", title, "how many versions of it are given", _NAMES[number], policy.source)
            return
        if twin is None:
            detail = _rule_name(rule) if rule is not None else ""
            yield Cause("added" if number else "removed", title, detail, _NAMES[number], (rule or policy).source)
            return
        detail = ""
        if policy.set_aside != twin.set_aside:
            detail = "cannot be evaluated"
        elif policy.subject != twin.subject:
            detail = "whom it selects"
        elif policy.order != twin.order:
            detail = f"priority {policy.order} and {twin.order}"
        elif policy.rules.keys() != twin.rules.keys():
            detail = "the directions that it isolates"
        elif rule is not None and not any(_meaning(rule) == _meaning(r) for r in twin.rules.get(rule.direction, ())):
            yield Cause("changed", title, _rule_name(rule), _NAMES[number], rule.source)
            return
        elif (
            rule is not None
            and [*map(_meaning, policy.rules[rule.direction])] != [*map(_meaning, twin.rules[rule.direction])]
            and policy.tier is not Tier.NETWORK_POLICY
        ):
            detail = f"the order of its {rule.direction} rules"
        if detail:
            yield Cause("changed", title, detail, _NAMES[number], policy.source)

    def _about(self, end: End) -> Iterator[Cause]:
        """What is not the same about a workload and its namespace."""
        before, after = (side.workload_by_id.get(i) for side, i in zip(self._sides, (end.base, end.head), strict=True))
        if before is None or after is None:
            return
        if "#" in before.id or "#" in after.id:  # which pods a variant stands for is for the policies to say
            if self._pods[0][before.owner_id] != self._pods[1][after.owner_id]:
                yield self._cause_about("changed", after.id, "its pods", 1)
        else:
            details = list(_labels(before.labels, after.labels))
            details += ["its ports"] if before.ports != after.ports else []
            details += ["its addresses"] if before.addresses != after.addresses else []
            details += ["hostNetwork"] if before.host_network != after.host_network else []
            details += ["how many pods it may have"] if before.reaches_itself != after.reaches_itself else []
            yield from (self._cause_about("changed", after.id, detail, 1) for detail in details)
        yield from self._about_namespace(after.namespace)

    def _about_namespace(self, name: str) -> Iterator[Cause]:
        before, after = (side.namespaces.get(name) for side in self._sides)
        if before is None or after is None:
            return
        if before.declared != after.declared:
            number = int(after.declared)
            yield Cause(
                "added" if number else "removed",
                f"Namespace {name}",
                "",
                _NAMES[number],
                (before, after)[number].source,
            )
            return
        for detail in _labels(before.labels.known, after.labels.known):
            yield Cause("changed", f"Namespace {name}", detail, "head", after.source)

    def _pods_of(self, ends: tuple[End, End]) -> Iterator[Cause]:
        """What is left: pods of a workload that policies tell apart came or went."""
        for end in ends:
            number = 1 if end.head else 0
            identity = (end.base, end.head)[number]
            if identity not in self._externals:
                yield self._cause_about("changed", identity, "its pods", number)

    def _any_policy(self) -> Iterator[Cause]:
        """The policies that differ at all, where nothing nearer is found: they tell the pods of a workload apart, or
        cut the addresses, otherwise than before."""
        for number in (1, 0):
            for policy in self._policies[number].values():
                twin = self._policies[1 - number].get((policy.identity, policy.version))
                if twin is None:
                    yield Cause("added" if number else "removed", policy.title, "", _NAMES[number], policy.source)
                elif number and _content(policy) != _content(twin):
                    yield Cause("changed", policy.title, "", "head", policy.source)


def _pods_by_owner(endpoints: Iterable[Endpoint]) -> dict[str, Counter[object]]:
    found: dict[str, Counter[object]] = {}
    for each in endpoints:
        about = (each.labels, each.ports, each.addresses, each.host_network, len(each.versions))
        found.setdefault(each.workload_id, Counter())[about] += each.pods
    return found


Version = tuple[tuple[str, str, str, str], int]


def _by_version(policies: Iterable[Policy]) -> dict[Version, Policy]:
    """By what makes a policy one object, and the number among versions of it that differ."""
    return {(policy.identity, policy.version): policy for policy in policies}


def _owner(identity: str) -> str:
    return identity.partition("#")[0]


def _differing(row: Change) -> Iterator[PortSet]:
    """A set of ports for each way in which a pair differs."""
    doubtful = (row.after_unknown - row.before_unknown, row.before_unknown - row.after_unknown)
    yield from (ports for ports in (row.opened_ports, row.cut_ports, *doubtful) if ports is not NONE)


def _side(trace: Trace, direction: Direction) -> Side:
    return trace.egress if direction is Direction.EGRESS else trace.ingress


def _named(steps: Iterable[Step]) -> Iterator[Named]:
    """What decides first, then whatever else the steps name."""
    for step in steps:
        if step.rule is not None:
            yield step.policies[0], step.rule
        else:
            yield from ((policy, None) for policy in step.policies)
        yield from ((attempt.policy, None) for attempt in step.attempts)


def _labels(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> Iterator[str]:
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old != new:
            told = "gone" if new is None else f"{new}, new" if old is None else f"{old} became {new}"
            yield f"label {key}: {told}"


def _rule_name(rule: Rule) -> str:
    return f"{rule.direction} rule {rule.index + 1}" + (f" ({rule.name})" if rule.name else "")


def _meaning(rule: Rule) -> tuple[object, ...]:
    return rule.peers, rule.ports, rule.action


def _content(policy: Policy) -> tuple[object, ...]:
    rules = {direction: tuple(map(_meaning, each)) for direction, each in policy.rules.items()}
    return policy.subject, policy.order, policy.set_aside, sorted(rules.items())
