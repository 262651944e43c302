"""What a policy of any evaluated API amounts to: a tier, a subject, and rules in order (spec §§3, 5, 6)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.addresses import Block
from tests.oracle.certainty import Requirement, Selector

INGRESS, EGRESS = "Ingress", "Egress"
BOTH = frozenset({INGRESS, EGRESS})
PROTOCOLS = ("TCP", "UDP", "SCTP")

ADMIN, NETWORK_POLICY, BASELINE = "Admin", "NetworkPolicy", "Baseline"
ALLOW, DENY, PASS = "Allow", "Deny", "Pass"

# Policies that are not evaluated (contract): group, kind, and whether they live in a namespace.
DIALECTS = {
    ("projectcalico.org", "NetworkPolicy"): True,
    ("crd.projectcalico.org", "NetworkPolicy"): True,
    ("projectcalico.org", "GlobalNetworkPolicy"): False,
    ("crd.projectcalico.org", "GlobalNetworkPolicy"): False,
    ("cilium.io", "CiliumNetworkPolicy"): True,
    ("cilium.io", "CiliumClusterwideNetworkPolicy"): False,
}

NOTHING: Selector = (Requirement("none", "In", ()),)
"""Selects nothing: of a cluster-wide policy, a selector with an operator or values that mean nothing (spec §2)."""


@dataclass(frozen=True)
class PortItem:
    """Numbers ``first`` to ``last`` of a protocol, or the port that the destination pod calls ``name``; of any
    protocol where that is ""."""

    protocol: str
    first: int = 1
    last: int = 65535
    name: str = ""


@dataclass(frozen=True, eq=False)
class Peer:
    """One item of ``from`` or ``to``: of what is given here, one thing, or selectors of pods and of namespaces.

    ``pods`` without ``namespaces`` are those of the policy's own namespace.
    """

    blocks: tuple[Block, ...] = ()
    pods: Selector | None = None
    namespaces: Selector | None = None
    nodes: Selector | None = None
    domain_names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """Every peer with every port; an empty tuple stands for all of them (spec §3.3)."""

    peers: tuple[Peer, ...]
    ports: tuple[PortItem, ...]
    action: str = ALLOW


@dataclass(frozen=True)
class Subject:
    """Pods of one namespace (None: of any) by labels of namespace and pod."""

    namespace: str | None = None
    namespaces: Selector = ()
    pods: Selector = ()


@dataclass(frozen=True, eq=False)
class Policy:
    """``set_aside``: nobody knows what it says, and it may select any pod of its ``subject``, which is all that could
    be read. ``dialect``: of an API that is not evaluated. ``directions``: those in which it may say something."""

    kind: str
    name: str
    tier: str
    subject: Subject
    directions: frozenset[str] = BOTH
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    priority: int = 0
    set_aside: bool = False
    dialect: bool = False
