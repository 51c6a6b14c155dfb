"""The builders of timeliness: every status by hand, and plain computations on the raw tables."""

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
from dashboard.warehouse import schema
from dashboard.warehouse.publishing import publish
from dashboard.warehouse.reading import Warehouse
from queries import timeliness as statements
from tests.support.receipts import again_at
from tests.support.workshops import (
    ALBANIA,
    ALGERIA,
    DATA_ON,
    FRANCE,
    GERMANY,
    finish_by_hand,
    open_workshop,
)

WAIVER = """
[[waivers]]
member = "ALB"
collection = "monthly"
first = "2023-09"
last = "2023-09"
reason = "Earthquake"
"""
NAMES = ["ALB", "DEU", "DZA", "FRA"]

# --- Every branch of a status, on a warehouse made by hand ---------------------------------------


def _fill_by_hand(url: str) -> None:
    """Months are due 45 days after their end; the log begins on 2023-09-01."""
    filler = open_workshop(url, extra=WAIVER)
    filler.submission(GERMANY, 202307, "2023-09-01T08:00:00")
    filler.submission(FRANCE, 202308, "2023-09-20T08:00:00", is_accepted=False)
    # September 2023, due 2023-11-14.
    filler.submission(ALBANIA, 202309, "2023-11-01T08:00:00")
    filler.submission(GERMANY, 202309, "2023-11-10T08:00:00", bound="upper")
    filler.submission(ALGERIA, 202309, None)
    filler.submission(
        FRANCE, 202309, "2023-11-20T08:00:00", bound="upper", absent="2023-11-13T08:00:00"
    )
    # October 2023, due 2023-12-15.
    filler.submission(FRANCE, 202310, "2023-12-15T23:00:00")
    filler.submission(GERMANY, 202310, "2023-12-16T00:30:00")
    filler.submission(GERMANY, 202310, "2024-02-01T08:00:00")
    filler.submission(ALGERIA, 202310, "2023-12-20T08:00:00", bound="upper")
    filler.submission(
        ALBANIA, 202310, "2023-12-20T08:00:00", bound="upper", absent="2023-12-15T08:00:00"
    )
    # January 2024, due 2024-03-16, after the last day of the data.
    filler.submission(GERMANY, 202401, "2024-02-10T08:00:00")
    finish_by_hand(filler.workshop)
    publish(filler.workshop, url)


