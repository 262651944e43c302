"""Whether two words are likely the same word, one of them misspelt."""

from __future__ import annotations

from functools import lru_cache

_ONE_SLIP = 5
_TWO_SLIPS = 8
"""Lengths from which one or two slips are taken for that; short words differ by a letter on purpose (api, app)."""
_DIGITS = str.maketrans("", "", "0123456789")


@lru_cache(maxsize=1 << 14)
def is_slip(written: str, meant: str) -> bool:
    """Whether one of two different words is a misspelling of the other: another case, or a letter or two that are
    wrong, missing, too many or changed about. Words that differ in digits alone (``v1``, ``v2``) are not."""
    if written == meant or written.translate(_DIGITS) == meant.translate(_DIGITS):
        return False
    if written.casefold() == meant.casefold():
        return True
    shorter = min(len(written), len(meant))
    limit = 2 if shorter >= _TWO_SLIPS else 1 if shorter >= _ONE_SLIP else 0
    if abs(len(written) - len(meant)) > limit or not limit:
        return False
    return _distance(written.casefold(), meant.casefold()) <= limit


def _distance(a: str, b: str) -> int:
    """How many letters must be put in, taken out, replaced or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
