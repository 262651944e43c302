"""What policies see of a live pod, worked out while it is read: a cluster has 100,000 of them, most alike.

Only pods that are as pods are get facts here; `shapes` reads all others with care, when their problems can be told.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Final, NamedTuple

from webapp.manifests.owners import Owners
from webapp.manifests.scalars import resolve_plain
from webapp.manifests.shapes import LAST_PORT, PROTOCOLS, is_v4
from webapp.manifests.tree import Mapping
from webapp.manifests.workload_kinds import POD_INDEX, POD_NAME
from webapp.model.addresses import parse_address
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.labels import Labels
from webapp.model.source import SourceRef

FINISHED = frozenset(("Succeeded", "Failed"))
OF_ONE_POD: Final = frozenset((POD_NAME, POD_INDEX, "batch.kubernetes.io/job-completion-index"))
"""Labels that tell the pods of one owner apart."""
_numbers = count()
"""Never twice the same, so that documents of several readings may stand side by side."""
_BOOLEANS = {"true": True, "false": False}
_NOTHING_ELSE = Owners({})


class Owner(NamedTuple):
    """What made pods. `top`: kind and name of what made it in turn, by all that its pods tell."""

    kind: str
    name: str
    top: tuple[str, str]


class PodFacts(NamedTuple):
    """A pod without anything odd. `endpoint`: it is this, if its owner is what it seems: the input may hold more.
    `replica`: the same number for pods of one owner that live and differ in `OF_ONE_POD`, addresses and nodes alone."""

    endpoint: Endpoint
    owner: Owner | None
    finished: bool
    replica: int | None = None


class Digest:
    """Digests pods. Pods that have the same labels, ports or owner share one object for it."""

    def __init__(self) -> None:
        self._strings: set[str] = set()
        self._labels: dict[tuple[str, ...], tuple[Labels, object]] = {}
        self._shared: dict[object, object] = {}
        self._replicas: dict[tuple[int, int, int], int] = {}
        self._ports: dict[tuple[str, ...], tuple[NamedPort, ...]] = {}
        self._owners: dict[tuple[str, str, str, str], Owner] = {}
        self._nodes: dict[str, str] = {}

    def facts_of(self, body: Mapping, namespace: str, name: str, source: SourceRef) -> PodFacts | None:
        """The facts of a pod; None if anything about it is odd."""
        try:
            return self._facts_of(body, namespace or "default", name, source)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def _facts_of(self, body: Any, namespace: str, name: str, source: SourceRef) -> PodFacts | None:
        metadata, spec = body["metadata"], body["spec"]
        read = self._labels_of(metadata.get("labels", {}))
        ports = self._ports_of(spec["containers"])
        if read is None or ports is None:
            return None
        labels, shared = read
        if "initContainers" in spec and any("restartPolicy" in each for each in spec["initContainers"]):
            return None
        owner = None
        if "ownerReferences" in metadata:
            for reference in metadata["ownerReferences"]:
                if "controller" in reference and reference["controller"].text == "true":
                    kind = reference["kind"].text
                    if kind != "Node":
                        owner = self._owner_of(namespace, kind, reference["name"].text, labels)
        finished = False
        addresses: tuple[str, ...] = ()
        if "status" in body:
            status = body["status"]
            finished = "phase" in status and status["phase"].text in FINISHED
            if "podIPs" in status:
                addresses = tuple([each["ip"].text for each in status["podIPs"]])
            elif "podIP" in status:
                addresses = (status["podIP"].text,)
            for text in addresses:
                if not is_v4(text):
                    parse_address(text)
        host_network = _BOOLEANS[spec["hostNetwork"].text] if "hostNetwork" in spec else False
        node = spec["nodeName"].text if "nodeName" in spec else ""
        endpoint = Endpoint(
            namespace, *(owner.top if owner else ("Pod", name)), labels, ports, addresses, host_network,
            node=self._nodes.setdefault(node, node), live=True, source=source, pod_name=name,
        )  # fmt: skip
        if owner is None or finished or host_network or not name:
            return PodFacts(endpoint, owner, finished)
        alike = (id(owner), id(shared), id(ports))
        replica = self._replicas.get(alike)
        if replica is None:
            replica = self._replicas[alike] = next(_numbers)
        return PodFacts(endpoint, owner, finished, replica)

    def _owner_of(self, namespace: str, kind: str, name: str, labels: Labels) -> Owner:
        key = (namespace, kind, name, labels.known.get("pod-template-hash", ""))
        owner = self._owners.get(key)
        if owner is None:
            owner = self._owners[key] = Owner(kind, name, _NOTHING_ELSE.top(namespace, kind, name, labels.known))
        return owner

    def _labels_of(self, node: Any) -> tuple[Labels, object] | None:
        """Labels that are texts, all of them, and what the pods of one owner share of them: one object for each."""
        strings = self._strings
        texts = []
        for value in node.values():
            text = value.text
            if value.plain and text not in strings and not self._is_string(text):
                return None
            texts.append(text)
        key = (*node, *texts)
        labels = self._labels.get(key)
        if labels is None:
            known = dict(zip(node, texts, strict=True))
            shared = tuple([item[:1] if item[0] in OF_ONE_POD else item for item in known.items()])
            labels = self._labels[key] = Labels(known), self._shared.setdefault(shared, shared)
        return labels

    def _ports_of(self, containers: Any) -> tuple[NamedPort, ...] | None:
        """The ports of containers, if all of them are right."""
        key: list[str] = []
        for container in containers:
            for port in container.get("ports", ()):
                number = port["containerPort"]
                if not number.plain:
                    return None
                key.append(number.text)
                key.append(port["protocol"].text if "protocol" in port else "TCP")
                if "name" in port:
                    name = port["name"]
                    if name.plain and name.text not in self._strings and not self._is_string(name.text):
                        return None
                    key.append(name.text)
                else:
                    key.append("")
        signature = tuple(key)
        ports = self._ports.get(signature)
        if ports is None:
            found: dict[NamedPort, None] = {}
            for number, protocol, name in zip(*[iter(key)] * 3, strict=True):
                value = resolve_plain(number)
                if not isinstance(value, int) or not 0 < value <= LAST_PORT or protocol not in PROTOCOLS:
                    return None
                found[NamedPort(name, protocol, value)] = None
            ports = self._ports[signature] = tuple(found)
        return ports

    def _is_string(self, text: str) -> bool:
        """Whether a plain scalar is a text; remembered if it is."""
        if isinstance(resolve_plain(text), str):
            self._strings.add(text)
            return True
        return False
