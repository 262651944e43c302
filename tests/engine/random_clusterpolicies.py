"""AdminNetworkPolicies, BaselineAdminNetworkPolicies and ClusterNetworkPolicies for random clusters.

Few priorities and broad subjects, so that they tie and meet; some of what only the linter minds, some that the API
server refuses.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.engine.random_parts import (
    ABSENT,
    CIDRS,
    NAMESPACE_SELECTORS,
    NUMBERS,
    POD_SELECTORS,
    PORT_NAMES,
    PROTOCOLS,
    Json,
    chance,
    listed,
    mapping,
    selectors,
)

NODE_LABELS: dict[str, tuple[str, ...]] = {"role": ("gpu", ""), "zone": ("a", "b")}
PRIORITIES = (5, 5, 6)
KINDS = ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
OLD_ADMIN, OLD_BASELINE, ADMIN, BASELINE = "old Admin", "old Baseline", "Admin", "Baseline"
MIXES: tuple[tuple[str, ...], ...] = (
    (), (), (OLD_ADMIN,), (ADMIN,), (OLD_BASELINE,), (BASELINE,), (ADMIN, ADMIN), (OLD_ADMIN, OLD_ADMIN),
    (OLD_ADMIN, ADMIN), (OLD_ADMIN, OLD_BASELINE), (ADMIN, BASELINE), (BASELINE, BASELINE), (OLD_BASELINE, BASELINE),
    (OLD_ADMIN, ADMIN, BASELINE), (ADMIN, OLD_BASELINE, BASELINE), (OLD_ADMIN, OLD_ADMIN, ADMIN),
)  # fmt: skip
"""What a cluster has beside its NetworkPolicies."""


@dataclass(frozen=True)
class Kind:
    """What the rules of an API may hold."""

    name: str
    version: str
    actions: tuple[str, ...]
    pods: st.SearchStrategy[Json]
    ports_key: str
    ports: st.SearchStrategy[Json]
    domain_names: bool = True

    @property
    def is_new(self) -> bool:
        return self.version == "v1alpha2"


# ---------------------------------------------------------------- selectors and peers

MEANINGLESS = st.sampled_from((
    {"matchExpressions": [{"key": "app", "operator": "in", "values": ["a"]}]},
    {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": []}]},
    {"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["a"]}]},
    {"matchLabels": {"app": "a b"}},
))  # fmt: skip
"""The CRD takes them; they select nothing."""


def or_meaningless(strategy: st.SearchStrategy[Any], one_in: int = 20) -> st.SearchStrategy[Any]:
    return chance(one_in).flatmap(lambda it_is: MEANINGLESS if it_is else strategy)


ANY_PODS = or_meaningless(POD_SELECTORS)
ANY_NAMESPACES = or_meaningless(st.one_of(st.just({}), NAMESPACE_SELECTORS))
OLD_PODS = st.fixed_dictionaries({"namespaceSelector": ANY_NAMESPACES, "podSelector": ANY_PODS})
NEW_PODS = st.fixed_dictionaries({"podSelector": ANY_PODS}, optional={"namespaceSelector": ANY_NAMESPACES})
NETWORKS = st.lists(
    st.sampled_from([text for text in CIDRS if text != "10.0.0.77/25"]), min_size=1, max_size=2, unique=True
)
NODES = or_meaningless(selectors(NODE_LABELS))
DOMAIN_NAMES = st.sampled_from((["a.k.io"], ["*.k.io", "b.example.org"]))


def inner_peers(pods: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Pods, which all rules know; a null beside them is pruned."""
    return st.one_of(
        st.fixed_dictionaries({"namespaces": ANY_NAMESPACES}),
        st.fixed_dictionaries({"namespaces": ANY_NAMESPACES}, optional={"pods": st.none()}),
        st.fixed_dictionaries({"pods": pods}),
    )


def outer_peers(kind: Kind, named: bool) -> st.SearchStrategy[Json]:
    """Of egress. Beside a named port the CRD allows no addresses; that of the standard channel allows networks."""
    shapes = [inner_peers(kind.pods), inner_peers(kind.pods)]
    if not named or kind.is_new:
        shapes += [st.fixed_dictionaries({"networks": NETWORKS})] * 2
    if not named:
        shapes.append(st.fixed_dictionaries({"nodes": NODES}))
    if not named and kind.domain_names:
        shapes.append(st.fixed_dictionaries({"domainNames": DOMAIN_NAMES}))
    return st.one_of(shapes)


