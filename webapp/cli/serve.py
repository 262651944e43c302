"""Start the web app. With PATH its workspace is open at the printed address, and read again whenever a file changes.

examples:
  netpolmap serve samples/shop --open
  netpolmap serve manifests/ policies.yaml --port 0        any free port; the address is printed
  kubectl get ns,nodes,pods,rs,deploy,sts,ds,job,cronjob,svc,ingress,netpol -A -o yaml | netpolmap serve -
  netpolmap serve --host 0.0.0.0 --allow-remote --trusted-host map.example.org

Everything stays in memory. Limits and other settings are environment variables (docs/serving.md). Ctrl+C ends it.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from webapp.cli.progress import Progress
from webapp.cli.switches import add_paths, add_switches, assumptions_of, report
from webapp.errors import InputError
from webapp.manifests import COMMAND_LINE_BUDGET, Budget, Intake, SourceFile, open_paths, read
from webapp.manifests.collector import relax_collector
from webapp.model.problem import Problem

if TYPE_CHECKING:
    from webapp.analysis import Analysis
    from webapp.web.gate import Gate
    from webapp.web.settings import Settings
    from webapp.web.workspace import Workspace

STDIN = "-"
_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  compared with, not bound to


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser, "*")
    group = parser.add_argument_group("server")
    group.add_argument("--host", default="127.0.0.1", help="address to listen at (default 127.0.0.1: this machine)")
    group.add_argument("--port", type=int, default=8080, help="port to listen at (default 8080; 0 takes a free one)")
    group.add_argument("--open", action="store_true", help="open the page in the browser")
    group.add_argument("--allow-remote", action="store_true", help="needed where --host is reachable from elsewhere")
    group.add_argument("--trusted-host", action="append", default=[], metavar="NAME", dest="trusted_hosts",
                       help="a name under which browsers may ask for this server (repeatable)")  # fmt: skip
    add_switches(parser)


def run(options: argparse.Namespace) -> int:
    from webapp.web.app import create_app, make_gate
    from webapp.web.server import Server, bind
    from webapp.web.settings import settings_of
    from webapp.web.watch import Watcher

    relax_collector()
    settings = settings_of(os.environ)
    settings = replace(settings, trusted_hosts=settings.trusted_hosts + trusted_hosts(options))
    listening = bind(options.host, options.port)
    gate = make_gate(settings)
    opened = None
    if options.paths:
        load = loader(options.paths, COMMAND_LINE_BUDGET.with_max_bytes(options.max_bytes))
        opened, analysis = _open(options, load, settings, gate)
        watched = [path for path in options.paths if path != STDIN]
        if not watched and not opened.contents.intake.documents:  # files may still come, standard input may not
            raise InputError("no workload and no policy was read from standard input")
        if options.strict and analysis.counts.not_understood:
            listening.close()
            return 3
        if watched:
            Watcher(watched, opened, load, settings.watch_seconds, _say).start()
    try:
        app = create_app(settings, gate=gate, opened=opened)
    except FileNotFoundError as error:
        raise InputError(str(error)) from error
    server = Server(app, listening, options.host)
    server.stop_on_signals()
    print(server.url, flush=True)
    if options.open:
        _show(server.url)
    server.run()
    return 0


def trusted_hosts(options: argparse.Namespace) -> tuple[str, ...]:
    """The names that a Host header may hold. InputError where others could reach what was not meant for them."""
    named = tuple(name.lower().rstrip(".") for name in options.trusted_hosts)
    if is_loopback(options.host):
        return named
    if not options.allow_remote:
        raise InputError(
            f"--host {options.host} can be reached from elsewhere, and whoever reaches it sees what is served. "
            "If that is meant, add --allow-remote."
        )
    if options.host in _WILDCARDS and not named:
        raise InputError(
            f"--host {options.host} needs --trusted-host NAME: the names or addresses under which browsers will ask."
        )
    return named if options.host in _WILDCARDS else (*named, options.host.lower())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def loader(paths: list[str], budget: Budget) -> Callable[[], Intake]:
    """What reads the paths, again and again; standard input is read once, now."""
    typed: list[SourceFile] = []
    found: list[Problem] = []
    if STDIN in paths:
        files, problems = open_paths([STDIN], budget)
        typed, found = list(files), list(problems)
    others = [path for path in paths if path != STDIN]

    def load() -> Intake:
        if not others:
            return read(typed, budget, problems=found)
        files, problems = open_paths(others, budget)
        return read([*typed, *files], budget, problems=[*found, *problems])

    return load


def _open(
    options: argparse.Namespace, load: Callable[[], Intake], settings: Settings, gate: Gate
) -> tuple[Workspace, Analysis]:
    from webapp.web.store import new_id
    from webapp.web.workspace import Workspace

    with Progress("reading and evaluating"):
        workspace = Workspace(
            new_id(), name_of(options.paths), load(), gate, defaults=assumptions_of(options),
            watched=options.paths != [STDIN], room=settings.room,
        )  # fmt: skip
        analysis = workspace.analysis(workspace.contents, workspace.defaults)
    report(analysis.problems)
    return workspace, analysis


def name_of(paths: list[str]) -> str:
    """What people see as the name of the workspace."""
    if len(paths) > 1:
        return f"{len(paths)} paths"
    if paths == [STDIN]:
        return "standard input"
    return PurePath(os.path.abspath(paths[0])).name or paths[0]  # noqa: PTH100  `.` has a name, too


def _say(line: str) -> None:
    print(f"netpolmap: {line}", file=sys.stderr, flush=True)


def _show(url: str) -> None:
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
