"""Readings put together and changed: what a reading would have given with other policies in its files.

Of the files themselves only the text of policies is kept, so that is what can be edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from webapp.manifests.budget import Budget
from webapp.manifests.kinds import CLUSTER_WIDE, is_policy
from webapp.manifests.reader import read
from webapp.manifests.replicas import Gathering, gather
from webapp.manifests.tree import Counts, Document, Intake
from webapp.model.ignore import Ignore
from webapp.model.policy import policy_id
from webapp.model.problem import Problem
from webapp.model.source import SourceFile

_SEPARATOR = "---\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One document of an editable text: ``line`` of the text is ``first_line`` of ``document`` in the file."""

    document: int
    first_line: int
    line: int


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The policies of one file as one editable text: in their order, each a YAML document. What else the file holds
    is not in it."""

    name: str
    text: str
    parts: tuple[Part, ...]


def policy_files(intake: Intake) -> tuple[PolicyFile, ...]:
    """Every file with policies, sorted by name."""
    texts: dict[str, list[tuple[int, int, str]]] = {}
    for (name, number), kept in sorted(intake.texts.items()):
        found = texts.setdefault(name, [])
        found += [(number, line, text) for line, text in kept.documents()]
    return tuple(_file(name, found) for name, found in texts.items())


def _file(name: str, documents: Iterable[tuple[int, int, str]]) -> PolicyFile:
    pieces: list[str] = []
    parts = []
    line = 1
    for number, first_line, text in documents:
        if pieces:
            pieces.append(_SEPARATOR)
            line += 1
        parts.append(Part(number, first_line, line))
        pieces.append(text)
        line += text.count("\n")
    return PolicyFile(name, "".join(pieces), tuple(parts))


def edited(intake: Intake, texts: Mapping[str, str]) -> Intake:
    """The reading with other policies in some files. ``texts``: the new text of a file's policies by the name of the
    file, which may be a new one; "" leaves none. Whatever the text holds is read, workloads too; of the old files all
    that is no policy stays. `BudgetExceeded` as in `read`."""
    return joined([without_policies_of(intake, texts), read_texts(texts, intake.budget)])


def read_texts(texts: Mapping[str, str], budget: Budget) -> Intake:
    """Edited texts by the names of their files. An archive is none of them, whatever its name or first bytes."""
    files = [SourceFile(name, text.encode("utf-8", "surrogatepass")) for name, text in sorted(texts.items())]
    return read(files, budget, archives=False)


def is_lost(problem: Problem) -> bool:
    """Whether a document could not be read at all: it is no YAML, or no object."""
    return (problem.severity == "error" and not problem.object) or problem.code == "not_an_object"


def without_policies_of(intake: Intake, files: Collection[str]) -> Intake:
    """What is left of a reading if some files lose all their policies, their texts, and the problems with them."""
    goes = [document for document in _others(intake) if document.source.file in files and is_policy_document(document)]
    gone = {(document.source.file, document.source.document, document.title) for document in goes}
    problems = tuple(
        problem
        for problem in intake.problems
        if problem.source is None or (problem.source.file, problem.source.document, problem.object) not in gone
    )
    kept = {place: text for place, text in intake.texts.items() if place[0] not in files}
    ignores = tuple(
        ignore for ignore in intake.ignores if (ignore.source.file, ignore.source.document, _title(ignore)) not in gone
    )
    return replace(_less(intake, goes), problems=problems, texts=kept, ignores=ignores)


def without(intake: Intake, ids: Collection[str]) -> Intake:
    """The reading without some policies, named by `policy_id`; their texts stay. Unknown ids change nothing."""
    goes = [document for document in _others(intake) if is_policy_document(document) and _id(document) in ids]
    return _less(intake, goes)


def joined(intakes: Iterable[Intake]) -> Intake:
    """Several readings as one, under the budget of the first. Their files should have different names."""
    each = list(intakes)
    skipped: Counter[str] = Counter()
    for intake in each:
        skipped.update(intake.counts.skipped_kinds)
    counts = Counts(
        sum(intake.counts.documents_read for intake in each),
        sum(intake.counts.not_understood for intake in each),
        dict(skipped),
    )
    documents = tuple(document for intake in each for document in intake.documents)
    return Intake(
        documents,
        tuple(problem for intake in each for problem in intake.problems),
        counts,
        {place: text for intake in each for place, text in intake.texts.items()},
        each[0].budget,
        tuple(ignore for intake in each for ignore in intake.ignores),
        _gathered(each) or gather(documents),
    )


def _gathered(intakes: Iterable[Intake]) -> Gathering | None:
    """The documents of all, if at most one of them holds pods: else some may be given twice."""
    each = [_gathering(intake) for intake in intakes]
    with_pods = [one for one in each if one.groups or any(document.kind == "Pod" for document in one.others)]
    if len(with_pods) > 1:
        return None
    groups = with_pods[0].groups if with_pods else ()
    return Gathering(groups, tuple(document for one in each for document in one.others))


def policy_ids(intake: Intake) -> frozenset[str]:
    """The ids of all policies, whether or not they are understood."""
    return frozenset(_id(document) for document in _others(intake) if is_policy_document(document))


def _others(intake: Intake) -> tuple[Document, ...]:
    """All documents but those of replicas: these are no policies."""
    return _gathering(intake).others


def _gathering(intake: Intake) -> Gathering:
    return intake.gathering or gather(intake.documents)


def _less(intake: Intake, gone: Collection[Document]) -> Intake:
    """The reading without some documents that are no pods."""
    away = {id(document) for document in gone}
    documents, others = (
        tuple([document for document in listed if id(document) not in away])
        for listed in (intake.documents, _others(intake))
    )
    counts = replace(intake.counts, documents_read=intake.counts.documents_read - len(gone))
    return replace(intake, documents=documents, counts=counts, gathering=_gathering(intake)._replace(others=others))


def _title(ignore: Ignore) -> str:
    return f"{ignore.kind} {ignore.namespace}/{ignore.name}" if ignore.namespace else f"{ignore.kind} {ignore.name}"


def is_policy_document(document: Document) -> bool:
    """Whether it is a policy, of whichever API."""
    return is_policy(document.group, document.kind)


def _id(document: Document) -> str:
    namespace = "" if document.kind in CLUSTER_WIDE else document.namespace or "default"
    return policy_id(document.group, document.kind, namespace, document.name)
