"""Manifests at a git revision, `git:REVISION:PATH`: read by git itself, nothing is checked out."""

from __future__ import annotations

import os
import subprocess
from pathlib import PurePosixPath

from webapp.errors import InputError
from webapp.manifests.archive import is_manifest, label, unpack
from webapp.manifests.budget import Budget
from webapp.model.problem import Problem
from webapp.model.source import SourceFile

PREFIX = "git:"
_SECONDS = 120


def is_revision(path: str) -> bool:
    """Whether a path names something in a git revision."""
    return path.startswith(PREFIX) and path.count(":") >= 2


def read_revision(path: str, budget: Budget) -> tuple[list[SourceFile], list[Problem]]:
    """The manifests below PATH in REVISION of the repository of the working directory. Names are paths in the
    repository, so two revisions can be compared file by file. InputError if git does not know it."""
    _, revision, below = path.split(":", 2)
    if revision.startswith("-") or not revision:
        raise InputError(f"{label(path)}: write git:REVISION:PATH, such as git:main:manifests.")
    below = str(PurePosixPath(below or "."))
    if ".." in PurePosixPath(below).parts or below.startswith("/"):
        raise InputError(f"{label(path)}: PATH is one inside the repository, from its top.")
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", what=path).strip()
    top = _git("rev-parse", "--show-toplevel", what=path).decode(errors="replace").strip()
    call = ["-C", top, "-c", "core.attributesFile=", "archive", "--format=tar", commit.decode("ascii")]
    packed = _git(*call, *(["--", below] if below != "." else []), what=path)
    budget.check("max_bytes", len(packed))
    problems: list[Problem] = []
    files = unpack(SourceFile("git.tar", packed), budget, problems)
    named = [SourceFile(file.name.removeprefix("git.tar/"), file.data) for file in files]
    return [file for file in named if is_manifest(file.name) and not _is_hidden(file.name)], problems


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts)


def _git(*words: str, what: str) -> bytes:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 (words are ours, a commit's hash and a path after --)
            ["git", *words],  # noqa: S607
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as fault:
        raise InputError(f"{label(what)}: git is not installed.") from fault
    except subprocess.TimeoutExpired as fault:
        raise InputError(f"{label(what)}: git took longer than {_SECONDS} seconds.") from fault
    except subprocess.CalledProcessError as fault:
        reason = label(fault.stderr.decode(errors="replace").strip().removeprefix("fatal: "))
        raise InputError(
            f"{label(what)} cannot be read{f': {reason}' if reason else ': git knows no such revision'}."
        ) from fault
    return done.stdout
