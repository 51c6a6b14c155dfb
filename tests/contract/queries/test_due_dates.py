"""The builders of due dates against plain computations on the raw tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import due_dates as statements


@pytest.fixture(scope="module")
def obligations(warehouse: Warehouse) -> pd.DataFrame:
    """All obligations with their members' codes and the reasons of their waivers."""
    keys = ["member_id", "collection_id", "period_id"]
    table = warehouse.frame(select(*schema.agg_obligation.c))
    told = warehouse.frame(select(*schema.fct_obligation.c))[[*keys, "waiver_reason"]]
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3"]]
    return table.merge(told, on=keys).merge(members, on="member_id")


def _status(row: pd.Series, as_of: pd.Timestamp) -> str:
    """The status as docs/indicators.md tells it, written out once more."""
    if row["is_waived"]:
        return "waived"
    if pd.notna(row["known_on"]) and row["known_on"] <= as_of:
        if row["received_bound"] == "unknown":
            return "unknown"
        if row["received_on"] <= row["due_on"]:
            return "on_time"
        is_late = row["received_bound"] == "exact" or (
            pd.notna(row["absent_on"]) and row["absent_on"] >= row["due_on"]
        )
        return "late" if is_late else "unknown"
    return "pending" if as_of <= row["due_on"] else "overdue"


@pytest.mark.parametrize(
    ("days_ago", "scope"),
    [(0, {}), (0, {"regions": ("americas",)}), (500, {"members": ("HTI", "KEN")})],
)
def test_due_obligations_are_those_of_the_last_quarter_and_the_pending(
    days_ago: int,
    scope: dict[str, tuple[str, ...]],
    warehouse: Warehouse,
    obligations: pd.DataFrame,
    data_on: date,
) -> None:
    selection = replace(Selection(as_of=data_on - timedelta(days=days_ago)), **scope)
    as_of = pd.Timestamp(selection.as_of)
    kept = obligations[
        (obligations["period_ends_on"] < as_of)
        & (obligations["due_on"] >= as_of - pd.Timedelta(days=92))
    ]
    if selection.regions:
        kept = kept[kept["region_id"] == "americas"]
    if selection.members:
        kept = kept[kept["iso3"].isin(selection.members)]
    kept = kept.sort_values(["due_on", "collection_id", "period_id", "iso3"])
    expected = pd.DataFrame(
        {
            "member_iso3": kept["iso3"],
            "region_id": kept["region_id"],
            "collection_id": kept["collection_id"],
            "period_id": kept["period_id"],
            "due_on": kept["due_on"],
            "status": kept.apply(_status, axis=1, as_of=as_of),
            "waiver_reason": kept["waiver_reason"],
        }
    )
    found = warehouse.frame(statements.due_obligations(selection))
    assert len(found) > 8
    assert_frame_equal(found, expected.reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("days_ago", [0, 900])
def test_waived_obligations_have_their_reason_however_long_ago(
    days_ago: int, warehouse: Warehouse, obligations: pd.DataFrame, data_on: date
) -> None:
    selection = Selection(as_of=data_on - timedelta(days=days_ago))
    kept = obligations[
        obligations["is_waived"] & (obligations["period_ends_on"] < pd.Timestamp(selection.as_of))
    ].sort_values(["iso3", "collection_id", "period_id"])
    found = warehouse.frame(statements.waived_obligations(selection))
    columns = ["iso3", "collection_id", "period_id", "waiver_reason"]
    expected = kept[columns].rename(columns={"iso3": "member_iso3"}).reset_index(drop=True)
    assert len(found) >= 3
    assert found["waiver_reason"].notna().all()
    assert_frame_equal(found, expected, check_dtype=False)
