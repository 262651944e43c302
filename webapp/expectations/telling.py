"""What became of expectations: as text with the trace of what fails, as a document, as JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from webapp.analysis import Analysis
from webapp.expectations.checking import Failure, Outcome
from webapp.explain.places import place_document
from webapp.explain.verdict import Question, verdict_document, verdict_text
from webapp.model.ports import NONE

SCHEMA = "netpolmap/test/1"
_MOST_PAIRS = 20
"""Text lists this many failing pairs of one expectation."""
_MOST_TRACES = 1
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text_of(analysis: Analysis, outcomes: Sequence[Outcome]) -> str:
    """One line for each, the pairs that fail beneath it, and why the first of them is as it is."""
    lines: list[str] = []
    for outcome in outcomes:
        lines.append(f"{'ok  ' if outcome.holds else 'FAIL'}  {_titled(outcome)}")
        lines += ["", *_details(analysis, outcome), ""] if not outcome.holds else []
    failed = sum(not outcome.holds for outcome in outcomes)
    lines.append(f"{len(outcomes) - failed} hold, {failed} {'fails' if failed == 1 else 'fail'}.")
    return "\n".join(lines) + "\n"


def document_of(analysis: Analysis, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """`test -o json`; every failing pair, the first ones with the whole answer of `why`."""
    failed = sum(not outcome.holds for outcome in outcomes)
    return {
        "schema": SCHEMA,
        "assumptions": analysis.assumptions_document(),
        "passed": len(outcomes) - failed,
        "failed": failed,
        "expectations": [_outcome_document(analysis, outcome) for outcome in outcomes],
        "problems": [problem.json() for problem in analysis.problems],
    }


def junit_of(analysis: Analysis, outcomes: Sequence[Outcome]) -> str:
    """JUnit XML, as CI systems read it: one test case for each expectation."""
    failed = sum(not outcome.holds for outcome in outcomes)
    totals = {"tests": str(len(outcomes)), "failures": str(failed), "errors": "0", "skipped": "0"}
    root = ElementTree.Element("testsuites", {"name": "netpolmap", **totals})
    suites: dict[str, ElementTree.Element] = {}
    for outcome in outcomes:
        place = outcome.expectation.place
        if place.file not in suites:
            mine = [each for each in outcomes if each.expectation.place.file == place.file]
            bad = sum(not each.holds for each in mine)
            counts = {"tests": str(len(mine)), "failures": str(bad), "errors": "0", "skipped": "0"}
            suites[place.file] = ElementTree.SubElement(root, "testsuite", {"name": _clean(place.file), **counts})
        about = {"classname": _clean(place.file), "name": _clean(_titled(outcome)), "file": _clean(place.file)}
        case = ElementTree.SubElement(suites[place.file], "testcase", {**about, "line": str(place.line)})
        if not outcome.holds:
            details = _details(analysis, outcome)
            failure = ElementTree.SubElement(case, "failure", {"message": _clean(details[0].strip())})
            failure.text = _clean("\n".join(details))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _titled(outcome: Outcome) -> str:
    note = outcome.expectation.note
    return f"{outcome.expectation}" + (f"  ({note})" if note else "")


def _details(analysis: Analysis, outcome: Outcome) -> list[str]:
    lines = [f"      {outcome.expectation.place}"]
    if outcome.fault:
        return [f"      {outcome.fault}", *lines]
    shown = outcome.failures[:_MOST_PAIRS]
    told = [f"      {_told(failure)}" for failure in shown]
    more = len(outcome.failures) - len(shown)
    told += [f"      and {more:,} more pairs"] if more else []
    for failure in shown[:_MOST_TRACES]:
        told += [
            "",
            *(f"      {line}".rstrip() for line in verdict_text(analysis, _question(analysis, failure)).splitlines()),
        ]
    return [told[0], *lines, *told[1:]]


def _told(failure: Failure) -> str:
    ports = "" if failure.ports is NONE else f" on {failure.ports.text()}"
    return f"{failure.source} -> {failure.destination} is {failure.verdict}{ports}"


def _question(analysis: Analysis, failure: Failure) -> Question:
    """The pair, on the first port to blame."""
    ends = analysis.resolve_peer(failure.source), analysis.resolve_peer(failure.destination)
    for protocol, spans in failure.ports.by_protocol().items():
        return Question(*ends, protocol, spans[0][0])
    return Question(*ends)


def _outcome_document(analysis: Analysis, outcome: Outcome) -> dict[str, object]:
    expectation = outcome.expectation
    document: dict[str, object] = {
        "from": expectation.source or "*",
        "to": expectation.destination or "*",
        "wanted": expectation.wanted,
        "holds": outcome.holds,
        "pairs": outcome.pairs,
        "source": place_document(expectation.place),
    }
    if expectation.ports is not None:
        document["ports"] = expectation.ports.json()
    if expectation.note:
        document["note"] = expectation.note
    if outcome.fault:
        document["fault"] = outcome.fault
    if outcome.failures:
        document["failures"] = [
            {"source": each.source, "destination": each.destination, "verdict": str(each.verdict)}
            | ({"ports": each.ports.json()} if each.ports is not NONE else {})
            | ({"why": verdict_document(analysis, _question(analysis, each))} if number < _MOST_PAIRS else {})
            for number, each in enumerate(outcome.failures)
        ]
    return document


def _clean(text: str) -> str:
    """Without the characters that no XML may hold."""
    return _FORBIDDEN_IN_XML.sub("\ufffd", text)
