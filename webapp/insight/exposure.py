"""What a workload would accept from, or may send to, pods that are not in the input, and addresses.

Only the workload's own end is asked; what policies say at the other end, of which nothing is known, is taken as open.
For each selector of a rule a pod is imagined that it matches and, if possible, no other one does; the engine says what
follows. Reported are any pod of the cluster, and the selectors whose pods differ from it (see `differences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.workloads import Workload
from webapp.insight.combinations import End
from webapp.insight.differences import Reading
from webapp.insight.ends import Ends
from webapp.insight.regions import Region
from webapp.model.policy import Direction, Policy, Rule, Tier
from webapp.model.ports import NONE, PortName, PortSet
from webapp.model.verdict import Step


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
    ends = Ends(analysis)
    places = [(w.id, ends.end_of(direction, w.place)) for w in chosen for direction in directions]
    ends.work_out()
    teller = _Teller(analysis, ends)
    told = {id(end): (teller.peers(end), teller.addresses(end)) for end in ends.all}
    return [Exposure(name, end.direction, end.protected, end.complete, *told[id(end)]) for name, end in places]


class _Teller:
    """Says what was worked out."""

    def __init__(self, analysis: Analysis, ends: Ends) -> None:
        self._analysis = analysis
        self._ends = ends

    def peers(self, end: End) -> tuple[Peers, ...]:
        """Any pod of the cluster, then those that differ."""
        regions = [self._ends.atlas.everything, *self._ends.combinations.telling(end)]
        return tuple(self._peers(end, region) for region in regions)

    def addresses(self, end: End) -> tuple[Address, ...]:
        """The external parts with which an end allows anything."""
        found = []
        for number, part in enumerate(self._analysis.externals):
            column = self._analysis.sides.class_count + number
            low, high = self._analysis.sides.ports(end.direction, end.place, column)
            if high is not NONE:
                found.append(Address(part.id, low, high - low))
        return tuple(found)

    def _peers(self, end: End, region: Region) -> Peers:
        reading, general = end.readings[region], end.readings[self._ends.atlas.everything]
        side = self._ends.imagination.explain(end.direction, end.subject, end.samples[region].pods[0])
        names = self._names(reading)
        return Peers(
            region, self._ends.atlas.only_namespace(region),
            reading.low, reading.high - reading.low, general.low - reading.high,
            names["open"], names["unknown"], names["closed"],
            tuple(because for step in side.steps for because in _because(step)) if end.protected else (),
        )  # fmt: skip

    def _names(self, reading: Reading) -> dict[str, tuple[PortName, ...]]:
        """The port names that make a difference, by what they are."""
        found: dict[str, list[PortName]] = {"open": [], "unknown": [], "closed": []}
        same = reading.low is reading.named_low and reading.high is reading.named_high
        for name, number in () if same else self._ends.imagination.numbers.items():
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
