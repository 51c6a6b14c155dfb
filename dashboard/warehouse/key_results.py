"""Compute the month-end series of every key result.

It must not judge progress: that is ``dashboard.stats``' part, on the day that is asked for.
"""

# ruff: noqa: S608 -- the queries are put together from constants of this module alone

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from dashboard.errors import ConfigError
from dashboard.framework import Framework, KeyResult
from dashboard.warehouse.tables import insert_rows, refill

LAYOUT_RULES: Final = ("ragged_row", "unreadable_record")
"""Rules that tell that a file does not keep to its layout."""

UNBROKEN_PERIODS: Final = 12
UPPER_TIER_ON_TIME_SHARE: Final = 0.8
ANSWER_DAYS: Final = 30

YEARLY_KINDS: Final = frozenset({"meeting"})
"""Members are counted over the last twelve months (strategy 3.1), not since the start."""

# Each query below gives day, numerator and denominator for each row of `month_end` (day, since,
# started_on); `since` is twelve months before. A missing denominator: the numerator is the value.

_RECENT: Final = """
    SELECT e.day, s.* FROM month_end AS e
    JOIN fct_submission AS s
        ON s.known_at < e.day + INTERVAL 1 DAY AND s.known_at >= e.since + INTERVAL 1 DAY
"""
"""Submissions that became known in the last twelve months."""

_OWED: Final = """
    SELECT e.day, o.*, coalesce(o.known_on <= e.day, false) AS is_received
    FROM month_end AS e
    JOIN agg_obligation AS o ON o.due_on < e.day AND o.due_on >= e.since AND NOT o.is_waived
"""
"""Obligations that ran past their due day in the last twelve months; on it they are pending."""

_FROM_WAREHOUSE: Final[dict[str, str]] = {
    "conforming_share": f"""
        SELECT day, count(*) FILTER (is_accepted AND l.layout_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM fct_check AS k WHERE k.submission_id = s.submission_id
                    AND k.rows_failed > 0 AND k.rule_id IN {LAYOUT_RULES}
            )), count(*)
        FROM ({_RECENT}) AS s
        LEFT JOIN declared_layout AS l
            ON l.collection_id = s.collection_id AND l.layout_id = s.layout_id
        WHERE s.has_data AND s.collection_id IN (SELECT collection_id FROM declared_layout)
        GROUP BY day
    """,
    "portal_share": f"""
        SELECT day, count(*) FILTER (channel = 'portal'), count(*)
        FROM ({_RECENT}) WHERE is_accepted AND channel <> 'unknown' GROUP BY day
    """,
    "first_pass_share": f"""
        SELECT day, count(*) FILTER (is_accepted), count(*)
        FROM ({_RECENT}) WHERE revision = 0 GROUP BY day
    """,
    "collections_received_share": f"""
        SELECT day, count(*) FILTER (is_received), count(*) FROM ({_OWED}) GROUP BY day
    """,
    "unbroken_share": f"""
        SELECT day, count(*) FILTER (is_unbroken), count(*)
        FROM (
            SELECT day, member_id, bool_and(is_waived OR coalesce(known_on <= day, false))
                AS is_unbroken
            FROM (
                SELECT e.day, o.member_id, o.is_waived, o.known_on, row_number() OVER (
                        PARTITION BY e.day, o.member_id ORDER BY o.period_id DESC
                    ) AS place
                FROM month_end AS e JOIN agg_obligation AS o ON o.due_on < e.day
                JOIN dim_member AS m USING (member_id)
                WHERE o.collection_id = $default_collection
                    AND coalesce(m.left_on > e.day, true)
            )
            WHERE place <= {UNBROKEN_PERIODS}
            GROUP BY day, member_id HAVING count(*) = {UNBROKEN_PERIODS}
        )
        GROUP BY day
    """,
    "upper_tier_share": f"""
        SELECT day, count(*) FILTER (on_time >= {UPPER_TIER_ON_TIME_SHARE} * judged), count(*)
        FROM (
            SELECT day, member_id, count(*) FILTER (is_received AND received_on <= due_on)
                    AS on_time,
                count(*) FILTER (
                    NOT is_received OR received_on <= due_on
                    OR received_bound = 'exact' OR absent_on >= due_on
                ) AS judged
            FROM ({_OWED}) WHERE is_counted GROUP BY day, member_id
        )
        WHERE judged > 0
        GROUP BY day
    """,
}

_ACTS: Final = """
    month_end AS e LEFT JOIN fct_activity AS a
        ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on >= e.started_on
"""

