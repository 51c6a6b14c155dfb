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
from dashboard.flows import is_past
from dashboard.frames import BASE_FIELDS, SCOPE_FIELDS, Column
from dashboard.selection import Selection
from dashboard.stats.open_obligations import (
    HISTORY_DAYS,
    NOT_KNOWN,
    Obligations,
    end_of_month,
    outstanding,
)
from queries import arrivals as statements

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
    """The obligations of one collection, as arrays and on demand as rows.

    Parameters
    ----------
    known : DataFrame
        The obligations of every collection.
    places : ndarray of int, shape (n,)
        Rows of this collection in it.
    members : DataFrame
        ``iso3`` and ``region_id`` by the number that `owed` has of a member.
    owed : Obligations
        The obligations of this collection as arrays.
    is_asked : ndarray of bool, shape (n,)
        Which are of the selected range and not waived.
    span : int
        Days of history that a forecast looks back on.
    """

    known: pd.DataFrame
    places: NDArray[np.intp]
    members: pd.DataFrame
    owed: Obligations
    is_asked: NDArray[np.bool_]
    span: int

    @property
    def numbers(self) -> pd.Index:
        """Codes of the members by their number."""
        numbers: pd.Index = pd.Index(self.members["iso3"])
        return numbers

    @property
    def rows(self) -> pd.DataFrame:
        """All obligations of the collection, with their members."""
        return with_members(self.known.take(self.places), self.members, self.owed.member)


def with_members(
    rows: pd.DataFrame, members: pd.DataFrame, number: NDArray[np.int64]
) -> pd.DataFrame:
    """Return rows with the code and the region of the member that each belongs to."""
    return rows.assign(
        member_iso3=members["iso3"].to_numpy()[number],
        region_id=members["region_id"].to_numpy()[number],
    )


def day_numbers(days: pd.Series) -> NDArray[np.int64]:
    """Return days as numbers; a missing one is ``NOT_KNOWN``."""
    numbers = days.to_numpy().astype("datetime64[D]").astype("int64")
    return np.where(days.isna().to_numpy(), NOT_KNOWN, numbers)


def day_number(day: date) -> int:
    """Return a day as a number."""
    return (day - ORIGIN).days


def month_end(day: date) -> date:
    """Return the last day of the month of the day after a day: the next chance to keep it."""
    return ORIGIN + timedelta(days=end_of_month(day_number(day)))


def read_past(services: Services, selection: Selection) -> list[Past]:
    """Return the known obligations of the selected collection, or of each if none is chosen."""
    known = services.frame(statements.obligations_known(selection))
    members = services.generation.members.sort_values("member_id")
    ids = members["member_id"].to_numpy(dtype="int64")
    region = pd.factorize(members["region_id"], sort=True)[0]
    frequencies = services.catalogue.collections
    owner = np.searchsorted(ids, known["member_id"].to_numpy(dtype="int64"))
    ended, due = day_numbers(known["period_ends_on"]), day_numbers(known["due_on"])
    came = day_numbers(known["known_on"])
    is_dated, is_counted, is_waived, is_in_range = (
        known[name].to_numpy(dtype=bool)
        for name in ("is_dated", "is_counted", "is_waived", "is_in_range")
    )
    codes, collections = pd.factorize(known["collection_id"], sort=True)
    result = []
    for number, collection in enumerate(collections):
        places = np.flatnonzero(codes == number)
        owed = Obligations(
            member=owner[places],
            ended=ended[places],
            due=due[places],
            known=came[places],
            is_dated=is_dated[places],
            is_watched=(is_counted & ~is_waived)[places],
            region=region,
        )
        span = HISTORY_DAYS[frequencies[str(collection)]]
        asked = (is_in_range & ~is_waived)[places]
        result.append(Past(known, places, members, owed, asked, span))
    return result


def read_arrivals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what all members have not sent, with the probabilities that it comes by three days.

    Of the last day known it was forecast at publication.

    Parameters
    ----------
    services : Services
        Warehouse and its catalogue.
    selection : Selection
        Resolved; without a collection, obligations of every collection.

    Returns
    -------
    DataFrame
        ``ARRIVAL_COLUMNS``, one row per obligation of the selected range that had not been
        received on the as-of day and is not waived, by collection, due day and member.
    """
    columns = [column.name for column in ARRIVAL_COLUMNS]
    if not is_past(selection, services.catalogue):
        return services.frame(statements.arrivals(selection))[columns]
    return forecast_arrivals(services, selection)[columns]


def forecast_arrivals(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the same, forecast from what was known on the as-of day."""
    assert selection.as_of is not None
    pasts = read_past(services, selection)
    if not pasts:
        return pd.DataFrame(columns=[column.name for column in ARRIVAL_COLUMNS])
    day = day_number(selection.as_of)
    parts = [outstanding(past.owed, past.is_asked, day, past.span) for past in pasts]
    # One frame of all collections: to make one takes longer than to forecast.
    values = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    del values["place"]
    place, member = (
        np.concatenate([of[part["place"]] for of, part in zip(found, parts, strict=True)])
        for found in ([past.places for past in pasts], [past.owed.member for past in pasts])
    )
    found = with_members(pasts[0].known.take(place), pasts[0].members, member).assign(**values)
    found = found.astype({"days_gone": "Int64", "history_count": "Int64"})
    return found.sort_values(["collection_id", "due_on", "member_iso3", "period_id"])


ARRIVALS: Final = NamedFrame("arrivals", ARRIVAL_COLUMNS, read_arrivals, BASE_FIELDS - SCOPE_FIELDS)
"""The forecast of everybody, kept by itself so that another scope computes nothing anew. It is no
download: ``arrival_forecast`` has all of it."""


def read_arrival_forecast(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the forecast of the selected members, or of the members of the selected regions."""
    found = ARRIVALS.read(services, selection)
    if selection.members:
        return found[found["member_iso3"].isin(selection.members)]
    if selection.regions:
        return found[found["region_id"].isin(selection.regions)]
    return found


ARRIVAL_FORECAST: Final = NamedFrame("arrival_forecast", ARRIVAL_COLUMNS, read_arrival_forecast)
