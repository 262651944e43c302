"""What keeps one rule from matching one peer on some ports, term by term.

This explains a verdict; the covers and rows have decided it. Terms of which the input does not tell whether they hold
are no gaps: the verdict is then UNKNOWN, with a reason of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.engine.attempts import meaning_of
from webapp.engine.columns import Columns
from webapp.engine.covers import Covers, Meanings
from webapp.engine.spelling import is_slip
from webapp.model.addresses import Block, Network, address_text, parse_address
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

Span = tuple[int, int, int]
"""(family, first, last)"""
Ranges = tuple[Span, ...]
Occurs = Callable[[str, str], bool]
"""Whether anything in the cluster has a label (key, value)."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of a question: a ``pod`` that stands for its workload, or (None) the addresses in ``ranges`` alone.
    ``families``: those that the question is about; ``exact``: ``ranges`` are these addresses and no others."""

    column: int
    pod: Endpoint | None
    families: Sequence[int]
    ranges: Ranges
    exact: bool
    host_network: bool = False

    def address_text(self, own: Sequence[Span]) -> str | None:
        """An address to show, of those of one family if there are any; None if a part of the space is meant whole."""
        return _span_text((own or self.ranges)[0]) if self.exact else None


class Gauge:
    """Measures gaps on the columns of one snapshot."""

    def __init__(
        self, columns: Columns, covers: Covers, namespaces: Mapping[str, Namespace], *, blocks_match_pods: bool
    ) -> None:
        self._columns = columns
        self._covers = covers
        self._namespaces = namespaces
        self._blocks_match_pods = blocks_match_pods

    def end(
        self, column: int, pod: Endpoint | None, families: Sequence[int], address: Network | None = None
    ) -> End:  # fmt: skip
        """The end that stands in a column; ``address``: the part of it that is asked for."""
        parts = self._columns.space.parts
        if pod is None:
            ranges = parts[column - self._columns.class_count].ranges
            exact = address is not None
            return End(column, pod, families, tuple(_within(ranges, address)) if address else ranges, exact)
        found = [parse_address(text) for text in pod.addresses if _is_address(text)]
        ranges = tuple((family, value, value) for family, value in found)
        if not ranges:  # a hostNetwork pod lives at its node's
            ranges = tuple(span for _, part in self._columns.classes[column].parts for span in parts[part].ranges)
        return End(column, pod, families, ranges, bool(found), bool(self._columns.hosts >> column & 1))

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
            return list(self._block(peer.block, end, at))
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

    def _block(self, block: Block, end: End, at: Path) -> Iterator[Gap]:
        at = (*at, "ipBlock") if len(at) > 3 else at
        if end.pod is not None and not end.host_network and not self._blocks_match_pods:
            yield Gap("block_without_pods", 1, want=block.text(), path=at)
            return
        own = [each for each in end.ranges if each[0] == block.network.family]
        inside = [each for each in own if _meets(block.network, each)]
        have = end.address_text(own)
        if block.network.family not in end.families or (end.ranges and not own):
            yield Gap("address_family", 1, want=block.network.text(), have=have, path=at)
        elif not own:
            whole = block.network.is_family and not block.excepts
            if end.pod is not None and not end.host_network and not whole and self._covers.pods_inside(block) is False:
                yield Gap("address_outside", 1, want=block.text(), path=(*at, "cidr"))
        elif not inside:
            yield Gap("address_outside", 1, want=block.text(), have=have, path=(*at, "cidr"))
        elif not any(_is_held(block, each) for each in inside):
            hole = next(hole for hole in block.excepts if _meets(hole, inside[0]))
            want = Block(block.network, (hole,)).text()
            yield Gap("address_excepted", 0.7, want=want, have=have, path=(*at, "except"))

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


# ---- addresses ----------------------------------------------------------------------------------------------


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _within(ranges: Ranges, network: Network) -> Iterator[Span]:
    for family, first, last in ranges:
        if family == network.family and first <= network.last and network.first <= last:
            yield family, max(first, network.first), min(last, network.last)


def _meets(network: Network, span: Span) -> bool:
    family, first, last = span
    return network.meets(Network(family, first, last))


def _is_held(block: Block, span: Span) -> bool:
    """Whether an address of the span lies in the block (policies cut the space, so then all do)."""
    family, first, _ = span
    return block.contains(family, max(first, block.network.first))


def _span_text(span: Span) -> str:
    family, first, last = span
    text = address_text(family, first)
    return text if first == last else f"{text}-{address_text(family, last)}"


def _any_protocol(ports: PortSet) -> PortSet:
    """The same numbers in every protocol."""
    numbers = [(first % _PLANE, last % _PLANE) for first, last in ports.spans]
    return PortSet.of((a + i * _PLANE, b + i * _PLANE) for i in range(len(PROTOCOLS)) for a, b in numbers)
