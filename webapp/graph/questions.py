"""The blocked paths that a reader would ask about.

Of the many pairs that cannot connect, few are questions. In a picture of up to `SMALL` workloads these are drawn:

1. **A skipped step.** A may talk to B and B to C, but A not to C (frontend → backend-api → database: what of
   frontend → database?).
2. **A sealed workload.** Nothing may talk to it: what of the entry of its namespace, the workload where the flow begins
   (frontend → payment-service)?
3. **The way out.** A workload in the middle of a flow, called and calling others: may it reach the internet
   (backend-api → internet)?

Replies need no rule, so the reverse of an allowed path is never a question; nor is name resolution a step. Where the
three rules find nothing, all blocked pairs within a namespace are drawn, then all between namespaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from webapp.graph.facts import Facts, Pair

SMALL = 15
MOST = 20
"""The most paths that are drawn unasked."""


def ask(facts: Facts) -> tuple[Pair, ...]:
    """The blocked pairs to draw from the start, at most `MOST`, the most telling first."""
    flow = {pair for pair in facts.allowed if _is_flow(facts, pair)}
    for questions in (_telling(facts, flow), _within(facts), _across(facts)):
        found = dict.fromkeys(pair for pair in questions if _is_question(facts, flow, pair))
        if found:
            return tuple(found)[:MOST]
    return ()


def blocked_pairs(facts: Facts, ids: Iterable[str], selected: str | None = None) -> Iterator[Pair]:
    """Every blocked ordered pair of these ids (never two externals), or only those of one of them."""
    known = sorted(ids)
    for source in known:
        for destination in known:
            if source == destination or (selected is not None and selected not in (source, destination)):
                continue
            if source in facts.externals and destination in facts.externals:
                continue
            if facts.blocked((source, destination)):
                yield source, destination


def _is_flow(facts: Facts, pair: Pair) -> bool:
    return pair[0] != pair[1] and not facts.covered(pair) and not facts.is_dns(pair)


def _is_question(facts: Facts, flow: set[Pair], pair: Pair) -> bool:
    source, destination = pair
    return source != destination and facts.blocked(pair) and (destination, source) not in flow


def _telling(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    yield from _skipped(facts, flow)
    yield from _sealed(facts, flow)
    yield from _ways_out(facts, flow)


def _skipped(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    """Within a namespace first, then between them."""
    after: dict[str, list[str]] = {}
    for source, destination in sorted(flow):
        after.setdefault(source, []).append(destination)
    found = {
        (source, last)
        for source, middles in after.items()
        if source in facts.workloads
        for middle in middles
        if middle not in facts.resolvers and middle in facts.workloads
        for last in after.get(middle, ())
        if last in facts.workloads and last not in facts.resolvers
    }
    yield from sorted(found, key=lambda pair: (_distance(facts, pair), pair))


def _distance(facts: Facts, pair: Pair) -> int:
    source, destination = (facts.workloads[peer] for peer in pair)
    return int(source.namespace != destination.namespace)


def _sealed(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    reached = {destination for _, destination in flow}
    for workload in facts.workloads.values():
        if workload.isolated_ingress and workload.id not in reached:
            for entry in _entries(facts, flow, workload.namespace):
                yield entry, workload.id


def _entries(facts: Facts, flow: set[Pair], namespace: str) -> list[str]:
    """Where the flow of a namespace begins: those that call others of it and are called by none of it."""
    inside = {
        pair for pair in flow if all(p in facts.workloads and facts.workloads[p].namespace == namespace for p in pair)
    }
    called = {destination for _, destination in inside}
    return sorted({source for source, _ in inside} - called)


def _ways_out(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    calling = {source for source, destination in flow if destination in facts.workloads}
    called = {destination for _, destination in flow}
    for workload in sorted(calling & called):
        for external in ("internet", "internet-v6"):
            if external in facts.externals and workload in facts.workloads:
                yield workload, external
                break


def _within(facts: Facts) -> Iterator[Pair]:
    for pair in blocked_pairs(facts, facts.workloads):
        if _distance(facts, pair) == 0:
            yield pair


def _across(facts: Facts) -> Iterator[Pair]:
    yield from blocked_pairs(facts, facts.workloads)
