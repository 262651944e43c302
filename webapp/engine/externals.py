"""The address space outside selectors, cut into the parts that policies can tell apart (contract, "Addresses")."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from webapp.model.addresses import BITS, FAMILIES, Block, Network, address_text

_MOST_NAMED = 3
_Range = tuple[int, int, int]  # family, first, last

BlockList = tuple[Block, ...]
"""The blocks of one rule: what it treats alike is not told apart by it."""


@dataclass(frozen=True, slots=True)
class External:
    """One part: ``id`` unique in the answer, its ``ranges`` (family, first, last) ascending, IPv4 first."""

    id: str
    ranges: tuple[_Range, ...]

    @property
    def families(self) -> frozenset[int]:
        return frozenset(family for family, _, _ in self.ranges)

    def texts(self) -> list[str]:
        """``first-last`` of each range, in the contract's form."""
        return [f"{address_text(f, a)}-{address_text(f, b)}" for f, a, b in self.ranges]


class AddressSpace:
    """The parts of both families, and which blocks hold which part."""

    def __init__(self, lists: Iterable[BlockList]) -> None:
        self._lists = sorted(set(lists), key=repr)
        self.blocks: list[Block] = sorted({block for blocks in self._lists for block in blocks}, key=_block_key)
        number = {block: index for index, block in enumerate(self.blocks)}
        self._list_masks = [sum({1 << number[block] for block in blocks}) for blocks in self._lists]
        self._starts: dict[int, list[int]] = {}
        self._part_of: dict[int, list[int]] = {}
        found: dict[tuple[int, int], list[_Range]] = {}
        for family in FAMILIES:
            for first, last, held_by in _sweep(family, self.blocks):
                found.setdefault((family, held_by), []).append((family, first, last))
        pieces = [(signature, _join(ranges)) for (_, signature), ranges in found.items()]
        self.parts, order = self._name(pieces)
        self.signatures: list[int] = [order[part] for part in range(len(self.parts))]
        for family in FAMILIES:
            spans = sorted((r[1], i) for i, part in enumerate(self.parts) for r in part.ranges if r[0] == family)
            self._starts[family] = [first for first, _ in spans]
            self._part_of[family] = [part for _, part in spans]

    def part_of(self, family: int, value: int) -> int:
        """The number of the part that holds an address."""
        return self._part_of[family][bisect_right(self._starts[family], value) - 1]

    def in_one_part(self, family: int, first: int, last: int) -> bool:
        """Whether no bound of a part lies between two addresses."""
        starts = self._starts[family]
        return bisect_right(starts, first) == bisect_right(starts, last)

    def parts_within(self, network: Network) -> list[int]:
        """The numbers of all parts that share an address with a network, ascending."""
        starts, owners = self._starts[network.family], self._part_of[network.family]
        low = bisect_right(starts, network.first) - 1
        return sorted(set(owners[low : bisect_right(starts, network.last)]))

    def held_by(self, block: Block) -> list[int]:
        """The numbers of the parts that lie in a block of the input. A part lies in a block wholly or not at all,
        but for `internet` where it joins both families because no rule tells them apart; it counts for either."""
        bit = 1 << self._number[block]
        return [part for part, signature in enumerate(self.signatures) if signature & bit]

    @cached_property
    def _number(self) -> dict[Block, int]:
        return {block: index for index, block in enumerate(self.blocks)}

    def _name(self, pieces: list[tuple[int, list[_Range]]]) -> tuple[list[External], list[int]]:
        """Parts in order of address with their ids, and the blocks that hold each."""

        def largest(family: int) -> tuple[int, list[_Range]]:
            return max(
                (piece for piece in pieces if piece[1][0][0] == family),
                key=lambda piece: (sum(b - a + 1 for _, a, b in piece[1]), -piece[1][0][1]),
            )

        (sig4, ranges4), (sig6, ranges6) = largest(4), largest(6)
        rest = [piece for piece in pieces if piece[1] is not ranges4 and piece[1] is not ranges6]
        alike = all(bool(mask & sig4) == bool(mask & sig6) for mask in self._list_masks)
        if alike:
            named = [(External("internet", tuple(ranges4 + ranges6)), sig4 | sig6)]
        else:
            named = [(External("internet", tuple(ranges4)), sig4), (External("internet-v6", tuple(ranges6)), sig6)]
        bounds = _bounds(self.blocks)
        taken = {"internet", "internet-v6"}
        for signature, ranges in sorted(rest, key=lambda piece: piece[1]):
            name = base = _block_name(ranges, bounds)
            count = 2
            while name in taken:
                name, count = f"{base} ({count})", count + 1
            taken.add(name)
            named.append((External(name, tuple(ranges)), signature))
        named.sort(key=lambda pair: pair[0].ranges)
        return [part for part, _ in named], [signature for _, signature in named]


