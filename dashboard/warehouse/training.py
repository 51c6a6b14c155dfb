"""Lay out what members did before and after their training, quarter by quarter.

It must not judge an effect: the comparison is ``dashboard.stats.training_effect``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.framework import Framework
from dashboard.stats.quality_scores import Scheme, Sums, scores_of
from dashboard.warehouse.schema.quality import SCORED_DIMENSIONS

FloatArray = NDArray[np.float64]

QUARTERS_BEFORE: Final = 8
"""Quarters before the first training of all: the two years before its year hold them."""

HORIZON: Final = 4
"""Quarters from the training's own on over which an effect is told: a year."""

LEAD: Final = 4
"""Quarters by which the placebo moves every training back."""

QUARTERS: Final = 100_000
"""More than the number of any quarter: member and quarter fit in one number."""

FEWEST_UNITS: Final = 5
"""Members on each side below which nothing is told."""

PARTS_SQL: Final = """
    SELECT s.reporter_id AS member_id,
        CAST(s.period_id // 100 * 4 + (s.period_id % 100 - 1) // 3 AS INTEGER) AS quarter,
        q.dimension_id, q.numerator, q.denominator,
        CAST(q.rows_checked AS DOUBLE) AS row_count,
        s.known_at, s.superseded_at
    FROM fct_quality AS q JOIN fct_submission AS s USING (submission_id)
    JOIN dim_member AS m ON m.member_id = s.reporter_id
    WHERE s.is_accepted AND s.collection_id = $collection
        AND s.period_id // 100 >= (
            SELECT min(year(happened_on)) - 2 FROM fct_activity
            WHERE kind = 'training' AND is_done AND member_id IS NOT NULL
        )
    ORDER BY member_id, quarter, q.dimension_id, s.submission_id
"""
"""What was checked, by member, quarter and dimension, and from when to when it held."""

_ON_TIME_SQL: Final = """
    SELECT o.member_id,
        CAST(o.period_id // 100 * 4 + (o.period_id % 100 - 1) // 3 AS INTEGER) AS quarter,
        count(*) FILTER (o.known_on <= $day AND o.received_on <= o.due_on) AS on_time,
        count(*) FILTER (
            coalesce(o.known_on > $day, true) OR o.received_on <= o.due_on
            OR o.received_bound = 'exact' OR o.absent_on >= o.due_on
        ) AS judged
    FROM agg_obligation AS o
    WHERE o.collection_id = $collection AND o.due_on < $day
        AND o.is_counted AND NOT o.is_waived
    GROUP BY ALL ORDER BY ALL
"""

_BEGAN_SQL: Final = """
    SELECT member_id, min(happened_on) AS began_on FROM fct_activity
    WHERE kind = 'training' AND is_done AND member_id IS NOT NULL AND happened_on <= $day
    GROUP BY member_id ORDER BY member_id
"""


@dataclass(frozen=True)
class Panel:
    """Members down, quarters across.

    Attributes
    ----------
    members : ndarray of int, shape (n,)
        ``member_id``.
    first_quarter : int
        Year times 4 plus 0 to 3, of the first column.
    outcomes : ndarray of float, shape (n, t)
        NaN where nothing was measured.
    began : ndarray of float, shape (n,)
        Column of the first training; NaN for a member not trained by the last column.
    """

    members: NDArray[np.int64]
    first_quarter: int
    outcomes: FloatArray
    began: FloatArray


def read_parts(connection: duckdb.DuckDBPyConnection, framework: Framework) -> pd.DataFrame:
    """Return what was checked in every submission that quality panels of any day are laid out of.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop with its ``fct_quality``.
    framework : Framework
        Its default collection.

    Returns
    -------
    DataFrame
        One row per submission and scored dimension (``dimension``: its place); none where nobody
        was trained, or where the default collection is not monthly.
    """
    if not _is_monthly(framework):
        return pd.DataFrame()
    named = {"collection": framework.framework.default_collection}
    parts = connection.execute(PARTS_SQL, named).df()
    places = {name: place for place, name in enumerate(SCORED_DIMENSIONS)}
    parts = parts[parts["dimension_id"].isin(places)]
    return parts.assign(dimension=parts["dimension_id"].map(places).astype("int64"))


