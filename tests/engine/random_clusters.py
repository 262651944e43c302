"""Small odd clusters for hypothesis: what Kubernetes accepts and hardly anybody writes, and some that it refuses."""

from __future__ import annotations

import copy
import ipaddress
import json
import random
from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.oracle import Switches
from webapp.model.source import SourceFile

Json = dict[str, Any]

NAMESPACES = ("x", "y", "z")
LABELS = {"app": ("a", "b", ""), "role": ("x", "y"), "tier": ("a",)}
NAMESPACE_LABELS = {"team": ("a", "b", ""), "env": ("a",)}
PORT_NAMES = ("http", "dns", "web-2")
NUMBERS = (1, 53, 80, 81, 8080, 65535)
PROTOCOLS = ("TCP", "UDP", "SCTP")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.168.0.1", "fd00::1", "fd00::2", "2001:db8::1")
CIDRS = (
    "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.1/32", "10.0.0.2/31", "192.168.0.0/16",
    "10.0.0.77/25", "10.0.0.128/25", "128.0.0.0/1", "fd00::/8", "fd00::/64", "fd00::1/128", "2001:db8::/32",
)  # fmt: skip
POD_CIDRS = ("10.0.0.0/24", "10.0.1.0/24", "10.0.0.0/16", "172.16.0.0/12", "fd00::/64")


