"""The evaluator that one writes first: every policy is looked at for every question. The baseline of G6."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

Object = dict[str, Any]


def is_allowed(
    source: Object, destination: Object, protocol: str, port: int, policies: list[Object], namespaces: dict[str, Object]
) -> bool:
    """Whether one pod may open a connection to another. ``namespaces``: labels by name."""
    return all(
        _side_allows(side, subject, peer, destination, protocol, port, policies, namespaces)
        for side, subject, peer in (("egress", source, destination), ("ingress", destination, source))
    )


def _side_allows(
    side: str, subject: Object, peer: Object, destination: Object, protocol: str, port: int,
    policies: list[Object], namespaces: dict[str, Object],
) -> bool:  # fmt: skip
    isolated = False
    for policy in policies:
        spec, home = policy["spec"], policy["metadata"]["namespace"]
        if home != subject["metadata"]["namespace"] or side.capitalize() not in _types(spec):
            continue
        if not _selects(spec.get("podSelector") or {}, subject["metadata"].get("labels", {})):
            continue
        isolated = True
        for rule in spec.get(side) or []:
            peers = rule.get("from" if side == "ingress" else "to") or []
            if (not peers or any(_is_peer(p, home, peer, namespaces) for p in peers)) and _has_port(
                rule.get("ports") or [], destination, protocol, port
            ):
                return True
    return not isolated


def _types(spec: Object) -> Iterable[str]:
    return spec.get("policyTypes") or (("Ingress", "Egress") if spec.get("egress") else ("Ingress",))


def _selects(selector: Object, labels: Object) -> bool:
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_holds(term, labels.get(term["key"])) for term in selector.get("matchExpressions") or [])


def _holds(term: Object, value: str | None) -> bool:
    operator: str = term["operator"]
    found: bool = value in term["values"] if operator in ("In", "NotIn") else value is not None
    return found == (operator in ("In", "Exists"))


def _is_peer(peer: Object, home: str, pod: Object, namespaces: dict[str, Object]) -> bool:
    if "ipBlock" in peer:
        address = ipaddress.ip_address(pod["status"]["podIP"])
        block = peer["ipBlock"]
        return address in ipaddress.ip_network(block["cidr"]) and not any(
            address in ipaddress.ip_network(cidr) for cidr in block.get("except") or []
        )
    namespace = pod["metadata"]["namespace"]
    if "namespaceSelector" in peer:
        if not _selects(peer["namespaceSelector"], namespaces[namespace]):
            return False
    elif namespace != home:
        return False
    return _selects(peer.get("podSelector") or {}, pod["metadata"].get("labels", {}))


def _has_port(ports: list[Object], destination: Object, protocol: str, port: int) -> bool:
    if not ports:
        return True
    for item in ports:
        if item.get("protocol", "TCP") != protocol:
            continue
        wanted = item.get("port")
        if wanted is None or wanted == port or (isinstance(wanted, int) and wanted <= port <= item.get("endPort", 0)):
            return True
        if isinstance(wanted, str):
            for container in destination["spec"]["containers"]:
                for declared in container.get("ports") or []:
                    if declared.get("name") == wanted and declared["containerPort"] == port:
                        return True
    return False
