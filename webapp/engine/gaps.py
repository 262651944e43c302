"""What keeps one rule from matching one peer on some ports, term by term.

This explains a verdict; the covers and rows have decided it. Terms of which the input does not tell whether they hold
are no gaps: the verdict is then UNKNOWN, with a reason of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from webapp.engine.addressgaps import End, block_gaps
from webapp.engine.attempts import meaning_of
from webapp.engine.columns import Columns
from webapp.engine.covers import Covers, Meanings
from webapp.engine.spelling import is_slip
from webapp.model.endpoint import Endpoint, Namespace
from webapp.model.labels import Labels, Match, Requirement, Selector
from webapp.model.miss import Gap, Path
from webapp.model.policy import Direction, Peer, Policy, Rule, Subject
from webapp.model.ports import NONE, PROTOCOLS, PortSet

MOST_PEERS = 2_000
"""Of a rule, this many peers are compared."""
_PLANE = 65536
_NEVER = Requirement("", "In")
"""A term that no labels meet."""

Occurs = Callable[[str, str], bool]
"""Whether anything in the cluster has a label (key, value)."""


class Gauge:
    """Measures gaps on the columns of one snapshot."""

    def __init__(self, columns: Columns, covers: Covers, namespaces: Mapping[str, Namespace]) -> None:
        self._columns = columns
        self._covers = covers
        self._namespaces = namespaces

    def rule(
        self, policy: Policy, rule: Rule, ends: tuple[End, End], asked: PortSet, meant: Meanings | None, home: str,
        *, covered: bool = False,
    ) -> list[Gap] | None:  # fmt: skip
        """What fails of the peer that comes closest, and of the ports; None if nothing in the rule is comparable.

        ``ends``: the subject and the peer; ``home``: the namespace that peers without a namespaceSelector speak of;
        ``covered``: it is known that a peer of the rule matches, or may.
        """
        at: Path = ("spec", str(rule.direction), rule.index)
        peers = [] if covered else self._peers(policy, rule, ends[1], home, at)
        if peers is None:
            return None
        owner = ends[1] if meant is None else ends[0]  # who declares the port
        return peers + list(self._ports(rule, ends[1].column, owner, asked, meant, at))

    def subject(self, subject: Subject, pod: Endpoint) -> list[Gap]:
        """Which terms of a policy's selectors fail on a pod."""
        gaps = list(self._terms(subject.pods, pod.labels, "subject_label", ("spec", "podSelector")))
        if subject.namespace is None:
            gaps += self._namespace_terms(subject.namespaces, pod.namespace, "subject_namespace", ("spec", "subject"))
        return gaps

    # ---- peers ----------------------------------------------------------------------------------------------

    def _peers(self, policy: Policy, rule: Rule, end: End, home: str, at: Path) -> list[Gap] | None:
        if rule.peers is None:
            return []
        listed = ("from" if rule.direction is Direction.INGRESS else "to") if policy.namespace else ""
        best: list[Gap] | None = None
        for index, peer in enumerate(rule.peers[:MOST_PEERS]):
            gaps = self._peer(peer, end, home, (*at, listed, index) if listed else at)
            if gaps is not None and (best is None or _cost(gaps) < _cost(best)):
                best = gaps
                if not gaps:
                    break
        return best

    def _peer(self, peer: Peer, end: End, home: str, at: Path) -> list[Gap] | None:
        if peer.block is not None:
            return list(block_gaps(peer.block, end, at, self._covers))
        pod = end.pod
        if peer.nodes is not None or peer.domain is not None or pod is None:
            return None
        if end.host_network:
            return [Gap("host_network_peer", 1, path=at)]
        pods = list(self._terms(peer.pods, pod.labels, "pod_label", (*at, "podSelector")))
        if peer.namespaces is None:
            away = Gap("own_namespace_only", 0.9, want=home, have=pod.namespace, path=at)
            return pods + ([away] if pod.namespace != home else [])
        around = self._namespace_terms(peer.namespaces, pod.namespace, "namespace_label", (*at, "namespaceSelector"))
        gaps = pods + around
        if len(at) > 3 and _both_narrow(peer) and bool(pods) != bool(around) and all(gap.cost >= 1 for gap in gaps):
            alone = not around or pod.namespace == home  # a podSelector of its own speaks of the home namespace
            gaps += [Gap("both_selectors", 0, path=at)] if alone else []
        return gaps

    def _namespace_terms(self, selector: Selector | None, namespace: str, code: str, at: Path) -> list[Gap]:
        return list(self._terms(selector, self._namespaces[namespace].labels, code, at))

    def _terms(self, selector: Selector | None, labels: Labels, code: str, at: Path) -> Iterator[Gap]:
        if selector is None or selector.match(labels) is not Match.NO:
            return
        of_pods = code in ("pod_label", "subject_label")
        occurs = self._columns.pods.occurs if of_pods else self._namespace_has
        failing = [term for term in selector.requirements if Selector((term,)).match(labels) is Match.NO]
        for term in failing or [_NEVER]:  # else terms that exclude each other
            gap = Gap(code, 1, term, have=labels.known.get(term.key), path=(*at, term.key) if term.key else at)
            yield _with_spelling(gap, term, labels, occurs)

    def _namespace_has(self, key: str, value: str) -> bool:
        return any(namespace.labels.known.get(key) == value for namespace in self._namespaces.values())

    # ---- ports ----------------------------------------------------------------------------------------------

    def _ports(
        self, rule: Rule, peer: int, owner: End, asked: PortSet, meant: Meanings | None, at: Path
    ) -> Iterator[Gap]:
        ports = meaning_of(self._columns, rule.ports, peer, meant)
        if ports & asked is not NONE:
            return
        at = (*at, "ports")
        declared = {(port.name, port.protocol) for port in owner.pod.ports} if owner.pod is not None else set()
        unresolved = ports is PortSet.of(rule.ports.spans)
        want = rule.ports.text()
        if rule.ports.names and unresolved and not ports.spans:
            names = {name for name, _ in rule.ports.names}
            if names & {name for name, _ in declared}:
                yield Gap("protocol_mismatch", 0.6, want=want, have=asked.text(), path=at)
                return
            near = next((own for own, _ in sorted(declared) for name in names if is_slip(name, own)), "")
            yield Gap("named_port_absent", 0.5 if near else 0.8, want=want, meant_value=near, path=at)
            return
        if rule.ports.names and not unresolved:
            want += f" ({ports.text()} there)"
        other = _any_protocol(ports) & asked is not NONE
        code, cost = ("protocol_mismatch", 0.6) if other else ("port_mismatch", 0.8)
        yield Gap(code, cost, want=want, have=asked.text(), path=at)


