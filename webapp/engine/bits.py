"""Sets of columns as Python integers: bit i stands for column i.

The fastest bitset at these sizes, far ahead of arrays and roaring bitmaps (design/engine.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

_DENSE = 24
_FEW = 50_000  # bits to visit one by one before it pays to load numpy
_CELLS = 80  # cells of a matrix that numpy turns in the time of one such visit: measured
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

    Large rows split sets of columns, for as long as those are few; of the others each column is visited (of those
    that hold nearly all, the columns that they do not hold). Where these are very many, numpy turns the matrix.
    """
    everything = (1 << count) - 1
    rarer = [min(size, count - size) for size in map(int.bit_count, rows)]
    pending = sorted(range(len(rows)), key=rarer.__getitem__)
    alike = [(everything, 0)]  # columns, and the rows so far that hold them
    while pending and 4 * len(alike) < rarer[pending[-1]]:
        number = pending.pop()
        alike = list(_split(alike, rows[number], 1 << number))
    visits = sum([rarer[number] for number in pending])
    if visits > _FEW and visits * _CELLS > len(rows) * count:
        return _transpose_dense(rows, count)
    place = [0] * count  # of each column its number in `answers`
    answers = [held for _, held in alike]
    for number, (members, _) in enumerate(alike[1:], 1):
        for column in indices(members):
            place[column] = number
    usual = 0
    for number in pending:
        row = rows[number]
        if 2 * row.bit_count() > count:
            row ^= everything
            usual |= 1 << number
        if rarer[number] == 1:  # as most sets are
            column = row.bit_length() - 1
            answers.append(answers[place[column]] ^ 1 << number)
            place[column] = len(answers) - 1
            continue
        moved: dict[int, int] = {}
        for column in indices(row):
            before = place[column]
            after = moved.get(before)
            if after is None:
                after = moved[before] = len(answers)
                answers.append(answers[before] ^ 1 << number)
            place[column] = after
    if usual:
        answers = [held ^ usual for held in answers]
    return [answers[each] for each in place]


def _split(alike: Iterable[tuple[int, int]], row: int, bit: int) -> Iterator[tuple[int, int]]:
    for members, held in alike:
        inside = members & row
        if inside:
            yield inside, held | bit
        if inside != members:
            yield members ^ inside, held


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
