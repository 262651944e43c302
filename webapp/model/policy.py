"""The one common form to which every policy API is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.model.addresses import Block
from webapp.model.labels import Selector
from webapp.model.ports import PortSet
from webapp.model.source import SourceRef


class Direction(StrEnum):
    """Which end of a connection a rule speaks for; the value is the contract's word."""

    INGRESS = "ingress"
    EGRESS = "egress"


class Tier(StrEnum):
    """The tiers in the order in which they are asked (spec §6.2)."""

    ADMIN = "Admin"
    NETWORK_POLICY = "NetworkPolicy"
    BASELINE = "Baseline"
    DEFAULT = "default"


class Action(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105 (an action, no password)


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer of a rule: pods by selectors, or addresses by a block (then both selectors are None).

    ``namespaces`` None means the policy's own namespace; ``pods`` None means every pod of those namespaces.
    """

    namespaces: Selector | None
    pods: Selector | None
    block: Block | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy: its ``peers`` (None: everyone, external too) combined with its ``ports``."""

    direction: Direction
    index: int
    peers: tuple[Peer, ...] | None
    ports: PortSet
    source: SourceRef
    action: Action = Action.ALLOW
    name: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a policy selects: pods matching ``pods`` (None: all) in ``namespace`` (None: in every namespace)."""

    namespace: str | None
    pods: Selector | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy in the common form.

    ``rules`` has a key for each direction in which the policy applies; an empty tuple there isolates.
    ``set_aside``: '' or the reason code why its rules cannot be known (`policy_set_aside`, `dialect_not_evaluated`);
    it then has no rules and merely *may* select its subject in the directions of ``rules``.
    ``version``: 0, or the number among several documents of this name that differ (`duplicate_object`).
    """

    kind: str
    namespace: str
    name: str
    tier: Tier
    subject: Subject
    rules: Mapping[Direction, tuple[Rule, ...]]
    source: SourceRef
    set_aside: str = ""
    order: int = 0
    version: int = 0
    group: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it one object. The group belongs to it: a Calico policy may have the same kind and name."""
        return self.group, self.kind, self.namespace, self.name
