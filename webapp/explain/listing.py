"""Ways in, what is open without one, and who cannot resolve names, as sections of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TextIO

from webapp.analysis import Analysis
from webapp.explain.facts import THROUGH, policies_text, resolution_text
from webapp.graph.text import visible
from webapp.graph.wording import plural
from webapp.insight.entries import Unpublished, Way, ways_in
from webapp.insight.resolution import resolver_of

_GAP = "  "


def write_facts(analysis: Analysis, stream: TextIO, wanted: Collection[str]) -> None:
    """The sections that have something to say about the wanted workloads, each after an empty line."""
    found = ways_in(analysis)
    homes = {identity.partition("/")[0] for identity in wanted}
    ways = [way for way in found.ways if way.workload in wanted or (not way.workload and way.namespace in homes)]
    open_ones = [each for each in found.unpublished if each.workload in wanted] if found.ways else []
    for section in (_ways(ways), _unpublished(open_ones), _unresolving(analysis, wanted)):
        lines = list(section)
        if lines:
            stream.write("\n" + "\n".join(lines) + "\n")


def _ways(ways: Sequence[Way]) -> Iterator[str]:
    rows = [("WAY IN", "THROUGH", "TO", "PORTS", "VERDICT")]
    for way in ways:
        through = THROUGH.get(way.through) or ", ".join(way.via or ()) or "controller not known"
        rows.append((f"{way.kind} {way.namespace}/{way.name}", through, way.workload or way.service,
                     way.ports.text() if way.workload else "", _verdict(way)))  # fmt: skip
    if len(rows) > 1:
        yield from _aligned(rows)


def _verdict(way: Way) -> str:
    """``allowed``, ``BLOCKED (no_rule_matches: NetworkPolicy a/b)``, ``leads nowhere (no_backend)``."""
    if way.verdict == "allowed":
        return "allowed"
    if not way.workload and way.verdict == "blocked":
        return f"leads nowhere ({way.reason})"
    by = policies_text(way.policies)
    word = "BLOCKED" if way.verdict == "blocked" else way.verdict
    return f"{word} ({way.reason}{': ' if way.reason and by else ''}{by})"


def _unpublished(found: Sequence[Unpublished]) -> Iterator[str]:
    """By name those that a rule opens to the internet; of those that nothing isolates the number."""
    ruled = [each for each in found if each.isolated]
    if ruled:
        yield from _aligned([("OPEN TO THE INTERNET, NOT PUBLISHED", "PORTS"),
                             *((each.workload, each.ports.text()) for each in ruled)])  # fmt: skip
    others = len(found) - len(ruled)
    if others:
        lead = "More are" if ruled else "Open to the internet and not published are"
        yield f"{lead} {plural(others, 'workload')} that no policy isolates."


def _unresolving(analysis: Analysis, wanted: Collection[str]) -> Iterator[str]:
    resolver = resolver_of(analysis)
    tables = {"blocked": [("CANNOT RESOLVE NAMES", "WHY")], "partial": [("RESOLVES SOME NAMES ONLY", "WHY")]}
    unknown: Counter[str] = Counter()
    for workload in analysis.workloads:
        verdict = resolver.verdict(workload) if workload.id in wanted else "allowed"
        if verdict == "unknown":
            unknown[resolver.of(workload).reason] += 1
        elif verdict in tables:
            tables[verdict].append((workload.id, resolution_text(resolver.of(workload))))
    for rows in tables.values():
        if len(rows) > 1:
            yield from _aligned(rows)
    if unknown:
        told = ", ".join(sorted(unknown))
        yield f"Whether {plural(unknown.total(), 'workload')} may resolve names is not known ({told})."


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    shown = [tuple(map(visible, row)) for row in rows]
    widths = [max(len(row[place]) for row in shown) for place in range(len(shown[0]))]
    for row in shown:
        yield _GAP.join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
