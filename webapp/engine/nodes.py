"""The nodes of the cluster as peers of cluster-wide policies: their addresses, and the hostNetwork pods on them."""

from __future__ import annotations

from collections.abc import Iterable

from webapp.engine.bits import from_indices
from webapp.engine.columns import Columns
from webapp.model.addresses import Block, network_of
from webapp.model.endpoint import Node
from webapp.model.labels import Labels, Match, Selector

_ANY_LABELS = Labels({}, open=True)


class NodeIndex:
    """Which nodes a selector of node labels matches (spec §6.1, `nodes`)."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = tuple(nodes)
        self._by_name = {node.name: node for node in self._nodes}

    def blocks(self, selector: Selector) -> list[Block]:
        """The addresses of the nodes that match or may, each as a block of its own."""
        found = {
            block
            for node in self._nodes
            if selector.match(node.labels) is not Match.NO
            for block in _blocks(node.addresses)
        }
        return sorted(found, key=lambda block: (block.network.family, block.network.first))

    def columns(self, selector: Selector, columns: Columns) -> tuple[tuple[int, int], tuple[int, int], list[str]]:
        """The columns that a `nodes` peer matches, for certain and at most: external parts that are addresses of
        such nodes, and hostNetwork pods on them. Ordinary pods never."""
        low = high = 0
        for node in self._nodes:
            outcome = selector.match(node.labels)
            if outcome is Match.NO:
                continue
            high |= self._parts(node.addresses, columns)
            if outcome is Match.YES:
                sure = [set(version) for version in node.address_versions] or [set(node.addresses)]
                low |= self._parts(sorted(set.intersection(*sure)), columns)
        for column, entry in enumerate(columns.classes):
            if columns.hosts >> column & 1:
                outcome = self._on(entry.node, selector)
                high |= 0 if outcome is Match.NO else 1 << column
                low |= 1 << column if outcome is Match.YES else 0
        return (low, low), (high, high), ["node_unknown"]

    @staticmethod
    def _parts(addresses: Iterable[str], columns: Columns) -> int:
        parts = {part for block in _blocks(addresses) for part in columns.space.held_by(block)}
        return from_indices(columns.class_count + part for part in parts)

    def _on(self, name: str, selector: Selector) -> Match:
        """Whether the node of a hostNetwork pod matches; one that the input does not hold may have any labels."""
        node = self._by_name.get(name)
        if node is not None:
            return selector.match(node.labels)
        return selector.match(_ANY_LABELS)


def _blocks(addresses: Iterable[str]) -> Iterable[Block]:
    for text in addresses:
        try:
            yield Block(network_of(text))
        except ValueError:
            continue  # the reader has reported it
