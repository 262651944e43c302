"""What may be hidden as noise, each by evidence in the input. Hiding takes paths out of view; verdicts stay.

- ``dns``: paths on the ports of name resolution alone: 53 or 5353 to the cluster's DNS; 53 to addresses, and to other
  workloads of the namespace of the DNS, for that is whom rules for DNS often name.
- ``metrics``: scrapes. From a workload that collects metrics (by its label or its name, `COLLECTORS`) to workloads, on
  ports named for metrics where the destination names such ports, else on anything but every port; and from anybody on
  nothing but ports that the destination names for metrics.
- ``ingress``: ways in that something publishes: from the controller that carries an Ingress or a route, and from
  addresses by way of a Service that is published, to the workload behind it, on the published ports alone.

A path on more ports than that is more than noise and stays: so does what is open without being published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from webapp.graph.facts import dns_only
from webapp.graph.filters import fault
from webapp.insight.entries import ways_in
from webapp.insight.resolution import NAMESPACES, PORT, resolver_of
from webapp.model.ports import NONE, PROTOCOLS, PortSet

if TYPE_CHECKING:
    from webapp.analysis import Analysis
    from webapp.engine.workloads import Workload

PRESETS: Final = {"dns": "DNS", "metrics": "metrics", "ingress": "ingress"}
"""The presets in the order in which they claim paths, and their names in sentences."""
COLLECTORS: Final = frozenset({
    "prometheus", "prometheus-server", "prometheus-agent", "prometheus-k8s", "kube-prometheus-stack-prometheus",
    "vmagent", "victoria-metrics-agent", "grafana-agent", "grafana-alloy", "alloy", "opentelemetry-collector",
    "otel-collector", "datadog-agent", "telegraf",
})  # fmt: skip
"""Names of workloads that scrape others."""
_NAME_LABELS: Final = ("app.kubernetes.io/name", "app", "k8s-app", "name")
_OPERATED: Final = "operator.prometheus.io/name"
_RESOLVING: Final = PortSet.single("UDP", PORT) | PortSet.single("TCP", PORT)

Rectangle = tuple[frozenset[str] | None, frozenset[str] | None]
"""Sources and destinations, None for everybody: each path between them."""


class Preset:
    """One kind of noise in one analysis: for the ports of a path, between whom it is noise."""

    def __init__(self, name: str, rectangles: Callable[[PortSet], Iterable[Rectangle]]) -> None:
        self.name = name
        self._find = rectangles
        self._found: dict[PortSet, tuple[Rectangle, ...]] = {}

    def rectangles(self, ports: PortSet) -> tuple[Rectangle, ...]:
        """Where a path with exactly these ports is noise."""
        known = self._found.get(ports)
        if known is None:
            known = self._found[ports] = tuple(self._find(ports)) if ports is not NONE else ()
        return known

    def holds(self, source: str, destination: str, ports: PortSet) -> bool:
        """Whether one path is."""
        return any(
            (sources is None or source in sources) and (destinations is None or destination in destinations)
            for sources, destinations in self.rectangles(ports)
        )


def presets_of(analysis: Analysis, names: Iterable[str]) -> tuple[Preset, ...]:
    """The chosen presets, in their own order; InputError lists what may be chosen."""
    wanted = set(names)
    for name in sorted(wanted - PRESETS.keys()):
        raise fault(f'hide={name}: "{name}" cannot be hidden. Choose from: {", ".join(PRESETS)}.')
    noise = _Noise(analysis)
    find = {"dns": noise.dns, "metrics": noise.metrics, "ingress": noise.ingress}
    return tuple(Preset(name, find[name]) for name in PRESETS if name in wanted)


def collects_metrics(workload: Workload) -> bool:
    """Whether a workload scrapes others, by its labels or its name."""
    named = {workload.labels.get(label) for label in _NAME_LABELS}
    return workload.name in COLLECTORS or bool(named & COLLECTORS) or _OPERATED in workload.labels


def names_metrics(port: str) -> bool:
    """Whether a port is named for metrics: ``metrics``, ``http-metrics``, ``prometheus``."""
    return "metrics" in port or port.startswith("prom")


class _Noise:
    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._outside = frozenset(part.id for part in analysis.externals)

    def dns(self, ports: PortSet) -> Iterable[Rectangle]:
        if dns_only(ports):
            yield None, resolver_of(self._analysis).servers
        if (ports - _RESOLVING).is_empty:
            yield None, self._outside | self._beside_dns

    def metrics(self, ports: PortSet) -> Iterable[Rectangle]:
        named = frozenset(each for each, own in self._named.items() if (ports - own).is_empty)
        yield None, named
        if not ports.is_all:
            yield self._collectors, named | (self._analysis.workload_by_id.keys() - self._named.keys())

    def ingress(self, ports: PortSet) -> Iterable[Rectangle]:
        for sources, published in self._published.items():
            led = frozenset(each for each, through in published.items() if (ports - through).is_empty)
            if led:
                yield sources, led

    @cached_property
    def _beside_dns(self) -> frozenset[str]:
        workloads = self._analysis.workloads
        servers = resolver_of(self._analysis).servers
        namespaces = {w.namespace for w in workloads if w.id in servers} | set(NAMESPACES)
        return frozenset(w.id for w in workloads if w.namespace in namespaces)

    @cached_property
    def _collectors(self) -> frozenset[str]:
        return frozenset(w.id for w in self._analysis.workloads if collects_metrics(w))

    @cached_property
    def _named(self) -> dict[str, PortSet]:
        """{workload: the ports that it names for metrics}; those without any are left out."""
        found: dict[str, PortSet] = {}
        for workload in self._analysis.workloads:
            for name, protocol, number in workload.ports:
                if names_metrics(name) and protocol in PROTOCOLS:
                    found[workload.id] = found.get(workload.id, NONE) | PortSet.single(protocol, number)
        return found

    @cached_property
    def _published(self) -> dict[frozenset[str], dict[str, PortSet]]:
        """{who carries it: {workload: the published ports}}; each source stands alone, addresses stand together."""
        found: dict[frozenset[str], dict[str, PortSet]] = {}
        for way in ways_in(self._analysis).ways:
            if not way.workload or way.ports is NONE:
                continue
            carried = way.via if way.through == "controller" and way.via else ()
            for sources in [frozenset((each,)) for each in carried] or [self._outside]:
                led = found.setdefault(sources, {})
                led[way.workload] = led.get(way.workload, NONE) | way.ports
        return found
