"""NetworkPolicies for random clusters: what Kubernetes accepts and hardly anybody writes, and some that it refuses."""

from __future__ import annotations

import copy
import ipaddress
from typing import Any

from hypothesis import strategies as st

from tests.engine.random_parts import (
    ABSENT,
    CIDRS,
    NAMESPACE_SELECTORS,
    NAMESPACES,
    NUMBERS,
    POD_SELECTORS,
    PORT_NAMES,
    PROTOCOLS,
    Json,
    chance,
    listed,
    mapping,
)


@st.composite
def blocks(draw: st.DrawFn) -> Json:
    cidr = draw(st.sampled_from(CIDRS))
    inside = [hole for hole in CIDRS if _is_strict_subset(hole, cidr)]
    if not inside:
        return {"cidr": cidr}
    return {"cidr": cidr, "except": draw(listed(st.sampled_from(inside), (0, 1, 1, 2)))}


def _is_strict_subset(inner: str, outer: str) -> bool:
    a, b = (ipaddress.ip_network(text, strict=False) for text in (inner, outer))
    return a.version == b.version and a.prefixlen > b.prefixlen and a.network_address in b


PEERS = st.one_of(
    st.fixed_dictionaries({"podSelector": POD_SELECTORS}, optional={"namespaceSelector": st.none()}),
    st.fixed_dictionaries({"namespaceSelector": NAMESPACE_SELECTORS}, optional={"podSelector": st.none()}),
    st.fixed_dictionaries({"namespaceSelector": NAMESPACE_SELECTORS, "podSelector": POD_SELECTORS}),
    st.fixed_dictionaries({"ipBlock": blocks()}, optional={"podSelector": st.none()}),
)


PROTOCOL = st.sampled_from((ABSENT, ABSENT, None, *PROTOCOLS))
NUMBER, NAME = st.sampled_from(NUMBERS), st.sampled_from(PORT_NAMES)
NUMBERED, NAMED = mapping(protocol=PROTOCOL, port=NUMBER), mapping(protocol=PROTOCOL, port=NAME)
ENDS = st.lists(NUMBER, min_size=2, max_size=2).map(sorted)
RANGED = st.tuples(mapping(protocol=PROTOCOL), ENDS).map(
    lambda drawn: {**drawn[0], "port": drawn[1][0], "endPort": drawn[1][1]}
)
PORTS = st.one_of(NUMBERED, NUMBERED, NAMED, NAMED, RANGED, mapping(protocol=PROTOCOL), st.just({}), st.none())


def rules(peers_key: str) -> st.SearchStrategy[Any]:
    """A rule; null and ``{}`` allow everything."""
    few = (1, 1, 1, 2, 2, 0)
    peers, numbers = listed(PEERS, few), listed(PORTS, few)
    rule = mapping(
        **{peers_key: st.one_of(peers, peers, peers, st.none(), st.just(ABSENT))},
        ports=st.one_of(numbers, numbers, st.none(), st.just(ABSENT)),
    )
    bare: st.SearchStrategy[Any] = st.sampled_from((None, {}))
    return chance(12).flatmap(lambda is_bare: bare if is_bare else rule)


INGRESS_RULES, EGRESS_RULES = listed(rules("from")), listed(rules("to"))
SOME_SPEC = mapping(
    podSelector=st.one_of(POD_SELECTORS, POD_SELECTORS, POD_SELECTORS, st.none(), st.just(ABSENT)),
    policyTypes=st.sampled_from(
        (ABSENT, ABSENT, None, [], ["Ingress"], ["Egress"], ["Egress", "Ingress"], ["Ingress", "Ingress"])
    ),
    ingress=st.one_of(INGRESS_RULES, INGRESS_RULES, st.none(), st.just(ABSENT)),
    egress=st.one_of(EGRESS_RULES, EGRESS_RULES, st.none(), st.just(ABSENT)),
)
SPECS = chance(40).flatmap(lambda is_bare: st.none() if is_bare else SOME_SPEC)
"""The spec of a policy that the API server takes."""


