"""Which workloads a filter chooses: each term on its own, then all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from webapp.errors import InputError
from webapp.graph.filters import KEYS, WORD, Filter, Term, fault
from webapp.graph.paths import blast_radius
from webapp.model.policy import Direction

if TYPE_CHECKING:
    from webapp.analysis import Analysis
    from webapp.engine.workloads import Workload

_MOST_LISTED = 12
Ids = frozenset[str]


def choose(analysis: Analysis, asked: Filter) -> tuple[Ids, tuple[Term, ...]]:
    """The ids of the workloads that every key of a filter lets pass, and the including terms that match none at all.

    InputError where a namespace, kind, policy or peer that is named exactly is not in the input.
    """
    chosen = frozenset(analysis.workload_by_id)
    idle = []
    for key in (*KEYS, WORD):
        matched = {}
        for term in asked.of(key):
            if term in asked.workload_terms:
                matched[term] = _matching(analysis, asked, term)
                idle += [] if matched[term] else [term]
        if key == WORD:  # each of them must occur
            for ids in matched.values():
                chosen &= ids
        elif matched:
            chosen &= frozenset().union(*matched.values())
    for term in asked.workload_terms:
        if term.excluded:
            chosen -= _matching(analysis, asked, term)
    return chosen, tuple(idle)


def externals_shown(analysis: Analysis, asked: Filter) -> Ids:
    """The ids of the address ranges; ``-name:internet`` leaves one out, other terms are about workloads."""
    barred = [pattern(term.value) for term in asked.of("name", excluded=True)]
    return frozenset(part.id for part in analysis.externals if not any(fits(part.id) for fits in barred))


def pattern(text: str) -> Callable[[str], bool]:
    """Whether a text is what a pattern says, upper and lower case alike. In linear time, whatever is written: regular
    expressions made of many ``*`` would take for ever on some names."""
    first, *others = text.casefold().split("*")

    def fits(name: str) -> bool:
        folded = name.casefold()
        if not others:
            return folded == first
        *middle, last = others
        place = len(first)
        if not folded.startswith(first):
            return False
        for part in middle:
            found = folded.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return len(folded) - len(last) >= place and folded.endswith(last)

    return fits


def _matching(analysis: Analysis, asked: Filter, term: Term) -> Ids:
    if term.key in ("near", "reach", "reached-by"):
        return _around(analysis, term, asked.steps)
    if term.key == "policy":
        return _selected_by(analysis, term)
    test = _TESTS[term.key](term.value)
    found = frozenset(workload.id for workload in analysis.workloads if test(workload))
    if not found and term.key in ("ns", "kind") and "*" not in term.value:
        known = {w.namespace for w in analysis.workloads} if term.key == "ns" else {w.kind for w in analysis.workloads}
        raise _absent(term, f"no workload has the {'namespace' if term.key == 'ns' else 'kind'}", known)
    return found


Test = Callable[["Workload"], object]


def _namespaces(value: str) -> Test:
    fits = pattern(value)
    return lambda w: fits(w.namespace)


def _kinds(value: str) -> Test:
    fits = pattern(value)
    return lambda w: fits(w.kind)


def _names(value: str) -> Test:
    fits = pattern(value)
    return lambda w: any(map(fits, (w.name, f"{w.namespace}/{w.name}", w.owner_id, w.id)))


def _labels(value: str) -> Test:
    key, equals, wanted = value.partition("=")
    names, values = pattern(key), pattern(wanted if equals else "*")
    return lambda w: any(names(name) and values(given) for name, given in w.labels.items())


def _words(value: str) -> Test:
    fits = pattern(f"*{value}*")
    return lambda w: fits(w.id) or any(fits(f"{name}={given}") for name, given in w.labels.items())


_TESTS: dict[str, Callable[[str], Test]] = {
    "ns": _namespaces,
    "kind": _kinds,
    "name": _names,
    "label": _labels,
    WORD: _words,
}


def _selected_by(analysis: Analysis, term: Term) -> Ids:
    """Those that the policies select, or may select."""
    fits = pattern(term.value)
    known = {policy.id for policy in analysis.policies}
    meant = {identity for identity in known if fits(identity)}
    if not meant and "*" not in term.value:
        raise _absent(term, "there is no policy", known)
    sides = analysis.sides
    return frozenset(
        workload.id
        for workload in analysis.workloads
        if any(
            compiled.policy.id in meant
            for place in workload.places or (workload.place,)
            for direction in Direction
            for compiled, _ in sides.members(direction, place)
        )
    )


def _around(analysis: Analysis, term: Term, steps: int) -> Ids:
    """Those within so many connections, for certain or perhaps; ``near`` goes both ways and holds its centre."""
    starts = _peers(analysis, term)
    ways = {"reach": (True,), "reached-by": (False,), "near": (False, True)}[term.key]
    found = set(starts) if term.key == "near" else set()
    for backwards in ways:
        for reached in blast_radius(analysis, starts, steps, backwards=backwards):
            found.update(each.id for each in reached)
    return frozenset(found & analysis.workload_by_id.keys())


def _peers(analysis: Analysis, term: Term) -> list[str]:
    if "*" not in term.value:
        try:
            return sorted(analysis.resolve_peer(term.value).ids)
        except InputError as error:
            raise fault(f"{term}: {error.message}") from error
    test = _names(term.value)
    found = [w.id for w in analysis.workloads if test(w)]
    found += [part.id for part in analysis.externals if pattern(term.value)(part.id)]
    if not found:
        raise fault(f"{term}: no workload and no address range has such a name.")
    return found


def _absent(term: Term, what: str, known: Iterable[str]) -> InputError:
    names = sorted(known)
    near = get_close_matches(term.value, names, 1, 0.6)
    hint = f" Did you mean {near[0]}?" if near else ""
    more = len(names) - _MOST_LISTED
    listed = ", ".join(names[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
    return fault(f'{term}: {what} "{term.value}".{hint} There are: {listed or "none"}.')
