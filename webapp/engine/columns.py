"""Classes of pods that no policy can tell apart, and the columns in which every row speaks of them.

Columns are the classes, sorted by namespace so that a namespace is a range of bits, then the external parts.
Replicas are never expanded: a class stands for all its pods (design/engine.md, steps 1-3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.engine.bits import from_indices, indices
from webapp.engine.externals import AddressSpace
from webapp.engine.selectors import LabelIndex
from webapp.model.addresses import parse_address
from webapp.model.endpoint import Endpoint, NamedPort
from webapp.model.labels import Labels, Requirement, Selector
from webapp.model.policy import Policy
from webapp.model.ports import NONE, PROTOCOLS, PortName, PortSet
from webapp.model.snapshot import Snapshot

_BOTH = frozenset((4, 6))
_ORDERED = {families: tuple(sorted(families)) for families in (_BOTH, frozenset((4,)), frozenset((6,)))}
Parts = tuple[tuple[int, int], ...]
PortTable = tuple[tuple[PortName, PortSet], ...]
Place = tuple[int, ...]
"""Where a workload stands: its column; several, ascending, if it is given more than once with different content and
policies can tell the versions apart."""


@dataclass(slots=True)
class PodClass:
    """Pods that policies treat alike: one namespace, the labels that selectors ask for, the named ports that rules
    name, the parts of the address space they live in. ``parts`` (family, part) is empty if no address is known;
    ``node`` is told of hostNetwork pods only, and where rules ask for nodes."""

    namespace: str
    labels: Labels
    ports: PortTable
    parts: Parts
    families: frozenset[int]
    host_network: bool
    members: list[Endpoint]
    node: str = ""

    @property
    def resolution(self) -> dict[PortName, PortSet]:
        """What each port name that rules use means on these pods."""
        return dict(self.ports)


@dataclass(frozen=True, slots=True)
class Demand:
    """What policies ask for: label keys (with the values that they mention), port names, whether for nodes; all else
    cannot tell pods apart."""

    pod_values: dict[str, set[str]]
    namespace_keys: frozenset[str]
    port_names: frozenset[PortName]
    nodes: bool = False

    @property
    def pod_keys(self) -> frozenset[str]:
        return frozenset(self.pod_values)


def demand_of(policies: Iterable[Policy]) -> Demand:
    """One pass over all policies (engine.md, step 1)."""
    pods: dict[int, Selector | None] = {}
    namespaces: dict[int, Selector | None] = {}
    names: set[PortName] = set()
    nodes = False
    for policy in policies:
        subject = policy.subject
        pods[id(subject.pods)] = subject.pods
        namespaces[id(subject.namespaces)] = subject.namespaces
        for rules in policy.rules.values():
            for rule in rules:
                names |= rule.ports.names
                for peer in rule.peers or ():
                    pods[id(peer.pods)] = peer.pods
                    namespaces[id(peer.namespaces)] = peer.namespaces
                    nodes = nodes or peer.nodes is not None
    values: dict[str, set[str]] = {}
    for requirement in _requirements(pods.values()):
        values.setdefault(requirement.key, set()).update(requirement.values)
    keys = frozenset(requirement.key for requirement in _requirements(namespaces.values()))
    return Demand(values, keys, frozenset(names), nodes)


def _requirements(selectors: Iterable[Selector | None]) -> Iterator[Requirement]:
    for selector in selectors:
        yield from selector.requirements if selector is not None else ()


class Columns:
    """The columns of every row, with the masks and indexes over them. ``versioned``: pods and templates that stand in
    more than one column; they are in no ``members``."""

    def __init__(self, snapshot: Snapshot, demand: Demand, space: AddressSpace) -> None:
        self.space = space
        self.host_as_node = snapshot.assumptions.host_network == "node"
        self._node_addresses = {node.name: node.addresses for node in snapshot.nodes}
        self.pod_keys = demand.pod_keys
        self._names = demand.port_names
        self._tells_nodes = demand.nodes and self.host_as_node
        self.classes = self._classify(_with_versions(snapshot.endpoints), sorted(demand.pod_keys))
        self.versioned = _set_apart(self.classes, snapshot.endpoints)
        self.class_count = len(self.classes)
        self.count = self.class_count + len(space.parts)
        self.everything = (1 << self.count) - 1
        self.hosts = from_indices(i for i, c in enumerate(self.classes) if c.host_network and self.host_as_node)
        self.selectable = ((1 << self.class_count) - 1) & ~self.hosts
        self.namespace_masks = self._namespace_masks()
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
        return self.namespace_masks.get(namespace, 0) & self.selectable

    def resolutions(self, names: frozenset[PortName]) -> list[tuple[PortSet, int]]:
        """Disjoint groups of pods by what these port names mean on them together; pods without any are left out."""
        groups = self._partitions.get(names)
        if groups is None:
            found: dict[PortSet, list[int]] = {}
            for column, entry in enumerate(self.classes):
                meaning = NONE
                for name, ports in entry.ports:
                    if name in names:
                        meaning |= ports
                if meaning is not NONE and not self.hosts >> column & 1:  # a node has no named port
                    found.setdefault(meaning, []).append(column)
            groups = self._partitions[names] = [(ports, from_indices(cols)) for ports, cols in found.items()]
        return groups

    def _spread(self, namespaces: int) -> int:
        bits = 0
        for index in indices(namespaces):
            bits |= self.namespace_masks[self._namespace_names[index]]
        return bits & self.selectable

    def _namespace_masks(self) -> dict[str, int]:
        bounds: dict[str, list[int]] = {}
        for column, entry in enumerate(self.classes):
            bounds.setdefault(entry.namespace, [column, column])[1] = column
        return {name: (1 << (last + 1)) - (1 << first) for name, (first, last) in bounds.items()}

    def _classify(self, endpoints: Iterable[Endpoint], keys: list[str]) -> list[PodClass]:
        classes: dict[object, PodClass] = {}
        shapes: dict[tuple[int, int], int] = {}  # pods of one owner share their labels and their ports
        numbers: dict[object, int] = {}
        tables: dict[int, PortTable] = {}
        places = _Places(self.space)
        for endpoint in endpoints:
            namespace, _, _, labels, named, addresses, host, _, _, node = endpoint[:10]
            shape = shapes.get((id(labels), id(named)))
            if shape is None:
                table = tables.get(id(named))
                if table is None:
                    table = tables[id(named)] = self._port_table(named)
                alike = (_signature(labels, keys), table)
                shape = shapes[id(labels), id(named)] = numbers.setdefault(alike, len(numbers))
            if host and not addresses:  # a hostNetwork pod lives at its node's address
                addresses = self._node_addresses.get(node, ())
            at = node if host and self._tells_nodes else ""
            parts = places.of(addresses) if addresses else ()
            key = (namespace, shape, parts, host, at)
            entry = classes.get(key)
            if entry is None:
                families = frozenset([family for family, _ in parts]) or _BOTH
                table = tables[id(named)]
                classes[key] = PodClass(namespace, labels, table, parts, families, host, [endpoint], at)
            else:
                entry.members.append(endpoint)
        return sorted(classes.values(), key=_class_order)

    def _port_table(self, named: tuple[NamedPort, ...]) -> PortTable:
        table: dict[PortName, PortSet] = {}
        for port in named if self._names else ():
            key = (port.name, port.protocol)
            if key in self._names and port.protocol in PROTOCOLS:
                table[key] = table.get(key, NONE) | PortSet.single(port.protocol, port.number)
        return tuple(sorted(table.items(), key=lambda item: item[0]))


class _Places:
    """Where addresses lie: asked once for each pod, so those that differ in their last byte only are looked up once."""

    def __init__(self, space: AddressSpace) -> None:
        self._space = space
        self._near: dict[str, Parts] = {}
        self._one: dict[tuple[int, int], Parts] = {}

    def of(self, addresses: tuple[str, ...]) -> Parts:
        """The (family, part) of each address, sorted."""
        if len(addresses) > 1:
            return tuple(sorted({part for text in addresses for part in self._one_of(text)}))
        (text,) = addresses
        found = self._near.get(text.rpartition(".")[0])
        return self._one_of(text) if found is None else found

    def _one_of(self, text: str) -> Parts:
        try:
            family, value = parse_address(text)
        except ValueError:
            return ()  # the reader has reported it
        part = self._space.part_of(family, value)
        found = self._one.setdefault((family, part), ((family, part),))
        if family == 4 and self._space.in_one_part(4, value & ~255, value | 255):
            self._near[text.rpartition(".")[0]] = found
        return found


def _with_versions(endpoints: Sequence[Endpoint]) -> Sequence[Endpoint]:
    """Endpoints, each version of what is given more than once for itself."""
    versioned = [endpoint for endpoint in endpoints if endpoint.versions]
    if not versioned:
        return endpoints
    plain = [endpoint for endpoint in endpoints if not endpoint.versions]
    return [*plain, *(version for endpoint in versioned for version in endpoint.versions)]


def _set_apart(classes: Sequence[PodClass], endpoints: Sequence[Endpoint]) -> list[tuple[Endpoint, Place]]:
    """Replace the versions among the members of classes by what they are versions of, if they are all in one class;
    returns the others with their places."""
    versioned = [endpoint for endpoint in endpoints if endpoint.versions]
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


def _signature(labels: Labels, keys: list[str]) -> object:
    known = tuple(map(labels.known.get, keys))
    if not labels.unknown and not labels.open:
        return known
    return known, tuple(sorted(labels.unknown.items(), key=repr)), labels.open


def _class_order(entry: PodClass) -> tuple[str, str, str, str]:
    first = entry.members[0]
    return first.namespace, first.kind, first.name, first.pod_name
