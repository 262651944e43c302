"""Find mistakes and risks in policies: rules without effect, ends that do not fit, what is open without need.

Every rule is documented, with an example, in docs/lint.md and under /help of the page.

examples:
  netpolmap lint manifests/
  netpolmap lint manifests/ --fail-on warning --skip no_default_deny
  netpolmap lint manifests/ --rule one_sided_allow --rule egress_without_dns
  netpolmap lint manifests/ -o sarif --out netpolmap.sarif      for code scanning; -o github: annotations of a workflow

A finding is accepted where it is: `# netpolmap:ignore CODE reason` in the policy, or the annotation
`netpolmap/ignore: CODE -- reason` at the policy, its namespace or the workload.

exit status: 0 nothing at or above --fail-on, 1 something is, 2 unusable call or input (no policy), 3 see --strict.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TextIO

from webapp.analysis import Analysis
from webapp.cli.output import add_output, open_output, write_json
from webapp.cli.switches import add_paths, add_switches, check, load, report, require
from webapp.lint import RANKS, Report, review
from webapp.lint.forms import github, json, sarif, text
from webapp.lint.handbook import HELP_URL
from webapp.lint.registry import codes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("--fail-on", choices=(*RANKS, "never"), default="error", metavar="SEVERITY",
                        help="exit with 1 for findings of this severity or above: error (default), warning, info, "
                             "never")  # fmt: skip
    parser.add_argument("--rule", action="append", default=[], metavar="CODE", help="only this rule (repeatable)")
    parser.add_argument("--skip", action="append", default=[], metavar="CODE", help="not this rule (repeatable)")
    parser.add_argument("--help-url", default=HELP_URL, metavar="URL",
                        help=f"where SARIF says that rules are explained (default {HELP_URL})")  # fmt: skip
    add_output(parser, ("text", "json", "sarif", "github"), "text")
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    _check_codes([*options.rule, *options.skip])
    analysis = load(options)
    found = review(analysis, options.rule, options.skip)
    report(tuple(problem for problem in analysis.problems if problem.code not in found.told))
    if options.output == "json" or analysis.policies:
        with open_output(options.out) as stream:
            _write(analysis, found, options, stream)
    if not analysis.policies:
        print("netpolmap: no policy was read, so there is nothing to look at", file=sys.stderr)
        return 2
    return check(analysis, options) or _status(found, options.fail_on)


def _check_codes(given: Sequence[str]) -> None:
    for code in given:
        near = get_close_matches(code, codes(), 1, 0.6)
        hint = f"Did you mean {near[0]}?" if near else f"Rules are: {', '.join(codes())}."
        require(code in codes(), f'There is no rule "{code}". {hint}')


def _status(found: Report, fail_on: str) -> int:
    if fail_on == "never":
        return 0
    return int(any(RANKS[finding.severity] <= RANKS[fail_on] for finding in found.findings))  # type: ignore[index]


def _write(analysis: Analysis, found: Report, options: argparse.Namespace, stream: TextIO) -> None:
    if options.output == "json":
        write_json(json.document_of(analysis, found), stream, pretty=options.pretty)
    elif options.output == "sarif":
        write_json(sarif.document_of(found, options.help_url), stream, pretty=options.pretty)
    else:
        stream.write(github.text_of(found) if options.output == "github" else text.text_of(analysis, found))
