"""Compare two versions of manifests: which connections a change opens and cuts, and which edit does it.

BASE and HEAD are each a file, a folder, an archive, - for standard input, or git:REVISION:PATH (a path in the
repository of the working directory).

examples:
  netpolmap diff old/ new/
  netpolmap diff git:main:manifests manifests/ -o md
  netpolmap diff git:HEAD~1:deploy git:HEAD:deploy --fail-on opened
  netpolmap diff old.zip new.zip -o json --out diff.json

exit status: 0 no difference in connectivity (or none of what --fail-on names), 1 there is one, 2 unusable call or
input, 3 with --strict: a document could not be understood.
"""

from __future__ import annotations

import argparse
import sys

from webapp.analysis import Analysis, analyze
from webapp.cli.output import add_output, open_output
from webapp.cli.progress import Progress
from webapp.cli.switches import add_switches, assumptions_of, report, require
from webapp.diff.review import Review, review, sensitive_by
from webapp.manifests import COMMAND_LINE_BUDGET, open_paths
from webapp.manifests.collector import paused_collector, settle
from webapp.reports import FORMATS
from webapp.reports import report as format_of

_FAIL_ON = ("opened", "cut", "changed", "any", "never")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("head", metavar="HEAD")
    parser.add_argument("--fail-on", action="append", choices=_FAIL_ON, default=[], metavar="WHAT",
                        help="exit with 1 only if something was opened, cut, changed (repeatable)")  # fmt: skip
    parser.add_argument("--sensitive", action="append", default=[], metavar="KEY[=VALUE]",
                        help="label of sensitive workloads (default netpolmap/sensitive=true)")  # fmt: skip
    add_output(parser, FORMATS, "text")
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    require((options.base, options.head) != ("-", "-"), "Only one of BASE and HEAD can be standard input.")
    base, head = _load(options.base, options), _load(options.head, options)
    sides = (base, head)
    for side in sides:
        report(tuple(problem for problem in side.problems if problem.severity == "error"))
    if all(side.is_empty for side in sides):
        print("netpolmap: no workload and no policy was read on either side", file=sys.stderr)
        return 2
    marks = [(key, value if equals else None) for key, equals, value in (m.partition("=") for m in options.sensitive)]
    with Progress("comparing"):
        found = review(base, head, sensitive_by(marks) if marks else None)
    with open_output(options.out) as stream:
        settings = {"pretty": options.pretty} if options.output == "json" else {}
        format_of(options.output).write(found, stream, **settings)
    if options.strict and any(side.counts.not_understood for side in sides):
        return 3
    return int(_fails(found, options.fail_on or ["any"]))


def _load(path: str, options: argparse.Namespace) -> Analysis:
    budget = COMMAND_LINE_BUDGET.with_max_bytes(options.max_bytes)
    with Progress(f"reading and evaluating {path}"), paused_collector():
        files, problems = open_paths([path], budget)
        analysis = analyze(files, assumptions_of(options), budget, tuple(problems))
        settle()
        return analysis


def _fails(found: Review, kinds: list[str]) -> bool:
    changes = found.changes
    if "never" in kinds:
        return False
    if "any" in kinds:
        return not changes.is_empty
    fails = {
        "opened": any(not row.opened_ports.is_empty for row in changes.rows),
        "cut": any(not row.cut_ports.is_empty for row in changes.rows),
        "changed": bool(changes.changed),
    }
    return any(fails[kind] for kind in kinds)
