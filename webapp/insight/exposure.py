"""What a workload would accept from, or may send to, pods that are not in the input, and addresses.

Only the workload's own end is asked; what policies say at the other end, of which nothing is known, is taken as open.
For each selector of a rule a pod is imagined that it matches and, if possible, no other one does; the engine says what
follows. Reported are any pod of the cluster, and the selectors whose pods differ from it (see `differences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import or_

from webapp.analysis import Analysis
from webapp.engine.sides import Sides
from webapp.engine.workloads import Workload
from webapp.insight.differences import Reading, common, expected
from webapp.insight.imagined import Imagination, fresh_value, numbers_of_names
from webapp.insight.regions import Atlas, Pod, Region
from webapp.insight.samples import Sample, Sampler
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Action, Direction, Policy, Rule, Tier
from webapp.model.ports import ALL, NONE, PortName, PortSet
from webapp.model.verdict import Step

_MOST_COMBINATIONS = 30_000
"""How many combinations of selectors are tried for all ends together; each end has its share."""
_FEWEST, _MOST = 30, 500
"""How many that are at least, and at most."""
_MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Because:
    """A reason: a code (contract), the policy, and the rule of it that decided, if one did."""

    reason: str
    tier: Tier
    policy: Policy
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Peers:
    """The pods of a region, and what goes for them. ``namespace``: its name, where there is but one.

    ``names``: ports that are open under the name that the pod gives them, whatever the number. ``denied``: what is
    open to any pod of the cluster, and not to these; ``denied_names`` are closed by name although their number may be
    open.
    """

    region: Region
    namespace: str | None
    ports: PortSet
    unknown_ports: PortSet
    denied: PortSet
    names: tuple[PortName, ...]
    unknown_names: tuple[PortName, ...]
    denied_names: tuple[PortName, ...]
    reasons: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """An external part, and the ports that this end allows with it."""

    id: str
    ports: PortSet
    unknown_ports: PortSet


@dataclass(frozen=True, slots=True)
class Exposure:
    """One end of a workload. ``protected``: a policy selects it there. ``peers``: any pod of the cluster, then pods
    that differ, general ones first. ``complete`` is False where there are more combinations of selectors than are
    tried, so that pods in several of them may differ from what is said."""

    workload: str
    direction: Direction
    protected: bool
    complete: bool
    peers: tuple[Peers, ...]
    addresses: tuple[Address, ...]


def exposure(
    analysis: Analysis, workloads: Iterable[Workload] | None = None, directions: Sequence[Direction] = tuple(Direction)
) -> list[Exposure]:
    """Both ends of these workloads (None: of all), in their order."""
    chosen = list(analysis.workloads if workloads is None else workloads)
    ends = _Ends(analysis)
    groups = [(w, ends.group_of(direction, w.column)) for w in chosen for direction in directions]
    ends.work_out()
    told = {id(group): ends.tell(group) for group in ends.groups}
    return [Exposure(w.id, group.direction, *told[id(group)]) for w, group in groups]


@dataclass(slots=True)
class _Group:
    """An end that workloads share. ``uses``: the selectors of its rules, and on which ports these say what.
    ``additive``: what selectors allow adds up, so combinations need no look. ``uncertain``: it is open which policies
    hold, so every combination needs one."""

    direction: Direction
    column: int
    subject: Endpoint
    protected: bool
    uses: dict[Region, dict[Action, PortSet]]
    additive: bool
    uncertain: bool
    samples: dict[Region, Sample] = field(default_factory=dict)
    readings: dict[Region, Reading] = field(default_factory=dict)
    tried: set[Region] = field(default_factory=set)
    complete: bool = True


class _Ends:
    """All ends that are asked for, worked out together."""

    def __init__(self, analysis: Analysis) -> None:
        fresh = fresh_value(analysis.policies)
        self._analysis = analysis
        self._sides: Sides = analysis.sides
        self._atlas = Atlas(analysis.namespaces, fresh)
        self._sampler = Sampler(self._atlas)
        self._imagination = Imagination(analysis, fresh, numbers_of_names(analysis.policies))
        self._groups: dict[object, _Group] = {}

    @property
    def groups(self) -> Iterable[_Group]:
        return self._groups.values()

    def group_of(self, direction: Direction, column: int) -> _Group:
        key = (direction, id(self._sides.row(direction, column)), self._sides.families(column))
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = self._new_group(direction, column)
        return group

    def _new_group(self, direction: Direction, column: int) -> _Group:
        members = self._sides.members(direction, column)
        uncertain = not all(
            certain and not compiled.policy.set_aside and not compiled.policy.version for compiled, certain in members
        )
        additive = not uncertain and all(compiled.policy.tier is Tier.NETWORK_POLICY for compiled, _ in members)
        uses: dict[Region, dict[Action, PortSet]] = {}
        for compiled, _ in members:
            for grant in compiled.grants.get(direction, ()):
                for peer in grant.rule.peers or ():
                    if peer.block is None and peer.nodes is None and peer.domain is None:
                        region = self._atlas.region_of(peer, compiled.policy.namespace)
                        if region is not None and not self._atlas.implies(self._atlas.everything, region):
                            said = uses.setdefault(region, {})
                            said[grant.rule.action] = said.get(grant.rule.action, NONE) | grant.rule.ports
        subject = self._sides.a_pod_of(column)
        return _Group(direction, column, subject, bool(members), uses, additive, uncertain)

    # ---- working out ----------------------------------------------------------------------------------------

    def work_out(self) -> None:
        """Imagine pods for every selector, then for combinations that may differ from what their parts say."""
        fresh = {id(group): [self._atlas.everything, *group.uses] for group in self.groups}
        for _ in range(_MOST_ROUNDS):
            for group in self.groups:
                self._sample(group, fresh[id(group)])
            self._imagination.add(pod for group in self.groups for pod in self._pods_of(group, fresh[id(group)]))
            for group in self.groups:
                self._read(group, fresh[id(group)])
            fresh = {
                id(group): self._share(group, self._combinations(group, fresh[id(group)])) for group in self.groups
            }
            if not any(fresh.values()):
                return
        for group in self.groups:
            group.complete = group.complete and not fresh[id(group)]

    def _share(self, group: _Group, combinations: Iterator[Region]) -> list[Region]:
        """As many as an end may have."""
        ends = sum(not each.additive for each in self.groups)
        most = min(_MOST, max(_FEWEST, _MOST_COMBINATIONS // max(1, ends)))
        left = most + 1 + len(group.uses) - len(group.samples)
        chosen = list(islice(combinations, left))
        group.complete = group.complete and next(combinations, None) is None
        return chosen

    def _sample(self, group: _Group, regions: list[Region]) -> None:
        others = list(group.uses)
        for region in regions:
            sample = group.samples[region] = self._sampler.sample(region, others)
            group.complete = group.complete and sample.exact

    @staticmethod
    def _pods_of(group: _Group, regions: Iterable[Region]) -> Iterator[Pod]:
        for region in regions:
            yield from group.samples[region].pods

    def _read(self, group: _Group, regions: Iterable[Region]) -> None:
        for region in regions:
            pods = group.samples[region].pods
            group.readings[region] = common([
                self._imagination.read(group.direction, group.subject, pod) for pod in pods
            ])  # fmt: skip

    def _combinations(self, group: _Group, latest: list[Region]) -> Iterator[Region]:
        """What is to be tried next: the latest regions that say something new, each with every selector."""
        if group.additive or len(group.uses) < 2:
            return
        group.tried.update(latest)
        first = any(region in group.uses for region in latest)
        kept = latest if first else [region for region in self._kept(group) if region in set(latest)]
        uses = list(group.uses)
        for place, region in enumerate(uses if first else kept):
            for other in uses[place + 1 :] if first else uses:
                if group.uncertain or not first or self._may_conflict(group, region, other):
                    both = self._atlas.meet(region, other)
                    if both is not None and both not in group.tried:
                        group.tried.add(both)
                        yield both

    def _may_conflict(self, group: _Group, region: Region, other: Region) -> bool:
        """Whether two selectors may say together what does not follow from each: no pod speaks for one alone; or rules
        of unlike actions on the same ports lead to unlike ends (or pass them on, who knows where)."""
        if any(len(group.samples[each].pods) > 1 for each in (self._atlas.everything, region, other)):
            return True
        ends = zip(group.readings[region].parts, group.readings[other].parts, strict=True)
        unlike = reduce(or_, ((a - b) | (b - a) for a, b in ends))
        for action, ports in group.uses[region].items():
            for its_action, its_ports in group.uses[other].items():
                if action is its_action:
                    continue
                shared = ALL if ports.names or its_ports.names else ports & its_ports
                if Action.PASS not in (action, its_action):
                    shared &= unlike
                if shared is not NONE:
                    return True
        return False

    def _kept(self, group: _Group) -> list[Region]:
        """The regions that say something which does not follow from more general ones, these first."""
        implies, readings = self._atlas.implies, group.readings
        general = readings[self._atlas.everything]
        kept: list[Region] = []
        for region in sorted(readings, key=self._atlas.narrowness):
            entries = [(other, readings[other]) for other in kept if implies(region, other)]
            if region is not self._atlas.everything and readings[region] != expected(general, entries, implies):
                kept.append(region)
        return kept

    # ---- telling --------------------------------------------------------------------------------------------

    def tell(self, group: _Group) -> tuple[bool, bool, tuple[Peers, ...], tuple[Address, ...]]:
        """What there is to say of an end: protected, complete, peers, addresses."""
        regions = [self._atlas.everything, *self._kept(group)]
        peers = tuple(self._peers(group, region) for region in regions)
        return group.protected, group.complete, peers, tuple(self._addresses(group))

    def _addresses(self, group: _Group) -> Iterator[Address]:
        for number, part in enumerate(self._analysis.externals):
            column = self._sides.class_count + number
            low, high = self._sides.ports(group.direction, group.column, column)
            if high is not NONE:
                yield Address(part.id, low, high - low)

    def _peers(self, group: _Group, region: Region) -> Peers:
        reading, general = group.readings[region], group.readings[self._atlas.everything]
        side = self._imagination.explain(group.direction, group.subject, group.samples[region].pods[0])
        names = self._names(reading)
        return Peers(
            region, self._atlas.only_namespace(region),
            reading.low, reading.high - reading.low, general.low - reading.high,
            names["open"], names["unknown"], names["closed"],
            tuple(because for step in side.steps for because in _because(step)) if group.protected else (),
        )  # fmt: skip

    def _names(self, reading: Reading) -> dict[str, tuple[PortName, ...]]:
        """The port names that make a difference, by what they are."""
        found: dict[str, list[PortName]] = {"open": [], "unknown": [], "closed": []}
        same = reading.low is reading.named_low and reading.high is reading.named_high
        for name, number in () if same else self._imagination.numbers.items():
            bare, named = (
                "open" if low.contains(name[1], number) else "unknown" if high.contains(name[1], number) else "closed"
                for low, high in ((reading.low, reading.high), (reading.named_low, reading.named_high))
            )
            if bare != named:
                found[named].append(name)
        return {state: tuple(sorted(listed)) for state, listed in found.items()}


def _because(step: Step) -> Iterator[Because]:
    if step.rule is not None:
        yield Because(step.reason, step.tier, step.policies[0], step.rule)
    else:
        for policy in step.policies:
            yield Because(step.reason, step.tier, policy, None)
