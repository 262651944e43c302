"""Live pods become endpoints, folded into the workloads that made them."""

from __future__ import annotations

from collections.abc import Sequence as AbcSequence
from dataclasses import dataclass, field

from webapp.manifests.fields import Reports, combine_labels, shown
from webapp.manifests.owners import Owners, WorkloadKey, controller_of
from webapp.manifests.shapes import shape_of
from webapp.manifests.tree import Document, Scalar
from webapp.manifests.versions import address_nodes, has_finished, merged
from webapp.model.addresses import parse_address
from webapp.model.endpoint import Endpoint
from webapp.model.labels import Labels

_new = tuple.__new__  # an endpoint of all its fields, for less than half of what calling its class costs


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
        self._by_controller: dict[tuple[str, int], Members] = {}

    def add(self, document: Document) -> None:
        """A pod that is given once, or more often with the same content."""
        facts = document.facts
        if facts is None or not document.name:
            self.add_conflicting([document])
            return
        labels, ports, owner, finished, addresses, host_network, node = facts
        if owner is None:
            members = self._members_of(document, None, labels)
        else:
            key = (document.namespace, id(owner))  # pods of one owner share what tells it
            found = self._by_controller.get(key)
            if found is None:
                found = self._by_controller[key] = self._members_of(document, owner[:2], labels)
            members = found
        (members.completed if finished else members.live).append(_new(
            Endpoint, (members.namespace, members.kind, members.name, labels, ports, addresses, host_network, 1, False,
                       node, True, document.source, document.name, ())
        ))  # fmt: skip

    def add_conflicting(self, documents: AbcSequence[Document]) -> None:
        """Any pod, however odd. Given several times with different content, each content is a version of it; one that
        says nothing about addresses may have those of the others."""
        reports = self._reports
        first = documents[0]
        if not first.name:
            message = "metadata.name is missing. Kubernetes would refuse the pod; it is read without one. Name it."
            reports.add("error", "no_name", message, first, path="metadata.name")
        living = [document for document in documents if not has_finished(document)]
        judged = living or documents
        told = [self._addresses(document) for document in judged]
        known = sorted({addresses for addresses in told if addresses}) or [()]
        shapes = [shape_of(document, (), reports) for document in judged]
        members = self._members_of(first, controller_of(first), combine_labels([shape.labels for shape in shapes]))
        versions = [
            Endpoint(members.namespace, members.kind, members.name, shape.labels, shape.ports, each, shape.host_network,
                     1, False, shape.node, True, first.source, first.name)
            for shape, addresses in zip(shapes, told, strict=True)
            for each in ([addresses] if addresses else known)
        ]  # fmt: skip
        (members.live if living else members.completed).append(merged(versions))

    def _addresses(self, document: Document) -> tuple[str, ...]:
        """The addresses that status tells; those that are none are left out with a problem."""
        found = set()
        for node in address_nodes(document):
            text = node.text if isinstance(node, Scalar) else ""
            try:
                parse_address(text)
                found.add(text)
            except ValueError:
                message = f'"{shown(text)}" is not an IP address. The address of the pod is not known. Correct it.'
                self._reports.add("error", "bad_address", message, document, node, "status.podIP")
        return tuple(sorted(found))

    def _members_of(self, document: Document, controller: tuple[str, str] | None, labels: Labels) -> Members:
        namespace, kind, name = document.namespace or "default", "Pod", document.name
        if controller is not None:
            kind, name = self._owners.top(namespace, *controller, labels.known)
        key = (namespace, kind, name)
        members = self.members.get(key)
        if members is None:
            members = self.members[key] = Members(*key)
        return members
