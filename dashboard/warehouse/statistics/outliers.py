"""The candidates of the outlier desk: figures that leave their series and move a total.

A series is what a member reports of one flow and commodity within a collection. It must not
decide what becomes of a candidate: people do, in the casework store.
"""

# ruff: noqa: S608 -- statements are put together from constants of this module; values are bound

from __future__ import annotations

from datetime import date
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from dashboard.framework import Framework
from dashboard.stats.outliers import METHODS, SERIES, PanelScores, panel_scores
from dashboard.warehouse.schema import metadata
from dashboard.warehouse.tables import definition

FEW_CHAPTERS: Final = 10
"""A collection with fewer chapters is judged by heading: its chapters would hide too much."""

MEMBER_SHARE: Final = 0.01
REGION_SHARE: Final = 0.002
"""Least effect of a candidate, as a share of the member's or of its region's trade of the flow."""

_POINTS: Final = """
    CREATE OR REPLACE TEMP TABLE outlier_point AS
    SELECT reporter_id, flow_code, code, period_id, sum(value_usd) AS value_usd
    FROM ({source}) WHERE flow_code IN ('M', 'X')
    GROUP BY ALL
"""
_BY_CHAPTER: Final = """
    SELECT reporter_id, flow_code, chapter_code AS code, period_id, value_usd
    FROM agg_trade_chapter WHERE collection_id = $collection
"""
_BY_HEADING: Final = """
    SELECT t.reporter_id, flow_code, left(commodity_code, 4) AS code, t.period_id, value_usd
    FROM fct_trade AS t JOIN outlier_current USING (submission_id)
"""
_SERIES: Final = """
    CREATE OR REPLACE TEMP TABLE outlier_series AS
    SELECT CAST(row_number() OVER (ORDER BY reporter_id, flow_code, code) - 1 AS INTEGER) AS series,
        reporter_id, flow_code, code
    FROM (SELECT DISTINCT reporter_id, flow_code, code FROM outlier_point)
    SEMI JOIN dim_member ON member_id = reporter_id
"""
_CURRENT: Final = """
    CREATE OR REPLACE TEMP TABLE outlier_current AS
    SELECT submission_id, reporter_id, period_id FROM fct_submission
    WHERE collection_id = $collection AND is_accepted AND superseded_at IS NULL AND has_data
"""
_COVERAGE: Final = """
    INSERT INTO agg_outlier_series
    SELECT $collection, reporter_id, flow_code, $digits, count(*),
        count(*) FILTER (points >= $fewest), $fewest
    FROM outlier_series JOIN outlier_points_of USING (series)
    GROUP BY ALL ORDER BY ALL
"""
_TOTALS: Final = """
    CREATE OR REPLACE TEMP TABLE outlier_total AS
    SELECT *, sum(member_usd) OVER (PARTITION BY region_id, flow_code, period_id) AS region_usd
    FROM (
        SELECT p.reporter_id, region_id, flow_code, p.period_id, any_value(submission_id) AS sent,
            sum(value_usd) AS member_usd
        FROM outlier_point AS p JOIN dim_member ON member_id = p.reporter_id
        JOIN outlier_current AS c ON c.reporter_id = p.reporter_id AND c.period_id = p.period_id
        GROUP BY ALL
    )
"""
# A figure that fell short also made its total smaller: the effect is then compared with what the
# total would have been, so that no share is above 1.
_CANDIDATES: Final = f"""
    CREATE OR REPLACE TEMP TABLE outlier_candidate AS
    SELECT f.*, value_usd - expected_usd AS effect_usd, sent, member_usd, region_usd
    FROM (
        SELECT reporter_id, flow_code, code, found.* EXCLUDE (series)
        FROM outlier_found AS found JOIN outlier_series USING (series)
    ) AS f
    JOIN outlier_total AS t ON t.reporter_id = f.reporter_id AND t.flow_code = f.flow_code
        AND t.period_id = f.period_id
    WHERE abs(value_usd - expected_usd)
            >= {MEMBER_SHARE} * greatest(member_usd, member_usd - value_usd + expected_usd)
        OR abs(value_usd - expected_usd)
            >= {REGION_SHARE} * greatest(region_usd, region_usd - value_usd + expected_usd)
"""
# What the partners recorded of the same trade: their imports of its exports, and the reverse.
_WITH_MIRROR: Final = """
    INSERT INTO agg_outlier
    WITH mirrored AS (
        SELECT t.partner_id, t.period_id, if(t.flow_code = 'M', 'X', 'M') AS flow_code,
            left(t.commodity_code, $digits) AS code, sum(t.value_usd) AS mirror_usd
        FROM fct_trade AS t SEMI JOIN outlier_current USING (submission_id)
        SEMI JOIN outlier_candidate AS c ON c.reporter_id = t.partner_id
            AND c.period_id = t.period_id AND c.code = left(t.commodity_code, $digits)
        WHERE t.flow_code IN ('M', 'X') AND t.partner_id <> t.reporter_id
        GROUP BY ALL
    )
    SELECT $collection, c.period_id, c.reporter_id, c.flow_code, c.code, sent, value_usd,
        expected_usd, low_usd, high_usd, z, method, points, effect_usd, member_usd, region_usd,
        mirror_usd
    FROM outlier_candidate AS c
    LEFT JOIN mirrored AS m ON m.partner_id = c.reporter_id AND m.period_id = c.period_id
        AND m.flow_code = c.flow_code AND m.code = c.code
    ORDER BY ALL
"""
_SCRATCH: Final = (
    *("outlier_point", "outlier_series", "outlier_current", "outlier_candidate"),
    *("outlier_found", "outlier_points_of", "outlier_total"),
)


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:
    """Find the candidates of every collection of trade.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop whose rollups are there.
    framework : Framework
        Its framework.
    day : date
        Not needed: a figure is judged however old it is.
    """
    del day
    for name in ("agg_outlier", "agg_outlier_series"):
        connection.execute(definition(metadata.tables[name]))
    for collection in framework.collections:
        if collection.domain == "trade":
            _judge_collection(connection, collection.id, collection.frequency)
    for name in _SCRATCH:
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _judge_collection(
    connection: duckdb.DuckDBPyConnection, collection: str, frequency: str
) -> None:
    about = {"collection": collection}
    connection.execute(_CURRENT, about)
    digits = _code_length(connection, collection)
    if digits == 2:
        connection.execute(_POINTS.format(source=_BY_CHAPTER), about)
    else:
        connection.execute(_POINTS.format(source=_BY_HEADING))
    connection.execute(_SERIES)
    periods = _periods(connection, frequency)
    if not len(periods):
        return
    values = _values(connection, periods)
    settings = SERIES[frequency]
    scores = panel_scores(
        values, season=settings.season, window=settings.window, fewest=settings.fewest
    )
    _keep(connection, "outlier_found", _found(values, periods, scores))
    every = np.arange(len(values), dtype=np.int32)
    _keep(connection, "outlier_points_of", pa.table({"series": every, "points": scores.points}))
    numbers = {**about, "digits": digits}
    connection.execute(_COVERAGE, {**numbers, "fewest": settings.fewest})
    connection.execute(_TOTALS)
    connection.execute(_CANDIDATES)
    connection.execute(_WITH_MIRROR, numbers)


