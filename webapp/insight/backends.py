"""Where a Service leads: its backends and target ports, and whether each lets a source in (spec §§1.3, 4.5).

A policy sees the pod behind the Service and the target port; the Service itself is never an end of a connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from webapp.analysis import Analysis
from webapp.errors import InputError
from webapp.insight.shapes import Shape, shapes_of
from webapp.model.addresses import address_text, parse_address
from webapp.model.labels import Match, Requirement, Selector
from webapp.model.service import Service, ServicePort

NO_BACKEND = "no_backend"
NO_ENDPOINTS = "no_endpoints"
NO_SERVICE_PORT = "no_service_port"
NAMES_TARGET_PORT = "names_target_port"
TARGET_PORT_ABSENT = "target_port_absent"
EXTERNAL_NAME = "external_name"
_MOST_ALIASES = 8
_CLUSTER_SUFFIXES = (".svc.cluster.local", ".svc")


@dataclass(frozen=True, slots=True)
class Backend:
    """``destination``: the id of a workload or of an external part; ``port`` is the one on it. ``doubt``: the reason
    code why it may be none. ``family``: of an address that is no pod's."""

    destination: str
    port: int
    doubt: str = ""
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Leading:
    """Where one port of a Service leads. ``failure``: the reason code why it leads nowhere, or is not known to.

    Where nothing is translated and no port was asked for, the number of ``port`` is 0: every port.
    """

    port: ServicePort
    backends: tuple[Backend, ...] = ()
    failure: str = ""


