"""Every pair at once: the rows of both ends folded together, in factored form (design/engine.md, step 8).

Nothing here grows with pods x pods: sources that may send and be admitted alike share one entry, and destinations
are sets of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.engine.bits import from_indices, indices
from webapp.engine.columns import Columns
from webapp.engine.doubts import doubts_at
from webapp.engine.reach import Reach, ports_at, unite
from webapp.engine.rows import Row, Rows
from webapp.model.policy import Direction
from webapp.model.ports import NONE, PortSet

_SPARSE_LIMIT = 4_000_000  # column visits after which numpy's dense transposition is cheaper


@dataclass(frozen=True, slots=True)
class Bundle:
    """``sources`` (columns) may all reach the same destinations: ``reach`` as disjoint pieces (ports, columns)."""

    sources: tuple[int, ...]
    reach: Reach


def allowed(columns: Columns, rows: Rows) -> list[Bundle]:
    """What is allowed for certain, for every ordered pair but external to external."""
    return _fold(columns, rows, high=False)


def possible(columns: Columns, rows: Rows) -> list[Bundle]:
    """What is allowed in at least one world that the input leaves open; equal to `allowed` if nothing is unknown."""
    return _fold(columns, rows, high=True)


def _fold(columns: Columns, rows: Rows, *, high: bool) -> list[Bundle]:
    planes = [_fold_plane(columns, rows, family, high=high) for family in _families_needed(columns, rows)]
    if len(planes) == 1:
        return planes[0]
    by_source: dict[int, list[tuple[PortSet, int]]] = {}
    for bundle in (bundle for plane in planes for bundle in plane):
        for source in bundle.sources:
            by_source.setdefault(source, []).extend(bundle.reach)
    return _bundled((source, unite(pieces)) for source, pieces in sorted(by_source.items()))


def _families_needed(columns: Columns, rows: Rows) -> list[int]:
    """IPv4 alone where IPv6 can add no pair of pods: every pod has IPv4, and no IPv6 block meets a pod. (The bits of
    external parts are the same in both planes.)"""
    pods = (1 << columns.class_count) - 1
    if columns.families[6] & ~columns.families[4] & pods:
        return [4, 6]
    if all(block.network.family == 4 for block in columns.space.blocks):
        return [4]
    distinct = {id(row): row for ways in rows.of.values() for row in ways}.values()
    return [4, 6] if any(p[0] is not p[1] for row in distinct for p in (row.low, row.high)) else [4]


def _fold_plane(columns: Columns, rows: Rows, family: int, *, high: bool) -> list[Bundle]:
    plane = 0 if family == 4 else 1

    def reach(row: Row) -> Reach:
        return (row.high if high else row.low)[plane]

    leaving = [reach(row) for row in rows.of[Direction.EGRESS]]
    entering = [reach(row) for row in rows.of[Direction.INGRESS]]
    admitted = _transpose(columns.count, entering)
    single = len(_families_needed(columns, rows)) == 1
    pods = (1 << columns.class_count) - 1
    memo: dict[tuple[int, Reach, int], Reach] = {}
    answers = []
    for source in range(columns.count):
        near = _compatible(columns, source, family, single)
        if source >= columns.class_count:
            near &= pods  # never external to external
        if not near:
            continue
        key = (id(leaving[source]), admitted[source], near)
        found = memo.get(key)
        if found is None:
            found = memo[key] = _meet(leaving[source], admitted[source], near)
        if found:
            answers.append((source, found))
    return _bundled(answers)


def _compatible(columns: Columns, source: int, family: int, single: bool) -> int:
    """The destinations that share the address family with a source (all its families if one plane stands for both)."""
    mask = 0
    for each in (4, 6) if single else (family,):
        if columns.families[each] >> source & 1:
            mask |= columns.families[each]
    return mask


def _meet(leaving: Reach, admitted: Reach, near: int) -> Reach:
    found: dict[PortSet, int] = {}
    for out_ports, out in leaving:
        out &= near
        if not out:
            continue
        for in_ports, into in admitted:
            shared = out & into
            if shared:
                ports = out_ports & in_ports
                if ports is not NONE:
                    found[ports] = found.get(ports, 0) | shared
    return tuple(found.items())


def _transpose(count: int, entering: Sequence[Reach]) -> list[Reach]:
    """From "whom does a destination admit" to "who admits a source": for each column its pieces (ports, destinations).

    Equal pieces of many rows are visited once, so the usual cluster costs one step for each column that a rule
    names; dense and all-different rows go to numpy."""
    members: dict[int, list[int]] = {}
    by_id: dict[int, Reach] = {}
    for column, reach in enumerate(entering):
        members.setdefault(id(reach), []).append(column)
        by_id[id(reach)] = reach
    pieces: dict[tuple[PortSet, int], int] = {}
    for identity, listed in members.items():
        destinations = from_indices(listed)
        for piece in by_id[identity]:
            pieces[piece] = pieces.get(piece, 0) | destinations
    full = (1 << count) - 1
    if sum(columns.bit_count() for _, columns in pieces if columns != full) > _SPARSE_LIMIT:
        return _transpose_dense(count, pieces)
    shared: dict[PortSet, int] = {}  # what every source is admitted to
    for (ports, columns), destinations in pieces.items():
        if columns == full:
            shared[ports] = shared.get(ports, 0) | destinations
    answers: list[dict[PortSet, int]] = [dict(shared) for _ in range(count)]
    for (ports, columns), destinations in pieces.items():
        if columns != full:
            for column in indices(columns):
                own = answers[column]
                own[ports] = own.get(ports, 0) | destinations
    return [tuple(own.items()) for own in answers]


def _transpose_dense(count: int, pieces: dict[tuple[PortSet, int], int]) -> list[Reach]:
    import numpy as np

    width = (count + 7) // 8
    answers: list[list[tuple[PortSet, int]]] = [[] for _ in range(count)]
    by_ports: dict[PortSet, list[tuple[int, int]]] = {}
    for (ports, columns), destinations in pieces.items():
        by_ports.setdefault(ports, []).append((columns, destinations))
    for ports, listed in by_ports.items():
        matrix = np.zeros((count, width), dtype=np.uint8)  # a row for each destination, a bit for each source
        for columns, destinations in listed:
            row = np.frombuffer(columns.to_bytes(width, "little"), dtype=np.uint8)
            matrix[indices(destinations)] |= row
        turned = np.packbits(np.unpackbits(matrix, axis=1, count=count, bitorder="little").T, axis=1, bitorder="little")
        for source in np.flatnonzero(turned.any(axis=1)).tolist():
            answers[source].append((ports, int.from_bytes(turned[source].tobytes(), "little")))
    return [tuple(own) for own in answers]


def _bundled(answers: Iterable[tuple[int, Reach]]) -> list[Bundle]:
    groups: dict[Reach, list[int]] = {}
    for source, reach in answers:
        groups.setdefault(reach, []).append(source)
    return [Bundle(tuple(sources), reach) for reach, sources in groups.items()]


def unknown_between(
    columns: Columns, rows: Rows, source: int, destination: int, family: int | None = None
) -> tuple[PortSet, PortSet, set[str]]:
    """``(allowed, unknown, reasons)`` ports of one ordered pair of columns; microseconds. ``family``: of it alone."""
    out, into = rows.of[Direction.EGRESS][source], rows.of[Direction.INGRESS][destination]
    sure = perhaps = NONE
    families = common_families(columns, source, destination, family)
    for each in families:
        plane = 0 if each == 4 else 1
        sure |= ports_at(out.low[plane], destination) & ports_at(into.low[plane], source)
        perhaps |= ports_at(out.high[plane], destination) & ports_at(into.high[plane], source)
    unknown = perhaps - sure
    if unknown is NONE:
        return sure, NONE, set()
    reasons = {doubt.reason for row, column in ((out, destination), (into, source))
               for doubt in doubts_at(row, column, families, unknown)}  # fmt: skip
    return sure, unknown, reasons


def common_families(columns: Columns, source: int, destination: int, family: int | None = None) -> list[int]:
    """The address families that both ends have (``family``: of this one alone)."""
    masks = columns.families
    families = (4, 6) if family is None else (family,)
    return [f for f in families if masks[f] >> source & 1 and masks[f] >> destination & 1]
