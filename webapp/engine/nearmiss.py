"""Which rules come closest to allowing what is blocked at one end, and what they lack.

Rules are sorted cheaply first, by what the covers say of the peer and the ports alone; only the most promising are
then compared term by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from webapp.engine.addressgaps import End, end_of
from webapp.engine.candidates import Asked, Candidate, Search, rule_path
from webapp.engine.columns import Columns
from webapp.engine.covers import Meanings
from webapp.engine.decide import Question
from webapp.engine.gaps import Gauge
from webapp.engine.pairs import common_families
from webapp.engine.rows import Rows
from webapp.model.addresses import Network
from webapp.model.endpoint import Endpoint, Namespace
from webapp.model.miss import Gap, Miss, Nearest
from webapp.model.policy import Direction
from webapp.model.ports import NONE
from webapp.model.verdict import Side, Trace, Verdict

MOST_COMPARED = 1_000
"""So many rules are compared term by term."""
KEPT = 5
_FARTHEST = 1.5
_SPREAD = 0.7
"""What is this much farther than the nearest does not come close."""


class NearMisses:
    """Finds near misses on the rows of one snapshot."""

    def __init__(self, columns: Columns, rows: Rows, namespaces: Mapping[str, Namespace]) -> None:
        self._columns = columns
        self._rows = rows
        self._gauge = Gauge(columns, rows.covers, namespaces)

    def of(
        self, trace: Trace, ends: tuple[int, int], pods: tuple[Endpoint | None, Endpoint | None],
        address: Network | None = None,
    ) -> dict[Direction, Nearest]:  # fmt: skip
        """Those of each end that blocks; nothing for any verdict but blocked. ``ends``: the columns of source and
        destination, ``pods`` what stands for them there, ``address`` the part of an external end that was asked for."""
        if trace.verdict is not Verdict.BLOCKED:
            return {}
        families = common_families(self._columns, *ends, address.family if address is not None else None)
        question = Question(*ends, trace.protocol, trace.port).ports
        found: dict[Direction, Nearest] = {}
        for side, other, turn in ((trace.egress, trace.ingress, 1), (trace.ingress, trace.egress, -1)):
            if side.verdict is Verdict.BLOCKED:
                subject, peer = ends[::turn]
                own, far = pods[::turn]
                wanted = self._rows.surely(other.direction, peer, subject) & question
                ports = question if wanted is NONE else wanted
                asked = Asked(side.direction, subject, peer, (own, far), ports, families, address)
                found[side.direction] = self._nearest(asked, side, other)
        return found

    def _nearest(self, asked: Asked, side: Side, other: Side) -> Nearest:
        """The near misses of a side that blocks; ``other`` is the other end of the same question."""
        last = side.steps[-1]
        if asked.pods[0] is None or (last.joint and last.reason != "no_common_port"):
            return Nearest()  # no rule would help
        meant = None if asked.direction is Direction.EGRESS else self._columns.classes[asked.subject].resolution
        search = Search(self._columns, self._rows, self._gauge, asked, side, meant)
        candidates = sorted(search.candidates(), key=lambda candidate: candidate.likeness)
        subject, peer = asked.pods
        ends = (
            end_of(self._columns, asked.subject, subject, asked.families),
            end_of(self._columns, asked.peer, peer, asked.families, asked.address),
        )
        denied = any(step.reason == "rule_denies" and step.outcome is Verdict.BLOCKED for step in side.steps)
        misses = [] if denied else list(_one_sided(other))
        for candidate in candidates[:MOST_COMPARED]:
            miss = self._compare(candidate, asked, ends, meant)
            misses += [miss] if miss is not None else []
        misses.sort(key=_nearness)
        limit = min(_FARTHEST, misses[0].cost + _SPREAD) if misses else 0
        near = tuple(miss for miss in misses if miss.cost <= limit)
        return Nearest(near[:KEPT], min(len(candidates), MOST_COMPARED), len(candidates))

    def _compare(
        self, candidate: Candidate, asked: Asked, ends: tuple[End, End], meant: Meanings | None
    ) -> Miss | None:
        policy, rule = candidate.policy, candidate.rule
        covered = candidate.covered
        gaps = self._gauge.rule(policy, rule, ends, asked.ports, meant, candidate.home, covered=covered)
        if gaps is None or (candidate.whole and gaps):
            return None
        together = (*candidate.gaps, *gaps)
        return Miss(policy, rule, together) if together else None


def _one_sided(other: Side) -> Iterator[Miss]:
    """The rule of the other end that lets it pass there, if one speaks of this peer."""
    for step in other.steps if other.verdict is Verdict.ALLOWED else ():
        narrow = step.rule is not None and step.rule.peers is not None
        if narrow and step.rule and step.reason == "rule_allows" and step.outcome is Verdict.ALLOWED:
            yield Miss(step.policies[0], step.rule, (Gap("one_sided", 0.5, path=rule_path(step.rule)),))
            return


def _nearness(miss: Miss) -> tuple[object, ...]:
    policy, rule = miss.policy, miss.rule
    return miss.cost, len(miss.gaps), policy.namespace, policy.name, policy.kind, rule.direction, rule.index
