"""The one common form to which every policy API is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

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
    """One peer of a rule: pods by selectors, or addresses by a block, nodes by their labels, or a domain name.

    ``namespaces`` None means the policy's own namespace; ``pods`` None means every pod of those namespaces. Where
    ``block``, ``nodes`` or ``domain`` is set, both selectors are None. ``nodes``: the addresses of the matching nodes
    and the hostNetwork pods on them. ``domain``: a name, or ``*.`` and a name, lower case, no dot at the end.
    """

    namespaces: Selector | None
    pods: Selector | None
    block: Block | None = None
    nodes: Selector | None = None
    domain: str | None = None


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


class Subject(NamedTuple):
    """Whom a policy selects: pods matching ``pods`` (None: all) in ``namespace``, or where that is None in the
    namespaces that ``namespaces`` matches (None: every namespace)."""

    namespace: str | None
    pods: Selector | None
    namespaces: Selector | None = None


class Policy(NamedTuple):
    """A policy in the common form. (Named tuples: clusters have thousands, and they are made twice as fast.)

    ``tier`` decides how rules resolve: those of the NetworkPolicy tier add up, and whom one selects is isolated; those
    of Admin and Baseline are asked one by one, lower ``order`` first, in the order of each policy, and the first that
    matches decides (spec §6.2). ``rules`` has a key for each direction in which the policy applies; in the
    NetworkPolicy tier an empty tuple there isolates, in the others a direction without rules has no key.
    ``set_aside``: '' or the reason code why its rules cannot be known (`policy_set_aside`, `dialect_not_evaluated`);
    it then has no rules and merely *may* select its subject in the directions of ``rules``. ``order``: the priority
    (0-1000) of a policy of the Admin or Baseline tier; equal ones are a tie (spec §6.3).
    ``version``: 0, or the number among several documents of this name that differ (`duplicate_object`).
    ``unlisted``: rules that are written but ignored, as policyTypes does not list their direction.
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
    unlisted: Mapping[Direction, tuple[Rule, ...]] = MappingProxyType({})

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it one object. The group belongs to it: a Calico policy may have the same kind and name."""
        return self.group, self.kind, self.namespace, self.name

    @property
    def title(self) -> str:
        """How problems and sentences name it: "NetworkPolicy production/db"."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def id(self) -> str:
        """How requests name it: see `policy_id`."""
        return policy_id(self.group, self.kind, self.namespace, self.name)


def policy_id(group: str, kind: str, namespace: str, name: str) -> str:
    """`KIND/NAMESPACE/NAME`, of the whole cluster `KIND/NAME`; the kind of an API that is not Kubernetes' own is
    written `KIND.GROUP`, as kubectl has it."""
    kind = kind if group.endswith("networking.k8s.io") else f"{kind}.{group}"
    return f"{kind}/{namespace}/{name}" if namespace else f"{kind}/{name}"