_FROM_ACTIVITY: Final[dict[str, str]] = {
    "count_": f"SELECT e.day, count(*) FILTER (a.is_done), NULL FROM {_ACTS} GROUP BY e.day",
    "amount_": f"""
        SELECT e.day, coalesce(sum(a.amount) FILTER (a.is_done), 0), NULL
        FROM {_ACTS} GROUP BY e.day
    """,
    "members_": f"""
        SELECT e.day, count(DISTINCT a.member_id) FILTER (
            a.is_done AND (NOT $is_yearly OR a.happened_on > e.since)
        ), NULL
        FROM {_ACTS} GROUP BY e.day
    """,
    "share_done_": """
        SELECT e.day, count(*) FILTER (a.is_done), count(*)
        FROM month_end AS e JOIN fct_activity AS a
            ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on > e.since
        GROUP BY e.day
    """,
    "answered_share_": f"""
        SELECT day, count(*) FILTER (is_answered), count(*)
        FROM (
            SELECT e.day, a.happened_on, a.is_done AND a.amount <= {ANSWER_DAYS}
                AND a.happened_on + CAST(a.amount AS INTEGER) <= e.day AS is_answered
            FROM month_end AS e JOIN fct_activity AS a
                ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on > e.since
        )
        WHERE is_answered OR happened_on + {ANSWER_DAYS} <= day
        GROUP BY day
    """,
}
"""By the start of the binding; the rest of it is the kind of activity."""

_CHECK_INS: Final = """
    SELECT e.day, arg_max(c.value, (c.checked_in_on, c.check_in_id)), NULL
    FROM month_end AS e
    JOIN fct_check_in AS c ON c.checked_in_on <= e.day AND c.key_result_id = $key_result
    WHERE c.value IS NOT NULL
    GROUP BY e.day
"""

_MONTH_ENDS: Final = """
    CREATE OR REPLACE TEMP TABLE month_end AS
    SELECT CAST(last_day(m) AS DATE) AS day,
        CAST(last_day(m - INTERVAL 1 YEAR) AS DATE) AS since,
        CAST($started_on AS DATE) AS started_on
    FROM range(
        CAST(date_trunc('month', CAST($started_on AS DATE)) AS TIMESTAMP),
        CAST($data_on AS TIMESTAMP) + INTERVAL 1 DAY, INTERVAL 1 MONTH
    ) AS months (m)
    WHERE last_day(m) <= $data_on
"""


def check_bindings(framework: Framework) -> None:
    """Refuse a framework that binds a key result to something that cannot be computed.

    Parameters
    ----------
    framework : Framework
        The framework.

    Raises
    ------
    ConfigError
        If a binding is unknown; every one is named.
    """
    wrong = [
        f"{one.id}: {one.binding!r}"
        for one in framework.key_results
        if one.source != "check_in" and _query(one) is None
    ]
    if wrong:
        raise ConfigError(
            f"The framework binds key results to what is not known: {', '.join(wrong)}.",
            f"Source 'warehouse' takes {sorted(_FROM_WAREHOUSE)}, source 'activity' one of "
            f"{sorted(_FROM_ACTIVITY)} followed by a kind of activity.",
            "Mend the bindings.",
        )


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, data_on: date) -> None:
    """Compute ``fct_key_result_value`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; obligations and activities are final.
    framework : Framework
        Declares the key results.
    data_on : date
        The last day that the warehouse knows of: the last month end is not after it.

    Raises
    ------
    ConfigError
        As of ``check_bindings``.
    """
    check_bindings(framework)
    refill(connection, "fct_key_result_value", "SELECT NULL, NULL, NULL, NULL WHERE false")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE declared_layout (collection_id TEXT, layout_id TEXT)"
    )
    declared = [(one.id, layout) for one in framework.collections for layout in one.layouts]
    if declared:
        connection.execute(
            "INSERT INTO declared_layout SELECT unnest($c), unnest($l)",
            {"c": [one for one, _ in declared], "l": [two for _, two in declared]},
        )
    for key_result in framework.key_results:
        connection.execute(_MONTH_ENDS, {"started_on": key_result.started_on, "data_on": data_on})
        insert_rows(
            connection,
            "fct_key_result_value",
            _series(connection, key_result, framework.framework.default_collection),
        )
    connection.execute("DROP TABLE IF EXISTS month_end")
    connection.execute("DROP TABLE declared_layout")


def _series(
    connection: duckdb.DuckDBPyConnection, key_result: KeyResult, default_collection: str
) -> list[tuple[str, date, float, float | None]]:
    found = _query(key_result)
    assert found is not None  # check_bindings ran
    query, kind = found
    offered = {
        "kind": kind,
        "is_yearly": kind in YEARLY_KINDS,
        "key_result": key_result.id,
        "default_collection": default_collection,
    }
    named = {name: value for name, value in offered.items() if f"${name}" in query}
    rows = connection.execute(f"{query} ORDER BY 1", named).fetchall()
    return [
        (
            key_result.id,
            day,
            float(numerator) if denominator is None else numerator / denominator,
            None if denominator is None else float(denominator),
        )
        for day, numerator, denominator in rows
        if denominator != 0
    ]


def _query(key_result: KeyResult) -> tuple[str, str] | None:
    """Return the query of a key result and the kind of activity that it is about."""
    binding = key_result.binding or ""
    if key_result.source == "check_in":
        return _CHECK_INS, ""
    if key_result.source == "warehouse":
        return (_FROM_WAREHOUSE[binding], "") if binding in _FROM_WAREHOUSE else None
    for start, query in _FROM_ACTIVITY.items():
        if binding.startswith(start) and binding != start:
            return query, binding.removeprefix(start)
    return None
