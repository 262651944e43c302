"""Pods that are not there, put beside those of the input and evaluated by the same engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.analysis import Analysis
from webapp.engine.sides import Sides
from webapp.insight.differences import Reading
from webapp.insight.regions import NAME, Pod
from webapp.model.endpoint import Endpoint, NamedPort, Namespace
from webapp.model.labels import Labels, Selector
from webapp.model.policy import Direction, Policy
from webapp.model.ports import LAST_PORT, NONE, PortName, PortSet
from webapp.model.verdict import Side

KIND = "Imagined"


def fresh_value(policies: Iterable[Policy]) -> str:
    """A label value that no selector names, nor any longer one that begins with it."""
    named = {value for selector in _selectors(policies) for term in selector.requirements for value in term.values}
    fresh = "other"
    while any(value.startswith(fresh) for value in named):
        fresh += "-x"
    return fresh


def _selectors(policies: Iterable[Policy]) -> Iterable[Selector]:
    found: dict[int, Selector] = {}
    for policy in policies:
        peers = [peer for rules in policy.rules.values() for rule in rules for peer in rule.peers or ()]
        chosen = [policy.subject.pods, policy.subject.namespaces]
        chosen += [selector for peer in peers for selector in (peer.pods, peer.namespaces)]
        found |= {id(selector): selector for selector in chosen if selector is not None}
    return found.values()


def numbers_of_names(policies: Iterable[Policy]) -> dict[PortName, int]:
    """A number for each port name that a rule of egress uses, one that no rule names (as far as there are any)."""
    ports = {rule.ports for policy in policies for rule in policy.rules.get(Direction.EGRESS, ())}
    names = sorted({name for each in ports for name in each.names})
    if not names:
        return {}
    taken: dict[str, PortSet] = {}
    for each in ports:
        for protocol, spans in each.by_protocol().items():
            if spans != [(1, LAST_PORT)]:
                own = [PortSet.single(protocol, first, last) for first, last in spans]
                for piece in own:
                    taken[protocol] = taken.get(protocol, NONE) | piece
    numbers: dict[PortName, int] = {}
    for protocol in {protocol for _, protocol in names}:
        left = PortSet.whole(protocol) - taken.get(protocol, NONE)
        free = [n for first, last in reversed((left.by_protocol() or {protocol: []})[protocol])
                for n in range(last, max(first, last - len(names)) - 1, -1)]  # fmt: skip
        free += [n for n in range(LAST_PORT, 0, -1) if n not in set(free)][: len(names)]
        own_names = [name for name in names if name[1] == protocol]
        numbers |= dict(zip(own_names, free, strict=False))
    return numbers


@dataclass(slots=True)
class _Place:
    """Where a pod stands in a world, without ports and with all named ports."""

    sides: Sides
    bare: Endpoint
    named: Endpoint | None


@dataclass(slots=True)
class Imagination:
    """Evaluates pods that might be, many at once, and answers what an end says of them. ``fresh``: a label value that
    no policy names. ``numbers``: of the port names that stand for themselves."""

    analysis: Analysis
    fresh: str
    numbers: dict[PortName, int]
    _places: dict[Pod, _Place] = field(default_factory=dict)

    def add(self, pods: Iterable[Pod]) -> None:
        """Evaluate those that are new."""
        new = [pod for pod in dict.fromkeys(pods) if pod not in self._places]
        if not new:
            return
        made: dict[str, Namespace] = {}
        named = tuple(NamedPort(name, protocol, number) for (name, protocol), number in self.numbers.items())
        ends: list[tuple[Endpoint, Endpoint | None]] = []
        for pod in new:
            labels, namespace = Labels(dict(pod.labels)), self._namespace(pod, made)
            name = str(len(ends))
            bare = Endpoint(namespace, KIND, name, labels)
            ends.append((bare, Endpoint(namespace, KIND, name, labels, named) if named else None))
        endpoints = [endpoint for pair in ends for endpoint in pair if endpoint is not None]
        sides = self.analysis.with_hypothetical(endpoints, made.values()).sides
        for pod, (bare, with_names) in zip(new, ends, strict=True):
            self._places[pod] = _Place(sides, bare, with_names)

    def _namespace(self, pod: Pod, made: dict[str, Namespace]) -> str:
        """The name of the namespace of a pod in the new world. A new one has a name of its own, and in its label the
        name that is meant; so there may be several of one name."""
        if pod.namespace in self.analysis.namespaces:
            return str(pod.namespace)
        key = repr((pod.namespace, pod.namespace_labels))
        name = made[key].name if key in made else f"{self.fresh}-{len(made)}"
        made[key] = Namespace(name, Labels({NAME: pod.namespace or name, **dict(pod.namespace_labels)}), declared=True)
        return name

    def read(self, direction: Direction, subject: Endpoint, pod: Pod) -> Reading:
        """What a subject's own policies say of a pod."""
        place = self._places[pod]
        standing = place.sides.place_of(subject)
        low, high = place.sides.ports(direction, standing, place.sides.place_of(place.bare)[0])
        if direction is Direction.INGRESS or place.named is None:
            return Reading(low, high, low, high)
        named = place.sides.ports(direction, standing, place.sides.place_of(place.named)[0])
        return Reading(low, high, *named)

    def explain(self, direction: Direction, subject: Endpoint, pod: Pod) -> Side:
        """The steps from which that follows."""
        place = self._places[pod]
        peer = place.named if place.named is not None and direction is Direction.EGRESS else place.bare
        return place.sides.explain(direction, place.sides.place_of(subject), place.sides.place_of(peer)[0])
