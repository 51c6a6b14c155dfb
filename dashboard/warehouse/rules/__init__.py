"""The checks of submitted trade data: declared rules, run set-based over many submissions.

Each check has the id of its entry under ``[[rules]]`` in the framework, which
says why it matters and what to do. Checks read facts and write ``fct_check``
and ``fct_finding``; they change no fact.
"""

# ruff: noqa: S608 - names and constants of this package make up statements; values are bound

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from dashboard import reference
from dashboard.framework import Framework
from dashboard.warehouse.rules import levels, mirror, presence, revisions, rows, timeline, totals
from dashboard.warehouse.rules.declaring import Check

if TYPE_CHECKING:
    import duckdb

EXAMPLES: Final = 20
"""Findings kept per rule and submission; counts in ``fct_check`` are exact."""

NOTE_EXAMPLES: Final = 3
"""The same for rules of severity note, which are frequent and mild."""

CHECKS: Final[tuple[Check, ...]] = (
    *(*rows.CHECKS, *totals.CHECKS, *presence.CHECKS, *levels.CHECKS, *mirror.CHECKS),
    *revisions.CHECKS,
)

UNPLACED_RULES: Final = (
    *("unknown_flow", "unknown_partner", "unknown_commodity", "unreadable_number"),
    "breakdown_without_total",
    "former_code",
)
"""Rules decided while a file is read; their counts come with the rows that it left out."""

FILE_RULES: Final = (
    *("unknown_reporter", "unknown_period", "ragged_row", "empty_submission", "unreadable_record"),
)
"""Rules about what belongs to no submission: findings only."""


def rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules that the code knows.

    Returns
    -------
    tuple of str
        Each once; the framework describes each.
    """
    return (*(check.id for check in CHECKS), *UNPLACED_RULES, *FILE_RULES)


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    framework: Framework,
    submission_ids_query: str,
    *,
    unplaced: str | None = None,
    examples: int | None = None,
) -> None:
    """Check submissions and record counts and examples.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop; its facts are in place.
    framework : Framework
        Says which rules apply, their severity and thresholds, and the required
        fields of each collection. A rule that it leaves out is not run.
    submission_ids_query : str
        SQL that yields the ``submission_id`` of what is to be checked: accepted
        submissions with data that have not been checked before.
    unplaced : str, optional
        Table (``submission_id``, ``rule_id``, ``rows``) of rows that the file
        had and the facts have not.
    examples : int, optional
        Findings to keep per rule and submission, in place of the usual limits.

    Notes
    -----
    Rules that look at a member's own history hold a submission against its current submissions of
    other periods. Rules that compare with partners apply to current submissions; they, and the
    one about missing periods, judge other submissions again that the new ones bear upon.
    """
    thresholds = {rule.id: rule.threshold for rule in framework.rules}
    severities = {rule.id: rule.severity for rule in framework.rules}
    _prepare(connection, submission_ids_query, unplaced)
    _prepare_subjects(connection, framework, frozenset(severities))
    for check in CHECKS:
        if check.id not in severities:
            continue
        threshold = thresholds[check.id]
        values = {"threshold": check.threshold if threshold is None else threshold}
        for statement in check.prepare:
            connection.execute(statement.format(**values))
        if check.is_rejudged:
            _forget(connection, check)
        _record_counts(connection, check.id, check.counts.format(**values))
        limit = examples or (NOTE_EXAMPLES if severities[check.id] == "note" else EXAMPLES)
        _record_findings(connection, check.id, check.failing.format(**values), limit)
    for rule_id in UNPLACED_RULES:
        if rule_id in severities:
            _record_counts(connection, rule_id, _NOTHING_FAILED)
    modules = (rows, totals, timeline, presence, levels, mirror, revisions)
    tables = [name for module in modules for name in module.TABLES]
    names = (*tables, "checking", "not_placed")
    connection.execute("; ".join(f"drop table if exists {name}" for name in names))


def _prepare_subjects(
    connection: duckdb.DuckDBPyConnection, framework: Framework, wanted: frozenset[str]
) -> None:
    """Prepare what the wanted rules share, and nothing for rules that are not run."""

    def is_wanted(checks: tuple[Check, ...]) -> bool:
        return any(check.id in wanted for check in checks)

    if is_wanted(rows.CHECKS):
        rows.prepare(connection, framework)
    over_time = (*presence.CHECKS, *levels.CHECKS, *mirror.CHECKS, *revisions.CHECKS)
    if is_wanted(over_time):
        timeline.prepare(connection, framework)
    if is_wanted(mirror.CHECKS):
        mirror.prepare(connection, framework)
    if is_wanted(levels.CHECKS):
        levels.prepare(connection)
    if is_wanted(revisions.CHECKS):
        revisions.prepare(connection)


_NOTHING_FAILED: Final = (
    "select submission_id, row_count + control_row_count as rows_checked, "
    "0 as rows_failed from checking"
)


def failure_counts(
    connection: duckdb.DuckDBPyConnection, submission_ids_query: str
) -> Mapping[str, int]:
    """Return how many rows or cells failed each rule.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Connection to a workshop.
    submission_ids_query : str
        SQL that yields the submissions.

    Returns
    -------
    mapping of str to int
        Rule -> failures; rules without any are left out.
    """
    return dict(
        connection.execute(
            "select rule_id, sum(rows_failed)::bigint from fct_check "
            f"where submission_id in ({submission_ids_query}) and rows_failed > 0 group by 1"
        ).fetchall()
    )


def _forget(connection: duckdb.DuckDBPyConnection, check: Check) -> None:
    """Delete what an earlier run said of the submissions that are judged again."""
    for table in ("fct_check", "fct_finding"):
        connection.execute(
            f"delete from {table} where rule_id = ? and submission_id in ({check.judged})",
            [check.id],
        )


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    submission_ids_query: str,
    unplaced: str | None,
) -> None:
    connection.execute(f"""
        create or replace temp table checking as
        select s.submission_id, s.reporter_id, s.collection_id, s.period_id, s.load_id,
            s.row_count, s.control_row_count,
            s.submission_id = max_by(s.submission_id, s.revision) over (
                partition by s.reporter_id, s.collection_id, s.period_id) as is_current
        from (
            select * from fct_submission where has_data and is_accepted and
                (reporter_id, collection_id, period_id) in (
                    select (reporter_id, collection_id, period_id) from fct_submission
                    where submission_id in ({submission_ids_query}))
        ) s
        qualify s.submission_id in ({submission_ids_query})
    """)
    connection.execute(f"""
        create or replace temp table not_placed as
        {
        f"select submission_id, rule_id, sum(rows)::bigint as rows from {unplaced} group by all"
        if unplaced
        else "select 0 as submission_id, '' as rule_id, 0::bigint as rows where false"
    }
    """)
    validity = reference.hs_validity()
    connection.register(
        "validity_source",
        pa.table({"code": validity["code"].tolist(), "editions": validity["editions"].tolist()}),
    )
    connection.execute(
        "create or replace temp table hs_validity as select code, editions from validity_source"
    )
    connection.unregister("validity_source")


def _record_counts(connection: duckdb.DuckDBPyConnection, rule_id: str, counts: str) -> None:
    # rows that were left out were checked too, and failed the rule that left them out
    connection.execute(
        f"""
        insert into fct_check
        with counted as ({counts}),
        out as (
            select submission_id, sum(rows) as all_rows,
                coalesce(sum(rows) filter (where rule_id = $rule), 0) as own_rows
            from not_placed where rule_id <> 'former_code' or rule_id = $rule group by 1
        )
        select submission_id, $rule,
            rows_checked + case when $counts_rows then coalesce(out.all_rows, 0) else 0 end,
            rows_failed + coalesce(out.own_rows, 0)
        from counted left join out using (submission_id)
        where rows_checked > 0 or coalesce(out.own_rows, 0) > 0
        """,
        {"rule": rule_id, "counts_rows": rule_id in _ROW_RULES},
    )


_ROW_RULES: Final = frozenset(
    {*(check.id for check in rows.CHECKS), *UNPLACED_RULES} - {"former_code"}
)


def _record_findings(
    connection: duckdb.DuckDBPyConnection, rule_id: str, failing: str, limit: int
) -> None:
    connection.execute(
        f"""
        insert into fct_finding
        select (select coalesce(max(finding_id), 0) from fct_finding)
                + row_number() over (order by f.submission_id, f.place),
            c.load_id, f.submission_id, $rule, null, null, f.field, f.value, f.expected,
            f.partner_id, f.commodity_code, f.flow_code, f.effect_usd
        from (
            select *, row_number() over (
                partition by submission_id
                order by effect_usd desc nulls last, flow_code, commodity_code, partner_id
            ) as place
            from ({failing})
            qualify place <= {limit}
        ) f join fct_submission c using (submission_id)
        """,
        {"rule": rule_id},
    )
