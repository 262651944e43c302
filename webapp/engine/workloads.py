"""From classes back to workloads: who stands in which column, and where pods of one owner become variants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.engine.columns import Columns, Place
from webapp.engine.rows import Rows
from webapp.model.endpoint import Endpoint
from webapp.model.policy import Direction
from webapp.model.source import SourceRef

_RUN_TIME_LABELS = frozenset({
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index", "batch.kubernetes.io/controller-uid", "controller-uid", "job-name",
    "batch.kubernetes.io/job-name", "batch.kubernetes.io/job-completion-index", "rollouts-pod-template-hash",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload, or one variant of it (``id`` then ends with ``#1``, ``#2``, …).

    ``pods``: how many pods it stands for (0: scaled to zero, suspended or completed). ``reaches_itself``: it has, or
    may have, more than one pod. ``place``: its column in every row, or several (see `Place`); ``places``: of all its
    pods, which rows and rules treat alike.
    """

    id: str
    namespace: str
    kind: str
    name: str
    labels: dict[str, str]
    pods: int
    host_network: bool
    isolated_ingress: bool
    isolated_egress: bool
    reaches_itself: bool
    place: Place
    ports: tuple[tuple[str, str, int], ...]
    addresses: tuple[str, ...]
    source: SourceRef | None
    places: tuple[Place, ...] = ()

    @property
    def owner_id(self) -> str:
        """The id without the number of the variant."""
        return f"{self.namespace}/{self.kind}/{self.name}"


def workloads_of(columns: Columns, rows: Rows) -> tuple[Workload, ...]:
    """All workloads, sorted by id; pods of one owner that policies can tell apart are variants of it."""
    owners: dict[tuple[str, str, str], dict[Place, list[Endpoint]]] = {}
    for member, place in standing(columns):
        owner = (member.namespace, member.kind, member.name)
        by_place = owners.get(owner)
        if by_place is None:
            owners[owner] = {place: [member]}
        elif place in by_place:
            by_place[place].append(member)
        else:
            by_place[place] = [member]
    tell_apart = _Signatures(columns, rows)
    found = []
    for (namespace, kind, name), by_place in owners.items():
        base = f"{namespace}/{kind}/{name}"
        if len(by_place) == 1:
            ((place, members),) = by_place.items()
            found.append(_workload(base, members, (place,), rows))
            continue
        groups = tell_apart.groups(by_place)
        for number, group in enumerate(groups, 1):
            identity = f"{base}#{number}" if len(groups) > 1 else base
            members = [member for _, listed in group for member in listed]
            found.append(_workload(identity, members, tuple(sorted(place for place, _ in group)), rows))
    return tuple(sorted(found, key=lambda workload: workload.id))


def standing(columns: Columns) -> Iterator[tuple[Endpoint, Place]]:
    """Every endpoint with its place."""
    for column, entry in enumerate(columns.classes):
        place = (column,)
        for member in entry.members:
            yield member, place
    yield from columns.versioned


def _workload(identity: str, members: list[Endpoint], places: tuple[Place, ...], rows: Rows) -> Workload:
    place = places[0]
    first = members[0] if len(members) == 1 else min(members, key=_pod_name)
    pods, labels = first.pods, first.labels.known
    addresses = first.addresses
    if len(members) > 1:
        pods = sum([member.pods for member in members])
        for shared in {id(member.labels): member.labels.known for member in members}.values():
            if shared is not labels:
                labels = {key: value for key, value in labels.items() if shared.get(key) == value}
        addresses = tuple(sorted({address for member in members for address in member.addresses}))
    return Workload(
        identity, first.namespace, first.kind, first.name,
        {key: labels[key] for key in sorted(labels) if key not in _RUN_TIME_LABELS}, pods, first.host_network,
        all(rows.of[Direction.INGRESS][column].isolated for column in place),
        all(rows.of[Direction.EGRESS][column].isolated for column in place),
        pods > 1 or any(member.may_have_more for member in members), place, _named_ports(members),
        addresses, first.source, places,
    )  # fmt: skip


def _pod_name(member: Endpoint) -> str:
    return member.pod_name


def _named_ports(members: list[Endpoint]) -> tuple[tuple[str, str, int], ...]:
    distinct = {id(member.ports): member.ports for member in members if member.ports}
    if not distinct:
        return ()
    named = {(port.name, port.protocol, port.number) for ports in distinct.values() for port in ports if port.name}
    return tuple(sorted(named))


class _Signatures:
    """What distinguishes a class for the policies of the input: its rows, and which rules' peers hold it."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows
        self._covers: list[tuple[int, frozenset[tuple[str, str]]]] | None = None

    def groups(self, by_place: dict[Place, list[Endpoint]]) -> list[list[tuple[Place, list[Endpoint]]]]:
        """Places of one owner, alike ones joined, in the contract's order of variants."""
        found: dict[object, list[tuple[Place, list[Endpoint]]]] = {}
        for place, members in by_place.items():
            found.setdefault(frozenset(map(self._signature, place)), []).append((place, members))
        groups = list(found.values())
        keys = sorted(
            {key for members in by_place.values() for key in members[0].labels.known} & self._columns.pod_keys
        )
        return sorted(groups, key=lambda group: min(_order(place, keys, members) for place, members in group))

    def _signature(self, column: int) -> object:
        entry = self._columns.classes[column]
        held = []
        for number, (bits, names) in enumerate(self._all_covers()):
            if bits >> column & 1:
                meaning = frozenset(item for item in entry.ports if item[0] in names) if names else None
                held.append((number, meaning))
        rows = [id(self._rows.of[direction][column]) for direction in Direction]
        return tuple(rows), tuple(held), entry.families, entry.host_network

    def _all_covers(self) -> list[tuple[int, frozenset[tuple[str, str]]]]:
        if self._covers is None:
            distinct: dict[tuple[int, frozenset[tuple[str, str]]], None] = {}
            for compiled in self._rows.policies:
                for direction, grants in compiled.grants.items():
                    for grant in grants:
                        names = grant.rule.ports.names if direction is Direction.EGRESS else frozenset()
                        for bits in {*grant.cover.low, *grant.cover.high}:
                            distinct[bits, names] = None
            self._covers = list(distinct)
        return self._covers


def _order(place: Place, keys: list[str], members: list[Endpoint]) -> tuple[object, ...]:
    first = members[0]
    known = first.labels.known
    labels = tuple((key in known, known.get(key, "")) for key in keys)
    ports = tuple(sorted((p.name, p.protocol, p.number) for p in first.ports))
    addresses = min(tuple(sorted(m.addresses)) for m in members)
    return labels, ports, addresses, first.host_network, min(m.pod_name for m in members), place