def _code_length(connection: duckdb.DuckDBPyConnection, collection: str) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT chapter_code) FROM agg_trade_chapter WHERE collection_id = ?",
        [collection],
    ).fetchone()
    assert row is not None
    return 4 if row[0] < FEW_CHAPTERS else 2


def _periods(connection: duckdb.DuckDBPyConnection, frequency: str) -> np.ndarray[Any, Any]:
    """Return every period from the first to the last reported one, without a gap."""
    found = connection.execute(
        """
        SELECT period_id FROM dim_period
        WHERE frequency = ? AND period_id BETWEEN (SELECT min(period_id) FROM outlier_current)
            AND (SELECT max(period_id) FROM outlier_current)
        ORDER BY period_id
        """,
        [frequency],
    ).fetchnumpy()
    return np.asarray(found["period_id"])


def _values(
    connection: duckdb.DuckDBPyConnection, periods: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return one row per series: NaN where its reporter sent nothing, 0 where it had none."""
    reporters = connection.execute(
        "SELECT reporter_id FROM outlier_series ORDER BY series"
    ).fetchnumpy()["reporter_id"]
    sent = connection.execute("SELECT reporter_id, period_id FROM outlier_current").fetchnumpy()
    largest = max([0, *reporters.tolist(), *sent["reporter_id"].tolist()])
    has_sent = np.zeros((largest + 1, len(periods)), dtype=bool)
    has_sent[sent["reporter_id"], np.searchsorted(periods, sent["period_id"])] = True
    values = np.where(has_sent[reporters], 0.0, np.nan)
    points = connection.execute(
        """
        SELECT series, period_id, value_usd
        FROM outlier_point JOIN outlier_series USING (reporter_id, flow_code, code)
        """
    ).fetchnumpy()
    values[points["series"], np.searchsorted(periods, points["period_id"])] = points["value_usd"]
    return values


def _found(
    values: np.ndarray[Any, Any], periods: np.ndarray[Any, Any], scores: PanelScores
) -> pa.Table:
    series, column = np.nonzero(scores.is_outlier)
    expected, band = scores.expected[series, column], scores.band[series]
    high = expected * band
    return pa.table(
        {
            "series": series.astype(np.int32),
            "period_id": periods[column],
            "value_usd": values[series, column],
            "expected_usd": expected,
            "low_usd": expected / band,
            "high_usd": pa.array(high, mask=~np.isfinite(high)),
            "z": pa.array(scores.z[series, column], mask=~np.isfinite(scores.z[series, column])),
            "method": np.array(METHODS)[scores.method[series, column]],
            "points": scores.points[series],
        }
    )


def _keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("rows_to_keep", rows)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows_to_keep")
    connection.unregister("rows_to_keep")
