"""What people wrote about key results: a log of the ledger, read as one list with loaded files.

It must not know where the log is kept, nor what may be written: that is `dashboard.check_ins`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import select

from dashboard.check_ins import REPORTED, CheckIn
from dashboard.framework import KeyResult
from dashboard.stats.progress import expected_progress, progress, status
from dashboard.warehouse import ledger
from dashboard.warehouse.ledger import Ledger
from dashboard.warehouse.ledger_tables import CHECK_IN
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.schema import fct_check_in, fct_key_result_value

FILE: Final = "file"
TYPED: Final = "typed"

COLUMNS: Final[Mapping[str, str]] = {
    "key_result_id": "str",
    "checked_in_on": "datetime64[us]",
    "value": "float64",
    "confidence": "float64",
    "analysis": "str",
    "next_step": "str",
    "author": "str",
    "channel": "str",
    "number": "Int64",
    "written_at": "datetime64[us]",
    "warehouse_version": "str",
    "known_value": "float64",
    "known_status": "str",
}
"""Columns of the one list, and their types; those of the log alone are missing for files."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a generation said of a key result when somebody checked in on it."""

    warehouse_version: str
    known_value: float | None
    known_status: str


class CheckIns:
    """The log of check-ins.

    Parameters
    ----------
    ledger : Ledger
        Of the warehouse.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def typed(self, before: datetime | None = None) -> pd.DataFrame:
        """Return the log, the oldest entry first.

        Parameters
        ----------
        before : datetime, optional
            Only what was written before that instant, UTC.

        Returns
        -------
        pandas.DataFrame
            ``COLUMNS``, one row per entry.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        entries = self.ledger.entries(CHECK_IN, before)
        channel = pd.Series(TYPED, index=entries.index, dtype="str")
        return entries.assign(channel=channel)[list(COLUMNS)]

    def count(self, key_result_id: str) -> int:
        """Return the number of the last entry about a key result; 0 if there is none.

        Parameters
        ----------
        key_result_id : str
            The key result.

        Returns
        -------
        int
            Its number.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        found = self.ledger.last(CHECK_IN, {"key_result_id": key_result_id})
        return 0 if found is None else int(found["number"])

    def answered(self, key_result_id: str, request_id: str) -> ledger.Entry | None:
        """Return the entry that a request made before.

        Parameters
        ----------
        key_result_id : str
            The key result.
        request_id : str
            Of the request.

        Returns
        -------
        mapping or None
            None if it made none.

        Raises
        ------
        LedgerError
            If the store is there and cannot be read.
        """
        return self.ledger.answered(CHECK_IN, {"key_result_id": key_result_id}, request_id)

    def write(
        self,
        key_result_id: str,
        check_in: CheckIn,
        known: Known,
        *,
        seen: int | None,
        request_id: str,
        at: datetime,
    ) -> ledger.Entry:
        """Append a check-in.

        Parameters
        ----------
        key_result_id : str
            The key result.
        check_in : CheckIn
            Checked before.
        known : Known
            What was known of it.
        seen : int or None
            Number of the last entry about it that the writer saw; None if it holds anyhow.
        request_id : str
            Of the request; the same one again writes nothing and gives the same answer.
        at : datetime
            The moment, UTC.

        Returns
        -------
        mapping
            The entry as it is kept.

        Raises
        ------
        EntryMovedError
            If the key result has another last entry than `seen`.
        LedgerError
            If nothing may or can be written.
        """
        said = asdict(check_in)
        author = said.pop("author")
        return self.ledger.append(
            CHECK_IN,
            {"key_result_id": key_result_id},
            {**said, **asdict(known)},
            author=author,
            seen=seen,
            request_id=request_id,
            at=at,
        )


def one_list(loaded: pd.DataFrame, typed: pd.DataFrame, until: date | None) -> pd.DataFrame:
    """Return the check-ins of files and those that were typed as one list.

    Parameters
    ----------
    loaded : pandas.DataFrame
        ``key_result_id``, ``checked_in_on``, ``value``, ``confidence``, ``note``, ``author``,
        sorted by day.
    typed : pandas.DataFrame
        From :meth:`CheckIns.typed`.
    until : date or None
        Typed ones of later days are left out; None keeps all.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, by key result and day; of one day those of files come first, then the typed
        ones as they were written. The note of a file is its analysis.
    """
    if until is not None:
        typed = typed[typed["checked_in_on"] <= pd.Timestamp(until)]
    files = loaded.rename(columns={"note": "analysis"}).assign(channel=FILE)
    files = files.reindex(columns=list(COLUMNS)).astype(dict(COLUMNS))
    together = pd.concat([files, typed], ignore_index=True) if len(typed) else files
    return together.sort_values(
        ["key_result_id", "checked_in_on"], kind="stable", ignore_index=True
    )


def month_end_values(
    values: pd.DataFrame, reports: pd.DataFrame, results: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Return the month-end series with what was typed since the generation was built.

    Parameters
    ----------
    values : pandas.DataFrame
        ``key_result_id``, ``measured_on``, ``value`` of the generation, sorted.
    reports : pandas.DataFrame
        From :func:`one_list`.
    results : pandas.DataFrame
        ``key_result_id``, ``source`` and ``started_on`` of each key result.
    as_of : date
        The last day that may have a value.

    Returns
    -------
    pandas.DataFrame
        As `values`. A reported key result that somebody typed a value of is worth, at each month
        end, the latest value that was reported by then.
    """
    is_stated = reports["value"].notna()
    names = set(reports.loc[is_stated & (reports["channel"] == TYPED), "key_result_id"])
    own = results[(results["source"] == REPORTED) & results["key_result_id"].isin(names)]
    if own.empty:
        return values
    stated = reports[is_stated]
    parts = [values[~values["key_result_id"].isin(own["key_result_id"])]]
    for row in own.itertuples(index=False):
        first = pd.Timestamp(str(row.started_on)).replace(day=1)
        ends = pd.date_range(first, pd.Timestamp(as_of), freq="ME", unit="us")
        said = stated[stated["key_result_id"] == row.key_result_id]
        when = said["checked_in_on"].to_numpy()
        place = np.searchsorted(when, ends.to_numpy(), side="right") - 1
        parts.append(
            pd.DataFrame(
                {
                    "key_result_id": row.key_result_id,
                    "measured_on": ends[place >= 0],
                    "value": said["value"].to_numpy()[place[place >= 0]],
                }
            )
        )
    together = pd.concat(parts, ignore_index=True).astype(dict(values.dtypes))
    return together.sort_values(["key_result_id", "measured_on"], ignore_index=True)