def _cost(gaps: Sequence[Gap]) -> float:
    return sum(gap.cost for gap in gaps)


def _both_narrow(peer: Peer) -> bool:
    """Whether both selectors of a peer ask for something."""
    return all(each is not None and each.requirements for each in (peer.pods, peer.namespaces))


def _with_spelling(gap: Gap, term: Requirement, labels: Labels, occurs: Occurs) -> Gap:
    """The gap with the key or the value of the labels that the term may have meant. A value that something in the
    cluster has is no slip."""
    if term.operator not in ("In", "Exists"):
        return gap
    keys = [term.key] if gap.have is not None else [key for key in sorted(labels.known) if is_slip(term.key, key)]
    for key in keys:
        value = labels.known[key]
        slips = [want for want in term.values if is_slip(want, value) and not occurs(term.key, want)]
        if key != term.key and term.holds(value):
            return replace(gap, cost=0.4, meant_key=key)
        if slips:
            other = key if key != term.key else ""
            return replace(gap, cost=0.6 if other else 0.4, meant_key=other, meant_value=value)
    return gap


def _any_protocol(ports: PortSet) -> PortSet:
    """The same numbers in every protocol."""
    numbers = [(first % _PLANE, last % _PLANE) for first, last in ports.spans]
    return PortSet.of((a + i * _PLANE, b + i * _PLANE) for i in range(len(PROTOCOLS)) for a, b in numbers)
