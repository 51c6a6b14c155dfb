"""The dates on which data falls due: of one member, and of the periods that all will owe.

Nothing is drawn here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from dashboard.frames import Column
from dashboard.framework import Collection, Framework
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
    owed = to_come(coming, named, services.framework)
    return due_dates(unmet, owed[owed["status"] == "to_come"], selection.as_of)


OWED_COLUMNS: Final = (
    *("member_iso3", "region_id", "collection_id", "period_id", "due_on"),
    *("status", "waiver_reason"),
)


def to_come(coming: pd.DataFrame, members: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return the periods to come that members will owe, or are already excused from.

    Parameters
    ----------
    coming : DataFrame
        ``collection_id``, ``period_id``, ``period_starts_on``,
        ``period_ends_on``, ``due_days``.
    members : DataFrame
        ``iso3``, ``region_id``, ``kind``, ``joined_on``, ``left_on``
        (missing: still a member).
    framework : Framework
        Says who owes which collection, and the waivers.

    Returns
    -------
    DataFrame
        ``OWED_COLUMNS`` by due date; ``status`` is ``to_come`` or ``waived``, and only then
        is there a ``waiver_reason``.
    """
    ends = coming["period_ends_on"]
    due_on = (ends + pd.to_timedelta(coming["due_days"], unit="D")).astype("datetime64[us]")
    periods = coming.assign(due_on=due_on, month=ends.dt.strftime("%Y-%m"))
    found = periods.merge(_owing(members, framework), on="collection_id")
    is_member = found["joined_on"].isna() | (found["period_starts_on"] >= found["joined_on"])
    is_member &= found["left_on"].isna() | (found["period_ends_on"] <= found["left_on"])
    waived = _waived(periods, framework, set(members["iso3"].tolist()))
    found = found[is_member].merge(waived, on=list(waived.columns[:3]), how="left")
    is_waived = found["waiver_reason"].notna()
    found = found.assign(status=np.where(is_waived, "waived", "to_come"))
    found = found.sort_values(["due_on", "collection_id", "period_id", "member_iso3"])
    return found[list(OWED_COLUMNS)].reset_index(drop=True)


def _waived(periods: pd.DataFrame, framework: Framework, members: set[str]) -> pd.DataFrame:
    """Return the waived periods of each member; of two waivers the first one counts."""
    rows = []
    for waiver in framework.waivers:
        if waiver.member not in members:
            continue
        # A year is waived if its last month is, as in the obligations themselves.
        is_in = periods["month"].between(waiver.first, waiver.last)
        is_in &= periods["collection_id"] == waiver.collection
        rows += [
            (waiver.member, waiver.collection, period, waiver.reason)
            for period in periods.loc[is_in, "period_id"]
        ]
    columns = ["member_iso3", "collection_id", "period_id", "waiver_reason"]
    found = pd.DataFrame(rows, columns=columns).drop_duplicates(columns[:3])
    kinds = {name: "str" for name in columns if name != "period_id"} | {"period_id": "Int64"}
    return found.astype(kinds)


def _owing(members: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Return which member owes which collection: a row for each of the two together."""
    named = members.loc[
        members["kind"] != "union", ["iso3", "region_id", "joined_on", "left_on"]
    ].rename(columns={"iso3": "member_iso3"})
    parts = [
        named[_owes(named["member_iso3"], one)].assign(collection_id=one.id)
        for one in framework.collections
    ]
    return pd.concat(parts, ignore_index=True)


def _owes(iso3: pd.Series, collection: Collection) -> pd.Series:
    is_exempt = iso3.isin(collection.exempt)
    return ~is_exempt if collection.owed_by == "all" else ~is_exempt & iso3.isin(collection.owed_by)


def due_dates(unmet: pd.DataFrame, coming: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Join what is owed and what will be, with the days left (negative: gone by)."""
    table = pd.concat([unmet, coming])
    due_on = table["due_on"].astype("datetime64[us]")
    left = (due_on - pd.Timestamp(as_of)).dt.days.astype("int64")
    table = table.assign(due_on=due_on, days_left=left)
    table = table.sort_values(["due_on", "collection_id", "period_id"])
    return table[[column.name for column in DUE_COLUMNS]]


DUE_FRAME: Final = NamedFrame(
    "member_due_dates", DUE_COLUMNS, read_due_dates, frozenset({"members", "as_of"})
)
