"""What chance makes of trends: the builders against the tables, and what is shown against both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from callbacks import FRAMES
from callbacks.services import Services
from dashboard.selection import Catalogue, Selection, shift_month
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from dashboard.warehouse.statistics.trend_chance import DRAWS, first_period
from queries import delays as statements
from tests.support.app import test_app


@pytest.fixture(scope="module")
def screen(warehouse_url: str) -> Iterator[Services]:
    found: Services = test_app(warehouse_url).server.config["WCO_SERVICES"]
    yield found
    found.close()  # a connection that is left open warns in a later test


@pytest.fixture(scope="module")
def catalogue(screen: Services) -> Catalogue:
    return screen.catalogue


@pytest.mark.parametrize("collection", ["trade_monthly", "trade_annual", "revenue_monthly"])
def test_chance_is_worked_out_for_the_range_that_a_collection_opens_with(
    warehouse: Warehouse, catalogue: Catalogue, collection: str
) -> None:
    opened = Selection(collection=collection).resolve(catalogue)
    frame = warehouse.frame(statements.trend_chance(opened))
    assert list(frame.columns) == [
        *("first_period_id", "last_period_id", "draws", "series_count"),
        *("below_mean", "below_low", "below_high", "slope_least", "slope_most"),
    ]
    assert len(frame) == 1
    row = frame.iloc[0]
    assert opened.last is not None
    is_annual = catalogue.collections[collection] == "A"
    last = int(opened.last[:4] + ("" if is_annual else opened.last[5:]))
    assert row["last_period_id"] == last
    assert row["first_period_id"] == first_period(last, "A" if is_annual else "M")
    assert row["draws"] == DRAWS
    assert 0 <= row["below_low"] <= row["below_mean"] <= row["below_high"]
    if collection != "trade_annual":  # three years never reach a p-value below 0.05
        assert row["below_mean"] == pytest.approx(0.05 * row["series_count"], rel=0.35)
    assert row["slope_least"] < 0 < row["slope_most"]


def test_places_are_those_of_the_table_in_order(warehouse: Warehouse, catalogue: Catalogue) -> None:
    opened = Selection(collection="trade_monthly").resolve(catalogue)
    frame = warehouse.frame(statements.trend_chance_places(opened))
    held = warehouse.frame(select(*schema.agg_trend_chance_place.c))
    expected = held[held["collection_id"] == "trade_monthly"].sort_values("place")
    pd.testing.assert_frame_equal(
        frame, expected.drop(columns="collection_id").reset_index(drop=True)
    )
    row = warehouse.frame(statements.trend_chance(opened)).iloc[0]
    assert frame["place"].tolist() == list(range(1, int(row["series_count"]) + 1))
    for column in ("slope_low", "slope_middle", "slope_high"):
        assert frame[column].is_monotonic_increasing
    assert (frame["slope_low"] <= frame["slope_middle"]).all()
    assert (frame["slope_middle"] <= frame["slope_high"]).all()


def test_the_opening_range_shows_the_band_and_another_says_there_is_none(
    screen: Services, catalogue: Catalogue
) -> None:
    opened = Selection(collection="trade_monthly").resolve(catalogue)
    # Who has a trend is found by other ways at publication and for the screen.
    counted = screen.frame(statements.trend_chance(opened)).iloc[0]["series_count"]
    shown = FRAMES["member_delay_trends"].read(screen, opened)
    assert len(shown) == counted > 100
    assert shown[["chance_low", "chance_middle", "chance_high"]].notna().all(axis=None)
    assert FRAMES["delay_trend_chance"].read(screen, opened)["draws"].tolist() == [DRAWS]
    for other in (
        replace(opened, first=shift_month(opened.first or "", 1)),
        replace(opened, as_of=catalogue.data_on - timedelta(days=40)),
    ):
        assert FRAMES["member_delay_trends"].read(screen, other)["chance_low"].isna().all()
        row = FRAMES["delay_trend_chance"].read(screen, other).iloc[0]
        assert row["draws"] == 0
        assert row["expected_below"] == pytest.approx(0.05 * row["members_tested"])


def test_a_collection_that_nobody_owes_has_none(warehouse: Warehouse) -> None:
    nothing = Selection(collection="nothing_such", as_of=date(2025, 1, 1))
    assert warehouse.frame(statements.trend_chance(nothing)).empty
    assert warehouse.frame(statements.trend_chance_places(nothing)).empty
