"""The versioned queries that key results are bound to: what each counts, member by member.

It must not run a query, nor judge progress. A change to what a query counts raises its version.
"""

# ruff: noqa: S608 -- the queries are put together from constants of this module alone

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from dashboard.framework import KeyResult
from dashboard.warehouse.training import PARTS_SQL

LAYOUT_RULES: Final = ("ragged_row", "unreadable_record")
"""Rules that tell that a file does not keep to its layout."""

UNBROKEN_PERIODS: Final = 12
UPPER_TIER_ON_TIME_SHARE: Final = 0.8
ANSWER_DAYS: Final = 30
CLOSING_DAYS: Final = 90
"""Within which what an audit found is to be closed."""

CAPACITY_INDICATOR: Final = "spi_overall"
LOW_CAPACITY_BELOW: Final = 50.0
"""Points of 100 of the World Bank's Statistical Performance Indicators, overall."""

YEARLY_KINDS: Final = frozenset({"meeting"})
"""Members are counted over the last twelve months (strategy 3.1), not since the start."""


@dataclass(frozen=True, slots=True)
class KeyQuery:
    """What a key result is bound to.

    ``sql`` gives a row per day of ``month_end`` (day, since, quarter_since, started_on) and
    member: day, member_id (empty where no member is named), region_id, numerator, denominator
    (empty where the value is the sum of the numerators) and the rows that were counted. ``since``
    is twelve months before ``day``, ``quarter_since`` three. The value of a day is the sum of the
    numerators, over that of the denominators if there are any: what the parts add up to is the
    value.
    """

    id: str
    version: int
    is_share: bool
    sql: str

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the query's text, whatever its line breaks and indents.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        return hashlib.sha256(" ".join(self.sql.split()).encode()).hexdigest()

    @property
    def text(self) -> str:
        """Return the query as it is shown: without the indent of this module.

        Returns
        -------
        str
            SQL of DuckDB, one clause a line.
        """
        lines = [line for line in self.sql.splitlines() if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        return "\n".join(line[indent:].rstrip() for line in lines)


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


def _punctual(end: str, start: str) -> str:
    """Return who was on time often enough between two days, as known at the end."""
    return f"""
        SELECT day, member_id, count(*) AS row_count,
            count(*) FILTER (is_there AND received_on <= due_on)
                >= {UPPER_TIER_ON_TIME_SHARE} * count(*) AS is_punctual
        FROM (
            SELECT e.day, o.*, coalesce(o.known_on <= {end}, false) AS is_there
            FROM month_end AS e
            JOIN agg_obligation AS o
                ON o.due_on < {end} AND o.due_on >= {start} AND NOT o.is_waived
        )
        WHERE is_counted AND (
            NOT is_there OR received_on <= due_on
            OR received_bound = 'exact' OR absent_on >= due_on
        )
        GROUP BY day, member_id
    """


_WAREHOUSE: Final = (
    KeyQuery(
        "conforming_share",
        1,
        True,
        f"""
    SELECT day, reporter_id AS member_id, NULL AS region_id,
        count(*) FILTER (is_accepted AND l.layout_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM fct_check AS k WHERE k.submission_id = s.submission_id
                AND k.rows_failed > 0 AND k.rule_id IN {LAYOUT_RULES}
        )) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM ({_RECENT}) AS s
    LEFT JOIN declared_layout AS l
        ON l.collection_id = s.collection_id AND l.layout_id = s.layout_id
    WHERE s.has_data AND s.collection_id IN (SELECT collection_id FROM declared_layout)
    GROUP BY day, reporter_id
""",
    ),
    KeyQuery(
        "portal_share",
        1,
        True,
        f"""
    SELECT day, reporter_id AS member_id, NULL AS region_id,
        count(*) FILTER (channel = 'portal') AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM ({_RECENT}) WHERE is_accepted AND channel <> 'unknown' GROUP BY day, reporter_id
""",
    ),
    KeyQuery(
        "first_pass_share",
        1,
        True,
        f"""
    SELECT day, reporter_id AS member_id, NULL AS region_id,
        count(*) FILTER (is_accepted) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM ({_RECENT}) WHERE revision = 0 GROUP BY day, reporter_id
""",
    ),
    KeyQuery(
        "collections_received_share",
        1,
        True,
        f"""
    SELECT day, member_id, NULL AS region_id,
        count(*) FILTER (is_received) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM ({_OWED}) GROUP BY day, member_id
""",
    ),
    KeyQuery(
        "unbroken_share",
        1,
        True,
        f"""
    SELECT day, member_id, NULL AS region_id,
        CAST(bool_and(is_waived OR coalesce(known_on <= day, false)) AS INTEGER) AS numerator,
        1 AS denominator, count(*) AS row_count
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
""",
    ),
    KeyQuery(
        "upper_tier_share",
        1,
        True,
        f"""
    SELECT day, member_id, NULL AS region_id,
        CAST(on_time >= {UPPER_TIER_ON_TIME_SHARE} * judged AS INTEGER) AS numerator,
        1 AS denominator, judged AS row_count
    FROM (
        SELECT day, member_id,
            count(*) FILTER (is_received AND received_on <= due_on) AS on_time,
            count(*) FILTER (
                NOT is_received OR received_on <= due_on
                OR received_bound = 'exact' OR absent_on >= due_on
            ) AS judged
        FROM ({_OWED}) WHERE is_counted GROUP BY day, member_id
    )
    WHERE judged > 0
""",
    ),
    KeyQuery(
        "moved_up_share",
        1,
        True,
        f"""
    SELECT day, member_id, NULL AS region_id, CAST(n.is_punctual AS INTEGER) AS numerator,
        1 AS denominator, n.row_count + b.row_count AS row_count
    FROM ({_punctual("e.day", "e.since")}) AS n
    JOIN ({_punctual("e.since", "last_day(e.since - INTERVAL 1 YEAR)")}) AS b
        USING (day, member_id)
    WHERE NOT b.is_punctual
""",
    ),
    KeyQuery(
        "assisted_share",
        1,
        True,
        f"""
    SELECT day, member_id, NULL AS region_id,
        CAST(member_id IN (
            SELECT a.member_id FROM fct_activity AS a
            WHERE a.kind = 'assistance' AND a.is_done AND a.member_id IS NOT NULL
                AND a.happened_on <= day AND a.happened_on >= started_on
        ) AS INTEGER) AS numerator,
        1 AS denominator, row_count
    FROM (
        SELECT e.day, e.started_on, i.member_id, arg_max(i.value, i.year) AS capacity,
            count(*) AS row_count
        FROM month_end AS e
        JOIN fct_indicator AS i
            ON i.indicator_id = '{CAPACITY_INDICATOR}' AND i.year < year(e.day)
        JOIN dim_member AS m ON m.member_id = i.member_id AND m.joined_on <= e.day
            AND coalesce(m.left_on > e.day, true)
        GROUP BY e.day, e.started_on, i.member_id
    )
    WHERE capacity < {LOW_CAPACITY_BELOW}
""",
    ),
    KeyQuery("training_effect", 1, False, PARTS_SQL),
)

_ACTS: Final = """
        month_end AS e JOIN fct_activity AS a
            ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on >= e.started_on
"""


def _answered_within(limit: int) -> str:
    """Return how many items were closed in so many days; the amount is the days it took."""
    return f"""
    SELECT day, member_id, region_id, count(*) FILTER (is_answered) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM (
        SELECT e.day, a.member_id, a.region_id, a.happened_on,
            a.is_done AND a.amount <= {limit}
                AND a.happened_on + CAST(a.amount AS INTEGER) <= e.day AS is_answered
        FROM month_end AS e JOIN fct_activity AS a
            ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on > e.since
    )
    WHERE is_answered OR happened_on + {limit} <= day
    GROUP BY day, member_id, region_id
"""


_ACTIVITY: Final = (
    KeyQuery(
        "count",
        1,
        False,
        f"""
    SELECT e.day, a.member_id, a.region_id, count(*) AS numerator,
        NULL AS denominator, count(*) AS row_count
    FROM {_ACTS} WHERE a.is_done GROUP BY e.day, a.member_id, a.region_id
""",
    ),
    KeyQuery(
        "amount",
        1,
        False,
        f"""
    SELECT e.day, a.member_id, a.region_id, sum(a.amount) AS numerator,
        NULL AS denominator, count(*) AS row_count
    FROM {_ACTS} WHERE a.is_done GROUP BY e.day, a.member_id, a.region_id
""",
    ),
    KeyQuery(
        "members",
        1,
        False,
        f"""
    SELECT e.day, a.member_id, NULL AS region_id, 1 AS numerator,
        NULL AS denominator, count(*) AS row_count
    FROM {_ACTS}
    WHERE a.is_done AND a.member_id IS NOT NULL
        AND (NOT $is_yearly OR a.happened_on > e.since)
    GROUP BY e.day, a.member_id
""",
    ),
    KeyQuery(
        "share_done",
        1,
        True,
        """
    SELECT e.day, a.member_id, a.region_id, count(*) FILTER (a.is_done) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM month_end AS e JOIN fct_activity AS a
        ON a.kind = $kind AND a.happened_on <= e.day AND a.happened_on > e.since
    GROUP BY e.day, a.member_id, a.region_id
""",
    ),
    KeyQuery("answered_share", 1, True, _answered_within(ANSWER_DAYS)),
    KeyQuery("closed_share", 1, True, _answered_within(CLOSING_DAYS)),
    KeyQuery(
        "punctual_share",
        1,
        True,
        f"""
    SELECT e.day, a.member_id, a.region_id,
        count(*) FILTER (a.is_done AND a.amount <= 0) AS numerator,
        count(*) AS denominator, count(*) AS row_count
    FROM {_ACTS} GROUP BY e.day, a.member_id, a.region_id
""",
    ),
    KeyQuery(
        "quarter_count",
        1,
        False,
        f"""
    SELECT e.day, a.member_id, a.region_id, count(*) AS numerator,
        NULL AS denominator, count(*) AS row_count
    FROM {_ACTS} WHERE a.is_done AND a.happened_on > e.quarter_since
    GROUP BY e.day, a.member_id, a.region_id
""",
    ),
    KeyQuery(
        "regions",
        1,
        False,
        f"""
    SELECT e.day, NULL AS member_id, a.region_id, 1 AS numerator,
        NULL AS denominator, count(*) AS row_count
    FROM {_ACTS} WHERE a.is_done AND a.region_id IS NOT NULL AND a.happened_on > e.since
    GROUP BY e.day, a.region_id
""",
    ),
)
"""By the start of the binding; the rest of it, after an underline, is the kind of activity."""

CHECK_INS: Final = KeyQuery(
    "last_check_in",
    1,
    False,
    """
    SELECT e.day, arg_max(c.value, (c.checked_in_on, c.check_in_id)) AS value
    FROM month_end AS e
    JOIN fct_check_in AS c ON c.checked_in_on <= e.day AND c.key_result_id = $key_result
    WHERE c.value IS NOT NULL
    GROUP BY e.day
""",
)
"""What owners report is nobody's part: day and value alone."""

TRAINING_EFFECT: Final = _WAREHOUSE[-1]
"""Its query gives what was checked; the parts are ``dashboard.stats.training_effect``'s."""

WAREHOUSE_QUERIES: Final = {query.id: query for query in _WAREHOUSE}
"""Queries of source ``warehouse`` by their binding."""

ACTIVITY_QUERIES: Final = {query.id: query for query in _ACTIVITY}
"""Queries of source ``activity`` by the start of their binding."""

ALL_QUERIES: Final = (*_WAREHOUSE, *_ACTIVITY, CHECK_INS)


def query_of(key_result: KeyResult) -> tuple[KeyQuery, str] | None:
    """Return what a key result is bound to.

    Parameters
    ----------
    key_result : KeyResult
        As the framework declares it.

    Returns
    -------
    tuple of (KeyQuery, str) or None
        The query, and the kind of activity that it is about (empty where it is about none);
        None if nothing goes by that name.
    """
    binding = key_result.binding or ""
    if key_result.source == "check_in":
        return CHECK_INS, ""
    if key_result.source == "warehouse":
        return (WAREHOUSE_QUERIES[binding], "") if binding in WAREHOUSE_QUERIES else None
    for start, query in ACTIVITY_QUERIES.items():
        if binding.startswith(f"{start}_") and binding != f"{start}_":
            return query, binding.removeprefix(f"{start}_")
    return None
