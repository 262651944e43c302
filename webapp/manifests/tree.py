"""A document as a tree that knows the line and column of every value, and what reading a set of files gives.

Positions begin at 1. A tree is made of `Scalar`, `Sequence` and `Mapping`; nothing in it refers to a YAML library.
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from textwrap import dedent
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from webapp.manifests.budget import COMMAND_LINE_BUDGET, Budget
from webapp.manifests.kinds import group_of
from webapp.manifests.scalars import Value, resolve_plain
from webapp.model.ignore import Ignore
from webapp.model.problem import Problem
from webapp.model.service import Mention
from webapp.model.source import SourceRef

if TYPE_CHECKING:
    from webapp.manifests.digest import PodFacts
    from webapp.manifests.replicas import Gathering


class Scalar:
    """One value as it was written. `plain` is False for quoted and block scalars, which are strings always."""

    __slots__ = ("column", "line", "plain", "text")

    def __init__(self, text: str, plain: bool, line: int, column: int) -> None:
        self.text = text
        self.plain = plain
        self.line = line
        self.column = column

    def resolve(self) -> Value:
        """The value by the rules of Kubernetes' own YAML reader: None, bool, int, float or str."""
        return resolve_plain(self.text) if self.plain else self.text

    def __repr__(self) -> str:
        return f"Scalar({self.text!r}, plain={self.plain}, line={self.line}, column={self.column})"

    def __eq__(self, other: object) -> bool:
        """Equal content; where it stands does not matter."""
        if not isinstance(other, Scalar):
            return NotImplemented
        mine, its = self.resolve(), other.resolve()
        return mine == its and type(mine) is type(its)

    def __hash__(self) -> int:
        return hash(self.resolve())


class Sequence(list["Node"]):
    """A list of nodes with its place. `alike`: see `Mapping`."""

    __slots__ = ("alike", "column", "line")

    def __init__(self, line: int = 1, column: int = 1) -> None:
        self.line = line
        self.column = column
        self.alike: int | None = None


class Mapping(dict[str, "Node"]):
    """Keys to nodes, with its place.

    `key_marks` holds line and column of the keys, in policy documents only. `duplicates` holds what came under a key
    that was there already, as (key, line, column, node): the first stays in the mapping. `alike`, in policies without
    duplicates, is a number that all that was read with the same content has as well.
    """

    __slots__ = ("alike", "column", "duplicates", "key_marks", "line")

    def __init__(self, line: int = 1, column: int = 1) -> None:
        self.line = line
        self.column = column
        self.key_marks: abc.Mapping[str, tuple[int, int]] = _NO_MARKS
        self.duplicates: abc.Sequence[Duplicate] = ()
        self.alike: int | None = None

    def place_of(self, key: str) -> tuple[int, int]:
        """Line and column of a key, or of its value where the place of the key was not kept."""
        mark = self.key_marks.get(key)
        if mark is not None:
            return mark
        node = self.get(key)
        return (node.line, node.column) if node is not None else (self.line, self.column)


Node: TypeAlias = Scalar | Sequence | Mapping
Duplicate: TypeAlias = tuple[str, int, int, Node]
_NO_MARKS: abc.Mapping[str, tuple[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Document:
    """One Kubernetes object. An item of a `List` is one as well.

    `namespace` is "" where none is written. `has_duplicates`: in it, or in its list, some key appears twice.
    `facts`: of a pod that has nothing odd about it. `usual`: of a policy, that its metadata
    have nothing odd about them. `mentions`: Services of the input that its containers name in their environment.
    """

    kind: str
    api_version: str
    name: str
    namespace: str
    body: Mapping
    source: SourceRef
    has_duplicates: bool = False
    facts: PodFacts | None = None
    usual: bool = False
    mentions: tuple[Mention, ...] = ()

    @property
    def group(self) -> str:
        """The API group: "" for `v1`, "apps" for `apps/v1`; where `api_version` names none, the one of the kind."""
        return group_of(self.api_version, self.kind)

    @property
    def title(self) -> str:
        """How problems name it: "NetworkPolicy production/db"."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The text of a policy document as it was written. `first_line` is its place in the file.

    Of a `List` it holds the policies; the lines of all other objects are empty. `starts`: where in the text each of
    these policies begins, and how far it was indented; of a document that is no list it is empty.
    """

    first_line: int
    text: str
    starts: tuple[tuple[int, int], ...] = ()

    def documents(self) -> list[tuple[int, str]]:
        """The text of each policy, as a YAML document of its own, and its first line in the file."""
        if not self.starts:
            return [(self.first_line, self.text)]
        ends = [start for start, _ in self.starts[1:]] + [len(self.text)]
        return [
            (
                self.first_line + self.text.count("\n", 0, start),
                dedent(" " * indent + _without_dash(self.text[start:end])).strip() + "\n",
            )
            for (start, indent), end in zip(self.starts, ends, strict=True)
        ]


def _without_dash(item: str) -> str:
    """An item of a list in block style as the mapping that it is."""
    return item.replace("-", " ", 1) if item.lstrip().startswith("- ") else item


@dataclass(slots=True)
class Counts:
    """What became of the documents. Kinds that are not needed are counted, not kept."""

    documents_read: int = 0
    not_understood: int = 0
    skipped_kinds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """All that reading gave. `texts`: of policy documents only, by file and number of the document. `budget`: under
    which it was read, and is to be evaluated. `ignores`: which objects ask the lint to spare them something.
    `gathering`: the same documents, replicas taken together (None: not worked out)."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    counts: Counts
    texts: dict[tuple[str, int], PolicyText]
    budget: Budget = COMMAND_LINE_BUDGET
    ignores: tuple[Ignore, ...] = ()
    gathering: Gathering | None = None
