"""The builders of the members' page against plain computations on the raw tables."""

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
from queries import members as statements
from tests.support.receipts import again_at


@pytest.fixture(scope="module")
def obligations(warehouse: Warehouse) -> pd.DataFrame:
    """All obligations with the codes of members, periods and collections beside them."""
    table = warehouse.frame(select(*schema.agg_obligation.c))
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3"]]
    periods = warehouse.frame(select(*schema.dim_period.c))[["period_id", "starts_on"]]
    collections = warehouse.frame(select(*schema.dim_collection.c))
    table = table.assign(again_at=again_at(warehouse, table))
    return (
        table.merge(members, on="member_id")
        .merge(periods, on="period_id")
        .merge(collections[["collection_id", "sort_order", "frequency"]], on="collection_id")
    )


def _selection(data_on: date, days_ago: int, **changes: object) -> Selection:
    as_of = data_on - timedelta(days=days_ago)
    base = Selection(
        first="2024-03", last="2025-06", as_of=as_of, collection="trade_monthly", members=("KEN",)
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name


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


@pytest.mark.parametrize("days_ago", [0, 400])
def test_obligations_of_members_are_those_of_the_page(
    days_ago: int, warehouse: Warehouse, obligations: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on, days_ago, compared=("PLW", "FRA"))
    as_of = pd.Timestamp(selection.as_of)
    bound = {"M": 202506, "A": 2025}
    kept = obligations[
        obligations["iso3"].isin(["KEN", "PLW", "FRA"])
        & (obligations["period_ends_on"] < as_of)
        & (obligations["period_id"] <= obligations["frequency"].map(bound))
    ]
    kept = kept.sort_values(["iso3", "sort_order", "period_id"])
    is_received = kept["known_on"] <= as_of
    expected = pd.DataFrame(
        {
            "member_iso3": kept["iso3"],
            "region_id": kept["region_id"],
            "collection_id": kept["collection_id"],
            "period_id": kept["period_id"],
            "period_starts_on": kept["starts_on"],
            "period_ends_on": kept["period_ends_on"],
            "due_on": kept["due_on"],
            "received_on": kept["received_on"].where(is_received),
            "status": kept.apply(_status, axis=1, as_of=as_of),
            "is_counted": kept["is_counted"],
            "revision_count": [
                sum(moment < as_of + pd.Timedelta(days=1) for moment in moments)
                for moments in kept["again_at"]
            ],
        }
    )
    found = warehouse.frame(statements.obligations_of_members(selection))
    assert len(found) > 50
    assert_frame_equal(found, expected.reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize("days_ago", [0, 300])
def test_unmet_obligations_are_neither_received_nor_waived(
    days_ago: int, warehouse: Warehouse, obligations: pd.DataFrame, data_on: date
) -> None:
    worst = obligations[obligations["known_on"].isna()]["iso3"].value_counts().index[0]
    selection = _selection(data_on, days_ago, members=(worst, "KEN"))
    as_of = pd.Timestamp(selection.as_of)
    kept = obligations[
        (obligations["iso3"] == worst)
        & (obligations["period_ends_on"] < as_of)
        & ~(obligations["known_on"] <= as_of)
        & ~obligations["is_waived"]
    ].sort_values(["due_on", "collection_id", "period_id"])
    expected = kept.rename(columns={"iso3": "member_iso3"}).assign(
        status=kept["due_on"].ge(as_of).map({True: "pending", False: "overdue"})
    )
    columns = ["member_iso3", "collection_id", "period_id", "due_on", "status"]
    found = warehouse.frame(statements.unmet_obligations(selection))
    assert set(found["status"]) == {"pending", "overdue"} or days_ago
    assert len(found) > 0
    assert_frame_equal(found, expected[columns].reset_index(drop=True), check_dtype=False)


def test_nobody_chosen_owes_nothing(warehouse: Warehouse, data_on: date) -> None:
    selection = _selection(data_on, 0, members=(), compared=())
    assert warehouse.frame(statements.unmet_obligations(selection)).empty
    assert warehouse.frame(statements.obligations_of_members(selection)).empty


def test_periods_to_come_end_on_the_day_or_within_the_look_ahead(
    warehouse: Warehouse, data_on: date
) -> None:
    selection = _selection(data_on, 30)
    assert selection.as_of is not None
    periods = warehouse.frame(select(*schema.dim_period.c))
    collections = warehouse.frame(select(*schema.dim_collection.c))
    both = collections.merge(periods, on="frequency")
    as_of = pd.Timestamp(selection.as_of)
    horizon = as_of + pd.Timedelta(days=statements.LOOK_AHEAD_DAYS)
    kept = both[
        (both["period_id"] >= both["first_period_id"])
        & (both["period_id"] <= both["last_period_id"])
        & both["ends_on"].between(as_of, horizon)
    ].sort_values(["ends_on", "sort_order", "period_id"])
    expected = kept.rename(columns={"starts_on": "period_starts_on", "ends_on": "period_ends_on"})
    columns = ["collection_id", "period_id", "period_starts_on", "period_ends_on", "due_days"]
    found = warehouse.frame(statements.periods_to_come(selection))
    assert set(found["collection_id"]) == set(collections["collection_id"])
    assert_frame_equal(found, expected[columns].reset_index(drop=True), check_dtype=False)
