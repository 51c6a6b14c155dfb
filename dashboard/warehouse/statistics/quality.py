"""Lay the parts of quality scores side by side, one row per accepted submission.

It must not score: goalposts and weights are applied when a view is drawn.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from dashboard.framework import Framework
from dashboard.warehouse.schema.quality import SCORED_DIMENSIONS
from dashboard.warehouse.tables import refill

_PARTS: Final = ", ".join(
    f"max({part}) FILTER (q.dimension_id = '{dimension}')"
    for dimension in SCORED_DIMENSIONS
    for part in ("q.numerator", "q.denominator", "q.rows_checked")
)

_QUERY: Final = f"""
    SELECT s.submission_id, s.reporter_id, s.collection_id, s.period_id, s.known_at,
        s.superseded_at, {_PARTS}
    FROM fct_submission AS s JOIN fct_quality AS q USING (submission_id)
    WHERE s.is_accepted
    GROUP BY s.submission_id, s.reporter_id, s.collection_id, s.period_id, s.known_at,
        s.superseded_at
    ORDER BY s.collection_id, s.period_id, s.reporter_id, s.submission_id
"""  # noqa: S608 - put together from the names above, never from data


def fill(connection: duckdb.DuckDBPyConnection, _framework: Framework, _day: date) -> None:
    """Compute ``agg_quality`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; ``fct_quality`` is there.
    _framework : Framework
        Not needed.
    _day : date
        Not needed: what held on a day follows from the rows.
    """
    refill(connection, "agg_quality", _QUERY)
