"""Expectations asked of an Analysis: which hold, and of those that do not, which pairs are to blame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from webapp.analysis import Analysis
from webapp.engine.peers import Named
from webapp.errors import InputError
from webapp.expectations.reading import Expectation
from webapp.explain.verdict import Question, ask, traces
from webapp.model.ports import NONE, PortSet
from webapp.model.verdict import Verdict

_SERVICE = "svc/"
_PATTERN = "*"


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Failure:
    """A pair that is not as expected. ``verdict`` of what was asked; ``ports``: the ports to blame (NONE if what is
    missing is any port at all)."""

    source: str
    destination: str
    verdict: Verdict
    ports: PortSet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an expectation. ``fault``: why it could not be asked at all, or "". ``pairs``: how many were
    asked."""

    expectation: Expectation
    failures: tuple[Failure, ...] = ()
    fault: str = ""
    pairs: int = 0

    @property
    def holds(self) -> bool:
        """UNKNOWN does not hold."""
        return not self.failures and not self.fault


def check(analysis: Analysis, expectations: Sequence[Expectation]) -> list[Outcome]:
    """One outcome for each expectation, in their order."""
    return [_outcome(analysis, each, expectations) for each in expectations]


def _outcome(analysis: Analysis, expectation: Expectation, all_of_them: Sequence[Expectation]) -> Outcome:
    try:
        if expectation.destination.startswith(_SERVICE):
            return _of_service(analysis, expectation)
        if expectation.wanted == "nothing_else":
            return _of_the_rest(analysis, expectation, all_of_them)
        pairs = list(_pairs(analysis, _named(analysis, expectation.source), _named(analysis, expectation.destination)))
    except InputError as fault:
        return Outcome(expectation, fault=fault.message)
    if not pairs:
        return Outcome(expectation, fault="There is no pair of different pods that this is about.")
    judge = _not_allowed if expectation.wanted == "allowed" else _not_blocked
    failures = (judge(pair, expectation.ports, *analysis.ports(*pair)) for pair in pairs)
    return Outcome(expectation, tuple(failure for failure in failures if failure is not None), pairs=len(pairs))


def _not_allowed(pair: Pair, asked: PortSet | None, allowed: PortSet, unknown: PortSet) -> Failure | None:
    if asked is None:
        if allowed is not NONE:
            return None
        return Failure(*pair, Verdict.BLOCKED if unknown is NONE else Verdict.UNKNOWN, NONE)
    missing = asked - allowed
    shut = missing - unknown
    if shut is not NONE:
        return Failure(*pair, Verdict.BLOCKED, shut)
    return None if missing is NONE else Failure(*pair, Verdict.UNKNOWN, missing)


def _not_blocked(pair: Pair, asked: PortSet | None, allowed: PortSet, unknown: PortSet) -> Failure | None:
    if asked is not None:
        allowed, unknown = allowed & asked, unknown & asked
    if allowed is not NONE:
        return Failure(*pair, Verdict.ALLOWED, allowed)
    return None if unknown is NONE else Failure(*pair, Verdict.UNKNOWN, unknown)


def _of_the_rest(analysis: Analysis, expectation: Expectation, all_of_them: Sequence[Expectation]) -> Outcome:
    """Nothing is open between these ends but what the file says."""
    sources = _named(analysis, expectation.source) if expectation.source else None
    destinations = _named(analysis, expectation.destination) if expectation.destination else None
    wanted = [None if end is None else frozenset(end.ids) for end in (sources, destinations)]
    stated = _stated(analysis, all_of_them)
    rest: dict[Pair, tuple[PortSet, PortSet]] = {}
    for row in analysis.connections():
        rest[row.source, row.destination] = row.ports, NONE
    for doubt in analysis.unknowns():
        pair = doubt.source, doubt.destination
        rest[pair] = rest.get(pair, (NONE, NONE))[0], doubt.ports
    failures = []
    for pair, ports in sorted(rest.items()):
        if all(ids is None or end in ids for end, ids in zip(pair, wanted, strict=True)):
            said = stated.get(pair, NONE)
            failures.append(_not_blocked(pair, None, ports[0] - said, ports[1] - said))
    return Outcome(expectation, tuple(failure for failure in failures if failure is not None), pairs=len(failures))


def _of_service(analysis: Analysis, expectation: Expectation) -> Outcome:
    """By way of a Service: each port of it that is asked for, on all its backends."""
    if expectation.wanted == "nothing_else" or _PATTERN in expectation.source:
        return Outcome(expectation, fault="A Service can be asked from one workload, and for allowed or blocked.")
    wanted = Verdict.ALLOWED if expectation.wanted == "allowed" else Verdict.BLOCKED
    questions = list(_service_questions(analysis, expectation))
    failures = [
        Failure(trace.source, trace.destination, trace.verdict, _asked(question))
        for question in questions
        for trace in traces(analysis, question)
        if trace.verdict is not wanted
    ]
    return Outcome(expectation, tuple(failures), pairs=len(questions))


def _asked(question: Question) -> PortSet:
    return NONE if question.port is None else PortSet.single(question.protocol or "TCP", question.port)


def _service_questions(analysis: Analysis, expectation: Expectation) -> Iterator[Question]:
    if expectation.ports is None:
        yield ask(analysis, expectation.source, expectation.destination)
        return
    for protocol, spans in expectation.ports.by_protocol().items():
        for first, last in spans:
            if last - first > 64:
                raise InputError("Ask a Service for its ports one by one, not for a range.")
            for port in range(first, last + 1):
                yield ask(analysis, expectation.source, f"{expectation.destination}:{port}/{protocol}")


def _named(analysis: Analysis, text: str) -> Named:
    """As everywhere, and with ``*``: patterns over NAMESPACE/NAME and ids, of workloads only."""
    if _PATTERN not in text:
        return analysis.resolve_peer(text)
    ids = tuple(
        workload.id
        for workload in analysis.workloads
        if text == _PATTERN
        or any(
            fnmatchcase(form, text)
            for form in (workload.id, workload.owner_id, f"{workload.namespace}/{workload.name}")
        )
    )
    if not ids:
        raise InputError(f'No workload matches "{text}".')
    return Named(text, ids, False)


def _pairs(analysis: Analysis, sources: Named, destinations: Named) -> Iterator[Pair]:
    """What an expectation is about: never external to external, nor the only pod of a workload to itself."""
    if sources.external and destinations.external:
        raise InputError("Both ends are addresses. Policies say nothing of what is between them.")
    for source in sources.ids:
        for destination in destinations.ids:
            if source != destination or analysis.workload_by_id[source].reaches_itself:
                yield source, destination


def _stated(analysis: Analysis, expectations: Iterable[Expectation]) -> dict[Pair, PortSet]:
    """What the file says is allowed."""
    found: dict[Pair, PortSet] = {}
    for each in expectations:
        if each.wanted != "allowed" or each.destination.startswith(_SERVICE):
            continue
        ends = _named(analysis, each.source), _named(analysis, each.destination)
        for pair in _pairs(analysis, *ends):
            ports = each.ports if each.ports is not None else analysis.ports(*pair)[0]
            found[pair] = found.get(pair, NONE) | ports
    return found
