"""Small odd clusters for hypothesis: pods and namespaces, policies of all evaluated APIs, and how they are written."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.engine.random_clusterpolicies import MIXES, NODE_LABELS, cluster_policies
from tests.engine.random_networkpolicies import policies
from tests.engine.random_parts import (
    ABSENT,
    ADDRESSES,
    LABELS,
    NAMESPACE_LABELS,
    NAMESPACES,
    POD_CIDRS,
    PORT_NAMES,
    PROTOCOLS,
    Json,
    chance,
    listed,
    some_of,
)
from tests.oracle import Switches
from webapp.model.source import SourceFile


@dataclass(frozen=True)
class RandomCluster:
    """Objects and switches, and a seed that decides how they are written down."""

    manifests: list[Json]
    switches: Switches
    seed: int

    def __repr__(self) -> str:
        """As a reader wants to see a failing example: YAML that can be given to the command line."""
        return f"{self.switches}, seed {self.seed}\n{_dump(self.manifests, sort_keys=False).decode()}"


# ---------------------------------------------------------------- pods, workloads, namespaces


PORT = st.fixed_dictionaries(
    {"containerPort": st.sampled_from((53, 80, 8080, 81))},
    optional={"name": st.sampled_from(PORT_NAMES), "protocol": st.sampled_from((None, *PROTOCOLS))},
)
PORT_LISTS = listed(listed(PORT, (1, 2, 2, 0)), (1, 1, 2))


@st.composite
def containers(draw: st.DrawFn) -> Json:
    """The part of a pod's spec that declares ports: names that clash, sidecars, plain init containers."""
    lists = draw(PORT_LISTS)
    spec: Json = {"containers": [{"name": f"c{i}", "image": "i", "ports": ports} for i, ports in enumerate(lists)]}
    if draw(chance(6)):
        init: Json = {"name": "init", "image": "i", "ports": [draw(PORT)]}
        if draw(st.booleans()):
            init["restartPolicy"] = "Always"
        spec["initContainers"] = [init]
    return spec


CONTAINERS = containers()
POD_LABELS, TEMPLATE_LABELS = some_of(LABELS, nulls=True), some_of(LABELS)
SOME_NAMESPACE_LABELS, SOME_NODE_LABELS = some_of(NAMESPACE_LABELS), some_of(NODE_LABELS)


@st.composite
def pods(draw: st.DrawFn, meta: Json) -> Json:
    """A live pod: with or without addresses, hostNetwork on a node that may be given, or completed."""
    spec = draw(CONTAINERS)
    host = draw(chance(7))
    if host:
        spec |= {"hostNetwork": True, **draw(st.sampled_from(({"nodeName": "n1"}, {"nodeName": "n2"}, {})))}
    status: Json = {}
    old = tuple(text for text in ADDRESSES[:4] if not (host and text == NODE_ADDRESS))
    addresses = draw(st.sampled_from((old, (), old, (), ADDRESSES[4:], (*old, *ADDRESSES[4:]))))
    if addresses:
        chosen = draw(st.lists(st.sampled_from(addresses), min_size=1, max_size=2, unique_by=lambda a: ":" in a))
        status["podIP"] = chosen[0]
        if len(chosen) > 1 or draw(st.booleans()):
            status["podIPs"] = [{"ip": text} for text in chosen]
    phase = draw(st.sampled_from((ABSENT, "Running", "Running", "Pending", "Succeeded")))
    if phase is not ABSENT:
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
        return [draw(pods({**meta, "labels": draw(POD_LABELS)}))]
    labels = draw(TEMPLATE_LABELS)
    spec = draw(CONTAINERS)
    if draw(chance(9)):
        spec["hostNetwork"] = True
    template = {"metadata": {"labels": labels}, "spec": spec}
    if kind == "CronJob":
        job = {"template": template}
        return [{"apiVersion": "batch/v1", "kind": kind, "metadata": meta, "spec": {"jobTemplate": {"spec": job}}}]
    owner: Json = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"template": template}}
    if kind != "owned":
        copies = draw(st.sampled_from((ABSENT, 0, 1, 3)))
        if copies is not ABSENT and kind != "DaemonSet":
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
        labels = draw(st.one_of(st.just(template["metadata"]["labels"]), TEMPLATE_LABELS))
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
        pod["metadata"]["labels"] = {**draw(TEMPLATE_LABELS), **hashed}
    if what == "ports":
        pod["spec"]["containers"] = draw(CONTAINERS)["containers"]
    if what == "status" and "status" in again:
        again["status"] = {"podIP": draw(st.sampled_from(ADDRESSES)), "phase": again["status"].get("phase")}
    return again


@st.composite
def clusters(draw: st.DrawFn) -> RandomCluster:
    """Two to five workloads in up to four namespaces, of which some are not declared; up to six policies. Most mix
    NetworkPolicies with those of the cluster-wide tiers."""
    found: list[Json] = []
    for name in (*NAMESPACES, "default"):
        if not draw(chance(4)):
            labels = draw(SOME_NAMESPACE_LABELS)
            found.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
            if draw(chance(40)):
                found.append(copy.deepcopy(found[-1]))
                found[-1]["metadata"]["labels"] = draw(SOME_NAMESPACE_LABELS)
    for number in range(draw(st.sampled_from((3, 2, 4, 5)))):
        found += draw(workloads(number))
        if draw(chance(40)):
            found.append(draw(contradictions(found[-1])))
    mix = draw(st.sampled_from(MIXES))
    for number, what in enumerate(mix):
        found += draw(cluster_policies(what, number))
    for number in range(draw(st.sampled_from((1, 2, 3, 1, 2, 0) if mix else (2, 3, 4, 6, 1, 5, 0)))):
        found += draw(policies(number))
    found += draw(nodes())
    if draw(chance(20)):
        found.append(draw(dialects()))
    return RandomCluster(found, draw(switches()), draw(st.integers(0, 2**16)))


NODE_ADDRESS = "192.168.0.1"
"""Of node n1; a pod on no known node never has it, or its node would be known by its address."""


@st.composite
def nodes(draw: st.DrawFn) -> list[Json]:
    """None, one or two, with labels, addresses and perhaps the CIDRs of their pods."""
    found = []
    places = {"n1": (NODE_ADDRESS,), "n2": ("10.0.0.9", "fd00::9")}
    for name in draw(st.sampled_from(((), (), ("n1",), ("n1", "n2")))):
        networks = draw(st.one_of(st.just([]), st.lists(st.sampled_from(POD_CIDRS), max_size=2, unique=True)))
        addresses = [{"type": "InternalIP", "address": text} for text in places[name]]
        found.append({
            "apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": draw(SOME_NODE_LABELS)},
            "spec": {"podCIDRs": networks},
            "status": {"addresses": [*addresses, {"type": "Hostname", "address": name}]},
        })  # fmt: skip
    return found


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
