"""Who may resolve names: whether a workload may send 53/UDP and 53/TCP to the cluster's DNS.

The DNS is known by its Service, whose target port is what policies see (OpenShift: 5353), or by its labels. Where the
input does not hold it, a pod with the labels that most clusters give it is judged; what depends on more is UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from webapp.analysis import Analysis
from webapp.engine.workloads import Workload
from webapp.insight.absent import CLUSTER_DNS, SOME_POD, beside
from webapp.insight.backends import Services
from webapp.insight.entries import why_not
from webapp.model.policy import Direction, Policy
from webapp.model.verdict import Verdict

PORT: Final = 53
PROTOCOLS: Final = ("UDP", "TCP")
SERVICES: Final = (
    ("kube-system", "kube-dns"), ("kube-system", "coredns"), ("openshift-dns", "dns-default"),
    ("kube-system", "rke2-coredns-rke2-coredns"),
)  # fmt: skip
"""The Services under which distributions put their DNS."""
NAMESPACES: Final = ("kube-system", "openshift-dns")
NAMES: Final = ("kube-dns", "coredns", "rke2-coredns", "rke2-coredns-rke2-coredns", "dns-default")
_PORT_NAMES: Final = {"UDP": "dns", "TCP": "dns-tcp"}
NODE_LOCAL: Final = "node-local-dns"
NODE_LOCAL_ADDRESS: Final = "169.254.20.10"
"""Where a cache on each node answers, if the cluster has one."""
NOT_IN_INPUT: Final = "dns_not_in_input"
IS_DNS: Final = "is_dns"
SOME_SERVERS: Final = "some_dns_only"
NO_SERVER: Final = "dns_protocol_absent"
USUAL_PORTS: Final = (PORT, 5353)
"""Those on which the pods of a DNS answer, behind its Service."""

Server = tuple[str, str, int]
"""The id of who answers, the protocol, and the port on it."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """``verdict``: allowed, blocked, partial (one protocol only, or some servers only) or unknown. ``by_protocol``:
    the same for UDP and TCP. ``assumed``: the DNS is not in the input, a usual one is judged. ``policies``: those that
    keep it from resolving."""

    verdict: str
    by_protocol: tuple[tuple[str, str], ...]
    reason: str = ""
    policies: tuple[Policy, ...] = ()
    assumed: bool = False


class Resolver:
    """The DNS of one input, and who may ask it."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @cached_property
    def answering(self) -> tuple[Server, ...]:
        """Who answers where. Empty if the input does not hold it."""
        found = set(self._of_services())
        known = {workload for workload, _, _ in found}
        for workload in self._analysis.workloads:
            if not known and is_dns(workload):
                found.update((workload.id, protocol, _own_port(workload, protocol)) for protocol in PROTOCOLS)
        return tuple(sorted(found))

    @cached_property
    def servers(self) -> frozenset[str]:
        """The ids of the workloads that answer."""
        return frozenset(server for server, _, _ in self.answering if server in self._analysis.workload_by_id)

    @cached_property
    def node_local(self) -> tuple[str, ...]:
        """The external parts where a cache on each node answers, if there is one."""
        if any(w.name == NODE_LOCAL and w.namespace in NAMESPACES for w in self._analysis.workloads):
            return self._analysis.resolve_peer(NODE_LOCAL_ADDRESS).ids
        return ()

    def _of_services(self) -> Iterator[Server]:
        services = Services(self._analysis)
        for namespace, name in SERVICES:
            service = services.find(namespace, name)
            for protocol in PROTOCOLS if service is not None and not service.headless else ():
                assert service is not None
                for each in services.leading(service, PORT, protocol):
                    for backend in each.backends:
                        yield backend.destination, protocol, backend.port

    def words(self, workload: Workload) -> tuple[str, ...]:
        """For UDP and TCP: ``allowed``, ``blocked``, ``some`` (some servers only) or ``unknown``."""
        if workload.id in self.servers or not (self.answering or self._may_matter):
            return ("allowed",) * len(PROTOCOLS)
        return tuple(self._word(workload.id, protocol) for protocol in PROTOCOLS)

    def verdict(self, workload: Workload) -> str:
        """``allowed``, ``blocked``, ``partial`` (one protocol only, or some servers only) or ``unknown``."""
        return _verdict(self.words(workload))

    def of(self, workload: Workload) -> Resolution:
        """Whether a workload may resolve names, with what keeps it from it."""
        words = self.words(workload)
        verdict = _verdict(words)
        told = tuple(zip(PROTOCOLS, words, strict=True))
        assumed = not self.answering and self._may_matter
        if verdict == "allowed":
            reason = IS_DNS if workload.id in self.servers else ""
            return Resolution(verdict, told, reason, assumed=assumed)
        reason, policies = self._why(workload.id, next(p for p, word in told if word != "allowed"))
        if assumed and verdict == "unknown":
            reason = NOT_IN_INPUT
        elif "some" in words:
            reason = SOME_SERVERS
        return Resolution(verdict, told, reason, policies, assumed)

    # ---- asking ---------------------------------------------------------------------------------------------

    @cached_property
    def _may_matter(self) -> bool:
        """Whether any policy speaks of what pods send, or may select a DNS that is not in the input."""
        return any(
            Direction.EGRESS in policy.rules or policy.subject.namespace in (None, *NAMESPACES)
            for policy in self._analysis.policies
        )

    @cached_property
    def _asked(self) -> Analysis:
        return self._analysis if self.answering else beside(self._analysis)

    def _listed(self, protocol: str) -> list[tuple[str, int]]:
        """Who answers over a protocol, and where; the usual DNS if the input does not hold it."""
        found = [(server, port) for server, kind, port in self.answering if kind == protocol]
        return found if self.answering else [(CLUSTER_DNS, PORT)]

    def _word(self, source: str, protocol: str) -> str:
        answers = [_ask(self._asked, source, server, protocol, port) for server, port in self._listed(protocol)]
        if Verdict.ALLOWED not in answers and self.node_local:
            local = {_ask(self._analysis, source, part, protocol, PORT) for part in self.node_local}
            answers = [Verdict.ALLOWED] if local == {Verdict.ALLOWED} else answers
        if not self.answering and answers == [Verdict.BLOCKED]:  # is every other DNS out of reach as well?
            places = [SOME_POD, *(part.id for part in self._analysis.externals)]
            others = {_ask(self._asked, source, place, protocol, port) for place in places for port in USUAL_PORTS}
            answers = answers if others == {Verdict.BLOCKED} else [Verdict.UNKNOWN]
        if not answers or set(answers) == {Verdict.BLOCKED}:
            return "blocked"
        if Verdict.ALLOWED in answers:
            return "allowed" if set(answers) == {Verdict.ALLOWED} else "some"
        return "unknown"

    def _why(self, source: str, protocol: str) -> tuple[str, tuple[Policy, ...]]:
        for server, port in self._listed(protocol):
            if _ask(self._asked, source, server, protocol, port) is not Verdict.ALLOWED:
                return why_not(self._asked.decide(source, server, protocol, port))
        return NO_SERVER, ()


