"""The rules that may come close to allowing what is blocked at one end: found by the covers, before any is compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.engine.attempts import meaning_of
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Meanings
from webapp.engine.gaps import Gauge
from webapp.engine.rows import Rows
from webapp.model.addresses import Network
from webapp.model.endpoint import Endpoint
from webapp.model.miss import Gap, Path
from webapp.model.policy import Action, Direction, Policy, Rule, Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Side, Step, Verdict

_TIERS = list(Tier)
_OTHER = {Direction.INGRESS: Direction.EGRESS, Direction.EGRESS: Direction.INGRESS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one end sees it: ``subject`` and ``peer`` are columns, ``pods`` what stands for them there (None:
    addresses), ``ports`` what is asked for, ``families`` those of both ends, ``address`` the part of the peer that is
    meant if that is an address."""

    direction: Direction
    subject: int
    peer: int
    pods: tuple[Endpoint | None, Endpoint | None]
    ports: PortSet
    families: Sequence[int]
    address: Network | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule, with what is known to fail before it is compared. ``likeness``: 0 if all the rest matches, more if
    less does. ``home``: the namespace that its bare pod selectors speak of. ``whole``: it must lack nothing else;
    ``covered``: its peers are known to match, or to match maybe."""

    likeness: int
    policy: Policy
    rule: Rule
    gaps: tuple[Gap, ...]
    home: str
    whole: bool = False
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Collects the rules that are worth a comparison."""

    columns: Columns
    rows: Rows
    gauge: Gauge
    asked: Asked
    side: Side
    meant: Meanings | None

    def candidates(self) -> Iterator[Candidate]:
        tiers = self._asked_tiers()
        yield from self._selecting(tiers)
        yield from self._turned()
        for compiled in self.rows.policies:
            if compiled.policy.set_aside or compiled.policy.tier not in tiers:
                continue
            if compiled.possible >> self.asked.subject & 1:
                yield from self._unlisted(compiled)
            else:
                yield from self._nearly_selecting(compiled)

    def _asked_tiers(self) -> list[Tier]:
        """The tiers that are asked before the side is blocked."""
        blocking = [_TIERS.index(step.tier) for step in self.side.steps if step.outcome is Verdict.BLOCKED]
        return _TIERS[: max(blocking, default=len(_TIERS)) + 1]

    def _selecting(self, tiers: Sequence[Tier]) -> Iterator[Candidate]:
        """The rules that were asked in vain."""
        denied = [step for step in self.side.steps if step.reason == "rule_denies" and step.outcome is Verdict.BLOCKED]
        for compiled, _ in self.rows.members(self.asked.direction, self.asked.subject):
            policy = compiled.policy
            if policy.tier not in tiers:
                continue
            for grant in compiled.grants.get(self.asked.direction, ()):
                if grant.rule.action is Action.ALLOW:
                    late = any(_is_after(policy, grant.rule, step) for step in denied)
                    gaps = (Gap("asked_later", 0.3, path=rule_path(grant.rule)),) if late else ()
                    likeness = self._likeness(grant)
                    yield Candidate(likeness, policy, grant.rule, gaps, policy.namespace, covered=likeness < 2)

    def _turned(self) -> Iterator[Candidate]:
        """Rules of the other direction that would match in this one."""
        direction = _OTHER[self.asked.direction]
        for compiled, certain in self.rows.members(direction, self.asked.subject, Tier.NETWORK_POLICY):
            for grant in compiled.grants.get(direction, ()):
                if certain and grant.rule.peers is not None and not self._likeness(grant):
                    gap = Gap("wrong_direction", 1.2, path=rule_path(grant.rule))
                    policy = compiled.policy
                    yield Candidate(1, policy, grant.rule, (gap,), policy.namespace, whole=True)

    def _unlisted(self, compiled: Compiled) -> Iterator[Candidate]:
        """Rules that are ignored because policyTypes does not list their direction."""
        policy = compiled.policy
        for rule in policy.unlisted.get(self.asked.direction, ()):
            gap = Gap("direction_not_listed", 0.3, path=("spec", "policyTypes"))
            yield Candidate(0, policy, rule, (gap,), policy.namespace)

    def _nearly_selecting(self, compiled: Compiled) -> Iterator[Candidate]:
        """Rules that would match, of policies that fail to select the subject by little."""
        policy, home = compiled.policy, self.columns.classes[self.asked.subject].namespace
        grants = compiled.grants.get(self.asked.direction, ())
        if grants and policy.namespace in ("", home):
            allowing = [grant for grant in grants if grant.rule.action is Action.ALLOW and not self._likeness(grant)]
            gaps = tuple(self._near_subject(compiled)) if allowing else ()
            if gaps:
                yield from (Candidate(0, policy, grant.rule, gaps, policy.namespace, whole=True) for grant in allowing)
        elif grants and self._is_misplaced(compiled):
            gap = Gap("policy_elsewhere", 0.6, want=home, have=policy.namespace, path=("metadata", "namespace"))
            yield from (Candidate(1, policy, grant.rule, (gap,), home, whole=True) for grant in grants)

    def _near_subject(self, compiled: Compiled) -> list[Gap]:
        """The one term that fails, if it is likely a slip: by its spelling, or since the policy selects nothing."""
        pod = self.asked.pods[0]
        gaps = self.gauge.subject(compiled.policy.subject, pod) if pod is not None else []
        if len(gaps) != 1 or not (gaps[0].cost < 1 or not compiled.possible):
            return []
        return gaps

    def _is_misplaced(self, compiled: Compiled) -> bool:
        """Whether a policy selects no pod where it stands, and would select the subject in the subject's namespace."""
        pods = compiled.policy.subject.pods
        if compiled.possible or pods is None or not pods.requirements:
            return False
        return bool(self.columns.pods.match(pods)[0] >> self.asked.subject & 1)

    def _likeness(self, grant: Grant) -> int:
        """0 if peer and ports match (or may), 1 if the peer does, 2 if the ports do, else 3."""
        high = grant.cover.high
        matches = any(high[0 if family == 4 else 1] >> self.asked.peer & 1 for family in self.asked.families)
        ports = meaning_of(self.columns, grant.rule.ports, self.asked.peer, self.meant)
        return (0 if matches else 2) + (0 if ports & self.asked.ports is not NONE else 1)


def _is_after(policy: Policy, rule: Rule, step: Step) -> bool:
    """Whether a rule is asked after the one of a step, in the same tier."""
    denier = step.policies[0]
    if policy is denier and step.rule is not None:
        return rule.index > step.rule.index
    return policy.tier is denier.tier and policy.order > denier.order


def rule_path(rule: Rule) -> Path:
    """The way to a rule in its document."""
    return ("spec", str(rule.direction), rule.index)
