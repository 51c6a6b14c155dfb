"""The builders of the chase list against plain computations on the raw tables."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import chase as statements


@pytest.fixture(scope="module")
def members(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]


@pytest.mark.parametrize("days_ago", [0, 700])
def test_the_last_receipt_is_the_newest_period_known_by_then(
    days_ago: int, warehouse: Warehouse, members: pd.DataFrame, data_on: date
) -> None:
    selection = Selection(as_of=data_on - timedelta(days=days_ago))
    table = warehouse.frame(select(*schema.agg_obligation.c)).drop(columns="region_id")
    known = table[table["known_on"] <= pd.Timestamp(selection.as_of)].merge(members, on="member_id")
    newest: dict[tuple[str, str], tuple[int, object, str]] = {}
    for row in known.sort_values("period_id").to_dict("records"):
        is_known = row["received_bound"] != "unknown"
        newest[row["iso3"], row["collection_id"]] = (
            row["period_id"],
            row["received_on"] if is_known else pd.NaT,
            row["received_bound"],
        )
    expected = pd.DataFrame(
        [(*key, *value) for key, value in sorted(newest.items())],
        columns=["member_iso3", "collection_id", "period_id", "received_on", "received_bound"],
    )
    found = warehouse.frame(statements.last_receipts(selection))
    assert len(found) > 800
    assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("days_ago", "region"), [(0, None), (600, None), (0, "asia_pacific"), (5000, None)]
)
def test_the_correspondent_is_of_the_latest_act_done_by_then(
    days_ago: int, region: str | None, warehouse: Warehouse, members: pd.DataFrame, data_on: date
) -> None:
    selection = Selection(
        as_of=data_on - timedelta(days=days_ago), regions=(region,) if region else ()
    )
    acts = warehouse.frame(select(*schema.fct_activity.c)).drop(columns="region_id")
    acts = acts[
        (acts["kind"] == "correspondent")
        & acts["is_done"]
        & (acts["happened_on"] <= pd.Timestamp(selection.as_of))
    ].merge(members, on="member_id")
    if region:
        acts = acts[acts["region_id"] == region]
    acts = acts.sort_values(["happened_on", "activity_id"]).groupby("iso3").tail(1)
    acts = acts.sort_values("iso3").reset_index(drop=True)
    expected = acts[["iso3", "note", "happened_on"]].set_axis(
        ["member_iso3", "correspondent", "named_on"], axis=1
    )
    found = warehouse.frame(statements.correspondents(selection))
    assert (len(found) > 5) == (days_ago < 5000)
    assert_frame_equal(found, expected, check_dtype=False)
