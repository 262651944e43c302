"""Sets of columns as Python integers: bit i stands for column i.

The fastest bitset at these sizes, far ahead of arrays and roaring bitmaps (design/engine.md).
"""

from __future__ import annotations

from collections.abc import Iterable

_DENSE = 24


def from_indices(indices: Iterable[int]) -> int:
    """The set of these columns."""
    listed = list(indices)
    if len(listed) <= _DENSE:
        bits = 0
        for index in listed:
            bits |= 1 << index
        return bits
    buffer = bytearray((max(listed) >> 3) + 1)
    for index in listed:
        buffer[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(buffer, "little")


_OF_BYTE = [tuple(i for i in range(8) if byte >> i & 1) for byte in range(256)]


def indices(bits: int) -> list[int]:
    """The columns of a set, ascending."""
    count = bits.bit_count()
    found: list[int] = []
    if count <= _DENSE:
        while bits:
            lowest = bits & -bits
            found.append(lowest.bit_length() - 1)
            bits ^= lowest
        return found
    low = (bits & -bits).bit_length() - 1 & ~7  # skip the empty bytes below the first column
    bits >>= low
    for position, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) >> 3, "little")):
        if byte:
            base = low + (position << 3)
            found += [base + i for i in _OF_BYTE[byte]]
    return found
