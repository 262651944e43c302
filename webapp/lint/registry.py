"""The rules: every file of the folder `rules` is one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from webapp.lint.finding import Sighting
from webapp.model.problem import Severity
from webapp.registry import modules_of

if TYPE_CHECKING:
    from webapp.lint.context import Context


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``title`` and ``help`` are its docstring; ``bad`` and ``good`` manifests that the tests execute.
    ``tells``: codes of problems that it tells as findings. ``suppressible``: whether it can be suppressed."""

    code: str
    severity: Severity
    title: str
    help: str
    bad: str
    good: str
    find: Callable[[Context], Iterable[Sighting]]
    tells: tuple[str, ...] = ()
    suppressible: bool = True


@cache
def all_rules() -> tuple[Rule, ...]:
    """All of them, in the order of their codes."""
    import webapp.lint.rules

    found = []
    for module in modules_of(webapp.lint.rules):
        title, _, text = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
        found.append(
            Rule(
                module.__name__.rpartition(".")[2], module.SEVERITY, " ".join(title.split()), text, module.BAD,
                module.GOOD, module.find, getattr(module, "TELLS", ()), getattr(module, "SUPPRESSIBLE", True),
            )
        )  # fmt: skip
    return tuple(found)


def codes() -> tuple[str, ...]:
    return tuple(rule.code for rule in all_rules())
