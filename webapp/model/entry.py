"""Ways in: what publishes Services to the world outside the cluster, through a controller."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.model.source import SourceRef


@dataclass(frozen=True, slots=True)
class BackendRef:
    """Where a way in leads: a Service, and one of its ports.

    ``port``: the number or the name of a Service port; None: every port. ``by_target``: a number is that of the pods
    (a Route), not that of the Service.
    """

    namespace: str
    service: str
    port: int | str | None = None
    by_target: bool = False
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An Ingress, a Route, or a route of the Gateway API, as far as it was understood.

    ``class_name``: the IngressClass ("" if none is named). ``gateways``: (namespace, name) of the Gateways to which a
    route is attached. ``protocol``: of the traffic that it carries. ``contradicted``: it is given more than once with
    different content.
    """

    kind: str
    namespace: str
    name: str
    backends: tuple[BackendRef, ...]
    class_name: str = ""
    gateways: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    protocol: str = "TCP"
    contradicted: bool = False
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True)
class ControllerClass:
    """An IngressClass or a GatewayClass: which controller serves what names it."""

    kind: str
    name: str
    controller: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Gateway:
    """A Gateway, and the class that it names."""

    namespace: str
    name: str
    class_name: str


@dataclass(frozen=True, slots=True)
class WaysIn:
    """All of these that the input holds."""

    entries: tuple[Entry, ...] = ()
    classes: tuple[ControllerClass, ...] = ()
    gateways: tuple[Gateway, ...] = ()


NO_WAYS_IN = WaysIn()
