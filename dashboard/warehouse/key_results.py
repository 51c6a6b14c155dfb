"""Compute the month-end series of every key result, and the part of each member in it.

It must not judge progress: that is ``dashboard.stats``' part, on the day that is asked for.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import duckdb
import numpy as np

from dashboard.errors import ConfigError
from dashboard.framework import Framework, KeyResult
from dashboard.stats.training_effect import mean_effect, unit_parts
from dashboard.warehouse import training
from dashboard.warehouse.key_result_queries import (
    ACTIVITY_QUERIES,
    CHECK_INS,
    TRAINING_EFFECT,
    WAREHOUSE_QUERIES,
    YEARLY_KINDS,
    KeyQuery,
    query_of,
)
from dashboard.warehouse.schema import metadata
from dashboard.warehouse.tables import definition, insert_rows

FILLED: Final = ("dim_key_result_query", "agg_key_result_part", "fct_key_result_value")

_MONTH_ENDS: Final = """
    CREATE OR REPLACE TEMP TABLE month_end AS
    SELECT CAST(last_day(m) AS DATE) AS day,
        CAST(last_day(m - INTERVAL 1 YEAR) AS DATE) AS since,
        CAST(last_day(m - INTERVAL 3 MONTH) AS DATE) AS quarter_since,
        CAST($started_on AS DATE) AS started_on
    FROM range(
        CAST(date_trunc('month', CAST($started_on AS DATE)) AS TIMESTAMP),
        CAST($data_on AS TIMESTAMP) + INTERVAL 1 DAY, INTERVAL 1 MONTH
    ) AS months (m)
    WHERE last_day(m) <= $data_on
"""

_PARTS: Final = """
    INSERT INTO agg_key_result_part
    SELECT '{key_result}', q.day, m.member_id, coalesce(m.region_id, q.region_id) AS region,
        sum(q.numerator), sum(q.denominator), sum(q.row_count)
    FROM ({query}) AS q LEFT JOIN dim_member AS m ON m.member_id = q.member_id
    GROUP BY q.day, m.member_id, region
    ORDER BY q.day, m.member_id, region
"""
"""A reporter that is no member is a part without a name."""

_SHARES: Final = """
    INSERT INTO fct_key_result_value
    SELECT key_result_id, measured_on, sum(numerator) / sum(denominator), sum(denominator)
    FROM agg_key_result_part WHERE key_result_id = $key_result
    GROUP BY key_result_id, measured_on HAVING sum(denominator) > 0 ORDER BY measured_on
"""
"""Where nothing was to be counted there is no share."""

_SUMS: Final = """
    INSERT INTO fct_key_result_value
    SELECT $key_result, e.day, coalesce(sum(p.numerator), 0), NULL
    FROM month_end AS e LEFT JOIN agg_key_result_part AS p
        ON p.measured_on = e.day AND p.key_result_id = $key_result
    GROUP BY e.day ORDER BY e.day
"""
"""Where nothing was done the count is 0."""

_MEASURED: Final = """
    INSERT INTO fct_key_result_value
    SELECT key_result_id, measured_on, sum(numerator), NULL
    FROM agg_key_result_part WHERE key_result_id = $key_result
    GROUP BY key_result_id, measured_on ORDER BY measured_on
"""
"""Where too few could be compared there is no value."""

_REPORTED: Final = """
    INSERT INTO fct_key_result_value
    SELECT '{key_result}', q.day, q.value, NULL FROM ({query}) AS q ORDER BY q.day
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
        if one.source != "check_in" and query_of(one) is None
    ]
    if wrong:
        raise ConfigError(
            f"The framework binds key results to what is not known: {', '.join(wrong)}.",
            f"Source 'warehouse' takes {sorted(WAREHOUSE_QUERIES)}, source 'activity' one of "
            f"{sorted(f'{start}_' for start in ACTIVITY_QUERIES)} followed by a kind of activity.",
            "Mend the bindings.",
        )


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, data_on: date) -> None:
    """Compute the values of key results anew, their members' parts, and what they are bound to.

    Fills ``fct_key_result_value``, ``agg_key_result_part`` and ``dim_key_result_query``.

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
    for name in FILLED:
        connection.execute(definition(metadata.tables[name]))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE declared_layout (collection_id TEXT, layout_id TEXT)"
    )
    declared = [(one.id, layout) for one in framework.collections for layout in one.layouts]
    if declared:
        connection.execute(
            "INSERT INTO declared_layout SELECT unnest($c), unnest($l)",
            {"c": [one for one, _ in declared], "l": [two for _, two in declared]},
        )
    bound = []
    for key_result in framework.key_results:
        connection.execute(_MONTH_ENDS, {"started_on": key_result.started_on, "data_on": data_on})
        found = query_of(key_result)
        assert found is not None  # check_bindings ran
        query, kind = found
        named = _parameters(key_result, query, kind, framework.framework.default_collection)
        if query is TRAINING_EFFECT:
            _compute_training_effect(connection, key_result, framework)
        else:
            _compute(connection, key_result, query, named)
        bound.append(
            (
                *(key_result.id, query.id, query.version, query.sha256, query.text),
                json.dumps(named, sort_keys=True),
            )
        )
    insert_rows(connection, "dim_key_result_query", bound)
    connection.execute("DROP TABLE IF EXISTS month_end")
    connection.execute("DROP TABLE declared_layout")


def _parameters(
    key_result: KeyResult, query: KeyQuery, kind: str, default_collection: str
) -> dict[str, Any]:
    """Return the named parameters that a query asks for."""
    offered = {
        "kind": kind,
        "is_yearly": kind in YEARLY_KINDS,
        "key_result": key_result.id,
        "default_collection": default_collection,
        "collection": default_collection,
    }
    return {name: value for name, value in offered.items() if f"${name}" in query.sql}


def _compute(
    connection: duckdb.DuckDBPyConnection,
    key_result: KeyResult,
    query: KeyQuery,
    named: dict[str, Any],
) -> None:
    """Write the parts of a key result and its values: what the parts add up to."""
    # An identifier of the framework is of letters, digits and underlines.
    wrapped = _REPORTED if query is CHECK_INS else _PARTS
    connection.execute(wrapped.format(key_result=key_result.id, query=query.sql), named)
    if query is not CHECK_INS:
        added = _SHARES if query.is_share else _SUMS
        connection.execute(added, {"key_result": key_result.id})


def _compute_training_effect(
    connection: duckdb.DuckDBPyConnection, key_result: KeyResult, framework: Framework
) -> None:
    """Write the parts of trained members in the effect, and what they add up to."""
    days = connection.execute("SELECT day FROM month_end ORDER BY day").fetchall()
    regions = dict(connection.execute("SELECT member_id, region_id FROM dim_member").fetchall())
    checked = training.read_parts(connection, framework)
    rows: list[tuple[Any, ...]] = []
    for (day,) in days:
        panel = training.quality_panel(connection, framework, day, checked)
        if panel is None:
            continue
        found = mean_effect(panel.outcomes, panel.began, horizon=training.HORIZON)
        if min(found.treated, found.controls) < training.FEWEST_UNITS:
            continue
        parts = unit_parts(panel.outcomes, panel.began, horizon=training.HORIZON)
        quarters = (~np.isnan(panel.outcomes)).sum(axis=1)
        rows += [
            (key_result.id, day, member, regions[member], part, None, count)
            for member, part, count in zip(
                panel.members.tolist(), parts.tolist(), quarters.tolist(), strict=True
            )
            if not np.isnan(part)
        ]
    insert_rows(connection, "agg_key_result_part", rows)
    connection.execute(_MEASURED, {"key_result": key_result.id})
