"""One rule tried on one question: what it matches, or what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.columns import Columns
from webapp.engine.covers import Compiled, Grant, Meanings
from webapp.model.policy import Policy, Rule
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Attempt


@dataclass(frozen=True, slots=True)
class Try:
    """A rule and a question. ``ports``: what it matches of what is asked. ``doubt``: why that is not certain.
    ``failure``: why it matches nothing. ``family``: 4 or 6 if it matches in that address family alone."""

    policy: Policy
    rule: Rule
    ports: PortSet = NONE
    doubt: str = ""
    failure: str = ""
    family: int | None = None

    @property
    def attempt(self) -> Attempt:
        """The same as something that did not help."""
        return Attempt(self.policy, self.rule, self.failure or self.doubt)


def try_rule(
    columns: Columns, compiled: Compiled, grant: Grant, peer: int, families: Sequence[int], asked: PortSet,
    meant: Meanings | None,
) -> Try:  # fmt: skip
    """``peer`` is the column of the other end; ``meant`` what port names mean on the subject, for ingress."""
    policy, rule, cover = compiled.policy, grant.rule, grant.cover
    matches = [family for family in families if cover.low[family == 6] >> peer & 1]
    may_match = [family for family in families if cover.high[family == 6] >> peer & 1]
    ports = meaning_of(columns, rule.ports, peer, meant)
    fits = ports & asked
    if matches and fits is not NONE:
        return Try(policy, rule, fits, family=_only(matches, families))
    if may_match and fits is not NONE:
        return Try(policy, rule, fits, doubt=cover.reasons[0] if cover.reasons else "labels_unknown",
                   family=_only(may_match, families))  # fmt: skip
    if may_match:
        absent = rule.ports.names and ports is PortSet.of(rule.ports.spans)
        return Try(policy, rule, failure="named_port_absent" if absent else "port_mismatch")
    return Try(policy, rule, failure=_peer_failure(columns, policy.namespace, grant, peer))


def _only(matching: Sequence[int], families: Sequence[int]) -> int | None:
    return matching[0] if len(matching) < len(families) else None


def _peer_failure(columns: Columns, namespace: str, grant: Grant, peer: int) -> str:
    """``namespace_mismatch`` if some peer's pod selector would match but for the namespace."""
    for each in grant.rule.peers or ():
        selects_pods = each.block is None and each.nodes is None and each.domain is None
        if selects_pods and peer < columns.class_count and columns.pods.match(each.pods)[0] >> peer & 1:
            return "namespace_mismatch"
    return "peer_mismatch"


def meaning_of(columns: Columns, ports: PortSet, peer: int, meant: Meanings | None) -> PortSet:
    """Ports with their names resolved: on the subject (``meant``, for ingress), else on the peer."""
    if not ports.names:
        return ports
    numbers = PortSet.of(ports.spans)
    if meant is None:
        is_pod = peer < columns.class_count and not columns.hosts >> peer & 1
        meant = columns.classes[peer].resolution if is_pod else {}
    for name in ports.names:
        numbers |= meant.get(name, NONE)
    return numbers
