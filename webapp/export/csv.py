"""`list -o csv`: a row a pair, for spreadsheets. No cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TextIO

from webapp.analysis import Analysis
from webapp.engine.answers import Targets
from webapp.graph.narrowing import Keep
from webapp.graph.text import visible
from webapp.model.ports import NONE, PortSet

NAME = "csv"
BINARY = False
COLUMNS = ("source", "destination", "verdict", "ports", "unknown_ports", "reasons")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SOURCE = itemgetter(0)

_Tail = tuple[str, PortSet, str]
"""A row but for its source: destination, allowed ports, text."""
_Unsure = dict[str, tuple[PortSet, tuple[str, ...]]]
"""By destination: the ports of which nothing can be said, and why."""


def write(analysis: Analysis, stream: TextIO, *, keep: Keep | None = None) -> None:
    """Write every pair that is not wholly blocked. ``verdict``: allowed (every port), partial or unknown."""
    stream.write(_line(COLUMNS))
    tails = _Tails()
    for source, targets, own, unsure in _sources(analysis):
        rows = tails.of(targets)
        if own is not None:
            rows = rows[:own] + rows[own + 1 :]
        if keep is not None:
            rows = [row for row in rows if keep(source, row[0])]
            unsure = {destination: why for destination, why in unsure.items() if keep(source, destination)}
        if unsure:
            rows = _with_unsure(rows, unsure)
        if rows:
            opening = _line([source])[:-1] + ","
            stream.write(opening + opening.join([tail for _, _, tail in rows]))


def _sources(analysis: Analysis) -> Iterator[tuple[str, Targets, int | None, _Unsure]]:
    """What each source may reach, as `Analysis.by_source`, together with what is unknown; sorted."""
    nothing: _Unsure = {}
    allowed = ((source, targets, own, nothing) for source, targets, own in analysis.by_source())
    unknown = (
        (source, (), None, {row.destination: (row.ports, row.reasons) for row in rows})
        for source, rows in groupby(analysis.unknowns(), key=lambda row: row.source)
    )
    for source, found in groupby(merge(allowed, unknown, key=_SOURCE), key=_SOURCE):
        first, *more = found
        yield (source, first[1], first[2], more[0][3]) if more else first


class _Tails:
    """The rows of targets; sources that share targets share them."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, PortSet], _Tail] = {}
        self._shared: dict[int, tuple[Targets, list[_Tail]]] = {}

    def of(self, targets: Targets) -> list[_Tail]:
        entry = self._shared.get(id(targets))
        if entry is None:
            entry = self._shared[id(targets)] = (targets, [self._tail(pair) for pair in targets])
        return entry[1]

    def _tail(self, pair: tuple[str, PortSet]) -> _Tail:
        tail = self._written.get(pair)
        if tail is None:
            tail = self._written[pair] = (*pair, _text(*pair, NONE, ()))
        return tail


def _with_unsure(rows: list[_Tail], unsure: _Unsure) -> list[_Tail]:
    """The rows of one source, sorted, with what is unknown in the row of its pair."""
    found = {destination: (destination, ports, tail) for destination, ports, tail in rows}
    for destination, (unknown, reasons) in unsure.items():
        ports = found[destination][1] if destination in found else NONE
        found[destination] = (destination, ports, _text(destination, ports, unknown, reasons))
    return [found[destination] for destination in sorted(found)]


@lru_cache(maxsize=1 << 14)
def _text(destination: str, ports: PortSet, unknown: PortSet, reasons: tuple[str, ...]) -> str:
    verdict = "allowed" if ports.is_all else "unknown" if ports.is_empty else "partial"
    return _line((destination, verdict, _ports(ports), _ports(unknown), " ".join(reasons)))


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([neutral(cell) for cell in cells])
    return written.getvalue()


def neutral(cell: str) -> str:
    """The text as a spreadsheet must show it: an apostrophe keeps what looks like a formula from being one."""
    shown = visible(cell)
    return f"'{shown}" if cell.startswith(_FORMULA_STARTS) else shown


def _ports(ports: PortSet) -> str:
    return "" if ports.is_empty else ports.text()
