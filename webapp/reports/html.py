"""`diff -o html`: one file that opens from disk, offline: counts, picture, every row with its causes. No script."""

from __future__ import annotations

from html import escape
from typing import TextIO

from webapp import __version__
from webapp.diff.review import Entry, Review
from webapp.graph.text import visible
from webapp.reports.svg import picture
from webapp.reports.words import CAVEAT, SIGNS, cause_text, counts_text, not_understood, ports_text, workloads_text

MOST_ROWS = 5_000
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root { color-scheme: light; font: 15px/1.5 Inter, system-ui, sans-serif; color: #16202c; background: #fff; }
body { max-width: 1200px; margin: 0 auto; padding: 32px 24px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 28px 0 8px; text-transform: capitalize; }
.quiet { color: #55606e; font-size: 13px; } .picture { overflow: auto; border: 1px solid #d5dbe3; border-radius: 8px; }
.picture svg { display: block; max-width: 100%; height: auto; }
table { width: 100%; border-collapse: collapse; } td, th { padding: 7px 10px; text-align: left; vertical-align: top; }
tr { border-bottom: 1px solid #e3e8ee; } th { font-size: 12px; color: #55606e; }
td { overflow-wrap: anywhere; } .sign { font-weight: 700; font-size: 17px; line-height: 1.3; white-space: nowrap; }
.opened .sign, .changed .sign { color: #004c99; } .cut .sign { color: #b00020; } ul { margin: 0; padding-left: 18px; }
@media print { body { padding: 0; } .picture { border: 0; break-inside: avoid; } tr { break-inside: avoid; } }
"""
_HEAD = "<table><thead><tr><th></th><th>From</th><th>To</th><th>Ports</th><th>Caused by</th></tr></thead><tbody>\n"


def write(review: Review, stream: TextIO) -> None:
    """The report. Foreign text is escaped; nothing in it is fetched from anywhere."""
    title = counts_text(review)
    stream.write(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>netpolmap: {escape(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>\n<h1>What the change opens and cuts</h1>\n<p>{escape(title)}</p>\n"
    )
    for line in [*workloads_text(review), not_understood(review)]:
        stream.write(f"<p>{escape(line)}</p>\n" if line else "")
    if review.entries:
        stream.write(f'<div class="picture">{picture(review)}</div>\n')
    heading, counts = "", review.counts()
    for entry in review.entries[:MOST_ROWS]:
        if entry.risk != heading:
            stream.write("</tbody></table>\n" if heading else "")
            heading = entry.risk
            stream.write(f"<h2>{escape(heading)} ({counts[entry.risk]:,})</h2>\n{_HEAD}")
        stream.write(_row(entry))
    stream.write("</tbody></table>\n" if heading else "")
    more = len(review.entries) - MOST_ROWS
    stream.write(f"<p>… and {more:,} more (all of them: -o json).</p>\n" if more > 0 else "")
    stream.write(f'<p class="quiet">netpolmap {escape(__version__)}. {CAVEAT}</p>\n</body></html>\n')


def _row(entry: Entry) -> str:
    causes = "".join(f"<li>{escape(cause_text(cause))}</li>" for cause in entry.causes or ())
    cells = (entry.row.source, entry.row.destination, ports_text(entry))
    told = "".join(f"<td>{escape(visible(cell))}</td>" for cell in cells)
    sign = f'<td class="sign">{SIGNS[entry.kind]}</td>'
    return (
        f'<tr class="{entry.kind}" id="{escape(visible(entry.row.id))}">{sign}{told}<td><ul>{causes}</ul></td></tr>\n'
    )
