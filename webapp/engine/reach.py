"""Sets of points (port, column), and what can be done with them.

A `Reach` is kept as few disjoint pieces, so that its size grows with what rules tell apart, not with ports or pods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from webapp.model.ports import NONE, PortSet

Reach = tuple[tuple[PortSet, int], ...]
"""Pieces (ports, columns); the columns of two pieces never overlap, no two have the same ports, none is empty."""

Planes = tuple[Reach, Reach]
"""A reach for IPv4 and one for IPv6; the same object unless an address block meets pods."""

NOTHING: Planes = ((), ())


def unite(pieces: Iterable[tuple[PortSet, int]]) -> Reach:
    """The reach that these pieces, which may overlap, add up to."""
    by_ports: dict[PortSet, int] = {}
    for ports, columns in pieces:
        if columns and ports is not NONE:
            by_ports[ports] = by_ports.get(ports, 0) | columns
    if len(by_ports) <= 1:
        return tuple(by_ports.items())
    disjoint: dict[PortSet, int] = {}
    for ports, columns in by_ports.items():
        fresh = columns
        for other, taken in list(disjoint.items()):
            shared = taken & columns
            if not shared:
                continue
            fresh &= ~shared
            joined = other | ports
            if joined is other:
                continue
            left = taken & ~shared
            if left:
                disjoint[other] = left
            else:
                del disjoint[other]
            disjoint[joined] = disjoint.get(joined, 0) | shared
        if fresh:
            disjoint[ports] = disjoint.get(ports, 0) | fresh
    return tuple(disjoint.items())


def intersect(a: Reach, b: Reach) -> Reach:
    """The points that both hold."""
    if a is b:
        return a
    return _gather((p & q, x & y) for p, x in a for q, y in b if x & y)


def subtract(a: Reach, b: Reach) -> Reach:
    """The points of ``a`` that ``b`` does not hold."""
    if a is b:
        return ()
    return _gather(_left(a, b)) if a and b else a


def split(a: Reach, b: Reach) -> tuple[Reach, Reach]:
    """The points of ``a`` that ``b`` holds, and the others."""
    if len(b) == 1:
        return _split_by_one(a, *b[0])
    taken: dict[PortSet, int] = {}
    left: dict[PortSet, int] = {}
    for ports, columns in a:
        rest = columns
        for asked, having in b:
            shared = rest & having
            if shared:
                rest ^= shared
                common = ports & asked
                if common is not NONE:
                    taken[common] = taken.get(common, 0) | shared
                if common is not ports:
                    other = ports - asked
                    left[other] = left.get(other, 0) | shared
        if rest:
            left[ports] = left.get(ports, 0) | rest
    return tuple(taken.items()), tuple(left.items())


def _split_by_one(a: Reach, asked: PortSet, having: int) -> tuple[Reach, Reach]:
    taken: dict[PortSet, int] = {}
    left: dict[PortSet, int] = {}
    for ports, columns in a:
        shared = columns & having
        common = ports & asked if shared else NONE
        if common is NONE:
            left[ports] = left[ports] | columns if ports in left else columns
            continue
        taken[common] = taken[common] | shared if common in taken else shared
        if common is not ports:
            other = ports - asked
            left[other] = left[other] | shared if other in left else shared
        rest = columns ^ shared
        if rest:
            left[ports] = left[ports] | rest if ports in left else rest
    return (tuple(taken.items()), tuple(left.items())) if taken else ((), a)


def same(a: Reach, b: Reach) -> bool:
    """Whether both hold the same points."""
    return a is b or (len(a) == len(b) and dict(a) == dict(b))


def ports_at(reach: Reach, column: int) -> PortSet:
    """The ports of a reach toward one column."""
    for ports, columns in reach:
        if columns >> column & 1:
            return ports
    return NONE


def _gather(pieces: Iterable[tuple[PortSet, int]]) -> Reach:
    """Pieces whose columns are disjoint already, those of equal ports joined."""
    found: dict[PortSet, int] = {}
    for ports, columns in pieces:
        if columns and ports is not NONE:
            found[ports] = found.get(ports, 0) | columns
    return tuple(found.items())


def _left(a: Reach, b: Reach) -> Iterator[tuple[PortSet, int]]:
    for ports, columns in a:
        rest = columns
        for taken, having in b:
            shared = rest & having
            if shared:
                rest ^= shared
                yield ports - taken, shared
                if not rest:
                    break
        if rest:
            yield ports, rest


Cell = tuple[int, PortSet, PortSet]
"""Columns toward which one reach holds the first ports and another the second."""


def refine(a: Reach, b: Reach) -> list[Cell]:
    """The common refinement of two reaches: disjoint columns, each with the ports of both."""
    cells: list[Cell] = []
    over = 0
    for ports, columns in a:
        rest = columns
        over |= columns
        for others, having in b:
            shared = rest & having
            if shared:
                rest ^= shared
                cells.append((shared, ports, others))
        if rest:
            cells.append((rest, ports, NONE))
    cells += [(columns & ~over, NONE, ports) for ports, columns in b if columns & ~over]
    return cells


def follow(cells: Sequence[Cell], reach: Reach) -> Reach:
    """The first ports of each cell, and of its second ports those that ``reach`` holds."""
    found: dict[PortSet, int] = {}
    for columns, ports, left in cells:
        rest = columns
        if left is not NONE:
            for open_, having in reach:
                shared = rest & having
                if shared:
                    rest ^= shared
                    joined = ports | (left & open_)
                    if joined is not NONE:
                        found[joined] = found.get(joined, 0) | shared
        if rest and ports is not NONE:
            found[ports] = found.get(ports, 0) | rest
    return tuple(found.items())


# ---- both families at once ----------------------------------------------------------------------------------


def join(many: Sequence[Planes]) -> Planes:
    """The points that any of these hold."""
    return _each(lambda reaches: unite(piece for reach in reaches for piece in reach), many)


def meet(many: Sequence[Planes]) -> Planes:
    """The points that all of these hold."""
    return _each(_meet, many)


def without(planes: Planes, others: Planes) -> Planes:
    """The points of ``planes`` that ``others`` do not hold."""
    return _each(lambda pair: subtract(pair[0], pair[1]), (planes, others))


def parted(planes: Planes, others: Planes) -> tuple[Planes, Planes]:
    """The points of ``planes`` that ``others`` hold, and the rest of them."""
    v4 = split(planes[0], others[0])
    if planes[0] is planes[1] and others[0] is others[1]:
        return (v4[0], v4[0]), (v4[1], v4[1])
    v6 = split(planes[1], others[1])
    return (v4[0], v6[0]), (v4[1], v6[1])


def equal(planes: Planes, others: Planes) -> bool:
    """Whether both hold the same points in both families."""
    return planes is others or (same(planes[0], others[0]) and same(planes[1], others[1]))


def is_empty(planes: Planes) -> bool:
    return not planes[0] and not planes[1]


def _meet(reaches: Sequence[Reach]) -> Reach:
    found = reaches[0]
    for reach in reaches[1:]:
        found = intersect(found, reach)
    return found


def _each(work: Callable[[Sequence[Reach]], Reach], many: Sequence[Planes]) -> Planes:
    if len(many) == 1:
        return many[0]
    v4 = work([planes[0] for planes in many])
    alike = all(planes[0] is planes[1] for planes in many)
    return v4, (v4 if alike else work([planes[1] for planes in many]))
