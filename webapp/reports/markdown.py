"""`diff -o md`: a comment for a pull request. Foreign text is escaped, so that it stays text wherever it is shown."""

from __future__ import annotations

import re
from typing import TextIO

from webapp import __version__
from webapp.diff.review import Entry, Review, Risk
from webapp.export.mermaid import quoted
from webapp.graph.text import visible
from webapp.reports.words import CAVEAT, SIGNS, cause_text, counts_text, not_understood, ports_text, workloads_text

MARKER = "<!-- netpolmap diff -->"
"""Begins the text, so that a bot finds its comment and updates it instead of adding another."""
MOST_ROWS = 20
MOST_ARROWS = 30
_UNSAFE = re.compile(r"[\\`*_{}\[\]()<>#+!|~&@:$]")
_PLAIN = re.compile(r"[A-Za-z0-9./>#:, ()-]+")
_STYLES = {"opened": "stroke:#004C99,stroke-width:3px", "cut": "stroke:#B00020,stroke-width:2px,stroke-dasharray:6 4",
           "changed": "stroke:#B07D00,stroke-width:3px"}  # fmt: skip


def write(review: Review, stream: TextIO) -> None:
    """Counts by what they mean, the most dangerous rows, a picture that the host renders, what is not known."""
    stream.write(f"{MARKER}\n### Network connectivity: {counts_text(review)}\n\n")
    if review.entries:
        _write_counts(review, stream)
        _write_rows(review, stream)
        _write_picture(review, stream)
    for line in [*workloads_text(review), not_understood(review)]:
        stream.write(f"{escaped(line)}\n\n" if line else "")
    stream.write(f"<sub>netpolmap {__version__}. {CAVEAT}</sub>\n")


def _write_counts(review: Review, stream: TextIO) -> None:
    stream.write("| | pairs |\n|---|--:|\n")
    for risk, count in review.counts().items():
        if count:
            stream.write(f"| {risk} | {count:,} |\n")
    stream.write("\n")


def _write_rows(review: Review, stream: TextIO) -> None:
    stream.write("| | connection | ports | what it means | caused by |\n|---|---|---|---|---|\n")
    for entry in review.entries[:MOST_ROWS]:
        causes = "<br>".join(escaped(cause_text(cause)) for cause in entry.causes or ())
        meaning = f"{entry.kind}: {entry.risk}" if entry.kind == "changed" else entry.risk
        cells = (SIGNS[entry.kind], _code(entry.row.id), escaped(ports_text(entry)), meaning, causes)
        stream.write(f"| {' | '.join(cells)} |\n")
    more = len(review.entries) - MOST_ROWS
    stream.write(f"\n… and {more:,} more.\n\n" if more > 0 else "\n")


def _write_picture(review: Review, stream: TextIO) -> None:
    """A Mermaid flowchart of what is opened and cut, as far as it can be read."""
    arrows = [entry for entry in review.entries if entry.kind in _STYLES][:MOST_ARROWS]
    if not arrows:
        return
    stream.write("```mermaid\nflowchart LR\n")
    names: dict[str, str] = {}
    for entry in arrows:
        for end in (entry.row.source, entry.row.destination):
            if end not in names:
                names[end] = f"n{len(names)}"
                stream.write(f"  {names[end]}[{quoted(_short(end))}]\n")
    for entry in arrows:
        stream.write(f"  {names[entry.row.source]} {_arrow(entry)} {names[entry.row.destination]}\n")
    for kind, style in _STYLES.items():
        numbers = ",".join(str(number) for number, entry in enumerate(arrows) if entry.kind == kind)
        stream.write(f"  linkStyle {numbers} {style}\n" if numbers else "")
    stream.write("```\n\n")


def _arrow(entry: Entry) -> str:
    label = quoted(f"{entry.kind} {ports_text(entry).replace('+ ', '').replace('− ', '')}"[:60])
    return f"-. {label} .-x" if entry.risk is Risk.CUT else f"== {label} ==>"


def _short(identity: str) -> str:
    parts = identity.split("/")
    return f"{parts[0]}/{parts[2]}" if len(parts) == 3 and not identity[0].isdigit() else identity


def _code(text: str) -> str:
    """As code, where no character in it could end that."""
    return f"`{text}`" if _PLAIN.fullmatch(text) else escaped(text)


def escaped(text: str) -> str:
    """Markdown that shows exactly this, on one line: no link, no mention, no HTML."""
    return _UNSAFE.sub(lambda found: f"&#{ord(found.group())};", visible(text))
