"""The blast radius of a workload, and its mirror, as a document and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.analysis import Analysis
from webapp.engine.peers import Named
from webapp.graph.paths import Reached, blast_radius
from webapp.graph.text import visible
from webapp.graph.wording import plural

SCHEMA = "netpolmap/reach/1"
DIRECTIONS = ("reach", "reached_by")


@dataclass(frozen=True, slots=True)
class Radius:
    """Around whom, which way (one of `DIRECTIONS`), within how many steps (None: any), and who is there."""

    center: Named
    direction: str
    steps: int | None
    reached: Sequence[Reached]
    unknown: Sequence[Reached]


def radius_of(analysis: Analysis, name: str, direction: str, steps: int | None) -> Radius:
    """``name`` as people write it; InputError if it cannot be resolved."""
    center = analysis.resolve_peer(name)
    found = blast_radius(analysis, center.ids, steps, backwards=direction == "reached_by")
    return Radius(center, direction, steps, *found)


def radius_document(analysis: Analysis, radius: Radius) -> dict[str, object]:
    """`list --reach -o json` and `list --reached-by -o json`."""
    return {
        "schema": SCHEMA,
        "workload": radius.center.text,
        "direction": radius.direction,
        "steps": radius.steps,
        "reached": [_row(each) for each in radius.reached],
        "unknown": [_row(each) for each in radius.unknown],
        "assumptions": analysis.assumptions_document(),
    }


def radius_text(radius: Radius) -> str:
    """The table: how many connections away, who, on which ports, and over which neighbour."""
    forward = radius.direction == "reach"
    heading = ("STEPS", "REACHED" if forward else "WHO REACHES IT", "FROM" if forward else "TO", "PORTS")
    rows = [(str(each.steps), visible(each.id), visible(each.via), each.ports.text()) for each in radius.reached]
    unsure = [(f"{each.steps}?", visible(each.id), visible(each.via), each.ports.text()) for each in radius.unknown]
    widths = [max(len(row[place]) for row in (heading, *rows, *unsure)) for place in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in (heading, *rows, *unsure)
    ]
    within = "" if radius.steps is None else f" within {plural(radius.steps, 'step')}"
    what = "can be reached from" if forward else "can reach"
    summary = f"{plural(len(radius.reached), 'peer')} {what} {radius.center.text}{within}"
    if unsure:
        summary += f"; {len(unsure):,} more may (marked ?)"
    return "\n".join([*lines, "", f"{summary}."]) + "\n"


def _row(each: Reached) -> dict[str, object]:
    return {"id": each.id, "steps": each.steps, "ports": each.ports.json(), "via": each.via}
