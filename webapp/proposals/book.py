"""Texts of policies being changed. What is not touched stays as it is, byte by byte."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

from webapp.manifests.kinds import CLUSTER_WIDE, group_of
from webapp.manifests.outline import Value, outline
from webapp.manifests.splicing import CannotEdit
from webapp.manifests.writing import Json, document
from webapp.model.policy import Policy, policy_id
from webapp.proposals.library import Library, part_name

SEPARATOR = "---\n"
_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 63

Splice = Callable[[str, Value], str]
"""Changes the text of one document, whose outline is given."""


class Book:
    """One set of changes. ``touched``: the ids of all policies that were changed, made or removed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._changed: dict[str, dict[int, str]] = {}
        self._new: dict[str, str] = {}
        self.touched: set[str] = set()
        self._removed: set[str] = set()
        self._added: set[str] = set()

    def change(self, policy: Policy, splice: Splice) -> None:
        """Change the document of a policy."""
        file, index = self._find(policy)
        text = self._piece(file, index)
        plain = outline(text)
        if plain is None:
            raise CannotEdit
        self._changed.setdefault(file, {})[index] = splice(text, plain)
        self.touched.add(policy.id)

    def remove(self, policy: Policy) -> None:
        """Take a policy away."""
        file, index = self._library.find(policy)
        self._changed.setdefault(file, {})[index] = ""
        self.touched.add(policy.id)
        self._removed.add(policy.id)

    def add(self, body: Mapping[str, Json], comment: str) -> None:
        """A new policy, in a file of its own. Its name must be free (`free_name`)."""
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        name, namespace = str(metadata["name"]), str(metadata.get("namespace", ""))
        kind = str(body["kind"])
        self._new[self._free_file(namespace, name)] = document(body, comment)
        identity = policy_id(group_of(str(body["apiVersion"]), kind), kind, namespace, name)
        self.touched.add(identity)
        self._added.add(identity)

    def gather(self, file: str) -> None:
        """All new policies in one file."""
        texts = list(self._new.values())
        self._new.clear()
        self._new[self._free_file("", file)] = SEPARATOR.join(texts)

    def free_name(self, kind: str, namespace: str, wish: str) -> str:
        """A name that a new policy may have."""
        group = "policy.networking.k8s.io" if kind in CLUSTER_WIDE else "networking.k8s.io"
        base = _safe(wish)[: _LONGEST_NAME - 4].strip("-") or "policy"
        name, number = base, 1
        taken = (self._library.ids - self._removed) | self._added
        while policy_id(group, kind, namespace, name) in taken:
            number += 1
            name = f"{base}-{number}"
        return name

    # ---- what came of it --------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """The new text of each file that was changed or made, as `editing.edited` takes it."""
        return {name: self._text(name) for name in self._changed} | self._new

    def parts(self) -> dict[str, str]:
        """The same where each piece is a file of its own (`Library.parts`), if its file comes apart."""
        texts: dict[str, str] = dict(self._new)
        for name, changed in self._changed.items():
            if self._library.shelves[name].comes_apart:
                texts |= {part_name(name, index): text for index, text in changed.items()}
            else:
                texts[name] = self._text(name)
        return texts

    def before(self, name: str) -> str:
        """What a file held; "" of a new one."""
        shelf = self._library.shelves.get(name)
        return shelf.text if shelf is not None else ""

    @property
    def written(self) -> list[str]:
        """The documents that were changed or made, as they are now."""
        changed = [text for pieces in self._changed.values() for _, text in sorted(pieces.items()) if text]
        return [*changed, *self._new.values()]

    def _find(self, policy: Policy) -> tuple[str, int]:
        if policy.version or policy.set_aside:
            raise CannotEdit
        return self._library.find(policy)

    def _piece(self, file: str, index: int) -> str:
        return self._changed.get(file, {}).get(index, self._library.shelves[file].pieces[index].text)

    def _text(self, name: str) -> str:
        shelf = self._library.shelves[name]
        text = shelf.text
        for index, new in sorted(self._changed[name].items(), reverse=True):
            piece = shelf.pieces[index]
            text = text[: piece.start] + new + text[piece.end :] if new else _without(text, piece.start, piece.end)
        return text

    def _free_file(self, namespace: str, name: str) -> str:
        base = posixpath.join(self._library.folder_of(namespace), "-".join(filter(None, (_safe(namespace), name))))
        file, number = f"{base}.yaml", 1
        while file in self._library.names or file in self._new:
            number += 1
            file = f"{base}-{number}.yaml"
        return file


def _safe(name: str) -> str:
    return _UNSAFE.sub("-", name.lower()).strip("-")[:_LONGEST_NAME]


def _without(text: str, start: int, end: int) -> str:
    """Without a document and the line that parts it from the next one, or else from the one before."""
    if text.startswith(SEPARATOR, end):
        return text[:start] + text[end + len(SEPARATOR) :]
    return text[:start].removesuffix(SEPARATOR) + text[end:]
