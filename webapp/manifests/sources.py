"""Paths become files in memory: files, folders, standard input, git revisions."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from webapp.errors import InputError
from webapp.manifests.archive import is_manifest, label
from webapp.manifests.budget import COMMAND_LINE_BUDGET, Budget
from webapp.manifests.revisions import is_revision, read_revision
from webapp.model.problem import Problem
from webapp.model.source import SourceFile, SourceRef

STANDARD_INPUT = "-"


def open_paths(
    paths: Iterable[str], budget: Budget = COMMAND_LINE_BUDGET
) -> tuple[tuple[SourceFile, ...], tuple[Problem, ...]]:
    """The files under paths (a file, a folder, an archive, `git:REVISION:PATH`, or `-`), and problems with those that
    cannot be read.

    Names are the paths as given. Of a folder all .yaml, .yml, .json files below it are taken, in the order of names.
    Archives are taken as they are: `read` opens them. Raises `InputError` if a path itself is not there or cannot be
    read, `BudgetExceeded` if it is too much.
    """
    fetched = _Fetched(budget)
    for path in paths:
        if path == STANDARD_INPUT:
            fetched.take("stdin", fetched.read_stream(sys.stdin.buffer))
        elif Path(path).is_dir():
            fetched.walk(path)
        elif is_revision(path) and not Path(path).exists():
            files, problems = read_revision(path, budget)
            for file in files:
                fetched.take(file.name, file.data)
            fetched.problems += problems
        elif Path(path).exists():
            try:
                fetched.take(path, fetched.read_file(path))
            except OSError as error:
                raise InputError(
                    f"{label(path)} cannot be read: {error.strerror}. Check the path.", code="unreadable"
                ) from None
        else:
            raise InputError(f"{label(path)}: there is no such file or folder. Check the path.", code="no_such_file")
    return tuple(fetched.files), tuple(fetched.problems)


class _Fetched:
    """Files and problems, with the bytes counted."""

    def __init__(self, budget: Budget) -> None:
        self.files: list[SourceFile] = []
        self.problems: list[Problem] = []
        self._budget = budget
        self._size_bytes = 0

    def take(self, name: str, data: bytes) -> None:
        """A file with its bytes counted."""
        self._size_bytes += len(data)
        self._budget.check("file_bytes", len(data))
        self._budget.check("max_bytes", self._size_bytes)
        self.files.append(SourceFile(label(name), data))

    def walk(self, folder: str) -> None:
        """The manifests below a folder. A link to a folder is followed once, so a loop of links ends."""
        for path in _manifests_below(folder, self._report):
            try:
                if not stat.S_ISREG(Path(path).stat().st_mode):
                    raise OSError(0, "it is not a file")
                self.take(path, self.read_file(path))
            except OSError as error:
                self._report(path, error)

    def read_file(self, path: str) -> bytes:
        """The bytes of a file (or pipe), up to one more than is allowed."""
        with Path(path).open("rb") as stream:
            return self.read_stream(stream)

    def read_stream(self, stream: IO[bytes]) -> bytes:
        """The bytes of a stream, up to one more than is allowed."""
        limits = [each for each in (self._budget.file_bytes, self._budget.max_bytes) if each is not None]
        return stream.read(min(limits) + 1 if limits else -1)

    def _report(self, path: str, error: OSError) -> None:
        message = f"this cannot be read: {error.strerror or error}. It is left out. Check its permissions."
        self.problems.append(Problem("error", "unreadable_file", message, SourceRef(label(path), 1, 1, 1)))


def _manifests_below(folder: str, report: Callable[[str, OSError], None]) -> Iterator[str]:
    """Paths of manifests, folder by folder in the order of names."""
    seen: set[tuple[int, int]] = set()
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            status = Path(current).stat()
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            report(current, error)
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                folders.append(entry.path)
            elif is_manifest(entry.name):
                yield Path(entry.path).as_posix()
        pending.extend(reversed(folders))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
