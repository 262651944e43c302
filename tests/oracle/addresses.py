"""Address blocks, naively: an ipBlock is a cidr and its excepts; a space is cut at every bound (spec §3.6, §7.4)."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SIZE = {4: 2**32, 6: 2**128}


def network(text: str) -> Network:
    """A CIDR; host bits are masked away (legacy-accepted). ValueError for a bare address or a bad mask."""
    if "/" not in text:
        raise ValueError(f"{text} has no prefix length")
    return ipaddress.ip_network(text, strict=False)


def address_at(family: int, number: int) -> Address:
    return ipaddress.IPv4Address(number) if family == 4 else ipaddress.IPv6Address(number)


@dataclass(frozen=True)
class Block:
    """``cidr`` without the union of ``excepts``, which lie in it."""

    cidr: Network
    excepts: tuple[Network, ...] = ()

    @property
    def family(self) -> int:
        return self.cidr.version

    @property
    def is_whole_family(self) -> bool:
        return self.cidr.prefixlen == 0 and not self.excepts

    def holds(self, address: Address) -> bool:
        """v4 blocks never hold v6 addresses, nor the other way round."""
        return address in self.cidr and not any(address in hole for hole in self.excepts)

    def bounds(self) -> set[int]:
        """The first number of every stretch that begins at this block or at one of its excepts."""
        networks = (self.cidr, *self.excepts)
        firsts = {int(net.network_address) for net in networks}
        return firsts | {int(net.broadcast_address) + 1 for net in networks}


def representatives(blocks: Iterable[Block], family: int) -> list[Address]:
    """The first and the last address of each stretch between two neighbouring bounds of one family."""
    cuts = {0, SIZE[family]}
    for block in blocks:
        if block.family == family:
            cuts |= block.bounds()
    ordered = sorted(cuts)
    return [
        address_at(family, number)
        for first, after in itertools.pairwise(ordered)
        for number in sorted({first, after - 1})
    ]


def share_held(block: Block, networks: Iterable[Network]) -> tuple[bool, bool]:
    """``(some, all)``: whether the block holds some, or all, of the addresses of the networks of its family.

    Without any, pods live in the other family: it holds none.
    """
    found = set()
    for net in (net for net in networks if net.version == block.family):
        first, last = int(net.network_address), int(net.broadcast_address)
        starts = {first} | {cut for cut in block.bounds() if first <= cut <= last}
        found |= {block.holds(address_at(block.family, start)) for start in starts}
    return True in found, found == {True}
