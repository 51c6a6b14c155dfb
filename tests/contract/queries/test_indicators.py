"""The builder of external scores against plain computations on the raw tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.warehouse import schema
from dashboard.warehouse.reading import Warehouse
from queries import indicators as statements


@pytest.mark.parametrize("years_ago", [0, 4])
def test_values_are_those_of_years_that_had_begun(warehouse: Warehouse, years_ago: int) -> None:
    day = date.fromisoformat(warehouse.info()["data_on"]) - timedelta(days=366 * years_ago)
    selection = replace(Selection(members=("KEN",)), as_of=day)
    table = warehouse.frame(select(*schema.fct_indicator.c))
    members = warehouse.frame(select(*schema.dim_member.c))
    chosen = ["spi_overall", "clearance_hours"]
    kept = table[(table["year"] <= day.year) & table["indicator_id"].isin(chosen)]
    expected = kept.merge(members, on="member_id")
    expected = expected.rename(columns={"iso3": "member_iso3"})
    expected = expected.sort_values(["member_iso3", "indicator_id", "year"])
    found = warehouse.frame(statements.indicator_values(selection, chosen))
    assert found["year"].max() <= day.year
    assert len(found) > 200
    assert_frame_equal(
        found, expected[found.columns].reset_index(drop=True), check_dtype=False, rtol=1e-12
    )
