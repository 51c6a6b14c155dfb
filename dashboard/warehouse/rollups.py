"""Sum the current trade into the small tables that default views read.

It must not hold anything but the current state: the past is answered from the facts.
"""

# ruff: noqa: S608 -- the queries are put together from constants of this module alone

from __future__ import annotations

from typing import Final

import duckdb

from dashboard.warehouse.dimensions import NO_SECTION
from dashboard.warehouse.schema import OUTSIDE_REGION
from dashboard.warehouse.tables import refill

_MEASURED: Final = """
    sum(value_usd), sum(mass_kg), sum(if(mass_kg > 0, value_usd, 0.0)),
    sum(if(is_estimated, value_usd, 0.0)), count(*)
"""

# Rollups are sorted by numbers alone: texts would double the cost, and readers sort anyway.
# A submission stands for its collection, period and reporter: grouping by its number is cheaper
# than by the three, and they are joined to the sums.
_CURRENT: Final = """
    SELECT submission_id, collection_id, period_id, reporter_id FROM fct_submission
    WHERE is_accepted AND superseded_at IS NULL
"""

_SECTIONS: Final = f"""
    WITH current AS ({_CURRENT}),
    summed (submission_id, section_id, partner_id, flow_code, value, mass, weighed, estimated,
        rows) AS (
        SELECT submission_id, coalesce(c.section_id, {NO_SECTION}), partner_id, flow_code,
            {_MEASURED}
        FROM fct_trade SEMI JOIN current USING (submission_id)
        LEFT JOIN dim_commodity AS c USING (commodity_code)
        GROUP BY ALL
    )
    SELECT collection_id, section_id, period_id, reporter_id, partner_id, flow_code,
        value, mass, weighed, estimated, rows
    FROM summed JOIN current USING (submission_id)
    ORDER BY section_id, period_id, reporter_id, partner_id
"""

_CHAPTERS: Final = f"""
    WITH current AS ({_CURRENT}),
    summed (submission_id, chapter_code, flow_code, value, mass, weighed, estimated, rows) AS (
        SELECT submission_id, left(commodity_code, 2), flow_code, {_MEASURED}
        FROM fct_trade SEMI JOIN current USING (submission_id)
        GROUP BY ALL
    )
    SELECT collection_id, period_id, reporter_id, chapter_code, flow_code,
        value, mass, weighed, estimated, rows
    FROM summed JOIN current USING (submission_id)
    ORDER BY period_id, reporter_id
"""

_PARTNER_CHAPTERS: Final = f"""
    WITH current AS ({_CURRENT})
    SELECT collection_id, t.period_id, partner_id, left(commodity_code, 2), flow_code, {_MEASURED},
        sum(if(t.reporter_id = partner_id, value_usd, 0.0)),
        count(DISTINCT t.reporter_id) FILTER (t.reporter_id <> partner_id)
    FROM fct_trade AS t JOIN current USING (submission_id)
    GROUP BY ALL ORDER BY t.period_id, partner_id
"""

_AREAS: Final = """
    SELECT reporter_id FROM fct_submission UNION SELECT reporter_id FROM fct_trade
    UNION SELECT partner_id FROM fct_trade ORDER BY 1
"""

_SUMMED: Final = """
    sum(value_usd), sum(mass_kg), sum(weighed_usd), sum(estimated_usd), sum(row_count)
"""


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Compute every rollup of trade anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; dimensions, facts and the validity of submissions are final.
    """
    refill(connection, "agg_trade_section", _SECTIONS)
    refill(connection, "agg_trade_chapter", _CHAPTERS)
    refill(connection, "agg_trade_partner_chapter", _PARTNER_CHAPTERS)
    refill(connection, "agg_area", _AREAS)
    # The others are sums of the first, which is much smaller than the facts.
    refill(
        connection,
        "agg_trade_partner",
        f"""
        SELECT collection_id, period_id, reporter_id, partner_id, flow_code, {_SUMMED}
        FROM agg_trade_section GROUP BY ALL ORDER BY period_id, reporter_id, partner_id
        """,
    )
    refill(
        connection,
        "agg_trade_reporter",
        f"""
        SELECT collection_id, period_id, reporter_id, flow_code, {_SUMMED}
        FROM agg_trade_partner GROUP BY ALL ORDER BY period_id, reporter_id
        """,
    )
    refill(
        connection,
        "agg_trade_region",
        f"""
        SELECT a.collection_id, a.period_id, coalesce(r.region_id, '{OUTSIDE_REGION}'),
            coalesce(p.region_id, '{OUTSIDE_REGION}'), a.section_id, a.flow_code, {_SUMMED}
        FROM agg_trade_section AS a
        LEFT JOIN dim_partner AS r ON r.partner_id = a.reporter_id
        LEFT JOIN dim_partner AS p ON p.partner_id = a.partner_id
        GROUP BY ALL ORDER BY a.period_id
        """,
    )
