"""What the frames of next month hold: what falls due in it, and how much of that will be late.

Nothing is drawn here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.forecast_frames import Past, day_number, day_numbers, month_end, read_past
from callbacks.views.members_due import to_come
from dashboard.frames import SCOPE_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats.calibration import count_intervals
from dashboard.stats.open_obligations import forecast
from queries.members import periods_to_come

FIELDS: Final = SCOPE_FIELDS | {"as_of", "collection"}
"""Next month follows from the as-of day, whatever the range."""

MONTH_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("due_on"),
    Column("is_received"),
    Column("days_gone", unit="days"),
    Column("by_due_share", measure="by_due_share"),
    Column("low", unit="share"),
    Column("high", unit="share"),
    Column("history_count", unit="count"),
)

_KEYS: Final = ["member_iso3", "region_id", "collection_id", "period_id", "due_on"]


def next_month(as_of: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar month after that of a day."""
    first = (as_of.replace(day=1) + timedelta(days=31)).replace(day=1)
    return first, month_end(first)


def read_due_next_month(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what falls due next month, and how probable it is that it comes by then."""
    assert selection.as_of is not None
    columns = [column.name for column in MONTH_COLUMNS]
    parts = [
        due_in(services, selection, past, *next_month(selection.as_of))
        for past in read_past(services, selection)
    ]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    if selection.members:
        found = found[found["member_iso3"].isin(selection.members)]
    elif selection.regions:
        found = found[found["region_id"].isin(selection.regions)]
    return found.sort_values(["by_due_share", "due_on", "member_iso3"])[columns]


def due_in(
    services: Services, selection: Selection, past: Past, first: date, last: date
) -> pd.DataFrame:
    """Return what one collection asks for between two days, forecast where it has not come."""
    assert selection.as_of is not None
    day = day_number(selection.as_of)
    rows = past.rows
    is_asked = rows["due_on"].between(pd.Timestamp(first), pd.Timestamp(last))
    owed = rows[is_asked & ~rows["is_waived"].astype(bool)]
    owed = owed[[*_KEYS, "period_ends_on"]].assign(is_received=owed["known_on"].notna())
    later = coming_in(services, selection, str(rows["collection_id"].iloc[0]), first, last)
    both = pd.concat([owed, later]) if len(later) else owed
    both = both.reset_index(drop=True)
    open_ones = both[~both["is_received"]]
    member = past.numbers.get_indexer(pd.Index(open_ones["member_iso3"]))
    ended, due = day_numbers(open_ones["period_ends_on"]), day_numbers(open_ones["due_on"])
    share, low, high, history = forecast(past.owed, day, past.span, member, ended, due[None])
    told = pd.DataFrame(
        {"by_due_share": share[0], "low": low[0], "high": high[0]}, index=open_ones.index
    )
    counts = history.counts[past.numbers.get_indexer(pd.Index(both["member_iso3"]))]
    gone = day - day_numbers(both["period_ends_on"])
    return both.assign(days_gone=gone, history_count=counts).join(told)


def coming_in(
    services: Services, selection: Selection, collection: str, first: date, last: date
) -> pd.DataFrame:
    """Return what will be owed of periods not yet over that falls due between two days."""
    coming = services.frame(periods_to_come(selection))
    due_on = coming["period_ends_on"] + pd.to_timedelta(coming["due_days"], unit="D")
    is_asked = due_on.between(pd.Timestamp(first), pd.Timestamp(last))
    coming = coming[is_asked & (coming["collection_id"] == collection)]
    if coming.empty:
        return pd.DataFrame(columns=[*_KEYS, "period_ends_on", "is_received"])
    later = to_come(coming, services.generation.members, services.framework)
    later = later[later["status"] == "to_come"].merge(coming[["period_id", "period_ends_on"]])
    return later[[*_KEYS, "period_ends_on"]].assign(is_received=False)


DUE_NEXT_MONTH: Final = NamedFrame("due_next_month", MONTH_COLUMNS, read_due_next_month, FIELDS)

REGION_COLUMNS: Final = (
    Column("region_id"),
    Column("due", unit="count"),
    Column("received", unit="count"),
    Column("unforecast", unit="count"),
    Column("expected_late", measure="expected_late"),
    Column("low", unit="count"),
    Column("high", unit="count"),
)


EVERYBODY: Final = "all"
"""Stands for all regions together: intervals of parts do not add up to that of the whole."""


def read_late_next_month(services: Services, selection: Selection) -> pd.DataFrame:
    """Return how many obligations of next month will probably be late, of all and by region."""
    frame = DUE_NEXT_MONTH.read(services, selection)
    parts = [late_counts(frame.assign(region_id=EVERYBODY)), late_counts(frame)]
    return pd.concat(parts, ignore_index=True)


def late_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the expected number of late ones of each region with its interval."""
    regions, place = np.unique(frame["region_id"].to_numpy(dtype=str), return_inverse=True)
    received = frame["is_received"].to_numpy(dtype=bool)
    late = 1.0 - frame["by_due_share"].to_numpy(dtype="float64")
    is_forecast = ~np.isnan(late)
    expected, low, high = count_intervals(late[is_forecast], place[is_forecast], regions.size)
    unforecast = np.bincount(place[~is_forecast & ~received], minlength=regions.size)
    return pd.DataFrame(
        {
            "region_id": pd.Series(regions, dtype="str"),
            "due": np.bincount(place, minlength=regions.size),
            "received": np.bincount(place[received], minlength=regions.size),
            "unforecast": unforecast,
            "expected_late": expected,
            "low": low,
            "high": high,
        }
    )


FRAMES: Final = (
    DUE_NEXT_MONTH,
    NamedFrame("late_next_month", REGION_COLUMNS, read_late_next_month, FIELDS - SCOPE_FIELDS),
)
