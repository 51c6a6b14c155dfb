"""Rules that hold a revision against the submission that it took the place of."""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.warehouse.rules.declaring import Check

if TYPE_CHECKING:
    import duckdb

TABLES: Final = ("revised_chapters", "revised_totals")

CHANGED_SHARE: Final = 0.25
LEAST_CHAPTER_USD: Final = 10_000.0
"""A chapter of less than this in both is too small to be told."""

LATE_CHANGE: Final = 0.05
LATE_DAYS: Final = 365
"""Later than this, users have published what was there before."""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the chapters of each revision beside those of the submission before it.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop with ``replaced`` and the chapter cells.

    Notes
    -----
    ``revised_chapters`` has one row per revision, flow and chapter that either of the two has.
    """
    connection.execute(f"""
        create or replace temp table revised_chapters as
        with side as (
            select r.next_id as submission_id, flow_code, item, value_usd as before,
                0.0 as after
            from replaced r join replaced_chapter_cells c using (submission_id)
            union all
            select c.submission_id, flow_code, item, 0.0, value_usd
            from chapter_cells c semi join replaced r on r.next_id = c.submission_id
            union all
            select c.submission_id, flow_code, item, 0.0, value_usd
            from replaced_chapter_cells c semi join replaced r on r.next_id = c.submission_id
        )
        select submission_id, flow_code, item, sum(before) as before, sum(after) as after
        from side semi join checking using (submission_id) group by 1, 2, 3
        having greatest(sum(before), sum(after)) >= {LEAST_CHAPTER_USD}
    """)


CHECKS: Final = (
    Check(
        id="large_revision",
        threshold=CHANGED_SHARE,
        counts="""
            select submission_id, count(*) as rows_checked, count(*) filter (
                where abs(after - before) > {threshold} * greatest(before, after)) as rows_failed
            from revised_chapters group by 1
        """,
        failing="""
            select submission_id, 'value_usd' as field, after::varchar as value,
                'about what was sent before, ' || printf('%.0f', before) as expected,
                null as partner_id, item as commodity_code, flow_code,
                abs(after - before) as effect_usd
            from revised_chapters
            where abs(after - before) > {threshold} * greatest(before, after)
        """,
    ),
    Check(
        id="late_revision",
        threshold=LATE_CHANGE,
        prepare=(
            """
            create or replace temp table revised_totals as
            with first as (
                select reporter_id, collection_id, period_id, min(received_at) as received_at
                from fct_submission where has_data and is_accepted group by all
            )
            select s.submission_id, sum(c.before) as before, sum(c.after) as after,
                date_diff('day', f.received_at, s.received_at) as days
            from revised_chapters c join fct_submission s using (submission_id)
                join first f using (reporter_id, collection_id, period_id)
            where s.received_at is not null and f.received_at is not null
            group by s.submission_id, f.received_at, s.received_at
            """,
        ),
        counts=f"""
            select submission_id, 1 as rows_checked, (days > {LATE_DAYS} and
                abs(after - before) > {{threshold}} * greatest(before, after))::integer
                as rows_failed
            from revised_totals
        """,
        failing=f"""
            select submission_id, 'days' as field, days::varchar as value,
                'about what was sent before, ' || printf('%.0f', before) as expected,
                null as partner_id, null as commodity_code, null as flow_code,
                abs(after - before) as effect_usd
            from revised_totals where days > {LATE_DAYS}
                and abs(after - before) > {{threshold}} * greatest(before, after)
        """,
    ),
)
