"""Ways in: which workloads are published to the world outside, through whom, and whether policies let that traffic in.

An Ingress or a route is carried by a controller, whose pods are the source; NodePorts and load balancers lead to the
pods straight from outside (spec §4.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.analysis import Analysis
from webapp.insight.absent import beside
from webapp.insight.backends import EXTERNAL_NAME, NO_ENDPOINTS, Leading, Services
from webapp.insight.controllers import Carriers, Controllers
from webapp.model.entry import BackendRef, Entry
from webapp.model.policy import Policy
from webapp.model.ports import NONE, PROTOCOLS, PortSet
from webapp.model.service import Service
from webapp.model.source import SourceRef
from webapp.model.verdict import Side, Trace, Verdict

OUTSIDE = ("internet", "internet-v6")
_SURE_OF_NOTHING = ("controller_unknown", "controller_outside")


@dataclass(frozen=True, slots=True)
class Way:
    """One way in to one workload, or to nothing.

    ``through``: ``controller``, ``node_port``, ``load_balancer`` or ``external_ip``. ``via``: the ids of the
    controller's workloads, None if there is no controller or it is not known; ``known_by`` how it is. ``workload`` is
    '' where the way is broken. ``ports`` are those of the pods; ``allowed`` and ``unknown`` the part of them that
    policies let in, or may. ``reason``: why not all are let in, or why the way leads nowhere. ``policies`` are those
    that keep it out.
    """

    kind: str
    namespace: str
    name: str
    through: str
    service: str
    source: SourceRef | None
    hosts: tuple[str, ...] = ()
    via: tuple[str, ...] | None = None
    known_by: str = ""
    workload: str = ""
    ports: PortSet = NONE
    allowed: PortSet = NONE
    unknown: PortSet = NONE
    reason: str = ""
    policies: tuple[Policy, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """``allowed`` (every port), ``partial`` (some), ``unknown`` (none, some may be) or ``blocked``."""
        if self.ports is not NONE and self.allowed is self.ports:
            return "allowed"
        if self.allowed is not NONE:
            return "partial"
        return "blocked" if self.unknown is NONE else "unknown"

    def sort_key(self) -> tuple[str, ...]:
        return self.kind, self.namespace, self.name, self.service, self.workload, self.through, self.reason


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A workload that the internet may reach although nothing publishes it. ``isolated``: a policy isolates it, so it
    is a rule that lets the internet in; else nothing keeps it out."""

    workload: str
    ports: PortSet
    isolated: bool


@dataclass(frozen=True, slots=True)
class WaysIn:
    """All ways in, sorted, and what is open without one."""

    ways: tuple[Way, ...]
    unpublished: tuple[Unpublished, ...]


def ways_in(analysis: Analysis) -> WaysIn:
    """Every way in that the input publishes, read once; InputError if a chosen controller cannot be understood."""
    found = analysis.kept.get(WaysIn)
    if found is None:
        found = analysis.kept[WaysIn] = _read(analysis)
    assert isinstance(found, WaysIn)
    return found


def _read(analysis: Analysis) -> WaysIn:
    ways = tuple(sorted(_Reading(analysis).ways(), key=Way.sort_key))
    published = {way.workload for way in ways}
    unpublished = []
    for workload in analysis.workloads:
        if workload.id in published or workload.host_network:
            continue
        ports = _open_to(analysis, workload.id)
        if ports is not NONE:
            unpublished.append(Unpublished(workload.id, ports, workload.isolated_ingress))
    return WaysIn(ways, tuple(unpublished))


def _open_to(analysis: Analysis, workload: str) -> PortSet:
    """The ports of a workload that the internet may reach for certain."""
    ports = NONE
    for part in analysis.externals:
        if part.id in OUTSIDE:
            ports |= analysis.ports(part.id, workload)[0]
    return ports


Makes = Callable[..., Way]


