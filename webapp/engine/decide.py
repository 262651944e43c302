"""One question, answered with its reasons from the same compiled rules as the rows (design/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from webapp.engine.columns import Columns
from webapp.engine.ladder import side_of
from webapp.engine.pairs import common_families, unknown_between
from webapp.engine.rows import Rows
from webapp.model.policy import Direction, Tier
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Side, Step, Trace, Verdict


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
            source, destination = question.source, question.destination
            ask = partial(side_of, self._columns, self._rows)
            egress = ask(Direction.EGRESS, source, destination, asked, families)
            ingress = ask(Direction.INGRESS, destination, source, asked, families)
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

    def hairpin(self, question: Question, names: tuple[str, str], notes: tuple[str, ...]) -> Trace:
        """A pod to itself through a Service (spec §4.2): NetworkPolicies leave it to the network, which is taken to
        allow it; the Admin and Baseline tiers are asked like any other traffic."""
        trace = self.trace(question, names, notes)
        ordered = [
            step.outcome
            for side in (trace.egress, trace.ingress)
            for step in side.steps
            if step.tier in (Tier.ADMIN, Tier.BASELINE)
        ]
        if Verdict.BLOCKED in ordered or Verdict.UNKNOWN in ordered:
            return trace
        return replace(self.same_pod(question, names), notes=notes)

    def _reconcile(
        self, egress: Side, ingress: Side, allowed: PortSet, doubts: list[str], question: Question
    ) -> tuple[Side, Side]:
        """Each end may agree in part, and yet they share no port or no family: then that is the reason."""
        verdicts = (egress.verdict, ingress.verdict)
        if allowed is not NONE or Verdict.BLOCKED in verdicts or (doubts and Verdict.UNKNOWN in verdicts):
            return egress, ingress
        steps = [Step(Tier.NETWORK_POLICY, reason, Verdict.UNKNOWN, joint=True) for reason in doubts]
        if not steps:
            leaving = self._rows.surely(Direction.EGRESS, question.source, question.destination)
            entering = self._rows.surely(Direction.INGRESS, question.destination, question.source)
            shares_port = leaving & entering & question.ports is not NONE
            reason = "no_common_family" if shares_port else "no_common_port"
            steps = [Step(Tier.DEFAULT, reason, Verdict.BLOCKED, joint=True)]
        return Side(egress.direction, (*egress.steps, *steps)), Side(ingress.direction, (*ingress.steps, *steps))