BAD_PORTS: tuple[Any, ...] = (
    {"port": 0}, {"port": 65536}, {"port": "80"}, {"port": "HTTP"}, {"port": 80, "endPort": 79}, {"endPort": 90},
    {"port": "http", "endPort": 90}, {"protocol": "tcp"}, {"protocol": "ICMP"}, {"port": 80, "endport": 90},
    {"port": 80.5}, {"port": True}, {"port": "a-name-too-long-"},
)  # fmt: skip
BAD_PEERS: tuple[Any, ...] = (
    {}, None, {"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8"}}, {"ipBlock": {}},
    {"ipBlock": {"cidr": "10.0.0.1"}},
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}, {"namespaceselector": {}},
    {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["fd00::/8"]}}, {"ipBlock": {"cidr": "10.0.0.0/33"}}, "x",
    {"ipBlock": {"cidr": "10.0.0.0/24", "except": ["10.0.0.0/16"]}},
    {"podSelector": {"matchExpressions": [{"key": "app", "operator": "In"}]}},
    {"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["a"]}]}},
)  # fmt: skip
BAD_SELECTORS: tuple[Any, ...] = (
    {"app": "a"}, {"matchLabels": {"app": 1}}, {"matchLabels": {"-": "a"}}, {"matchLabels": {"app": "a b"}},
    {"matchExpressions": [{"key": "app", "operator": "in", "values": ["a"]}]}, {"matchExpressions": [None]}, [],
    {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": []}]},
)  # fmt: skip
BAD_TYPES = (["Ingress", "egress"], ["Ingress", "Egress", "Ingress"], [None], "Ingress")


@st.composite
def broken(draw: st.DrawFn, valid: Any) -> Json:
    """The same spec with one mistake in it, for which the API server would refuse the policy."""
    spec: Json = copy.deepcopy(valid) if valid else {}
    place = draw(st.sampled_from(("port", "peer", "selector", "types", "key", "rules")))
    direction, peers_key = draw(st.sampled_from((("ingress", "from"), ("egress", "to"))))
    listed = spec.get(direction) or []
    if place == "port":
        spec[direction] = [*listed, {"ports": [{"port": 80}, copy.deepcopy(draw(st.sampled_from(BAD_PORTS)))]}]
    elif place == "peer":
        spec[direction] = [*listed, {peers_key: [copy.deepcopy(draw(st.sampled_from(BAD_PEERS)))]}]
    elif place == "selector":
        spec["podSelector"] = copy.deepcopy(draw(st.sampled_from(BAD_SELECTORS)))
    elif place == "types":
        spec["policyTypes"] = copy.deepcopy(draw(st.sampled_from(BAD_TYPES)))
    elif place == "key":
        spec[draw(st.sampled_from(("ingres", "policytypes", "podselector", "tier")))] = []
    else:
        spec[direction] = draw(
            st.sampled_from(({}, "all", [[]], [{"from": {}}], [{"to": [], "from": []}], [{"port": 80}]))
        )
    return spec


@st.composite
def policies(draw: st.DrawFn, number: int) -> list[Json]:
    """A policy; now and then set aside, or given twice."""
    spec = draw(SPECS)
    if draw(chance(14)):
        spec = draw(broken(spec))
    meta: Json = {"name": f"np-{number}"}
    namespace = draw(st.sampled_from((*NAMESPACES, "x", ABSENT)))
    if namespace is not ABSENT:
        meta["namespace"] = namespace
    policy: Json = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta}
    if spec is not None or draw(st.booleans()):
        policy["spec"] = spec
    if draw(chance(30)):
        return [policy, copy.deepcopy(policy)]
    if draw(chance(25)):
        return [policy, {**policy, "spec": draw(SPECS)}]
    return [policy]
