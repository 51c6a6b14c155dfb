"""Work out who owes what and when it came, and what each receipt supersedes.

It must not decide a status: that depends on the day it is asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from dashboard.errors import ConfigError
from dashboard.framework import Framework
from dashboard.warehouse.dimensions import LOG_BEGAN, period_id
from dashboard.warehouse.tables import refill

_KNOWN_AT: Final = """
    UPDATE fct_submission SET known_at = coalesce(
        if(fct_submission.received_bound = 'unknown', NULL, fct_submission.received_at),
        CAST(least(p.ends_on + 1, $data_on) AS TIMESTAMP)
    )
    FROM dim_period AS p WHERE p.period_id = fct_submission.period_id
"""
"""A receipt of unknown day is known from the day after its period: it cannot have come before, if
it is whole. What is held is known on the last day in any case, even of a period not yet over."""

_SUPERSEDED: Final = """
    UPDATE fct_submission SET superseded_at = n.next_known_at
    FROM (
        SELECT s.submission_id, min(n.known_at) AS next_known_at
        FROM fct_submission AS s
        JOIN fct_submission AS n USING (reporter_id, collection_id, period_id)
        WHERE s.is_accepted AND n.is_accepted AND n.revision > s.revision
            AND (n.has_data OR NOT s.has_data)
        GROUP BY s.submission_id
    ) AS n
    WHERE n.submission_id = fct_submission.submission_id
"""
"""Of all that is known on a day, the highest revision counts; a mere receipt replaces no data."""

_OBLIGATIONS: Final = """
    SELECT m.member_id, c.collection_id, p.period_id, CAST(p.ends_on + c.due_days AS DATE),
        w.reason IS NOT NULL, w.reason
    FROM dim_collection AS c
    JOIN owed USING (collection_id)
    JOIN dim_member AS m USING (member_id)
    JOIN dim_period AS p
        ON p.frequency = c.frequency
        AND p.period_id BETWEEN c.first_period_id AND c.last_period_id
        AND p.starts_on >= m.joined_on
        AND p.ends_on <= coalesce(m.left_on, p.ends_on)
        AND p.ends_on <= $data_on
    LEFT JOIN waived AS w
        ON w.member_id = m.member_id AND w.collection_id = c.collection_id
        AND w.period_id = p.period_id
    WHERE m.kind <> 'union'
    ORDER BY c.sort_order, p.period_id, m.member_id
"""

_RECEIPTS: Final = """
    WITH accepted AS (
        SELECT *, count(*) OVER obligation - 1 AS revisions,
            row_number() OVER (obligation ORDER BY revision) AS place
        FROM fct_submission WHERE is_accepted
        WINDOW obligation AS (PARTITION BY reporter_id, collection_id, period_id)
    )
    SELECT o.member_id, m.region_id, o.collection_id, o.period_id, p.ends_on, o.due_on,
        o.is_waived, coalesce(o.due_on > c.log_began_on, false),
        if(s.received_bound = 'unknown', NULL, CAST(s.received_at AS DATE)),
        CAST(s.known_at AS DATE), s.received_bound, CAST(s.absent_at AS DATE), s.submission_id,
        coalesce(s.revisions, 0)
    FROM fct_obligation AS o
    JOIN dim_member AS m USING (member_id)
    JOIN dim_collection AS c USING (collection_id)
    JOIN dim_period AS p USING (period_id)
    LEFT JOIN accepted AS s
        ON s.reporter_id = o.member_id AND s.collection_id = o.collection_id
        AND s.period_id = o.period_id AND s.place = 1
    ORDER BY c.sort_order, o.period_id, o.member_id
"""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, data_on: date) -> None:
    """Compute the validity of receipts, the obligations, and their rollup.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; dimensions and ``fct_submission`` are filled.
    framework : Framework
        Says which members owe which collection, and the waivers.
    data_on : date
        The last day that the warehouse knows of: a period that ends later is not owed yet.

    Raises
    ------
    ConfigError
        If the framework names a member that is none.
    """
    owed, waived = _owed(connection, framework), _waived(connection, framework)
    connection.execute(_KNOWN_AT, {"data_on": data_on})
    connection.execute("UPDATE fct_submission SET superseded_at = NULL")
    connection.execute(_SUPERSEDED)
    connection.execute(LOG_BEGAN)
    connection.execute("CREATE OR REPLACE TEMP TABLE owed (collection_id TEXT, member_id INTEGER)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE waived "
        "(member_id INTEGER, collection_id TEXT, period_id INTEGER, reason TEXT)"
    )
    if owed:
        connection.execute(
            "INSERT INTO owed SELECT unnest($c), unnest($m)",
            {"c": [one for one, _ in owed], "m": [two for _, two in owed]},
        )
    if waived:
        columns = [list(column) for column in zip(*waived, strict=True)]
        connection.execute(
            "INSERT INTO waived SELECT unnest($m), unnest($c), unnest($p), unnest($r)",
            dict(zip("mcpr", columns, strict=True)),
        )
    refill(connection, "fct_obligation", _OBLIGATIONS, {"data_on": data_on})
    refill(connection, "agg_obligation", _RECEIPTS)
    connection.execute("DROP TABLE owed")
    connection.execute("DROP TABLE waived")


def _members(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(connection.execute("SELECT iso3, member_id FROM dim_member").fetchall())


def _owed(connection: duckdb.DuckDBPyConnection, framework: Framework) -> list[tuple[str, int]]:
    members = _members(connection)
    named = {
        iso3
        for one in framework.collections
        for iso3 in (*one.exempt, *(one.owed_by if isinstance(one.owed_by, list) else ()))
    } | {waiver.member for waiver in framework.waivers}
    unknown = sorted(named - members.keys())
    if unknown:
        raise ConfigError(
            f"The framework names members {unknown!r} that are none.",
            "A member is named by its three-letter ISO code.",
            "Mend owed_by, exempt or waivers.",
        )
    return [
        (one.id, member_id)
        for one in framework.collections
        for iso3, member_id in sorted(members.items())
        if (one.owed_by == "all" or iso3 in one.owed_by) and iso3 not in one.exempt
    ]


def _waived(
    connection: duckdb.DuckDBPyConnection, framework: Framework
) -> list[tuple[int, str, int, str]]:
    members = _members(connection)
    periods = connection.execute(
        "SELECT frequency, period_id, starts_on, ends_on FROM dim_period"
    ).fetchall()
    found: dict[tuple[int, str, int], str] = {}
    for waiver in framework.waivers:
        frequency = framework.collection(waiver.collection).frequency
        first, last = (
            period_id("M", date.fromisoformat(f"{month}-01"))
            for month in (waiver.first, waiver.last)
        )
        for one, period, starts_on, ends_on in periods:
            # A year is waived if its last month is: that is when it falls due from.
            months = (period_id("M", starts_on), period_id("M", ends_on))
            if one == frequency and first <= months[1] <= last:
                key = (members.get(waiver.member, -1), waiver.collection, period)
                found.setdefault(key, waiver.reason)
    return [(*key, reason) for key, reason in sorted(found.items())]
