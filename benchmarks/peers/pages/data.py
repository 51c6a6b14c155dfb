"""What the six charts show: one statement each, asked of the warehouse's DuckDB file.

The statements read the same rollups as the product does. A region filters all of them; without
one they hold for all regions. All pages ask through one open connection, which is kinder to them
than opening the file anew.
"""

from __future__ import annotations

import os
from functools import cache

import duckdb
import pandas as pd

EVERYWHERE = "all"

QUESTIONS = {
    "on_time": """
        select r.short_en as region,
          count(*) filter (where o.received_on <= o.due_on) * 1.0 / count(*) as share
        from agg_obligation o join dim_region r on r.region_id = o.region_id
        where o.collection_id = $collection and o.period_id between $first and $last
          and o.is_counted and ($region = 'all' or o.region_id = $region)
        group by all order by share, region""",
    "quality": """
        select r.short_en as region, 100 * (1 - (
          sum(q.completeness_numerator) / sum(q.completeness_denominator)
          + sum(q.validity_numerator) / sum(q.validity_denominator)
          + sum(q.consistency_numerator) / sum(q.consistency_denominator)) / 3) as score
        from agg_quality q
          join dim_member m on m.member_id = q.reporter_id
          join dim_region r on r.region_id = m.region_id
        where q.collection_id = $collection and q.period_id between $first and $last
          and q.superseded_at is null and ($region = 'all' or m.region_id = $region)
        group by all order by score, region""",
    "matrix": """
        select a.short_en as reporter, b.short_en as partner, sum(t.value_usd) as value
        from agg_trade_region t
          join dim_region a on a.region_id = t.reporter_region_id
          join dim_region b on b.region_id = t.partner_region_id
        where t.collection_id = $collection and t.period_id between $first and $last
          and t.flow_code = 'X' and ($region = 'all' or t.reporter_region_id = $region)
        group by all order by reporter, partner""",
    "members": """
        select m.name_en as member, sum(t.value_usd) as value
        from agg_trade_reporter t join dim_member m on m.member_id = t.reporter_id
        where t.collection_id = $collection and t.period_id between $first and $last
          and t.flow_code = 'X' and ($region = 'all' or m.region_id = $region)
        group by all order by value desc, member limit 20""",
    "months": """
        select cast(t.period_id as varchar) as month, t.flow_code as flow,
          sum(t.value_usd) as value
        from agg_trade_reporter t join dim_member m on m.member_id = t.reporter_id
        where t.collection_id = $collection and t.flow_code in ('M', 'X')
          and t.period_id <= $last and ($region = 'all' or m.region_id = $region)
        group by all order by month, flow""",
    "chapters": """
        select t.chapter_code as chapter, sum(t.value_usd) as value
        from agg_trade_chapter t join dim_member m on m.member_id = t.reporter_id
        where t.collection_id = $collection and t.period_id between $first and $last
          and t.flow_code = 'X' and ($region = 'all' or m.region_id = $region)
        group by all order by chapter""",
}
RANGE = """
    with periods as (
      select collection_id, period_id, count(*) as held from agg_trade_reporter group by all),
    chosen as (
      select collection_id from periods group by 1 order by sum(held) desc, 1 limit 1),
    latest as (
      select collection_id, period_id from periods semi join chosen using (collection_id)
      order by period_id desc limit 12)
    select collection_id, min(period_id), max(period_id) from latest group by 1"""
"""The collection with the most rows of trade, and its latest twelve periods."""


@cache
def warehouse() -> duckdb.DuckDBPyConnection:
    """Return the one connection of this process."""
    return duckdb.connect(os.environ["PEERS_WAREHOUSE"], read_only=True)


@cache
def scope() -> dict[str, str | int]:
    """Return the collection and the range that all charts are of."""
    found = warehouse().cursor().execute(RANGE).fetchone()
    assert found is not None, "the warehouse holds no trade"
    return dict(zip(("collection", "first", "last"), found, strict=True))


def regions() -> dict[str, str]:
    """Return ids and names of what the control offers, all regions first."""
    rows = (
        warehouse()
        .cursor()
        .execute("select region_id, short_en from dim_region order by sort_order")
        .fetchall()
    )
    return {EVERYWHERE: "All regions", **dict(rows)}


def ask(chart: str, region: str) -> pd.DataFrame:
    """Return the rows of a chart."""
    statement = QUESTIONS[chart]
    given = {**scope(), "region": region}
    named = {name: value for name, value in given.items() if f"${name}" in statement}
    return warehouse().cursor().execute(statement, named).df()
