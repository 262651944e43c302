"""What one reading gave, and what has been worked out from it so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.analysis import Analysis
from webapp.diff import Changes
from webapp.manifests.tree import Document, Intake, Mapping, Node, Scalar, Sequence
from webapp.model.problem import Problem
from webapp.web.shelf import Shelf

_NODE_BYTES = 160
"""What a value costs beside its text: measured, rounded up."""
_WORKLOAD_BYTES = 2_000
"""What an evaluation costs for each workload: measured, rounded up."""
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """A reading with its evaluations, one for each set of switches, and the answers that are kept as bytes. A new
    reading is a new one, so nothing stale stays. ``changes``: how it differs from the files as loaded."""

    generation: int
    intake: Intake
    intake_bytes: int
    problems: tuple[Problem, ...]
    analyses: Shelf[Analysis]
    pictures: Shelf[bytes]
    changes: Shelf[Changes] = field(default_factory=lambda: Shelf(1))
    faults: list[Problem] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        """About how much memory it holds."""
        workloads = sum(len(analysis.workloads) for analysis in self.analyses.values())
        kept = workloads * _WORKLOAD_BYTES + sum(changes.size_bytes for changes in self.changes.values())
        return self.intake_bytes + kept + sum(map(len, self.pictures.values()))


def record_fault(contents: Contents, problem: Problem) -> None:
    """Show a fault of ours among the problems of the workspace; a few of them, each once."""
    if len(contents.faults) < _MOST_FAULTS and all(known.message != problem.message for known in contents.faults):
        contents.faults.append(problem)


def weigh(documents: Iterable[Document], texts: Iterable[str]) -> int:
    """About how many bytes documents take, and texts that are kept."""
    total = sum(map(len, texts))
    open_nodes: list[Node] = [document.body for document in documents]
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
