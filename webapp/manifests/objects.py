"""Trees become Documents: lists are unfolded, kinds told apart, and what need not be kept is counted and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from webapp.manifests import mentions, words
from webapp.manifests.budget import Budget
from webapp.manifests.compose import Span, Tree
from webapp.manifests.digest import Digest
from webapp.manifests.kinds import LIST, POLICY, SKIPPED, group_of, meant, plan_of, version_of
from webapp.manifests.likeness import Likenesses
from webapp.manifests.mentions import Directory
from webapp.manifests.redact import cut, reduce_body, strip_policy
from webapp.manifests.replicas import gather
from webapp.manifests.ticks import Fault
from webapp.manifests.tree import Counts, Document, Intake, Mapping, Node, PolicyText, Scalar, Sequence
from webapp.model.ignore import ANNOTATION, Ignore
from webapp.model.problem import Problem
from webapp.model.source import SourceRef

_LONGEST_KIND = 63


class Collection:
    """What reading gathers. `opened`: documents seen, items of lists included."""

    def __init__(self, budget: Budget) -> None:
        self.opened = 0
        self._budget = budget
        self._documents: list[Document] = []
        self._problems: list[Problem] = []
        self._counts = Counts()
        self._digest = Digest()
        self._likenesses = Likenesses()
        self._texts_seen: dict[str, str] = {}
        self._texts: dict[tuple[str, int], PolicyText] = {}
        self._ignores: list[Ignore] = []
        self._hosts: dict[int, tuple[str, ...]] = {}
        """By the number of a document, digests of the host names in its environment."""

    def intake(self) -> Intake:
        """All of it. Problems stand in the order of reading."""
        if self._hosts:
            directory = Directory(self._documents)
            for number, hosts in self._hosts.items():
                document = self._documents[number]
                named = directory.mentions(document.namespace, hosts)
                if named:
                    self._documents[number] = replace(document, mentions=named)
            self._hosts = {}
        return Intake(
            tuple(self._documents), tuple(self._problems), self._counts, self._texts, self._budget,
            tuple(self._ignores), gather(self._documents),
        )  # fmt: skip

    def not_understood(self, problem: Problem) -> None:
        """A document that could not be read at all."""
        self.opened += 1
        self._counts.not_understood += 1
        self._problems.append(problem)

    def add(self, file: str, tree: Tree, text: str) -> None:
        """The objects of one YAML document. `text` is that of its file."""
        root = tree.holder[0] if tree.holder else Scalar("", True, tree.line, 1)
        self.opened += 1
        if isinstance(root, Scalar) and root.resolve() is None:
            self._budget.check("documents", self.opened)
            return
        policies: list[Mapping] = []
        pending: list[tuple[Node, str, str]] = [(root, "", "")]
        while pending:
            node, kind, version = pending.pop()
            source = SourceRef(file, tree.number, node.line, node.column)
            if not isinstance(node, Mapping):
                what = "it is a list" if isinstance(node, Sequence) else "it is a single value"
                self._no_object(what, source)
                continue
            kind, version = _text(node, "kind") or kind, _text(node, "apiVersion") or version
            items = node.get("items")
            if kind.endswith("List") and plan_of(version, kind) is LIST and isinstance(items, Sequence):
                self.opened += len(items)
                self._budget.check("documents", self.opened)
                inherited = ("", "") if kind == "List" else (kind.removesuffix("List"), version)
                pending.extend((item, *inherited) for item in reversed(items))
            elif not kind:
                self._no_object("it has no kind", source)
            elif self._add_object(node, kind, version, source, tree):
                policies.append(node)
        self._budget.check("documents", self.opened)
        if policies:
            self._texts[file, tree.number] = _policy_text(tree, policies, root, text)

    def _add_object(self, body: Mapping, kind: str, version: str, source: SourceRef, tree: Tree) -> bool:
        """Keep or count one object. Returns whether it is a policy."""
        plan = plan_of(version, kind)
        if plan is SKIPPED or plan is LIST:
            self._skip(kind, version, source)
            return False
        refusal = tree.refusals.get(id(body))
        if isinstance(refusal, Fault):
            place = SourceRef(source.file, source.document, refusal.line, refusal.column)
            self._counts.not_understood += 1
            self._problems.append(Problem("error", refusal.code, refusal.message, place, kind))
            return False
        if refusal is not None:
            raise refusal
        if plan is POLICY:
            kept = strip_policy(body)
        else:
            late = tree.late.get(id(body))
            kept = reduce_body(body, plan) if late is not None or id(body) in tree.spans else body
        hosts = mentions.take(kept) if plan is not POLICY else ()
        if hosts:
            self._hosts[len(self._documents)] = hosts
        metadata = kept.get("metadata")
        about = metadata if isinstance(metadata, Mapping) else Mapping()
        name = _text(about, "name") or _text(about, "generateName")
        namespace = self._shared(_text(about, "namespace"))
        if "annotations" in about:
            self._take_ignore(about, kind, namespace, name, source, keep=plan is POLICY)
        simple = not tree.has_duplicates
        facts = self._digest.facts_of(kept, namespace, name, source) if simple and kind == "Pod" else None
        usual = simple and plan is POLICY and self._likenesses.note(kept)
        document = Document(
            self._shared(kind), self._shared(version), name, namespace, kept, source, tree.has_duplicates, facts, usual
        )
        self._documents.append(document)
        self._counts.documents_read += 1
        if "/" not in version:
            self._check_version(document)
        if tree.has_duplicates:
            self._problems.extend(_duplicates(document))
        return plan is POLICY

    def _take_ignore(
        self, metadata: Mapping, kind: str, namespace: str, name: str, source: SourceRef, *, keep: bool
    ) -> None:
        """Note which findings an object asks to be spared. But for policies (``keep``), which stay whole, nothing of
        it is left in the object: two copies that differ in that alone do not contradict each other."""
        annotations = metadata["annotations"]
        node = annotations.get(ANNOTATION) if isinstance(annotations, Mapping) else None
        if isinstance(node, Scalar):
            place = SourceRef(source.file, source.document, node.line, node.column)
            self._ignores.append(Ignore(kind, namespace, name, node.text, place))
        if keep:
            return
        if isinstance(annotations, Mapping):
            annotations.pop(ANNOTATION, None)
        if not annotations:
            del metadata["annotations"]

    def _shared(self, text: str) -> str:
        """One object for equal texts that many documents hold."""
        return self._texts_seen.setdefault(text, text)

    def _check_version(self, document: Document) -> None:
        """An object without a group in its apiVersion, of a kind that has one, or without an apiVersion at all."""
        version, group = document.api_version, document.group
        if (version == "v1" and not group) or (version and not group):
            return
        right = f"{group}/{version_of(document.kind)}" if group else "v1"
        wrong = f"there is no {document.kind} in apiVersion {version}" if version else "apiVersion is missing"
        message = (
            f"{wrong}. Kubernetes would refuse the object; it is read as one of {group or 'v1'}. Write "
            f"apiVersion: {right}."
        )
        self._problems.append(
            Problem("error", "wrong_api_version", message, document.source, document.title, "apiVersion", right)
        )

    def _skip(self, kind: str, version: str, source: SourceRef) -> None:
        shown = _printable(kind)
        skipped = self._counts.skipped_kinds
        skipped[shown] = skipped.get(shown, 0) + 1
        self._counts.documents_read += 1
        known = meant(kind)
        if kind in ("Kustomization", "Component") and group_of(version, kind).endswith("kustomize.config.k8s.io"):
            self._problems.append(Problem("warning", "kustomize_source", words.KUSTOMIZE, source, kind))
        elif known is not None:
            message = f"there is no kind {shown}. The object is skipped. Did you mean {known}?"
            self._problems.append(Problem("error", "misspelt_kind", message, source, shown, "kind", known))

    def _no_object(self, what: str, source: SourceRef) -> None:
        code, message = words.no_object(what, source.file)
        self._counts.not_understood += 1
        self._problems.append(Problem("warning", code, message, source))


def _text(mapping: Mapping, key: str) -> str:
    node = mapping.get(key)
    if not isinstance(node, Scalar):
        return ""
    value = node.resolve()
    return "" if value is None else value if isinstance(value, str) else node.text


def _printable(kind: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in kind[:_LONGEST_KIND])


def _duplicates(document: Document) -> Iterator[Problem]:
    """A problem for each key that appears twice, with both places."""
    pending: list[tuple[Node, str]] = [(document.body, "")]
    while pending:
        node, path = pending.pop()
        if isinstance(node, Mapping):
            for key, line, column, _ in node.duplicates:
                yield duplicate_key(document, node, key, line, column, f"{path}.{key}".lstrip("."))
            pending.extend((value, f"{path}.{key}".lstrip(".")) for key, value in node.items())
        elif isinstance(node, Sequence):
            pending.extend((value, f"{path}[{index}]") for index, value in enumerate(node))


def duplicate_key(document: Document, mapping: Mapping, key: str, line: int, column: int, path: str) -> Problem:
    """The problem of a key that appears twice in a mapping."""
    message = (
        f'the key "{_printable(key)}" appears twice (first at line {mapping.place_of(key)[0]}). '
        "Kubernetes clients refuse "
        "this or keep only the last. Keep one of them, or merge the two."
    )
    source = SourceRef(document.source.file, document.source.document, line, column)
    return Problem("error", "duplicate_key", message, source, document.title, path)


def _policy_text(tree: Tree, policies: list[Mapping], root: Node, text: str) -> PolicyText:
    """The text of a policy document; of a list, its policies only, each on its own lines."""
    if policies[0] is root:
        return _trimmed(tree.line, cut(text, Span(tree.start, tree.end, tree.line), tree.secrets))
    spans = sorted({tree.spans[id(each)] for each in policies if id(each) in tree.spans}, key=lambda span: span.start)
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    line, length = spans[0].line, 0
    for span in spans:
        piece = cut(text, span, tree.secrets).rstrip()
        gap = "\n" * (span.line - line) if span.line > line else " " if parts else ""
        starts.append((length + len(gap), _indent(text, span.start)))
        parts += [gap, piece]
        length += len(gap) + len(piece)
        line = max(line, span.line) + piece.count("\n")
    return PolicyText(spans[0].line, "".join(parts) + "\n", tuple(starts))


def _indent(text: str, start: int) -> int:
    """How many columns what begins there is indented; 0 within a flow (JSON), where it does not matter."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return 0 if before.strip(" -") else len(before)


def _trimmed(line: int, text: str) -> PolicyText:
    """Without empty lines at both ends."""
    text = text.rstrip() + "\n"
    while True:
        first, newline, rest = text.partition("\n")
        if first.strip() or not newline or not rest:
            return PolicyText(line, text)
        line, text = line + 1, rest
