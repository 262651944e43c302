"""Live pods become endpoints, folded into the workloads that made them."""

from __future__ import annotations

from collections.abc import Sequence as AbcSequence
from typing import NamedTuple

from webapp.manifests.digest import Owner
from webapp.manifests.fields import Reports, combine_labels, shown
from webapp.manifests.owners import Owners, WorkloadKey, controller_of
from webapp.manifests.replicas import Group
from webapp.manifests.shapes import shape_of
from webapp.manifests.tree import Document, Scalar
from webapp.manifests.versions import address_nodes, has_finished, merged
from webapp.model.addresses import parse_address
from webapp.model.endpoint import Endpoint, Replicas
from webapp.model.labels import Labels


class Members(NamedTuple):
    """The pods of one workload: those that live, and those that have completed and are no endpoints any more."""

    key: WorkloadKey
    live: list[Endpoint]
    completed: list[Endpoint]


class Pods:
    """All pods of the input, by workload: either `replicas`, where they are nothing else, or `members`."""

    def __init__(self, owners: Owners, reports: Reports) -> None:
        self.replicas: dict[WorkloadKey, tuple[list[Endpoint], Replicas]] = {}
        self.members: dict[WorkloadKey, Members] = {}
        self._owners = owners
        self._reports = reports
        self._by_owner: dict[int, tuple[Members, bool]] = {}

    def add(self, document: Document) -> None:
        """A pod that is given once, or more often with the same content."""
        facts = document.facts
        if facts is None or not document.name:
            self.add_conflicting([document])
            return
        endpoint, owner, finished, _ = facts
        members, is_other = self._by_owner.get(id(owner)) or self._of_first(endpoint, owner)
        if is_other:
            _, kind, name = members.key
            endpoint = endpoint._replace(kind=kind, name=name)
        (members.completed if finished else members.live).append(endpoint)

    def add_replicas(self, group: Group) -> None:
        """Pods that are given once. All other pods come first."""
        told, owner, _, endpoints, replicas = group
        key = self._top(told, owner, endpoints)
        if key != told:
            endpoints = [endpoint._replace(kind=key[1], name=key[2]) for endpoint in endpoints]
        if key in self.members:
            self.members[key].live.extend(endpoints)
        elif key in self.replicas:
            before, _ = self.replicas.pop(key)
            self._members(key).live.extend([*before, *endpoints])
        else:
            self.replicas[key] = endpoints, replicas

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
        key = self._key_of(first, combine_labels([shape.labels for shape in shapes]))
        members = self._members(key)
        versions = [
            Endpoint(*key, shape.labels, shape.ports, each, shape.host_network,
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

    def _of_first(self, endpoint: Endpoint, owner: Owner | None) -> tuple[Members, bool]:
        """The workload of the first pod of an owner, and whether it is another one than the pod alone seems to tell.
        All its pods share what tells it."""
        if owner is None:
            return self._members(endpoint[:3]), False
        key = self._top(endpoint[:3], owner, [endpoint])
        found = self._by_owner[id(owner)] = self._members(key), key != endpoint[:3]
        return found

    def _top(self, told: WorkloadKey, owner: Owner, endpoints: AbcSequence[Endpoint]) -> WorkloadKey:
        """The workload of the pods of an owner by all that the input holds. `told`: by the pods alone."""
        namespace, _, _ = told
        if not self._owners.are_in(namespace):
            return told
        return namespace, *self._owners.top(namespace, owner.kind, owner.name, endpoints[0].labels.known)

    def _key_of(self, document: Document, labels: Labels) -> WorkloadKey:
        namespace, controller = document.namespace or "default", controller_of(document)
        if controller is None:
            return namespace, "Pod", document.name
        return namespace, *self._owners.top(namespace, *controller, labels.known)

    def _members(self, key: WorkloadKey) -> Members:
        members = self.members.get(key)
        if members is None:
            members = self.members[key] = Members(key, [], [])
        return members
