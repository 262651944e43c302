"""The command line: one file a verb. A verb parses, calls one function, and prints."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence

from webapp import __version__
from webapp.errors import WebappError

VERBS = {
    "serve": "start the web app, PATH already loaded",
    "list": "every allowed connection",
    "why": "one question, answered with its reasons",
    "diff": "what a change opens and cuts",
    "lint": "mistakes and risks",
    "test": "expectations that must hold",
}
_DESCRIPTION = """What do your Kubernetes network policies really do? Exactly which pods may talk to which, on which
ports, and which line of which policy decides it."""
_EPILOG = """examples:
  netpolmap serve samples/shop
  netpolmap list manifests/ -o json
  netpolmap why shop/frontend data/orders-db:5432 manifests/
  netpolmap diff git:main:manifests manifests/
  netpolmap lint manifests/
  netpolmap test manifests/ --expect expectations.yaml
  kubectl get ns,nodes,pods,rs,deploy,sts,ds,job,cronjob,svc,ingress,netpol -A -o yaml | netpolmap serve -

exit status: 0 done (why: allowed; diff: no difference); 1 why: blocked, diff: they differ, lint: findings, test: an
expectation fails; 2 the call or the input cannot be used; 3 why: unknown, and with --strict a document that could
not be understood.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status of the contract."""
    words = [*(sys.argv[1:] if arguments is None else arguments)]  # (`list` is a verb in this package)
    parser = argparse.ArgumentParser(
        "netpolmap", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"netpolmap {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    chosen = next((word for word in words if word in VERBS), None)
    for name, help_text in VERBS.items():
        verb = verbs.add_parser(name, help=help_text, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name == chosen:  # other verbs need not be imported to start
            module = importlib.import_module(f"webapp.cli.{name}")
            verb.description, _, verb.epilog = (module.__doc__ or "").partition("\n\n")
            module.add_arguments(verb)
            verb.set_defaults(run=module.run)
    options = parser.parse_args(words)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except WebappError as fault:
        print(f"netpolmap: {fault.message}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `netpolmap list … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        print("netpolmap: interrupted", file=sys.stderr)
        return 130
