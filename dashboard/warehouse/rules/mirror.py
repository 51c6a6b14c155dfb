"""Rules that hold a submission against its partners' records of the same trade.

They judge current submissions. What one member sends can change what is true of its partners'
submissions of the period, so those are judged again.
"""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.framework import Framework
from dashboard.warehouse.rules.declaring import Check
from dashboard.warehouse.rules.levels import FAR_FROM_MEAN, PRICE_WIDTH, is_power
from dashboard.warehouse.rules.timeline import NEARBY

if TYPE_CHECKING:
    import duckdb

TABLES: Final = ("mirror_judged", "matched_pairs", "unmatched_pairs", "pair_slips")

LEAST_MISSED_USD: Final = 1_000_000.0
"""Trade of less than this with a partner in a period is too small to be missed."""

LEAST_USD: Final = 100_000.0
"""Two records of less than this are too small to be compared."""

GAP: Final = 1.5
"""CC2 of a pair: at 1.5 one record is seven times the other."""

LEAST_MATCHED: Final = 5
LEAST_RATIOS: Final = 8
"""Periods that both sides report before the price of a pair, or their ratio, tells a slip."""

STEADY_RATIO: Final = 0.15
"""Median absolute deviation of the ratio of both records, in decimal logarithms."""

RATIO_WIDTH: Final = 0.15
"""How near to a power of ten the ratio has to jump, in decimal logarithms."""

_JUDGED: Final = "select submission_id from mirror_judged"


def prepare(connection: duckdb.DuckDBPyConnection, framework: Framework) -> None:
    """Match what partners say of the same trade.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``timeline`` and ``partner_cells``.
    framework : Framework
        Gives the CIF/FOB margin, by which imports exceed exports.

    Notes
    -----
    ``matched_pairs`` has one row per submission, partner and flow that both sides report;
    ``mirror_usd`` is the partner's record, brought to the basis of the own.
    ``unmatched_pairs`` has what a partner reports, matched or not (``is_missing``).
    """
    margin = 1.0 + framework.framework.cif_fob_margin
    connection.execute("""
        create or replace temp table mirror_judged as
        select submission_id from timeline
        where (collection_id, place) in (select (collection_id, place) from timeline
            where is_checked)
    """)
    connection.execute(f"""
        create or replace temp table matched_pairs as
        select a.submission_id, a.reporter_id, a.collection_id, a.place, a.flow_code,
            a.item as partner_id, a.value_usd, a.price,
            b.value_usd * case when a.flow_code = 'M' then {margin} else 1 / {margin} end
                as mirror_usd
        from partner_cells a join partner_cells b on b.reporter_id = a.item
            and b.item = a.reporter_id and b.collection_id = a.collection_id
            and b.place = a.place and b.flow_code <> a.flow_code
        where a.item <> a.reporter_id and a.value_usd > 0 and b.value_usd > 0
    """)


_GAP: Final = "2 * abs(value_usd - mirror_usd) > {threshold} * (value_usd + mirror_usd)"

