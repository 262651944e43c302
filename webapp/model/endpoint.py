"""What the objects of the input amount to: namespaces, pods and the templates of pods, nodes, services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from webapp.model.addresses import Vicinity
from webapp.model.entry import NO_WAYS_IN, WaysIn
from webapp.model.labels import Labels
from webapp.model.service import Service, ServiceAddresses
from webapp.model.source import SourceRef


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace; `declared` is False where it is only used. Its labels hold `kubernetes.io/metadata.name` always."""

    name: str
    labels: Labels
    declared: bool
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True, order=True)
class NamedPort:
    """A container port, and its name or "". One name may stand for several (protocol, number) pairs (spec §1.3)."""

    name: str
    protocol: str
    number: int


class Endpoint(NamedTuple):
    """One live pod, or one template of a workload. (A named tuple: clusters have 100,000 of them.)

    `kind` and `name` are those of the top owner that can be known, `pod_name` that of the pod itself ("" for a
    template). `ports` are those that it declares, in the order of the containers. `pods` is how many pods it stands
    for (0: scaled to zero, suspended or completed), `may_have_more` whether there may be others (a DaemonSet).
    `addresses` are known pod addresses.
    `versions`: of an object that is given more than once with different content, all that it may be, each an endpoint
    without versions; labels are then those on which they agree, ports and addresses all that it may have.
    """

    namespace: str
    kind: str
    name: str
    labels: Labels
    ports: tuple[NamedPort, ...] = ()
    addresses: tuple[str, ...] = ()
    host_network: bool = False
    pods: int = 1
    may_have_more: bool = False
    node: str = ""
    live: bool = False
    source: SourceRef | None = None
    pod_name: str = ""
    versions: tuple[Endpoint, ...] = ()

    @property
    def workload_id(self) -> str:
        """The id of the contract, without the number of a variant."""
        return f"{self.namespace}/{self.kind}/{self.name}"


class Replicas(NamedTuple):
    """What live pods of one owner have in common: `namespace`, `ports`, and `labels` but for the `varying` ones. They
    have no versions, and do not use the network of their node. `vicinities`: of the addresses of each (see
    `vicinity_of`)."""

    size: int
    namespace: str
    labels: Labels
    ports: tuple[NamedPort, ...]
    vicinities: tuple[Vicinity, ...]
    varying: frozenset[str]


Stretch = tuple[int, Replicas]
"""Replicas that stand next to each other among endpoints, and the number of the first."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the cluster, as far as policies care. `address_versions`: what its addresses may be, where the node is
    given more than once and the statuses differ; `addresses` are then all of them."""

    name: str
    labels: Labels
    addresses: tuple[str, ...] = ()
    pod_cidrs: tuple[str, ...] = ()
    source: SourceRef | None = None
    address_versions: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that the input holds besides policies, in an order that does not depend on the order of the input."""

    namespaces: dict[str, Namespace]
    endpoints: tuple[Endpoint, ...]
    nodes: tuple[Node, ...] = ()
    pod_cidrs: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    service_addresses: tuple[ServiceAddresses, ...] = ()
    ways_in: WaysIn = NO_WAYS_IN
    stretches: tuple[Stretch, ...] = ()
