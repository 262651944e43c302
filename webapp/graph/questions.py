"""The blocked paths that a reader would ask about.

Of the many pairs that cannot connect, few are questions. In a picture of up to `SMALL` workloads these are drawn:

0. **One door open.** A rule at one end allows it, the other end blocks: most often a mistake. (A rule that opens a door
   to many is not meant for each of them, and is passed over.)
1. **A skipped step.** A may talk to B and B to C, but A not to C (frontend → backend-api → database: what of
   frontend → database?) At most two for each A, the ends of the flow first.
2. **A sealed workload.** Nothing may talk to it: what of the entry of its namespace, the workload where the flow begins
   (frontend → payment-service)?
3. **The way out.** A workload in the middle of a flow, called and calling others: may it reach the internet
   (backend-api → internet)? At most three.

The flow is what is allowed, and what would be but for one closed door. Replies need no rule, so the reverse of a step
is never a question; nor is name resolution a step. Where the rules find nothing, all blocked pairs within a namespace
are drawn, then all between namespaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from webapp.graph.facts import INTERNET, Facts, Pair, block_of, dns_only

SMALL = 15
MOST = 14
"""The most paths that are drawn unasked."""
_SKIPS_EACH = 2
_WAYS_OUT = 3
_MEANT_FOR = 2
"""A rule at one end that would open its door to more closed peers than this was not meant for each of them."""


def ask(facts: Facts) -> tuple[Pair, ...]:
    """The blocked pairs to draw from the start, at most `MOST`, the most telling first."""
    one_sided = _one_sided(facts)
    flow = {pair for pair in facts.allowed if _is_flow(facts, pair)} | set(one_sided)
    for questions in (_telling(facts, flow, one_sided), _within(facts), blocked_pairs(facts, facts.workloads)):
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


def _one_sided(facts: Facts) -> list[Pair]:
    """The pairs of which rules open one end only, or each for other ports."""
    openers: dict[tuple[str, str], list[Pair]] = {}
    for pair in blocked_pairs(facts, facts.workloads):
        block = block_of(facts.analysis, pair)
        if any(dns_only(ports) and not ports.is_empty for ports in block.lets):
            continue
        if block.end == "source" or block.disjoint:
            openers.setdefault((pair[1], "ingress"), []).append(pair)
        elif block.end == "target":
            openers.setdefault((pair[0], "egress"), []).append(pair)
    return sorted(pair for pairs in openers.values() if len(pairs) <= _MEANT_FOR for pair in pairs)


def _is_flow(facts: Facts, pair: Pair) -> bool:
    return pair[0] != pair[1] and not facts.covered(pair) and not facts.is_dns(pair)


def _is_question(facts: Facts, flow: set[Pair], pair: Pair) -> bool:
    source, destination = pair
    return source != destination and facts.blocked(pair) and ((destination, source) not in flow or pair in flow)


def _telling(facts: Facts, flow: set[Pair], one_sided: list[Pair]) -> Iterator[Pair]:
    yield from one_sided
    yield from _skipped(facts, flow)
    yield from _sealed(facts, flow)
    yield from _ways_out(facts, flow)


def _skipped(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    """Within a namespace first, then between them."""
    after: dict[str, set[str]] = {}
    callers: Counter[str] = Counter()
    for source, destination in flow:
        if source in facts.workloads and destination in facts.workloads:
            after.setdefault(source, set()).add(destination)
            callers[destination] += 1
    found: list[Pair] = []
    for source, middles in sorted(after.items()):
        ends = {last for middle in middles for last in after.get(middle, ()) if last != source} - middles
        pairs = [(source, end) for end in ends if _is_question(facts, flow, (source, end))]
        pairs.sort(key=lambda pair: (pair[1] in after, callers[pair[1]], pair))
        found += pairs[:_SKIPS_EACH]
    yield from sorted(found, key=lambda pair: not _same_namespace(facts, pair))


def _same_namespace(facts: Facts, pair: Pair) -> bool:
    return facts.workloads[pair[0]].namespace == facts.workloads[pair[1]].namespace


def _sealed(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    reached = {destination for _, destination in flow}
    for workload in facts.workloads.values():
        if workload.isolated_ingress and workload.id not in reached:
            for entry in _entries(facts, flow, workload.namespace):
                yield entry, workload.id


def _entries(facts: Facts, flow: set[Pair], namespace: str) -> list[str]:
    """Where the flow of a namespace begins: those that call others of it and are called by none of it."""
    own = {workload.id for workload in facts.workloads.values() if workload.namespace == namespace}
    inside = [pair for pair in flow if own.issuperset(pair)]
    return sorted({source for source, _ in inside} - {destination for _, destination in inside})


def _ways_out(facts: Facts, flow: set[Pair]) -> Iterator[Pair]:
    """From the middle of the flow; where it has none, from all that are called."""
    called = {destination for _, destination in flow if destination in facts.workloads}
    calling = {source for source, destination in flow if destination in facts.workloads}
    middle = [(w, INTERNET) for w in sorted(calling & called or called)]
    yield from [pair for pair in middle if _is_question(facts, flow, pair)][:_WAYS_OUT]


def _within(facts: Facts) -> Iterator[Pair]:
    return (pair for pair in blocked_pairs(facts, facts.workloads) if _same_namespace(facts, pair))
