"""One workspace: the documents that were read, and what has been worked out from them so far. In memory only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from webapp.analysis import Analysis, evaluate
from webapp.manifests.tree import Intake, Mapping, Node, Scalar, Sequence
from webapp.model.assumptions import DEFAULT_ASSUMPTIONS, Assumptions
from webapp.model.problem import Problem
from webapp.web.gate import Gate
from webapp.web.shelf import Shelf

Evaluate = Callable[[Intake, Assumptions], Analysis]

_NODE_BYTES = 160
"""What a value costs beside its text: measured, rounded up."""
_WORKLOAD_BYTES = 2_000
"""What an evaluation costs for each workload: measured, rounded up."""
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What one reading gave, and what is worked out from it. A new reading is a new one, so nothing stale stays."""

    generation: int
    intake: Intake
    intake_bytes: int
    problems: tuple[Problem, ...]
    analyses: Shelf[Analysis]
    pictures: Shelf[bytes]
    faults: list[Problem] = field(default_factory=list)


class Workspace:
    """What a visitor looks at, under an id that nobody can guess.

    ``defaults``: the switches where a request names none. ``name``: what people see. ``watched``: its files are looked
    at again and again, so `generation` may grow.
    """

    def __init__(
        self,
        identity: str,
        name: str,
        intake: Intake,
        gate: Gate,
        *,
        defaults: Assumptions = DEFAULT_ASSUMPTIONS,
        watched: bool = False,
        analyses_kept: int = 4,
        pictures_kept: int = 24,
        evaluate: Evaluate = evaluate,
    ) -> None:
        self.id = identity
        self.name = name
        self.defaults = defaults
        self.watched = watched
        self._gate = gate
        self._kept = (analyses_kept, pictures_kept)
        self._evaluate = evaluate
        self._lock = threading.Lock()
        self._contents = self._holding(0, intake, ())

    @property
    def contents(self) -> Contents:
        """What is shown now. Take it once for a request: it may be replaced at any moment."""
        return self._contents

    def replace(self, intake: Intake | None, problems: tuple[Problem, ...] = ()) -> None:
        """Show a new reading, or (None) the last one with problems beside it. The generation grows by one.

        What cannot be evaluated is raised and not shown.
        """
        with self._lock:
            now = self._contents
            if intake is None:
                self._contents = replace(now, generation=now.generation + 1, problems=problems)
                return
            new = self._holding(now.generation + 1, intake, problems)
            self.analysis(new, self.defaults)
            self._contents = new

    def _holding(self, generation: int, intake: Intake, problems: tuple[Problem, ...]) -> Contents:
        analyses, pictures = self._kept
        return Contents(generation, intake, _weigh(intake), problems, Shelf(analyses), Shelf(pictures))

    def analysis(self, contents: Contents, assumptions: Assumptions) -> Analysis:
        """The evaluation under these switches; made once, however many ask for it."""

        def make() -> Analysis:
            with self._gate:
                return self._evaluate(contents.intake, assumptions)

        return contents.analyses.get(assumptions, make)

    def picture(self, contents: Contents, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """A picture by what it depends on; made once."""

        def guarded() -> bytes:
            with self._gate:
                return make()

        return contents.pictures.get(key, guarded)

    @property
    def size_bytes(self) -> int:
        """About how much memory it holds."""
        now = self._contents
        workloads = sum(len(analysis.workloads) for analysis in now.analyses.values())
        return now.intake_bytes + workloads * _WORKLOAD_BYTES + sum(map(len, now.pictures.values()))


def record_fault(contents: Contents, problem: Problem) -> None:
    """Show a fault of ours among the problems of the workspace; a few of them, each once."""
    if len(contents.faults) < _MOST_FAULTS and all(known.message != problem.message for known in contents.faults):
        contents.faults.append(problem)


def _weigh(intake: Intake) -> int:
    """About how many bytes the documents of a reading take."""
    total = sum(len(text.text) for text in intake.texts.values())
    open_nodes: list[Node] = [document.body for document in intake.documents]
    while open_nodes:
        node = open_nodes.pop()
        total += _NODE_BYTES
        if isinstance(node, Scalar):
            total += len(node.text)
        elif isinstance(node, Mapping):
            open_nodes.extend(node.values())
        elif isinstance(node, Sequence):
            open_nodes.extend(node)
    return total
