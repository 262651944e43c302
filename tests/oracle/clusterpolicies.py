"""AdminNetworkPolicy, BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy (v1alpha2) read from plain dicts
(spec §§1.1, 5, 6.1, 10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.addresses import Block
from tests.oracle.certainty import Requirement, Selector
from tests.oracle.policies import (
    ADMIN,
    ALLOW,
    BASELINE,
    BOTH,
    DENY,
    EGRESS,
    INGRESS,
    NOTHING,
    PASS,
    Peer,
    Policy,
    PortItem,
    Rule,
    Subject,
)
from tests.oracle.reading import Json, attempt, cidr, demand, fields, is_integer, is_label, items

GROUP = "policy.networking.k8s.io"
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
NO_PORT = PortItem("", 1, 0)
"""The name "": the CRD takes it, no port is called so."""
DIRECTIONS = {"ingress": INGRESS, "egress": EGRESS}


@dataclass(frozen=True)
class Shape:
    """What the CRD of a kind asks for. ``tier`` "": its field says. ``most``: the longest list of rules or peers."""

    tier: str
    keys: tuple[str, ...]
    actions: dict[str, str]
    outward: tuple[str, ...]
    ports_key: str
    most: int

    @property
    def is_old(self) -> bool:
        return self.ports_key == "ports"


PODS = ("namespaces", "pods")
SHAPES = {
    "AdminNetworkPolicy": Shape(
        ADMIN, ("priority",), {name: name for name in (ALLOW, DENY, PASS)},
        (*PODS, "networks", "nodes", "domainNames"), "ports", 100,
    ),
    "BaselineAdminNetworkPolicy": Shape(
        BASELINE, (), {name: name for name in (ALLOW, DENY)}, (*PODS, "networks", "nodes"), "ports", 100
    ),
    "ClusterNetworkPolicy": Shape(
        "", ("tier", "priority"), {"Accept": ALLOW, DENY: DENY, PASS: PASS},
        (*PODS, "networks", "nodes", "domainNames"), "protocols", 25,
    ),
}  # fmt: skip


def read_cluster_policy(manifest: Json) -> Policy:
    """The policy. With any mistake in it none of its rules counts; it may say anything in the directions for which it
    has rules, to the pods of its subject, in its tier. What of these cannot be read, may be any: a tier is then Admin,
    whose doubts are those of a Baseline policy and more."""
    kind = manifest["kind"]
    shape, name, spec = SHAPES[kind], manifest["metadata"].get("name", ""), _pruned(manifest.get("spec"))
    _, name_ok = attempt(lambda: demand(shape.tier != BASELINE or name == "default", "metadata.name"))
    known, known_ok = attempt(lambda: _known_fields(shape, spec))
    given = known if known is not None else spec if isinstance(spec, dict) else {}
    tier, tier_ok = attempt(lambda: shape.tier or _one_of((ADMIN, BASELINE), given.get("tier"), "spec.tier"))
    _, priority_ok = attempt(lambda: demand(_has_priority(shape, given), "spec.priority"))
    subject, subject_ok = attempt(lambda: _subject(shape, given.get("subject")))
    rules, rules_ok = attempt(lambda: {DIRECTIONS[key]: _rules(shape, key, given.get(key)) for key in DIRECTIONS})
    ok = all((name_ok, known_ok, tier_ok, priority_ok, subject_ok, rules_ok))
    if not ok:
        subject = _readable_subject(given.get("subject"))
    return Policy(
        kind,
        name,
        tier or ADMIN,
        subject or Subject(),
        frozenset(DIRECTIONS[key] for key in DIRECTIONS if given.get(key)) if known_ok else BOTH,
        (rules or {}) if ok else {},
        given.get("priority", 0) if priority_ok else 0,
        set_aside=not ok,
    )


def _pruned(value: Any) -> Any:
    """The API server drops a null field, also a label; a null item of a list stays (spec §1.1)."""
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    return [_pruned(item) for item in value] if isinstance(value, list) else value


def _known_fields(shape: Shape, spec: Any) -> Json:
    demand(spec is not None, "spec")
    return fields(spec, "spec", "subject", *DIRECTIONS, *shape.keys)


def _has_priority(shape: Shape, given: Json) -> bool:
    return "priority" not in shape.keys or is_integer(given.get("priority"), 0, 1000)


def _subject(shape: Shape, value: Any) -> Subject:
    peer = _pods(shape, _exactly_one(value, "spec.subject", *PODS), "spec.subject")
    return Subject(namespaces=peer.namespaces or (), pods=peer.pods or ())


def _readable_subject(value: Any) -> Subject:
    """Whom a policy that is set aside may select. A half of ``pods`` that cannot be read, or that would select nothing
    (whom its author meant, nobody knows), may be anything."""
    given = value if isinstance(value, dict) and len(value) == 1 else {}
    pods = given.get("pods")
    halves = pods if isinstance(pods, dict) else {"namespaceSelector": given.get("namespaces")}
    return Subject(
        namespaces=_readable_selector(halves.get("namespaceSelector")),
        pods=_readable_selector(halves.get("podSelector")),
    )


def _readable_selector(value: Any) -> Selector:
    selector, _ = attempt(lambda: _selector(value, "spec.subject"))
    return () if selector is None or selector is NOTHING else selector


def _rules(shape: Shape, key: str, value: Any) -> tuple[Rule, ...]:
    peers_key, peers = ("from", PODS) if key == "ingress" else ("to", shape.outward)
    path, rules = f"spec.{key}", items(value, f"spec.{key}")
    demand(len(rules) <= shape.most, path)
    return tuple(_rule(shape, rule, f"{path}[{i}]", peers_key, peers) for i, rule in enumerate(rules))


def _rule(shape: Shape, value: Any, path: str, peers_key: str, kinds: tuple[str, ...]) -> Rule:
    demand(value is not None, path)
    given = fields(value, path, "name", "action", peers_key, shape.ports_key)
    action = _one_of(tuple(shape.actions), given.get("action"), f"{path}.action")
    demand(len(given.get("name", "")) <= 100, f"{path}.name")
    peers = _filled(shape.most, given.get(peers_key), f"{path}.{peers_key}")
    ports: list[Any] = []
    if shape.ports_key in given:
        ports = _filled(shape.most, given[shape.ports_key], f"{path}.{shape.ports_key}")
    read_port = _old_port if shape.is_old else _port
    read_peers = tuple(_peer(shape, peer, f"{path}.{peers_key}[{i}]", kinds) for i, peer in enumerate(peers))
    read_ports = tuple(read_port(port, f"{path}.{shape.ports_key}[{i}]") for i, port in enumerate(ports))
    if NO_PORT not in read_ports:
        return Rule(read_peers, read_ports, shape.actions[action])
    if shape.actions[action] == ALLOW:  # what is not understood fails closed (spec §6.1): it allows nothing
        return Rule(read_peers, (NO_PORT,), ALLOW)
    return Rule((), (), DENY)


def _peer(shape: Shape, value: Any, path: str, kinds: tuple[str, ...]) -> Peer:
    given = _exactly_one(value, path, *kinds)
    if "networks" in given:
        networks = _filled(25, given["networks"], f"{path}.networks")
        demand(len({str(text) for text in networks}) == len(networks), f"{path}.networks")
        return Peer(blocks=tuple(Block(cidr(text, f"{path}.networks")) for text in networks))
    if "nodes" in given:
        return Peer(nodes=_selector(given["nodes"], f"{path}.nodes"))
    if "domainNames" in given:
        names = _filled(25, given["domainNames"], f"{path}.domainNames")
        demand(all(isinstance(name, str) for name in names), f"{path}.domainNames")
        return Peer(domain_names=tuple(names))
    return _pods(shape, given, path)


def _pods(shape: Shape, given: Json, path: str) -> Peer:
    """``namespaces``: all their pods. ``pods``: by both selectors, of which the new API wants only that of pods."""
    if "namespaces" in given:
        return Peer(namespaces=_selector(given["namespaces"], f"{path}.namespaces"), pods=())
    pods = fields(given["pods"], f"{path}.pods", "namespaceSelector", "podSelector")
    demand("podSelector" in pods, f"{path}.pods.podSelector")
    demand("namespaceSelector" in pods or not shape.is_old, f"{path}.pods.namespaceSelector")
    return Peer(
        namespaces=_selector(pods.get("namespaceSelector", {}), f"{path}.pods.namespaceSelector"),
        pods=_selector(pods["podSelector"], f"{path}.pods.podSelector"),
    )


def _selector(value: Any, path: str) -> Selector:
    """The CRD checks types only: an operator or values that mean nothing make a selector that selects nothing."""
    given = fields(value, path, "matchLabels", "matchExpressions")
    terms = [("In", key, [wanted]) for key, wanted in fields(given.get("matchLabels"), path).items()]
    for item in items(given.get("matchExpressions"), path):
        term = fields(item, path, "key", "operator", "values")
        demand("key" in term and "operator" in term, path)
        terms.append((term["operator"], term["key"], items(term.get("values"), path)))
    texts = [text for operator, key, values in terms for text in (operator, key, *values)]
    demand(all(isinstance(text, str) for text in texts), path)
    if not all(_means_something(*term) for term in terms):
        return NOTHING
    return tuple(Requirement(key, operator, tuple(values)) for operator, key, values in terms)


def _means_something(operator: str, key: str, values: list[Any]) -> bool:
    counted = bool(values) == (operator in ("In", "NotIn"))
    return operator in OPERATORS and counted and is_label(key) and all(is_label(key, value) for value in values)


def _old_port(value: Any, path: str) -> PortItem:
    """v1alpha1: a protocol may be any text, a range may be empty; a name is of any protocol."""
    given = _exactly_one(value, path, "portNumber", "portRange", "namedPort")
    if "namedPort" in given:
        return _named(given["namedPort"], path)
    if "portNumber" in given:
        number = fields(given["portNumber"], path, "protocol", "port")
        first = last = _number(number.get("port"), path)
    else:
        number = fields(given["portRange"], path, "protocol", "start", "end")
        first, last = _number(number.get("start"), path), _number(number.get("end"), path)
    protocol = number.get("protocol", "TCP")
    demand(isinstance(protocol, str), f"{path}.protocol")
    return PortItem(protocol, first, last)


def _port(value: Any, path: str) -> PortItem:
    """v1alpha2: a range starts below its end; a name is of any protocol."""
    given = _exactly_one(value, path, "tcp", "udp", "sctp", "destinationNamedPort")
    if "destinationNamedPort" in given:
        return _named(given["destinationNamedPort"], path)
    ((protocol, wanted),) = given.items()
    port = _exactly_one(_exactly_one(wanted, path, "destinationPort")["destinationPort"], path, "number", "range")
    if "number" in port:
        first = last = _number(port["number"], path)
    else:
        span = fields(port["range"], path, "start", "end")
        first, last = _number(span.get("start"), path), _number(span.get("end"), path)
        demand(first < last, path)
    return PortItem(protocol.upper(), first, last)


def _number(value: Any, path: str) -> int:
    demand(is_integer(value, 1, 65535), path)
    return int(value)


def _named(value: Any, path: str) -> PortItem:
    demand(isinstance(value, str), path)
    return PortItem("", name=value) if value else NO_PORT


def _exactly_one(value: Any, path: str, *known: str) -> Json:
    demand(value is not None, path)
    given = fields(value, path, *known)
    demand(len(given) == 1, path)
    return given


def _filled(most: int, value: Any, path: str) -> list[Any]:
    """A list that must be there and hold something."""
    found = items(value, path)
    demand(1 <= len(found) <= most, path)
    return found


def _one_of(known: tuple[str, ...], value: Any, path: str) -> str:
    demand(value in known, path)
    return str(value)
