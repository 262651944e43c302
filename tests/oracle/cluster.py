"""What pods there are: live pods and templates, with owner, labels, ports and addresses (spec §§1.2-1.3, 8)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.oracle.addresses import Address, Network, network
from tests.oracle.certainty import Labels

Json = dict[str, Any]
NAME_LABEL = "kubernetes.io/metadata.name"

# Labels that controllers add to the pods of a template (spec §8.1); a template alone does not show their value.
RUN_TIME_LABELS = {
    "Deployment": ("pod-template-hash",),
    "StatefulSet": ("statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "controller-revision-hash"),
    "DaemonSet": ("controller-revision-hash", "pod-template-generation"),
    "Rollout": ("rollouts-pod-template-hash",),
}
HASH_LABELS = {"pod-template-hash": "Deployment", "rollouts-pod-template-hash": "Rollout"}
TEMPLATED = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job", "CronJob")


@dataclass(frozen=True)
class Namespace:
    """``labels`` holds each set of labels that the namespace may have: more than one if it is given twice."""

    name: str
    labels: tuple[Labels, ...]
    declared: bool


@dataclass(frozen=True)
class Node:
    """Its labels, and the addresses by which policies know it."""

    labels: Labels
    addresses: tuple[Address, ...]


@dataclass(frozen=True, eq=False)
class Pod:
    """A live pod, or the pods of one template. ``number`` is the place of its object in the input.

    ``addresses`` is empty where they are not known. ``host``: in the network of its node, which may be known.
    ``others``: what else it may be, where its object is given more than once with different content.
    """

    namespace: str
    kind: str
    name: str
    labels: Labels
    named_ports: frozenset[tuple[str, str, int]]
    addresses: tuple[Address, ...]
    host: bool
    number: int
    live: bool
    pods: int
    node: Node | None = None
    others: tuple[Pod, ...] = ()

    @property
    def workload(self) -> str:
        return f"{self.namespace}/{self.kind}/{self.name}"

    @property
    def families(self) -> set[int]:
        """Those of its addresses; a pod without known addresses fits any (contract)."""
        return {address.version for address in self.addresses} or {4, 6}

    def __repr__(self) -> str:
        return f"{self.workload}@{self.number}"


class Cluster:
    """Namespaces by name, the pods that policies act on, and where pods live."""

    def __init__(self, manifests: Iterable[Json], undeclared: str = "unknown") -> None:
        self.manifests = list(manifests)
        self.nodes = {node["metadata"]["name"]: _node(node) for node in self._of_kind("Node")}
        self.pods = list(self._pods())
        self.namespaces = {name: self._namespace(name, undeclared) for name in {pod.namespace for pod in self.pods}}
        self.node_networks: list[Network] = [
            network(text) for node in self._of_kind("Node") for text in (node.get("spec") or {}).get("podCIDRs") or []
        ]

    def _of_kind(self, kind: str) -> list[Json]:
        return [manifest for manifest in self.manifests if manifest.get("kind") == kind]

    def _namespace(self, name: str, undeclared: str) -> Namespace:
        given = [m for m in self._of_kind("Namespace") if m["metadata"]["name"] == name]
        if not given:
            return Namespace(name, (Labels({NAME_LABEL: name}, open=undeclared == "unknown"),), declared=False)
        versions = tuple(Labels({**_labels(m["metadata"]).known, NAME_LABEL: name}) for m in given)
        return Namespace(name, versions, declared=True)

    def _pods(self) -> Iterator[Pod]:
        """Live pods replace the template of their workload; a workload without live pods is judged by its template,
        or by its completed pods."""
        pods = [self._live(number) for number in self._firsts(("Pod",))]
        live = [pod for pod in pods if not _is_done(self.manifests[pod.number])]
        done = [pod for pod in pods if _is_done(self.manifests[pod.number])]
        templates = self._top_templates()
        yield from live
        taken = {pod.workload for pod in live}
        completed = {pod.workload for pod in done}
        for pod in templates:
            if pod.workload not in taken:
                yield replace(pod, pods=0) if pod.workload in completed else pod
        taken |= {pod.workload for pod in templates}
        yield from (_template_of(pod) for pod in done if pod.workload not in taken)

    def _top_templates(self) -> list[Pod]:
        """The template of each workload: its own, or else that of what it made (a ReplicaSet of a Deployment)."""
        found = [self._template(number) for number in self._firsts(TEMPLATED)]
        own = {pod.workload for pod in found if self.manifests[pod.number]["kind"] == pod.kind}
        return [pod for pod in found if pod.workload not in own or self.manifests[pod.number]["kind"] == pod.kind]

    def _firsts(self, kinds: tuple[str, ...]) -> list[int]:
        """The place of each object of these kinds, once if it is given more often."""
        found: dict[tuple[str, str, str], int] = {}
        for number, manifest in enumerate(self.manifests):
            if manifest.get("kind") in kinds:
                found.setdefault(_identity(manifest), number)
        return list(found.values())

    def _versions(self, number: int) -> list[Json]:
        """The object at a place and all that contradict it."""
        first = self.manifests[number]
        others = [m for m in self._of_kind(first["kind"]) if _identity(m) == _identity(first) and m != first]
        return [first, *others]

    def _live(self, number: int) -> Pod:
        first, *others = (self._live_version(number, version) for version in self._versions(number))
        return replace(first, others=tuple(others))

    def _template(self, number: int) -> Pod:
        first, *others = (self._template_version(number, version) for version in self._versions(number))
        return replace(first, others=tuple(others))

    def _live_version(self, number: int, pod: Json) -> Pod:
        meta, spec, status = pod["metadata"], pod.get("spec") or {}, pod.get("status") or {}
        namespace = meta.get("namespace") or "default"
        kind, name = self._top_owner(namespace, "Pod", meta)
        texts = [entry["ip"] for entry in status.get("podIPs") or []] or [status.get("podIP")]
        host = bool(spec.get("hostNetwork"))
        addresses = [ipaddress.ip_address(text) for text in texts if text]
        node = self.nodes.get(spec.get("nodeName"))
        if host and node and not addresses:
            addresses = list(node.addresses)
        return Pod(
            namespace, kind, name, _labels(meta), _named_ports(spec), tuple(addresses), host, number, live=True, pods=1,
            node=node,
        )  # fmt: skip

    def _template_version(self, number: int, controller: Json) -> Pod:
        meta, spec = controller["metadata"], controller.get("spec") or {}
        job = (spec.get("jobTemplate") or {}).get("spec") or {}
        template = (job if controller["kind"] == "CronJob" else spec).get("template") or {}
        namespace = meta.get("namespace") or "default"
        kind, name = self._top_owner(namespace, controller["kind"], meta)
        labels = _labels(template.get("metadata") or {})
        unknown = {key for key in RUN_TIME_LABELS.get(controller["kind"], ()) if key not in labels.known}
        pod_spec = template.get("spec") or {}
        copies = spec.get("replicas", spec.get("parallelism"))
        if controller["kind"] == "DaemonSet":  # one on each node, as far as nodes are known
            copies = len(self.nodes) or 1
        return Pod(
            namespace, kind, name, replace(labels, some_value=frozenset(unknown)), _named_ports(pod_spec), (),
            bool(pod_spec.get("hostNetwork")), number, live=False, pods=1 if copies is None else copies,
        )  # fmt: skip

    def _top_owner(self, namespace: str, kind: str, meta: Json) -> tuple[str, str]:
        """Follow the controlling owner upward while it is known (spec §8.2)."""
        name = meta["name"]
        owner = next((o for o in meta.get("ownerReferences") or [] if o.get("controller")), None)
        if owner is None or owner["kind"] == "Node":
            return kind, name
        for manifest in self._of_kind(owner["kind"]):
            if manifest["metadata"]["name"] == owner["name"] and _namespace_of(manifest) == namespace:
                return self._top_owner(namespace, owner["kind"], manifest["metadata"])
        if owner["kind"] == "ReplicaSet":
            for label, parent in HASH_LABELS.items():
                ending = "-" + str((meta.get("labels") or {}).get(label))
                if owner["name"].endswith(ending):
                    return parent, owner["name"].removesuffix(ending)
        return owner["kind"], owner["name"]


def _template_of(completed: Pod) -> Pod:
    """What is left to judge: no address, no place."""
    others = tuple(_template_of(other) for other in completed.others)
    return replace(completed, pods=0, addresses=(), node=None, others=others)


def _node(node: Json) -> Node:
    entries = (node.get("status") or {}).get("addresses") or []
    texts = [entry["address"] for entry in entries if entry["type"] in ("InternalIP", "ExternalIP")]
    return Node(_labels(node["metadata"]), tuple(ipaddress.ip_address(text) for text in texts))


def _identity(manifest: Json) -> tuple[str, str, str]:
    return manifest["kind"], _namespace_of(manifest), manifest["metadata"]["name"]


def _namespace_of(manifest: Json) -> str:
    return str(manifest["metadata"].get("namespace") or "default")


def _is_done(pod: Json) -> bool:
    """Completed pods are no endpoints: their address may belong to another pod by now."""
    return (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")


def _labels(meta: Json) -> Labels:
    """A null value is the empty string; a number or a boolean cannot be read, so the key is in doubt."""
    given = meta.get("labels") or {}
    readable = {key: "" if value is None else value for key, value in given.items()}
    doubtful = frozenset(key for key, value in readable.items() if not isinstance(value, str))
    return Labels({k: v for k, v in readable.items() if k not in doubtful}, doubtful=doubtful)


def _named_ports(spec: Json) -> frozenset[tuple[str, str, int]]:
    """Of the containers and the restartable init containers (spec §1.3)."""
    sidecars = [c for c in spec.get("initContainers") or [] if c.get("restartPolicy") == "Always"]
    return frozenset(
        (port["name"], port.get("protocol") or "TCP", port["containerPort"])
        for container in [*(spec.get("containers") or []), *sidecars]
        for port in container.get("ports") or []
        if port.get("name")
    )
