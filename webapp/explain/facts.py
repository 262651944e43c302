"""What stands beside the connections: ways in, what is open without one, who may resolve names. As JSON and as text.

``placed``: with the places of objects and policies in the input. `list -o json` goes without: the same objects give the
same bytes, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable

from webapp.analysis import Analysis
from webapp.explain.places import place_document, policy_document
from webapp.insight.entries import Unpublished, Way, ways_in
from webapp.insight.resolution import Resolution, resolver_of
from webapp.model.policy import Policy
from webapp.model.ports import NONE, PortSet

SCHEMA = "netpolmap/facts/1"
THROUGH = {"node_port": "NodePort", "load_balancer": "LoadBalancer", "external_ip": "external address"}
_MOST_POLICIES = 3
_DNS_WORDS = {"unknown": "not known", "some": "some servers only, others are blocked", "blocked": "blocked"}
"""What is said of the protocols that are not simply allowed; what policies block comes last."""


def facts_document(analysis: Analysis) -> dict[str, object]:
    """All of them by themselves, without the connections."""
    resolver = resolver_of(analysis)
    return {
        "schema": SCHEMA,
        "assumptions": analysis.assumptions_document(),
        **entries_document(analysis, placed=True),
        "dns": {w.id: resolution_document(resolver.of(w), placed=True) for w in analysis.workloads},
    }


def entries_document(analysis: Analysis, *, placed: bool = False) -> dict[str, object]:
    """``entries``: the ways in; ``unpublished``: what the internet reaches without one."""
    found = ways_in(analysis)
    return {
        "entries": [way_document(way, placed=placed) for way in found.ways],
        "unpublished": [unpublished_document(each) for each in found.unpublished],
    }


def way_document(way: Way, *, placed: bool = False) -> dict[str, object]:
    """One way in."""
    document: dict[str, object] = {
        "kind": way.kind, "object": f"{way.kind} {way.namespace}/{way.name}", "namespace": way.namespace,
        "name": way.name, "hosts": list(way.hosts), "through": way.through,
        "via": None if way.via is None else list(way.via), "known_by": way.known_by, "service": way.service,
        "workload": way.workload or None, "ports": ports_document(way.ports), "allowed": ports_document(way.allowed),
        "unknown": ports_document(way.unknown), "verdict": way.verdict, "reason": way.reason,
        "policies": _policies(way.policies, placed=placed), "notes": list(way.notes),
    }  # fmt: skip
    if placed and way.source is not None:
        document["source"] = place_document(way.source)
    return document


def unpublished_document(found: Unpublished) -> dict[str, object]:
    """A workload that the internet may reach although nothing publishes it."""
    return {"workload": found.workload, "ports": ports_document(found.ports), "isolated": found.isolated}


def resolution_document(found: Resolution, *, placed: bool = False) -> dict[str, object]:
    """Whether a workload may resolve names; what can be left out is."""
    document: dict[str, object] = {"verdict": found.verdict, **dict(found.by_protocol)}
    if found.reason:
        document["reason"] = found.reason
    if found.policies:
        document["policies"] = _policies(found.policies, placed=placed)
    if found.assumed:
        document["assumed"] = True
    return document


def _policies(policies: Iterable[Policy], *, placed: bool) -> list[dict[str, object]]:
    """Sorted by name, for the order of asking may be that of places."""
    listed = sorted(policies, key=lambda policy: (policy.kind, policy.namespace, policy.name))
    documents = [policy_document(policy) for policy in listed]
    return documents if placed else [{k: v for k, v in each.items() if k != "source"} for each in documents]


def ports_document(ports: PortSet) -> str | dict[str, str]:
    """Ports in the contract's form."""
    return {} if ports is NONE else ports.json()


def resolution_text(found: Resolution) -> str:
    """``UDP and TCP 53 to the cluster's DNS: blocked by NetworkPolicy data/default-deny``."""
    assumed = ", which is not in the input, as most clusters have it" if found.assumed else ""
    by = policies_text(found.policies)
    said = []
    for word, told in _DNS_WORDS.items():
        protocols = " and ".join(protocol for protocol, each in found.by_protocol if each == word)
        if protocols:
            said.append(f"{protocols} 53 to the cluster's DNS{assumed}: {told}")
    return "; ".join(said) + (f" by {by}" if by else "")


def policies_text(policies: tuple[Policy, ...]) -> str:
    """The names of policies; of many the first few."""
    names = [f"{p.kind} {p.namespace}/{p.name}" if p.namespace else f"{p.kind} {p.name}" for p in policies]
    more = len(names) - _MOST_POLICIES
    return ", ".join(names[:_MOST_POLICIES]) + (f" and {more} more" if more > 0 else "")
