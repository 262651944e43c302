"""The table of bad inputs has forty rows; each that is due has a test here that bears its number."""

from __future__ import annotations

import re
from pathlib import Path

DUE = {*range(1, 20), *range(22, 30), 34, 38, 40}
_NAME = re.compile(r"def test_rows?_([0-9]+(?:_(?:and|to)_[0-9]+)*)_")


def test_every_row_that_is_due_has_its_test() -> None:
    found: set[int] = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for name in _NAME.findall(file.read_text(encoding="utf-8")):
            words = name.split("_")
            numbers = [int(word) for word in words[::2]]
            found.update(numbers)
            for place, word in enumerate(words[1::2]):
                if word == "to":
                    found.update(range(numbers[place], numbers[place + 1]))
    assert found >= DUE, f"without a test: {sorted(DUE - found)}"
