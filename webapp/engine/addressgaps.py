"""Why an address block does not match one end of a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.engine.columns import Columns
from webapp.engine.covers import Covers
from webapp.model.addresses import Block, Network, address_text, parse_address
from webapp.model.endpoint import Endpoint
from webapp.model.miss import Gap, Path

Span = tuple[int, int, int]
"""(family, first, last)"""
Ranges = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a question: a ``pod`` that stands for its workload, or (None) the addresses in ``ranges`` alone.
    ``families``: those that the question is about; ``exact``: ``ranges`` are these addresses and no others."""

    column: int
    pod: Endpoint | None
    families: Sequence[int]
    ranges: Ranges
    exact: bool
    host_network: bool = False

    def address_text(self, own: Sequence[Span]) -> str | None:
        """An address to show, of those of one family if there are any; None if a part of the space is meant whole."""
        return _span_text((own or self.ranges)[0]) if self.exact else None


def end_of(
    columns: Columns, column: int, pod: Endpoint | None, families: Sequence[int], address: Network | None = None
) -> End:  # fmt: skip
    """The end that stands in a column; ``address``: the part of it that is asked for."""
    parts = columns.space.parts
    if pod is None:
        ranges = parts[column - columns.class_count].ranges
        exact = address is not None
        return End(column, pod, families, tuple(_within(ranges, address)) if address else ranges, exact)
    found = [parse_address(text) for text in pod.addresses if _is_address(text)]
    ranges = tuple((family, value, value) for family, value in found)
    if not ranges:  # a hostNetwork pod lives at its node's
        ranges = tuple(span for _, part in columns.classes[column].parts for span in parts[part].ranges)
    return End(column, pod, families, ranges, bool(found), bool(columns.hosts >> column & 1))


def block_gaps(block: Block, end: End, at: Path, covers: Covers) -> Iterator[Gap]:
    """Why an address block does not match an end; ``at``: the peer it is of."""
    at = (*at, "ipBlock") if len(at) > 3 else at
    is_pod = end.pod is not None and not end.host_network
    if is_pod and not covers.by_address:
        yield Gap("block_without_pods", 1, want=block.text(), path=at)
        return
    own = [each for each in end.ranges if each[0] == block.network.family]
    inside = [each for each in own if _meets(block.network, each)]
    have = end.address_text(own)
    if block.network.family not in end.families or (end.ranges and not own):
        yield Gap("address_family", 1, want=block.network.text(), have=have, path=at)
    elif not own:
        whole = block.network.is_family and not block.excepts
        if is_pod and not whole and covers.pods_inside(block) is False:
            yield Gap("address_outside", 1, want=block.text(), path=(*at, "cidr"))
    elif not inside:
        yield Gap("address_outside", 1, want=block.text(), have=have, path=(*at, "cidr"))
    elif not any(_is_held(block, each) for each in inside):
        hole = next(hole for hole in block.excepts if _meets(hole, inside[0]))
        want = Block(block.network, (hole,)).text()
        yield Gap("address_excepted", 0.7, want=want, have=have, path=(*at, "except"))


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


def _within(ranges: Ranges, network: Network) -> Iterator[Span]:
    for family, first, last in ranges:
        if family == network.family and first <= network.last and network.first <= last:
            yield family, max(first, network.first), min(last, network.last)


def _meets(network: Network, span: Span) -> bool:
    family, first, last = span
    return network.meets(Network(family, first, last))


def _is_held(block: Block, span: Span) -> bool:
    """Whether an address of the span lies in the block (policies cut the space, so then all do)."""
    family, first, _ = span
    return block.contains(family, max(first, block.network.first))


def _span_text(span: Span) -> str:
    family, first, last = span
    text = address_text(family, first)
    return text if first == last else f"{text}-{address_text(family, last)}"
