"""`list` on a terminal: source, destination and ports in columns, then what is unknown, then a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from webapp.analysis import Analysis
from webapp.explain.exposure import exposure_lines
from webapp.explain.listing import write_facts
from webapp.graph.narrowing import Keep, Narrowed
from webapp.graph.text import visible
from webapp.graph.wording import plural
from webapp.insight.exposure import Exposure

NAME = "table"
BINARY = False
_GAP = "  "
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def write(
    analysis: Analysis,
    stream: TextIO,
    *,
    keep: Keep | None = None,
    colour: bool = False,
    exposure: Sequence[Exposure] | None = None,
) -> None:
    """Write the rows, sorted. ``colour``: for a terminal that has it (the caller asks NO_COLOR); else plain text.
    ``exposure`` is added at the end."""
    view = Narrowed(analysis, keep)
    names = [*(w.id for w in view.workloads), *(part.id for part in view.externals)]
    width = max(len(visible(name)) for name in [*names, "DESTINATION"])
    heading = f"{'SOURCE':<{width}}{_GAP}{'DESTINATION':<{width}}{_GAP}PORTS"
    stream.write(f"{_BOLD}{heading}{_PLAIN}\n" if colour else f"{heading}\n")
    count = 0
    for row in view.connections():
        count += 1
        source, destination = visible(row.source), visible(row.destination)
        stream.write(f"{source:<{width}}{_GAP}{destination:<{width}}{_GAP}{row.ports.text()}\n")
    reasons = _write_unknown(view, stream, width)
    write_facts(analysis, stream, frozenset(workload.id for workload in view.workloads))
    summary = f"{plural(count, 'allowed connection')}, {plural(len(view.workloads), 'workload')}"
    if reasons:
        told = ", ".join(f"{number:,} × {code}" for code, number in sorted(reasons.items()))
        summary += f"; what cannot be decided has its reason: {told}"
    stream.write(f"\n{_DIM}{summary}.{_PLAIN}\n" if colour else f"\n{summary}.\n")
    if exposure is not None:
        stream.write("\n")
        stream.writelines(f"{visible(line)}\n" for line in exposure_lines(exposure))


def _write_unknown(view: Narrowed, stream: TextIO, width: int) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for row in view.unknowns():
        if not reasons:
            stream.write(f"\n{'UNKNOWN FROM':<{width}}{_GAP}{'TO':<{width}}{_GAP}PORTS\n")
        reasons.update(row.reasons)
        source, destination = visible(row.source), visible(row.destination)
        ports = f"{row.ports.text()} ({', '.join(row.reasons)})"
        stream.write(f"{source:<{width}}{_GAP}{destination:<{width}}{_GAP}{ports}\n")
    return reasons
