"""Sets of columns: what they hold, and turned around."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.engine import bits

WIDTH = 90
COLUMNS = st.integers(0, WIDTH - 1)
FEW = st.frozensets(COLUMNS, max_size=3)
MANY = st.frozensets(COLUMNS, min_size=40)
NEARLY_ALL = FEW.map(lambda few: frozenset(range(WIDTH)) - few)
SETS = st.one_of(FEW, MANY, NEARLY_ALL)


@given(SETS)
def test_a_set_holds_the_columns_it_was_made_of(columns: frozenset[int]) -> None:
    made = bits.from_indices(columns)
    assert made == sum(1 << column for column in columns)
    assert bits.indices(made) == sorted(columns)


@pytest.mark.parametrize("few", [-1, 1_000_000], ids=["by numpy", "by hand"])
@given(st.lists(SETS, max_size=30))
def test_transposed_each_column_holds_the_rows_that_hold_it(few: int, rows: list[frozenset[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bits, "_FEW", few)
        patch.setattr(bits, "_CELLS", WIDTH * 30 + 1)
        turned = bits.transpose([bits.from_indices(row) for row in rows], WIDTH)
    assert [set(bits.indices(column)) for column in turned] == [
        {number for number, row in enumerate(rows) if column in row} for column in range(WIDTH)
    ]
