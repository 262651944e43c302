"""The policies of an input as texts that can be changed, one document after the other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webapp.manifests.editing import PolicyFile, policy_files, policy_ids
from webapp.manifests.kinds import CLUSTER_WIDE, group_of
from webapp.manifests.outline import Value, outline
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.tree import Intake
from webapp.manifests.writing import Json, document
from webapp.model.policy import Policy, policy_id

SEPARATOR = "---\n"
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 63

Splice = Callable[[str, Value], str]
"""Changes the text of one document, whose outline is given."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One document of a file: where it stands there, and what it is if that is plain."""

    document: int
    first_line: int
    text: str


def part_name(file: str, index: int) -> str:
    """A name that no file has."""
    return f"{file}\0{index}"


class Library:
    """The texts of an input, read once. ``files`` are all names that are taken, with policies or not."""

    def __init__(self, intake: Intake) -> None:
        self.pieces = {file.name: _pieces(file) for file in policy_files(intake)}
        self.files = frozenset(self.pieces) | {each.source.file for each in intake.documents}
        self.ids = policy_ids(intake)
        self._folders = {
            each.namespace: posixpath.dirname(each.source.file)
            for each in reversed(intake.documents)
            if each.source.file in self.pieces and each.kind == "NetworkPolicy"
        }

    def parts(self) -> dict[str, str]:
        """Each document in a file of its own, so that one can be read again without the others."""
        texts = {
            part_name(name, index): piece.text
            for name, pieces in self.pieces.items()
            for index, piece in enumerate(pieces)
        }
        return dict.fromkeys(self.pieces, "") | texts

    def open(self) -> Book:
        """A copy to change."""
        return Book(self)

    def find(self, policy: Policy) -> tuple[str, int]:
        """The file of a policy and the number of its document among the file's; CannotEdit if it is not sure."""
        source = policy.source
        pieces = self.pieces.get(source.file, [])
        found = [
            (piece.first_line, index)
            for index, piece in enumerate(pieces)
            if piece.document == source.document and piece.first_line <= source.line
        ]
        for _, index in reversed(found):
            if _id_of(pieces[index].text) == policy.id:
                return source.file, index
        raise CannotEdit

    def folder_of(self, namespace: str) -> str:
        """Where the policies of a namespace lie."""
        return self._folders.get(namespace, "")


class Book:
    """Texts being changed. What is not touched stays as it is."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._texts: dict[str, list[str]] = {}
        self._removed: dict[str, set[int]] = {}
        self.touched: set[str] = set()
        """The ids of all policies that were changed, made or removed."""
        self.written: list[str] = []
        """What the changed and new documents say now."""

    def change(self, policy: Policy, splice: Splice) -> None:
        """Change the document of a policy."""
        if policy.version or policy.set_aside:
            raise CannotEdit
        file, index = self._library.find(policy)
        texts = self._open(file)
        plain = outline(texts[index])
        if plain is None:
            raise CannotEdit
        old, texts[index] = texts[index], splice(texts[index], plain)
        self.touched.add(policy.id)
        self.written = [text for text in self.written if text != old] + [texts[index]]

    def remove(self, policy: Policy) -> None:
        """Take a policy away."""
        file, index = self._library.find(policy)
        self._open(file)
        self._removed.setdefault(file, set()).add(index)
        self.touched.add(policy.id)

    def add(self, body: Mapping[str, Json], comment: str, file: str = "") -> None:
        """A new policy, in a file of its own unless one is named. Its name must be free (`free_name`)."""
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        name, namespace = str(metadata["name"]), str(metadata.get("namespace", ""))
        kind = str(body["kind"])
        text = document(body, comment)
        self._open(file or self._free_file(namespace, name)).append(text)
        self.touched.add(policy_id(group_of(str(body["apiVersion"]), kind), kind, namespace, name))
        self.written.append(text)

    def free_name(self, kind: str, namespace: str, wish: str) -> str:
        """A name that a new policy may have."""
        group = "policy.networking.k8s.io" if kind in CLUSTER_WIDE else "networking.k8s.io"
        base = _UNSAFE.sub("-", wish.lower()).strip("-")[: _LONGEST_NAME - 4].strip("-") or "policy"
        name, number = base, 1
        while policy_id(group, kind, namespace, name) in self._library.ids | self.touched:
            number += 1
            name = f"{base}-{number}"
        return name

    def files(self) -> dict[str, str]:
        """The new text of each file that was changed or made, as `editing.edited` takes it."""
        texts = {}
        for name, each in self._texts.items():
            gone = self._removed.get(name, set())
            kept = [text for index, text in enumerate(each) if index not in gone]
            texts[name] = SEPARATOR.join(text if text.endswith("\n") else f"{text}\n" for text in kept)
        return texts

    def parts(self) -> dict[str, str]:
        """The same, each document in a file of its own (`part_name`): only those that are new or different."""
        texts = {}
        for name, each in self._texts.items():
            gone = self._removed.get(name, set())
            old = self._library.pieces.get(name, [])
            for index, text in enumerate(each):
                now = "" if index in gone else text
                if index >= len(old) or now != old[index].text:
                    texts[part_name(name, index)] = now
        return texts

    def before(self, name: str) -> str:
        """What a file held; "" of a new one."""
        return SEPARATOR.join(piece.text for piece in self._library.pieces.get(name, []))

    def _open(self, name: str) -> list[str]:
        if name not in self._texts:
            self._texts[name] = [piece.text for piece in self._library.pieces.get(name, [])]
        return self._texts[name]

    def _free_file(self, namespace: str, name: str) -> str:
        base = posixpath.join(self._library.folder_of(namespace), name)
        file, number = f"{base}.yaml", 1
        while file in self._library.files or file in self._texts:
            number += 1
            file = f"{base}-{number}.yaml"
        return file


def _pieces(file: PolicyFile) -> list[Piece]:
    lines = [f"{line}\n" for line in file.text.split("\n")]
    lines[-1] = lines[-1][:-1]
    starts = [part.line - 1 for part in file.parts]
    ends = [start - 1 for start in starts[1:]] + [len(lines)]
    return [
        Piece(part.document, part.first_line, "".join(lines[start:end]))
        for part, start, end in zip(file.parts, starts, ends, strict=True)
    ]


def _id_of(text: str) -> str:
    """Which policy a document is; "" if that is not plain."""
    root = outline(text)
    if root is None:
        return ""
    head = root.words()
    kind = head.get("kind", "")
    metadata = root.at("metadata")
    about = metadata.words() if metadata is not None else {}
    namespace = "" if kind in CLUSTER_WIDE else about.get("namespace") or "default"
    return policy_id(group_of(head.get("apiVersion", ""), kind), kind, namespace, about.get("name", ""))
