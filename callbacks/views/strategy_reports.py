"""Check-ins as one list, whether they came in files or were typed, and the series with them.

It must not judge what they say.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.flows import is_past
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.warehouse.check_ins import month_end_values, one_list
from queries import strategy as statements

AS_OF: Final = frozenset({"as_of"})


class Known(NamedTuple):
    """Key results as the framework declares them, their month-end series, and their check-ins."""

    declared: pd.DataFrame
    values: pd.DataFrame
    reports: pd.DataFrame


def known_reports(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every check-in that was known on the as-of day, by key result and day.

    Of a past day a typed one counts if it was written by then and is about a day by then; of the
    present all of them count, also those of days after the last that the warehouse knows of.

    Raises
    ------
    LedgerError
        If the log is there and cannot be read.
    """
    assert selection.as_of is not None
    past = is_past(selection, services.catalogue)
    night = datetime.combine(selection.as_of + timedelta(days=1), time())
    return one_list(
        services.frame(statements.check_ins(selection)),
        services.check_ins.typed(night if past else None),
        selection.as_of if past else None,
    )


def known_values(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the month-end series of every key result, with what was typed.

    Raises
    ------
    LedgerError
        If the log is there and cannot be read.
    """
    return known(services, selection).values


def known(services: Services, selection: Selection) -> Known:
    """Return all that key results are judged by on the as-of day.

    Raises
    ------
    LedgerError
        If the log is there and cannot be read.
    """
    assert selection.as_of is not None
    declared = services.frame(statements.declared_key_results())
    reports = known_reports(services, selection)
    built = services.frame(statements.key_result_values(selection))
    return Known(declared, month_end_values(built, reports, declared, selection.as_of), reports)


def read_check_ins(services: Services, selection: Selection) -> pd.DataFrame:
    """Return every check-in, newest first; of one day the last that was written comes first."""
    reports = known_reports(services, selection).iloc[::-1]
    order = reports["checked_in_on"].sort_values(ascending=False, kind="stable").index
    return reports.loc[order]


CHECK_INS: Final = NamedFrame(
    "check_ins",
    (
        Column("key_result_id"),
        Column("checked_in_on"),
        Column("value"),
        Column("confidence", unit="share"),
        Column("analysis"),
        Column("next_step"),
        Column("author"),
        Column("channel"),
        Column("number", unit="count", words="column.check_in_number"),
        Column("written_at"),
        Column("warehouse_version"),
        Column("known_value"),
        Column("known_status"),
    ),
    read_check_ins,
    AS_OF,
    is_live=True,
)
SERIES: Final = NamedFrame(
    "key_result_series",
    (Column("key_result_id"), Column("measured_on"), Column("value")),
    known_values,
    AS_OF,
    is_live=True,
)
