"""Near misses: rules that would allow what is blocked but for a few things, and what these things are."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.model.labels import Requirement
from webapp.model.policy import Policy, Rule
from webapp.model.source import SourceRef

Path = tuple[str | int, ...]
"""The way to a field of a policy document: ``("spec", "ingress", 0, "from")``."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that keeps a rule from allowing what is asked.

    ``code``: what it is (explain/codes.py). ``cost``: how far off it is; 1 is a label with another value, less is a
    likely slip. ``requirement``: the term of a selector that fails. ``want`` and ``have``: what the rule asks for and
    what there is instead; None where there is nothing. ``meant_key``, ``meant_value``: a spelling that would do.
    ``path``: the field of the policy that it is about, ``source`` its place if that is known.
    """

    code: str
    cost: float
    requirement: Requirement | None = None
    want: str = ""
    have: str | None = None
    meant_key: str = ""
    meant_value: str = ""
    path: Path = ()
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule that does not allow what is asked, and all that would have to be otherwise for it to do so."""

    policy: Policy
    rule: Rule
    gaps: tuple[Gap, ...]

    @property
    def cost(self) -> float:
        return round(sum(gap.cost for gap in self.gaps), 3)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The misses of one end, nearest first. ``looked_at``: how many rules were compared, of ``rules`` in question."""

    misses: tuple[Miss, ...] = ()
    looked_at: int = 0
    rules: int = 0
