"""An analysis seen through a filter of its rows: the same answers about fewer pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.analysis import Analysis, Connection, UnknownConnection
    from webapp.engine.answers import Bundled, Doubled
    from webapp.engine.externals import External
    from webapp.engine.workloads import Workload
    from webapp.model.policy import Direction
    from webapp.model.verdict import Trace, Verdict

Keep = Callable[[str, str], bool]
"""Whether a row from a source to a destination is wanted."""


class Narrowed:
    """What pictures and graphs ask of an analysis, for the wanted pairs and the workloads that have one."""

    def __init__(self, analysis: Analysis | Narrowed, keep: Keep | None = None) -> None:
        self._analysis = analysis
        self.whole: Analysis = analysis.whole if isinstance(analysis, Narrowed) else analysis
        self.keep = keep
        self.externals: tuple[External, ...] = analysis.externals
        self.workloads: tuple[Workload, ...] = analysis.workloads
        if keep is not None:
            ends = {end for row in self.connections() for end in (row.source, row.destination)}
            ends |= {end for row in self.unknowns() for end in (row.source, row.destination)}
            self.workloads = tuple(w for w in analysis.workloads if w.id in ends or keep(w.id, w.id))

    draws_open = True
    """Whether what is open to everybody is among what is shown."""
    draws_blocked = True
    """Whether what is wholly blocked is."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not shown, in sentences; pictures begin their notes with them."""
        return ()

    def wants(self, source: str, destination: str) -> bool:
        """Whether a pair is among the wanted ones."""
        return self.keep is None or self.keep(source, destination)

    def connections(self) -> Iterator[Connection]:
        """As `Analysis.connections`."""
        return (row for row in self._analysis.connections() if self.wants(row.source, row.destination))

    def unknowns(self) -> Iterator[UnknownConnection]:
        """As `Analysis.unknowns`."""
        return (row for row in self._analysis.unknowns() if self.wants(row.source, row.destination))

    def blocks(self) -> Iterator[Bundled]:
        """As `Analysis.blocks`; one by one where there is a filter."""
        if self.keep is None:
            return self._analysis.blocks()
        return (((row.source,), (row.destination,), row.ports) for row in self.connections())

    def aside(self) -> Iterator[tuple[Doubled, str]]:
        """As `Analysis.joint_blocks`: the pairs of chosen ends that are not shown, each with the reason why."""
        return iter(())

    def openness(self, workload: Workload, direction: Direction) -> Verdict:
        """As `Analysis.openness`."""
        return self._analysis.openness(workload, direction)

    def decide(self, source: str, destination: str) -> Trace:
        """As `Analysis.decide`, for every port."""
        return self._analysis.decide(source, destination)
