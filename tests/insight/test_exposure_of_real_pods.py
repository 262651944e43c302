"""The report against the engine: what it says of a pod is what follows when such a pod is added to the manifests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.random_clusters import RandomCluster, clusters, write
from webapp.analysis import Analysis, Assumptions, analyze
from webapp.insight.differences import Reading, expected
from webapp.insight.exposure import Exposure, Peers, exposure
from webapp.insight.imagined import fresh_value
from webapp.insight.regions import NAME, Atlas
from webapp.insight.selectors import matches, selector_of
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.ports import PortName, PortSet

Json = dict[str, Any]

KEYS = {"app": ("a", "b"), "role": ("a", "b"), "tier": ("a",)}
NAMESPACE_KEYS = {"team": ("a", "b"), "env": ("a",)}
NAMES = ("http", "dns")
EXAMPLES = settings().max_examples


# ---------------------------------------------------------------- clusters whose selectors meet a lot


def labels(keys: dict[str, tuple[str, ...]]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in keys.items()})


def selectors(keys: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Json]:
    values = st.lists(st.sampled_from(("a", "b")), min_size=1, max_size=2, unique=True)
    key = st.sampled_from(sorted(keys))
    term = st.one_of(
        st.builds(
            lambda k, o, v: {"key": k, "operator": o, "values": v}, key, st.sampled_from(("In", "NotIn")), values
        ),
        st.builds(lambda k, o: {"key": k, "operator": o}, key, st.sampled_from(("Exists", "DoesNotExist"))),
    )
    return st.lists(term, max_size=2).map(lambda terms: {"matchExpressions": terms} if terms else {})


PODS, NAMESPACES = selectors(KEYS), selectors(NAMESPACE_KEYS)
NUMBERS = st.sampled_from((80, 81, 82))
PORTS = st.one_of(
    st.none(),
    st.lists(st.one_of(NUMBERS.map(lambda n: {"port": n}), st.sampled_from(NAMES).map(lambda n: {"port": n})),
             min_size=1, max_size=2),
)  # fmt: skip
ADMIN_PORTS = st.one_of(
    st.none(),
    st.lists(
        st.one_of(
            NUMBERS.map(lambda n: {"portNumber": {"protocol": "TCP", "port": n}}),
            st.sampled_from(NAMES).map(lambda n: {"namedPort": n}),
        ),
        min_size=1, max_size=2,
    ),
)  # fmt: skip


def meta(name: str, namespace: str = "") -> Json:
    return {"name": name, "namespace": namespace} if namespace else {"name": name}


@st.composite
def network_policies(draw: st.DrawFn, number: int) -> Json:
    own = st.builds(lambda pods: {"podSelector": pods}, PODS)
    far = st.builds(lambda namespaces, pods: {"namespaceSelector": namespaces, "podSelector": pods}, NAMESPACES, PODS)
    named = st.builds(
        lambda name, pods: {"namespaceSelector": {"matchLabels": {NAME: name}}, "podSelector": pods},
        st.sampled_from(("x", "y", "far")), PODS,
    )  # fmt: skip
    peers = st.lists(st.one_of(own, far, named), min_size=1, max_size=3)
    spec: Json = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for direction, key in (("ingress", "from"), ("egress", "to")):
        rules = draw(st.lists(st.tuples(peers, PORTS), max_size=3))
        spec[direction] = [{key: listed} | ({"ports": ports} if ports else {}) for listed, ports in rules]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta(f"np-{number}", "x"),
            "spec": spec}  # fmt: skip


@st.composite
def admin_policies(draw: st.DrawFn, kind: str, number: int) -> Json:
    pods = st.builds(lambda n, p: {"pods": {"namespaceSelector": n, "podSelector": p}}, NAMESPACES, PODS)
    peers = st.lists(st.one_of(pods, NAMESPACES.map(lambda n: {"namespaces": n})), min_size=1, max_size=2)
    actions = ("Allow", "Deny", "Pass") if kind == "AdminNetworkPolicy" else ("Allow", "Deny")
    spec: Json = {"subject": {"namespaces": {}}}
    if kind == "AdminNetworkPolicy":
        spec["priority"] = draw(st.sampled_from((number, number, 7)))
    for direction, key in (("ingress", "from"), ("egress", "to")):
        rules = draw(st.lists(st.tuples(st.sampled_from(actions), peers, ADMIN_PORTS), max_size=4))
        spec[direction] = [
            {"action": action, key: listed} | ({"ports": ports} if ports else {}) for action, listed, ports in rules
        ]
    name = f"anp-{number}" if kind == "AdminNetworkPolicy" else "default"
    return {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": kind, "metadata": meta(name), "spec": spec}


@st.composite
def meeting_clusters(draw: st.DrawFn) -> list[Json]:
    """Two namespaces, one workload that every policy selects."""
    manifests: list[Json] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(name) | {"labels": draw(labels(NAMESPACE_KEYS))}}
        for name in ("x", "y")
    ]
    port = [{"name": "http", "containerPort": 80}, {"name": "dns", "containerPort": 81}]
    manifests.append(pod("x", "subject", {"app": "subject"}, port))
    shape = draw(st.sampled_from(("np", "np", "anp", "anp", "anp+np", "anp+np", "anp+banp", "np+banp", "all")))
    if "np" in shape.split("+") or shape == "all":
        manifests += [draw(network_policies(n)) for n in range(draw(st.integers(1, 3)))]
    if "anp" in shape.split("+") or shape == "all":
        manifests += [draw(admin_policies("AdminNetworkPolicy", n)) for n in range(draw(st.integers(1, 2)))]
    if "banp" in shape.split("+") or shape == "all":
        manifests.append(draw(admin_policies("BaselineAdminNetworkPolicy", 0)))
    return manifests


def pod(namespace: str, name: str, pod_labels: dict[str, str], ports: list[Json]) -> Json:
    return {
        "apiVersion": "v1", "kind": "Pod", "metadata": meta(name, namespace) | {"labels": pod_labels},
        "spec": {"containers": [{"name": "c", "image": "i", "ports": ports}]},
    }  # fmt: skip


@st.composite
def strangers(draw: st.DrawFn, count: int = 10) -> list[Json]:
    """New pods in namespaces that are there, and in new ones."""
    manifests: list[Json] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(name) | {"labels": draw(labels(NAMESPACE_KEYS))}}
        for name in ("new-1", "new-2", "far")
    ]
    for number in range(count):
        named = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
        port = [{"name": name, "containerPort": 4711 + NAMES.index(name)} for name in named]
        place = draw(st.sampled_from(("x", "y", "new-1", "new-2", "far")))
        manifests.append(pod(place, f"stranger-{number}", draw(labels(KEYS)), port))
    return manifests


# ---------------------------------------------------------------- the test


@given(meeting_clusters(), strangers())
@settings(max_examples=2 * EXAMPLES)
def test_what_is_said_of_pods_is_true_of_real_ones(manifests: list[Json], added: list[Json]) -> None:
    compare(manifests, added, Assumptions())


@given(clusters(), strangers(6))
@settings(max_examples=EXAMPLES)
def test_it_is_true_in_odd_clusters_too(cluster: RandomCluster, added: list[Json]) -> None:
    there = {each["metadata"]["name"] for each in cluster.manifests if each.get("kind") == "Namespace"}
    dice = random.Random(cluster.seed)
    added = [each for each in added if each["kind"] != "Namespace" or each["metadata"]["name"] not in there]
    for each in added:
        if each["metadata"].get("namespace") in ("x", "y"):
            each["metadata"]["namespace"] = dice.choice(("x", "y", "z"))
    switches = cluster.switches
    compare(
        cluster.manifests,
        added,
        Assumptions(switches.host_network, switches.ipblock_pods, undeclared_namespaces="unlabelled"),
    )


def compare(manifests: list[Json], added: list[Json], assumptions: Assumptions) -> None:
    before = analyze(write(manifests), assumptions)
    # where pods without an address live is a fact of the input, which new pods must not change
    after = analyze(write([*manifests, *added]), replace(assumptions, pod_cidrs=before.pod_cidrs))
    atlas = Atlas(before.namespaces, fresh_value(before.policies))
    for told in exposure(before):
        if not told.complete:
            continue
        subject = after.workload_by_id[told.workload].place
        for stranger in pods_named(after, "stranger"):
            if not after.namespaces[stranger.namespace].labels.certain:
                continue  # a namespace that is given twice: nobody knows which selectors its pods fit
            if any(in_a_range(before, port) for port in stranger.ports):
                continue  # a name stands for a number that no rule speaks of, and says so (docs/reading-verdicts.md)
            real = after.sides.ports(told.direction, subject, after.sides.place_of(stranger)[0])
            said = said_of(told, stranger, after, atlas)
            assert said == real, f"{told.workload} {told.direction} {stranger}: said {said}, is {real}\n{listed(told)}"


def in_a_range(analysis: Analysis, port: NamedPort) -> bool:
    """Whether a rule speaks of the number of a named port, other than by all ports of its protocol."""
    single = PortSet.single(port.protocol, port.number)
    whole = PortSet.whole(port.protocol)
    rules = (rule for policy in analysis.policies for listed in policy.rules.values() for rule in listed)
    spans = (PortSet.of(rule.ports.spans) & whole for rule in rules)
    return any(ports is not whole and ports & single is single for ports in spans)


def pods_named(analysis: Analysis, start: str) -> Iterator[Endpoint]:
    return (endpoint for endpoint in analysis.snapshot.endpoints if endpoint.name.startswith(start))


def said_of(told: Exposure, stranger: Endpoint, after: Analysis, atlas: Atlas) -> tuple[PortSet, PortSet]:
    """What a reader makes of the report for one pod: selectors that match, names that the pod has."""
    inside = after.namespaces[stranger.namespace].labels.known
    holding = [
        peers
        for peers in told.peers
        if matches(peers.region.namespaces, inside) and matches(peers.region.pods, stranger.labels.known)
    ]
    names = {((port.name, port.protocol), port.number) for port in stranger.ports}
    general, *others = [(peers.region, reading_of(peers, names)) for peers in holding]
    reading = expected(general[1], others, atlas.implies)
    return reading.low, reading.high


def reading_of(peers: Peers, names: set[tuple[PortName, int]]) -> Reading:
    low, high = peers.ports, peers.ports | peers.unknown_ports
    for name, number in sorted(names):
        port = PortSet.single(name[1], number)
        if name in peers.names:
            low, high = low | port, high | port
        elif name in peers.unknown_names:
            low, high = low - port, high | port
        elif name in peers.denied_names:
            low, high = low - port, high - port
    return Reading(low, high, low, high)


def listed(told: Exposure) -> str:
    """The report for a failure message."""
    return "\n".join(
        f"{selector_of(peers.region.namespaces)} {selector_of(peers.region.pods)}: {peers.ports} "
        f"? {peers.unknown_ports} names {peers.names} {peers.unknown_names} not {peers.denied_names}"
        for peers in told.peers
    )
