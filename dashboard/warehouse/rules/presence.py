"""Rules about what was there before and is not now: partners, chapters, whole periods."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import Final

from dashboard.warehouse.rules.declaring import Check
from dashboard.warehouse.rules.timeline import WINDOW

TABLES: Final = ("expected_partner", "expected_chapter", "series_period")

PRESENT_SHARE: Final = 0.8
"""A partner or chapter seen in so much of the window is expected again."""

LEAST_HISTORY: Final = "case when l.period_id > 9999 then 6 else 3 end"
"""Fewer past periods, months or years, say nothing yet."""

LONGEST_GAP: Final = 3
"""Beyond so many periods of absence less than ``PRESENT_SHARE`` of the window is left."""


def _expected_check(rule_id: str, kind: str, partner: str, commodity: str) -> Check:
    """Declare a check that what was nearly always there is there again.

    Only periods shortly after a presence can miss it, so presences are counted
    over windows that end 1, 2 or 3 periods later, and no full cross of periods
    and items is made. A submission that was replaced is held against the same expectations.
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
                from {kind}_cells where is_own
            ),
            gaps as (
                select p.*, g.gap, case g.gap {seen} end as seen
                from presence p, range(1, {LONGEST_GAP + 1}) as g(gap)
                where p.place + g.gap < p.next_place
            )
            select l.submission_id, p.flow_code, p.item, false as is_missing, p.usual_usd
            from presence p join timeline l using (submission_id)
            where l.history >= {LEAST_HISTORY} and p.seen_before >= {{threshold}} * l.history
                and (l.is_checked or l.submission_id in (select current_id from replaced))
            union all
            select l.submission_id, g.flow_code, g.item, true, g.usual_usd
            from gaps g join timeline l on l.reporter_id = g.reporter_id
                and l.collection_id = g.collection_id and l.place = g.place + g.gap
            where l.history >= {LEAST_HISTORY} and g.seen >= {{threshold}} * l.history
                and (l.is_checked or l.submission_id in (select current_id from replaced))
            """,
            f"""
            insert into {table}
            select r.submission_id, e.flow_code, e.item, c.item is null, e.usual_usd
            from replaced r join {table} e on e.submission_id = r.current_id
                left join replaced_{kind}_cells c on c.submission_id = r.submission_id
                    and c.flow_code = e.flow_code and c.item = e.item
            where r.is_checked
            """,
        ),
        counts=f"""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where is_missing) as rows_failed
            from {table} semi join checking using (submission_id) group by 1
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
    _expected_check("missing_partner", "partner", "item", "null"),
    _expected_check("missing_chapter", "chapter", "null", "item"),
    Check(
        id="missing_period",
        is_rejudged=True,
        prepare=(
            """
            create or replace temp table series_period as
            with steps as (
                select submission_id, reporter_id, collection_id, period_id, place, is_checked,
                    lag(place) over series as before,
                    coalesce(lag(is_checked) over series, false) as is_next_of_checked
                from timeline where is_own
                window series as (partition by reporter_id, collection_id order by place)
            ),
            each as (
                select submission_id, reporter_id, collection_id, period_id > 9999 as is_month,
                    place as last, unnest(range(before + 1, place + 1))::integer as place
                from steps where before is not null and (is_checked or is_next_of_checked)
            )
            select e.submission_id, e.place < e.last as is_missing,
                case when is_month then e.place // 12 * 100 + e.place % 12 + 1
                    else e.place end as period_id
            from each e
            where e.place = e.last or not exists (
                select 1 from waived_place w where w.reporter_id = e.reporter_id
                    and w.collection_id = e.collection_id and w.place = e.place)
            """,
        ),
        judged="select distinct submission_id from series_period",
        counts="""
            select submission_id, count(*) as rows_checked,
                count(*) filter (where is_missing) as rows_failed
            from series_period group by 1
        """,
        failing="""
            select submission_id, 'period' as field, period_id::varchar as value,
                'a submission' as expected, null as partner_id, null as commodity_code,
                null as flow_code, null::double as effect_usd
            from series_period where is_missing
        """,
    ),
)
