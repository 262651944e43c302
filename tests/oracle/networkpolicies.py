"""NetworkPolicy v1 read from a plain dict (spec §§1.1, 3, 10.1)."""

from __future__ import annotations

from typing import Any

from tests.oracle.addresses import Block
from tests.oracle.certainty import Requirement, Selector
from tests.oracle.policies import (
    BOTH,
    EGRESS,
    INGRESS,
    NETWORK_POLICY,
    PROTOCOLS,
    Peer,
    Policy,
    PortItem,
    Rule,
    Subject,
)
from tests.oracle.reading import Json, attempt, cidr, demand, fields, is_integer, is_label, items


def read_network_policy(manifest: Json) -> Policy:
    """The policy. With any mistake in it none of its rules counts, and it may select all that its readable parts
    leave open (contract, "Set aside")."""
    meta, spec = manifest.get("metadata") or {}, manifest.get("spec")
    pods, pods_ok = attempt(lambda: read_selector(fields(spec, "spec").get("podSelector"), "spec.podSelector"))
    directions, directions_ok = attempt(lambda: _directions(fields(spec, "spec")))
    rules, rules_ok = attempt(lambda: _all_rules(spec))
    ok = pods_ok and directions_ok and rules_ok
    return Policy(
        manifest["kind"],
        meta.get("name", ""),
        NETWORK_POLICY,
        Subject(meta.get("namespace") or "default", pods=pods or ()),
        directions or BOTH,
        (rules or {}) if ok else {},
        set_aside=not ok,
    )


def read_selector(value: Any, path: str) -> Selector:
    """Null, absent and ``{}`` select everything."""
    given = fields(value, path, "matchLabels", "matchExpressions")
    terms = []
    for key, wanted in fields(given.get("matchLabels"), f"{path}.matchLabels").items():
        terms.append(_requirement(key, "In", ["" if wanted is None else wanted], path))
    for index, item in enumerate(items(given.get("matchExpressions"), f"{path}.matchExpressions")):
        at = f"{path}.matchExpressions[{index}]"
        term = fields(item, at, "key", "operator", "values")
        operator, values = term.get("operator"), items(term.get("values"), at)
        demand(operator in ("In", "NotIn", "Exists", "DoesNotExist"), f"{at}.operator")
        demand(bool(values) == (operator in ("In", "NotIn")), f"{at}.values")
        terms.append(_requirement(term.get("key"), str(operator), values, at))
    return tuple(terms)


def _requirement(key: Any, operator: str, values: list[Any], path: str) -> Requirement:
    demand(is_label(key) and all(is_label(key, value) for value in values), path)
    return Requirement(key, operator, tuple(values))


def _all_rules(spec: Any) -> dict[str, tuple[Rule, ...]]:
    given = fields(spec, "spec", "podSelector", "policyTypes", "ingress", "egress")
    ingress = items(given.get("ingress"), "spec.ingress")
    egress = items(given.get("egress"), "spec.egress")
    return {
        INGRESS: tuple(_rule(rule, f"spec.ingress[{i}]", "from") for i, rule in enumerate(ingress)),
        EGRESS: tuple(_rule(rule, f"spec.egress[{i}]", "to") for i, rule in enumerate(egress)),
    }


def _directions(spec: Json) -> frozenset[str]:
    """Without policyTypes: Ingress, and Egress where egress has a rule. An unknown key beside them may be either."""
    types = items(spec.get("policyTypes"), "spec.policyTypes")
    demand(len(types) <= 2, "spec.policyTypes")
    for index, direction in enumerate(types):
        demand(direction in (INGRESS, EGRESS), f"spec.policyTypes[{index}]")
    if types:
        return frozenset(types)
    fields(spec, "spec", "podSelector", "policyTypes", "ingress", "egress")
    return BOTH if items(spec.get("egress"), "spec.egress") else frozenset({INGRESS})


def _rule(value: Any, path: str, peers_key: str) -> Rule:
    given = fields(value, path, peers_key, "ports")
    peers = items(given.get(peers_key), f"{path}.{peers_key}")
    ports = items(given.get("ports"), f"{path}.ports")
    return Rule(
        tuple(_peer(peer, f"{path}.{peers_key}[{i}]") for i, peer in enumerate(peers)),
        tuple(_port(port, f"{path}.ports[{i}]") for i, port in enumerate(ports)),
    )


def _peer(value: Any, path: str) -> Peer:
    given = fields(value, path, "podSelector", "namespaceSelector", "ipBlock")
    pods, namespaces, block = (given.get(key) for key in ("podSelector", "namespaceSelector", "ipBlock"))
    demand(not (pods is None and namespaces is None and block is None), path)
    if block is not None:
        demand(pods is None and namespaces is None, f"{path}.ipBlock")
        return Peer(blocks=(_block(block, f"{path}.ipBlock"),))
    return Peer(
        pods=None if pods is None else read_selector(pods, f"{path}.podSelector"),
        namespaces=None if namespaces is None else read_selector(namespaces, f"{path}.namespaceSelector"),
    )


def _block(value: Any, path: str) -> Block:
    given = fields(value, path, "cidr", "except")
    whole = cidr(given.get("cidr"), f"{path}.cidr")
    holes = []
    for index, item in enumerate(items(given.get("except"), f"{path}.except")):
        hole = cidr(item, f"{path}.except[{index}]")
        inside = hole.version == whole.version and hole.prefixlen > whole.prefixlen and hole.network_address in whole
        demand(inside, f"{path}.except[{index}]")
        holes.append(hole)
    return Block(whole, tuple(holes))


def _port(value: Any, path: str) -> PortItem:
    given = fields(value, path, "protocol", "port", "endPort")
    protocol = "TCP" if given.get("protocol") is None else given["protocol"]
    port, end = given.get("port"), given.get("endPort")
    demand(protocol in PROTOCOLS, f"{path}.protocol")
    if port is None:
        demand(end is None, f"{path}.endPort")
        return PortItem(protocol)
    if isinstance(port, str):
        demand(is_port_name(port), f"{path}.port")
        demand(end is None, f"{path}.endPort")
        return PortItem(protocol, name=port)
    demand(is_integer(port, 1, 65535), f"{path}.port")
    last = port if end is None else end
    demand(is_integer(last, port, 65535), f"{path}.endPort")
    return PortItem(protocol, port, last)


def is_port_name(text: str) -> bool:
    """N6."""
    shaped = 1 <= len(text) <= 15 and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    return shaped and text.strip("0123456789-") != "" and "--" not in text and text[0] != "-" and text[-1] != "-"
