"""What chance alone would make of the trends of the members' delays.

The periods are shuffled, for the range that a view opens with and the last known day. It must
not judge a trend.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from dashboard.framework import Framework
from dashboard.stats.trends import ChanceTrends, chance_trends
from dashboard.warehouse import schema
from dashboard.warehouse.tables import definition

DRAWS: Final = 99
SEED: Final = 1945
"""One seed for every generation: the same data gives the same band."""

TAIL: Final = 0.025
SPANS: Final = {"M": 36, "A": 10}
"""Periods that a view opens with, by frequency; see ``Selection.resolve``."""

_LAST_PERIODS: Final = """
select max(period_id) from (
  select period_id from agg_obligation where collection_id = $1
  union all
  select period_id from agg_trade_partner where collection_id = $1
)
"""

_DELAYS: Final = """
select member_id, period_id,
  not is_waived and known_on is null and due_on < $4 as is_waiting,
  case when not is_waived and known_on is null and due_on < $4
    then date_diff('day', period_ends_on, $4::date)
    when not is_waived and received_bound = 'exact'
    then date_diff('day', period_ends_on, received_on)
  end as days
from agg_obligation
where collection_id = $1 and period_id between $2 and $3 and period_ends_on < $4
order by member_id, period_id
"""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Fill ``agg_trend_chance`` and ``agg_trend_chance_place``.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop with its obligations and rollups.
    framework : Framework
        Its collections and their frequencies.
    day : date
        The last known day.
    """
    for table in (schema.agg_trend_chance, schema.agg_trend_chance_place):
        connection.execute(definition(table))
    for collection in framework.collections:
        (last,) = connection.execute(_LAST_PERIODS, [collection.id]).fetchone() or (None,)
        if last is None:
            continue
        first = first_period(int(last), collection.frequency)
        delays = connection.execute(_DELAYS, [collection.id, first, int(last), day]).df()
        found = shuffled(delays)
        if found is not None:
            _write(connection, collection.id, (first, int(last)), found)


def first_period(last: int, frequency: str) -> int:
    """Return the first period of the range that ends with one.

    Parameters
    ----------
    last : int
        202412 or 2024.
    frequency : {"M", "A"}
        Of the collection.

    Returns
    -------
    int
        The first period of ``SPANS`` periods.

    Examples
    --------
    >>> first_period(202402, "M"), first_period(2024, "A")
    (202103, 2015)
    """
    span = SPANS[frequency] - 1
    if frequency == "A":
        return last - span
    index = last // 100 * 12 + last % 100 - 1 - span
    return index // 12 * 100 + index % 12 + 1


def shuffled(delays: pd.DataFrame) -> ChanceTrends | None:
    """Return the trends of shuffled periods, or None where no member has a trend.

    Parameters
    ----------
    delays : DataFrame
        ``member_id``, ``period_id``, ``days`` (NaN where unknown) and ``is_waiting`` (bool:
        ``days`` are those gone so far), one row per obligation.

    Returns
    -------
    ChanceTrends or None
        Slopes in days per period.
    """
    if delays.empty:
        return None
    members, row = np.unique(delays["member_id"], return_inverse=True)
    periods, column = np.unique(delays["period_id"], return_inverse=True)
    days = np.full((members.size, periods.size), np.nan)
    days[row, column] = delays["days"].to_numpy(dtype=np.float64)
    is_waiting = np.zeros(days.shape, dtype=np.bool_)
    is_waiting[row, column] = delays["is_waiting"].to_numpy(dtype=np.bool_)
    found = chance_trends(days, DRAWS, np.random.default_rng(SEED), is_waiting)
    return found if found.slopes.size else None


def _write(
    connection: duckdb.DuckDBPyConnection,
    collection_id: str,
    periods: tuple[int, int],
    found: ChanceTrends,
) -> None:
    low, middle, high = np.quantile(found.slopes, [TAIL, 0.5, 1.0 - TAIL], axis=0)
    places = pd.DataFrame(
        {
            "collection_id": collection_id,
            "place": np.arange(1, low.size + 1),
            "slope_low": low,
            "slope_middle": middle,
            "slope_high": high,
        }
    )
    connection.register("chance_places", places)
    connection.execute("insert into agg_trend_chance_place by name select * from chance_places")
    connection.unregister("chance_places")
    below = (found.below.mean(), *np.quantile(found.below, [TAIL, 1.0 - TAIL]))
    ends = (
        np.quantile(found.slopes[:, 0], TAIL),
        np.quantile(found.slopes[:, -1], 1.0 - TAIL),
    )
    connection.execute(
        "insert into agg_trend_chance values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [collection_id, *periods, len(found.slopes), low.size, *map(float, (*below, *ends))],
    )
