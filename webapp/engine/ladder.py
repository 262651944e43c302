"""One end of one question, rung by rung: Admin, NetworkPolicy, Baseline, default (spec §§6.2, 7.2, 7.5).

The rows have decided already; this tells which rules it comes from. Each rung speaks only of the ports that those
before it may have left open, which the rows know too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.engine.attempts import Try, try_rule
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Meanings, Member
from webapp.engine.doubts import doubts_at
from webapp.engine.ordered import doubt_about, orders
from webapp.engine.reach import Planes, ports_at
from webapp.engine.rows import Row, Rows
from webapp.model.policy import Action, Direction, Tier
from webapp.model.ports import ALL, NONE, PortSet
from webapp.model.verdict import Attempt, Side, Step, Verdict

_REASONS = {Action.ALLOW: "rule_allows", Action.DENY: "rule_denies", Action.PASS: "rule_passes"}
_TIERS = list(Tier)


def side_of(
    columns: Columns, rows: Rows, direction: Direction, subject: int, peer: int, asked: PortSet,
    families: Sequence[int],
) -> Side:  # fmt: skip
    """``subject`` and ``peer`` are columns: whose policies are asked, and about whom; ``families``: both ends' own."""
    if subject >= columns.class_count:
        return Side(direction, (Step(Tier.DEFAULT, "not_a_pod", Verdict.ALLOWED, ports=ALL),))
    if columns.hosts >> subject & 1:
        return Side(direction, (Step(Tier.DEFAULT, "host_network", Verdict.ALLOWED, ports=ALL),))
    meant = None if direction is Direction.EGRESS else columns.classes[subject].resolution
    row = rows.of[direction][subject]
    return _Climb(columns, rows, direction, subject, peer, families, asked, row, meant, asked).climb()


