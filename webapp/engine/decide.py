"""One question, answered with its reasons from the same compiled rules as the rows (design/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.engine.columns import Columns
from webapp.engine.pairs import common_families, doubts_at, ports_at, unknown_between
from webapp.engine.rows import Compiled, Grant, Row, Rows
from webapp.model.policy import Direction, Tier
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Attempt, Side, Step, Trace, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """``source`` and ``destination`` are columns; without a port every port is asked for. ``family``: 4 or 6 where an
    address of that family is an end."""

    source: int
    destination: int
    protocol: str | None = None
    port: int | None = None
    family: int | None = None

    @property
    def ports(self) -> PortSet:
        if self.protocol is None:
            return ALL
        return PortSet.whole(self.protocol) if self.port is None else PortSet.single(self.protocol, self.port)


class Decider:
    """Answers questions about one snapshot."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._columns = columns
        self._rows = rows

    def trace(self, question: Question, names: tuple[str, str], notes: tuple[str, ...] = ()) -> Trace:
        """The verdict with both ends explained; ``names`` are the ids of source and destination."""
        allowed, unknown, reasons = unknown_between(
            self._columns, self._rows, question.source, question.destination, question.family
        )
        asked = question.ports
        families = common_families(self._columns, question.source, question.destination, question.family)
        if not families:
            step = Step(Tier.DEFAULT, "no_common_family", Verdict.BLOCKED)
            egress, ingress = (Side(d, (step,)) for d in (Direction.EGRESS, Direction.INGRESS))
        else:
            egress = self._side(Direction.EGRESS, question, families)
            ingress = self._side(Direction.INGRESS, question, families)
            egress, ingress = self._reconcile(
                egress, ingress, allowed & asked, sorted(reasons) if unknown & asked is not NONE else [], question
            )
        return Trace(*names, question.protocol, question.port, egress, ingress, allowed & asked, unknown & asked, notes)

    def same_pod(self, question: Question, names: tuple[str, str]) -> Trace:
        """A pod to itself by its own address: never blocked (spec §4.1)."""
        sides = [
            Side(d, (Step(Tier.DEFAULT, "same_pod", Verdict.ALLOWED, ports=ALL),))
            for d in (Direction.EGRESS, Direction.INGRESS)
        ]
        return Trace(*names, question.protocol, question.port, sides[0], sides[1], question.ports, NONE)

    def _reconcile(
        self, egress: Side, ingress: Side, allowed: PortSet, doubts: list[str], question: Question
    ) -> tuple[Side, Side]:
        """Each end may agree in part, and yet they share no port or no family: then that is the reason."""
        if allowed is not NONE or Verdict.BLOCKED in (egress.verdict, ingress.verdict):
            return egress, ingress
        if doubts and Verdict.UNKNOWN in (egress.verdict, ingress.verdict):
            return egress, ingress
        steps = [Step(Tier.NETWORK_POLICY, reason, Verdict.UNKNOWN) for reason in doubts]
        if not steps:
            out, into = self._rows.of[Direction.EGRESS][question.source], self._rows.of[Direction.INGRESS][
                question.destination]  # fmt: skip
            leaving, _ = self._between(out, question.destination, [4, 6])
            entering, _ = self._between(into, question.source, [4, 6])
            shares_port = leaving & entering & question.ports is not NONE
            reason = "no_common_family" if shares_port else "no_common_port"
            steps = [Step(Tier.DEFAULT, reason, Verdict.BLOCKED)]
        return Side(egress.direction, (*egress.steps, *steps)), Side(ingress.direction, (*ingress.steps, *steps))

    def _side(self, direction: Direction, question: Question, families: list[int]) -> Side:
        egress = direction is Direction.EGRESS
        subject, peer = (question.source, question.destination) if egress else (question.destination, question.source)
        if subject >= self._columns.class_count:
            return Side(direction, (Step(Tier.DEFAULT, "not_a_pod", Verdict.ALLOWED, ports=ALL),))
        if self._columns.hosts >> subject & 1:
            return Side(direction, (Step(Tier.DEFAULT, "host_network", Verdict.ALLOWED, ports=ALL),))
        selecting = self._rows.selecting[direction][subject]
        if not selecting:
            return Side(direction, (Step(Tier.NETWORK_POLICY, "not_isolated", Verdict.ALLOWED, ports=ALL),))
        row = self._rows.of[direction][subject]
        low, high = self._between(row, peer, families)
        asked = question.ports
        compiled = [self._rows.policies[number] for number, _ in selecting]
        meant = None if egress else self._columns.classes[subject].resolution
        steps: list[Step] = []
        attempts: list[Attempt] = []
        for each in compiled:
            for grant in each.grants.get(direction, ()):
                step, attempt = self._try(each, grant, peer, families, asked, meant)
                steps += [step] if step else []
                attempts += [attempt] if attempt else []
        isolating = tuple(c.policy for c, (_, certain) in zip(compiled, selecting, strict=True)
                          if certain and not c.policy.set_aside)  # fmt: skip
        if low & asked is not NONE and (question.port is None or low & asked is asked):
            if not any(step.outcome is Verdict.ALLOWED for step in steps):
                steps.append(Step(Tier.NETWORK_POLICY, "not_isolated", Verdict.ALLOWED, ports=low & asked))
            steps = [s for s in steps if s.outcome is Verdict.ALLOWED]
            return Side(direction, tuple(steps))
        tried = Step(
            Tier.NETWORK_POLICY, "no_rule_matches", Verdict.BLOCKED, isolating, ports=NONE, attempts=tuple(attempts)
        )
        if high & asked is NONE:
            return Side(direction, (tried,))
        doubts = self._doubtful(row, peer, families, high & asked, compiled)
        return Side(direction, (*((tried,) if isolating else ()), *doubts))

    @staticmethod
    def _between(row: Row, peer: int, families: list[int]) -> tuple[PortSet, PortSet]:
        low = high = NONE
        for family in families:
            plane = 0 if family == 4 else 1
            low |= ports_at(row.low[plane], peer)
            high |= ports_at(row.high[plane], peer)
        return low, high

    def _doubtful(
        self, row: Row, peer: int, families: list[int], ports: PortSet, compiled: list[Compiled]
    ) -> tuple[Step, ...]:
        """One step for each reason why the side cannot tell, with the policies that it concerns."""
        steps = []
        for reason in sorted(set(doubts_at(row, peer, families, ports))):
            concerned = tuple(c.policy for c in compiled if _concerns(c, reason))
            steps.append(Step(Tier.NETWORK_POLICY, reason, Verdict.UNKNOWN, concerned, ports=ports))
        return tuple(steps)

    def _try(
        self, compiled: Compiled, grant: Grant, peer: int, families: list[int], asked: PortSet,
        meant: dict[tuple[str, str], PortSet] | None,
    ) -> tuple[Step | None, Attempt | None]:  # fmt: skip
        """A step if the rule allows some of what is asked, else the attempt with what failed."""
        policy, rule, cover = compiled.policy, grant.rule, grant.cover
        planes = [0 if family == 4 else 1 for family in families]
        matches = any(cover.low[plane] >> peer & 1 for plane in planes)
        may_match = any(cover.high[plane] >> peer & 1 for plane in planes)
        ports = self._meaning(rule.ports, peer, meant)
        fits = ports & asked
        if matches and fits is not NONE:
            return Step(Tier.NETWORK_POLICY, "rule_allows", Verdict.ALLOWED, (policy,), rule, fits), None
        if may_match and fits is not NONE:
            return None, Attempt(policy, rule, cover.reasons[0] if cover.reasons else "peer_mismatch")
        if fits is NONE and (matches or may_match):
            absent = rule.ports.names and ports is PortSet.of(rule.ports.spans)
            return None, Attempt(policy, rule, "named_port_absent" if absent else "port_mismatch")
        return None, Attempt(policy, rule, self._peer_failure(policy.namespace, grant, peer))

    def _peer_failure(self, namespace: str, grant: Grant, peer: int) -> str:
        """``namespace_mismatch`` if some peer's pod selector would match but for the namespace."""
        for each in grant.rule.peers or ():
            is_pod = each.block is None and peer < self._columns.class_count
            if is_pod and self._columns.pods.match(each.pods)[0] >> peer & 1:
                return "namespace_mismatch"
        return "peer_mismatch"

    def _meaning(self, ports: PortSet, peer: int, meant: dict[tuple[str, str], PortSet] | None) -> PortSet:
        if not ports.names:
            return ports
        numbers = PortSet.of(ports.spans)
        if meant is None:
            is_pod = peer < self._columns.class_count and not self._columns.hosts >> peer & 1
            meant = self._columns.classes[peer].resolution if is_pod else {}
        for name in ports.names:
            numbers |= meant.get(name, NONE)
        return numbers


def _concerns(compiled: Compiled, reason: str) -> bool:
    if compiled.policy.set_aside == reason:
        return True
    if reason == "duplicate_object":
        return bool(compiled.policy.version)
    if reason == "labels_unknown" and compiled.certain != compiled.possible:
        return True
    return any(reason in grant.cover.reasons for grants in compiled.grants.values() for grant in grants)
