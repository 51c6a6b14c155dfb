"""The builder of releases: by hand on both engines, and on the sample against the facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from dashboard.selection import Selection
from dashboard.stats.revisions import comparable, first_and_latest
from dashboard.warehouse import schema
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from queries import revisions as statements
from tests.support.workshops import (
    ALBANIA,
    DATA_ON,
    FRANCE,
    GERMANY,
    PALAU,
    finish_by_hand,
    open_workshop,
)

OCTOBER = Selection(collection="monthly", first="2023-10", last="2023-10", as_of=DATA_ON)


def _fill_by_hand(url: str) -> None:
    """October 2023: France three releases, one refused and one mere receipt among them."""
    filler = open_workshop(url)

    def sent(reporter: int, received: str | None, exports: float, imports: float | None,
             **options: Any) -> None:  # fmt: skip
        rows = [("X", PALAU, "03", exports / 2), ("X", GERMANY, "03", exports / 2)]
        rows += [] if imports is None else [("M", PALAU, "03", imports)]
        has_data = options.get("has_data", True)
        filler.submission(reporter, 202310, received, rows=rows if has_data else [], **options)

    sent(FRANCE, "2023-11-20T08:00:00", 50, 50, is_accepted=False)
    sent(FRANCE, "2023-12-01T08:00:00", 100, 200)
    sent(FRANCE, "2023-12-10T08:00:00", 0, 0, has_data=False)
    sent(FRANCE, "2024-01-15T23:30:00", 110, 190)
    sent(FRANCE, "2024-02-20T08:00:00", 99, None)
    sent(GERMANY, "2023-12-01T08:00:00", 10, 10)
    sent(ALBANIA, None, 0, 5)
    sent(ALBANIA, "2024-01-02T08:00:00", 10, 5, bound="upper")
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)


@pytest.fixture
def by_hand(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Answers ``selection -> releases`` on a warehouse of its own."""
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    if engine_name == "postgresql":
        url = request.getfixturevalue("fresh_postgres_url")
    _fill_by_hand(url)
    warehouse = Warehouse(url, deadline_seconds=60)
    yield lambda selection: warehouse.frame(statements.releases(selection))
    warehouse.close()


def test_three_releases_one_refused_and_one_without_data(by_hand: Any) -> None:
    found = by_hand(OCTOBER)
    france = found[found["member_iso3"] == "FRA"]
    assert france["export_usd"].fillna(-1).tolist() == [100.0, -1.0, 110.0, 99.0]
    assert france["import_usd"].fillna(-1).tolist() == [200.0, -1.0, 190.0, -1.0]
    assert france["has_data"].tolist() == [True, False, True, True]
    assert france["known_on"].dt.strftime("%m-%d").tolist() == ["12-01", "12-10", "01-15", "02-20"]
    assert found.loc[found["member_iso3"] == "DEU", "received_bound"].tolist() == ["exact"]
    albania = found[found["member_iso3"] == "ALB"]
    assert albania["received_bound"].tolist() == ["unknown", "upper"]
    assert albania["known_on"].dt.strftime("%m-%d").tolist() == ["11-01", "01-02"]

    compared = first_and_latest(comparable(found)).set_index(["member_iso3", "flow_code"])
    assert compared.loc[("FRA", "X"), ["first_usd", "latest_usd"]].tolist() == [100.0, 99.0]
    assert compared.loc[("FRA", "M"), ["first_usd", "latest_usd"]].tolist() == [200.0, 0.0]
    assert compared.loc[("ALB", "X"), "revision_usd"] == 10.0
    assert pd.isna(compared.loc[("ALB", "X"), "relative_revision"])
    assert ("DEU", "X") not in compared.index


def test_a_past_day_knows_only_what_had_come(by_hand: Any) -> None:
    last_hour = by_hand(replace(OCTOBER, as_of=date(2024, 1, 15)))
    france = last_hour[last_hour["member_iso3"] == "FRA"]
    assert france["export_usd"].dropna().tolist() == [100.0, 110.0]
    day_before = by_hand(replace(OCTOBER, as_of=date(2024, 1, 14)))
    assert first_and_latest(comparable(day_before))["member_iso3"].unique().tolist() == ["ALB"]
    assert by_hand(replace(OCTOBER, as_of=date(2023, 10, 31))).empty


# --- The sample against the facts ----------------------------------------------------------------


