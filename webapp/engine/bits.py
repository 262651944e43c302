"""Sets of columns as Python integers: bit i stands for column i.

The fastest bitset at these sizes, far ahead of arrays and roaring bitmaps (design/engine.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

_DENSE = 24
_MANY = 4_000_000  # bits to visit one by one
_BLOCK = 1 << 25  # bytes that numpy works on at once


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


def indices(bits: int) -> list[int]:
    """The columns of a set, ascending."""
    if bits.bit_count() <= _DENSE:
        found: list[int] = []
        first = (bits & -bits).bit_length() - 1
        bits = bits >> first if bits else 0  # they often stand close together: what is left is then a small number
        while bits:
            lowest = bits & -bits
            found.append(first + lowest.bit_length() - 1)
            bits ^= lowest
        return found
    gaps = bin(bits)[:1:-1].split("1")  # the zeros before each column, and after the last
    return list(accumulate([len(gap) + 1 for gap in gaps[1:-1]], initial=len(gaps[0])))


def transpose(rows: Sequence[int], count: int) -> list[int]:
    """For each of ``count`` columns the set of the numbers of the rows that hold it.

    Rows that hold nearly all columns cost as little as those that hold few; many that do neither go to numpy."""
    everything = (1 << count) - 1
    sizes = [row.bit_count() for row in rows]
    usual = from_indices([number for number, size in enumerate(sizes) if 2 * size > count])
    if sum([min(size, count - size) for size in sizes]) > _MANY:
        return _transpose_dense(rows, count)
    place = [0] * count  # of each column its number in `answers`: columns that no row so far tells apart have one
    answers = [usual]
    for number, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        moved: dict[int, int] = {}
        for column in indices(row ^ everything if 2 * size > count else row):
            before = place[column]
            after = moved.get(before)
            if after is None:
                after = moved[before] = len(answers)
                answers.append(answers[before] ^ 1 << number)
            place[column] = after
    return [answers[each] for each in place]


def _transpose_dense(rows: Sequence[int], count: int) -> list[int]:
    import numpy as np

    width = (count + 7) // 8
    matrix = np.frombuffer(b"".join([row.to_bytes(width, "little") for row in rows]), np.uint8).reshape(-1, width)
    step = max(1, _BLOCK // (8 * len(rows)))
    answers: list[int] = []
    for first in range(0, width, step):
        bits = np.unpackbits(matrix[:, first : first + step], axis=1, bitorder="little")
        turned = np.ascontiguousarray(np.packbits(bits, axis=0, bitorder="little").T)
        answers += [int.from_bytes(column.tobytes(), "little") for column in turned]
    return answers[:count]
