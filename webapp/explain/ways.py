"""Ways in, and who may not resolve names, in the forms of the contract."""

from __future__ import annotations

from webapp.explain.verdict import place_document, policy_document
from webapp.insight.entries import Unpublished, Way
from webapp.model.ports import NONE, PortSet


def way_document(way: Way) -> dict[str, object]:
    """One way in, for JSON."""
    document: dict[str, object] = {
        "kind": way.kind, "object": f"{way.kind} {way.namespace}/{way.name}", "namespace": way.namespace,
        "name": way.name, "hosts": list(way.hosts), "through": way.through,
        "via": None if way.via is None else list(way.via), "known_by": way.known_by, "service": way.service,
        "workload": way.workload or None, "ports": _ports(way.ports), "allowed": _ports(way.allowed),
        "unknown": _ports(way.unknown), "verdict": way.verdict, "reason": way.reason,
        "policies": [policy_document(policy) for policy in way.policies], "notes": list(way.notes),
    }  # fmt: skip
    if way.source is not None:
        document["source"] = place_document(way.source)
    return document


def unpublished_document(found: Unpublished) -> dict[str, object]:
    """A workload that the internet may reach although nothing publishes it, for JSON."""
    return {"workload": found.workload, "ports": _ports(found.ports), "isolated": found.isolated}


def _ports(ports: PortSet) -> str | dict[str, str]:
    return {} if ports is NONE else ports.json()
