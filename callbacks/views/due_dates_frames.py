"""What the frames of due dates hold: obligations and periods to come, counted by day.

Nothing is drawn here.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from callbacks.named import NamedFrame
from callbacks.services import Services
from callbacks.views.members_due import to_come
from dashboard.frames import SCOPE_FIELDS, Column
from dashboard.framework import Framework
from dashboard.selection import Selection
from queries import due_dates as statements
from queries.members import periods_to_come

FIELDS: Final = SCOPE_FIELDS | {"as_of"}
"""The calendar has a range of its own, and shows every collection."""

RECEIVED: Final = ("on_time", "late", "unknown")
STATES: Final = ("received", "overdue", "pending", "waived")
_KEYS: Final = ["due_on", "collection_id", "period_id"]
_COUNTS: Final = tuple(Column(state, unit="count") for state in ("owed", *STATES))


def read_due_obligations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return what fell due lately and what will, with its status, by due date."""
    assert selection.as_of is not None
    owed = services.frame(statements.due_obligations(selection))
    members = services.generation.members
    if selection.members:
        members = members[members["iso3"].isin(selection.members)]
    elif selection.regions:
        members = members[members["region_id"].isin(selection.regions)]
    coming = services.frame(periods_to_come(selection))
    later = to_come(coming, members, services.framework)
    # A period that is not over yet is not yet due either.
    later["status"] = later["status"].replace("to_come", "pending")
    both = pd.concat([owed, later]) if len(later) else owed
    left = (both["due_on"] - pd.Timestamp(selection.as_of)).dt.days.astype("Int64")
    both = both.assign(days_left=left).sort_values([*_KEYS, "member_iso3"])
    return both[[column.name for column in DUE_OBLIGATIONS.columns]]


DUE_OBLIGATIONS: Final = NamedFrame(
    "due_obligations",
    (
        Column("member_iso3"),
        Column("region_id"),
        Column("collection_id"),
        Column("period_id"),
        Column("due_on"),
        Column("status"),
        Column("days_left", unit="days"),
        Column("waiver_reason"),
    ),
    read_due_obligations,
    FIELDS,
)


def counted(obligations: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return how many obligations of each group stand where; ``owed`` leaves out the waived."""
    state = obligations["status"].where(~obligations["status"].isin(RECEIVED), "received")
    marked = obligations[keys].assign(**{one: (state == one).astype("int64") for one in STATES})
    table = marked.groupby(keys, sort=True)[list(STATES)].sum().reset_index()
    owed = table["received"] + table["overdue"] + table["pending"]
    return table.assign(owed=owed)[[*keys, "owed", *STATES]]


def read_due_calendar(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the due dates with how many obligations stand where."""
    return counted(DUE_OBLIGATIONS.read(services, selection), _KEYS)


def read_due_by_region(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the same by region."""
    return counted(DUE_OBLIGATIONS.read(services, selection), ["region_id", *_KEYS])


def read_derogations(services: Services, selection: Selection) -> pd.DataFrame:
    """Return the derogations of the selected members, those that run longest first."""
    waived = services.frame(statements.waived_obligations(selection))
    table = derogations(services.framework, waived)
    regions = services.catalogue.members
    table["region_id"] = table["member_iso3"].map(regions).astype("str")
    if selection.members:
        table = table[table["member_iso3"].isin(selection.members)]
    elif selection.regions:
        table = table[table["region_id"].isin(selection.regions)]
    table = table[table["member_iso3"].isin(list(regions))]
    table = table.sort_values(
        ["last_month", "member_iso3", "collection_id"], ascending=[False, True, True]
    )
    return table[[column.name for column in DEROGATIONS.columns]]


def derogations(framework: Framework, waived: pd.DataFrame) -> pd.DataFrame:
    """Return each waiver of the framework with how many obligations it has lifted so far."""
    rows = []
    for waiver in framework.waivers:
        is_annual = framework.collection(waiver.collection).frequency == "A"
        first, last = (int(month.replace("-", "")) for month in (waiver.first, waiver.last))
        if is_annual:
            # A year is waived if its last month is.
            first, last = first // 100, last // 100 - (last % 100 < 12)
        lifted = waived[
            (waived["member_iso3"] == waiver.member)
            & (waived["collection_id"] == waiver.collection)
            & waived["period_id"].between(first, last)
        ]
        rows.append(
            {
                "member_iso3": waiver.member,
                "collection_id": waiver.collection,
                "first_month": waiver.first,
                "last_month": waiver.last,
                "first_period_id": first,
                "last_period_id": last,
                "obligation_count": len(lifted),
                "waiver_reason": waiver.reason,
            }
        )
    texts = ["member_iso3", "collection_id", "first_month", "last_month"]
    numbers = ["first_period_id", "last_period_id", "obligation_count"]
    table = pd.DataFrame(rows, columns=[*texts, *numbers, "waiver_reason"])
    kinds = dict.fromkeys([*texts, "waiver_reason"], "str") | dict.fromkeys(numbers, "Int64")
    return table.astype(kinds)


DEROGATIONS: Final = NamedFrame(
    "derogations",
    (
        Column("member_iso3"),
        Column("region_id"),
        Column("collection_id"),
        Column("first_period_id"),
        Column("last_period_id"),
        Column("first_month"),
        Column("last_month"),
        Column("obligation_count", measure="obligation_count"),
        Column("waiver_reason"),
    ),
    read_derogations,
    FIELDS,
)

FRAMES: Final = (
    NamedFrame(
        "due_calendar",
        (Column("due_on"), Column("collection_id"), Column("period_id"), *_COUNTS),
        read_due_calendar,
        FIELDS,
    ),
    NamedFrame(
        "due_by_region",
        (
            Column("region_id"),
            Column("due_on"),
            Column("collection_id"),
            Column("period_id"),
            *_COUNTS,
        ),
        read_due_by_region,
        FIELDS,
    ),
    DUE_OBLIGATIONS,
    DEROGATIONS,
)
