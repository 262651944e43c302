"""The columns in which every row speaks of pods and of the addresses outside.

Columns are the classes, sorted by namespace so that a namespace is a range of bits, then the external parts.
Replicas are never expanded: a class stands for all its pods (design/engine.md, steps 1-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from webapp.engine.bits import from_indices, indices
from webapp.engine.classes import Classifier, PodClass, PortTable
from webapp.engine.demand import Demand
from webapp.engine.externals import AddressSpace
from webapp.engine.selectors import LabelIndex
from webapp.model.endpoint import Endpoint
from webapp.model.labels import Selector
from webapp.model.ports import NONE, PortName, PortSet
from webapp.model.snapshot import Snapshot

_ORDERED = {frozenset(families): families for families in ((4, 6), (4,), (6,))}
Place = tuple[int, ...]
"""Where a workload stands: its column; several, ascending, if it is given more than once with different content and
policies can tell the versions apart."""


class Columns:
    """The columns of every row, with the masks and indexes over them. ``versioned``: pods and templates that stand in
    more than one column; they are in no ``members``."""

    def __init__(self, snapshot: Snapshot, demand: Demand, space: AddressSpace) -> None:
        self.space = space
        self.host_as_node = snapshot.assumptions.host_network == "node"
        self.pod_keys = demand.pod_keys
        node_addresses = {node.name: node.addresses for node in snapshot.nodes}
        classifier = Classifier(demand, space, node_addresses, tells_nodes=demand.nodes and self.host_as_node)
        versioned = [endpoint for endpoint in _apart(snapshot) if endpoint.versions]
        if versioned:
            self.classes = classifier.classes_of(_with_versions(snapshot.endpoints, versioned))
        else:
            self.classes = classifier.classes_of(snapshot.endpoints, snapshot.stretches)
        self.versioned = _set_apart(self.classes, versioned)
        self.class_count = len(self.classes)
        self.count = self.class_count + len(space.parts)
        self.everything = (1 << self.count) - 1
        self.hosts = from_indices(i for i, c in enumerate(self.classes) if c.host_network and self.host_as_node)
        self.selectable = ((1 << self.class_count) - 1) & ~self.hosts
        self.namespace_masks = self._namespace_masks()
        self._own_masks = {name: mask & self.selectable for name, mask in self.namespace_masks.items()}
        self.pods = LabelIndex([c.labels for c in self.classes], demand.pod_keys, self.selectable)
        self._namespace_names = sorted(self.namespace_masks)
        labels = [snapshot.namespaces[name].labels for name in self._namespace_names]
        self._namespaces = LabelIndex(labels, demand.namespace_keys, (1 << len(labels)) - 1)
        self.undeclared = {name for name in self._namespace_names if not snapshot.namespaces[name].declared}
        self._in_namespaces: dict[Selector | None, tuple[int, int, bool]] = {}
        self.families = {
            family: from_indices(
                [i for i, c in enumerate(self.classes) if family in c.families]
                + [self.class_count + i for i, part in enumerate(space.parts) if family in part.families]
            )
            for family in (4, 6)
        }
        self._partitions: dict[frozenset[PortName], list[tuple[PortSet, int]]] = {}

    @cached_property
    def families_of(self) -> list[tuple[int, ...]]:
        """The address families of each column."""
        listed = [entry.families for entry in self.classes] + [part.families for part in self.space.parts]
        return [_ORDERED[families] for families in listed]

    def in_namespaces(self, selector: Selector | None) -> tuple[int, int, bool]:
        """``(certain, possible, undeclared)`` columns of the pods in the namespaces that a selector matches;
        ``undeclared``: whether a namespace without a manifest makes the difference."""
        answer = self._in_namespaces.get(selector)
        if answer is None:
            certain, possible = self._namespaces.match(selector)
            if certain == (1 << len(self._namespace_names)) - 1:
                answer = self.selectable, self.selectable, False
            else:
                doubtful = [self._namespace_names[i] for i in indices(possible & ~certain)]
                low = self._spread(certain)
                answer = low, low | self._spread(possible & ~certain), any(n in self.undeclared for n in doubtful)
            self._in_namespaces[selector] = answer
        return answer

    def own_namespace(self, namespace: str) -> int:
        return self._own_masks.get(namespace, 0)

    def resolutions(self, names: frozenset[PortName]) -> list[tuple[PortSet, int]]:
        """Disjoint groups of pods by what these port names mean on them together; pods without any are left out."""
        groups = self._partitions.get(names)
        if groups is None:
            found: dict[PortSet, int] = {}
            for table, columns in self._tables.items():
                meaning = NONE
                for name, ports in table:
                    if name in names:
                        meaning |= ports
                if meaning is not NONE:
                    found[meaning] = found.get(meaning, 0) | columns
            groups = self._partitions[names] = list(found.items())
        return groups

    @cached_property
    def _tables(self) -> dict[PortTable, int]:
        """The pods that have the same named ports. (A node has no named port.)"""
        found: dict[PortTable, list[int]] = {}
        for column, entry in enumerate(self.classes):
            if not self.hosts >> column & 1:
                found.setdefault(entry.ports, []).append(column)
        return {table: from_indices(columns) for table, columns in found.items()}

    def _spread(self, namespaces: int) -> int:
        bits = 0
        for index in indices(namespaces):
            bits |= self._own_masks[self._namespace_names[index]]
        return bits

    def _namespace_masks(self) -> dict[str, int]:
        bounds: dict[str, list[int]] = {}
        for column, entry in enumerate(self.classes):
            bounds.setdefault(entry.namespace, [column, column])[1] = column
        return {name: (1 << (last + 1)) - (1 << first) for name, (first, last) in bounds.items()}


def _apart(snapshot: Snapshot) -> Iterator[Endpoint]:
    """The endpoints outside stretches: only these can have versions."""
    done = 0
    for first, replicas in snapshot.stretches:
        if done < first:
            yield from snapshot.endpoints[done:first]
        done = first + replicas.size
    yield from snapshot.endpoints[done:]


def _with_versions(endpoints: Sequence[Endpoint], versioned: Sequence[Endpoint]) -> Sequence[Endpoint]:
    """Endpoints, each version of what is given more than once for itself."""
    plain = [endpoint for endpoint in endpoints if not endpoint.versions]
    return [*plain, *(version for endpoint in versioned for version in endpoint.versions)]


def _set_apart(classes: Sequence[PodClass], versioned: Sequence[Endpoint]) -> list[tuple[Endpoint, Place]]:
    """Replace the versions among the members of classes by what they are versions of, if they are all in one class;
    returns the others with their places."""
    if not versioned:
        return []
    columns = dict.fromkeys((id(version) for endpoint in versioned for version in endpoint.versions), -1)
    for column, entry in enumerate(classes):
        columns.update((id(member), column) for member in entry.members if id(member) in columns)
        entry.members[:] = [member for member in entry.members if id(member) not in columns]
    apart = []
    for endpoint in versioned:
        place = tuple(sorted({columns[id(version)] for version in endpoint.versions}))
        if len(place) > 1:
            apart.append((endpoint, place))
        else:
            classes[place[0]].members.append(endpoint)
    return apart
