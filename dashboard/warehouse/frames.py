"""Turn an engine's columns into a frame whose types depend on the statement alone.

It must not know which engine the columns came from: that both give the same frame is the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import types
from sqlalchemy.sql.type_api import TypeEngine

_TEXT = pd.StringDtype(na_value=np.nan)


def arrow_column(values: Iterable[Any]) -> pa.ChunkedArray:
    """Gather one column of plain Python values, as a driver without Arrow gives them.

    Parameters
    ----------
    values : iterable
        Values of one kind, None where missing.

    Returns
    -------
    pyarrow.ChunkedArray
        The column.
    """
    gathered = list(values)
    # PostgreSQL sums integers into `numeric`; Arrow would give each column a scale of its own.
    if any(isinstance(value, Decimal) for value in gathered):
        is_whole = all(v is None or v == v.to_integral_value() for v in gathered)
        convert = int if is_whole else float
        gathered = [None if value is None else convert(value) for value in gathered]
    return pa.chunked_array([pa.array(gathered)])


def typed_frame(
    names: Sequence[str], kinds: Sequence[TypeEngine[Any]], columns: Sequence[pa.ChunkedArray]
) -> pd.DataFrame:
    """Build a frame whose column types follow from the statement's.

    Parameters
    ----------
    names : sequence of str
        Name of each column.
    kinds : sequence of TypeEngine
        SQLAlchemy's type of each column: integers become ``Int64``, ``Double`` and ``Numeric``
        ``float64``, texts ``str`` (missing is NaN), ``Boolean`` ``boolean``, dates and instants
        ``datetime64[us]``. Without a type the values decide.
    columns : sequence of pyarrow.ChunkedArray
        Values of each column.

    Returns
    -------
    pandas.DataFrame
        One row per row of the result, index from 0.
    """
    rows = len(columns[0]) if columns else 0
    arrays = [_converted(kind, column) for kind, column in zip(kinds, columns, strict=True)]
    frame = pd.DataFrame(dict(enumerate(arrays)), index=pd.RangeIndex(rows))
    frame.columns = pd.Index(list(names), dtype=_TEXT)
    return frame


def _converted(kind: TypeEngine[Any], column: pa.ChunkedArray) -> Any:
    if isinstance(kind, types.NullType):
        kind = _kind_of_values(column.type)
    if isinstance(kind, types.Integer):
        return pd.arrays.IntegerArray(*_values_and_mask(column.cast(pa.int64()), np.int64(0)))
    if isinstance(kind, types.Boolean):
        return pd.arrays.BooleanArray(*_values_and_mask(column.cast(pa.bool_()), np.bool_(False)))
    if isinstance(kind, types.Float | types.Numeric):  # Double is a kind of Float
        return column.cast(pa.float64()).to_numpy().astype(np.float64, copy=False)
    if isinstance(kind, types.Date | types.DateTime):
        return column.cast(pa.timestamp("us")).to_numpy().astype("datetime64[us]", copy=False)
    return pd.array(column.cast(pa.large_string()), dtype=_TEXT)


def _values_and_mask(column: pa.ChunkedArray, filler: np.generic) -> tuple[Any, Any]:
    if column.null_count == 0:
        values = column.to_numpy()
        return np.array(values), np.zeros(len(column), dtype=bool)
    mask = column.is_null().to_numpy()
    return np.array(column.fill_null(filler.item()).to_numpy()), np.array(mask)


def _kind_of_values(kind: pa.DataType) -> TypeEngine[Any]:
    if pa.types.is_integer(kind):
        return types.BigInteger()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return types.Double()
    if pa.types.is_boolean(kind):
        return types.Boolean()
    if pa.types.is_temporal(kind):
        return types.DateTime()
    return types.Text()
