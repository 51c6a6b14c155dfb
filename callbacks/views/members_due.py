"""The dates on which one member's data falls due: overdue, pending, and of periods to come.

Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.framework import Framework
from dashboard.selection import Selection
from queries import members as statements

DUE_COLUMNS: Final = (
    Column("member_iso3"),
    Column("collection_id"),
    Column("period_id"),
    Column("due_on"),
    Column("status"),
    Column("days_left", unit="days"),
)


def read_due_dates(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what the member owes now and next, by due date."""
    assert selection.as_of is not None
    members = services.generation.members
    named = members[members["iso3"].isin(list(selection.members[:1]))]
    unmet = services.frame(statements.unmet_obligations(selection))
    coming = services.frame(statements.periods_to_come(selection))
    owed = [
        to_come(coming, str(row["iso3"]), row["left_on"], services.framework)
        for row in named.to_dict("records")
        if row["kind"] != "union"
    ]
    return due_dates(unmet, owed, selection.as_of)


def to_come(coming: pd.DataFrame, iso3: str, left_on: Any, framework: Framework) -> pd.DataFrame:
    """Return the periods to come that a member will owe.

    Parameters
    ----------
    coming : DataFrame
        ``collection_id``, ``period_id``, ``period_starts_on``,
        ``period_ends_on``, ``due_days``.
    iso3 : str
        The member.
    left_on : date or missing
        When it left, if it did.
    framework : Framework
        Says who owes which collection, and the waivers.

    Returns
    -------
    DataFrame
        ``member_iso3``, ``collection_id``, ``period_id``, ``due_on``, ``status``.
    """
    owing = {
        one.id
        for one in framework.collections
        if (one.owed_by == "all" or iso3 in one.owed_by) and iso3 not in one.exempt
    }
    ends = coming["period_ends_on"]
    kept = coming["collection_id"].isin(sorted(owing))
    if not pd.isna(left_on):
        kept &= ends <= pd.Timestamp(left_on)
    month = ends.dt.strftime("%Y-%m")
    for waiver in framework.waivers:
        if waiver.member == iso3:
            # A year is waived if its last month is, as in the obligations themselves.
            is_waived = (month >= waiver.first) & (month <= waiver.last)
            kept &= ~((coming["collection_id"] == waiver.collection) & is_waived)
    found = coming[kept]
    due_on = found["period_ends_on"] + pd.to_timedelta(found["due_days"], unit="D")
    return found.assign(member_iso3=iso3, due_on=due_on, status="to_come")[
        ["member_iso3", "collection_id", "period_id", "due_on", "status"]
    ]


def due_dates(unmet: pd.DataFrame, owed: Iterable[pd.DataFrame], as_of: date) -> pd.DataFrame:
    """Join what is owed and what will be, with the days left (negative: gone by)."""
    coming = list(owed)
    table = pd.concat([unmet, *coming]) if coming else unmet
    due_on = table["due_on"].astype("datetime64[us]")
    left = (due_on - pd.Timestamp(as_of)).dt.days.astype("int64")
    table = table.assign(due_on=due_on, days_left=left)
    table = table.sort_values(["due_on", "collection_id", "period_id"])
    return table[[column.name for column in DUE_COLUMNS]]


DUE_FRAME: Final = NamedFrame(
    "member_due_dates", DUE_COLUMNS, read_due_dates, frozenset({"members", "as_of"})
)
