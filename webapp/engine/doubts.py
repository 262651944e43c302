"""Why a row cannot tell, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.engine.reach import Planes, meet, ports_at
from webapp.model.policy import Policy, Tier
from webapp.model.ports import NONE, PortSet

if TYPE_CHECKING:
    from webapp.engine.rows import Row


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason code, how far it may make a difference, and the policies that it concerns."""

    reason: str
    planes: Planes
    policies: tuple[Policy, ...] = ()
    tier: Tier = Tier.NETWORK_POLICY

    def within(self, planes: Planes) -> Doubt:
        """The same, where it may matter at all."""
        return Doubt(self.reason, meet([self.planes, planes]), self.policies, self.tier)


def doubts_at(row: Row, column: int, families: Sequence[int], ports: PortSet) -> Iterator[Doubt]:
    """The doubts of a row about these ports toward a column."""
    for doubt in row.doubts:
        planes = {
            id(doubt.planes[0 if family == 4 else 1]): doubt.planes[0 if family == 4 else 1] for family in families
        }
        if any(ports_at(reach, column) & ports is not NONE for reach in planes.values()):
            yield doubt
