"""What the tiers make of what policies say about one packet (spec §§6.2-6.4, 7.2, 7.4; contract, "Set aside").

Every doubt is a coin of its own: a match that is MAYBE, the order of policies that tie. All the ways in which the
coins may fall are gone through; where they end in different verdicts, the verdict is UNKNOWN.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.oracle.certainty import Match
from tests.oracle.policies import ADMIN, ALLOW, BASELINE, DENY, NETWORK_POLICY

ALLOWED, BLOCKED, UNKNOWN = "allowed", "blocked", "unknown"
ALLOWED_BY_RULE = "allowed by a rule"
NO_MATCH, NOT_ISOLATED = "no match", "not isolated"


@dataclass(frozen=True)
class Statement:
    """What one policy says about one packet: whether it applies to the subject, and which of its rules, in their
    order, match the packet, with their actions. Rules that do not match are left out."""

    kind: str
    tier: str
    priority: int
    applies: Match
    rules: tuple[tuple[Match, str], ...] = ()
    set_aside: bool = False
    dialect: bool = False


@cache
def verdict(statements: tuple[Statement, ...]) -> str:
    """Of one side, from the statements of all policies that may apply to the subject."""
    if any(statement.dialect for statement in statements):
        return UNKNOWN
    endings = set(_endings(statements))
    if any(s.set_aside and s.tier == ADMIN for s in statements):  # it may undo all but what a rule allows
        return ALLOWED if endings == {ALLOWED_BY_RULE} else UNKNOWN
    verdicts = {BLOCKED if ending == BLOCKED else ALLOWED for ending in endings}
    return verdicts.pop() if len(verdicts) == 1 else UNKNOWN


def _endings(statements: tuple[Statement, ...]) -> Iterator[str]:
    """Every way in which the chain may end. A policy that is set aside says nothing here in the Admin tier."""
    in_force = [s for s in statements if not (s.set_aside and s.tier == ADMIN)]
    of_tier = {tier: [s for s in in_force if s.tier == tier] for tier in (ADMIN, NETWORK_POLICY, BASELINE)}
    for admin in _admin(of_tier[ADMIN]):
        if admin in (ALLOW, DENY):
            yield ALLOWED_BY_RULE if admin == ALLOW else BLOCKED
            continue
        for middle in _network_policies(of_tier[NETWORK_POLICY]):
            if middle in (ALLOW, DENY):
                yield ALLOWED_BY_RULE if middle == ALLOW else BLOCKED
                continue
            for last in _baseline(of_tier[BASELINE]):
                yield {ALLOW: ALLOWED_BY_RULE, DENY: BLOCKED}.get(last, ALLOWED)


# ---------------------------------------------------------------- each tier


def _admin(policies: list[Statement]) -> set[str]:
    """How the two APIs are ordered to each other is not defined: by priority together, or one before the other."""

    def is_old(policy: Statement) -> bool:
        return policy.kind == "AdminNetworkPolicy"

    return (
        _first_match(_groups(policies, lambda p: p.priority))
        | _first_match(_groups(policies, lambda p: (not is_old(p), p.priority)))
        | _first_match(_groups(policies, lambda p: (is_old(p), p.priority)))
    )


def _baseline(policies: list[Statement]) -> set[str]:
    """The BaselineAdminNetworkPolicy comes last, or first. One that is set aside may say anything, but what another
    rule allows stays allowed."""

    def is_old(policy: Statement) -> bool:
        return policy.kind == "BaselineAdminNetworkPolicy"

    in_force = [policy for policy in policies if not policy.set_aside]
    said = _first_match(_groups(in_force, lambda p: (is_old(p), p.priority))) | _first_match(
        _groups(in_force, lambda p: (not is_old(p), p.priority))
    )
    return said if len(in_force) == len(policies) or said == {ALLOW} else {ALLOW, DENY}


def _network_policies(policies: list[Statement]) -> set[str]:
    """A pod to which nothing applies is not isolated; else a packet needs one rule of one policy that applies. Of one
    that is set aside nobody knows whether it applies, nor what it allows."""
    coins = [(_faces(Match.MAYBE), (False, True)) if p.set_aside else (_faces(p.applies), _allows(p)) for p in policies]
    endings = set()
    for fallen in itertools.product(*(itertools.product(*faces) for faces in coins)):
        applying = [allows for applies, allows in fallen if applies]
        endings.add(NOT_ISOLATED if not applying else ALLOW if any(applying) else DENY)
    return endings


# ---------------------------------------------------------------- first match


def _groups(policies: Iterable[Statement], order: Callable[[Statement], Any]) -> list[list[Statement]]:
    """In order; those of one group tie."""
    return [list(group) for _, group in itertools.groupby(sorted(policies, key=order), order)]


def _first_match(groups: list[list[Statement]]) -> set[str]:
    """Every action that may decide. In a tie it may be that of any policy that matches."""
    if not groups:
        return {NO_MATCH}
    found = set()
    for said in itertools.product(*(_may_say(policy) for policy in groups[0])):
        found |= set(said) - {NO_MATCH} or _first_match(groups[1:])
    return found


def _may_say(policy: Statement) -> set[str]:
    """The action of the first rule that matches, for each way in which the doubts about this policy may fall."""
    found = {NO_MATCH} if policy.applies is Match.MAYBE else set()
    for match, action in policy.rules:
        found.add(action)
        if match is Match.YES:
            return found
    return found | {NO_MATCH}


def _faces(match: Match) -> tuple[bool, ...]:
    return (False, True) if match is Match.MAYBE else (match is Match.YES,)


def _allows(policy: Statement) -> tuple[bool, ...]:
    return _faces(max((match for match, _ in policy.rules), default=Match.NO))
