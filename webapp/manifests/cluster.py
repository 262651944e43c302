"""What stands around the pods: namespaces, nodes, pools of addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from webapp.manifests.fields import Possible, Reports, all_at, combine_labels, labels_of, shown, value_at
from webapp.manifests.tree import Document, Node, Scalar, Sequence
from webapp.model import endpoint
from webapp.model.addresses import parse_address, parse_cidr
from webapp.model.endpoint import Namespace
from webapp.model.labels import Labels

NAME_LABEL = "kubernetes.io/metadata.name"
_ADDRESSES = ("InternalIP", "ExternalIP")


def namespace_of(documents: list[Document], reports: Reports) -> Namespace:
    """A declared namespace. The API server sets its name label, whatever is written."""
    first = documents[0]
    readings = [
        labels_of(all_at(each.body, "metadata", "labels"), each, "metadata.labels", reports) for each in documents
    ]
    labels = combine_labels(readings)
    unknown: Possible = {key: value for key, value in labels.unknown.items() if key != NAME_LABEL}
    return Namespace(
        first.name, Labels({**labels.known, NAME_LABEL: first.name}, unknown, labels.open), True, first.source
    )


def undeclared(name: str, *, unlabelled: bool) -> Namespace:
    """A namespace that is only used: its name label is certain, others are not unless that is assumed."""
    return Namespace(name, Labels({NAME_LABEL: name}, open=not unlabelled), False)


def report_undeclared(used: Mapping[str, Iterable[Document]], reports: Reports) -> None:
    """One problem for each namespace that is used and not declared, at one of the objects in it."""
    for name, documents in sorted(used.items()):
        document = min(documents, key=_name_order, default=None)  # not the first: their order must not matter
        message = (
            f'the namespace "{shown(name)}" is used but not declared, so its labels are not known '
            f"(but for {NAME_LABEL}). "
            f"Rules that ask for other labels of it are UNKNOWN. Add its manifest (kubectl get "
            f"namespace {shown(name)} -o yaml)."
        )
        if document is not None:
            reports.add("warning", "undeclared_namespace", message, document, path="metadata.namespace")
        else:
            reports.add_unplaced("warning", "undeclared_namespace", message, f"Namespace {name}")


def _name_order(document: Document) -> tuple[str, str, str]:
    return document.kind, document.name, document.namespace


def node_of(documents: list[Document], reports: Reports) -> endpoint.Node:
    """A node: its labels, its addresses and the blocks from which its pods get theirs."""
    first = documents[0]
    readings = [
        labels_of(all_at(each.body, "metadata", "labels"), each, "metadata.labels", reports) for each in documents
    ]
    told: set[tuple[str, ...]] = set()
    blocks: set[str] = set()
    for document in documents:
        told.add(tuple(sorted(set(_node_addresses(document, reports)))))
        listed = [
            item for each in all_at(document.body, "spec", "podCIDRs") if isinstance(each, Sequence) for item in each
        ]
        cidrs = listed or all_at(document.body, "spec", "podCIDR")
        blocks |= set(_cidrs(cidrs, document, "spec.podCIDRs", reports))
    versions = sorted(addresses for addresses in told if addresses)
    return endpoint.Node(
        first.name, combine_labels(readings), tuple(sorted({text for each in versions for text in each})),
        tuple(sorted(blocks)), first.source, tuple(versions) if len(versions) > 1 else (),
    )  # fmt: skip


def _node_addresses(document: Document, reports: Reports) -> Iterable[str]:
    for listed in all_at(document.body, "status", "addresses"):
        for each in listed if isinstance(listed, Sequence) else ():
            text = value_at(each, "address")
            if value_at(each, "type") in _ADDRESSES and isinstance(text, str):
                try:
                    parse_address(text)
                    yield text
                except ValueError:
                    message = f'"{shown(text)}" is not an IP address. It is left out. Correct it.'
                    reports.add("error", "bad_address", message, document, each, "status.addresses")


def pool_of(document: Document, reports: Reports) -> tuple[str, ...]:
    """The block of an IP pool, unless the pool is disabled."""
    if value_at(document.body, "spec", "disabled") is True:
        return ()
    return tuple(_cidrs(all_at(document.body, "spec", "cidr"), document, "spec.cidr", reports))


def _cidrs(nodes: Iterable[Node], document: Document, path: str, reports: Reports) -> Iterable[str]:
    for node in nodes:
        text = node.text if isinstance(node, Scalar) else ""
        if not text:
            continue
        try:
            parse_cidr(text)
            yield text
        except ValueError as fault:
            message = f'"{shown(text)}" is not a CIDR: {fault}. The block is left out. Write it like 10.244.0.0/16.'
            reports.add("error", "bad_cidr", message, document, node, path)
