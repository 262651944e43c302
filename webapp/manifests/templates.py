"""Workloads without live pods are judged by their templates: labels as the controller will set them, copies counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from webapp.manifests.fields import Possible, Reports, all_at, described, value_at, whole_number
from webapp.manifests.kinds import group_of
from webapp.manifests.shapes import Shape, shape_of
from webapp.manifests.tree import Document, Scalar
from webapp.manifests.versions import merged
from webapp.manifests.workload_kinds import KINDS, NAME, POD_INDEX, POD_NAME, WorkloadKind
from webapp.model.endpoint import Endpoint
from webapp.model.labels import PRESENT, Labels

_MOST_REPLICAS_APART = 200


@dataclass(frozen=True, slots=True)
class Demand:
    """What selectors ask for. `keys` None: anything. `values`: of a key, those that selectors mention, where known."""

    keys: Collection[str] | None = None
    values: Mapping[str, Collection[str]] = field(default_factory=dict)

    def wants(self, key: str) -> bool:
        """Whether a selector asks for the label."""
        return self.keys is None or key in self.keys


class Templates:
    """Expands templates. `nodes`: how many nodes the input declares."""

    def __init__(self, demand: Demand, nodes: int, reports: Reports) -> None:
        self._demand, self._nodes, self._reports = demand, nodes, reports

    def expand(
        self, documents: list[Document], kind: str, name: str, *, completed: bool, referred: Document | None = None
    ) -> Iterator[Endpoint]:
        """The endpoints of a workload, given by several documents if they contradict each other.

        `kind` and `name` are those of its top owner. `completed`: all its pods are. `referred`: whose template it uses.
        """
        first = documents[0]
        form = KINDS[group_of(first.api_version, first.kind), first.kind]
        shapes = [self._shape(document, form, referred) for document in documents]
        copies = 0 if completed else max(self._copies(document, form) for document in documents)
        apart = len({_first_ordinal(document) for document in documents}) == 1
        readings = []
        for shape in shapes:
            labels = self._with_run_time_labels(shape.labels, form, first.name)
            replicas = self._replicas(labels, form, first, copies) if apart else [(labels, copies)]
            readings.append([
                Endpoint(first.namespace or "default", kind, name, variant, shape.ports, (), shape.host_network, pods,
                         form.growing and pods > 0, shape.node, False, first.source, "")
                for variant, pods in replicas
            ])  # fmt: skip
        for versions in zip(*readings, strict=True):
            yield merged(versions)

    def _shape(self, document: Document, form: WorkloadKind, referred: Document | None) -> Shape:
        path = form.template
        if all_at(document.body, *path):
            return shape_of(document, path, self._reports)
        if referred is not None:
            other = KINDS[group_of(referred.api_version, referred.kind), referred.kind]
            return shape_of(referred, other.template, Reports())
        dotted = ".".join(path)
        message = (
            f"{dotted} is missing, so the labels of its pods are not known. Matches on them are UNKNOWN. Add the "
            f"template."
        )
        self._reports.add("error", "no_template", message, document, path=dotted)
        return Shape(Labels({}, open=True), (), False)

    def _copies(self, document: Document, form: WorkloadKind) -> int:
        """How many pods there will be."""
        for path, stop in form.stops:
            if any(isinstance(node, Scalar) and _means(node, stop) for node in all_at(document.body, *path)):
                return 0
        if form.per_node:
            return max(1, self._nodes)
        counts = []
        for node in all_at(document.body, *form.copies) if form.copies else ():
            number = whole_number(node)
            if isinstance(node, Scalar) and node.resolve() is None:
                continue
            if number is None or number < 0:
                message = (
                    f"this is {described(node)}, where Kubernetes expects a number of pods. It is read as 1. Correct "
                    f"it."
                )
                self._reports.add("error", "bad_replicas", message, document, node, ".".join(form.copies))
            else:
                counts.append(number)
        return max(counts, default=1)

    def _with_run_time_labels(self, labels: Labels, form: WorkloadKind, name: str) -> Labels:
        """The labels that the controller adds, as far as a selector asks for them."""
        added = {key: value for key, value in form.run_time.items() if self._demand.wants(key)}
        if form.ordinal:
            added |= {key: PRESENT for key in (POD_NAME, POD_INDEX) if self._demand.wants(key)}
        if not added:
            return labels
        known = {key: value for key, value in labels.known.items() if key not in added}
        unknown: Possible = {key: value for key, value in labels.unknown.items() if key not in added}
        for key, value in added.items():
            if value == NAME:
                known[key] = name
            elif isinstance(value, tuple) and len(value) == 1 and value[0] is not None:
                known[key] = value[0]
            elif not isinstance(value, str):
                unknown[key] = value
        return Labels(known, unknown, labels.open)

    def _replicas(
        self, labels: Labels, form: WorkloadKind, document: Document, copies: int
    ) -> Iterator[tuple[Labels, int]]:
        """A StatefulSet's replicas apart where a selector can tell them apart: those it mentions, "
        "and all others as one."""
        keys = [key for key in (POD_NAME, POD_INDEX) if form.ordinal and self._demand.wants(key)]
        if not keys or not copies:
            yield labels, copies
            return
        start = _first_ordinal(document)
        mentioned = self._mentioned(keys, document.name, start, copies)
        if mentioned is None:
            yield labels, copies
            return
        others = copies - len(mentioned)
        for ordinal in mentioned:
            yield _numbered(labels, keys, document.name, ordinal), 1
        if others > 0:
            stands_for = next(each for each in range(start, start + copies) if each not in mentioned)
            yield _numbered(labels, keys, document.name, stands_for), others

    def _mentioned(self, keys: list[str], name: str, start: int, copies: int) -> list[int] | None:
        """The ordinals that selectors name; None if there are too many replicas and the values are not known."""
        if not all(key in self._demand.values for key in keys):
            return list(range(start, start + copies)) if copies <= _MOST_REPLICAS_APART else None
        found: set[int] = set()
        for key in keys:
            for value in self._demand.values[key]:
                text = value.removeprefix(f"{name}-") if key == POD_NAME else value
                if text != value or key == POD_INDEX:
                    found |= {int(text)} if text.isascii() and text.isdigit() and len(text) < 10 else set()
        return sorted(each for each in found if start <= each < start + copies)


def _first_ordinal(document: Document) -> int:
    first = value_at(document.body, "spec", "ordinals", "start")
    return first if isinstance(first, int) and not isinstance(first, bool) and first >= 0 else 0


def _means(node: Scalar, text: str) -> bool:
    value = node.resolve()
    return value is (text == "true") if text in ("true", "false") and isinstance(value, bool) else value == text


def _numbered(labels: Labels, keys: list[str], name: str, ordinal: int) -> Labels:
    values = {POD_NAME: f"{name}-{ordinal}", POD_INDEX: str(ordinal)}
    known = {**labels.known, **{key: values[key] for key in keys}}
    return Labels(known, {key: value for key, value in labels.unknown.items() if key not in keys}, labels.open)