# ---------------------------------------------------------------- ports

NUMBER, NAME = st.sampled_from(NUMBERS), st.sampled_from((*PORT_NAMES, *PORT_NAMES, *PORT_NAMES, ""))
OLD_PROTOCOL = st.sampled_from((*PROTOCOLS, ABSENT, None, "TCP", "tcp"))
OLD_PORTS = st.one_of(
    st.fixed_dictionaries({"portNumber": mapping(protocol=OLD_PROTOCOL, port=NUMBER)}),
    st.fixed_dictionaries({"portRange": mapping(protocol=OLD_PROTOCOL, start=NUMBER, end=NUMBER)}),
    st.fixed_dictionaries({"namedPort": NAME}),
)
DESTINATION = st.one_of(
    st.fixed_dictionaries({"number": NUMBER}),
    st.lists(NUMBER, min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda ends: {"range": {"start": ends[0], "end": ends[1]}}),
).map(lambda port: {"destinationPort": port})
NEW_PORTS = st.one_of(
    st.tuples(st.sampled_from(("tcp", "tcp", "udp", "sctp")), DESTINATION).map(lambda pair: dict([pair])),
    st.fixed_dictionaries({"destinationNamedPort": NAME}),
)

KIND_OF = {
    name: Kind(name, version, actions, pods, key, ports, domain_names)
    for name, version, actions, pods, key, ports, domain_names in (
        (KINDS[0], "v1alpha1", ("Allow", "Deny", "Pass"), OLD_PODS, "ports", OLD_PORTS, True),
        (KINDS[1], "v1alpha1", ("Allow", "Deny"), OLD_PODS, "ports", OLD_PORTS, False),
        (KINDS[2], "v1alpha2", ("Accept", "Deny", "Pass"), NEW_PODS, "protocols", NEW_PORTS, True),
    )
}

# ---------------------------------------------------------------- rules and policies


@st.composite
def rules(draw: st.DrawFn, kind: Kind, peers_key: str) -> Json:
    ports = draw(PORT_LISTS[kind.name])
    named = any("namedPort" in port or "destinationNamedPort" in port for port in ports or [])
    peers = draw(PEER_LISTS[kind.name, peers_key, named])
    rule: Json = {"action": draw(st.sampled_from(kind.actions)), peers_key: peers}
    return {**rule, kind.ports_key: ports} if ports or draw(chance(8)) else rule


PORT_LISTS = {
    name: st.one_of(st.none(), listed(kind.ports, (1, 1, 2)), listed(kind.ports, (1, 2)))
    for name, kind in KIND_OF.items()
}
PEER_LISTS = {
    (name, key, named): listed(
        inner_peers(kind.pods) if key == "from" else outer_peers(kind, named), (1, 1, 1, 2)
    )
    for name, kind in KIND_OF.items()
    for key in ("from", "to")
    for named in (True, False)
}  # fmt: skip
RULE_LISTS = {
    (name, key): listed(rules(kind, key), (1, 1, 2, 2, 3)) for name, kind in KIND_OF.items() for key in ("from", "to")
}
SUBJECTS: dict[str, st.SearchStrategy[Json]] = {
    name: st.one_of(st.just({"namespaces": {}}), inner_peers(kind.pods)) for name, kind in KIND_OF.items()
}
DIRECTIONS = st.sampled_from((("ingress",), ("egress",), ("ingress", "egress"), ("ingress", "egress")))


@st.composite
def specs(draw: st.DrawFn, kind: Kind, tier: str) -> Json:
    """The spec of a policy that the API server takes."""
    spec: Json = {"subject": draw(SUBJECTS[kind.name])}
    if kind.is_new:
        spec["tier"] = tier
    if kind.name != "BaselineAdminNetworkPolicy":
        spec["priority"] = draw(st.sampled_from(PRIORITIES))
    for direction in draw(DIRECTIONS):
        spec[direction] = draw(RULE_LISTS[kind.name, "from" if direction == "ingress" else "to"])
    return spec


@st.composite
def cluster_policies(draw: st.DrawFn, what: str, number: int) -> list[Json]:
    """A policy; now and then set aside, or given twice."""
    kind = KIND_OF[{OLD_ADMIN: KINDS[0], OLD_BASELINE: KINDS[1]}.get(what, KINDS[2])]
    spec = draw(specs(kind, what))
    name = "default" if what == OLD_BASELINE else f"p-{number}"
    if draw(chance(16)):
        spec = draw(broken(kind, spec))
    policy: Json = {
        "apiVersion": f"policy.networking.k8s.io/{kind.version}", "kind": kind.name, "metadata": {"name": name},
        "spec": spec,
    }  # fmt: skip
    if draw(chance(30)):
        return [policy, copy.deepcopy(policy)]
    if draw(chance(20)):
        return [policy, {**policy, "spec": draw(specs(kind, what))}]
    return [policy]


