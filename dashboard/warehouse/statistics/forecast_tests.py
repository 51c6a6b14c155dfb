"""Test the arrival forecast on periods gone by: what it would have said, and what happened.

Each forecast is made from what was known on its own day. It must not judge them: that depends on
the members and the day that a reader asks for.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from dashboard.framework import Framework
from dashboard.stats.open_obligations import HISTORY_DAYS, Obligations, eve_of_month, forecast
from dashboard.warehouse.schema.forecasts import LEADS, agg_forecast_test
from dashboard.warehouse.statistics.arrivals import Arrays, as_obligations, owed_rows
from dashboard.warehouse.tables import definition, insert_columns

HELD_OUT: Final = {"M": 24, "A": 5}
"""How many of the last periods that have fallen due are tested, by frequency."""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Fill ``agg_forecast_test``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop whose obligations are there.
    framework : Framework
        Its framework.
    day : date
        The last day that the warehouse knows of; what fell due before it can be judged.
    """
    today = (day - date(1970, 1, 1)).days
    parts = []
    for collection in framework.collections:
        rows = owed_rows(connection, collection.id)
        parts += [
            {**part, "collection_id": np.full(part["member_id"].size, collection.id)}
            for part in held_out(rows, collection.frequency, today)
        ]
    connection.execute(definition(agg_forecast_test))
    if not parts:
        return
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    for name in ("made_on", "due_on"):
        columns[name] = columns[name].astype("datetime64[D]")
    keys = ("member_id", "period_id", "lead", "collection_id")
    order = np.lexsort([columns[name] for name in keys])
    insert_columns(
        connection, "agg_forecast_test", {name: of[order] for name, of in columns.items()}
    )


def held_out(rows: Arrays, frequency: str, today: int) -> list[Arrays]:
    """Return the forecasts of one collection with their outcomes, by period and lead.

    Parameters
    ----------
    rows : dict of ndarray
        Its obligations, of :func:`dashboard.warehouse.statistics.arrivals.owed_rows`.
    frequency : {"M", "A"}
        Of the collection.
    today : int
        The day after the last due day that can be judged.

    Returns
    -------
    list of dict of ndarray
        Columns of ``agg_forecast_test`` but the collection; days are numbers.
    """
    owed = as_obligations(rows)
    asked = np.unique(rows["period_id"][owed.is_watched & (owed.due < today)])
    found = []
    for period in asked[-HELD_OUT[frequency] :]:
        is_asked = owed.is_watched & (rows["period_id"] == period)
        for lead in LEADS:
            one = _test(owed, rows, is_asked, lead, HISTORY_DAYS[frequency])
            found += [one] if one else []
    return found


def _test(
    owed: Obligations, rows: Arrays, is_asked: NDArray[np.bool_], lead: str, span: int
) -> Arrays:
    """Return the forecasts of one period at one lead; empty if none could be made."""
    first = np.flatnonzero(is_asked)[0]
    ended, due = int(owed.ended[first]), int(owed.due[first])
    made = ended if lead == "period_end" else max(ended, eve_of_month(due))
    cases = np.flatnonzero(is_asked & (owed.known > made) & (rows["outcome"] >= 0))
    member = owed.member[cases]
    share, _, _, history = forecast(
        owed, made, span, member, owed.ended[cases], owed.due[None, cases]
    )
    settled = history.counts.sum()
    if settled == 0 or np.isnan(share[0]).all():
        return {}
    # A member without a past is taken to be as punctual as all are together.
    met = np.nansum(history.on_time_share * history.counts) / settled
    own = history.on_time_share[member]
    usable = ~np.isnan(share[0])
    cases, size = cases[usable], int(usable.sum())
    return {
        **{name: rows[name][cases] for name in ("member_id", "region_id", "period_id")},
        "lead": np.full(size, lead),
        "made_on": np.full(size, made),
        "due_on": owed.due[cases],
        "history_count": history.counts[member][usable],
        "forecast_share": share[0][usable],
        "own_share": np.where(np.isnan(own), met, own)[usable],
        "is_on_time": rows["outcome"][cases] == 1,
    }