@pytest.fixture(scope="module")
def facts(warehouse: Warehouse) -> pd.DataFrame:
    """Every accepted submission with its totals of exports and imports, from ``fct_trade``."""
    trade, sent = schema.fct_trade.c, schema.fct_submission
    rows = warehouse.frame(
        select(trade.submission_id, trade.flow_code, trade.value_usd).where(
            trade.flow_code.in_(["M", "X"])
        )
    )
    totals = rows.pivot_table(
        index="submission_id", columns="flow_code", values="value_usd", aggfunc="sum"
    )
    totals = totals.rename(columns={"X": "export_usd", "M": "import_usd"})
    sent_rows = warehouse.frame(select(*sent.c))
    sent_rows = sent_rows[sent_rows["is_accepted"]]
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]
    periods = warehouse.frame(select(*schema.dim_period.c))[["period_id", "ends_on"]]
    return (
        sent_rows.merge(members, left_on="reporter_id", right_on="member_id")
        .merge(periods, on="period_id")
        .merge(totals, left_on="submission_id", right_index=True, how="left")
        .rename(columns={"iso3": "member_iso3", "ends_on": "period_ends_on"})
    )


SELECTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"regions": ("europe",), "days_ago": 150},
    {"members": ("KEN", "PLW"), "days_ago": 400},
    {"collection": "trade_annual", "first": "2016-01", "days_ago": 3},
    {"collection": "revenue_monthly", "days_ago": 200},
    {"first": "2015-01", "last": "2015-02"},
)


def _selection(data_on: date, given: dict[str, Any]) -> Selection:
    values = dict(given)
    as_of = data_on - timedelta(days=values.pop("days_ago", 0))
    base = Selection(
        collection="trade_monthly",
        first=f"{data_on.year - 2}-03",
        last=f"{data_on.year}-{data_on.month:02d}",
        as_of=as_of,
    )
    return replace(base, **values)


def _expected(facts: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    assert selection.first and selection.last
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    ends = facts["period_ends_on"]
    is_month = facts["period_id"] > 9999
    first = pd.Timestamp(f"{selection.first}-01")
    last = pd.Timestamp(f"{selection.last}-01") + pd.offsets.MonthEnd(0)
    in_months = is_month & (ends >= first) & (ends <= last)
    in_years = ~is_month & (ends.dt.year >= first.year) & (ends.dt.year <= last.year)
    kept = facts[
        (in_months | in_years)
        & (facts["known_at"] < night)
        & (facts["collection_id"] == selection.collection)
    ]
    if selection.members:
        kept = kept[kept["member_iso3"].isin(selection.members)]
    elif selection.regions:
        kept = kept[kept["region_id"].isin(selection.regions)]
    kept = kept.assign(known_on=kept["known_at"].dt.floor("D"))
    return kept.sort_values(["region_id", "member_iso3", "period_id", "revision"])


@pytest.mark.parametrize("given", SELECTIONS, ids=str)
def test_releases_are_the_accepted_submissions_with_their_totals(
    given: dict[str, Any], warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on, given)
    found = warehouse.frame(statements.releases(selection))
    expected = _expected(facts, selection)
    assert expected.empty == (given.get("first") == "2015-01")
    assert_frame_equal(
        found,
        expected[list(found.columns)].reset_index(drop=True),
        check_dtype=False,
        rtol=1e-12,
    )


@pytest.mark.parametrize("days_ago", [0, 90, 400])
def test_the_latest_release_is_what_held_on_the_day(
    days_ago: int, warehouse: Warehouse, facts: pd.DataFrame, data_on: date
) -> None:
    """``superseded_at`` says what held; the releases must come to the same."""
    selection = _selection(data_on, {"days_ago": days_ago})
    releases = comparable(warehouse.frame(statements.releases(selection)))
    latest = releases[releases["release"] == releases["release_count"] - 1]
    night = pd.Timestamp(selection.as_of) + pd.Timedelta(days=1)
    held = _expected(facts, selection)
    held = held[held["superseded_at"].isna() | (held["superseded_at"] >= night)]
    columns = ["member_iso3", "period_id", "export_usd", "import_usd"]
    assert len(latest) > 100
    assert (latest["release"] > 0).any()
    assert_frame_equal(
        latest[columns].reset_index(drop=True),
        held[columns].reset_index(drop=True),
        check_dtype=False,
        rtol=1e-12,
    )
