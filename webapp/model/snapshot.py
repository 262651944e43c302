"""Everything that the engine needs to know, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.model.addresses import Network
from webapp.model.assumptions import Assumptions
from webapp.model.endpoint import Endpoint, Namespace, Node, Stretch
from webapp.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a cluster as the input describes it. The order of nothing in it matters.

    `stretches`: which of the endpoints are replicas, in their order; there may be others."""

    namespaces: dict[str, Namespace]
    endpoints: tuple[Endpoint, ...]
    policies: tuple[Policy, ...]
    nodes: tuple[Node, ...] = ()
    pod_networks: tuple[Network, ...] = ()
    assumptions: Assumptions = field(default_factory=Assumptions)
    stretches: tuple[Stretch, ...] = ()
