"""Pods as Services see them: labels and named ports, alike ones of a workload taken together."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.labels import Labels, Match, Selector
from webapp.model.service import ServicePort

CONTRADICTED = "duplicate_object"


@dataclass(slots=True)
class Shape:
    """Pods of one workload with the same labels and ports. ``pods``: how many run. ``forms``: one pair of labels and
    named ports; several where the object is given more than once with different content."""

    workload: str
    forms: tuple[tuple[Labels, tuple[NamedPort, ...]], ...]
    pods: int

    def match(self, selector: Selector) -> tuple[Match, str]:
        """Whether a selector matches, and if that is not certain the reason code."""
        matches = {selector.match(labels) for labels, _ in self.forms}
        if len(matches) == 1:
            match = matches.pop()
            return match, "labels_unknown" if match is Match.MAYBE else ""
        return Match.MAYBE, CONTRADICTED

    def resolve(self, port: ServicePort) -> list[tuple[int, str]]:
        """The numbers that a target port may mean on these pods, each with a reason code if that is not certain; none
        if they do not declare its name. Of several containers that declare it the first counts."""
        numbers = {_number(ports, port) for _, ports in self.forms}
        doubt = CONTRADICTED if len(numbers) > 1 else ""
        return [(number, doubt) for number in sorted(each for each in numbers if each is not None)]


def _number(ports: tuple[NamedPort, ...], port: ServicePort) -> int | None:
    if port.target is None:
        return port.number
    if isinstance(port.target, int):
        return port.target
    wanted = (port.target, port.protocol)
    return next((each.number for each in ports if (each.name, each.protocol) == wanted), None)


def shapes_of(analysis: Analysis) -> dict[str, list[Shape]]:
    """All pods and templates by their namespace, in the order of their workloads."""
    found = analysis.kept.get(Shape)
    if found is None:
        found = analysis.kept[Shape] = _gather(analysis)
    return found  # type: ignore[return-value]


def _gather(analysis: Analysis) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for name, members in sorted(analysis.members.items()):
        apart: dict[tuple[int, int, int], Shape] = {}
        for member in members:
            key = (id(member.labels), id(member.ports), id(member.versions))
            shape = apart.get(key)
            if shape is None:
                apart[key] = Shape(name, _forms(member), member.pods)
            else:
                shape.pods += member.pods
        found.setdefault(members[0].namespace, []).extend(apart.values())
    return found


def _forms(member: Endpoint) -> tuple[tuple[Labels, tuple[NamedPort, ...]], ...]:
    return tuple([(each.labels, each.ports) for each in member.versions or (member,)])
