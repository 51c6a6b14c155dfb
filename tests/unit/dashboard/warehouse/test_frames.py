"""Types of a frame follow from the statement's types, whatever a driver hands over."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import types

from dashboard.warehouse.frames import arrow_column, typed_frame

DAY = date(2024, 2, 29)
MOMENT = datetime.fromisoformat("2024-02-29T08:30:00.000001")


@pytest.mark.parametrize(
    ("kind", "values", "dtype", "expected"),
    [
        (types.SmallInteger(), [1, None], "Int64", [1, pd.NA]),
        (types.Integer(), [Decimal(7), None, Decimal(8)], "Int64", [7, pd.NA, 8]),
        (types.BigInteger(), [2**62], "Int64", [2**62]),
        (types.Double(), [1, None], "float64", [1.0, None]),
        (types.Numeric(), [Decimal("1.5"), None], "float64", [1.5, None]),
        (types.Text(), ["", None, "é"], "str", ["", None, "é"]),
        (types.Boolean(), [True, None, False], "boolean", [True, pd.NA, False]),
        (types.Date(), [DAY, None], "datetime64[us]", [pd.Timestamp(DAY), pd.NaT]),
        (types.DateTime(), [MOMENT], "datetime64[us]", [pd.Timestamp(MOMENT)]),
        (types.NullType(), [1, 2], "Int64", [1, 2]),
        (types.NullType(), ["a"], "str", ["a"]),
        (types.Double(), [None, None], "float64", [None, None]),
        (types.Text(), [], "str", []),
    ],
)
def test_column_gets_the_type_of_its_statement(
    kind: Any, values: list[Any], dtype: str, expected: list[Any]
) -> None:
    frame = typed_frame(["a"], [kind], [arrow_column(values)])
    assert str(frame["a"].dtype) == dtype
    pd.testing.assert_series_equal(frame["a"], pd.Series(expected, dtype=dtype, name="a"))


def test_integer_that_holds_a_fraction_is_a_fault_and_not_cut() -> None:
    with pytest.raises(ValueError, match="truncated"):
        typed_frame(["a"], [types.Integer()], [arrow_column([1.5])])


def test_frame_can_be_written_to() -> None:
    frame = typed_frame(
        ["a", "b"], [types.Integer(), types.Double()], [arrow_column([1]), arrow_column([2.0])]
    )
    frame.loc[0, "a"] = 5
    frame.loc[0, "b"] = 6.0
    assert frame.loc[0].tolist() == [5, 6.0]
