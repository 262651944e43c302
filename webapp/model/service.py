"""Services, and the addresses that stand behind those that select no pods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from webapp.model.source import SourceRef


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port of a Service. `target` is what it leads to on the pod: a number, a name, or None for the same number.
    `node_port`: the port of every node that leads here too, if it is known."""

    name: str
    protocol: str
    number: int
    target: int | str | None
    node_port: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A Service, as far as it was understood.

    `selector` None means that it selects nothing by itself. `ranges`: the source ranges of a load balancer (none: any).
    `local`: traffic from outside keeps its source address (externalTrafficPolicy). `contradicted`: it is given more
    than once with different content. `family`: 4 or 6 if it has addresses of one family only, None if it has both or
    does not say.
    """

    namespace: str
    name: str
    selector: Mapping[str, str] | None
    ports: tuple[ServicePort, ...] = ()
    type: str = "ClusterIP"
    headless: bool = False
    source: SourceRef | None = None
    external_name: str = ""
    external_ips: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    local: bool = False
    contradicted: bool = False
    family: int | None = None

    @property
    def id(self) -> str:
        """How the contract names it."""
        return f"svc/{self.namespace}/{self.name}"


class Mention(NamedTuple):
    """A Service that is named in the environment of a container, and the port if it says one."""

    namespace: str
    service: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceAddresses:
    """What an EndpointSlice or an Endpoints object says of a Service: addresses, each with the pod that has it (""
    if none is named), and ports as (name, protocol, number)."""

    namespace: str
    service: str
    addresses: tuple[tuple[str, str], ...]
    ports: tuple[tuple[str, str, int], ...]
