"""The ports that the containers of a pod, or of a template, declare; with or without a name."""

from __future__ import annotations

from webapp.manifests.fields import whole_number
from webapp.manifests.tree import Document, Mapping, Node, Scalar, Sequence
from webapp.model.ports import LAST_PORT, PROTOCOLS


def container_ports(document: Document) -> frozenset[tuple[str, int]]:
    """(protocol, number) of each port. Declaring a port opens nothing, but tells what a workload is asked on."""
    found: set[tuple[str, int]] = set()
    pending: list[Node] = [document.body]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending.extend(node)
        elif isinstance(node, Mapping):
            number = node.get("containerPort")
            if number is None:
                pending.extend(node.values())
                continue
            value, protocol = whole_number(number), node.get("protocol")
            word = protocol.text if isinstance(protocol, Scalar) and protocol.text else "TCP"
            if value is not None and 0 < value <= LAST_PORT and word in PROTOCOLS:
                found.add((word, value))
    return frozenset(found)
