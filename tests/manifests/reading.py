"""Short ways to read text in tests."""

from __future__ import annotations

from webapp.manifests import COMMAND_LINE_BUDGET, Budget, Intake, SourceFile, inventory_of, read
from webapp.model.endpoint import Endpoint, Inventory
from webapp.model.problem import Problem

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\n"


def read_text(text: str | bytes, budget: Budget = COMMAND_LINE_BUDGET, name: str = "x.yaml") -> Intake:
    """One file."""
    return read([SourceFile(name, text if isinstance(text, bytes) else text.encode())], budget)


def inventory(text: str, **options: object) -> tuple[Inventory, tuple[Problem, ...]]:
    """The inventory of one file; no selector asks for labels unless told."""
    options.setdefault("used_label_keys", frozenset())
    return inventory_of(read_text(text).documents, **options)  # type: ignore[arg-type]


def endpoints(text: str, **options: object) -> dict[str, list[Endpoint]]:
    """The endpoints of one file by workload id."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in inventory(text, **options)[0].endpoints:
        found.setdefault(endpoint.workload_id, []).append(endpoint)
    return found


def codes(problems: tuple[Problem, ...]) -> list[str]:
    """The codes of problems, in their order."""
    return [problem.code for problem in problems]


def places(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    """Code, document and line of problems that stand somewhere."""
    return [(each.code, each.source.document, each.source.line) for each in problems if each.source]
