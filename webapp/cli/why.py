"""Ask one question: may SRC reach DST, on which port, and which line of which policy decides it?

SRC and DST are NAMESPACE/KIND/NAME, NAMESPACE/NAME or NAME, `internet`, an address or a CIDR. DST may be a Service,
svc/NAMESPACE/NAME: its backends are asked on their target ports. PORT is then a number or a name of its ports.
With --path the answer is the shortest chain of allowed connections from SRC over other workloads to DST, and what
would cut it.

examples:
  netpolmap why frontend database:5432 manifests/
  netpolmap why shop/checkout 203.0.113.7:443 manifests/ -o json
  netpolmap why internet shop/frontend manifests/          which ports are open?
  netpolmap why shop/frontend svc/shop/backend:http manifests/
  netpolmap why api '[2001:db8::1]:443' manifests/
  netpolmap why --path internet data/orders-db:5432 manifests/

exit status: 0 allowed, 1 blocked, 2 unusable call or input, 3 unknown.
"""

from __future__ import annotations

import argparse
import json
import sys

from webapp.analysis import Analysis
from webapp.cli.output import add_output, open_output, write_json
from webapp.cli.switches import add_paths, add_switches, load, report
from webapp.explain.verdict import Question, ask, empty_document, outcome, verdict_document, verdict_text
from webapp.model.verdict import Verdict

_STATUS = {Verdict.ALLOWED: 0, Verdict.BLOCKED: 1, Verdict.UNKNOWN: 3}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SRC")
    parser.add_argument("destination", metavar="DST[:PORT[/PROTO]]")
    add_paths(parser)
    parser.add_argument("--path", action="store_true", help="the shortest chain of connections, hop by hop")
    add_output(parser, ("text", "json"), "text")
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    analysis = load(options)
    report(tuple(problem for problem in analysis.problems if problem.severity == "error"))
    if analysis.is_empty:
        print("netpolmap: no workload and no policy was read", file=sys.stderr)
        if options.output == "json":
            with open_output(options.out) as stream:
                json.dump(empty_document(analysis, options.source, options.destination), stream, ensure_ascii=False)
                stream.write("\n")
        return 2
    question = ask(analysis, options.source, options.destination)
    if options.path:
        return _answer_path(analysis, question, options)
    with open_output(options.out) as stream:
        if options.output == "json":
            write_json(verdict_document(analysis, question), stream, pretty=options.pretty)
        else:
            stream.write(verdict_text(analysis, question))
    return _status(_STATUS[outcome(analysis, question)], analysis, options)


def _status(status: int, analysis: Analysis, options: argparse.Namespace) -> int:
    """With `--strict` nothing is called allowed while a document could not be understood."""
    return 3 if options.strict and status == 0 and analysis.counts.not_understood else status


def _answer_path(analysis: Analysis, question: Question, options: argparse.Namespace) -> int:
    from webapp.explain.paths import chain_of, path_document, path_text, verdict_of_chain  # brings networkx

    links = chain_of(analysis, question)
    with open_output(options.out) as stream:
        if options.output == "json":
            write_json(path_document(analysis, question, links), stream, pretty=options.pretty)
        else:
            stream.write(path_text(question, links))
    return _status(_STATUS[verdict_of_chain(links)], analysis, options)
