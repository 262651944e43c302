"""Fields of objects that are no policies, decoded leniently: what cannot be read is a problem, the object stays.

A key that appears twice gives every value that stood under it (`all_at`); what they disagree on is unknown.
"""

from __future__ import annotations

from webapp.manifests.scalars import Value
from webapp.manifests.tree import Document, Mapping, Node, Scalar, Sequence
from webapp.model.labels import PRESENT, Labels
from webapp.model.problem import Problem, Severity
from webapp.model.source import SourceRef

_SHOWN = 60
Possible = dict[str, tuple[str | None, ...] | None]
NO_LABELS = Labels({})
UNREADABLE = Labels({}, open=True)


class Reports:
    """Problems about objects, in the order in which they were met."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, severity: Severity, code: str, message: str, document: Document, at: Node | None = None, path: str = ""
    ) -> None:
        """One problem, at a node of a document or at its beginning."""
        source = document.source
        if at is not None and at.line > 0:
            source = SourceRef(source.file, source.document, at.line, at.column)
        self.problems.append(Problem(severity, code, message, source, document.title, path))

    def add_unplaced(self, severity: Severity, code: str, message: str, subject: str) -> None:
        """One problem about something that stands nowhere in particular."""
        self.problems.append(Problem(severity, code, message, None, subject))

    def wrong_type(self, document: Document, node: Node, wanted: str, effect: str, path: str) -> None:
        """A value of another type than Kubernetes takes."""
        message = f"this is {described(node)}, where Kubernetes expects {wanted}. {effect} {_remedy(node, wanted)}"
        self.add("error", "wrong_type", message, document, node, path)


def described(node: Node) -> str:
    """What a value is, for people."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    value = node.resolve()
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"a boolean ({shown(node.text)})"
    if isinstance(value, int | float):
        return f"a number ({shown(node.text)})"
    return f'the text "{shown(node.text)}"'


def shown(text: str) -> str:
    """A value cut for a message."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _remedy(node: Node, wanted: str) -> str:
    if isinstance(node, Scalar) and wanted == "a text":
        return f'Put it in quotes: "{shown(node.text)}".'
    if isinstance(node, Scalar) and wanted.startswith("a number") and not node.plain:
        return "Take the quotes away."
    return "Correct the value."


def all_at(node: Node | None, *path: str) -> list[Node]:
    """Every value that stands under a path, first the one that counts elsewhere; more than one only "
    "by duplicate keys."""
    found: list[Node] = [] if node is None else [node]
    for key in path:
        step: list[Node] = []
        for each in found:
            if isinstance(each, Mapping):
                if key in each:
                    step.append(each[key])
                if each.duplicates:
                    step += [value for name, _, _, value in each.duplicates if name == key]
        found = step
    return found


def value_at(node: Node | None, *path: str) -> Value:
    """The value of the first scalar under a path; None if there is none."""
    found = all_at(node, *path)
    return found[0].resolve() if found and isinstance(found[0], Scalar) else None


def text_at(node: Node | None, *path: str) -> str:
    """The first scalar under a path as a text; "" if there is none, or null."""
    value = value_at(node, *path)
    return "" if value is None else str(value)


def items_at(node: Node | None, *path: str) -> list[Node]:
    """The items of the first list under a path; none if there is no list."""
    found = next(iter(all_at(node, *path)), None)
    return list(found) if isinstance(found, Sequence) else []


def whole_number(node: Node) -> int | None:
    """A whole number as the API server reads it: `80`, `0x50`, also `80.0`; not "80". None for all else."""
    value = node.resolve() if isinstance(node, Scalar) else None
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value if isinstance(value, int) else None


def labels_of(nodes: list[Node], document: Document, path: str, reports: Reports) -> Labels:
    """Labels from a mapping, or from several that claim to be the same: where they differ they are unknown."""
    readings = [_labels(node, document, path, reports) for node in nodes]
    return combine_labels(readings) if readings else NO_LABELS


def _labels(node: Node, document: Document, path: str, reports: Reports) -> Labels:
    if isinstance(node, Scalar) and node.resolve() is None:
        return NO_LABELS
    if not isinstance(node, Mapping):
        effect = "The labels are not known, so every match on them is UNKNOWN."
        reports.wrong_type(document, node, "a mapping of texts", effect, path)
        return UNREADABLE
    known: dict[str, str] = {}
    unknown: Possible = {}
    for key, value in node.items():
        text = _label_value(key, value, document, path, reports)
        if text is None:
            unknown[key] = PRESENT
        else:
            known[key] = text
    for key, _, _, value in node.duplicates:
        text = _label_value(key, value, document, path, reports)
        first = known.pop(key, None)
        if text is not None and text == first:
            known[key] = first
        else:
            unknown[key] = PRESENT if text is None or first is None else (first, text)
    return Labels(known, unknown) if unknown else Labels(known)


def _label_value(key: str, node: Node, document: Document, path: str, reports: Reports) -> str | None:
    value = node.resolve() if isinstance(node, Scalar) else node
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    effect = "Kubernetes refuses the object. This label is UNKNOWN."
    reports.wrong_type(document, node, "a text", effect, f"{path}.{key}")
    return None


def combine_labels(readings: list[Labels]) -> Labels:
    """What several readings of one object's labels agree on; the rest is unknown, with its possible values."""
    first = readings[0]
    if all(each == first for each in readings):
        return first
    known: dict[str, str] = {}
    unknown: Possible = {}
    keys = {key for each in readings for key in (*each.known, *each.unknown)}
    for key in sorted(keys):
        values = [_possible(each, key) for each in readings]
        certain = {value for value in values if isinstance(value, str)}
        if len(certain) == 1 and all(isinstance(value, str) for value in values):
            known[key] = certain.pop()
        else:
            unknown[key] = _union(values)
    return Labels(known, unknown, any(each.open for each in readings))


def _possible(labels: Labels, key: str) -> str | tuple[str | None, ...] | None:
    if key in labels.known:
        return labels.known[key]
    return labels.unknown.get(key, None if labels.open else (None,))


def _union(values: list[str | tuple[str | None, ...] | None]) -> tuple[str | None, ...] | None:
    """All values that are possible in any reading; not limited as soon as one reading is not."""
    if any(value is None for value in values):
        return None
    if PRESENT in values:
        absent = any(isinstance(value, tuple) and None in value for value in values)
        return None if absent else PRESENT
    found: set[str | None] = set()
    for value in values:
        found |= {value} if isinstance(value, str) else set(value or ())
    return tuple(sorted(found, key=lambda each: (each is not None, each or "")))