@pytest.fixture
def by_hand(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Answers ``(period, as of) -> {member: status}`` on a warehouse of its own."""
    url = f"duckdb:///{tmp_path / 'warehouse.duckdb'}"
    if engine_name == "postgresql":
        url = request.getfixturevalue("fresh_postgres_url")
    _fill_by_hand(url)
    warehouse = Warehouse(url, deadline_seconds=60)

    def ask(selection: Selection) -> pd.DataFrame:
        frame = warehouse.frame(statements.obligation_status(selection))
        return frame[frame["member_iso3"].isin(NAMES)].set_index("member_iso3")

    yield ask
    warehouse.close()


def _month(month: str, as_of: date = DATA_ON) -> Selection:
    return Selection(collection="monthly", first=month, last=month, as_of=as_of)


def test_every_status_by_hand(by_hand: Any) -> None:
    october = by_hand(_month("2023-10"))
    assert october["status"].to_dict() == {
        "FRA": "on_time",  # received in the last hour of the due day
        "DEU": "late",  # half an hour into the next day
        "DZA": "unknown",  # seen after the due day, nobody looked before
        "ALB": "late",  # seen to be absent on the due day
    }
    assert october.loc["DEU", "received_on"] == pd.Timestamp("2023-12-16")
    assert october.loc["DEU", "revision_count"] == 1
    assert october.loc["DZA", "received_bound"] == "upper"
    assert set(october["due_on"]) == {pd.Timestamp("2023-12-15")}

    september = by_hand(_month("2023-09"))
    assert september["status"].to_dict() == {
        "FRA": "unknown",  # absent on the day before the due day: it may have come on it
        "DEU": "on_time",  # an upper bound before the due day is enough
        "DZA": "unknown",  # no day at all
        "ALB": "waived",  # though it came
    }
    assert pd.isna(september.loc["DZA", "received_on"])

    january = by_hand(_month("2024-01"))
    assert january.loc["DEU", "status"] == "on_time"
    assert january.loc["FRA", "status"] == "pending"

    august = by_hand(_month("2023-08"))
    assert august.loc["FRA", "status"] == "overdue"  # a rejected submission is none
    assert pd.isna(august.loc["FRA", "received_on"])

    # Only what fell due after the log began counts: 2023-08-14 did not, 2023-09-14 did.
    assert not by_hand(_month("2023-06"))["is_counted"].any()
    assert by_hand(_month("2023-07"))["is_counted"].all()
    assert by_hand(_month("2023-07")).loc["DEU", "status"] == "on_time"

    # As of the past: what came later is not there yet, and is not yet overdue on its due day.
    before = by_hand(_month("2023-10", date(2023, 12, 14)))
    assert before["status"].to_dict() == dict.fromkeys(NAMES, "pending")
    due_day = by_hand(_month("2023-10", date(2023, 12, 15)))
    assert due_day["status"].to_dict() == {
        **dict.fromkeys(NAMES, "pending"),
        "FRA": "on_time",
    }
    next_day = by_hand(_month("2023-10", date(2023, 12, 16)))
    assert next_day["status"].to_dict() == {
        "ALB": "overdue",
        "DEU": "late",
        "DZA": "overdue",
        "FRA": "on_time",
    }
    assert next_day["received_bound"].notna().to_dict() == {
        "ALB": False,
        "DEU": True,
        "DZA": False,
        "FRA": True,
    }

    # A period that still runs on that day owes nothing yet.
    assert by_hand(_month("2023-10", date(2023, 10, 31))).empty


# --- The sample against plain computations -----------------------------------------------------


@pytest.fixture(scope="module")
def obligations(warehouse: Warehouse) -> pd.DataFrame:
    """All obligations with their members' codes, as the tables hold them."""
    held = warehouse.frame(select(*schema.agg_obligation.c)).drop(columns="region_id")
    members = warehouse.frame(select(*schema.dim_member.c))[["member_id", "iso3", "region_id"]]
    held = held.merge(members.rename(columns={"iso3": "member_iso3"}), on="member_id")
    return held.assign(again_at=again_at(warehouse, held))


def _status(row: Any, as_of: pd.Timestamp) -> str:
    """The status of one obligation, in plain words of indicators."""
    if row.is_waived:
        return "waived"
    if pd.isna(row.known_on) or row.known_on > as_of:
        return "pending" if as_of <= row.due_on else "overdue"
    if row.received_bound == "unknown":
        return "unknown"
    if row.received_on <= row.due_on:
        return "on_time"
    is_proved = not pd.isna(row.absent_on) and row.absent_on >= row.due_on
    return "late" if row.received_bound == "exact" or is_proved else "unknown"


def _expected(
    obligations: pd.DataFrame, selection: Selection, *, every_collection: bool = False
) -> pd.DataFrame:
    assert selection.first and selection.last
    as_of = pd.Timestamp(selection.as_of)
    ends = obligations["period_ends_on"]
    months = obligations["period_id"] > 9999
    first = pd.Timestamp(f"{selection.first}-01")
    last = pd.Timestamp(f"{selection.last}-01") + pd.offsets.MonthEnd(0)
    in_months = months & (ends >= first) & (ends <= last)
    in_years = ~months & (ends.dt.year >= first.year) & (ends.dt.year <= last.year)
    kept = obligations[(in_months | in_years) & (ends < as_of)]
    if not every_collection:
        kept = kept[kept["collection_id"] == selection.collection]
    if selection.members:
        kept = kept[kept["member_iso3"].isin(selection.members)]
    elif selection.regions:
        kept = kept[kept["region_id"].isin(selection.regions)]
    is_there = kept["known_on"] <= as_of
    kept = kept.assign(
        status=[_status(row, as_of) for row in kept.itertuples()],
        received_on=kept["received_on"].where(is_there),
        received_bound=kept["received_bound"].where(is_there),
        revision_count=[
            sum(moment < as_of + pd.Timedelta(days=1) for moment in moments)
            for moments in kept["again_at"]
        ],
    )
    return kept.sort_values(["region_id", "member_iso3", "collection_id", "period_id"])


SELECTIONS = (
    {},
    {"regions": ("europe",)},
    {"regions": ("europe",), "members": ("KEN", "PLW")},
    {"collection": "trade_annual"},
    {"collection": "revenue_monthly", "days_ago": 200},
    {"first": "2016-01", "last": "2016-02"},
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


def _same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert_frame_equal(
        found,
        expected[list(found.columns)].reset_index(drop=True),
        check_dtype=False,
        rtol=1e-12,
    )


@pytest.mark.parametrize("given", SELECTIONS, ids=str)
@pytest.mark.parametrize("every_collection", [False, True])
def test_the_status_of_every_obligation(
    given: dict[str, Any],
    every_collection: bool,
    warehouse: Warehouse,
    obligations: pd.DataFrame,
    data_on: date,
) -> None:
    selection = _selection(data_on, given)
    found = warehouse.frame(
        statements.obligation_status(selection, every_collection=every_collection)
    )
    expected = _expected(obligations, selection, every_collection=every_collection)
    assert expected.empty == (given.get("first") == "2016-01")
    _same(found, expected)


GRAINS = {
    "region_period": ["region_id", "period_id"],
    "collection_period": ["collection_id", "period_id"],
    "member": ["region_id", "member_iso3"],
    "region": ["region_id"],
    "period": ["period_id"],
    "all": [],
}


@pytest.mark.parametrize("given", SELECTIONS, ids=str)
@pytest.mark.parametrize("by", sorted(GRAINS))
def test_how_many_stand_in_each_status(
    by: Any,
    given: dict[str, Any],
    warehouse: Warehouse,
    obligations: pd.DataFrame,
    data_on: date,
) -> None:
    selection = _selection(data_on, given)
    expected = _expected(obligations, selection, every_collection=by == "collection_period")
    keys = [*GRAINS[by], "status", "is_counted"]
    counts = expected.groupby(keys).size().rename("obligation_count").reset_index()
    _same(warehouse.frame(statements.status_counts(selection, by=by)), counts.sort_values(keys))


@pytest.mark.parametrize("given", SELECTIONS, ids=str)
def test_what_is_overdue(
    given: dict[str, Any], warehouse: Warehouse, obligations: pd.DataFrame, data_on: date
) -> None:
    selection = _selection(data_on, given)
    expected = _expected(obligations, selection, every_collection=True)
    expected = expected[expected["status"] == "overdue"].sort_values(
        ["due_on", "member_iso3", "collection_id", "period_id"]
    )
    _same(warehouse.frame(statements.overdue_obligations(selection)), expected)


@pytest.mark.parametrize("days_ago", [0, 120])
@pytest.mark.parametrize("collection", ["trade_monthly", "trade_annual"])
def test_what_each_member_traded_in_the_last_year(
    collection: str, days_ago: int, warehouse: Warehouse, data_on: date
) -> None:
    as_of = data_on - timedelta(days=days_ago)
    selection = Selection(first="2016-01", last=f"{data_on.year - 1}-06", as_of=as_of)
    trade, sent = schema.fct_trade.c, schema.fct_submission.c
    held = warehouse.frame(select(*schema.fct_submission.c))
    night = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    held = held[
        held["is_accepted"]
        & (held["known_at"] < night)
        & (held["superseded_at"].isna() | (held["superseded_at"] >= night))
    ]
    traded = warehouse.frame(
        select(trade.submission_id, trade.reporter_id, trade.period_id, trade.flow_code,
               trade.value_usd, sent.collection_id)
        .join(schema.fct_submission, sent.submission_id == trade.submission_id)
        .where(sent.collection_id == collection)
    )  # fmt: skip
    traded = traded[traded["submission_id"].isin(held["submission_id"])]
    members = warehouse.frame(select(*schema.dim_member.c))
    year = data_on.year - 1
    months = [(year - 1) * 100 + m for m in range(7, 13)] + [year * 100 + m for m in range(1, 7)]
    kept = traded[
        (traded["collection_id"] == collection)
        & traded["flow_code"].isin(["M", "X"])
        & traded["period_id"].isin([*months, year])
    ].merge(members, left_on="reporter_id", right_on="member_id")
    expected = kept.groupby(["region_id", "iso3"])["value_usd"].sum().reset_index()
    found = warehouse.frame(statements.traded_values(selection, collection))
    assert len(found) > 100
    _same(found, expected.rename(columns={"iso3": "member_iso3"}))
