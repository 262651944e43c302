"""NetworkPolicy v1 read from a plain dict (spec §§1.1, 3, 10.1). What the API server refuses: `RejectedError`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.oracle.addresses import Block, network
from tests.oracle.certainty import Requirement, Selector

Json = dict[str, Any]
T = TypeVar("T")

INGRESS, EGRESS = "Ingress", "Egress"
PROTOCOLS = ("TCP", "UDP", "SCTP")

# Policies that are not evaluated (contract): group, kind, and whether they live in a namespace.
DIALECTS = {
    ("projectcalico.org", "NetworkPolicy"): True,
    ("crd.projectcalico.org", "NetworkPolicy"): True,
    ("projectcalico.org", "GlobalNetworkPolicy"): False,
    ("crd.projectcalico.org", "GlobalNetworkPolicy"): False,
    ("cilium.io", "CiliumNetworkPolicy"): True,
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): False,
    ("policy.networking.k8s.io", "AdminNetworkPolicy"): False,
    ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): False,
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"): False,
}


class RejectedError(Exception):
    """The API server would not take this; the message is the path of the field."""


@dataclass(frozen=True)
class PortItem:
    """Numbers ``first`` to ``last`` of a protocol, or the port that the destination pod calls ``name``."""

    protocol: str
    first: int = 1
    last: int = 65535
    name: str = ""


@dataclass(frozen=True, eq=False)
class Peer:
    """One item of ``from`` or ``to``: a block, or selectors of which at least one is given (spec §3.4)."""

    block: Block | None = None
    pods: Selector | None = None
    namespaces: Selector | None = None


@dataclass(frozen=True)
class Rule:
    """Every peer with every port; an empty tuple stands for all of them (spec §3.3)."""

    peers: tuple[Peer, ...]
    ports: tuple[PortItem, ...]


@dataclass(frozen=True, eq=False)
class Policy:
    """``subject`` None and ``set_aside``: whom the policy selects could not be read, so it may be any pod.

    ``namespace`` None: a policy of the whole cluster, of an API that is not evaluated (``dialect``).
    """

    namespace: str | None
    name: str
    subject: Selector | None
    directions: frozenset[str]
    rules: dict[str, tuple[Rule, ...]]
    set_aside: bool = False
    dialect: bool = False


def read_policy(manifest: Json) -> Policy:
    """The policy. With any mistake in it none of its rules counts, and it may select all that its readable parts
    leave open (contract, "Set aside")."""
    meta = manifest.get("metadata") or {}
    group = str(manifest.get("apiVersion", "")).rpartition("/")[0]
    both = frozenset({INGRESS, EGRESS})
    if group != "networking.k8s.io":
        namespace = (meta.get("namespace") or "default") if DIALECTS[group, manifest["kind"]] else None
        return Policy(namespace, meta.get("name", ""), None, both, {}, set_aside=True, dialect=True)
    spec = manifest.get("spec")
    subject, subject_ok = _attempt(lambda: read_selector(_fields(spec, "spec").get("podSelector"), "spec.podSelector"))
    directions, directions_ok = _attempt(lambda: _directions(_fields(spec, "spec")))
    rules, rules_ok = _attempt(lambda: _all_rules(spec))
    ok = subject_ok and directions_ok and rules_ok
    return Policy(
        meta.get("namespace") or "default",
        meta.get("name", ""),
        subject,
        directions or both,
        (rules or {}) if ok else {},
        set_aside=not ok,
    )


def read_selector(value: Any, path: str) -> Selector:
    """Null, absent and ``{}`` select everything."""
    given = _fields(value, path, "matchLabels", "matchExpressions")
    terms = []
    for key, wanted in _fields(given.get("matchLabels"), f"{path}.matchLabels").items():
        terms.append(_requirement(key, "In", ["" if wanted is None else wanted], path))
    for index, item in enumerate(_items(given.get("matchExpressions"), f"{path}.matchExpressions")):
        at = f"{path}.matchExpressions[{index}]"
        fields = _fields(item, at, "key", "operator", "values")
        operator, values = fields.get("operator"), _items(fields.get("values"), at)
        _demand(operator in ("In", "NotIn", "Exists", "DoesNotExist"), f"{at}.operator")
        _demand(bool(values) == (operator in ("In", "NotIn")), f"{at}.values")
        terms.append(_requirement(fields.get("key"), str(operator), values, at))
    return tuple(terms)


def _all_rules(spec: Any) -> dict[str, tuple[Rule, ...]]:
    fields = _fields(spec, "spec", "podSelector", "policyTypes", "ingress", "egress")
    ingress = _items(fields.get("ingress"), "spec.ingress")
    egress = _items(fields.get("egress"), "spec.egress")
    return {
        INGRESS: tuple(_rule(rule, f"spec.ingress[{i}]", "from") for i, rule in enumerate(ingress)),
        EGRESS: tuple(_rule(rule, f"spec.egress[{i}]", "to") for i, rule in enumerate(egress)),
    }


def _directions(spec: Json) -> frozenset[str]:
    """Without policyTypes: Ingress, and Egress where egress has a rule. An unknown key beside them may be either."""
    types = _items(spec.get("policyTypes"), "spec.policyTypes")
    _demand(len(types) <= 2, "spec.policyTypes")
    for index, direction in enumerate(types):
        _demand(direction in (INGRESS, EGRESS), f"spec.policyTypes[{index}]")
    if types:
        return frozenset(types)
    _fields(spec, "spec", "podSelector", "policyTypes", "ingress", "egress")
    return frozenset({INGRESS, EGRESS} if _items(spec.get("egress"), "spec.egress") else {INGRESS})


def _rule(value: Any, path: str, peers_key: str) -> Rule:
    fields = _fields(value, path, peers_key, "ports")
    peers = _items(fields.get(peers_key), f"{path}.{peers_key}")
    ports = _items(fields.get("ports"), f"{path}.ports")
    return Rule(
        tuple(_peer(peer, f"{path}.{peers_key}[{i}]") for i, peer in enumerate(peers)),
        tuple(_port(port, f"{path}.ports[{i}]") for i, port in enumerate(ports)),
    )


def _peer(value: Any, path: str) -> Peer:
    fields = _fields(value, path, "podSelector", "namespaceSelector", "ipBlock")
    pods, namespaces, block = (fields.get(key) for key in ("podSelector", "namespaceSelector", "ipBlock"))
    _demand(not (pods is None and namespaces is None and block is None), path)
    if block is not None:
        _demand(pods is None and namespaces is None, f"{path}.ipBlock")
        return Peer(block=_block(block, f"{path}.ipBlock"))
    return Peer(
        pods=None if pods is None else read_selector(pods, f"{path}.podSelector"),
        namespaces=None if namespaces is None else read_selector(namespaces, f"{path}.namespaceSelector"),
    )


def _block(value: Any, path: str) -> Block:
    fields = _fields(value, path, "cidr", "except")
    cidr = _cidr(fields.get("cidr"), f"{path}.cidr")
    holes = []
    for index, item in enumerate(_items(fields.get("except"), f"{path}.except")):
        hole = _cidr(item, f"{path}.except[{index}]")
        inside = hole.version == cidr.version and hole.prefixlen > cidr.prefixlen and hole.network_address in cidr
        _demand(inside, f"{path}.except[{index}]")
        holes.append(hole)
    return Block(cidr, tuple(holes))


def _cidr(value: Any, path: str) -> Any:
    _demand(isinstance(value, str), path)
    try:
        return network(value)
    except ValueError as fault:
        raise RejectedError(path) from fault


def _port(value: Any, path: str) -> PortItem:
    fields = _fields(value, path, "protocol", "port", "endPort")
    protocol = "TCP" if fields.get("protocol") is None else fields["protocol"]
    port, end = fields.get("port"), fields.get("endPort")
    _demand(protocol in PROTOCOLS, f"{path}.protocol")
    if port is None:
        _demand(end is None, f"{path}.endPort")
        return PortItem(protocol)
    if isinstance(port, str):
        _demand(is_port_name(port), f"{path}.port")
        _demand(end is None, f"{path}.endPort")
        return PortItem(protocol, name=port)
    _demand(_is_integer(port) and 1 <= port <= 65535, f"{path}.port")
    last = port if end is None else end
    _demand(_is_integer(last) and port <= last <= 65535, f"{path}.endPort")
    return PortItem(protocol, port, last)


def is_port_name(text: str) -> bool:
    """N6."""
    shaped = 1 <= len(text) <= 15 and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    return shaped and text.strip("0123456789-") != "" and "--" not in text and text[0] != "-" and text[-1] != "-"


def _requirement(key: Any, operator: str, values: list[Any], path: str) -> Requirement:
    """N16: keys are qualified names, values have the syntax of label values."""
    name = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
    label = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    _demand(isinstance(key, str) and re.fullmatch(rf"({label}(\.{label})*/)?{name}", key) is not None, path)
    for value in values:
        _demand(isinstance(value, str) and re.fullmatch(f"({name})?", value) is not None, path)
    return Requirement(key, operator, tuple(values))


def _fields(value: Any, path: str, *known: str) -> Json:
    """A mapping; null is an empty one. With ``known``, any other key is an error."""
    if value is None:
        return {}
    _demand(isinstance(value, dict), path)
    _demand(not known or set(value) <= set(known), path)
    return dict(value)


def _items(value: Any, path: str) -> list[Any]:
    """A list; null is an empty one."""
    if value is None:
        return []
    _demand(isinstance(value, list), path)
    return list(value)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _demand(condition: bool, path: str) -> None:
    if not condition:
        raise RejectedError(path)


def _attempt(read: Callable[[], T]) -> tuple[T | None, bool]:
    try:
        return read(), True
    except RejectedError:
        return None, False