def resolver_of(analysis: Analysis) -> Resolver:
    """The resolver of an analysis; one for each."""
    found = analysis.kept.get(Resolver)
    if found is None:
        found = analysis.kept[Resolver] = Resolver(analysis)
    assert isinstance(found, Resolver)
    return found


def _verdict(words: Sequence[str]) -> str:
    if len(set(words)) == 1:
        return "partial" if words[0] == "some" else words[0]
    return "partial" if "allowed" in words or "some" in words else "unknown"


def _ask(analysis: Analysis, source: str, server: str, protocol: str, port: int) -> Verdict:
    allowed, unknown = analysis.ports(source, server)
    if allowed.contains(protocol, port):
        return Verdict.ALLOWED
    return Verdict.UNKNOWN if unknown.contains(protocol, port) else Verdict.BLOCKED


def is_dns(workload: Workload) -> bool:
    """Whether a workload is the cluster's DNS, by the names and the label that distributions give it."""
    if (
        workload.labels.get("k8s-app") in ("kube-dns", "coredns")
        or "dns.operator.openshift.io/daemonset-dns" in workload.labels
    ):
        return True
    return workload.namespace in NAMESPACES and workload.name in NAMES


def _own_port(workload: Workload, protocol: str) -> int:
    """The port on which a DNS workload without a Service answers: the one that it names so, else 53."""
    named = (_PORT_NAMES[protocol], protocol)
    return next((number for name, kind, number in workload.ports if (name, kind) == named), PORT)
