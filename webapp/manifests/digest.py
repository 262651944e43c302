"""What policies see of a live pod, worked out while it is read: a cluster has 100,000 of them, most alike.

Only pods that are as pods are get facts here; `shapes` reads all others with care, when their problems can be told.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from webapp.manifests.scalars import resolve_plain
from webapp.manifests.shapes import LAST_PORT, PROTOCOLS, is_v4
from webapp.manifests.tree import Mapping
from webapp.model.addresses import parse_address
from webapp.model.endpoint import NamedPort
from webapp.model.labels import Labels

FINISHED = frozenset(("Succeeded", "Failed"))
_BOOLEANS = {"true": True, "false": False}


class PodFacts(NamedTuple):
    """A pod without anything odd. `owner`: kind, name and, of a ReplicaSet, the hash that ends its name; or None."""

    labels: Labels
    ports: tuple[NamedPort, ...]
    owner: tuple[str, str, str] | None
    finished: bool
    addresses: tuple[str, ...]
    host_network: bool
    node: str


class Digest:
    """Digests pods. Pods that have the same labels, ports or owner share one object for it."""

    def __init__(self) -> None:
        self._strings: set[str] = set()
        self._labels: dict[tuple[str, ...], Labels] = {}
        self._ports: dict[tuple[str, ...], tuple[NamedPort, ...]] = {}
        self._owners: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self._nodes: dict[str, str] = {}

    def facts_of(self, body: Mapping) -> PodFacts | None:
        """The facts of a pod; None if anything about it is odd."""
        try:
            return self._facts_of(body)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def _facts_of(self, body: Any) -> PodFacts | None:
        metadata, spec = body["metadata"], body["spec"]
        labels = self._labels_of(metadata.get("labels", {}))
        ports = self._ports_of(spec["containers"])
        if labels is None or ports is None:
            return None
        if "initContainers" in spec and any("restartPolicy" in each for each in spec["initContainers"]):
            return None
        owner = None
        if "ownerReferences" in metadata:
            for reference in metadata["ownerReferences"]:
                if "controller" in reference and reference["controller"].text == "true":
                    kind, name = reference["kind"].text, reference["name"].text
                    if kind != "Node":
                        found = (kind, name, labels.known.get("pod-template-hash", ""))
                        owner = self._owners.setdefault(found, found)
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
        return PodFacts(labels, ports, owner, finished, addresses, host_network, self._nodes.setdefault(node, node))

    def _labels_of(self, node: Any) -> Labels | None:
        """Labels that are texts, all of them."""
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
            labels = self._labels[key] = Labels(dict(zip(node, texts, strict=True)))
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
