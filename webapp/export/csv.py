"""`list -o csv`: a row a pair, for spreadsheets. No cell can become a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from heapq import merge
from typing import TextIO

from webapp.analysis import Analysis
from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.text import visible
from webapp.model.ports import NONE, PortSet

NAME = "csv"
BINARY = False
COLUMNS = ("source", "destination", "verdict", "ports", "unknown_ports", "reasons")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_Row = tuple[str, str, PortSet, PortSet, tuple[str, ...]]


def write(analysis: Analysis, stream: TextIO, *, keep: Keep | None = None) -> None:
    """Write every pair that is not wholly blocked. ``verdict``: allowed (every port), partial or unknown."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for source, destination, ports, unknown, reasons in _rows(Narrowed(analysis, keep)):
        verdict = "allowed" if ports.is_all else "unknown" if ports.is_empty else "partial"
        cells = (source, destination, verdict, _ports(ports), _ports(unknown), " ".join(reasons))
        writer.writerow([neutral(cell) for cell in cells])


def neutral(cell: str) -> str:
    """The text as a spreadsheet must show it: an apostrophe keeps what looks like a formula from being one."""
    shown = visible(cell)
    return f"'{shown}" if cell.startswith(_FORMULA_STARTS) else shown


def _ports(ports: PortSet) -> str:
    return "" if ports.is_empty else ports.text()


def _rows(view: Narrowed) -> Iterator[_Row]:
    """Allowed and unknown ports of a pair in one row; both streams are sorted by pair."""
    allowed: Iterator[_Row] = ((c.source, c.destination, c.ports, NONE, ()) for c in view.connections())
    unknown: Iterator[_Row] = ((u.source, u.destination, NONE, u.ports, u.reasons) for u in view.unknowns())
    waiting: _Row | None = None
    for row in merge(allowed, unknown, key=lambda row: row[:2]):
        if waiting is not None and waiting[:2] == row[:2]:
            waiting = (*row[:2], waiting[2] | row[2], waiting[3] | row[3], waiting[4] + row[4])
            continue
        if waiting is not None:
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting
