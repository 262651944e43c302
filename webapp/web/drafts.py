"""What-ifs of one reading: its policies edited (a draft), or some of them switched off. They go with the reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from webapp.errors import InputError, NotFound
from webapp.manifests.editing import (
    Part,
    PolicyFile,
    is_lost,
    joined,
    policy_files,
    policy_ids,
    without,
    without_policies_of,
)  # fmt: skip
from webapp.manifests.tree import Intake
from webapp.model.problem import Problem
from webapp.web.contents import Contents, weigh
from webapp.web.shelf import Shelf

Hold = Callable[[Intake, int], Contents]
"""A reading, and the bytes that it takes beside the files as loaded -> its contents."""

GONE = "This edit is not known here, or no longer: edits are kept for a while. Send its text once more."
_VIEWS_KEPT = 4
_MOST_CANDIDATES = 3
_MOST_COMPARED = 1_000


class Unreadable(Exception):  # noqa: N818 - of a text, not of the program
    """An edited text that is no YAML, so that nothing can be made of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a request wants to see: the draft of a token ("": the files as loaded), without these policies."""

    draft: str = ""
    without: frozenset[str] = frozenset()


class Draft:
    """The files with other texts of policies in some of them: ``texts`` by file, none for the files as loaded."""

    def __init__(self, token: str, texts: Mapping[str, str], contents: Contents) -> None:
        self.token = token
        self.texts = texts
        self.contents = contents
        self._views: Shelf[Contents] = Shelf(_VIEWS_KEPT)

    @cached_property
    def policies(self) -> frozenset[str]:
        """The ids of its policies."""
        return policy_ids(self.contents.intake)

    def without(self, ids: frozenset[str], hold: Hold) -> Contents:
        """Its contents if these policies were not there."""
        if not ids & self.policies:
            return self.contents
        return self._views.get(ids & self.policies, lambda: hold(without(self.contents.intake, ids), 0))

    def files(self) -> list[PolicyFile]:
        """Every file with policies as one text, sorted by name; one that was edited as it was written."""
        files = {file.name: file for file in policy_files(self.contents.intake)}
        for name, text in self.texts.items():
            parts = files[name].parts if name in files else ()
            files[name] = PolicyFile(name, text, tuple(Part(p.document, p.first_line, p.first_line) for p in parts))
        return [files[name] for name in sorted(files)]

    @property
    def size_bytes(self) -> int:
        return self.contents.size_bytes + sum(view.size_bytes for view in self._views.values())


class Drafts:
    """The files as loaded, and up to ``kept`` drafts of them that take up to ``limit_bytes``: the least recently used
    go first, the newest stays."""

    def __init__(self, loaded: Contents, hold: Hold, kept: int, limit_bytes: int) -> None:
        self.loaded = Draft("", {}, loaded)
        self._hold = hold
        self._limit_bytes = limit_bytes
        self._shelf: Shelf[Draft] = Shelf(kept)

    def add(self, texts: Mapping[str, str], read: Callable[[], Intake]) -> Draft:
        """The draft of these texts, which ``read`` reads where it is not there yet. `Unreadable` if one is no YAML."""
        token = _token(texts)
        return self._shelf.get(token, lambda: self._make(token, texts, read()))

    def _make(self, token: str, texts: Mapping[str, str], new: Intake) -> Draft:
        lost = [problem for problem in new.problems if is_lost(problem)]
        if lost:
            raise Unreadable(lost)
        intake = joined([without_policies_of(self.loaded.contents.intake, texts), new])
        return Draft(token, texts, self._hold(intake, weigh(new.documents, texts.values())))

    def find(self, token: str) -> Draft:
        """The draft of a token, "" for the files as loaded. `NotFound` with the code `draft_gone`."""
        draft = self._shelf.find(token) if token else self.loaded
        if draft is None:
            raise NotFound(GONE, code="draft_gone")
        return draft

    def contents(self, draft: Draft, without: frozenset[str]) -> Contents:
        """A draft without some policies; InputError for an id that is none, in the files as loaded nor in the draft."""
        for identity in sorted(without):
            if identity not in draft.policies and identity not in self.loaded.policies:
                raise InputError(_unknown(identity, draft.policies), code="unknown_policy")
        self._shelf.trim(self._limit_bytes, lambda kept: kept.size_bytes)
        return draft.without(without, self._hold) if without else draft.contents

    @property
    def size_bytes(self) -> int:
        """About how much memory all of it holds."""
        return self.loaded.size_bytes + sum(draft.size_bytes for draft in self._shelf.values())


def _token(texts: Mapping[str, str]) -> str:
    """The same for the same texts."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:32]


def _unknown(identity: str, known: frozenset[str]) -> str:
    above, _, name = identity.rpartition("/")
    near = sorted(each for each in known if each.rpartition("/")[2] == name)
    beside = sorted(each for each in known if each.rpartition("/")[0] == above)
    near = near or get_close_matches(identity, beside[:_MOST_COMPARED])
    shown = ", ".join(near[:_MOST_CANDIDATES])
    hint = f"Did you mean {shown}?" if near else "Write KIND/NAMESPACE/NAME, or KIND/NAME of what has no namespace."
    return f'There is no policy "{identity}". {hint}'