@dataclass(frozen=True)
class RandomCluster:
    """Objects and switches, and a seed that decides how they are written down."""

    manifests: list[Json]
    switches: Switches
    seed: int

    def __repr__(self) -> str:
        """As a reader wants to see a failing example: YAML that can be given to the command line."""
        return f"{self.switches}, seed {self.seed}\n{_dump(self.manifests, sort_keys=False).decode()}"


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy, or nothing at all."""
    return st.one_of(st.just(_ABSENT), strategy)


_ABSENT = object()


def mapping(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """A mapping without the fields that are absent."""
    return st.fixed_dictionaries(fields).map(lambda d: {k: v for k, v in d.items() if v is not _ABSENT})


def chance(one_in: int) -> st.SearchStrategy[bool]:
    """True once in so many times. Not at a bound: hypothesis likes bounds more than the rest."""
    return st.integers(0, one_in - 1).map(lambda number: number == one_in // 2)


def listed(items: st.SearchStrategy[Any], sizes: tuple[int, ...] = (1, 1, 1, 2, 2, 0)) -> st.SearchStrategy[list[Any]]:
    """A list whose length is one of ``sizes``; those that are given twice are twice as likely."""
    return st.sampled_from(sizes).flatmap(lambda size: st.lists(items, min_size=size, max_size=size))


def some_of(vocabulary: dict[str, tuple[str, ...]], nulls: bool = False) -> st.SearchStrategy[Json]:
    """Some of these keys, each with one of its values."""
    extra = (None,) if nulls else ()
    return mapping(**{key: maybe(st.sampled_from(values + extra)) for key, values in vocabulary.items()})


# ---------------------------------------------------------------- selectors, peers, ports, policies


def expressions(vocabulary: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Json]:
    keys = st.sampled_from([*vocabulary, "absent-key"])
    values = st.lists(st.sampled_from(("a", "b", "x", "")), min_size=1, max_size=2)
    return st.one_of(
        st.fixed_dictionaries({"key": keys, "operator": st.sampled_from(("In", "NotIn")), "values": values}),
        st.fixed_dictionaries(
            {"key": keys, "operator": st.sampled_from(("Exists", "DoesNotExist"))},
            optional={"values": st.sampled_from(([], None))},
        ),
    )


def selectors(vocabulary: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Any]:
    one_label = st.sampled_from([(key, value) for key, values in vocabulary.items() for value in values])
    return st.one_of(
        one_label.map(lambda pair: {"matchLabels": dict([pair])}),
        one_label.map(lambda pair: {"matchLabels": dict([pair])}),
        st.just({}),
        mapping(
            matchLabels=maybe(st.one_of(some_of(vocabulary, nulls=True), st.none())),
            matchExpressions=maybe(st.one_of(listed(expressions(vocabulary)), st.none())),
        ),
    )


POD_SELECTORS = selectors({**LABELS, "pod-template-hash": ("h1",)})
NAMESPACE_SELECTORS = selectors({**NAMESPACE_LABELS, "kubernetes.io/metadata.name": NAMESPACES})


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


@st.composite
def ports(draw: st.DrawFn) -> Any:
    shape = draw(st.sampled_from(("number", "number", "name", "name", "range", "protocol", "empty", "null")))
    if shape == "null":
        return None
    item: Json = {}
    protocol = draw(st.sampled_from((_ABSENT, _ABSENT, None, *PROTOCOLS)))
    if protocol is not _ABSENT:
        item["protocol"] = protocol
    if shape == "number":
        item["port"] = draw(st.sampled_from(NUMBERS))
    if shape == "name":
        item["port"] = draw(st.sampled_from(PORT_NAMES))
    if shape == "range":
        item["port"], item["endPort"] = sorted((draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(NUMBERS))))
    return item


def rules(peers_key: str) -> st.SearchStrategy[Any]:
    """A rule; null and ``{}`` allow everything."""
    few = (1, 1, 1, 2, 2, 0)
    peers, numbers = listed(PEERS, few), listed(ports(), few)
    rule = mapping(
        **{peers_key: st.one_of(peers, peers, peers, st.none(), st.just(_ABSENT))},
        ports=st.one_of(numbers, numbers, st.none(), st.just(_ABSENT)),
    )
    return chance(12).flatmap(lambda bare: st.sampled_from((None, {})) if bare else rule)


@st.composite
def specs(draw: st.DrawFn) -> Any:
    """The spec of a policy that the API server takes."""
    if draw(chance(40)):
        return None
    types = draw(
        st.sampled_from(
            (_ABSENT, _ABSENT, None, [], ["Ingress"], ["Egress"], ["Egress", "Ingress"], ["Ingress", "Ingress"])
        )
    )
    return draw(
        mapping(
            podSelector=st.one_of(POD_SELECTORS, POD_SELECTORS, POD_SELECTORS, st.none(), st.just(_ABSENT)),
            policyTypes=st.just(types),
            ingress=st.one_of(listed(rules("from")), listed(rules("from")), st.none(), st.just(_ABSENT)),
            egress=st.one_of(listed(rules("to")), listed(rules("to")), st.none(), st.just(_ABSENT)),
        )
    )


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
    spec = draw(specs())
    if draw(chance(14)):
        spec = draw(broken(spec))
    meta: Json = {"name": f"np-{number}"}
    namespace = draw(st.sampled_from((*NAMESPACES, "x", _ABSENT)))
    if namespace is not _ABSENT:
        meta["namespace"] = namespace
    policy: Json = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta}
    if spec is not None or draw(st.booleans()):
        policy["spec"] = spec
    if draw(chance(30)):
        return [policy, copy.deepcopy(policy)]
    if draw(chance(25)):
        return [policy, {**policy, "spec": draw(specs())}]
    return [policy]


# ---------------------------------------------------------------- pods, workloads, namespaces


@st.composite
def containers(draw: st.DrawFn) -> Json:
    """The part of a pod's spec that declares ports: names that clash, sidecars, plain init containers."""
    port = st.fixed_dictionaries(
        {"containerPort": st.sampled_from((53, 80, 8080, 81))},
        optional={"name": st.sampled_from(PORT_NAMES), "protocol": st.sampled_from((None, *PROTOCOLS))},
    )
    lists = draw(listed(listed(port, (1, 2, 2, 0)), (1, 1, 2)))
    spec: Json = {"containers": [{"name": f"c{i}", "image": "i", "ports": listed} for i, listed in enumerate(lists)]}
    if draw(chance(6)):
        init: Json = {"name": "init", "image": "i", "ports": [draw(port)]}
        if draw(st.booleans()):
            init["restartPolicy"] = "Always"
        spec["initContainers"] = [init]
    return spec