CHECKS: Final = (
    Check(
        id="unreported_partner",
        threshold=LEAST_MISSED_USD,
        is_rejudged=True,
        judged=_JUDGED,
        prepare=(
            """
            create or replace temp table unmatched_pairs as
            with flows as (select distinct submission_id, flow_code from partner_cells),
            told as (
                select l.submission_id, b.reporter_id as partner_id, b.value_usd as mirror_usd,
                    case b.flow_code when 'M' then 'X' else 'M' end as flow_code
                from partner_cells b join timeline l on l.reporter_id = b.item
                    and l.collection_id = b.collection_id and l.place = b.place
                    semi join mirror_judged j on j.submission_id = l.submission_id
                where b.item <> b.reporter_id and b.value_usd >= {threshold}
            )
            -- a submission without the flow at all is another finding, not one per partner
            select t.*, a.item is null as is_missing
            from told t semi join flows f using (submission_id, flow_code)
                left join partner_cells a on a.submission_id = t.submission_id
                    and a.flow_code = t.flow_code and a.item = t.partner_id
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where is_missing) as rows_failed
            from unmatched_pairs group by 1
        """,
        failing="""
            select submission_id, 'partner' as field, partner_id::varchar as value,
                'as the partner reports, ' || printf('%.0f', mirror_usd) as expected, partner_id,
                null as commodity_code, flow_code, mirror_usd as effect_usd
            from unmatched_pairs where is_missing
        """,
    ),
    Check(
        id="mirror_gap",
        threshold=GAP,
        is_rejudged=True,
        judged=_JUDGED,
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where {_GAP}) as rows_failed
            from matched_pairs semi join mirror_judged using (submission_id)
            where greatest(value_usd, mirror_usd) >= {LEAST_USD} group by 1
        """,
        failing=f"""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'as the partner reports, ' || printf('%.0f', mirror_usd) as expected, partner_id,
                null as commodity_code, flow_code, abs(value_usd - mirror_usd) as effect_usd
            from matched_pairs semi join mirror_judged using (submission_id)
            where greatest(value_usd, mirror_usd) >= {LEAST_USD} and {_GAP}
        """,
    ),
    Check(
        id="mirror_slip",
        threshold=RATIO_WIDTH,
        is_rejudged=True,
        judged=_JUDGED,
        prepare=(
            # The side whose own record jumped is the one that slipped; the other stayed.
            f"""
            create or replace temp table pair_slips as
            with near as (
                select *, log10(value_usd) as own, log10(mirror_usd) as other,
                    log10(value_usd) - log10(mirror_usd) as ratio, count(*) over nearby as points,
                    avg(log10(value_usd) - log10(mirror_usd)) over nearby as mean,
                    avg(price) over nearby as price_mean
                from matched_pairs
                window nearby as (partition by reporter_id, collection_id, flow_code, partner_id
                    order by place range between {NEARBY} preceding and {NEARBY} following)
            ),
            judged as (
                select * from near semi join mirror_judged using (submission_id)
                where points >= {LEAST_MATCHED}
            ),
            suspect as (
                select s.submission_id, s.flow_code, s.partner_id, median(n.ratio) as ratio_middle,
                    mad(n.ratio) as spread, median(n.own) as own_middle,
                    median(n.other) as other_middle, median(n.price) as price_middle,
                    mad(n.price) as price_spread, count(n.price) as price_points
                from judged s join near n on n.reporter_id = s.reporter_id
                    and n.collection_id = s.collection_id and n.flow_code = s.flow_code
                    and n.partner_id = s.partner_id
                    and n.place between s.place - {NEARBY} and s.place + {NEARBY}
                where abs(s.ratio - s.mean) > {FAR_FROM_MEAN}
                    or abs(s.price - s.price_mean) > {FAR_FROM_MEAN}
                group by all
            ),
            shifted as (
                select j.*, s.spread, s.ratio_middle, s.price_spread, s.price_points,
                    j.ratio - s.ratio_middle as shift, j.price - s.price_middle as price_shift,
                    j.own - s.own_middle as own_shift, j.other - s.other_middle as other_shift
                from judged j left join suspect s using (submission_id, flow_code, partner_id)
            )
            select submission_id, flow_code, partner_id, value_usd,
                case when points >= {LEAST_RATIOS} and abs(own_shift) > abs(other_shift)
                    and {is_power("shift", "spread", "{threshold}", STEADY_RATIO)}
                    then mirror_usd * pow(10, ratio_middle)
                -- divided by the power, the record is nearer to the mirror, or to the own
                -- past while the mirror did not jump
                when price_points >= {LEAST_MATCHED}
                    and {is_power("price_shift", "price_spread", PRICE_WIDTH, PRICE_WIDTH)}
                    and (abs(shift - round(price_shift)) < abs(shift)
                        or (abs(own_shift - round(price_shift)) < abs(own_shift)
                            and abs(other_shift - round(price_shift)) >= abs(other_shift)))
                    then value_usd / pow(10, round(price_shift)) end as expected_usd
            from shifted
            """,
        ),
        counts="""
            select submission_id, count(*) as rows_checked, count(expected_usd) as rows_failed
            from pair_slips group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, value_usd::varchar as value,
                'about ' || printf('%.0f', expected_usd) as expected, partner_id,
                null as commodity_code, flow_code, abs(value_usd - expected_usd) as effect_usd
            from pair_slips where expected_usd is not null
        """,
    ),
)
