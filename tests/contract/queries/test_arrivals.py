"""The past that forecasts rest on: the builder against a plain computation on the raw tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.stats.open_obligations import ASKED
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries.arrivals import arrivals, forecast_tests, obligations_known

YEARS = {"M": 3, "A": 10}


@pytest.fixture(scope="module")
def every_obligation(warehouse: Warehouse) -> pd.DataFrame:
    table = schema.agg_obligation.c
    return warehouse.frame(
        select(*table).order_by(table.collection_id, table.period_id, table.member_id)
    )


def _expected(rows: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    assert selection.as_of is not None and selection.first and selection.last
    day = pd.Timestamp(selection.as_of)
    rows = rows[rows["period_ends_on"] < day]
    if selection.collection:
        rows = rows[rows["collection_id"] == selection.collection]
    is_month = rows["period_id"] > 9999
    first = [pd.Timestamp(selection.as_of - timedelta(days=days)) for days in (1096, 3653)]
    is_recent = rows["period_ends_on"] >= is_month.map({True: first[0], False: first[1]})
    month = rows["period_ends_on"].dt.strftime("%Y-%m")
    year = month.str[:4]
    in_range = month.between(selection.first, selection.last).where(
        is_month, year.between(selection.first[:4], selection.last[:4])
    )
    came = (rows["known_on"] <= day).fillna(False)
    dated = (rows["received_bound"] == "exact") | (
        (rows["received_bound"] == "upper") & rows["absent_on"].notna()
    )
    table = rows.assign(
        known_on=rows["known_on"].where(came), is_dated=came & dated, is_in_range=in_range
    )
    columns = ["collection_id", "period_id", "member_id", "period_ends_on", "due_on", "known_on"]
    columns += ["is_dated", "is_waived", "is_counted", "is_in_range"]
    return table.loc[is_recent | (~came & in_range), columns].reset_index(drop=True)


@pytest.mark.parametrize("collection", [None, "trade_monthly", "trade_annual"])
@pytest.mark.parametrize("days_back", [0, 300])
def test_it_gives_what_was_known_on_the_day(
    warehouse: Warehouse, every_obligation: pd.DataFrame, collection: str | None, days_back: int
) -> None:
    last = pd.to_datetime(every_obligation["period_ends_on"]).max().date()
    as_of: date = last - timedelta(days=days_back) + timedelta(days=20)
    selection = Selection(first="2022-01", last="2025-06", as_of=as_of, collection=collection)
    found = warehouse.frame(obligations_known(selection))
    expected = _expected(every_obligation, selection)
    assert len(found) > 100 and found["known_on"].isna().any()
    assert_frame_equal(found, expected, check_dtype=False)
    assert (found["known_on"].dropna() <= pd.Timestamp(as_of)).all()


# --- What is outstanding --------------------------------------------------------------------------


@pytest.mark.parametrize("collection", [None, "trade_monthly", "trade_annual"])
def test_what_is_outstanding_is_what_was_not_received_on_the_last_day(
    warehouse: Warehouse, every_obligation: pd.DataFrame, collection: str | None
) -> None:
    data_on = pd.Timestamp(warehouse.info()["data_on"])
    selection = Selection(first="2022-01", last="2025-06", collection=collection)
    found = warehouse.frame(arrivals(selection))
    member = schema.dim_member.c
    names = warehouse.frame(select(member.member_id, member.iso3.label("member_iso3")))
    rows = every_obligation.merge(names, on="member_id")
    month = rows["period_ends_on"].dt.strftime("%Y-%m")
    in_range = month.between("2022-01", "2025-06")  # of years, whole ones: they end in December
    in_range |= (rows["period_id"] < 9999) & rows["period_id"].between(2022, 2025)
    kept = in_range & ~rows["is_waived"].astype(bool) & (rows["period_ends_on"] < data_on)
    kept &= ~(rows["known_on"] <= data_on).fillna(False)
    if collection:
        kept &= rows["collection_id"] == collection
    expected = rows[kept].sort_values(["collection_id", "due_on", "member_iso3", "period_id"])
    keys = ["collection_id", "member_iso3", "period_id", "due_on"]
    assert len(found) > 20
    assert_frame_equal(found[keys], expected[keys].reset_index(drop=True), check_dtype=False)
    gone = (data_on - expected["period_ends_on"]).dt.days
    assert found["days_gone"].tolist() == gone.tolist()
    shares = found[[f"{asked}_share" for asked in ASKED]]
    assert shares.notna().all(axis=1).sum() > 10
    assert ((shares.dropna() >= 0) & (shares.dropna() <= 1)).all(axis=None)
    for asked in ASKED:
        known = found.dropna(subset=f"{asked}_share")
        assert (known[f"{asked}_low"] <= known[f"{asked}_high"]).all()


def test_without_a_range_nothing_is_asked(warehouse: Warehouse) -> None:
    assert warehouse.frame(arrivals(Selection())).empty


# --- Held-out forecasts ---------------------------------------------------------------------------


@pytest.mark.parametrize("days_back", [0, 200])
@pytest.mark.parametrize("scope", [{}, {"regions": ("europe",)}, {"members": ("KEN", "FRA")}])
def test_tests_are_those_that_had_fallen_due(
    warehouse: Warehouse, scope: dict[str, Any], days_back: int
) -> None:
    table, member = schema.agg_forecast_test.c, schema.dim_member.c
    every = warehouse.frame(select(*table).order_by(table.member_id))
    names = warehouse.frame(
        select(member.member_id, member.iso3, member.region_id).order_by(member.member_id)
    )
    last = every["due_on"].max().date()
    as_of = last - timedelta(days=days_back)
    selection = Selection(collection="trade_monthly", as_of=as_of, **scope)
    found = warehouse.frame(forecast_tests(selection))

    rows = every.merge(names[["member_id", "iso3"]], on="member_id")
    kept = (rows["collection_id"] == "trade_monthly") & (rows["due_on"] <= pd.Timestamp(as_of))
    if scope.get("regions"):
        kept &= rows["region_id"].isin(scope["regions"])
    if scope.get("members"):
        kept &= rows["iso3"].isin(scope["members"])
    expected = rows[kept].sort_values(["lead", "period_id", "member_id"], ignore_index=True)
    assert len(found) > 10
    assert_frame_equal(found, expected[list(found.columns)], check_dtype=False)


def test_what_happened_is_what_the_status_says(
    warehouse: Warehouse, every_obligation: pd.DataFrame
) -> None:
    """Each test is of an obligation that was open on its day, and of what became of it."""
    table = schema.agg_forecast_test.c
    tests = warehouse.frame(
        select(*table).order_by(table.collection_id, table.lead, table.period_id, table.member_id)
    )
    keys = ["collection_id", "member_id", "period_id"]
    both = tests.merge(every_obligation, on=keys, suffixes=("", "_then"))
    assert len(both) == len(tests) > 1000
    assert not both["is_waived"].any()
    assert ((both["known_on"] > both["made_on"]) | both["known_on"].isna()).all()
    assert (both["made_on"] >= both["period_ends_on"]).all()
    met = (both["received_on"] <= both["due_on"]).fillna(False)
    assert met.tolist() == both["is_on_time"].tolist()
    assert set(tests["lead"]) == {"due_month", "period_end"}
    assert tests["forecast_share"].between(0, 1).all()
