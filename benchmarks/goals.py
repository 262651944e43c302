"""The goals, and whether the numbers meet them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

from benchmarks.measures import Numbers


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. ``ratio`` is what ``limit`` bounds: from above, or from below if ``at_least``."""

    name: str
    pods: str
    ours: str
    baseline: str
    ratio: float
    limit: float | None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """None for a line that is only told."""
        if self.limit is None:
            return None
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


def results(by_size: Mapping[int, Numbers]) -> Iterator[Result]:
    """All lines that can be told from the sizes that were measured, in the order of the goals."""
    for pods, n in by_size.items():
        yield _time("Reading, against CSafeLoader", pods, n["read"], n["load_yaml"], 1.0)
    for pods, n in by_size.items():
        limit = 0.04 if pods in (1_000, 10_000, 100_000) else None
        yield _time("G2 Evaluating, against CSafeLoader", pods, n["evaluate"], n["load_yaml"], limit)
    for pods, n in by_size.items():
        limit = 1.5 if pods == 10_000 else None
        yield _time("G3 Evaluating, against json.loads", pods, n["evaluate"], n["load_json"], limit)
    for pods, n in by_size.items():
        limit = {10_000: 10, 100_000: 0.5}.get(pods)
        yield _time("G4 All pairs, against one dense AND a port atom", pods, n["fold"], n["dense"], limit)
    if len(by_size) > 1:
        yield from _growth(by_size)
    for pods, n in by_size.items():
        limit = 100 if pods == 10_000 else None
        ratio = n["naive_query"] / n["query"]
        ours, baseline = _seconds(n["query"]), _seconds(n["naive_query"])
        yield Result("G6 One query, against a naive evaluator", f"{pods:,}", ours, baseline, ratio, limit, True)
    for pods, n in by_size.items():
        limit = 0.02 if pods == 100_000 else None
        ours, baseline = _bytes(n["answer_bytes"]), _bytes(n["parsed_bytes"])
        ratio = n["answer_bytes"] / n["parsed_bytes"]
        yield Result("G8 Memory of all answers, against parsed objects", f"{pods:,}", ours, baseline, ratio, limit)
    for pods, n in by_size.items():
        limit = {10_000: 1 / 5, 100_000: 1 / 12}.get(pods)
        ours, baseline = f"{n['quotient_edges']:,.0f}", f"{n['rows']:,.0f}"
        ratio = n["quotient_edges"] / n["rows"]
        yield Result("G9 Edges of the quotient, against all", f"{pods:,}", ours, baseline, ratio, limit)
    for pods, n in by_size.items():
        if "evaluate_tiers" in n:
            limit = 1.5 if pods == 10_000 else None
            yield _time("Evaluating with 100 admin policies, against without", pods, n["evaluate_tiers"],
                        n["evaluate_without_tiers"], limit)  # fmt: skip
    for pods, n in by_size.items():
        if "changes" in n:
            limit = 3.0 if pods == 10_000 else None
            name = "What each policy changes, all of them, against evaluating"
            yield _time(name, pods, n["changes"], n["evaluate"], limit)
    for pods, n in by_size.items():
        if "process_list" in n:
            limit = 1.2 if pods == 10_000 else None
            yield _time("`list -o json`, against CSafeLoader, whole processes", pods, n["process_list"],
                        n["process_yaml"], limit)  # fmt: skip
            yield _time("the same, CSafeLoader without garbage collector", pods, n["process_list"],
                        n["process_yaml_uncollected"], None)  # fmt: skip


def _growth(by_size: Mapping[int, Numbers]) -> Iterator[Result]:
    least, most = min(by_size), max(by_size)
    first, last = by_size[least], by_size[most]
    span = f"{least:,} to {most:,}"
    judged = (least, most) == (100, 100_000)
    exponent = log(last["evaluate"] / first["evaluate"]) / log(most / least)
    ends = _seconds(first["evaluate"]), _seconds(last["evaluate"])
    yield Result("G5 Growth of evaluating: exponent", span, ends[1], ends[0], exponent, 1.10 if judged else None)
    ends = _seconds(first["query"]), _seconds(last["query"])
    ratio = last["query"] / first["query"]
    yield Result("G5 Growth of a query", span, ends[1], ends[0], ratio, 3 if judged else None)


def _time(name: str, pods: int, ours: float, baseline: float, limit: float | None) -> Result:
    return Result(name, f"{pods:,}", _seconds(ours), _seconds(baseline), ours / baseline, limit)


def _seconds(value: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if value * scale >= 1:
            return f"{value * scale:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def _bytes(value: float) -> str:
    return f"{value / 1e6:,.2f} MB"


def table(lines: list[Result]) -> str:
    """The lines as a Markdown table."""
    head = "| | pods | ours | baseline | ratio | goal | |\n|---|--:|--:|--:|--:|--:|---|\n"
    return head + "".join(_line(each) for each in lines)


def _line(each: Result) -> str:
    verdict = {True: "OK", False: "**MISS**", None: ""}[each.met]
    sign = "≥" if each.at_least else "≤"
    goal = "" if each.limit is None else f"{sign} {each.limit:.3g}"
    return f"| {each.name} | {each.pods} | {each.ours} | {each.baseline} | {each.ratio:.3g} | {goal} | {verdict} |\n"
