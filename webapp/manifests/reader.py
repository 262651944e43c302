"""Files become Documents: the doorway of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from webapp.manifests import words
from webapp.manifests.archive import is_packed, unpack
from webapp.manifests.budget import COMMAND_LINE_BUDGET, Budget
from webapp.manifests.collector import paused_collector
from webapp.manifests.compose import Composer, Tree
from webapp.manifests.objects import Collection
from webapp.manifests.text import bad_character, decode, needs_care, place_of, split
from webapp.manifests.ticks import Fault, Ticks
from webapp.manifests.tree import Intake
from webapp.model.problem import Problem
from webapp.model.source import SourceFile, SourceRef


def read(
    files: Iterable[SourceFile],
    budget: Budget = COMMAND_LINE_BUDGET,
    *,
    problems: Iterable[Problem] = (),
    archives: bool = True,
) -> Intake:
    """All objects of the files, with the problems met. Archives among the files are opened (with ``archives``).

    Nothing a document holds raises; only a limit of the budget does (`BudgetExceeded`). `problems` are those met while
    the files were fetched; they come first.
    """
    collection = Collection(budget)
    for problem in problems:
        collection.not_understood(problem)
    ticks = Ticks(budget)
    size_bytes = 0
    with paused_collector():
        for file in _unpacked(files, budget, collection) if archives else files:
            size_bytes += len(file.data)
            budget.check("file_bytes", len(file.data))
            budget.check("max_bytes", size_bytes)
            _FileReader(file, budget, ticks, collection).read()
        return collection.intake()


def _unpacked(files: Iterable[SourceFile], budget: Budget, collection: Collection) -> Iterator[SourceFile]:
    """The files, with those of archives in the place of the archives."""
    for file in files:
        if is_packed(file):
            budget.check("file_bytes", len(file.data))
            problems: list[Problem] = []
            yield from unpack(file, budget, problems)
            for problem in problems:
                collection.not_understood(problem)
        else:
            yield file


class _FileReader:
    """One file. It is read in one go; from the first error on, document by document, so that each error stays where
    it is: a lookahead of the parser must not blame the wrong document, and an open quote not swallow the next one."""

    def __init__(self, file: SourceFile, budget: Budget, ticks: Ticks, collection: Collection) -> None:
        self._file, self._budget, self._ticks, self._collection = file, budget, ticks, collection
        self._text = decode(file.data)
        self._careful = needs_care(file.data)

    def read(self) -> None:
        self._budget.check("documents", self._collection.opened + self._file.data.count(b"\n---\n"))
        if "\0" in self._text or (not self._text.isascii() and bad_character(self._text)):
            self._read_apart(0, 0, 1)
            return
        objects = self._collection.opened
        composer = Composer(self._text, self._budget, self._ticks, careful=self._careful, objects=objects)
        try:
            for tree in composer.trees():
                self._add(tree)
        except (yaml.YAMLError, Fault):
            number = composer.number - 1 if composer.opened else composer.number
            self._read_apart(number, composer.index, composer.line)

    def _read_apart(self, number: int, index: int, line: int) -> None:
        """The documents from an index on, each by itself. `number`: how many stand before."""
        for chunk in split(self._text, index, line - 1):
            bad = bad_character(chunk.text)
            if bad is not None:
                number += 1
                self._report_character(number, chunk.line, chunk.text, *bad)
                continue
            composer = Composer(chunk.text, self._budget, self._ticks, careful=self._careful,
                                number=number, line=chunk.line, index=chunk.index,
                                objects=self._collection.opened)  # fmt: skip
            try:
                for tree in composer.trees():
                    self._add(tree)
                number = composer.number
            except (yaml.YAMLError, Fault) as error:
                number = composer.number if composer.opened else composer.number + 1
                self._report(error, number, chunk.line, chunk.text)

    def _add(self, tree: Tree) -> None:
        self._collection.add(self._file.name, tree, self._text)

    def _report(self, error: Exception, number: int, line: int, text: str) -> None:
        """What stopped the reading of a document. `line`: how many stand before its text."""
        if isinstance(error, Fault):
            code, message, place = error.code, error.message, (error.line, error.column)
        else:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            end = max(0, len(text.rstrip()) - 1)
            at = min(mark.index, end) if mark else 0
            at_line, at_column = place_of(text, at)
            code, message = words.explain(error, text[at : at + 1], self._budget)
            place = line + at_line, at_column
        if code != "budget_exceeded" and words.looks_like_helm(text, place[0] - line):
            code, message = "helm_template", words.HELM
        self._problem(code, message, number, *place)

    def _report_character(self, number: int, line: int, text: str, index: int, name: str) -> None:
        at_line, at_column = place_of(text, index)
        if not name:
            self._problem("not_utf8", words.NOT_UTF_8, number, line + at_line, at_column)
        else:
            self._problem("yaml_character", words.forbidden(name), number, line + at_line, at_column)

    def _problem(self, code: str, message: str, number: int, line: int, column: int) -> None:
        source = SourceRef(self._file.name, number, line, column)
        self._collection.not_understood(Problem("error", code, message, source))