@st.composite
def pods(draw: st.DrawFn, meta: Json) -> Json:
    """A live pod: with or without addresses, hostNetwork, or completed."""
    spec = draw(containers())
    if draw(chance(9)):
        spec |= {"hostNetwork": True, "nodeName": "n1"}
    status: Json = {}
    addresses = draw(st.sampled_from((ADDRESSES[:4], (), ADDRESSES[:4], (), ADDRESSES[4:], ADDRESSES)))
    if addresses:
        chosen = draw(st.lists(st.sampled_from(addresses), min_size=1, max_size=2, unique_by=lambda a: ":" in a))
        status["podIP"] = chosen[0]
        if len(chosen) > 1 or draw(st.booleans()):
            status["podIPs"] = [{"ip": text} for text in chosen]
    phase = draw(st.sampled_from((_ABSENT, "Running", "Running", "Pending", "Succeeded")))
    if phase is not _ABSENT:
        status["phase"] = phase
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
    return {**pod, "status": status} if status else pod


@st.composite
def workloads(draw: st.DrawFn, number: int) -> list[Json]:
    """The objects of one workload: a bare pod, a template, or live pods with some of their owners."""
    namespace = draw(st.sampled_from((*NAMESPACES[:2], *NAMESPACES)))
    name = f"w{number}"
    kind = draw(st.sampled_from(("Pod", "Pod", "Deployment", "owned", "owned", "StatefulSet", "DaemonSet", "CronJob")))
    meta = {"name": name, "namespace": namespace}
    if kind == "Pod":
        return [draw(pods({**meta, "labels": draw(some_of(LABELS, nulls=True))}))]
    labels = draw(some_of(LABELS))
    spec = draw(containers())
    if draw(chance(9)):
        spec["hostNetwork"] = True
    template = {"metadata": {"labels": labels}, "spec": spec}
    if kind == "CronJob":
        job = {"template": template}
        return [{"apiVersion": "batch/v1", "kind": kind, "metadata": meta, "spec": {"jobTemplate": {"spec": job}}}]
    owner: Json = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"template": template}}
    if kind != "owned":
        copies = draw(st.sampled_from((_ABSENT, 0, 1, 3)))
        if copies is not _ABSENT and kind != "DaemonSet":
            owner["spec"]["replicas"] = copies
        return [{**owner, "kind": kind}]
    return draw(owned_pods(owner))


@st.composite
def owned_pods(draw: st.DrawFn, deployment: Json) -> list[Json]:
    """Pods of a ReplicaSet of a Deployment; what policies can tell apart makes variants. Owners may be missing."""
    meta, template = deployment["metadata"], deployment["spec"]["template"]
    hashed = {"pod-template-hash": "h1"}
    controller = {"apiVersion": "apps/v1", "kind": "Deployment", "name": meta["name"], "uid": "u", "controller": True}
    set_meta = {**meta, "name": f"{meta['name']}-h1", "ownerReferences": [controller]}
    set_template = {**template, "metadata": {"labels": {**template["metadata"]["labels"], **hashed}}}
    replica_set = {**deployment, "kind": "ReplicaSet", "metadata": set_meta, "spec": {"template": set_template}}
    found: list[Json] = []
    for index in range(draw(st.integers(1, 3))):
        labels = draw(st.one_of(st.just(template["metadata"]["labels"]), some_of(LABELS)))
        owner = {**controller, "kind": "ReplicaSet", "name": set_meta["name"]}
        own = {
            "name": f"{set_meta['name']}-{index}", "namespace": meta["namespace"], "labels": {**labels, **hashed},
            "ownerReferences": [owner],
        }  # fmt: skip
        found.append(draw(pods(own)))
    owners = draw(st.sampled_from(((), (replica_set,), (replica_set, deployment))))
    return [*owners, *found]


CONTRADICTIONS = ("labels", "nothing")
"""Add "ports" and "status" when the two expected failures of row 203 are mended."""


@st.composite
def contradictions(draw: st.DrawFn, workload: Json) -> Json:
    """The same object once more, the same or with other labels, ports or addresses."""
    again: Json = copy.deepcopy(workload)
    spec = again["spec"]
    pod = spec["jobTemplate"]["spec"]["template"] if "jobTemplate" in spec else spec.get("template", again)
    what = draw(st.sampled_from(CONTRADICTIONS))
    if what == "labels":
        hashed = {k: v for k, v in (pod["metadata"].get("labels") or {}).items() if k == "pod-template-hash"}
        pod["metadata"]["labels"] = {**draw(some_of(LABELS)), **hashed}
    if what == "ports":
        pod["spec"]["containers"] = draw(containers())["containers"]
    if what == "status" and "status" in again:
        again["status"] = {"podIP": draw(st.sampled_from(ADDRESSES)), "phase": again["status"].get("phase")}
    return again


