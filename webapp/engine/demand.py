"""What policies ask for. All else cannot tell pods apart, so nothing after this looks at it (engine.md, step 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from webapp.model.labels import Requirement, Selector
from webapp.model.policy import Policy
from webapp.model.ports import PortName


@dataclass(frozen=True, slots=True)
class Demand:
    """What policies ask for: label keys (with the values that they mention), port names, whether for nodes; all else
    cannot tell pods apart."""

    pod_values: dict[str, set[str]]
    namespace_keys: frozenset[str]
    port_names: frozenset[PortName]
    nodes: bool = False

    @property
    def pod_keys(self) -> frozenset[str]:
        return frozenset(self.pod_values)


def demand_of(policies: Iterable[Policy]) -> Demand:
    """One pass over all policies (engine.md, step 1)."""
    pods: dict[int, Selector | None] = {}
    namespaces: dict[int, Selector | None] = {}
    names: set[PortName] = set()
    nodes = False
    for policy in policies:
        subject = policy.subject
        pods[id(subject.pods)] = subject.pods
        namespaces[id(subject.namespaces)] = subject.namespaces
        for rules in policy.rules.values():
            for rule in rules:
                names |= rule.ports.names
                for peer in rule.peers or ():
                    pods[id(peer.pods)] = peer.pods
                    namespaces[id(peer.namespaces)] = peer.namespaces
                    nodes = nodes or peer.nodes is not None
    values: dict[str, set[str]] = {}
    for requirement in _requirements(pods.values()):
        values.setdefault(requirement.key, set()).update(requirement.values)
    keys = frozenset(requirement.key for requirement in _requirements(namespaces.values()))
    return Demand(values, keys, frozenset(names), nodes)


def _requirements(selectors: Iterable[Selector | None]) -> Iterator[Requirement]:
    for selector in selectors:
        yield from selector.requirements if selector is not None else ()
