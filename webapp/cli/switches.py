"""The switches that every evaluating verb shares, and the way from paths to an Analysis."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from webapp.analysis import Analysis, analyze
from webapp.cli.progress import Progress
from webapp.errors import InputError
from webapp.manifests import COMMAND_LINE_BUDGET
from webapp.manifests.collector import paused_collector, settle
from webapp.manifests.kinds import POLICIES
from webapp.manifests.sources import open_paths
from webapp.model.assumptions import Assumptions
from webapp.model.problem import Problem

_SHOWN_PROBLEMS = 30


def add_paths(parser: argparse.ArgumentParser, nargs: str = "+") -> None:
    parser.add_argument(
        "paths", nargs=nargs, metavar="PATH", help="file, folder, archive (.zip .tar .tar.gz .tgz), or - for stdin"
    )


def add_switches(parser: argparse.ArgumentParser) -> None:
    """What the specs leave to implementations (contract, "Switches")."""
    group = parser.add_argument_group("assumptions, shown with every answer")
    group.add_argument("--host-network", choices=("node", "pod"), default="node",
                       help="judge hostNetwork pods as traffic of their node (default) or like any pod")  # fmt: skip
    group.add_argument("--ipblock-pods", choices=("address", "never"), default="address",
                       help="an ipBlock matches a pod by its address (default) or never")  # fmt: skip
    group.add_argument("--pod-cidr", action="append", default=[], metavar="CIDR", dest="pod_cidrs",
                       help="where pods without a known address live (repeatable; else as the input says)")  # fmt: skip
    group.add_argument("--undeclared-namespaces", choices=("unknown", "unlabelled"), default="unknown",
                       help="labels of undeclared namespaces: unknown (default), or only the name label")  # fmt: skip
    group.add_argument("--ignore-dialect", action="append", default=[], metavar="KIND", dest="ignore_dialects",
                       help="leave out policies of a kind that is not evaluated (repeatable)")  # fmt: skip
    group.add_argument("--ingress-controller", action="append", default=[], metavar="WHO", dest="ingress_controllers",
                       help="who carries the traffic of Ingresses and routes: NAMESPACE, NAMESPACE/NAME or "
                       "NAMESPACE/key=value,... (repeatable; else guessed by well-known labels)")  # fmt: skip
    group.add_argument("--strict", action="store_true", help="exit with 3 if a document could not be understood")
    group.add_argument("--max-bytes", type=int, default=COMMAND_LINE_BUDGET.max_bytes, metavar="N",
                       help="how much input to take (default 2 GiB)")  # fmt: skip


def assumptions_of(options: argparse.Namespace) -> Assumptions:
    """The switches; a kind of policy that is not known, and would be left out in vain, is told on standard error."""
    known = {kind for kinds in POLICIES.values() for kind in kinds}
    for kind in sorted({*options.ignore_dialects} - known):
        print(f'netpolmap: --ignore-dialect "{kind}" is no kind of policy that is known', file=sys.stderr)
    return Assumptions(
        options.host_network, options.ipblock_pods, tuple(options.pod_cidrs), options.undeclared_namespaces,
        tuple(sorted(set(options.ignore_dialects))), tuple(sorted(set(options.ingress_controllers))),
    )  # fmt: skip


def load(options: argparse.Namespace) -> Analysis:
    """Read and evaluate the paths; tells what is wrong on standard error. InputError if no path can be read."""
    budget = COMMAND_LINE_BUDGET.with_max_bytes(options.max_bytes)
    with Progress("reading and evaluating"), paused_collector():
        files, problems = open_paths(options.paths, budget)
        analysis = analyze(files, assumptions_of(options), budget, tuple(problems))
        settle()
        return analysis


def report(problems: tuple[Problem, ...]) -> None:
    """Problems on standard error: errors, then warnings, in full; a long list is cut, equal notes are counted."""
    listed = sorted((p for p in problems if p.severity != "info"), key=lambda problem: problem.severity)
    for problem in listed[:_SHOWN_PROBLEMS]:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
    if len(listed) > _SHOWN_PROBLEMS:
        print(f"... and {len(listed) - _SHOWN_PROBLEMS} more (all of them: list -o json)", file=sys.stderr)
    notes = Counter(problem.code for problem in problems if problem.severity == "info")
    for problem in problems:
        if problem.severity == "info" and notes[problem.code] == 1:
            print(f"info: {problem}", file=sys.stderr)
    for code, count in sorted(notes.items()):
        if count > 1:
            first = next(problem for problem in problems if problem.code == code)
            print(f"info: {count} times {code}, first {first}", file=sys.stderr)


def check(analysis: Analysis, options: argparse.Namespace, status: int = 0) -> int:
    """The exit status: 2 if nothing was read at all, 3 with `--strict` if something was not understood."""
    if analysis.is_empty:
        print("netpolmap: no workload and no policy was read", file=sys.stderr)
        return 2
    if options.strict and analysis.counts.not_understood:
        return 3
    return status


def require(condition: bool, message: str) -> None:
    if not condition:
        raise InputError(message)
