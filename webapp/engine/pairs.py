"""Every pair at once: the rows of both ends folded together, in factored form (design/engine.md, step 8).

Nothing here grows with pods x pods: sources that may send and be admitted alike share one entry, and destinations
are sets of groups that are admitted alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.engine.bits import from_indices, indices, transpose
from webapp.engine.columns import Columns
from webapp.engine.doubts import doubts_at
from webapp.engine.quotient import Quotient
from webapp.engine.reach import Planes, Reach, ports_at, unite
from webapp.engine.rows import Rows
from webapp.model.policy import Direction
from webapp.model.ports import ALL, NONE, PortSet

_MOST_STEPS = 1_000_000  # after so many unions of sets, transposing bit matrices is cheaper


Piece = tuple[PortSet, int]


@dataclass(frozen=True, slots=True)
class Bundle:
    """``sources`` (columns) may all reach the same destinations: ``reach`` as disjoint pieces (ports, groups)."""

    sources: tuple[int, ...]
    reach: Reach


class Pairs:
    """All ordered pairs but external to external. ``groups``: the columns of each destination group, of which the
    bundles speak."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self._quotient = Quotient(columns, rows)
        self.groups = [group.columns for group in self._quotient.targets]

    @cached_property
    def allowed(self) -> list[Bundle]:
        """What is allowed for certain."""
        return _fold(self._quotient, high=False)

    @cached_property
    def possible(self) -> list[Bundle]:
        """What is allowed in at least one world that the input leaves open."""
        return self.allowed if self._quotient.is_certain else _fold(self._quotient, high=True)

    def columns_of(self, groups: int) -> list[int]:
        """The columns of a set of groups."""
        return [column for group in indices(groups) for column in self.groups[group]]


def _fold(quotient: Quotient, *, high: bool) -> list[Bundle]:
    layers = [number for number, layer in enumerate(quotient.layers) if layer.high == high]
    folds = [_fold_layer(quotient, number, single=len(layers) == 1) for number in layers]
    alike: dict[Reach, list[int]] = {}
    for source, *reaches in zip(quotient.sources, *folds, strict=True):
        reach = reaches[0] if len(reaches) == 1 else unite(piece for each in reaches for piece in each)
        if reach in alike:
            alike[reach] += source.columns
        elif reach:
            alike[reach] = list(source.columns)
    return [Bundle(tuple(sorted(sources)), reach) for reach, sources in alike.items()]


def _fold_layer(quotient: Quotient, number: int, *, single: bool) -> Iterator[Reach]:
    """The reach of each group of sources. ``single``: this plane stands for both address families."""
    planes = (0, 1) if single else (quotient.layers[number].plane,)
    everything = (1 << len(quotient.targets)) - 1
    admitted = _admitted(quotient, number)
    leaving: dict[tuple[int, int], list[Piece]] = {}
    for source in quotient.sources:
        kind = quotient.kinds[source.alike]
        out = leaving.get((source.row, kind))
        if out is None:
            near = quotient.near(kind, planes)
            pieces = quotient.leaving.pieces[number][source.row]
            out = leaving[source.row, kind] = [(ports, quotient.left[place] & near) for ports, place in pieces]
        yield _meet(out, admitted[source.alike], everything)


def _meet(leaving: Sequence[Piece], admitted: Reach, everything: int) -> Reach:
    found: dict[PortSet, int] = {}
    for out_ports, out in leaving:
        if out_ports is ALL and out == everything:
            return admitted
        for in_ports, into in admitted:
            shared = out & into
            if shared:
                ports = out_ports & in_ports
                if ports is not NONE:
                    found[ports] = found[ports] | shared if ports in found else shared
    return tuple(found.items())


