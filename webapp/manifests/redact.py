"""What must not be kept goes here, before anything else sees it: an allow-list by kind, from tree and text."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.manifests.compose import LAST_APPLIED, Span
from webapp.manifests.kinds import ENVIRONMENT, Everything, Plan
from webapp.manifests.mentions import environment_of
from webapp.manifests.tree import Mapping, Node, Sequence

_NOT_KEPT = '"(not kept)"'


def reduce_body(body: Mapping, plan: Plan) -> Mapping:
    """A copy of an object with what its plan names. Depth is that of the plan, so recursion is safe."""
    reduced = _reduce(body, plan)
    assert isinstance(reduced, Mapping)
    return reduced


def _reduce(node: Node, plan: Plan) -> Node:
    if isinstance(plan, Everything):
        return node
    if plan is ENVIRONMENT:
        return environment_of(node)
    if isinstance(node, Mapping):
        kept = Mapping(node.line, node.column)
        for key, value in node.items():
            if key in plan:
                kept[key] = _reduce(value, plan[key])
        kept.duplicates = [(key, line, column, _reduce(value, plan[key]))
                           for key, line, column, value in node.duplicates
                           if key in plan and plan[key] is not ENVIRONMENT]  # fmt: skip
        return kept
    if isinstance(node, Sequence):
        items = Sequence(node.line, node.column)
        items.extend(_reduce(item, plan if not isinstance(item, Sequence) else {}) for item in node)
        return items
    return node


def strip_policy(body: Mapping) -> Mapping:
    """A policy without what tools left in its metadata: managedFields and the copy that `kubectl apply` keeps."""
    metadata = body.get("metadata")
    if not isinstance(metadata, Mapping):
        return body
    annotations = metadata.get("annotations")
    has_copy = isinstance(annotations, Mapping) and LAST_APPLIED in annotations
    if not has_copy and "managedFields" not in metadata and not metadata.duplicates:
        return body
    cleaned = _without(metadata, "managedFields")
    if isinstance(annotations, Mapping):
        cleaned["annotations"] = _without(annotations, LAST_APPLIED)
    stripped = _without(body)
    stripped["metadata"] = cleaned
    return stripped


def _without(mapping: Mapping, unwanted: str = "") -> Mapping:
    """A copy of a mapping without one key. Copies, because an alias may share the mapping."""
    kept = Mapping(mapping.line, mapping.column)
    kept.update((key, value) for key, value in mapping.items() if key != unwanted)
    kept.key_marks = {key: mark for key, mark in mapping.key_marks.items() if key != unwanted}
    kept.duplicates = [each for each in mapping.duplicates if each[0] not in (unwanted, "annotations", "managedFields")]
    return kept


def cut(text: str, span: Span, secrets: Iterable[Span]) -> str:
    """The text of a span with every secret inside it replaced; the lines keep their numbers."""
    parts, position = [], span.start
    for secret in sorted(secrets, key=lambda each: each.start):
        if position <= secret.start and secret.end <= span.end:
            parts += [text[position : secret.start], _NOT_KEPT, "\n" * text.count("\n", secret.start, secret.end)]
            position = secret.end
    parts.append(text[position : span.end])
    return "".join(parts)
