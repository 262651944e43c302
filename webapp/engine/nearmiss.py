"""Which rules come closest to allowing what is blocked at one end, and what they lack.

Rules are sorted cheaply first, by what the covers say of the peer and the ports alone; only the most promising are
then compared term by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.engine.attempts import meaning_of
from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Meanings
from webapp.engine.gaps import End, Gauge
from webapp.engine.rows import Rows
from webapp.model.addresses import Network
from webapp.model.endpoint import Endpoint, Namespace
from webapp.model.miss import Gap, Miss, Nearest
from webapp.model.policy import Action, Direction, Policy, Rule, Tier
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Side, Step, Verdict

MOST_COMPARED = 1_000
"""So many rules are compared term by term."""
KEPT = 5
_FARTHEST = 1.5
_SPREAD = 0.7
"""What is this much farther than the nearest does not come close."""
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
class _Candidate:
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


class NearMisses:
    """Finds near misses on the rows of one snapshot."""

    def __init__(
        self, columns: Columns, rows: Rows, namespaces: Mapping[str, Namespace], *, blocks_match_pods: bool
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._gauge = Gauge(columns, rows.covers, namespaces, blocks_match_pods=blocks_match_pods)

    def nearest(self, asked: Asked, side: Side, other: Side) -> Nearest:
        """The near misses of a side that blocks; ``other`` is the other end of the same question."""
        if side.steps[-1].reason == "no_common_family":
            return Nearest()
        meant = None if asked.direction is Direction.EGRESS else self._columns.classes[asked.subject].resolution
        search = _Search(self._columns, self._rows, self._gauge, asked, side, meant)
        candidates = sorted(search.candidates(), key=lambda candidate: candidate.likeness)
        subject, peer = asked.pods
        ends = (
            self._gauge.end(asked.subject, subject, asked.families),
            self._gauge.end(asked.peer, peer, asked.families, asked.address),
        )
        misses = [*_one_sided(other)]
        for candidate in candidates[:MOST_COMPARED]:
            miss = self._compare(candidate, asked, ends, meant)
            misses += [miss] if miss is not None else []
        misses.sort(key=_nearness)
        limit = min(_FARTHEST, misses[0].cost + _SPREAD) if misses else 0
        near = tuple(miss for miss in misses if miss.cost <= limit)
        return Nearest(near[:KEPT], min(len(candidates), MOST_COMPARED), len(candidates))

    def _compare(
        self, candidate: _Candidate, asked: Asked, ends: tuple[End, End], meant: Meanings | None
    ) -> Miss | None:
        policy, rule = candidate.policy, candidate.rule
        covered = candidate.covered
        gaps = self._gauge.rule(policy, rule, ends, asked.ports, meant, candidate.home, covered=covered)
        if gaps is None or (candidate.whole and gaps):
            return None
        together = (*candidate.gaps, *gaps)
        return Miss(policy, rule, together) if together else None


@dataclass(frozen=True, slots=True)
class _Search:
    """Collects the rules that are worth a comparison."""

    columns: Columns
    rows: Rows
    gauge: Gauge
    asked: Asked
    side: Side
    meant: Meanings | None

    def candidates(self) -> Iterator[_Candidate]:
        yield from self._selecting()
        yield from self._turned()
        for compiled in self.rows.policies:
            if compiled.policy.set_aside or self._too_late(compiled.policy):
                continue
            if compiled.possible >> self.asked.subject & 1:
                yield from self._unlisted(compiled)
            else:
                yield from self._nearly_selecting(compiled)

    def _selecting(self) -> Iterator[_Candidate]:
        """The rules that were asked in vain."""
        denied = [step for step in self.side.steps if step.reason == "rule_denies" and step.outcome is Verdict.BLOCKED]
        for compiled, _ in self.rows.members(self.asked.direction, self.asked.subject):
            policy = compiled.policy
            if self._too_late(policy):
                continue
            for grant in compiled.grants.get(self.asked.direction, ()):
                if grant.rule.action is Action.ALLOW:
                    late = any(_is_after(policy, grant.rule, step) for step in denied)
                    gaps = (Gap("asked_later", 0.3, path=_rule_path(grant.rule)),) if late else ()
                    likeness = self._likeness(grant)
                    yield _Candidate(likeness, policy, grant.rule, gaps, policy.namespace, covered=likeness < 2)

    def _turned(self) -> Iterator[_Candidate]:
        """Rules of the other direction that would match in this one."""
        direction = _OTHER[self.asked.direction]
        for compiled, certain in self.rows.members(direction, self.asked.subject, Tier.NETWORK_POLICY):
            for grant in compiled.grants.get(direction, ()):
                if certain and grant.rule.peers is not None and not self._likeness(grant):
                    gap = Gap("wrong_direction", 1.2, path=_rule_path(grant.rule))
                    policy = compiled.policy
                    yield _Candidate(1, policy, grant.rule, (gap,), policy.namespace, whole=True)

    def _unlisted(self, compiled: Compiled) -> Iterator[_Candidate]:
        """Rules that are ignored because policyTypes does not list their direction."""
        policy = compiled.policy
        for rule in policy.unlisted.get(self.asked.direction, ()):
            gap = Gap("direction_not_listed", 0.3, path=("spec", "policyTypes"))
            yield _Candidate(0, policy, rule, (gap,), policy.namespace)

    def _nearly_selecting(self, compiled: Compiled) -> Iterator[_Candidate]:
        """Rules that would match, of policies that fail to select the subject by little."""
        policy, home = compiled.policy, self.columns.classes[self.asked.subject].namespace
        grants = compiled.grants.get(self.asked.direction, ())
        if grants and policy.namespace in ("", home):
            allowing = [grant for grant in grants if grant.rule.action is Action.ALLOW and not self._likeness(grant)]
            gaps = tuple(self._near_subject(compiled)) if allowing else ()
            if gaps:
                yield from (_Candidate(0, policy, grant.rule, gaps, policy.namespace, whole=True) for grant in allowing)
        elif grants and self._is_misplaced(compiled):
            gap = Gap("policy_elsewhere", 0.6, want=home, have=policy.namespace, path=("metadata", "namespace"))
            yield from (_Candidate(1, policy, grant.rule, (gap,), home, whole=True) for grant in grants)

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

    def _too_late(self, policy: Policy) -> bool:
        """Whether a policy is of a tier that is not asked any more once the side is blocked."""
        blocking = [_TIERS.index(step.tier) for step in self.side.steps if step.outcome is Verdict.BLOCKED]
        return _TIERS.index(policy.tier) > max(blocking, default=len(_TIERS))

    def _likeness(self, grant: Grant) -> int:
        """0 if peer and ports match (or may), 1 if the peer does, 2 if the ports do, else 3."""
        high = grant.cover.high
        matches = any(high[0 if family == 4 else 1] >> self.asked.peer & 1 for family in self.asked.families)
        ports = meaning_of(self.columns, grant.rule.ports, self.asked.peer, self.meant)
        return (0 if matches else 2) + (0 if ports & self.asked.ports is not NONE else 1)


def _one_sided(other: Side) -> Iterator[Miss]:
    """The rule of the other end that lets it pass there, if one speaks of this peer."""
    for step in other.steps if other.verdict is Verdict.ALLOWED else ():
        narrow = step.rule is not None and step.rule.peers is not None
        if narrow and step.rule and step.reason == "rule_allows" and step.outcome is Verdict.ALLOWED:
            yield Miss(step.policies[0], step.rule, (Gap("one_sided", 0.5, path=_rule_path(step.rule)),))
            return


def _is_after(policy: Policy, rule: Rule, step: Step) -> bool:
    """Whether a rule is asked after the one of a step, in the same tier."""
    denier = step.policies[0]
    if policy is denier and step.rule is not None:
        return rule.index > step.rule.index
    return policy.tier is denier.tier and policy.order > denier.order


def _rule_path(rule: Rule) -> tuple[str | int, ...]:
    return ("spec", str(rule.direction), rule.index)


def _nearness(miss: Miss) -> tuple[object, ...]:
    policy, rule = miss.policy, miss.rule
    return miss.cost, len(miss.gaps), policy.namespace, policy.name, policy.kind, rule.direction, rule.index
