"""What the frames of the forecast hold: who has not delivered, and when it will probably come.

Nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.selection import Selection
from dashboard.stats.open_obligations import HISTORY_DAYS, NOT_KNOWN, Obligations, forecast
from queries import arrivals as statements

DAYS_AHEAD: Final = 90
"""How far the last of the three probabilities reaches, days."""

ORIGIN: Final = date(1970, 1, 1)
"""Day 0 of day numbers, as numpy counts them."""

ARRIVAL_COLUMNS: Final = (
    Column("member_iso3"),
    Column("region_id"),
    Column("collection_id"),
    Column("period_id"),
    Column("due_on"),
    Column("days_gone", unit="days"),
    Column("by_due_share", measure="by_due_share"),
    Column("by_due_low", unit="share"),
    Column("by_due_high", unit="share"),
    Column("by_month_end_share", measure="by_month_end_share"),
    Column("by_month_end_low", unit="share"),
    Column("by_month_end_high", unit="share"),
    Column("within_90_days_share", measure="within_90_days_share"),
    Column("within_90_days_low", unit="share"),
    Column("within_90_days_high", unit="share"),
    Column("history_count", unit="count"),
)


@dataclass(frozen=True)
class Past:
    """The obligations of one collection, as rows and as arrays; members by their numbers."""

    rows: pd.DataFrame
    numbers: pd.Index
    owed: Obligations
    span: int


def day_numbers(days: pd.Series) -> NDArray[np.int64]:
    """Return days as numbers; a missing one is ``NOT_KNOWN``."""
    numbers = days.to_numpy().astype("datetime64[D]").astype("int64")
    return np.where(days.isna().to_numpy(), NOT_KNOWN, numbers)


def day_number(day: date) -> int:
    """Return a day as a number."""
    return (day - ORIGIN).days


def month_end(day: date) -> date:
    """Return the last day of the month of the day after a day: the next chance to keep it."""
    first = (day + timedelta(days=1)).replace(day=1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def read_past(services: Services, selection: Selection) -> list[Past]:
    """Return the known obligations of the selected collection, or of each if none is chosen."""
    known = services.frame(statements.obligations_known(selection))
    members = services.generation.members.sort_values("member_id")
    ids = members["member_id"].to_numpy(dtype="int64")
    region = pd.factorize(members["region_id"], sort=True)[0]
    numbers = pd.Index(members["iso3"])
    frequencies = services.catalogue.collections
    owner = np.searchsorted(ids, known["member_id"].to_numpy(dtype="int64"))
    known = known.assign(
        member_iso3=members["iso3"].to_numpy()[owner],
        region_id=members["region_id"].to_numpy()[owner],
    )
    ended, due = day_numbers(known["period_ends_on"]), day_numbers(known["due_on"])
    came = day_numbers(known["known_on"])
    is_dated = known["is_dated"].to_numpy(dtype=bool)
    is_watched = known["is_counted"].to_numpy(dtype=bool) & ~known["is_waived"].to_numpy(dtype=bool)
    result = []
    for collection, places in known.groupby("collection_id", sort=True).indices.items():
        owed = Obligations(
            member=owner[places],
            ended=ended[places],
            due=due[places],
            known=came[places],
            is_dated=is_dated[places],
            is_watched=is_watched[places],
            region=region,
        )
        span = HISTORY_DAYS[frequencies[str(collection)]]
        result.append(Past(known.iloc[places], numbers, owed, span))
    return result


def read_arrival_forecast(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what has not been received, with the probabilities that it comes by three days.

    Parameters
    ----------
    services : Services
        Warehouse and its catalogue.
    selection : Selection
        Resolved; without a collection, obligations of every collection.

    Returns
    -------
    DataFrame
        ``ARRIVAL_COLUMNS``, one row per obligation of the selected members and range that had
        not been received on the as-of day and is not waived, by collection, due day and member.
    """
    assert selection.as_of is not None
    parts = [open_arrivals(past, selection.as_of) for past in read_past(services, selection)]
    columns = [column.name for column in ARRIVAL_COLUMNS]
    if not parts:
        return pd.DataFrame(columns=columns)
    found = pd.concat(parts, ignore_index=True)
    if selection.members:
        found = found[found["member_iso3"].isin(selection.members)]
    elif selection.regions:
        found = found[found["region_id"].isin(selection.regions)]
    table: pd.DataFrame = found.sort_values(["collection_id", "due_on", "member_iso3"])[columns]
    return table


def open_arrivals(past: Past, as_of: date) -> pd.DataFrame:
    """Return what one collection still waits for, with its probabilities."""
    owed, day = past.owed, day_number(as_of)
    waits = (owed.known > day) & ~past.rows["is_waived"].to_numpy(dtype=bool)
    waits &= past.rows["is_in_range"].to_numpy(dtype=bool)
    member, ended, due = owed.member[waits], owed.ended[waits], owed.due[waits]
    asked = (
        due,
        np.full_like(due, day_number(month_end(as_of))),
        np.full_like(due, day + DAYS_AHEAD),
    )
    share, low, high, history = forecast(owed, day, past.span, member, ended, np.stack(asked))
    keys = ["member_iso3", "region_id", "collection_id", "period_id"]
    found: pd.DataFrame = past.rows.loc[waits, keys]
    values = {
        f"{name}_{part}": numbers[place]
        for place, name in enumerate(("by_due", "by_month_end", "within_90_days"))
        for part, numbers in (("share", share), ("low", low), ("high", high))
    }
    due_on = past.rows.loc[waits, "due_on"]
    counts = history.counts[member]
    return found.assign(due_on=due_on, days_gone=day - ended, history_count=counts, **values)


ARRIVAL_FORECAST: Final = NamedFrame("arrival_forecast", ARRIVAL_COLUMNS, read_arrival_forecast)
