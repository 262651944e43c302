"""The texts of an input's policies, document by document, with all that stands between them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from webapp.manifests.editing import PolicyFile, policy_ids
from webapp.manifests.kinds import CLUSTER_WIDE, group_of
from webapp.manifests.outline import outline
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.tree import Intake
from webapp.model.policy import Policy, policy_id

_SEPARATOR = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One policy document: ``text`` from ``start`` to ``end`` of its file. ``id``: of the policy, "" if it is not
    plain which one the text is."""

    document: int
    first_line: int
    start: int
    end: int
    text: str
    id: str


class Shelved:
    """One file: its text, and the pieces of it."""

    def __init__(self, file: PolicyFile) -> None:
        self.text = file.text
        starts = _line_starts(file.text)
        begins = [starts[part.line - 1] for part in file.parts if part.line <= len(starts)]
        self.pieces = [
            _piece(file.text, part.document, part.first_line, begin, (*begins[number + 1 :], len(file.text))[0])
            for number, (part, begin) in enumerate(zip(file.parts, begins, strict=False))
        ]

    @cached_property
    def comes_apart(self) -> bool:
        """Whether each of its policies is a document by itself, so that it can be read without the others."""
        return all(piece.id for piece in self.pieces)


class Library:
    """``off``: ids of policies that are switched off; their names are taken all the same."""

    def __init__(self, intake: Intake, files: Iterable[PolicyFile], off: Collection[str] = ()) -> None:
        self.shelves = {file.name: Shelved(file) for file in files}
        self.names = frozenset(self.shelves) | {each.source.file for each in intake.documents}
        self.ids = policy_ids(intake) | frozenset(off)
        self._folders = {
            each.namespace: posixpath.dirname(each.source.file)
            for each in reversed(intake.documents)
            if each.source.file in self.shelves and each.kind == "NetworkPolicy"
        }

    def find(self, policy: Policy) -> tuple[str, int]:
        """The file of a policy and the number of its piece there; CannotEdit if that is not sure."""
        source = policy.source
        shelf = self.shelves.get(source.file)
        for index, piece in reversed(list(enumerate(shelf.pieces if shelf is not None else ()))):
            here = piece.document == source.document and piece.first_line <= source.line
            if here and piece.id == policy.id:
                return source.file, index
        raise CannotEdit

    def folder_of(self, namespace: str) -> str:
        """Where the policies of a namespace lie."""
        return self._folders.get(namespace, "")

    def parts(self) -> dict[str, str]:
        """The files that come apart, each piece in a file of its own, and nothing in the file itself."""
        texts: dict[str, str] = {}
        for name, shelf in self.shelves.items():
            if shelf.comes_apart:
                texts[name] = ""
                texts |= {part_name(name, index): piece.text for index, piece in enumerate(shelf.pieces)}
        return texts


def part_name(file: str, index: int) -> str:
    """A name that no file has."""
    return f"{file}\0{index}"


def _piece(text: str, document: int, first_line: int, start: int, limit: int) -> Piece:
    """A document ends where the next one begins."""
    separator = _SEPARATOR.search(text, start + 1, limit)
    end = separator.start() if separator is not None else limit
    return Piece(document, first_line, start, end, text[start:end], _id_of(text[start:end]))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def _id_of(text: str) -> str:
    root = outline(text)
    if root is None:
        return ""
    head = root.words()
    kind = head.get("kind", "")
    metadata = root.at("metadata")
    about = metadata.words() if metadata is not None else {}
    namespace = "" if kind in CLUSTER_WIDE else about.get("namespace") or "default"
    return policy_id(group_of(head.get("apiVersion", ""), kind), kind, namespace, about.get("name", ""))
