"""The builders about what is held against plain computations on the raw tables."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import data_held as statements

DAYS_AGO = (0, 500)


def _same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert not expected.empty
    assert_frame_equal(
        found.reset_index(drop=True),
        expected[found.columns].reset_index(drop=True),
        check_dtype=False,
    )


@pytest.mark.parametrize("days_ago", DAYS_AGO)
def test_each_collection_is_told_with_what_had_come(
    days_ago: int, warehouse: Warehouse, data_on: date
) -> None:
    selection = Selection(as_of=data_on - timedelta(days=days_ago))
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    sent = warehouse.frame(select(*schema.fct_submission.c))
    sent = sent[sent["is_accepted"] & (sent["known_at"] < night)]
    groups = sent.groupby("collection_id")
    is_current = sent["superseded_at"].isna() | (sent["superseded_at"] >= night)
    held = pd.DataFrame(
        {
            "first_period_id": groups["period_id"].min(),
            "last_period_id": groups["period_id"].max(),
            "periods_held": groups["period_id"].nunique(),
            "members_held": groups["reporter_id"].nunique(),
            "submission_count": groups.size(),
            "row_count": sent[is_current].groupby("collection_id")["row_count"].sum(),
            "last_received_on": groups["received_at"].max().dt.normalize(),
        }
    ).reset_index()
    table = warehouse.frame(select(*schema.dim_collection.c)).drop(
        columns=["first_period_id", "last_period_id"], errors="ignore"
    )
    expected = table.merge(held, on="collection_id", how="left").sort_values("sort_order")
    counts = ["periods_held", "members_held", "submission_count", "row_count"]
    expected[counts] = expected[counts].fillna(0)
    _same(warehouse.frame(statements.collections_held(selection)), expected)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
def test_files_are_listed_latest_first(days_ago: int, warehouse: Warehouse, data_on: date) -> None:
    selection = Selection(as_of=data_on - timedelta(days=days_ago))
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    log = warehouse.frame(select(*schema.load_log.c))
    expected = log[log["loaded_at"] < night].sort_values(
        ["loaded_at", "load_id"], ascending=[False, False]
    )
    _same(warehouse.frame(statements.files_loaded(selection)), expected)


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize(
    ("by", "keys"), [("period", ["period_id"]), ("member", ["member_iso3", "region_id"])]
)
def test_owed_is_what_was_due_or_came_early(
    by: str, keys: list[str], days_ago: int, warehouse: Warehouse, data_on: date
) -> None:
    selection = Selection(as_of=data_on - timedelta(days=days_ago), regions=("europe",))
    day = pd.Timestamp(selection.as_of)
    table = warehouse.frame(select(*schema.agg_obligation.c))
    members = warehouse.frame(select(schema.dim_member.c.member_id, schema.dim_member.c.iso3))
    table = table.merge(members.rename(columns={"iso3": "member_iso3"}), on="member_id")
    table["is_received"] = table["known_on"] <= day
    owed = table[
        ~table["is_waived"]
        & (table["region_id"] == "europe")
        & (table["period_ends_on"] < day)
        & (table["is_received"] | (table["due_on"] < day))
    ]
    groups = owed.groupby(["collection_id", *keys])
    expected = groups.size().rename("owed_count").reset_index()
    expected["received_count"] = groups["is_received"].sum().to_numpy()
    _same(warehouse.frame(statements.owed_and_received(selection, by=by)), expected)
