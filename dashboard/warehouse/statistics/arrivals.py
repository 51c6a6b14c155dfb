"""Forecast what is outstanding on the last day that the warehouse knows of.

It must not forecast for another day: that is asked when a past day is selected.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from dashboard.framework import Framework
from dashboard.stats.open_obligations import HISTORY_DAYS, NOT_KNOWN, Obligations, outstanding
from dashboard.warehouse.schema import agg_arrival
from dashboard.warehouse.tables import definition, insert_columns

_OWED: Final = """
    SELECT member_id, region_id, period_id, period_ends_on - DATE '1970-01-01' AS ended,
        due_on - DATE '1970-01-01' AS due,
        coalesce(known_on - DATE '1970-01-01', $never) AS known,
        coalesce(received_bound = 'exact' OR received_bound = 'upper' AND absent_on IS NOT NULL,
            false) AS is_dated,
        is_counted AND NOT is_waived AS is_watched,
        is_waived,
        CASE
            WHEN known_on IS NULL THEN 0
            WHEN received_bound = 'unknown' THEN -1
            WHEN received_on <= due_on THEN 1
            WHEN received_bound = 'exact' OR absent_on >= due_on THEN 0
            ELSE -1
        END AS outcome
    FROM agg_obligation WHERE collection_id = $collection ORDER BY period_id, member_id
"""

Arrays = dict[str, NDArray[Any]]


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Fill ``agg_arrival``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop whose obligations are there.
    framework : Framework
        Its framework.
    day : date
        The last day that the warehouse knows of.
    """
    today = (day - date(1970, 1, 1)).days
    connection.execute(definition(agg_arrival))
    for collection in framework.collections:
        rows = owed_rows(connection, collection.id)
        owed = as_obligations(rows)
        is_asked = ~rows["is_waived"].astype(bool) & (owed.ended < today)
        found = outstanding(owed, is_asked, today, HISTORY_DAYS[collection.frequency])
        place = found.pop("place")
        known = {name: rows[name][place] for name in ("member_id", "period_id")}
        due_on = owed.due[place].astype("datetime64[D]")
        whole = np.full(place.size, collection.id, dtype=object)
        columns = {"collection_id": whole, "due_on": due_on, **known, **found}
        insert_columns(connection, "agg_arrival", columns)


def owed_rows(connection: duckdb.DuckDBPyConnection, collection: str) -> Arrays:
    """Return the obligations of a collection as arrays.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop whose obligations are there.
    collection : str
        Its id.

    Returns
    -------
    dict of ndarray
        By period and member: ``member_id``, ``region_id``, ``period_id``, ``ended``, ``due`` and
        ``known`` (days since 1970-01-01), ``is_dated``, ``is_watched``, ``is_waived``, and
        ``outcome`` (1 on time, 0 late, -1 if that is not known).
    """
    given = {"never": NOT_KNOWN, "collection": collection}
    found = connection.execute(_OWED, given).fetchnumpy()
    return {name: np.asarray(values) for name, values in found.items()}


def as_obligations(rows: Arrays) -> Obligations:
    """Return what a forecast needs to know of obligations.

    Parameters
    ----------
    rows : dict of ndarray
        Of :func:`owed_rows`.

    Returns
    -------
    Obligations
        In the same order; members are numbered by their id.
    """
    members, member = np.unique(rows["member_id"], return_inverse=True)
    region = np.zeros(members.size, dtype=np.intp)
    region[member] = np.unique(rows["region_id"].astype(str), return_inverse=True)[1]
    return Obligations(
        member=member,
        ended=rows["ended"].astype(np.int64),
        due=rows["due"].astype(np.int64),
        known=rows["known"].astype(np.int64),
        is_dated=rows["is_dated"].astype(bool),
        is_watched=rows["is_watched"].astype(bool),
        region=region,
    )