# ---------------------------------------------------------------- mistakes

BAD_SUBJECTS: tuple[Any, ...] = (
    {}, None, {"namespaces": None}, {"namespaces": {}, "pods": {"podSelector": {}, "namespaceSelector": {}}},
    {"pods": {"namespaceSelector": {}}}, {"namespaces": {"team": "a"}}, {"namespaces": {"matchLabels": {"team": 1}}},
)  # fmt: skip
BAD_PEERS: tuple[Any, ...] = (
    {}, None, {"namespaces": {}, "pods": {"podSelector": {}, "namespaceSelector": {}}}, {"namespaces": None},
    {"pods": {"namespaceSelector": {}}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}, {"namespaces": {"namespaceSelector": {}}},
    {"namespaces": {"sameLabels": ["team"]}},
)  # fmt: skip
BAD_PORTS: dict[str, tuple[Any, ...]] = {
    "ports": (
        {}, None, {"portNumber": {"port": 0}}, {"portNumber": {"protocol": "TCP"}}, {"portRange": {"start": 1}},
        {"portNumber": {"port": 80}, "namedPort": "http"}, {"tcp": {"destinationPort": {"number": 80}}},
        {"portNumber": {"port": 65536}}, {"portNumber": {"port": "http"}},
    ),
    "protocols": (
        {}, None, {"tcp": {}}, {"tcp": {"destinationPort": {}}}, {"tcp": {"destinationPort": {"number": 65536}}},
        {"tcp": {"destinationPort": {"range": {"start": 80, "end": 80}}}}, {"TCP": {"destinationPort": {"number": 80}}},
        {"tcp": {"destinationPort": {"number": 80, "range": {"start": 1, "end": 2}}}}, {"portNumber": {"port": 80}},
        {"tcp": {"destinationPort": {"number": 80}}, "udp": {"destinationPort": {"number": 80}}},
    ),
}  # fmt: skip
BAD_FIELDS: dict[str, tuple[tuple[str, Any], ...]] = {
    "AdminNetworkPolicy": (("priority", 1001), ("priority", -1), ("priority", None), ("tier", "Admin")),
    "BaselineAdminNetworkPolicy": (("priority", 5), ("egres", [])),
    "ClusterNetworkPolicy": (("priority", 1001), ("priority", "5"), ("tier", "admin"), ("tier", None), ("ingres", [])),
}
BAD_RULES: dict[bool, tuple[Json, ...]] = {
    is_new: (
        {"action": "Allow" if is_new else "Accept"}, {"action": None}, {"from": []}, {"to": []}, {"from": "x"},
        {"to": 1}, {"comment": "x"}, {"protocols" if is_new else "ports": []},
    )
    for is_new in (True, False)
}  # fmt: skip


@st.composite
def broken(draw: st.DrawFn, kind: Kind, valid: Json) -> Json:
    """The same spec with one mistake in it, for which the API server would refuse the policy."""
    spec = copy.deepcopy(valid)
    direction, peers_key = draw(st.sampled_from((("ingress", "from"), ("egress", "to"))))
    fine: Json = {"action": "Deny", peers_key: [{"namespaces": {}}]}
    place = draw(st.sampled_from(("subject", "peer", "port", "field", "rule", "rule")))
    bad: Any = None
    if place == "subject":
        spec["subject"] = copy.deepcopy(draw(st.sampled_from(BAD_SUBJECTS)))
        return spec
    if place == "field":
        return {**spec, **dict([draw(st.sampled_from(BAD_FIELDS[kind.name]))])}
    if place == "peer":
        bad = {**fine, peers_key: [{"namespaces": {}}, copy.deepcopy(draw(st.sampled_from(BAD_PEERS)))]}
    elif place == "port":
        bad = {**fine, kind.ports_key: [copy.deepcopy(draw(st.sampled_from(BAD_PORTS[kind.ports_key])))]}
    else:
        bad = {**fine, **draw(st.sampled_from(BAD_RULES[kind.is_new]))}
    spec[direction] = [*(spec.get(direction) or []), bad]
    return spec
