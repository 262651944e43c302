"""An analysis made by hand: who may send what, and who may receive it. Sharing no code with the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from types import SimpleNamespace
from typing import Any

from webapp.model.policy import Direction
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Verdict


def tcp(*numbers: int) -> PortSet:
    ports = NONE
    for number in numbers:
        ports |= PortSet.single("TCP", number)
    return ports


DNS = PortSet.single("UDP", 53) | PortSet.single("TCP", 53)


@dataclass(frozen=True)
class FakeWorkload:
    id: str
    namespace: str
    kind: str
    name: str
    labels: dict[str, str] = field(default_factory=dict)
    pods: int = 1
    host_network: bool = False
    isolated_ingress: bool = False
    isolated_egress: bool = False
    ports: tuple[Any, ...] = ()

    @property
    def reaches_itself(self) -> bool:
        return self.pods > 1


@dataclass(frozen=True)
class FakeExternal:
    id: str
    ranges: tuple[str, ...] = ("0.0.0.0-255.255.255.255",)

    def texts(self) -> list[str]:
        return list(self.ranges)


class FakeAnalysis:
    """``sends``, ``accepts``: {(source, destination): ports} where the end is isolated; open ends take everything."""

    def __init__(self) -> None:
        self.workloads: tuple[FakeWorkload, ...] = ()
        self.externals: tuple[FakeExternal, ...] = (FakeExternal("internet"),)
        self.sends: dict[tuple[str, str], PortSet] = {}
        self.accepts: dict[tuple[str, str], PortSet] = {}
        self.doubts: dict[tuple[str, str], tuple[PortSet, tuple[str, ...]]] = {}
        self.limits: dict[tuple[str, Direction], Verdict] = {}
        self.problems: tuple[Any, ...] = ()
        self.unread = 0
        self.policies: tuple[Any, ...] = ()
        self.inventory = SimpleNamespace(services=(), ways_in=SimpleNamespace(entries=()))
        self.kept: dict[type, object] = {}
        self.counts = SimpleNamespace(documents_read=0, not_understood=0, skipped_kinds={})

    @property
    def workload_by_id(self) -> dict[str, FakeWorkload]:
        return {workload.id: workload for workload in self.workloads}

    def add(self, text: str, *, isolated: str = "", pods: int = 1, **more: Any) -> str:
        """A workload ``namespace/name`` or ``namespace/Kind/name``; ``isolated``: "i", "e" or "ie"."""
        parts = text.split("/")
        namespace, kind, name = parts if len(parts) == 3 else (parts[0], "Deployment", parts[1])
        identity = f"{namespace}/{kind}/{name}"
        workload = FakeWorkload(
            identity,
            namespace,
            kind,
            name,
            more.pop("labels", {"app": name}),
            pods,
            isolated_ingress="i" in isolated,
            isolated_egress="e" in isolated,
            **more,
        )
        self.workloads = tuple(sorted((*self.workloads, workload), key=lambda w: w.id))
        return identity

    def allow(self, source: str, destination: str, ports: PortSet, ends: str = "both") -> None:
        if ends in ("both", "source"):
            self.sends[source, destination] = self.sends.get((source, destination), NONE) | ports
        if ends in ("both", "target"):
            self.accepts[source, destination] = self.accepts.get((source, destination), NONE) | ports

    def _sides(self, source: str, destination: str) -> tuple[PortSet, PortSet]:
        known = {w.id: w for w in self.workloads}
        tail, head = known.get(source), known.get(destination)
        out = self.sends.get((source, destination), NONE) if tail and tail.isolated_egress else ALL
        into = self.accepts.get((source, destination), NONE) if head and head.isolated_ingress else ALL
        return out, into

    def openness(self, workload: FakeWorkload, direction: Direction) -> Verdict:
        isolated = workload.isolated_ingress if direction is Direction.INGRESS else workload.isolated_egress
        return self.limits.get((workload.id, direction), Verdict.BLOCKED if isolated else Verdict.ALLOWED)

    def ports(self, source: str, destination: str) -> tuple[PortSet, PortSet]:
        out, into = self._sides(source, destination)
        unknown, _ = self.doubts.get((source, destination), (NONE, ()))
        return (out & into) - unknown, unknown

    def decide(self, source: str, destination: str, protocol: str | None = None, port: int | None = None) -> Any:
        out, into = self._sides(source, destination)
        ends = [Verdict.BLOCKED if side.is_empty else Verdict.ALLOWED for side in (out, into)]
        reason = "no_rule_matches"
        if (out & into).is_empty and Verdict.BLOCKED not in ends:
            ends, reason = [Verdict.BLOCKED] * 2, "no_common_port"
        steps = (SimpleNamespace(reason=reason, rule=None, ports=None, outcome=None, policies=()),)
        return SimpleNamespace(
            egress=SimpleNamespace(verdict=ends[0], steps=steps), ingress=SimpleNamespace(verdict=ends[1], steps=steps)
        )

    def _pairs(self) -> Iterator[tuple[str, str]]:
        ids = sorted([w.id for w in self.workloads] + [e.id for e in self.externals])
        outside = {e.id for e in self.externals}
        plural = {w.id for w in self.workloads if w.pods > 1}
        for source in ids:
            for destination in ids:
                if source in outside and destination in outside:
                    continue
                if source != destination or source in plural:
                    yield source, destination

    def connections(self) -> Iterator[Any]:
        for source, destination in self._pairs():
            ports, _ = self.ports(source, destination)
            if not ports.is_empty:
                yield SimpleNamespace(source=source, destination=destination, ports=ports)

    def by_source(self) -> Iterator[tuple[str, list[tuple[str, PortSet]], int | None]]:
        """As `Analysis.by_source`; each workload of one pod stands in its own targets, as a place to leave out."""
        for source, rows in groupby(self.connections(), key=lambda row: row.source):
            targets = [(row.destination, row.ports) for row in rows]
            own = None
            if source not in dict(targets):
                targets = sorted([*targets, (source, ALL)], key=lambda pair: pair[0])
                own = targets.index((source, ALL))
            yield source, targets, own

    def unknowns(self) -> Iterator[Any]:
        for (source, destination), (ports, reasons) in sorted(self.doubts.items()):
            yield SimpleNamespace(source=source, destination=destination, ports=ports, reasons=reasons)

    @property
    def is_certain(self) -> bool:
        return not self.doubts

    def possible_blocks(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], PortSet]]:
        """What is allowed or unknown, pair by pair."""
        for source, destination in self._pairs():
            allowed, unknown = self.ports(source, destination)
            if not (allowed | unknown).is_empty:
                yield (source,), (destination,), allowed | unknown

    def blocks(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], PortSet]]:
        table: dict[tuple[str, PortSet], list[str]] = {}
        for c in self.connections():
            table.setdefault((c.source, c.ports), []).append(c.destination)
        grouped: dict[tuple[tuple[str, ...], PortSet], list[str]] = {}
        for (source, ports), destinations in table.items():
            grouped.setdefault((tuple(destinations), ports), []).append(source)
        for (targets, ports), sources in grouped.items():
            yield tuple(sources), targets, ports


def seed() -> Any:
    """The production namespace of the tutorial, with the egress rules that make its picture come true."""
    fake = FakeAnalysis()
    frontend = fake.add("production/frontend", isolated="ie", pods=2)
    backend = fake.add("production/backend-api", isolated="ie", pods=3)
    database = fake.add("production/StatefulSet/database", isolated="ie")
    payment = fake.add("production/payment-service", isolated="ie")
    dns = fake.add("kube-system/kube-dns", pods=2, labels={"k8s-app": "kube-dns"})
    tests = fake.add("staging/Job/test-runner")
    fake.allow(frontend, backend, tcp(8080))
    fake.allow(backend, database, tcp(5432))
    fake.allow(tests, backend, tcp(8080))
    fake.allow("internet", frontend, tcp(80, 443))
    for workload in (frontend, backend, database, payment):
        fake.allow(workload, dns, DNS)
    return fake


def shop() -> Any:
    """About twenty workloads in several namespaces."""
    fake = FakeAnalysis()
    names = ["web", "cart", "catalog", "checkout", "payments", "orders", "shipping", "email", "reviews"]
    names.append("recommendations")
    w = {name: fake.add(f"shop/{name}", isolated="ie", pods=2) for name in names}
    data = {n: fake.add(f"data/StatefulSet/{n}", isolated="ie") for n in ("postgres", "redis", "kafka", "elastic")}
    gateway = fake.add("ingress/gateway", isolated="i", pods=2)
    dns = fake.add("kube-system/coredns", pods=2, labels={"k8s-app": "kube-dns"})
    agent = fake.add("kube-system/DaemonSet/node-agent", host_network=True, pods=3)
    prometheus = fake.add("monitoring/prometheus", isolated="ie")
    grafana = fake.add("monitoring/grafana", isolated="i")
    debug = fake.add("sandbox/Pod/debug")
    backup = fake.add("data/CronJob/backup", isolated="ie", pods=0)
    fake.externals = (
        FakeExternal("internet"),
        FakeExternal("10.20.0.0/16", ("10.20.0.0-10.20.255.255",)),
    )
    fake.allow("internet", gateway, tcp(80, 443))
    fake.allow(gateway, w["web"], tcp(8080))
    for name in ("cart", "catalog", "checkout", "recommendations"):
        fake.allow(w["web"], w[name], tcp(8080))
    fake.allow(w["checkout"], w["payments"], tcp(8443))
    fake.allow(w["checkout"], w["orders"], tcp(8080))
    fake.allow(w["checkout"], w["cart"], tcp(8080))
    fake.allow(w["orders"], w["shipping"], tcp(8080))
    fake.allow(w["orders"], w["email"], tcp(2525))
    fake.allow(w["catalog"], w["reviews"], tcp(8080), "source")
    fake.allow(w["recommendations"], w["catalog"], tcp(8080), "target")
    fake.allow(w["cart"], data["redis"], tcp(6379))
    fake.allow(w["catalog"], data["elastic"], tcp(9200))
    fake.allow(w["catalog"], data["postgres"], tcp(5432))
    fake.allow(w["orders"], data["postgres"], tcp(5432))
    fake.allow(w["orders"], data["kafka"], tcp(9092))
    fake.allow(w["shipping"], data["kafka"], tcp(9092))
    fake.allow(w["email"], data["kafka"], tcp(9092))
    fake.allow(backup, data["postgres"], tcp(5432))
    fake.allow(backup, "10.20.0.0/16", tcp(443))
    fake.allow(w["payments"], "internet", tcp(443))
    fake.allow(w["email"], "internet", tcp(587))
    fake.allow(grafana, prometheus, tcp(9090))
    for workload in fake.workloads:
        if workload.isolated_egress:
            fake.allow(workload.id, dns, DNS)
        if workload.namespace in ("shop", "data") and workload.pods:
            fake.allow(prometheus, workload.id, tcp(9100))
    fake.allow(debug, w["web"], tcp(8080), "target")
    fake.doubts[debug, data["redis"]] = (tcp(6379), ("undeclared_namespace_labels",))
    assert agent
    return fake


def generated(namespaces: int, each: int, *, isolated: str = "ie") -> Any:
    """Chains within namespaces, and one line from each namespace to the next."""
    fake = FakeAnalysis()
    ids: list[list[str]] = []
    rows: list[FakeWorkload] = []
    for n in range(namespaces):
        name = f"team-{n:02d}"
        for i in range(each):
            kept = isolated if i % 7 != 3 else ""
            rows.append(
                FakeWorkload(
                    f"{name}/Deployment/service-{i:03d}",
                    name,
                    "Deployment",
                    f"service-{i:03d}",
                    isolated_ingress="i" in kept,
                    isolated_egress="e" in kept,
                )
            )
        ids.append([row.id for row in rows[-each:]])
    fake.workloads = tuple(sorted(rows, key=lambda w: w.id))
    for n, members in enumerate(ids):
        for a, b in pairwise(members):
            fake.allow(a, b, tcp(8080))
        fake.allow(members[-1], ids[(n + 1) % namespaces][0], tcp(9000 + n))
    return fake


def ids_of(rows: Iterable[Any]) -> set[tuple[str, str]]:
    return {(row.source, row.destination) for row in rows}
