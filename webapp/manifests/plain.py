"""Files that are no Kubernetes objects, such as expectation files: their values, each with its place."""

from __future__ import annotations

import yaml

from webapp.errors import InputError
from webapp.manifests import words
from webapp.manifests.budget import Budget
from webapp.manifests.compose import Composer
from webapp.manifests.text import bad_character, decode, needs_care
from webapp.manifests.ticks import Fault, Ticks
from webapp.manifests.tree import Node
from webapp.model.source import SourceFile, SourceRef

_OTHERS = " The document is left out, the others are read."
"""True of manifests only."""


def read_values(file: SourceFile, budget: Budget) -> list[tuple[int, Node]]:
    """The number and root of each document of a YAML or JSON file that is not empty. InputError, with the place, for
    what cannot be read; a key that is there twice is one."""
    text = decode(file.data)
    bad = bad_character(text)
    if bad is not None:
        raise InputError(f"{file.name}: {words.NOT_UTF_8 if not bad[1] else words.forbidden(bad[1])}")
    composer = Composer(text, budget, Ticks(budget), careful=needs_care(file.data))
    roots = []
    try:
        for tree in composer.trees():
            if tree.has_duplicates:
                raise InputError(f"{SourceRef(file.name, tree.number, tree.line, 1)} — a key appears twice. Keep one.")
            if tree.holder:
                roots.append((tree.number, tree.holder[0]))
    except Fault as fault:
        place = SourceRef(file.name, composer.number, fault.line, fault.column)
        raise InputError(f"{place} — {fault.message}") from fault
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = SourceRef(file.name, composer.number, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
        _, message = words.explain(error, "", budget)
        raise InputError(f"{place} — {message.replace(_OTHERS, '')}") from error
    return roots
