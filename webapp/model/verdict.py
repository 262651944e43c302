"""Verdicts and the trace from which each verdict is derived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from webapp.model.policy import Direction, Policy, Rule, Tier
from webapp.model.ports import PortSet


class Verdict(StrEnum):
    """ALLOWED, BLOCKED, or UNKNOWN with named reasons; never a guess."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


def all_of(verdicts: Collection[Verdict]) -> Verdict:
    """What needs all of these (both ends, every part, every backend): one block blocks, else one unknown is unknown.
    Without any nothing is known."""
    if Verdict.BLOCKED in verdicts:
        return Verdict.BLOCKED
    return Verdict.ALLOWED if verdicts and Verdict.UNKNOWN not in verdicts else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rule that was tried and did not decide: how its peers and ports relate to the question."""

    policy: Policy
    rule: Rule
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a trace.

    ``reason`` is a code (contract.md); ``policies`` those that it names; ``rule`` the one that decided, of
    ``policies[0]``; ``attempts`` the rules that were tried in vain; ``ports`` what the step decides or leaves open.
    ``outcome`` is None where the question goes on to the next rung. ``detail``: the address family
    (``IPv4``, ``IPv6``) to which the rule's match is confined, or ''. ``joint``: it is about both ends together, and
    overrules what this end says alone.
    """

    tier: Tier
    reason: str
    outcome: Verdict | None = None
    policies: tuple[Policy, ...] = ()
    rule: Rule | None = None
    ports: PortSet | None = None
    attempts: tuple[Attempt, ...] = ()
    detail: str = ""
    joint: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a connection: its steps, in the order in which tiers are asked, and the verdict that follows."""

    direction: Direction
    steps: tuple[Step, ...]

    @property
    def verdict(self) -> Verdict:
        """Allowed if a step allows some of what is asked; else unknown if one cannot tell; else blocked."""
        last = self.steps[-1]
        if last.joint and last.outcome is not None:
            return last.outcome
        outcomes = {step.outcome for step in self.steps}
        return next((verdict for verdict in (Verdict.ALLOWED, Verdict.UNKNOWN) if verdict in outcomes), Verdict.BLOCKED)


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer to one question, with both ends explained.

    ``protocol`` and ``port`` are None when every port is asked for; then ``ports`` and ``unknown_ports`` answer.
    """

    source: str
    destination: str
    protocol: str | None
    port: int | None
    egress: Side
    ingress: Side
    ports: PortSet
    unknown_ports: PortSet
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if self.port is not None:
            return all_of((self.egress.verdict, self.ingress.verdict))
        if not self.ports.is_empty:
            return Verdict.ALLOWED
        return Verdict.BLOCKED if self.unknown_ports.is_empty else Verdict.UNKNOWN