def quality_panel(
    connection: duckdb.DuckDBPyConnection,
    framework: Framework,
    day: date,
    parts: pd.DataFrame | None = None,
) -> Panel | None:
    """Return quality scores by member and quarter of reference, as known on a day.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop with its ``fct_quality``.
    framework : Framework
        Its goalposts, weights and default collection.
    day : date
        Day of knowledge.
    parts : DataFrame, optional
        As of :func:`read_parts`, for panels of many days.

    Returns
    -------
    Panel or None
        Scores of 0 to 100; None where nobody was trained by then, or where the default
        collection is not monthly.
    """
    parts = read_parts(connection, framework) if parts is None else parts
    if parts.empty:
        return None
    night = pd.Timestamp(day) + pd.Timedelta(days=1)
    holds = (parts["known_at"] < night) & ~(parts["superseded_at"] < night)
    parts = parts[holds.to_numpy()]
    together = parts["member_id"].to_numpy(np.int64) * QUARTERS + parts["quarter"].to_numpy(
        np.int64
    )
    keys, place = np.unique(together, return_inverse=True)
    width = len(SCORED_DIMENSIONS)
    cell = place * width + parts["dimension"].to_numpy(np.int64)
    tables: list[FloatArray] = [
        np.bincount(cell, parts[name].to_numpy(np.float64), minlength=len(keys) * width)
        .reshape(-1, width)
        .astype(np.float64)
        for name in ("numerator", "denominator", "row_count")
    ]
    _, overall, _ = scores_of(Sums(*tables), _scheme(framework))
    cells = pd.DataFrame(
        {"member_id": keys // QUARTERS, "quarter": keys % QUARTERS, "outcome": overall}
    )
    return _panel(connection, framework, day, cells)


def on_time_panel(
    connection: duckdb.DuckDBPyConnection, framework: Framework, day: date
) -> Panel | None:
    """Return on-time shares by member and quarter of reference, as known on a day.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; obligations are there.
    framework : Framework
        As of :func:`quality_panel`.
    day : date
        As of :func:`quality_panel`.

    Returns
    -------
    Panel or None
        Shares of 0 to 1; None as of :func:`quality_panel`.
    """
    if not _is_monthly(framework):
        return None
    named = {"collection": framework.framework.default_collection, "day": day}
    found = connection.execute(_ON_TIME_SQL, named).df()
    found = found[found["judged"] > 0]
    if found.empty:
        return None
    cells = found[["member_id", "quarter"]].assign(outcome=found["on_time"] / found["judged"])
    return _panel(connection, framework, day, cells)


def quarter_of(day: date) -> int:
    """Return the number of a day's quarter.

    Parameters
    ----------
    day : date
        The day.

    Returns
    -------
    int
        Year times 4 plus 0 to 3.

    Examples
    --------
    >>> quarter_of(date(2023, 4, 1)) - quarter_of(date(2022, 12, 31))
    2
    """
    return day.year * 4 + (day.month - 1) // 3


def _panel(
    connection: duckdb.DuckDBPyConnection, framework: Framework, day: date, cells: pd.DataFrame
) -> Panel | None:
    began = connection.execute(_BEGAN_SQL, {"day": day}).df()
    if began.empty:
        return None
    days = pd.to_datetime(began["began_on"]).dt
    quarters = days.year * 4 + (days.month - 1) // 3
    first = int(quarters.min()) - QUARTERS_BEFORE
    last = _last_due_quarter(framework, day)
    cells = cells[cells["quarter"].between(first, last)]
    if cells.empty:
        return None
    members, row = np.unique(cells["member_id"].to_numpy(np.int64), return_inverse=True)
    outcomes = np.full((members.size, last - first + 1), np.nan)
    outcomes[row, cells["quarter"].to_numpy(np.int64) - first] = cells["outcome"]
    columns = pd.Series(quarters.to_numpy(np.float64) - first, index=began["member_id"])
    start = columns.reindex(members).to_numpy(np.float64, copy=True)
    start[start > last - first] = np.nan
    return Panel(members, first, outcomes, start)


def _last_due_quarter(framework: Framework, day: date) -> int:
    """Return the last quarter all of whose months were due before a day."""
    (collection,) = (
        one for one in framework.collections if one.id == framework.framework.default_collection
    )
    due = day - timedelta(days=collection.due_days + 1)
    following = due + timedelta(days=1)
    return quarter_of(following) - 1


def _is_monthly(framework: Framework) -> bool:
    default = framework.framework.default_collection
    return any(one.id == default and one.frequency == "M" for one in framework.collections)


def _scheme(framework: Framework) -> Scheme:
    declared = {dimension.id: dimension for dimension in framework.dimensions}
    posts = [
        (declared[one].worst, declared[one].best) if one in declared else (1.0, 0.0)
        for one in SCORED_DIMENSIONS
    ]
    weights = [declared[one].weight if one in declared else 0.0 for one in SCORED_DIMENSIONS]
    worst, best = np.array(posts, dtype=np.float64).T
    minimum = framework.framework.minimum_checked_rows
    return Scheme(worst, best, np.array(weights, dtype=np.float64), minimum)
