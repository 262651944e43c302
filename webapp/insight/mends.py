"""Problems that have one certain cure, as a change of the text. Each is tried before it is offered: it must take the
problem away, and bring no error to light."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from webapp.analysis import analyze
from webapp.manifests.text import Chunk, line_start, split
from webapp.model.problem import Problem
from webapp.model.source import SourceFile

Place = tuple[int, int]
"""Line and column of a text, from 1."""

_TOKEN = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s,\[\]{}:"'#]+""")
_OF_THE_OBJECT = frozenset({"apiVersion", "kind"})
"""Fields whose problems stand at the beginning of their object."""
_LONGEST_DOCUMENT = 100_000


@dataclass(frozen=True, slots=True)
class Mend:
    """Put ``text`` in the place of what stands from ``start`` up to ``end``."""

    title: str
    start: Place
    end: Place
    text: str

    def json(self, file: str) -> dict[str, object]:
        """As the page applies it."""
        places = {
            name: {"line": line, "column": column}
            for name, (line, column) in (("from", self.start), ("to", self.end))
        }  # fmt: skip
        return {"title": self.title, "file": file, **places, "text": self.text}


def mend_of(problem: Problem, text: str) -> Mend | None:
    """The cure of a problem of a text; None if there is none that is certain."""
    if not problem.instead or problem.source is None:
        return None
    chunk = _document_at(text, problem.source.line)
    if chunk is None or len(chunk.text) > _LONGEST_DOCUMENT:
        return None
    begin = line_start(chunk.text, problem.source.line - chunk.line) + problem.source.column - 1
    change = _change(chunk.text, begin, problem)
    if change is None:
        return None
    start, end, new = change
    if not _helps(problem, chunk.text, chunk.text[:start] + new + chunk.text[end:]):
        return None
    title = f"Write {' and '.join(problem.instead.splitlines())}"
    return Mend(title, _place(chunk, start), _place(chunk, end), new)


def _document_at(text: str, line: int) -> Chunk | None:
    """The document that holds a line."""
    return next((chunk for chunk in reversed(split(text, 0, 0)) if chunk.line < line), None)


def _change(text: str, begin: int, problem: Problem) -> tuple[int, int, str] | None:
    """The stretch to replace, and what to put there."""
    if problem.path in _OF_THE_OBJECT:
        return _field(text, begin, problem.path, problem.instead)
    token = _TOKEN.match(text, begin)
    if token is None:
        return None
    first, *more = problem.instead.splitlines()
    if _is_json(text):
        more = ['"' + field.replace(":", '":', 1) for field in more]
    beside = _beside(text, begin)
    return token.start(), token.end(), _value(text, first) + "".join(beside + field for field in more)


def _field(text: str, begin: int, name: str, value: str) -> tuple[int, int, str] | None:
    """A field of the object that begins there, which may be missing."""
    margin = _margin(text, begin)
    found = re.compile(rf"""(?:\A|\n|[{{,])[ -]{{{len(margin)}}}"?{name}"?:[ ]*""").search(
        text, max(0, begin - len(margin) - 1)
    )
    token = _TOKEN.match(text, found.end()) if found else None
    if token is not None:
        return token.start(), token.end(), _value(text, value)
    return None if _is_json(text) else (begin, begin, f"{name}: {value}\n{margin}")


def _is_json(text: str) -> bool:
    return text.lstrip().startswith("{")


def _value(text: str, value: str) -> str:
    """As it is written in this text: JSON has its words in quotes."""
    return json.dumps(value) if _is_json(text) and not value.isdigit() and value[:1] != '"' else value


def _beside(text: str, begin: int) -> str:
    """What parts the value that stands there from a field that follows: a line with the same indentation, or, between
    braces, a comma."""
    before = text[text.rfind("\n", 0, begin) + 1 : begin]
    key = re.fullmatch(r"([ -]*)[A-Za-z]+:[ ]*", before)
    return "\n" + " " * len(key[1]) if key else ", "


def _margin(text: str, begin: int) -> str:
    return " " * (begin - text.rfind("\n", 0, begin) - 1)


def _helps(problem: Problem, before: str, after: str) -> bool:
    was, now = _problems(before), _problems(after)
    errors = [sum(each.severity == "error" for each in found) for found in (was, now)]
    same = [sum((each.code, each.path) == (problem.code, problem.path) for each in found) for found in (was, now)]
    return same[1] < same[0] and errors[1] <= errors[0] - (problem.severity == "error")


def _problems(document: str) -> tuple[Problem, ...]:
    return analyze([SourceFile("document.yaml", document.encode("utf-8", "surrogatepass"))]).problems


def _place(chunk: Chunk, index: int) -> Place:
    before = chunk.text[:index]
    return chunk.line + before.count("\n") + 1, index - before.rfind("\n")
