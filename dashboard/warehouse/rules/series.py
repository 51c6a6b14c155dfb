"""Rules that hold a submission against the reporter's own other periods."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.warehouse.rules.declaring import Check

if TYPE_CHECKING:
    import duckdb

TABLES: Final = (
    *("timeline", "cells", "chapter_cells", "partner_cells", "expected_partner"),
    *("expected_chapter", "unit_values", "slips", "frozen", "drops"),
)

WINDOW: Final = 12
"""Periods of own history that say what is expected."""

PRESENT_SHARE: Final = 0.8
"""A partner or chapter seen in so much of the window is expected again."""

LEAST_HISTORY: Final = "case when period_id > 9999 then 6 else 3 end"
"""Fewer past periods, months or years, say nothing yet."""

LONGEST_GAP: Final = 3
"""Beyond so many periods of absence less than ``PRESENT_SHARE`` of the window is left."""

LEAST_POINTS: Final = 12
"""Unit values needed before one of them can be called an outlier."""

MODIFIED_Z: Final = 3.5
"""Iglewicz & Hoaglin (1993)."""

NEARBY: Final = 6
"""Periods before and after that a value is held against: a trend of decades is no slip."""

LEAST_SERIES: Final = 8
SLIP_WIDTH: Final = 0.1
"""How near to a power of ten a slip is, in decimal logarithms (0.79 to 1.26 times)."""

STEADY_SPREAD: Final = 0.15
"""Median absolute deviation, in decimal logarithms, of a series steady enough to tell a slip."""

FAR_FROM_MEAN: Final = 0.4
"""In decimal logarithms; a slip by ten in six of thirteen periods is 0.54 from their mean."""

LEAST_FROZEN_USD: Final = 1000.0
DROP_SHARE: Final = 0.25


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the current submissions of the reporters concerned into series.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``checking``.

    Notes
    -----
    ``timeline`` numbers periods without gaps (``place``); ``cells`` sums a
    submission over partners, ``chapter_cells`` to chapters, ``partner_cells``
    over commodities. Flows are imports and exports.
    """
    connection.execute(f"""
        create or replace temp table timeline as
        with current_submission as (
            select reporter_id, collection_id, period_id,
                max_by(submission_id, revision) as submission_id
            from fct_submission where has_data and is_accepted group by all
        ),
        placed as (
            select *, case when period_id > 9999
                then period_id // 100 * 12 + period_id % 100 - 1 else period_id end as place
            from current_submission
            where (reporter_id, collection_id) in
                (select (reporter_id, collection_id) from checking)
        )
        select p.*, c.submission_id is not null as is_checked,
            count(*) over (partition by p.reporter_id, p.collection_id order by place
                range between {WINDOW} preceding and 1 preceding) as history
        from placed p left join checking c using (submission_id)
    """)
    connection.execute("""
        create or replace temp table cells as
        select submission_id, l.reporter_id, l.collection_id, l.place, is_checked, flow_code,
            commodity_code, sum(value_usd) as value_usd
        from fct_trade join timeline l using (submission_id)
        where flow_code in ('M', 'X') group by all
    """)
    connection.execute("""
        create or replace temp table chapter_cells as
        select submission_id, reporter_id, collection_id, place, is_checked, flow_code,
            left(commodity_code, 2) as item, sum(value_usd) as value_usd
        from cells group by all
    """)
    connection.execute("""
        create or replace temp table partner_cells as
        select submission_id, l.reporter_id, l.collection_id, l.place, is_checked, flow_code,
            partner_id as item, sum(value_usd) as value_usd
        from fct_trade join timeline l using (submission_id)
        where flow_code in ('M', 'X') group by all
    """)


