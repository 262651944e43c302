"""Check that expectations hold: who must be able to reach whom, and who must not.

An expectation file is a list of statements under the key expect:

  expect:
    - {from: shop/frontend, to: shop/database, blocked: true}
    - {from: shop/frontend, to: shop/api, ports: TCP/8080, allowed: true, note: "the only way in"}
    - {from: internet, to: shop/frontend, ports: "TCP/80,443", allowed: true}
    - {from: "staging/*", to: "production/*", blocked: true}
    - {to: "data/*", nothing_else: true}       no connection into data but those that this file calls allowed

Ends are named as in `why`; * stands for any part of NAMESPACE/NAME, of workloads. What cannot be told (UNKNOWN) does
not hold, nor does a statement about a workload that is not there.

examples:
  netpolmap test manifests/ --expect expectations.yaml
  netpolmap test manifests/ --expect a.yaml --expect b.yaml -o junit --out report.xml

exit status: 0 all hold, 1 some do not, 2 unusable call or input.
"""

from __future__ import annotations

import argparse

from webapp.cli.output import add_output, open_output, write_json
from webapp.cli.switches import add_paths, add_switches, check, load, report
from webapp.errors import InputError
from webapp.expectations import check as check_expectations
from webapp.expectations import read_expectations
from webapp.expectations.telling import document_of, junit_of, text_of
from webapp.manifests import COMMAND_LINE_BUDGET, open_paths


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--expect", action="append", required=True, metavar="FILE", help="what must hold (repeatable)")
    add_output(parser, ("text", "json", "junit"), "text")
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    budget = COMMAND_LINE_BUDGET.with_max_bytes(options.max_bytes)
    files, problems = open_paths(options.expect, budget)
    if problems:
        raise InputError(str(problems[0]))
    expectations = read_expectations(files, budget)
    analysis = load(options)
    report(tuple(problem for problem in analysis.problems if problem.severity == "error"))
    if analysis.is_empty:
        return check(analysis, options)
    outcomes = check_expectations(analysis, expectations)
    with open_output(options.out) as stream:
        if options.output == "json":
            write_json(document_of(analysis, outcomes), stream, pretty=options.pretty)
        else:
            stream.write(junit_of(analysis, outcomes) if options.output == "junit" else text_of(analysis, outcomes))
    return check(analysis, options) if all(outcome.holds for outcome in outcomes) else 1
