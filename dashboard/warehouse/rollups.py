"""Sum trade into the small tables that views read.

The current trade, and apart from it that of submissions which a revision has replaced: together
they answer for any past day. It must not judge what holds on a day: readers ask for it.
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
    SELECT submission_id, collection_id, period_id, reporter_id, known_at FROM fct_submission
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
        value, mass, weighed, estimated, rows, known_at
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
        value, mass, weighed, estimated, rows, known_at
    FROM summed JOIN current USING (submission_id)
    ORDER BY period_id, reporter_id
"""

_PARTNER_CHAPTERS: Final = f"""
    WITH current AS ({_CURRENT}),
    numbered AS (
        SELECT *, dense_rank() OVER (ORDER BY reporter_id) - 1 AS place FROM current
    ),
    own AS (
        SELECT submission_id, collection_id, period_id, reporter_id,
            1::UBIGINT << (place % {{bits}})::UBIGINT AS bit, place // {{bits}} AS word
        FROM numbered
    ),
    summed AS (
        SELECT o.collection_id, o.period_id, partner_id, left(commodity_code, 2) AS chapter_code,
            flow_code, {_MEASURED}, sum(if(o.reporter_id = partner_id, value_usd, 0.0)),
            {{words}}
        FROM fct_trade JOIN own AS o USING (submission_id)
        GROUP BY ALL
    )
    SELECT * EXCLUDE ({{names}}), {{counts}} FROM summed ORDER BY period_id, partner_id
"""
"""Other reporters are counted as bits of words: ``count(DISTINCT ...)`` takes twice as long."""

_WORD_BITS: Final = 64

_REPLACED: Final = """
    SELECT submission_id, collection_id, period_id, reporter_id, known_at, superseded_at
    FROM fct_submission WHERE is_accepted AND superseded_at IS NOT NULL
"""

_PAST_CHAPTERS: Final = f"""
    SELECT collection_id, period_id, s.reporter_id, left(commodity_code, 2), flow_code,
        {_MEASURED}, known_at, superseded_at
    FROM fct_trade JOIN ({_REPLACED}) AS s USING (submission_id, period_id)
    GROUP BY ALL ORDER BY period_id, s.reporter_id
"""

_PAST_SECTIONS: Final = f"""
    SELECT collection_id, coalesce(c.section_id, {NO_SECTION}) AS section_id, period_id,
        s.reporter_id, partner_id, flow_code, {_MEASURED}, known_at, superseded_at
    FROM fct_trade JOIN ({_REPLACED}) AS s USING (submission_id, period_id)
    LEFT JOIN dim_commodity AS c USING (commodity_code)
    GROUP BY ALL ORDER BY section_id, period_id, s.reporter_id, partner_id
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
    refill(connection, "agg_trade_partner_chapter", _partner_chapters(connection))
    refill(connection, "agg_past_chapter", _PAST_CHAPTERS)
    refill(connection, "agg_past_section", _PAST_SECTIONS)
    refill(connection, "agg_area", _AREAS)
    # The others are sums of the first, which is much smaller than the facts.
    refill(
        connection,
        "agg_trade_partner",
        f"""
        SELECT collection_id, period_id, reporter_id, partner_id, flow_code, {_SUMMED},
            max(known_at)
        FROM agg_trade_section GROUP BY ALL ORDER BY period_id, reporter_id, partner_id
        """,
    )
    refill(
        connection,
        "agg_trade_reporter",
        f"""
        SELECT collection_id, period_id, reporter_id, flow_code, {_SUMMED}, max(known_at)
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


def _partner_chapters(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute(f"SELECT count(DISTINCT reporter_id) FROM ({_CURRENT})").fetchone()
    assert row is not None
    words = [f"word_{place}" for place in range(max(1, -(-row[0] // _WORD_BITS)))]
    return _PARTNER_CHAPTERS.format(
        bits=_WORD_BITS,
        words=", ".join(
            f"bit_or(if(word = {place} AND o.reporter_id <> partner_id, bit, 0)) AS {name}"
            for place, name in enumerate(words)
        ),
        names=", ".join(words),
        counts=" + ".join(f"CAST(bit_count({name}) AS INTEGER)" for name in words),
    )
