"""What stops reading: a fault of one document, or the budget of YAML nodes being spent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, islice, repeat
from operator import length_hint
from typing import Any

from webapp.errors import BudgetExceeded
from webapp.manifests.budget import Budget


class Fault(Exception):  # noqa: N818 - of a document, not of the program
    """What makes one document unreadable. `line` and `column` begin at 1."""

    def __init__(self, code: str, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.column = code, message, line, column


class Ticks:
    """The budget of YAML nodes of one reading, spent by the events themselves: nothing is counted in Python.

    The beginning and the end of a list or mapping cost one each.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._ticks = None if budget.nodes is None else repeat(True, budget.nodes)

    def spent_by(self, events: Iterator[Any]) -> Iterator[Any]:
        """The events, ending early when the budget is spent."""
        return events if self._ticks is None else compress(events, self._ticks)

    def charge(self, count: int) -> None:
        """Spend more, for the nodes that an alias stands for."""
        if self._ticks is not None:
            if count > length_hint(self._ticks):
                raise self.error()
            next(islice(self._ticks, count, count), None)

    def error(self) -> BudgetExceeded:
        """The error for events that ended early."""
        limit = self._budget.nodes or 0
        return self._budget.exceeded("nodes", limit + 1)
