"""List every allowed connection between workloads, and with the world outside, exact for every port.

examples:
  netpolmap list manifests/
  netpolmap list manifests/ -n shop -n data --to data/orders-db
  netpolmap list manifests/ -o json --out connections.json
  netpolmap list manifests/ --reach shop/frontend --steps 2         its blast radius; --reached-by: who can reach it
  netpolmap list manifests/ --exposure                      and what pods that are not there could do
  netpolmap list manifests/ -o svg --out map.svg            formats: table, json, csv, svg, png, graphml, dot, mermaid
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from webapp.analysis import Analysis
from webapp.cli.output import add_output, open_binary_output, open_output, write_json
from webapp.cli.switches import add_paths, add_switches, check, load, report, require
from webapp.export import exporter
from webapp.insight.exposure import Exposure, exposure
from webapp.model.policy import Direction

_WITH_EXPOSURE = ("table", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument("-n", "--namespace", action="append", default=[], metavar="NAMESPACE",
                        help="only connections with an end in this namespace (repeatable)")  # fmt: skip
    parser.add_argument("--from", dest="source", metavar="PEER", help="only connections from this workload or address")
    parser.add_argument("--to", dest="destination", metavar="PEER", help="only connections to this workload or address")
    parser.add_argument("--exposure", action="store_true",
                        help="add what workloads would accept from, or may send to, pods that are not in the input "
                             "(table, json)")  # fmt: skip
    radius = parser.add_mutually_exclusive_group()
    radius.add_argument("--reach", metavar="PEER", help="all that this workload can reach over any number of hops")
    radius.add_argument("--reached-by", metavar="PEER", help="all that can reach this workload over any number of hops")
    parser.add_argument("--steps", type=int, metavar="K", help="with --reach or --reached-by: within so many hops")
    add_output(parser, ("table", "json", "csv", "svg", "png", "graphml", "dot", "mermaid"), "table")
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    require(not options.exposure or options.output in _WITH_EXPOSURE, "--exposure is for -o table and -o json.")
    _check_radius(options)
    analysis = load(options)
    report(analysis.problems)
    if analysis.is_empty and options.output != "json":
        return check(analysis, options)
    if (options.reach or options.reached_by) and not analysis.is_empty:
        return _write_radius(analysis, options)
    keep = None if analysis.is_empty else _selection(analysis, options)
    module = exporter(options.output)
    settings: dict[str, object] = {"keep": keep} if keep else {}
    if options.output == "table":
        settings["colour"] = options.out is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if options.output == "json":
        settings["pretty"] = options.pretty
    if options.exposure:
        settings["exposure"] = _exposure(analysis, options)
    if module.BINARY:
        with open_binary_output(options.out) as raw:
            module.write(analysis, raw, **settings)
    else:
        with open_output(options.out) as stream:
            module.write(analysis, stream, **settings)
    return check(analysis, options)


def _exposure(analysis: Analysis, options: argparse.Namespace) -> list[Exposure]:
    """Both ends of all workloads; with `-n` of those in the namespaces, with `--from` and `--to` that end of these."""
    chosen = {
        Direction.INGRESS: frozenset(analysis.resolve_peer(options.destination).ids) if options.destination else None,
        Direction.EGRESS: frozenset(analysis.resolve_peer(options.source).ids) if options.source else None,
    }
    named = any(ids is not None for ids in chosen.values())
    told = exposure(analysis, [w for w in analysis.workloads if w.namespace in (options.namespace or [w.namespace])])
    return [each for each in told if not named or each.workload in (chosen[each.direction] or ())]


def _check_radius(options: argparse.Namespace) -> None:
    """Nothing that is asked for is passed over in silence."""
    if not (options.reach or options.reached_by):
        require(options.steps is None, "--steps needs --reach or --reached-by.")
        return
    require(options.output in ("table", "json"), f"--reach and --reached-by write table or json, not {options.output}.")
    require(options.steps is None or options.steps > 0, "--steps must be 1 or more.")
    others = options.source or options.destination or options.namespace or options.exposure
    require(not others, "--reach and --reached-by go with --steps only, not with --from, --to, -n or --exposure.")


def _write_radius(analysis: Analysis, options: argparse.Namespace) -> int:
    from webapp.explain.reach import radius_document, radius_of, radius_text  # brings networkx

    name, direction = (options.reach, "reach") if options.reach else (options.reached_by, "reached_by")
    radius = radius_of(analysis, name, direction, options.steps)
    with open_output(options.out) as stream:
        if options.output == "json":
            write_json(radius_document(analysis, radius), stream, pretty=options.pretty)
        else:
            stream.write(radius_text(radius))
    return check(analysis, options)


def _selection(analysis: Analysis, options: argparse.Namespace) -> Callable[[str, str], bool] | None:
    """The rows that `-n`, `--from` and `--to` leave; None for all."""
    sources = frozenset(analysis.resolve_peer(options.source).ids) if options.source else None
    destinations = frozenset(analysis.resolve_peer(options.destination).ids) if options.destination else None
    inside = frozenset(w.id for w in analysis.workloads if w.namespace in options.namespace)
    if options.namespace and not inside:
        known = ", ".join(sorted({w.namespace for w in analysis.workloads}))
        print(f"netpolmap: no workload in {', '.join(options.namespace)}; namespaces: {known}", file=sys.stderr)
    if sources is None and destinations is None and not options.namespace:
        return None

    def keep(source: str, destination: str) -> bool:
        return (
            (sources is None or source in sources)
            and (destinations is None or destination in destinations)
            and (not options.namespace or source in inside or destination in inside)
        )

    return keep