def _block_key(block: Block) -> tuple[Network, tuple[Network, ...]]:
    return block.network, block.excepts


def _sweep(family: int, blocks: Sequence[Block]) -> Iterable[tuple[int, int, int]]:
    """(first, last, bits of the blocks that hold it) for each interval between two bounds."""
    toggles: dict[int, int] = {0: 0}
    for index, block in enumerate(blocks):
        if block.network.family != family:
            continue
        bit = 1 << index
        spans = _join([(family, hole.first, hole.last) for hole in block.excepts if block.network.holds(hole)])
        for first, last in [(block.network.first, block.network.last), *((a, b) for _, a, b in spans)]:
            toggles[first] = toggles.get(first, 0) ^ bit
            toggles[last + 1] = toggles.get(last + 1, 0) ^ bit
    toggles.pop(1 << BITS[family], None)
    starts = sorted(toggles)
    held_by = 0
    for first, following in zip(starts, [*starts[1:], 1 << BITS[family]], strict=True):
        held_by ^= toggles[first]
        yield first, following - 1, held_by


def _join(ranges: list[_Range]) -> list[_Range]:
    joined: list[_Range] = []
    for family, first, last in sorted(ranges):
        if joined and joined[-1][0] == family and first <= joined[-1][2] + 1:
            joined[-1] = (family, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((family, first, last))
    return joined


def _bounds(blocks: Iterable[Block]) -> dict[Network, int]:
    """The networks that blocks are made of, largest first, each with how many of its addresses lie in smaller ones."""
    inside = dict.fromkeys(sorted({n for block in blocks for n in (block.network, *block.excepts)}, key=_nesting), 0)
    around: list[Network] = []
    for network in inside:
        while around and not around[-1].holds(network):
            around.pop()
        if around:
            inside[around[-1]] += _size(network)
        around.append(network)
    return dict(sorted(inside.items(), key=lambda item: (-_size(item[0]), item[0])))


def _nesting(network: Network) -> tuple[int, int, int]:
    return network.family, network.first, -network.last


def _block_name(ranges: list[_Range], bounds: dict[Network, int]) -> str:
    """Named after the blocks that the part fills, largest first, with what is cut out of each; the rest by range."""
    left = [Network(family, first, last) for family, first, last in ranges]
    names: list[tuple[Network, str]] = []
    for network, inside in bounds.items():
        own = [part for part in left if network.holds(part)]
        if not own or sum(map(_size, own)) + inside < _size(network):
            continue
        if any(network.meets(part) and not network.holds(part) for part in left):
            continue
        holes = [n for n in bounds if n != network and network.holds(n) and not any(n.meets(part) for part in own)]
        holes = sorted(n for n in holes if not any(other != n and other.holds(n) for other in holes))
        if sum(map(_size, own)) + sum(map(_size, holes)) == _size(network):
            cut = f" except {_listed([hole.text() for hole in holes])}" if holes else ""
            names.append((network, network.text() + cut))
            left = [part for part in left if part not in own]
    names += [(part, _range_name(part)) for part in left]
    return _listed([name for _, name in sorted(names)])


def _size(network: Network) -> int:
    return network.last - network.first + 1


def _range_name(part: Network) -> str:
    size = part.last - part.first + 1
    if size & (size - 1) == 0 and part.first % size == 0:
        return part.text()
    return f"{address_text(part.family, part.first)}-{address_text(part.family, part.last)}"


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
