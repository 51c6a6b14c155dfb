"""Rules that hold the figures of a submission against the reporter's own other periods."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.warehouse.rules.declaring import Check
from dashboard.warehouse.rules.presence import LEAST_HISTORY
from dashboard.warehouse.rules.timeline import NEARBY, WINDOW

if TYPE_CHECKING:
    import duckdb

TABLES: Final = ("unit_values", "slips", "steps", "copies_of_before", "drops")

LEAST_POINTS: Final = 12
"""Unit values needed before one of them can be called an outlier."""

MODIFIED_Z: Final = 3.5
"""Iglewicz & Hoaglin (1993)."""

LEAST_FACTOR: Final = 5.0
"""A price nearer to the usual than this is one of quality, season or size of consignment; a wrong
unit of weight or value is 10 times off or more."""

LEAST_SERIES: Final = 8
SLIP_WIDTH: Final = 0.1
"""How near to a power of ten a slip is, in decimal logarithms (0.79 to 1.26 times) a power."""

STEADY_SPREAD: Final = 0.15
"""Median absolute deviation, in decimal logarithms, of a series steady enough to tell a slip by
ten; three times as much hides no slip by a thousand."""

PRICE_WIDTH: Final = 0.25
"""The same nearness and steadiness for prices, which vary less than values: a price that jumps by
5.6 to 18 times while value and weight part is no price."""

FAR_FROM_MEAN: Final = 0.4
"""In decimal logarithms; a slip by ten in six of thirteen periods is 0.54 from their mean."""

LEAST_FROZEN_USD: Final = 1000.0
COPIED_SHARE: Final = 0.5
LEAST_COPIED: Final = 10
"""Fewer commodities with figures in both periods tell no copy."""

DROP_SHARE: Final = 0.25

LEAST_RECORDS: Final = 20
"""Rows that a flow usually has before their number tells that most of them are gone."""

UNUSUAL: Final = f"abs(z) > {{threshold}} and abs(log_price - middle) >= ln({LEAST_FACTOR})"
DROPPED: Final = (
    "(value_usd < {threshold} * usual_usd or "
    f"(usual_records >= {LEAST_RECORDS} and records < {{threshold}} * usual_records))"
)


def is_power(shift: str, spread: str, width: float | str, steady: float) -> str:
    """Return the SQL that tells a slip in a series.

    Parameters
    ----------
    shift, spread : str
        Expressions, in decimal logarithms: how far a point is from the middle of the series, and
        the median absolute deviation of the series.
    width, steady : float or str
        How near to a power of ten the shift is, and how small the spread, per decade.

    Returns
    -------
    str
        True where the shift is about 10 or 1,000 times; null where one of both is unknown.
    """
    decades = f"abs(round({shift}))"
    return (
        f"({decades} in (1, 3) and abs({shift} - round({shift})) <= {width} * {decades} "
        f"and {spread} <= {steady} * {decades})"
    )


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Put beside each figure those of the same commodity in the two periods before.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``timeline`` and its cells.

    Notes
    -----
    ``steps`` has the commodities of at least ``LEAST_FROZEN_USD`` that were there the period
    before (``value_1``); ``value_2`` is empty where they were not the one before that.
    """
    connection.execute(f"""
        create or replace temp table steps as
        with lagged as (
            select *, lag(place, 1) over series as place_1,
                lag(place, 2) over series as place_2,
                lag(value_usd, 1) over series as value_1,
                lag(value_usd, 2) over series as value_2
            from cells
            window series as (partition by reporter_id, collection_id, flow_code,
                commodity_code order by place)
        )
        select submission_id, flow_code, commodity_code, value_usd, value_1,
            case when place_2 = place - 2 then value_2 end as value_2
        from lagged where is_checked and place_1 = place - 1 and value_usd >= {LEAST_FROZEN_USD}
        union all
        select r.submission_id, r.flow_code, r.commodity_code, r.value_usd, a.value_usd,
            b.value_usd
        from replaced_cells r
            join cells a on a.reporter_id = r.reporter_id and a.place = r.place - 1
                and a.collection_id = r.collection_id and a.flow_code = r.flow_code
                and a.commodity_code = r.commodity_code
            left join cells b on b.reporter_id = r.reporter_id and b.place = r.place - 2
                and b.collection_id = r.collection_id and b.flow_code = r.flow_code
                and b.commodity_code = r.commodity_code
        where r.is_checked and r.value_usd >= {LEAST_FROZEN_USD}
    """)


