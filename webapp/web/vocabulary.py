"""What an editor of policies may offer: labels, namespaces and ports that the manifests know."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.analysis import Analysis
from webapp.model.labels import Labels

MOST_KEYS, MOST_VALUES, MOST_PORTS = 500, 200, 500
"""What is offered is a help, not a list of everything."""


def vocabulary_document(analysis: Analysis) -> dict[str, object]:
    """Labels of pods by key, labels of namespaces, port numbers and names: `Vocabulary` in the API's description."""
    inventory = analysis.inventory
    named = [port for endpoint in inventory.endpoints for port in endpoint.ports]
    targets = [port.target or port.number for service in inventory.services for port in service.ports]
    numbers = {port.number for port in named} | {target for target in targets if isinstance(target, int)}
    return {
        "labels": _values(endpoint.labels for endpoint in inventory.endpoints),
        "namespaces": {name: dict(each.labels.known) for name, each in sorted(analysis.namespaces.items())},
        "ports": sorted(numbers | _written(analysis))[:MOST_PORTS],
        "port_names": sorted({port.name for port in named if port.name})[:MOST_PORTS],
    }


def _values(labels: Iterable[Labels]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for each in set(labels):
        for key, value in each.known.items():
            found.setdefault(key, set()).add(value)
    return {key: sorted(found[key])[:MOST_VALUES] for key in sorted(found)[:MOST_KEYS]}


def _written(analysis: Analysis) -> set[int]:
    """Single ports that policies name already."""
    rules = (rule for policy in analysis.policies for rules in policy.rules.values() for rule in rules)
    spans = (span for ports in {rule.ports for rule in rules} for each in ports.by_protocol().values() for span in each)
    return {first for first, last in spans if first == last}