@st.composite
def clusters(draw: st.DrawFn) -> RandomCluster:
    """Two to seven workloads in up to four namespaces, of which some are not declared; up to six policies."""
    found: list[Json] = []
    for name in (*NAMESPACES, "default"):
        if not draw(chance(4)):
            labels = draw(some_of(NAMESPACE_LABELS))
            found.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
            if draw(chance(40)):
                found.append(copy.deepcopy(found[-1]))
                found[-1]["metadata"]["labels"] = draw(some_of(NAMESPACE_LABELS))
    for number in range(draw(st.sampled_from((3, 2, 4, 5)))):
        found += draw(workloads(number))
        if draw(chance(40)):
            found.append(draw(contradictions(found[-1])))
    for number in range(draw(st.sampled_from((2, 3, 4, 6, 1, 5, 0)))):
        found += draw(policies(number))
    if draw(chance(4)):
        found.append(draw(nodes()))
    if draw(chance(20)):
        found.append(draw(dialects()))
    return RandomCluster(found, draw(switches()), draw(st.integers(0, 2**16)))


@st.composite
def nodes(draw: st.DrawFn) -> Json:
    networks = draw(st.lists(st.sampled_from(POD_CIDRS), max_size=2, unique=True))
    addresses = [{"type": "InternalIP", "address": "192.168.0.1"}, {"type": "Hostname", "address": "n1"}]
    return {
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "spec": {"podCIDRs": networks},
        "status": {"addresses": addresses},
    }  # fmt: skip


@st.composite
def dialects(draw: st.DrawFn) -> Json:
    """A policy of an API that is not evaluated: of one namespace, or of the whole cluster."""
    group, kind = draw(
        st.sampled_from((
            ("projectcalico.org/v3", "NetworkPolicy"), ("cilium.io/v2", "CiliumNetworkPolicy"),
            ("projectcalico.org/v3", "GlobalNetworkPolicy"),
        ))
    )  # fmt: skip
    meta = {"name": "other", **({} if kind.startswith("Global") else {"namespace": draw(st.sampled_from(NAMESPACES))})}
    return {"apiVersion": group, "kind": kind, "metadata": meta, "spec": {}}


def switches() -> st.SearchStrategy[Switches]:
    """Mostly as they come."""
    return st.builds(
        Switches,
        host_network=st.sampled_from(("node", "node", "pod")),
        ipblock_pods=st.sampled_from(("address", "address", "address", "never")),
        pod_cidrs=st.one_of(st.just(()), st.lists(st.sampled_from(POD_CIDRS), max_size=2, unique=True).map(tuple)),
        undeclared_namespaces=st.sampled_from(("unknown", "unknown", "unlabelled")),
        ignore_dialects=st.sampled_from(((), (), ("GlobalNetworkPolicy",))),
    )


# ---------------------------------------------------------------- as files


def write(manifests: list[Json]) -> list[SourceFile]:
    """One file; document n is object n - 1."""
    return [SourceFile("cluster.yaml", _dump(manifests, sort_keys=False))]


def write_otherwise(manifests: list[Json], seed: int) -> list[SourceFile]:
    """The same objects in several files, in an order and in forms that the seed chooses."""
    dice = random.Random(seed)
    shuffled = list(manifests)
    dice.shuffle(shuffled)
    files: dict[str, list[Json]] = {}
    for manifest in shuffled:
        files.setdefault(dice.choice(("a.yaml", "b/c.yml", "d.json", "e.yaml")), []).append(manifest)
    written = []
    for name, objects in files.items():
        listed = {"apiVersion": "v1", "kind": "List", "items": objects}
        if name.endswith(".json"):
            data = json.dumps(listed).encode()
        else:
            data = _dump([listed] if name == "e.yaml" else objects, sort_keys=True)
        written.append(SourceFile(name, data))
    dice.shuffle(written)
    return written


def _dump(objects: list[Json], sort_keys: bool) -> bytes:
    return yaml.dump_all(objects, Dumper=_NoAliases, sort_keys=sort_keys).encode()


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
