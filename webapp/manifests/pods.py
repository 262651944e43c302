"""Live pods become endpoints. There may be 100,000 of them, most alike: what they share is worked out once.

A pod that looks as pods do is read by `_quick`; if anything about it is odd, `shape_of` reads it with all care.
"""

from __future__ import annotations

from collections.abc import Sequence as AbcSequence
from dataclasses import dataclass, field
from typing import Any

from webapp.manifests.fields import NO_LABELS, Reports, all_at, combine_labels, shown
from webapp.manifests.owners import Owners, WorkloadKey, controller_of
from webapp.manifests.scalars import resolve_plain
from webapp.manifests.shapes import PROTOCOLS, is_v4, shape_of
from webapp.manifests.tree import Document, Scalar, Sequence
from webapp.model.addresses import parse_address
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.labels import Labels

_FINISHED = frozenset(("Succeeded", "Failed"))
_LAST_PORT = 65_535
_BOOLEANS = {"true": True, "false": False}


@dataclass(slots=True)
class Members:
    """The pods of one workload: those that live, and those that have completed and are no endpoints any more."""

    namespace: str
    kind: str
    name: str
    live: list[Endpoint] = field(default_factory=list)
    completed: list[Endpoint] = field(default_factory=list)


class Pods:
    """All pods of the input, by workload."""

    def __init__(self, owners: Owners, reports: Reports) -> None:
        self.members: dict[WorkloadKey, Members] = {}
        self._owners = owners
        self._reports = reports
        self._by_controller: dict[tuple[str, str, str, str], Members] = {}
        self._strings: set[str] = set()
        self._labels: dict[tuple[Any, ...], Labels] = {}
        self._ports: dict[tuple[Any, ...], tuple[NamedPort, ...]] = {}

    def add(self, document: Document) -> None:
        """A pod that is given once, or more often with the same content."""
        if not document.has_duplicates:
            try:
                if self._quick(document):
                    return
            except (AttributeError, KeyError, TypeError):
                pass
        self._add_slowly([document])

    def add_conflicting(self, documents: AbcSequence[Document]) -> None:
        """A pod that is given several times, with different content."""
        self._add_slowly(documents)

    def _quick(self, document: Document) -> bool:
        """Read a pod that is as pods are. False, or an error about types, if it is not."""
        body: Any = document.body
        metadata, spec = body["metadata"], body["spec"]
        labels = self._quick_labels(metadata.get("labels"))
        ports = self._quick_ports(spec["containers"])
        if labels is None or ports is None or ("initContainers" in spec and _any_restarts(spec["initContainers"])):
            return False
        owner_kind = owner_name = ""
        for reference in metadata.get("ownerReferences", ()):
            if "controller" in reference and reference["controller"].text == "true":
                owner_kind, owner_name = reference["kind"].text, reference["name"].text
        if owner_kind == "Node":
            owner_name = ""
        finished = False
        addresses: tuple[str, ...] = ()
        status = body.get("status")
        if status:
            finished = "phase" in status and status["phase"].text in _FINISHED
            if "podIPs" in status:
                addresses = tuple([each["ip"].text for each in status["podIPs"]])
            elif "podIP" in status:
                addresses = (status["podIP"].text,)
            for text in addresses:
                if not is_v4(text):
                    return False
        namespace = document.namespace or "default"
        key = (namespace, owner_kind, owner_name, labels.known.get("pod-template-hash", ""))
        members = self._by_controller.get(key) if owner_name else None
        if members is None:
            if not document.name:
                return False
            members = self._members_of(document, (owner_kind, owner_name) if owner_name else None, labels)
            if owner_name:
                self._by_controller[key] = members
        host_network = _BOOLEANS[spec["hostNetwork"].text] if "hostNetwork" in spec else False
        node = spec["nodeName"].text if "nodeName" in spec else ""
        (members.completed if finished else members.live).append(
            Endpoint(members.namespace, members.kind, members.name, labels, ports, addresses, host_network, 1, False,
                     node, True, document.source, document.name)
        )  # fmt: skip
        return True

    def _quick_labels(self, node: Any) -> Labels | None:
        """Labels that all are texts, one object for all pods that have the same."""
        if node is None:
            return NO_LABELS
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

    def _quick_ports(self, containers: Any) -> tuple[NamedPort, ...] | None:
        """The named ports, one object for all pods that have the same. None if one of the ports is not right."""
        key: list[str] = []
        for container in containers:
            for port in container.get("ports", ()):
                number, protocol, name = port["containerPort"], port.get("protocol"), port.get("name")
                if not number.plain:
                    return None
                key.append(number.text)
                key.append("TCP" if protocol is None else protocol.text)
                if name is None:
                    key.append("")
                else:
                    text = name.text
                    if name.plain and text not in self._strings and not self._is_string(text):
                        return None
                    key.append(text)
        signature = tuple(key)
        ports = self._ports.get(signature)
        if ports is None:
            found = set()
            for number, protocol, name in zip(*[iter(key)] * 3, strict=True):
                value = resolve_plain(number)
                if not isinstance(value, int) or not 0 < value <= _LAST_PORT or protocol not in PROTOCOLS:
                    return None
                if name:
                    found.add(NamedPort(name, protocol, value))
            ports = self._ports[signature] = tuple(sorted(found))
        return ports

    def _is_string(self, text: str) -> bool:
        """Whether a plain scalar is a text; remembered if it is."""
        if isinstance(resolve_plain(text), str):
            self._strings.add(text)
            return True
        return False

    def _add_slowly(self, documents: AbcSequence[Document]) -> None:
        """Any pod, however odd. Given several times, it has all ports and addresses, and the labels that all agree on."""
        reports = self._reports
        first = documents[0]
        if not first.name:
            message = (
                "metadata.name is missing. Kubernetes would refuse the pod; it is read without a name. Give it one."
            )
            reports.add("error", "no_name", message, first, path="metadata.name")
        shapes = [shape_of(document, (), reports) for document in documents]
        labels = combine_labels([shape.labels for shape in shapes])
        if len({shape.host_network for shape in shapes}) > 1:
            labels = Labels({}, open=True)
        ports = tuple(sorted({port for shape in shapes for port in shape.ports}))
        addresses = sorted({text for document in documents for text in self._addresses(document)})
        members = self._members_of(first, controller_of(first), labels)
        endpoint = Endpoint(
            members.namespace, members.kind, members.name, labels, ports, tuple(addresses), shapes[0].host_network, 1, False,
            shapes[0].node, True, first.source, first.name,
        )  # fmt: skip
        finished = all(_has_finished(document) for document in documents)
        (members.completed if finished else members.live).append(endpoint)

    def _addresses(self, document: Document) -> list[str]:
        """The addresses that status tells, those that are none left out with a problem."""
        nodes = [
            node
            for listed in all_at(document.body, "status", "podIPs")
            for each in (listed if isinstance(listed, Sequence) else ())
            for node in all_at(each, "ip")
        ] or all_at(document.body, "status", "podIP")
        found = []
        for node in nodes:
            text = node.text if isinstance(node, Scalar) else ""
            if isinstance(node, Scalar) and node.resolve() in (None, ""):
                continue
            try:
                parse_address(text)
                found.append(text)
            except ValueError:
                message = f'"{shown(text)}" is not an IP address. The address of the pod is not known. Correct it.'
                self._reports.add("error", "bad_address", message, document, node, "status.podIP")
        return found

    def _members_of(self, document: Document, controller: tuple[str, str] | None, labels: Labels) -> Members:
        namespace = document.namespace or "default"
        kind, name = (
            ("Pod", document.name) if controller is None else self._owners.top(namespace, *controller, labels.known)
        )
        key = (namespace, kind, name)
        members = self.members.get(key)
        if members is None:
            members = self.members[key] = Members(*key)
        return members


def _any_restarts(containers: Any) -> bool:
    return any("restartPolicy" in container for container in containers)


def _has_finished(document: Document) -> bool:
    phases = all_at(document.body, "status", "phase")
    return bool(phases) and isinstance(phases[0], Scalar) and phases[0].text in _FINISHED