def _admitted(quotient: Quotient, number: int) -> list[Reach]:
    """From "whom does a destination admit" to "who admits a source": for each class of sources its pieces.

    Most classes are in nearly the same sets as the commonest one, so what admits that is worked out once, and for the
    others only what differs. (A destination has one set for the same ports: what differs can be added by XOR.)"""
    signatures = quotient.senders.signatures
    usual = signatures[Counter(quotient.senders.of).most_common(1)[0][0]]
    differing = [indices(signature ^ usual) for signature in signatures]
    if sum(map(len, differing)) > _MOST_STEPS:
        return _admitted_by_many(quotient, number)
    admitting = _admitting(quotient, number)
    base = _toggled({}, admitting, indices(usual))
    return [tuple(_toggled(base, admitting, sets).items()) for sets in differing]


def _admitting(quotient: Quotient, number: int) -> list[list[Piece]]:
    """For each set of sources, the destination groups that admit it, by ports."""
    rows: list[list[int]] = [[] for _ in quotient.entering.pieces[number]]
    for group, target in enumerate(quotient.targets):
        rows[target.row].append(group)
    found: dict[tuple[int, PortSet], list[int]] = {}
    for pieces, groups in zip(quotient.entering.pieces[number], rows, strict=True):
        for ports, place in pieces:
            found.setdefault((place, ports), []).extend(groups)
    admitting: list[list[Piece]] = [[] for _ in range(len(quotient.entering.sets) + 3)]
    for (place, ports), groups in found.items():
        admitting[place].append((ports, from_indices(groups)))
    return admitting


def _toggled(base: dict[PortSet, int], admitting: Sequence[Sequence[Piece]], sets: Sequence[int]) -> dict[PortSet, int]:
    found = dict(base)
    for place in sets:
        for ports, groups in admitting[place]:
            found[ports] = found[ports] ^ groups if ports in found else groups
    return {ports: groups for ports, groups in found.items() if groups} if 0 in found.values() else found


def _admitted_by_many(quotient: Quotient, number: int) -> list[Reach]:
    """The same where classes have little in common: one transposition for each set of ports."""
    signatures = quotient.senders.signatures
    holding = transpose(signatures, len(quotient.entering.sets) + 3)  # each set as one of classes
    rows = quotient.entering.pieces[number]
    by_ports: dict[PortSet, list[int]] = {}
    for group, target in enumerate(quotient.targets):
        for ports, place in rows[target.row]:
            listed = by_ports.get(ports)
            if listed is None:
                listed = by_ports[ports] = [0] * len(quotient.targets)
            listed[group] = holding[place]
    found: list[list[Piece]] = [[] for _ in signatures]
    for ports, listed in by_ports.items():
        for own, groups in zip(found, transpose(listed, len(signatures)), strict=True):
            if groups:
                own.append((ports, groups))
    return [tuple(own) for own in found]


def unknown_between(
    columns: Columns, rows: Rows, source: int, destination: int, family: int | None = None
) -> tuple[PortSet, PortSet, set[str]]:
    """``(allowed, unknown, reasons)`` ports of one ordered pair of columns; microseconds. ``family``: of it alone."""
    out, into = rows.of[Direction.EGRESS][source], rows.of[Direction.INGRESS][destination]
    families = common_families(columns, source, destination, family)
    sure = _open_between(out.low, into.low, source, destination, families)
    if out.low is out.high and into.low is into.high:
        return sure, NONE, set()
    unknown = _open_between(out.high, into.high, source, destination, families) - sure
    if unknown is NONE:
        return sure, NONE, set()
    reasons = {doubt.reason for row, column in ((out, destination), (into, source))
               for doubt in doubts_at(row, column, families, unknown)}  # fmt: skip
    return sure, unknown, reasons


def _open_between(leaving: Planes, entering: Planes, source: int, destination: int, families: Sequence[int]) -> PortSet:
    found = NONE
    if leaving[0] is leaving[1] and entering[0] is entering[1]:
        families = families[:1]
    for family in families:
        plane = 0 if family == 4 else 1
        found |= ports_at(leaving[plane], destination) & ports_at(entering[plane], source)
    return found


def common_families(columns: Columns, source: int, destination: int, family: int | None = None) -> list[int]:
    """The address families that both ends have (``family``: of this one alone)."""
    mine, its = columns.families_of[source], columns.families_of[destination]
    return [each for each in mine if each in its and family in (None, each)]
