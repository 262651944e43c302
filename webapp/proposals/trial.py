"""A candidate is tried: applied to the texts, read, evaluated, compared. Only what does what it says is offered."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis, evaluate
from webapp.diff import Change, Difference, compare_among
from webapp.errors import InputError
from webapp.manifests.editing import edited, without
from webapp.manifests.splicing import CannotEdit
from webapp.model.policy import Direction
from webapp.model.ports import NONE
from webapp.model.problem import Problem
from webapp.proposals.book import Book
from webapp.proposals.fix import Candidate, Pair
from webapp.proposals.world import World

MOST_TRIED = 6
"""Each trial is an evaluation."""
MOST_OFFERED = 3
_CONTEXT = 3
_HUNK = re.compile(r"^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that was tried. ``edits``: the new text of the policies of each file that it changes; ``patch``: the
    same as a unified diff; ``text``: the documents that it writes. ``rows``: all that it opens, cuts, or makes unknown
    beside what was asked. ``lines`` and ``size``: how many lines it changes, and by how many characters. ``beyond``:
    how many other workloads the changed policies select: their own end is changed, even where no pair is yet."""

    title: str
    note: str
    text: str
    edits: Mapping[str, str]
    patch: str
    rows: tuple[Change, ...]
    lines: int
    size: int
    beyond: int = 0

    @property
    def id(self) -> str:
        """The same for the same change."""
        return hashlib.sha256(repr(sorted(self.edits.items())).encode("utf-8", "backslashreplace")).hexdigest()[:12]

    @property
    def opened(self) -> int:
        """How many pairs it opens ports of."""
        return sum(row.opened_ports is not NONE for row in self.rows)

    @property
    def cut(self) -> int:
        return sum(row.cut_ports is not NONE for row in self.rows)

    @property
    def unknown(self) -> int:
        """Of how many pairs something is not known any more."""
        return sum(row.after_unknown - row.before_unknown is not NONE for row in self.rows)

    @property
    def cost(self) -> tuple[object, ...]:
        """What ranks it: least else opened, least else cut, fewest workloads concerned, fewest lines."""
        return self.opened, self.cut + self.unknown, self.beyond, self.lines, self.size, self.title


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial: the texts, what they mean, and all that is different then."""

    book: Book
    head: Analysis
    changes: Difference
    selected: frozenset[str] = frozenset()
    """Those whom the changed policies select."""


def run(world: World, candidate: Candidate) -> Outcome | None:
    """None where a text cannot be changed so, or is not read as it was meant."""
    book = world.book()
    try:
        for act in candidate.acts:
            act(book)
        return outcome_of(world, book)
    except (CannotEdit, InputError):
        return None


def outcome_of(world: World, book: Book) -> Outcome:
    """What a book comes to."""
    base = world.analysis
    intake = without(edited(world.apart, book.parts()), world.off)
    head = evaluate(intake, base.assumptions)
    touched = {identity for side in (base, head) for identity in selected_by(side, book.touched)}
    return Outcome(book, head, compare_among(base, head, touched), frozenset(touched))


def selected_by(analysis: Analysis, policies: Iterable[str]) -> Iterator[str]:
    """The workloads that some policies select, or may select."""
    wanted = frozenset(policies)
    known: dict[object, bool] = {}
    for workload in analysis.workloads:
        for place in workload.places:
            if place not in known:
                known[place] = any(
                    compiled.policy.id in wanted
                    for direction in Direction
                    for compiled, _ in analysis.sides.members(direction, place)
                )
        if any(known[place] for place in workload.places):
            yield workload.id


def offered(world: World, candidates: Iterable[Candidate], pair: Pair, *, opens: bool) -> list[Proposal]:
    """The best of the candidates, each tried: those that open exactly what is asked, or close it."""
    found: dict[str, Proposal] = {}
    for _, candidate in zip(range(MOST_TRIED), candidates, strict=False):
        outcome = run(world, candidate)
        if outcome is not None and does(outcome, world, pair, opens=opens):
            proposal = proposal_of(candidate, outcome, _beside(outcome, pair, opens=opens), pair)
            found.setdefault(proposal.id, proposal)
    return sorted(found.values(), key=lambda proposal: proposal.cost)[:MOST_OFFERED]


def proposal_of(candidate: Candidate, outcome: Outcome, rows: Iterable[Change], pair: Pair | None = None) -> Proposal:
    """What is shown of a trial."""
    edits = outcome.book.files()
    own = frozenset((*pair.source.ids, *pair.destination.ids)) if pair is not None else frozenset()
    patch, lines = patch_of(outcome.book, edits)
    text = "---\n".join(outcome.book.written)
    size = sum(abs(len(text) - len(outcome.book.before(name))) for name, text in edits.items())
    others = len(outcome.selected - own)
    return Proposal(candidate.title, candidate.note, text, edits, patch, tuple(rows), lines, size, others)


# ---- whether it does what is asked -------------------------------------------------------------------------------


def does(outcome: Outcome, world: World, pair: Pair, *, opens: bool) -> bool:
    """Whether exactly the asked ports of the pair are open now, beside those that were; or none of them is."""
    changed = {(row.source, row.destination): row for row in outcome.changes.rows}
    sources = _ends_of(outcome.changes, pair.source.ids, pair)
    destinations = _ends_of(outcome.changes, pair.destination.ids, pair)
    if any(problem.severity == "error" for problem in _new_problems(outcome, world)):
        return False
    asked = [(one, other) for one in sources for other in destinations]
    return bool(asked) and all(_is_done(outcome, world, pair, changed, one, other, opens=opens) for one, other in asked)


def _new_problems(outcome: Outcome, world: World) -> Iterator[Problem]:
    known = {(problem.code, problem.object, problem.path) for problem in world.analysis.problems}
    for problem in outcome.head.problems:
        if (problem.code, problem.object, problem.path) not in known:
            yield problem


def _is_done(
    outcome: Outcome,
    world: World,
    pair: Pair,
    changed: Mapping[tuple[str, str], Change],
    one: str,
    other: str,
    *,
    opens: bool,
) -> bool:
    origins = outcome.changes.origins
    workload = world.analysis.workload_by_id.get(origins[one])
    if origins[one] == origins[other] and workload is not None and not workload.reaches_itself:
        return True
    row = changed.get((one, other))
    if row is None:
        before, doubt = world.analysis.ports(origins[one], origins[other])
        row = Change(one, other, before, before, doubt, doubt)
    if opens:
        return (
            pair.ports - row.after is NONE and row.cut_ports is NONE and row.opened_ports - pair.ports is NONE
        )  # fmt: skip
    return (row.after | row.after_unknown) & pair.ports is NONE and row.opened_ports is NONE


def _ends_of(changes: Difference, ids: Iterable[str], pair: Pair) -> list[str]:
    """The ends of the comparison that are meant: a question about a few addresses is about no others."""
    wanted = frozenset(ids)
    within = pair.source.within or pair.destination.within
    parts = {part.id: part for part in changes.externals}
    found = []
    for identity, origin in changes.origins.items():
        if origin in wanted:
            part = parts.get(identity)
            if part is None or within is None or all(
                family == within.family and within.first <= first and last <= within.last
                for family, first, last in part.ranges
            ):  # fmt: skip
                found.append(identity)
    return found


def _beside(outcome: Outcome, pair: Pair, *, opens: bool) -> Iterator[Change]:
    """What changes beside what was asked; of the asked pair itself, other ports."""
    sources = frozenset(_ends_of(outcome.changes, pair.source.ids, pair))
    destinations = frozenset(_ends_of(outcome.changes, pair.destination.ids, pair))
    for row in outcome.changes.rows:
        if row.source not in sources or row.destination not in destinations:
            yield row
        elif not opens and row.cut_ports - pair.ports is not NONE:
            yield Change(row.source, row.destination, row.before - pair.ports, row.after - pair.ports)


# ---- how it is shown ---------------------------------------------------------------------------------------------


def patch_of(book: Book, edits: Mapping[str, str]) -> tuple[str, int]:
    """A unified diff, and how many lines it adds or takes away, comments apart."""
    pieces: list[str] = []
    count = 0
    for name, text in sorted(edits.items()):
        before = book.before(name)
        old_name, new_name = _label(name) if before else "/dev/null", _label(name) if text else "/dev/null"
        found = list(_unified(_lines(before), _lines(text), old_name, new_name))
        pieces += [line if line.endswith("\n") else f"{line}\n" for line in found]
        count += sum(_counts(line) for line in found)
    return "".join(pieces), count


def _label(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)


def _unified(old: Sequence[str], new: Sequence[str], old_name: str, new_name: str) -> Iterator[str]:
    """`difflib.unified_diff` of what differs alone: files are long, and changes are small."""
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - head) if old[-1 - i] != new[-1 - i]), shortest - head)
    start, rest = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    slices = old[start : len(old) - rest], new[start : len(new) - rest]
    for line in difflib.unified_diff(*slices, old_name, new_name, n=_CONTEXT):
        yield _HUNK.sub(lambda match: _moved(match, start), line)


def _moved(hunk: re.Match[str], lines: int) -> str:
    """The head of a hunk so many lines further down."""
    old, new = int(hunk[1]) + lines, int(hunk[3]) + lines
    return f"@@ -{old}{hunk[2] or ''} +{new}{hunk[4] or ''} @@"


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _counts(line: str) -> bool:
    return line[:1] in "+-" and line[:3] not in ("+++", "---") and not line[1:].lstrip().startswith("#")