def known_of(warehouse: Warehouse, result: KeyResult, typed: pd.DataFrame, today: date) -> Known:
    """Return what is known of a key result in the present.

    Parameters
    ----------
    warehouse : Warehouse
        What is served.
    result : KeyResult
        The key result.
    typed : pandas.DataFrame
        From :meth:`CheckIns.typed`.
    today : date
        The last day that the warehouse knows of.

    Returns
    -------
    Known
        The newest value and the status that follows from it.
    """
    if result.source == REPORTED:
        reports = one_list(loaded_check_ins(warehouse), typed, None)
        own = reports[reports["key_result_id"] == result.id]
    else:
        series = fct_key_result_value.c
        own = warehouse.frame(
            select(series.value.label("value"))
            .where(series.key_result_id == result.id)
            .order_by(series.measured_on)
        )
    stated = own["value"].dropna()
    value = float(stated.iloc[-1]) if len(stated) else None
    made = progress([np.nan if value is None else value], [result.baseline], [result.target])
    expected = expected_progress(today, result.started_on, result.deadline_on)
    return Known(warehouse.version, value, str(status(made, np.atleast_1d(expected))[0]))


def loaded_check_ins(warehouse: Warehouse) -> pd.DataFrame:
    """Return the check-ins that came in files.

    Parameters
    ----------
    warehouse : Warehouse
        What is served.

    Returns
    -------
    pandas.DataFrame
        As :func:`one_list` takes them.
    """
    table = fct_check_in.c
    columns: list[Any] = [
        table.key_result_id, table.checked_in_on, table.value, table.confidence, table.note,
        table.author,
    ]  # fmt: skip
    return warehouse.frame(
        select(*columns).order_by(table.key_result_id, table.checked_in_on, table.check_in_id)
    )


__all__ = [
    "COLUMNS",
    "FILE",
    "TYPED",
    "CheckIns",
    "Known",
    "known_of",
    "loaded_check_ins",
    "month_end_values",
    "one_list",
]
