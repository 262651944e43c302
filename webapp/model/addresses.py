"""IP addresses, networks and blocks as plain integers, each with its family (4 or 6)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

BITS: Final = {4: 32, 6: 128}
FAMILIES: Final = (4, 6)
_V4: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.ASCII)
Vicinity: TypeAlias = "str | tuple[str, ...]"
"""See `vicinity_of`."""
_PREFIX: Final = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Network:
    """A contiguous range that a CIDR names: ``first``..``last`` inclusive, of one family."""

    family: int
    first: int
    last: int

    def holds(self, other: Network) -> bool:
        return self.family == other.family and self.first <= other.first and other.last <= self.last

    def meets(self, other: Network) -> bool:
        return self.family == other.family and self.first <= other.last and other.first <= self.last

    @property
    def is_family(self) -> bool:
        """True for 0.0.0.0/0 and ::/0."""
        return self.first == 0 and self.last == (1 << BITS[self.family]) - 1

    @property
    def prefix(self) -> int:
        return BITS[self.family] - (self.last - self.first).bit_length()

    def text(self) -> str:
        """``address/prefix``, host bits cleared."""
        return f"{address_text(self.family, self.first)}/{self.prefix}"


def parse_address(text: str) -> tuple[int, int]:
    """``(family, value)`` of an address; ValueError for anything else, zones and netmasks included.

    Leading zeros of IPv4 count as decimal, as Kubernetes' own legacy parser reads them (spec §3.6).
    """
    if _V4.fullmatch(text):
        a, b, c, d = map(int, text.split("."))
        if a > 255 or b > 255 or c > 255 or d > 255:
            raise ValueError(f"{text!r} is not an IP address")
        return 4, (a << 24) | (b << 16) | (c << 8) | d
    if "%" in text or "/" in text or len(text) > 45 or not text.isascii():
        raise ValueError(f"{text!r} is not an IP address")
    address = ipaddress.ip_address(text)
    return address.version, int(address)


def vicinity_of(addresses: tuple[str, ...]) -> Vicinity:
    """What the addresses of a pod have in common with those of its neighbours: of a single IPv4 address all but the
    last byte. Pods with the same vicinity differ in nothing else, but for those whose vicinity is "" (IPv6)."""
    return addresses[0].rpartition(".")[0] if len(addresses) == 1 else addresses


def network_of(text: str) -> Network:
    """The network of one address; ValueError as `parse_address`."""
    family, value = parse_address(text)
    return Network(family, value, value)


@lru_cache(maxsize=1 << 15)
def parse_cidr(text: str) -> Network:
    """The network of ``address/prefix``, host bits masked; ValueError with the reason for anything else."""
    address, slash, prefix = text.partition("/")
    if not slash:
        raise ValueError("a prefix length is missing")
    if not _PREFIX.fullmatch(prefix) or (len(prefix) > 1 and prefix[0] == "0"):
        raise ValueError(f"the prefix length {prefix[:40]!r} is not a number")
    family, value = parse_address(address)
    if int(prefix) > BITS[family]:
        raise ValueError(f"the prefix length {prefix} is over {BITS[family]}")
    size = 1 << (BITS[family] - int(prefix))
    first = value & ~(size - 1)
    return Network(family, first, first + size - 1)


@lru_cache(maxsize=1 << 15)
def has_odd_spelling(text: str) -> bool:
    """True if a valid CIDR has host bits or leading zeros, which newer API servers refuse (warning N-w6)."""
    address = text.partition("/")[0]
    family, value = parse_address(address)
    leading_zero = family == 4 and any(len(part) > 1 and part[0] == "0" for part in address.split("."))
    return leading_zero or parse_cidr(text).first != value


def address_text(family: int, value: int) -> str:
    return str(ipaddress.IPv4Address(value) if family == 4 else ipaddress.IPv6Address(value))


@dataclass(frozen=True, slots=True)
class Block:
    """An ipBlock (or one of `networks`): a network less its excepts."""

    network: Network
    excepts: tuple[Network, ...] = ()

    def contains(self, family: int, value: int) -> bool:
        if family != self.network.family or not self.network.first <= value <= self.network.last:
            return False
        return not any(hole.first <= value <= hole.last for hole in self.excepts)

    def relation(self, network: Network) -> bool | None:
        """True if ``network`` lies wholly inside the block, False if wholly outside, None if it is cut."""
        if not self.network.meets(network) or self._is_hole(network):
            return False
        inside = self.network.holds(network) and not any(hole.meets(network) for hole in self.excepts)
        return True if inside else None

    def _is_hole(self, network: Network) -> bool:
        """Whether the excepts together take away all that the block has in common with a network."""
        first, last = max(self.network.first, network.first), min(self.network.last, network.last)
        for hole in sorted(self.excepts):
            if hole.first > first:
                break
            first = max(first, hole.last + 1)
        return first > last

    def text(self) -> str:
        except_text = ", ".join(hole.text() for hole in self.excepts)
        return f"{self.network.text()} except {except_text}" if self.excepts else self.network.text()
