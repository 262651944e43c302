"""The destinations of a rule, and the ports that their containers declare."""

from __future__ import annotations

from webapp.engine.covers import Compiled, Grant
from webapp.engine.workloads import Workload
from webapp.lint.context import Context
from webapp.model.policy import Direction, Rule
from webapp.model.ports import NONE, PortSet


def destinations(context: Context, compiled: Compiled, grant: Grant) -> int:
    """The columns of the pods on which the ports of a rule are: those that the policy selects, or its peers; 0 where
    it is not certain which."""
    if grant.rule.direction is Direction.INGRESS:
        return compiled.certain if compiled.certain == compiled.possible else 0
    if grant.cover.low != grant.cover.high:
        return 0
    return (grant.cover.low[0] | grant.cover.low[1]) & context.coverage.pods


def selects_unseen(rule: Rule) -> bool:
    """Whether an egress rule speaks of pods wherever they are, so also of such as the input does not hold."""
    if rule.direction is Direction.INGRESS:
        return False
    if rule.peers is None:
        return True
    return any(peer.namespaces is not None and not peer.namespaces.requirements for peer in rule.peers)


def declared_by(context: Context, workload: Workload) -> PortSet | None:
    """The ports that the containers of a workload declare; None if some pod of it declares none."""
    ports = NONE
    for member in context.analysis.members.get(workload.id, ()):
        if not member.ports:
            return None
        for port in member.ports:
            ports |= PortSet.single(port.protocol, port.number)
    return ports if ports is not NONE else None