def _expected_check(rule_id: str, kind: str, cells: str, partner: str, commodity: str) -> Check:
    """Declare a check that what was nearly always there is there again.

    Only periods shortly after a presence can miss it, so presences are counted
    over windows that end 1, 2 or 3 periods later, and no full cross of periods
    and items is made.
    """
    table = f"expected_{kind}"
    series = "partition by reporter_id, collection_id, flow_code, item order by place"
    counts = ", ".join(
        f"count(*) over ({series} range between {WINDOW - gap} preceding and current row) "
        f"as seen_{gap}"
        for gap in range(1, LONGEST_GAP + 1)
    )
    seen = " ".join(f"when {gap} then seen_{gap}" for gap in range(1, LONGEST_GAP + 1))
    return Check(
        id=rule_id,
        threshold=PRESENT_SHARE,
        prepare=(
            f"""
            create or replace temp table {table} as
            with presence as (
                select *,
                    count(*) over ({series} range between {WINDOW} preceding and 1 preceding)
                        as seen_before,
                    coalesce(lead(place) over ({series}), 1000000) as next_place, {counts},
                    avg(value_usd) over ({series} range between {WINDOW} preceding
                        and current row) as usual_usd
                from {cells}
            ),
            gaps as (
                select p.*, g.gap, case g.gap {seen} end as seen
                from presence p, range(1, {LONGEST_GAP + 1}) as g(gap)
                where p.place + g.gap < p.next_place
            )
            select l.submission_id, p.flow_code, p.item, false as is_missing,
                null::double as usual_usd
            from presence p join timeline l using (submission_id)
            where l.is_checked and l.history >= {LEAST_HISTORY}
                and p.seen_before >= {{threshold}} * l.history
            union all
            select l.submission_id, g.flow_code, g.item, true, g.usual_usd
            from gaps g join timeline l on l.reporter_id = g.reporter_id
                and l.collection_id = g.collection_id and l.place = g.place + g.gap
            where l.is_checked and l.history >= {LEAST_HISTORY}
                and g.seen >= {{threshold}} * l.history
            """,
        ),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where is_missing) as rows_failed
            from {table} group by 1
        """,
        failing=f"""
            select submission_id, '{kind}' as field, item::varchar as value,
                'trade as in the {WINDOW} periods before' as expected,
                {partner} as partner_id, {commodity} as commodity_code, flow_code,
                usual_usd as effect_usd
            from {table} where is_missing
        """,
    )


CHECKS: Final = (
    _expected_check("missing_partner", "partner", "partner_cells", "item", "null"),
    _expected_check("missing_chapter", "chapter", "chapter_cells", "null", "item"),
    Check(
        id="unit_value_outlier",
        threshold=MODIFIED_Z,
        prepare=(
            # 1.2533 x the mean absolute deviation stands in where half the values are equal
            f"""
            create or replace temp table unit_values as
            with priced as (
                select t.submission_id, l.reporter_id, l.collection_id, l.is_checked, t.flow_code,
                    t.commodity_code, t.partner_id, t.value_usd, t.mass_kg,
                    ln(t.value_usd / t.mass_kg) as log_price
                from fct_trade t join timeline l using (submission_id)
                where t.value_usd > 0 and t.mass_kg > 0 and t.flow_code in ('M', 'X')
            ),
            own as (
                select reporter_id, collection_id, flow_code, commodity_code,
                    median(log_price) as middle, mad(log_price) as spread
                from priced group by all having count(*) >= {LEAST_POINTS}
            ),
            fallback as (
                select reporter_id, collection_id, flow_code, commodity_code,
                    avg(abs(log_price - middle)) * 1.2533 / 1.4826 as spread
                from priced join own using (reporter_id, collection_id, flow_code, commodity_code)
                where own.spread = 0 group by all
            )
            select p.submission_id, p.flow_code, p.commodity_code, p.partner_id, p.value_usd,
                p.mass_kg, o.middle,
                0.6745 * (p.log_price - o.middle)
                    / nullif(case when o.spread > 0 then o.spread else f.spread end, 0) as z
            from priced p
                join own o using (reporter_id, collection_id, flow_code, commodity_code)
                left join fallback f using (reporter_id, collection_id, flow_code, commodity_code)
            where p.is_checked
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where abs(z) > {threshold}) as rows_failed
            from unit_values group by 1
        """,
        failing="""
            select submission_id, 'unit value, USD/kg' as field,
                printf('%.4g', value_usd / mass_kg) as value,
                'usually ' || printf('%.4g', exp(middle)) as expected, partner_id, commodity_code,
                flow_code, abs(value_usd - mass_kg * exp(middle)) as effect_usd
            from unit_values where abs(z) > {threshold}
        """,
    ),
    Check(
        id="scale_slip",
        threshold=SLIP_WIDTH,
        prepare=(
            f"""
            create or replace temp table slips as
            with near as (
                select *, log10(value_usd) as size, count(*) over nearby as points,
                    avg(log10(value_usd)) over nearby as mean
                from chapter_cells where value_usd > 0
                window nearby as (partition by reporter_id, collection_id, flow_code, item
                    order by place range between {NEARBY} preceding and {NEARBY} following)
            ),
            -- a slip in a steady series is far from the mean too, and means cost little
            suspect as (
                select s.submission_id, s.flow_code, s.item, median(n.size) as middle,
                    mad(n.size) as spread
                from near s join near n on n.reporter_id = s.reporter_id
                    and n.collection_id = s.collection_id and n.flow_code = s.flow_code
                    and n.item = s.item
                    and n.place between s.place - {NEARBY} and s.place + {NEARBY}
                where s.is_checked and s.points >= {LEAST_SERIES}
                    and abs(s.size - s.mean) > {FAR_FROM_MEAN}
                group by all
            )
            select n.submission_id, n.flow_code, n.item, n.value_usd, s.middle,
                case when s.spread <= {STEADY_SPREAD} then n.size - s.middle else 0 end as shift
            from near n left join suspect s using (submission_id, flow_code, item)
            where n.is_checked and n.points >= {LEAST_SERIES}
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked, count(*) filter (where
                abs(shift) > 0.5 and abs(shift - round(shift)) <= {threshold}
                and abs(round(shift)) in (1, 3)) as rows_failed
            from slips group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'about ' || printf('%.0f', pow(10, middle)) as expected, null as partner_id,
                item as commodity_code, flow_code, abs(value_usd - pow(10, middle)) as effect_usd
            from slips where abs(shift) > 0.5 and abs(shift - round(shift)) <= {threshold}
                and abs(round(shift)) in (1, 3)
        """,
    ),
    Check(
        id="frozen_series",
        threshold=LEAST_FROZEN_USD,
        prepare=(
            """
            create or replace temp table frozen as
            select * from (
                select submission_id, is_checked, flow_code, commodity_code, value_usd, place,
                    lag(place, 2) over series as place_2,
                    lag(value_usd, 1) over series as value_1,
                    lag(value_usd, 2) over series as value_2
                from cells
                window series as (partition by reporter_id, collection_id, flow_code,
                    commodity_code order by place)
            )
            where is_checked and place_2 = place - 2 and value_usd >= {threshold}
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked, count(*) filter (
                where value_usd = value_1 and value_usd = value_2) as rows_failed
            from frozen group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'a change in three periods' as expected, null as partner_id, commodity_code,
                flow_code, value_usd as effect_usd
            from frozen where value_usd = value_1 and value_usd = value_2
        """,
    ),
    Check(
        id="sudden_drop",
        threshold=DROP_SHARE,
        prepare=(
            f"""
            create or replace temp table drops as
            with flow_totals as (
                select l.submission_id, l.reporter_id, l.collection_id, l.period_id, l.place,
                    l.is_checked, l.history, f.flow_code, coalesce(sum(c.value_usd), 0) as value_usd
                from timeline l cross join (values ('M'), ('X')) as f(flow_code)
                    left join chapter_cells c on c.submission_id = l.submission_id
                        and c.flow_code = f.flow_code
                group by all
            ),
            judged as (
                select *, median(value_usd) over (
                    partition by reporter_id, collection_id, flow_code order by place
                    range between {WINDOW} preceding and 1 preceding) as usual_usd
                from flow_totals
            )
            select submission_id, flow_code, value_usd, usual_usd from judged
            where is_checked and history >= {LEAST_HISTORY} and usual_usd > 0
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where value_usd < {threshold} * usual_usd) as rows_failed
            from drops group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'about ' || printf('%.0f', usual_usd) as expected, null as partner_id,
                null as commodity_code, flow_code, usual_usd - value_usd as effect_usd
            from drops where value_usd < {threshold} * usual_usd
        """,
    ),
)