class _Reading:
    """The ways in of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._services = Services(analysis)
        self._internet = tuple(part.id for part in analysis.externals if part.id in OUTSIDE)

    @cached_property
    def _controllers(self) -> Controllers:
        return Controllers(self._analysis)

    @cached_property
    def _beside(self) -> Analysis:
        return beside(self._analysis)

    def ways(self) -> Iterator[Way]:
        for entry in self._analysis.inventory.ways_in.entries:
            carriers = self._controllers.of(entry)
            services = {(ref.namespace, ref.service): None for ref in entry.backends}
            for place in services:
                refs = [ref for ref in entry.backends if (ref.namespace, ref.service) == place]
                yield from self._carried(entry, carriers, refs)
        for service in self._analysis.inventory.services:
            through = _published_as(service)
            if through and service.type != "ExternalName":
                yield from self._straight(service, through)

    # ---- through a controller -------------------------------------------------------------------------------

    def _carried(self, entry: Entry, carriers: Carriers, refs: Sequence[BackendRef]) -> Iterator[Way]:
        """The ways through one object to one Service."""
        namespace, name = refs[0].namespace, refs[0].service
        place = refs[0].source or entry.source
        head = (entry.kind, entry.namespace, entry.name, "controller", f"svc/{namespace}/{name}", place)
        via = carriers.pods or None
        notes: tuple[str, ...] = ("reference_grant",) if namespace != entry.namespace else ()
        notes += ("controller_absent",) if carriers.absent == "controller_absent" else ()

        def make(**more: object) -> Way:
            return Way(*head, entry.hosts, via, carriers.known_by, notes=notes, **more)  # type: ignore[arg-type]

        service = self._services.find(namespace, name)
        if service is None:
            yield make(reason="no_service")
            return
        find = self._services.published
        leading = [each for ref in refs for each in find(service, ref.port, entry.protocol, by_target=ref.by_target)]
        judge = self._judge(carriers, "duplicate_object" if entry.contradicted else "")
        yield from _ways(leading, make, judge)

    def _judge(self, carriers: Carriers, doubt: str) -> Callable[[str, PortSet], dict[str, object]]:
        analysis = self._beside if carriers.absent else self._analysis

        def judge(workload: str, ports: PortSet) -> dict[str, object]:
            answer = _let_in(analysis, carriers.sources, workload, ports, perhaps=carriers.perhaps)
            if answer["unknown"] is not NONE and carriers.absent in _SURE_OF_NOTHING:
                answer["reason"] = carriers.absent
            return _in_doubt(answer, doubt)

        return judge

    # ---- straight from outside ------------------------------------------------------------------------------

    def _straight(self, service: Service, through: str) -> Iterator[Way]:
        sources = self._internet
        if through == "load_balancer" and service.ranges:
            named = [self._analysis.resolve_peer(text) for text in service.ranges]
            sources = tuple(sorted({name for each in named for name in each.ids}))
        notes = () if service.local else ("source_address",)
        head = ("Service", service.namespace, service.name, through, service.id, service.source)

        def make(**more: object) -> Way:
            return Way(*head, notes=notes, **more)  # type: ignore[arg-type]

        def judge(workload: str, ports: PortSet) -> dict[str, object]:
            doubt = "duplicate_object" if service.contradicted else ""
            return _in_doubt(_let_in(self._analysis, sources, workload, ports, anyone=True), doubt)

        yield from _ways(self._services.leading(service), make, judge)


def _published_as(service: Service) -> str:
    if service.type == "LoadBalancer":
        return "load_balancer"
    if service.type == "NodePort":
        return "node_port"
    return "external_ip" if service.external_ips else ""


def _ways(leading: Iterable[Leading], make: Makes, judge: Callable[[str, PortSet], dict[str, object]]) -> Iterator[Way]:
    """One way for each workload, and one for each reason why a port leads nowhere."""
    ports: dict[str, PortSet] = {}
    doubts: dict[str, str] = {}
    failures: dict[str, None] = {}
    for each in leading:
        if each.failure:
            failures[each.failure] = None
        for backend in each.backends:
            if backend.family is None and backend.port:
                single = PortSet.single(each.port.protocol, backend.port)
                ports[backend.destination] = ports.get(backend.destination, NONE) | single
                doubts[backend.destination] = doubts.get(backend.destination, "") or backend.doubt
    for workload, led in ports.items():
        yield make(workload=workload, ports=led, **_in_doubt(judge(workload, led), doubts[workload]))
    for reason in failures:
        yield make(
            reason=reason, unknown=PortSet.whole(PROTOCOLS[0]) if reason in (EXTERNAL_NAME, NO_ENDPOINTS) else NONE
        )


def _let_in(
    analysis: Analysis, sources: Sequence[str], workload: str, ports: PortSet, *,
    anyone: bool = False, perhaps: Sequence[str] = (),
) -> dict[str, object]:  # fmt: skip
    """Which of these ports of a workload the sources reach: all of them, or (``anyone``) at least one of them.
    ``perhaps``: what these reach is unknown at least."""
    answers = [analysis.ports(source, workload) for source in sources if source != workload] or [(ports, NONE)]
    sure = [allowed & ports for allowed, _ in answers]
    allowed, possible = sure[0], NONE
    for one in sure[1:]:
        allowed = allowed | one if anyone else allowed & one
    for one, unknown in (*answers, *(analysis.ports(source, workload) for source in perhaps)):
        possible |= (one | unknown) & ports
    answer: dict[str, object] = {"allowed": allowed, "unknown": possible - allowed}
    if allowed is ports:
        return answer
    for source, got in zip([each for each in sources if each != workload], sure, strict=True):
        if got is not ports:
            reason, policies = _why(analysis, source, workload, ports - got)
            differ = len(set(sure)) > 1 and not anyone
            return answer | {"reason": "controllers_differ" if differ else reason, "policies": policies}
    return answer


def _why(analysis: Analysis, source: str, workload: str, ports: PortSet) -> tuple[str, tuple[Policy, ...]]:
    """The reason code, and the policies, that keep a source out of the first of these ports."""
    protocol, spans = next(iter(ports.by_protocol().items()))
    return why_not(analysis.decide(source, workload, protocol, spans[0][0]))


def why_not(trace: Trace) -> tuple[str, tuple[Policy, ...]]:
    """The reason code, and the policies, of the first end that does not let a connection pass."""
    side: Side = next(
        (each for each in (trace.egress, trace.ingress) if each.verdict is not Verdict.ALLOWED), trace.ingress
    )
    step = next((each for each in reversed(side.steps) if each.outcome is not Verdict.ALLOWED), side.steps[-1])
    return step.reason, step.policies


def _in_doubt(answer: dict[str, object], doubt: str) -> dict[str, object]:
    """The same where it is not certain that there is a way at all."""
    allowed, unknown = answer["allowed"], answer["unknown"]
    assert isinstance(allowed, PortSet)
    assert isinstance(unknown, PortSet)
    if not doubt:
        return answer
    return answer | {"allowed": NONE, "unknown": allowed | unknown, "reason": doubt}
