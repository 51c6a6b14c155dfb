"""Add up what each submission said, so that revisions are compared without touching the facts.

It must not choose among submissions: which of them holds depends on the day that is asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from dashboard.framework import Framework
from dashboard.warehouse.tables import refill

_TOTALS: Final = """
    SELECT submission_id, flow_code, sum(value_usd), count(*)
    FROM fct_trade WHERE flow_code IN ('M', 'X')
    GROUP BY submission_id, flow_code ORDER BY submission_id, flow_code
"""


def fill(connection: duckdb.DuckDBPyConnection, framework: Framework, day: date) -> None:  # noqa: ARG001 -- every builder is given the same
    """Compute ``agg_submission_trade`` anew.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        A workshop's; the facts are final.
    framework : Framework
        Has no say in it.
    day : date
        Has no say in it either: every submission is added up.
    """
    refill(connection, "agg_submission_trade", _TOTALS)