CHECKS: Final = (
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
                where t.value_usd > 0 and t.mass_kg > 0 and t.flow_code in ('M', 'X') and l.is_own
            ),
            own as (
                select * from usual_price where points >= {LEAST_POINTS}
            ),
            fallback as (
                select reporter_id, collection_id, flow_code, commodity_code,
                    avg(abs(log_price - middle)) * 1.2533 / 1.4826 as spread
                from priced join own using (reporter_id, collection_id, flow_code, commodity_code)
                where own.spread = 0 group by all
            ),
            judged as (
                select * from priced where is_checked
                union all
                select t.submission_id, r.reporter_id, r.collection_id, true, t.flow_code,
                    t.commodity_code, t.partner_id, t.value_usd, t.mass_kg,
                    ln(t.value_usd / t.mass_kg)
                from fct_trade t join replaced r using (submission_id)
                where t.value_usd > 0 and t.mass_kg > 0 and t.flow_code in ('M', 'X')
                    and r.is_checked
            )
            select p.submission_id, p.reporter_id, p.collection_id, p.flow_code,
                p.commodity_code, p.partner_id, p.value_usd, p.mass_kg, p.log_price, o.middle,
                0.6745 * (p.log_price - o.middle)
                    / nullif(case when o.spread > 0 then o.spread else f.spread end, 0) as z
            from judged p
                join own o using (reporter_id, collection_id, flow_code, commodity_code)
                left join fallback f using (reporter_id, collection_id, flow_code, commodity_code)
            """,
        ),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where {UNUSUAL}) as rows_failed
            from unit_values group by 1
        """,
        # The price does not tell whether the value slipped or the weight. Totals are of values, so
        # the effect is no more than the value is off its own series, which a slip of the weight
        # leaves alone; without a series, no more than the value.
        failing=f"""
            with unusual as (
                select * from unit_values where {UNUSUAL}
            ),
            usual_value as (
                select l.reporter_id, l.collection_id, t.flow_code, t.commodity_code,
                    t.partner_id, exp(median(ln(t.value_usd))) as usual_usd
                from fct_trade t join timeline l using (submission_id)
                    semi join unusual u on u.reporter_id = l.reporter_id
                        and u.collection_id = l.collection_id and u.flow_code = t.flow_code
                        and u.commodity_code = t.commodity_code and u.partner_id = t.partner_id
                where t.value_usd > 0 and l.is_own
                group by all having count(*) >= {LEAST_SERIES}
            )
            select submission_id, 'unit value, USD/kg' as field,
                printf('%.4g', value_usd / mass_kg) as value,
                'usually ' || printf('%.4g', exp(middle)) as expected, partner_id, commodity_code,
                flow_code, least(abs(value_usd - mass_kg * exp(middle)),
                    coalesce(abs(value_usd - usual_usd), value_usd)) as effect_usd
            from unusual left join usual_value using (reporter_id, collection_id, flow_code,
                commodity_code, partner_id)
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
                    avg(log10(value_usd)) over nearby as mean,
                    avg(price) over nearby as price_mean
                from chapter_cells where value_usd > 0
                window nearby as (partition by reporter_id, collection_id, flow_code, item
                    order by place range between {NEARBY} preceding and {NEARBY} following)
            ),
            judged as (
                select submission_id, submission_id as current_id, reporter_id, collection_id,
                    place, flow_code, item, value_usd, size, points, mean, price, price_mean
                from near where is_checked
                union all
                select c.submission_id, c.current_id, c.reporter_id, c.collection_id, c.place,
                    c.flow_code, c.item, c.value_usd, log10(c.value_usd), n.points, n.mean,
                    c.price, n.price_mean
                from replaced_chapter_cells c join near n on n.submission_id = c.current_id
                    and n.flow_code = c.flow_code and n.item = c.item
                where c.is_checked and c.value_usd > 0
            ),
            -- a slip in a steady series is far from the mean too, and means cost little
            suspect as (
                select s.submission_id, s.flow_code, s.item,
                    median(case when n.place = s.place then s.size else n.size end) as middle,
                    mad(case when n.place = s.place then s.size else n.size end) as spread,
                    count(case when n.place = s.place then s.price else n.price end)
                        as price_points,
                    median(case when n.place = s.place then s.price else n.price end)
                        as price_middle,
                    mad(case when n.place = s.place then s.price else n.price end) as price_spread
                from judged s join near n on n.reporter_id = s.reporter_id
                    and n.collection_id = s.collection_id and n.flow_code = s.flow_code
                    and n.item = s.item
                    and n.place between s.place - {NEARBY} and s.place + {NEARBY}
                where s.points >= {LEAST_SERIES} and (abs(s.size - s.mean) > {FAR_FROM_MEAN}
                    or abs(s.price - s.price_mean) > {FAR_FROM_MEAN})
                group by all
            ),
            shifted as (
                select n.submission_id, n.flow_code, n.item, n.value_usd, s.middle, s.spread,
                    s.price_points, s.price_spread, n.size - s.middle as shift,
                    n.price - s.price_middle as price_shift
                from judged n left join suspect s using (submission_id, flow_code, item)
                where n.points >= {LEAST_SERIES}
            )
            select submission_id, flow_code, item, value_usd,
                case when {is_power("shift", "spread", "{threshold}", STEADY_SPREAD)}
                    then pow(10, middle)
                -- a weight that slipped moves the price, but not the value towards the usual
                when price_points >= {LEAST_SERIES}
                    and {is_power("price_shift", "price_spread", PRICE_WIDTH, PRICE_WIDTH)}
                    and abs(shift - round(price_shift)) < abs(shift)
                    then value_usd / pow(10, round(price_shift)) end as expected_usd
            from shifted
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked, count(expected_usd) as rows_failed
            from slips group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'about ' || printf('%.0f', expected_usd) as expected, null as partner_id,
                item as commodity_code, flow_code, abs(value_usd - expected_usd) as effect_usd
            from slips where expected_usd is not null
        """,
    ),
    Check(
        id="frozen_series",
        threshold=LEAST_FROZEN_USD,
        counts="""
            select submission_id, count(*) as rows_checked, count(*) filter (
                where value_usd = value_1 and value_usd = value_2) as rows_failed
            from steps where value_2 is not null and value_usd >= {threshold} group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'a change in three periods' as expected, null as partner_id, commodity_code,
                flow_code, value_usd as effect_usd
            from steps
            where value_usd = value_1 and value_usd = value_2 and value_usd >= {threshold}
        """,
    ),
    Check(
        id="copied_period",
        threshold=COPIED_SHARE,
        prepare=(
            f"""
            create or replace temp table copies_of_before as
            select submission_id, count(*) as cells, sum(value_usd) as value_usd,
                count(*) filter (where value_usd = value_1) as same
            from steps group by 1 having count(*) >= {LEAST_COPIED}
            """,
        ),
        counts="""
            select submission_id, 1 as rows_checked,
                (same >= {threshold} * cells)::integer as rows_failed
            from copies_of_before
        """,
        failing="""
            select submission_id, 'repeated share' as field, printf('%.2f', same / cells) as value,
                'other figures than the period before' as expected, null as partner_id,
                null as commodity_code, null as flow_code, value_usd as effect_usd
            from copies_of_before where same >= {threshold} * cells
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
                    l.is_checked, l.history, f.flow_code,
                    coalesce(sum(c.value_usd), 0) as value_usd,
                    coalesce(sum(c.records), 0) as records
                from timeline l cross join (values ('M'), ('X')) as f(flow_code)
                    left join chapter_cells c on c.submission_id = l.submission_id
                        and c.flow_code = f.flow_code
                where l.is_own group by all
            ),
            usual as (
                select *, median(value_usd) over earlier as usual_usd,
                    median(records) over earlier as usual_records
                from flow_totals
                window earlier as (partition by reporter_id, collection_id, flow_code
                    order by place range between {WINDOW} preceding and 1 preceding)
            ),
            judged as (
                select submission_id, period_id, history, flow_code, value_usd, usual_usd,
                    records, usual_records
                from usual where is_checked
                union all
                select r.submission_id, r.period_id, r.history, u.flow_code,
                    coalesce(sum(c.value_usd), 0), u.usual_usd, coalesce(sum(c.records), 0),
                    u.usual_records
                from replaced r join usual u on u.submission_id = r.current_id
                    left join replaced_chapter_cells c on c.submission_id = r.submission_id
                        and c.flow_code = u.flow_code
                where r.is_checked
                group by r.submission_id, r.period_id, r.history, u.flow_code, u.usual_usd,
                    u.usual_records
            )
            select submission_id, flow_code, value_usd, usual_usd, records, usual_records
            from judged l where history >= {LEAST_HISTORY} and usual_usd > 0
            """,
        ),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where {DROPPED}) as rows_failed
            from drops group by 1
        """,
        # a month that lost its rows but not its value fails for the rows
        failing=f"""
            select submission_id,
                case when value_usd < {{threshold}} * usual_usd then 'value_usd' else 'rows' end
                    as field,
                case when value_usd < {{threshold}} * usual_usd then value_usd::varchar
                    else records::varchar end as value,
                'about ' || printf('%.0f', case when value_usd < {{threshold}} * usual_usd
                    then usual_usd else usual_records end) as expected,
                null as partner_id, null as commodity_code, flow_code,
                abs(usual_usd - value_usd) as effect_usd
            from drops where {DROPPED}
        """,
    ),
)
