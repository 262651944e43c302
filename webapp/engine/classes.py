"""Pods that no policy can tell apart, taken together: every step after this one is paid for by class, not by pod."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from webapp.engine.demand import Demand
from webapp.engine.externals import AddressSpace
from webapp.model.addresses import Vicinity, parse_address, vicinity_of
from webapp.model.endpoint import Endpoint, NamedPort, Stretch
from webapp.model.labels import Labels
from webapp.model.ports import NONE, PROTOCOLS, PortName, PortSet

_BOTH = frozenset((4, 6))
_SEEN = itemgetter(*map(Endpoint._fields.index, ("namespace", "labels", "ports", "addresses", "host_network", "node")))
_ORDER = itemgetter(*map(Endpoint._fields.index, ("namespace", "kind", "name", "pod_name")))

Parts = tuple[tuple[int, int], ...]
"""The (family, part) of each address, sorted."""
PortTable = tuple[tuple[PortName, PortSet], ...]


@dataclass(slots=True)
class PodClass:
    """Pods that policies treat alike: one namespace, the labels that selectors ask for, the named ports that rules
    name, the parts of the address space they live in. ``parts`` is empty if no address is known; ``node`` is told of
    hostNetwork pods only, and where rules ask for nodes."""

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


class Classifier:
    """Finds the class of each pod. ``node_addresses``: where hostNetwork pods live; ``tells_nodes``: whether rules ask
    for the nodes of these."""

    def __init__(
        self, demand: Demand, space: AddressSpace, node_addresses: Mapping[str, tuple[str, ...]], *, tells_nodes: bool
    ) -> None:
        self._keys = sorted(demand.pod_keys)
        self._names = demand.port_names
        self._node_addresses = node_addresses
        self._tells_nodes = tells_nodes
        self._places = _Places(space)
        self._tables: dict[int, PortTable] = {}
        self._distinct: dict[PortTable, PortTable] = {}
        self._classes: dict[object, PodClass] = {}

    def classes_of(self, endpoints: Sequence[Endpoint], stretches: Iterable[Stretch] = ()) -> list[PodClass]:
        """All classes, with their members, by the first of these. Of a stretch one endpoint is looked at, unless what
        policies ask for may tell its endpoints apart."""
        done = 0
        for first, (size, namespace, labels, ports, vicinities, varying) in stretches:
            told_apart = varying and not varying.isdisjoint(self._keys)
            parts = None if told_apart else self._places.common(vicinities)
            alone = first + size if parts is None else first
            if done < alone:
                self._add(endpoints[done:alone])
            done = first + size
            if parts is not None:
                self._class(namespace, labels, ports, parts, False, "").members += endpoints[first:done]
        self._add(endpoints[done:])
        return sorted(self._classes.values(), key=lambda entry: _ORDER(entry.members[0]))

    def _add(self, endpoints: Iterable[Endpoint]) -> None:
        """Endpoints that may differ in everything."""
        near = self._places.near
        members: list[Endpoint] = []
        last: object = None
        for endpoint in endpoints:
            namespace, labels, ports, addresses, host, node = _SEEN(endpoint)
            if host and not addresses:  # a hostNetwork pod lives at its node's address
                addresses = self._node_addresses.get(node, ())
            at = node if host and self._tells_nodes else ""
            parts = near.get(vicinity_of(addresses))
            if parts is None:
                parts = self._places.of(addresses)
            key = (namespace, id(labels), id(ports), id(parts), host, at)
            if key != last:  # pods of one owner stand together and share their labels and their ports
                last = key
                members = self._class(namespace, labels, ports, parts, host, at).members
            members.append(endpoint)

    def _class(
        self, namespace: str, labels: Labels, ports: tuple[NamedPort, ...], parts: Parts, host: bool, node: str
    ) -> PodClass:
        """The class of pods that differ from others perhaps, but perhaps only in what policies do not ask for."""
        table = self._tables.get(id(ports))
        if table is None:
            found = self._port_table(ports)
            table = self._tables[id(ports)] = self._distinct.setdefault(found, found)
        key = (namespace, _signature(labels, self._keys), id(table), id(parts), host, node)
        entry = self._classes.get(key)
        if entry is None:
            families = self._places.families[parts]
            entry = self._classes[key] = PodClass(namespace, labels, table, parts, families, host, [], node)
        return entry

    def _port_table(self, named: tuple[NamedPort, ...]) -> PortTable:
        table: dict[PortName, PortSet] = {}
        for port in named if self._names else ():
            key = (port.name, port.protocol)
            if key in self._names and port.protocol in PROTOCOLS:
                table[key] = table.get(key, NONE) | PortSet.single(port.protocol, port.number)
        return tuple(sorted(table.items(), key=lambda item: item[0]))


class _Places:
    """Where addresses lie. ``near``: the answers so far by vicinity, where that makes no difference. ``families``: of
    all parts that were told."""

    def __init__(self, space: AddressSpace) -> None:
        self._space = space
        self.near: dict[Vicinity, Parts] = {}
        self._distinct: dict[Parts, Parts] = {}
        self.families: dict[Parts, frozenset[int]] = {}

    def common(self, vicinities: Sequence[Vicinity]) -> Parts | None:
        """The parts of all addresses in these vicinities; None if they are not the same, or not known yet."""
        found = self.near.get(vicinities[0])
        return found if all([self.near.get(each) is found for each in vicinities[1:]]) else None  # noqa: C419

    def of(self, addresses: tuple[str, ...]) -> Parts:
        """The parts of these addresses, which are not known yet."""
        if len(addresses) == 1:
            return self._one_of(addresses[0])
        found = self.near[addresses] = self._shared({part for text in addresses for part in self._one_of(text)})
        return found

    def _one_of(self, text: str) -> Parts:
        try:
            family, value = parse_address(text)
        except ValueError:
            return self._shared(())  # the reader has reported it
        found = self._shared([(family, self._space.part_of(family, value))])
        if family == 4 and self._space.in_one_part(4, value & ~255, value | 255):
            self.near[vicinity_of((text,))] = found
        return found

    def _shared(self, parts: Iterable[tuple[int, int]]) -> Parts:
        """One object for equal parts."""
        found = tuple(sorted(parts))
        self.families.setdefault(found, frozenset([family for family, _ in found]) or _BOTH)
        return self._distinct.setdefault(found, found)


def _signature(labels: Labels, keys: list[str]) -> object:
    known = tuple(map(labels.known.get, keys))
    if not labels.unknown and not labels.open:
        return known
    return known, tuple(sorted(labels.unknown.items(), key=repr)), labels.open
