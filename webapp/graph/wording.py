"""The short texts on nodes and lines. Sentences about verdicts are not made here: they belong to `explain`."""

from __future__ import annotations

from functools import lru_cache

from webapp.model.ports import LAST_PORT, PortSet

MOST_SPANS = 3
"""A pill lists this many ports or ranges; above it, it says how many ports there are."""


@lru_cache(maxsize=4096)
def port_pill(ports: PortSet) -> str:
    """The ports as they stand on a line: ``8080/TCP``, ``53/TCP+UDP``, ``8000–8100/TCP``, ``7 ports``."""
    if ports.is_all:
        return "all ports"
    protocols_of: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for protocol, spans in ports.by_protocol().items():
        protocols_of.setdefault(tuple(spans), []).append(protocol)
    if sum(map(len, protocols_of)) > MOST_SPANS:
        return f"{_count(ports):,} ports"
    return " · ".join(_part(spans, "+".join(protocols)) for spans, protocols in protocols_of.items())


def nothing_isolated(*, whole: bool) -> str:
    """``whole``: it is said of all workloads, not only of those that are shown."""
    which = "any workload: all" if whole else "any of these workloads: they"
    return f"No policy isolates {which} can reach each other and every address."


def _part(spans: tuple[tuple[int, int], ...], protocols: str) -> str:
    if spans == ((1, LAST_PORT),):
        return f"all {protocols}"
    return f"{', '.join(str(a) if a == b else f'{a}–{b}' for a, b in spans)}/{protocols}"


def _count(ports: PortSet) -> int:
    return sum(last - first + 1 for first, last in ports.spans)


def plural(count: int, noun: str) -> str:
    """``1 workload``, ``1,214 workloads``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def replicas(pods: int) -> str:
    """What follows the kind of a workload: nothing for one pod, ``×3``, or ``×0`` when it is scaled to zero."""
    return "" if pods == 1 else f" ×{pods:,}"
