"""What rules look at: the analysis, with the policies that are understood and the names of whom they cover."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from webapp.analysis import Analysis
from webapp.engine.bits import indices
from webapp.engine.coverage import Coverage, grants_of
from webapp.engine.covers import Compiled, Grant
from webapp.engine.workloads import Workload
from webapp.lint.diagnosis import Diagnosis, Diagnostician
from webapp.lint.spare import Spare
from webapp.lint.suppression import Suppression, suppressions_of
from webapp.lint.texts import Texts
from webapp.lint.wording import listed
from webapp.manifests.fieldplaces import FieldPlaces
from webapp.model.miss import Path
from webapp.model.policy import Direction, Policy, Tier
from webapp.model.source import SourceRef


class Context:
    """One analysis under the lint. What several rules ask for is worked out once."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.coverage: Coverage = analysis.coverage
        self.texts = Texts(analysis)
        self._places: dict[SourceRef, FieldPlaces] = {}
        self._diagnostician = Diagnostician(analysis)

    @cached_property
    def policies(self) -> tuple[Compiled, ...]:
        """Those of all tiers that are understood, in the order of asking; none that contradicts itself."""
        return tuple(each for each in self.coverage.policies if not each.policy.set_aside and not each.policy.version)

    @cached_property
    def network_policies(self) -> tuple[Compiled, ...]:
        """Those of the NetworkPolicy tier."""
        return tuple(each for each in self.policies if each.policy.tier is Tier.NETWORK_POLICY)

    @cached_property
    def rules(self) -> tuple[tuple[Compiled, Grant], ...]:
        """All rules of all understood policies."""
        return tuple((compiled, grant) for compiled in self.policies for grant in grants_of(compiled))

    def in_doubt(self, namespace: str) -> bool:
        """Whether a policy that is not understood, or not evaluated, may select pods of a namespace."""
        return any(home in (None, namespace) for home in self._doubtful_homes)

    @cached_property
    def _doubtful_homes(self) -> frozenset[str | None]:
        doubtful = (policy for policy in self.analysis.policies if policy.set_aside or policy.version)
        return frozenset(policy.subject.namespace for policy in doubtful)

    # ---- names ----------------------------------------------------------------------------------------------

    @cached_property
    def _workloads_at(self) -> dict[int, list[Workload]]:
        found: dict[int, list[Workload]] = {}
        for workload in self.analysis.workloads:
            for column in {column for place in workload.places for column in place}:
                found.setdefault(column, []).append(workload)
        return found

    def workloads(self, columns: int) -> list[Workload]:
        """The workloads that stand in these columns, sorted."""
        found = {each.id: each for column in indices(columns) for each in self._workloads_at.get(column, ())}
        return [found[name] for name in sorted(found)]

    def names(self, columns: int) -> str:
        """The same as a list for a message, cut if it is long."""
        return listed([workload.id for workload in self.workloads(columns)])

    @cached_property
    def by_namespace(self) -> dict[str, list[Workload]]:
        """The workloads of each namespace that has any."""
        found: dict[str, list[Workload]] = {}
        for workload in self.analysis.workloads:
            found.setdefault(workload.namespace, []).append(workload)
        return found

    # ---- places ---------------------------------------------------------------------------------------------

    def place(self, policy: Policy, path: Path = ()) -> SourceRef:
        """Where a field of a policy stands; the policy itself where that is not known."""
        if not path:
            return policy.source
        places = self._places.get(policy.source)
        if places is None:
            text = self.texts.of(policy.source)
            if text is None:
                return policy.source
            places = self._places[policy.source] = FieldPlaces(text, policy.source)
        return places.of(path)

    # ---- what several rules ask for -------------------------------------------------------------------------

    @cached_property
    def spare(self) -> Spare:
        """Policies and rules that could go."""
        return Spare(self.coverage)

    @cached_property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Why selectors that match no pod match none, as far as that can be told."""
        return tuple(self._diagnostician.all(self.network_policies))

    @cached_property
    def suppressions(self) -> tuple[Suppression, ...]:
        """What people wrote about findings that they accept."""
        return tuple(suppressions_of(self.analysis, self.texts))

    def isolating(self, direction: Direction, column: int) -> Iterator[Policy]:
        """The NetworkPolicies that isolate a class."""
        for compiled, _ in self.coverage.members(direction, column):
            if compiled.policy.tier is Tier.NETWORK_POLICY:
                yield compiled.policy
