"""Pods as Services see them: labels and named ports, alike ones of a workload taken together."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.model.endpoint import NamedPort
from webapp.model.labels import Labels
from webapp.model.service import ServicePort


@dataclass(slots=True)
class Shape:
    """Pods of one workload with the same labels and ports. ``pods``: how many run."""

    workload: str
    labels: Labels
    ports: tuple[NamedPort, ...]
    pods: int

    def resolve(self, port: ServicePort) -> int | None:
        """The number of a target port on these pods; None if they do not declare its name. Of several containers
        that declare it the first counts."""
        if port.target is None:
            return port.number
        if isinstance(port.target, int):
            return port.target
        wanted = (port.target, port.protocol)
        return next((each.number for each in self.ports if (each.name, each.protocol) == wanted), None)


def shapes_of(analysis: Analysis) -> dict[str, list[Shape]]:
    """All pods and templates by their namespace, in the order of their workloads."""
    found = analysis.kept.get(Shape)
    if found is None:
        found = analysis.kept[Shape] = _gather(analysis)
    return found  # type: ignore[return-value]


def _gather(analysis: Analysis) -> dict[str, list[Shape]]:
    found: dict[str, list[Shape]] = {}
    for name, members in sorted(analysis.members.items()):
        apart: dict[tuple[int, int], Shape] = {}
        for member in members:
            key = (id(member.labels), id(member.ports))
            shape = apart.get(key)
            if shape is None:
                apart[key] = Shape(name, member.labels, member.ports, member.pods)
            else:
                shape.pods += member.pods
        found.setdefault(members[0].namespace, []).extend(apart.values())
    return found
