"""Brings submissions into series: what was there period by period, and what a revision replaced."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.framework import Framework

if TYPE_CHECKING:
    import duckdb

TABLES: Final = (
    *("timeline", "replaced", "waived_place", "usual_price", "cells", "chapter_cells"),
    "partner_cells",
    *("replaced_cells", "replaced_chapter_cells", "replaced_partner_cells"),
)

WINDOW: Final = 12
"""Periods of own history that say what is expected."""

NEARBY: Final = 6
"""Periods before and after that a value is held against: a trend of decades is no slip."""

LEAST_PRICED: Final = 5
"""Rows of a commodity and flow that tell a usual price."""

PRICED_SHARE: Final = 0.5
"""Of the value of a cell: with less at known weights and prices it has no price of its own."""

PLACE: Final = """case when period_id > 9999
    then period_id // 100 * 12 + period_id % 100 - 1 else period_id end"""
"""Number of a period without gaps: months from year 0, or the year itself."""


def prepare(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Bring the current submissions of the reporters concerned, and of their mirrors, into series.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``checking``.
    framework : Framework
        Declares waivers: a period that is waived is not missing.

    Notes
    -----
    ``timeline`` has the current submissions of the reporters that are checked (``is_own``), and
    those of everyone in the periods around. It numbers periods without gaps (``place``).
    ``cells`` sums a submission over partners, ``chapter_cells`` to chapters, ``partner_cells``
    over commodities. ``usual_price`` has the median value per kilogram of a commodity and flow;
    the ``price`` of a chapter or partner is its value over that of the same weights at usual
    prices, in decimal logarithms: which goods it is made of does not matter. ``replaced`` has
    the submissions that later ones took the place of, with the current one of the same period:
    those that are checked, and those before a checked one. The three tables of their cells are
    as those of the current. Flows are imports and exports.
    """
    _prepare_timeline(connection)
    _prepare_waivers(connection, framework)
    _prepare_prices(connection)
    for prefix, source, about in (
        ("", "timeline", "l.reporter_id, l.collection_id, l.place, l.is_checked, l.is_own"),
        (
            "replaced_",
            "replaced",
            "l.current_id, l.reporter_id, l.collection_id, l.place, l.is_checked, true as is_own",
        ),
    ):
        _prepare_cells(connection, prefix, source, about)


def _prepare_timeline(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        create or replace temp table timeline as
        with current_submission as (
            select reporter_id, collection_id, period_id, {PLACE} as place,
                max_by(submission_id, revision) as submission_id
            from fct_submission where has_data and is_accepted group by all
        ),
        concerned as (select distinct reporter_id, collection_id, true as is_own from checking),
        around as (
            select distinct collection_id, place + step as place
            from (select distinct collection_id, {PLACE} as place from checking),
                range(-{NEARBY}, {NEARBY} + 1) as r(step)
        ),
        placed as (
            select p.*, o.is_own is not null as is_own
            from current_submission p left join concerned o using (reporter_id, collection_id)
                left join around a using (collection_id, place)
            where o.is_own or a.place is not null
        )
        select p.*, c.submission_id is not null as is_checked,
            count(*) over (partition by p.reporter_id, p.collection_id order by place
                range between {WINDOW} preceding and 1 preceding) as history
        from placed p left join checking c using (submission_id)
    """)
    connection.execute("""
        create or replace temp table replaced as
        with chain as (
            select submission_id, reporter_id, collection_id, period_id, revision, received_at,
                lead(submission_id) over (partition by reporter_id, collection_id, period_id
                    order by revision) as next_id
            from fct_submission where has_data and is_accepted
        )
        select s.submission_id, s.next_id, l.submission_id as current_id, l.reporter_id,
            l.collection_id, l.period_id, l.place, l.history, c.submission_id is not null as
            is_checked
        from chain s join timeline l using (reporter_id, collection_id, period_id)
            left join checking c on c.submission_id = s.submission_id
            left join checking n on n.submission_id = s.next_id
        where s.next_id is not null
            and (c.submission_id is not null or n.submission_id is not null)
    """)


def _prepare_waivers(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    connection.execute(
        "create or replace temp table waived_place "
        "(reporter_id integer, collection_id varchar, place integer)"
    )
    frequency = {one.id: one.frequency for one in framework.collections}
    for waiver in framework.waivers:
        months = [int(m[:4]) * 12 + int(m[5:]) - 1 for m in (waiver.first, waiver.last)]
        first, last = months
        if frequency[waiver.collection] == "A":
            # a year is waived if its last month is
            first, last = -(-(first - 11) // 12), (last - 11) // 12
        connection.execute(
            "insert into waived_place select member_id, ?, p from dim_member, range(?, ?) as r(p) "
            "where iso3 = ?",
            [waiver.collection, first, last + 1, waiver.member],
        )


def _prepare_prices(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        create or replace temp table usual_price as
        select l.reporter_id, l.collection_id, t.flow_code, t.commodity_code, count(*) as points,
            median(ln(t.value_usd / t.mass_kg)) as middle,
            mad(ln(t.value_usd / t.mass_kg)) as spread
        from fct_trade t join timeline l using (submission_id)
        where t.value_usd > 0 and t.mass_kg > 0 and t.flow_code in ('M', 'X')
        group by all having count(*) >= {LEAST_PRICED}
    """)


PRICE: Final = f"""case when sum(priced_usd) > {PRICED_SHARE} * sum(value_usd)
    then log10(sum(priced_usd) / sum(usual_usd)) end"""


def _prepare_cells(
    connection: duckdb.DuckDBPyConnection, prefix: str, source: str, about: str
) -> None:
    connection.execute(f"""
        create or replace temp table {prefix}cells as
        select t.submission_id, {about}, flow_code, commodity_code, sum(value_usd) as value_usd,
            count(*) as records,
            sum(value_usd) filter (where value_usd > 0 and mass_kg > 0) as weighed_usd,
            sum(mass_kg) filter (where value_usd > 0 and mass_kg > 0) as weighed_kg
        from fct_trade t join {source} l using (submission_id)
        where flow_code in ('M', 'X') {"and l.is_own" if not prefix else ""} group by all
    """)
    connection.execute(f"""
        create or replace temp table {prefix}chapter_cells as
        with priced as (
            select c.*, case when u.middle is not null then weighed_usd end as priced_usd,
                weighed_kg * exp(u.middle) as usual_usd
            from {prefix}cells c
                left join usual_price u using (reporter_id, collection_id, flow_code,
                    commodity_code)
        )
        select * exclude (commodity_code, value_usd, records, weighed_usd, weighed_kg,
                priced_usd, usual_usd), left(commodity_code, 2) as item,
            sum(value_usd) as value_usd, sum(records) as records, {PRICE} as price
        from priced group by all
    """)
    connection.execute(f"""
        create or replace temp table {prefix}partner_cells as
        with priced as (
            select t.submission_id, {about}, t.flow_code, t.partner_id as item, t.value_usd,
                case when u.middle is not null and t.value_usd > 0 and t.mass_kg > 0
                    then t.value_usd end as priced_usd,
                case when t.value_usd > 0 and t.mass_kg > 0
                    then t.mass_kg * exp(u.middle) end as usual_usd
            from fct_trade t join {source} l using (submission_id)
                left join usual_price u on u.reporter_id = l.reporter_id
                    and u.collection_id = l.collection_id and u.flow_code = t.flow_code
                    and u.commodity_code = t.commodity_code
            where t.flow_code in ('M', 'X')
        )
        select * exclude (value_usd, priced_usd, usual_usd), sum(value_usd) as value_usd,
            {PRICE} as price
        from priced group by all
    """)
