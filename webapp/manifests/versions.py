"""Objects that are given more than once. With the same content they are one; else each content is a version of it.

Nothing here depends on the order of documents: which of them stands for the others is decided by content.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from webapp.manifests.content import content_of, content_order
from webapp.manifests.digest import FINISHED
from webapp.manifests.fields import Reports, all_at, combine_labels
from webapp.manifests.owners import WorkloadKey
from webapp.manifests.tree import Document, Node, Scalar
from webapp.manifests.tree import Sequence as Items
from webapp.model.endpoint import Endpoint
from webapp.model.endpoint import Node as Place


class Shelf:
    """Objects of one sort by what names them. `objects`: each once. `again`: all documents of those that are given
    more than once; after `settle` only where they contradict each other, one for each content."""

    def __init__(self) -> None:
        self.objects: dict[WorkloadKey, Document] = {}
        self.again: dict[WorkloadKey, list[Document]] = {}

    def settle(self, reports: Reports) -> None:
        """Tell versions from mere copies; one problem for each object that contradicts itself."""
        copies, self.again = self.again, {}
        for key, documents in sorted(copies.items()):
            if not _contradict(documents):
                self.objects[key] = next((each for each in documents if _told(each)), documents[0])
                continue
            versions = {content_order(each): each for each in reversed(documents)}
            self.again[key] = [versions[order] for order in sorted(versions)]
            self.objects[key] = self.again[key][0]
            _report(self.objects[key], documents, reports)

    def versions_of(self, key: WorkloadKey) -> list[Document]:
        """All that an object may be; one document for nearly all."""
        return self.again.get(key) or [self.objects[key]]


def address_nodes(pod: Document) -> list[Node]:
    """The addresses in the status of a pod, as they are written."""
    listed = [
        node
        for addresses in all_at(pod.body, "status", "podIPs")
        for each in (addresses if isinstance(addresses, Items) else ())
        for node in all_at(each, "ip")
    ]
    return [node for node in listed or all_at(pod.body, "status", "podIP") if not _is_empty(node)]


def has_finished(pod: Document) -> bool:
    """Whether it is no endpoint any more."""
    phases = all_at(pod.body, "status", "phase")
    return bool(phases) and isinstance(phases[0], Scalar) and phases[0].text in FINISHED


def merged(versions: Sequence[Endpoint]) -> Endpoint:
    """One endpoint for all versions of a pod or template, which keeps those that policies may tell apart. For itself
    it has what they agree on of the labels, and all ports and addresses that it may have."""
    distinct = list({version._replace(source=None): version for version in reversed(versions)}.values())[::-1]
    first = distinct[0]
    if len(distinct) == 1:
        return first
    return first._replace(
        labels=combine_labels([each.labels for each in distinct]),
        ports=tuple(sorted({port for each in distinct for port in each.ports})),
        addresses=tuple(sorted({text for each in distinct for text in each.addresses})),
        host_network=all(each.host_network for each in distinct),
        versions=tuple(distinct),
    )


def on_doubtful_nodes(endpoints: Sequence[Endpoint], nodes: Iterable[Place]) -> Sequence[Endpoint]:
    """The same endpoints; those that live at the address of a node which contradicts itself have a version for each
    address that it may have."""
    doubtful = {node.name: node.address_versions for node in nodes if node.address_versions}
    if not doubtful:
        return endpoints
    return [_on_doubtful_node(endpoint, doubtful) for endpoint in endpoints]


def _on_doubtful_node(endpoint: Endpoint, doubtful: Mapping[str, Sequence[tuple[str, ...]]]) -> Endpoint:
    versions = endpoint.versions or (endpoint,)
    if not any(_lives_on(each, doubtful) for each in versions):
        return endpoint
    return merged([
        each._replace(addresses=addresses)
        for each in versions
        for addresses in (doubtful[each.node] if _lives_on(each, doubtful) else [each.addresses])
    ])  # fmt: skip


def _lives_on(endpoint: Endpoint, nodes: Container[str]) -> bool:
    return endpoint.host_network and not endpoint.addresses and endpoint.node in nodes


def _contradict(documents: Sequence[Document]) -> bool:
    """Whether they differ in content. A status that says nothing contradicts none that says something: a manifest and
    the live object made from it are one."""
    first, *rest = documents
    told = {text for each in documents if (text := _told(each))}
    return len(told) > 1 or any(not _agree(first, other) for other in rest)


def _agree(one: Document, other: Document) -> bool:
    mine, its = one.body, other.body
    if mine.keys() - {"status"} != its.keys() - {"status"} or has_finished(one) != has_finished(other):
        return False
    if not all(mine[key] == its[key] for key in mine if key != "status"):
        return False
    return not (one.has_duplicates or other.has_duplicates) or content_of(mine) == content_of(its)


def _told(document: Document) -> str:
    """What the status says about addresses; "" if nothing."""
    if document.kind == "Pod":
        return " ".join(sorted({content_of(node) for node in address_nodes(document)}))
    return content_of(document.body["status"]) if document.kind == "Node" and "status" in document.body else ""


def _report(first: Document, documents: Sequence[Document], reports: Reports) -> None:
    others = sorted(each.source for each in documents if each is not first)
    message = (
        f"{first.title} is given more than once with different content (also at {', '.join(map(str, others))}). "
        "What they differ in is UNKNOWN. Keep the one that holds."
    )
    reports.add("error", "duplicate_object", message, first)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.resolve() in (None, "")