@dataclass(slots=True)
class _Climb:
    """One question at one end. ``left``: what the rungs so far may have left open."""

    columns: Columns
    rows: Rows
    direction: Direction
    subject: int
    peer: int
    families: Sequence[int]
    asked: PortSet
    row: Row
    meant: Meanings | None
    left: PortSet
    steps: list[Step] = field(default_factory=list)

    def climb(self) -> Side:
        self._ask_in_order(Tier.ADMIN)
        judged_last = bool(self.rows.members(self.direction, self.subject, Tier.BASELINE))
        self._ask_all(last=not judged_last)
        if judged_last:
            self._ask_in_order(Tier.BASELINE)
            if self.left is not NONE:
                step = Step(Tier.DEFAULT, "default_allows", self._outcome(self.left), ports=self.left)
                self.steps.append(step)
        self._add_doubts()
        return Side(self.direction, tuple(sorted(self.steps, key=lambda step: _TIERS.index(step.tier))))

    # ---- what the row says ----------------------------------------------------------------------------------

    def _of(self, planes: Planes) -> PortSet:
        """What planes hold toward the peer, in any family of the question, of what is asked."""
        found = NONE
        for family in self.families:
            found |= ports_at(planes[0 if family == 4 else 1], self.peer)
        return found & self.asked

    def _outcome(self, ports: PortSet) -> Verdict:
        if ports & self._of(self.row.low) is not NONE:
            return Verdict.ALLOWED
        return Verdict.BLOCKED if ports & self._of(self.row.high) is NONE else Verdict.UNKNOWN

    def _try(self, compiled: Compiled, grant: Grant, ports: PortSet) -> Try:
        return try_rule(self.columns, compiled, grant, self.peer, self.families, ports, self.meant)

    # ---- Admin and Baseline ---------------------------------------------------------------------------------

    def _ask_in_order(self, tier: Tier) -> None:
        outcome = self.rows.outcome(self.direction, self.subject, tier)
        if outcome is None or self.left is NONE:
            return
        members = self.rows.members(self.direction, self.subject, tier)
        sound = [member for member in members if not member[0].policy.set_aside]
        steps: list[Step] = []
        attempts: list[Attempt] = []
        open_ = self.left
        for group in orders(sound)[0]:
            for left in [self._ask(member, open_, steps, attempts) for member in group]:
                open_ &= left
        if sound and not steps:
            policies = tuple(compiled.policy for compiled, _ in sound)
            steps.append(Step(tier, "no_rule_matches", None, policies, attempts=tuple(attempts)))
        self.steps += steps
        if not outcome.set_aside:
            self.left &= self._of(outcome.passed)

    def _ask(self, member: Member, asked: PortSet, steps: list[Step], attempts: list[Attempt]) -> PortSet:
        """Ask one policy about the ports that are open; the answer is what it leaves open for certain or perhaps."""
        compiled, certain = member
        open_ = asked
        for grant in compiled.grants[self.direction]:
            if open_ is NONE:
                break
            tried = self._try(compiled, grant, open_)
            if tried.failure:
                attempts.append(tried.attempt)
                continue
            action = grant.rule.action
            reason = tried.doubt or ("" if certain else doubt_about(compiled)) or _REASONS[action]
            outcome = None if action is Action.PASS else self._outcome(tried.ports)
            steps.append(Step(compiled.policy.tier, reason, outcome, (compiled.policy,), grant.rule, tried.ports,
                              detail=_family(tried)))  # fmt: skip
            open_ = open_ if tried.doubt or tried.family else open_ - tried.ports
        return open_ if certain else asked

    # ---- NetworkPolicy --------------------------------------------------------------------------------------

    def _ask_all(self, *, last: bool) -> None:
        if self.left is NONE:
            return
        addition = self.rows.addition(self.direction, self.subject)
        if addition is None:
            outcome = self._outcome(self.left) if last else None
            ports = ALL if self.left is self.asked else self.left
            self.steps.append(Step(Tier.NETWORK_POLICY, "not_isolated", outcome, ports=ports))
            return
        members = self.rows.members(self.direction, self.subject, Tier.NETWORK_POLICY)
        tries = [
            self._try(compiled, grant, self.left)
            for compiled, _ in members
            for grant in compiled.grants.get(self.direction, ())
        ]
        allowing = [
            Step(Tier.NETWORK_POLICY, "rule_allows", self._outcome(each.ports), (each.policy,), each.rule, each.ports,
                 detail=_family(each))
            for each in tries
            if not each.failure and not each.doubt
        ]  # fmt: skip
        self.steps += allowing
        isolating = tuple(c.policy for c, certain in members if certain and not c.policy.set_aside)
        if not allowing and isolating:
            outcome = self._outcome(self.left) if addition.isolated else None
            attempts = tuple(each.attempt for each in tries)
            self.steps.append(Step(Tier.NETWORK_POLICY, "no_rule_matches", outcome, isolating, attempts=attempts))
        elif not allowing and last and self.left & self._of(self.row.low) is not NONE:
            self.steps.append(Step(Tier.NETWORK_POLICY, "not_isolated", Verdict.ALLOWED, ports=self.left))
        if addition.isolated:
            self.left = NONE

    # ---- what cannot be told --------------------------------------------------------------------------------

    def _add_doubts(self) -> None:
        """One step for each reason why the row cannot tell, unless a rung has said so."""
        unknown = self._of(self.row.high) - self._of(self.row.low)
        if unknown is NONE:
            return
        said = {step.reason for step in self.steps if step.outcome is Verdict.UNKNOWN}
        found: dict[tuple[int, str], set[int]] = {}
        for doubt in doubts_at(self.row, self.peer, self.families, unknown):
            if doubt.reason not in said:
                found.setdefault((_TIERS.index(doubt.tier), doubt.reason), set()).update(map(id, doubt.policies))
        known = [compiled.policy for compiled, _ in self.rows.members(self.direction, self.subject)]
        for (tier, reason), concerned in sorted(found.items()):
            policies = tuple(policy for policy in known if id(policy) in concerned)
            self.steps.append(Step(_TIERS[tier], reason, Verdict.UNKNOWN, policies, ports=unknown))


def _family(tried: Try) -> str:
    """The address family to which a match is confined, if it is."""
    return f"IPv{tried.family}" if tried.family else ""