class Services:
    """The Services of an input, resolved against the pods of its analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._services = {(each.namespace, each.name): each for each in analysis.inventory.services}
        self._found: dict[tuple[str, str], list[tuple[Shape, str]]] = {}

    def find(self, namespace: str, name: str) -> Service | None:
        """The Service of that name; an ExternalName that stands for another Service is that one."""
        service = self._services.get((namespace, name))
        for _ in range(_MOST_ALIASES):
            if service is None or service.type != "ExternalName":
                break
            host = service.external_name
            suffix = next((each for each in _CLUSTER_SUFFIXES if host.endswith(each)), "")
            parts = host.removesuffix(suffix).split(".")
            if not suffix or len(parts) != 2 or (parts[1], parts[0]) not in self._services:
                break
            service = self._services[parts[1], parts[0]]
        return service

    def named(self, namespace: str, name: str) -> Service:
        """The same, for what a person wrote; InputError lists the candidates."""
        service = self.find(namespace, name)
        if service is not None:
            return service
        near = sorted(each.id for each in self._services.values() if each.name == name or each.namespace == namespace)
        known = near or sorted(each.id for each in self._services.values())
        listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
        hint = f"Known are: {listed}." if known else "The input holds no Service."
        raise InputError(f'"svc/{namespace}/{name}" is not a Service of the input. {hint}')

    def leading(self, service: Service, port: int | str | None = None, protocol: str | None = None) -> list[Leading]:
        """Where the Service leads, for each port that is asked for: by its number or name, or (None) every one.

        A number that several protocols have means TCP unless ``protocol`` says otherwise.
        """
        given = port if isinstance(port, int) else 0
        if service.type == "ExternalName":
            return [Leading(ServicePort("", protocol or "TCP", given, given), failure=EXTERNAL_NAME)]
        if service.headless and (given or not service.ports):  # clients dial the pods: nothing is translated
            return [self._lead(service, ServicePort("", protocol or "TCP", given, given))]
        ports = self._ports(service, port, protocol)
        if ports:
            return [self._lead(service, each) for each in ports]
        missing = ServicePort(str(port or ""), protocol or "TCP", given, None)
        named = bool(port and (any(port == each.target for each in service.ports) or self.by_target(service, given)))
        return [Leading(missing, failure=NAMES_TARGET_PORT if named else NO_SERVICE_PORT)]

    @staticmethod
    def _ports(service: Service, port: int | str | None, protocol: str | None) -> list[ServicePort]:
        found = [p for p in service.ports if port is None or port in (p.number, p.name or None)]
        if protocol is not None:
            return [each for each in found if each.protocol == protocol]
        if port is None or len(found) <= 1:
            return found
        return [each for each in found if each.protocol == "TCP"] or found[:1]

    def published(self, service: Service, port: int | str | None, protocol: str, *, by_target: bool) -> list[Leading]:
        """The same for a port as a way in names it; ``by_target``: a number is that of the pods."""
        if not by_target or not isinstance(port, int):
            return self.leading(service, port, protocol)
        ports = [each for each in self.by_target(service, port) if each.protocol == protocol]
        if not ports:
            return [Leading(ServicePort(str(port), protocol, port, None), failure=NO_SERVICE_PORT)]
        return [self._lead(service, each) for each in ports]

    def by_target(self, service: Service, number: int) -> list[ServicePort]:
        """The ports of a Service that lead to this port of some pod."""
        if service.headless:
            return [ServicePort("", "TCP", number, number)]
        return [
            port for port in service.ports if any(each.port == number for each in self._lead(service, port).backends)
        ]

    # ---- pods behind a selector -----------------------------------------------------------------------------

    def _lead(self, service: Service, port: ServicePort) -> Leading:
        if service.selector is None:
            return self._by_addresses(service, port)
        selected = self._selected(service)
        if not selected:
            return Leading(port, failure=NO_BACKEND)
        found: dict[tuple[str, int], str] = {}
        for shape, doubt in selected:
            for number, unsure in shape.resolve(port):
                key = (shape.workload, number)
                found[key] = found.get(key, doubt or unsure) and (doubt or unsure)  # one that surely is one is enough
        why = "duplicate_object" if service.contradicted else ""
        backends = tuple(Backend(name, number, why or found[name, number]) for name, number in sorted(found))
        return Leading(port, backends, "" if backends else TARGET_PORT_ABSENT)

    def _selected(self, service: Service) -> list[tuple[Shape, str]]:
        """The pods that the selector matches, or may match; those that run, if any does."""
        key = (service.namespace, service.name)
        found = self._found.get(key)
        if found is None:
            assert service.selector is not None
            wanted = Selector(tuple(Requirement(k, "In", (v,)) for k, v in sorted(service.selector.items())))
            matches = [(each, *each.match(wanted)) for each in self._shapes.get(service.namespace, ())]
            pairs = [(shape, doubt) for shape, match, doubt in matches if match is not Match.NO]
            running = [pair for pair in pairs if pair[0].pods]
            found = self._found[key] = running or pairs
        return found

    @cached_property
    def _shapes(self) -> dict[str, list[Shape]]:
        return shapes_of(self._analysis)

    # ---- addresses behind a Service without one -------------------------------------------------------------

    def _by_addresses(self, service: Service, port: ServicePort) -> Leading:
        slices = [each for each in self._analysis.inventory.service_addresses
                  if (each.namespace, each.service) == (service.namespace, service.name)]  # fmt: skip
        if not slices:
            return Leading(port, failure=NO_ENDPOINTS)
        found = {
            backend
            for each in slices
            for name, protocol, number in each.ports
            if protocol == port.protocol and (name == port.name or len(service.ports) == 1)
            for address, pod in each.addresses
            for backend in self._at(each.namespace, address, pod, number)
        }
        order = sorted(found, key=lambda backend: (backend.destination, backend.port))
        return Leading(port, tuple(order), "" if order else NO_BACKEND)

    def _at(self, namespace: str, address: str, pod: str, number: int) -> Iterator[Backend]:
        known = self._pods_by_address.get(address) or self._pods_by_name.get((namespace, pod))
        if known is not None:
            yield Backend(known, number)
            return
        named = self._analysis.resolve_peer(address_text(*parse_address(address)))
        for part in named.ids:
            yield Backend(part, number, family=named.family)

    @cached_property
    def _pods_by_address(self) -> dict[str, str]:
        return {address: name for name, members in self._analysis.members.items()
                for member in members if not member.host_network for address in member.addresses}  # fmt: skip

    @cached_property
    def _pods_by_name(self) -> dict[tuple[str, str], str]:
        return {(member.namespace, member.pod_name): name for name, members in self._analysis.members.items()
                for member in members if member.pod_name}  # fmt: skip
