"""Newest months and delays on the published data, against the availability file itself.

The other route reads the file with the csv module and finds the curve by the max-min formula; it
knows nothing of the loader, the queries or the statistics.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from callbacks.services import Services
from dashboard.warehouse.schema import agg_obligation, dim_member
from tests.support.real_data import JOINED_LATER, month_end

pytestmark = pytest.mark.data

Read = Callable[..., pd.DataFrame]

TODAY = date(2024, 8, 27)
PUBLISHED = {202407: 4, 202406: 24, 202405: 25, 202403: 11, 202312: 20, 202212: 16}
"""Reporters by newest month present by 2024-08-27, as the data's own README has it."""


@pytest.fixture(scope="module")
def seen(shared_data: Path) -> dict[str, dict[int, str]]:
    """First retrieval of each reporter's months, by ISO code and period."""
    path = shared_data / "timeliness" / "comtrade_monthly_availability_2019_2024.csv.gz"
    found: dict[str, dict[int, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            months = found.setdefault(row["reporter_iso"].strip(), {})
            period = int(row["period"])
            months[period] = min(row["retrieved_by"], months.get(period, "9999"))
    return found


def newest(months: dict[int, str], today: date, joined: date | None = None) -> int:
    """Newest month there by a day, of those that a member owes; 0 for none."""
    return max(
        (
            period
            for period, day in months.items()
            if day <= today.isoformat()
            and (joined is None or month_end(period).replace(day=1) >= joined)
        ),
        default=0,
    )


def test_the_file_says_what_its_description_says(seen: dict[str, dict[int, str]]) -> None:
    counts = Counter(newest(months, TODAY) for months in seen.values())
    assert {period: counts[period] for period in PUBLISHED} == PUBLISHED
    assert len(seen) == 144


def test_the_newest_month_of_every_member_is_that_of_the_file(
    services: Services, seen: dict[str, dict[int, str]], regions: dict[str, str]
) -> None:
    table = agg_obligation.c
    found = services.frame(
        select(
            dim_member.c.iso3.label("iso3"),
            func.max(table.period_id).label("newest"),
        )
        .select_from(agg_obligation.join(dim_member, table.member_id == dim_member.c.member_id))
        .where(table.collection_id == "fish_monthly", table.known_on <= TODAY)
        .group_by(dim_member.c.iso3)
        .order_by(dim_member.c.iso3)
    )
    ours = dict(zip(found["iso3"], found["newest"].astype(int), strict=True))
    theirs = {
        iso3: newest(seen.get(iso3, {}), TODAY, JOINED_LATER.get(iso3)) for iso3 in sorted(regions)
    }
    assert len(theirs) == 186
    assert ours == {iso3: period for iso3, period in theirs.items() if period}


def test_reporters_that_are_no_members_are_the_whole_difference(
    read: Read, seen: dict[str, dict[int, str]], regions: dict[str, str]
) -> None:
    frame = read(
        "obligation_status", collection="fish_monthly", first="2019-01", last="2024-08", as_of=TODAY
    )
    there = frame[frame["received_on"].notna()]
    ours = Counter(there.groupby("member_iso3")["period_id"].max().astype(int))
    others = sorted(set(seen) - set(regions))
    outside = Counter(newest(seen[iso3], TODAY) for iso3 in others)
    late = {iso3 for iso3 in JOINED_LATER if iso3 in seen}
    assert others, "some reporters are no members"
    assert not {newest(seen[iso3], TODAY) for iso3 in late} & set(PUBLISHED)
    for period, count in PUBLISHED.items():
        assert ours[period] == count - outside[period], period


def slow_curve(pairs: list[tuple[int, bool]]) -> list[tuple[int, float]]:
    """The current-status estimate by the max-min formula."""
    days = sorted({day for day, _ in pairs})
    sums = {day: [0, 0] for day in days}
    for day, was_there in pairs:
        sums[day][0] += was_there
        sums[day][1] += 1

    def mean(start: int, end: int) -> float:
        inside = [sums[day] for day in days if start <= day <= end]
        return sum(k for k, _ in inside) / sum(n for _, n in inside)

    return [
        (
            day,
            max(
                min(mean(start, end) for end in days if end >= day)
                for start in days
                if start <= day
            ),
        )
        for day in days
    ]


@pytest.mark.parametrize("today", [TODAY, date(2024, 9, 23)])
def test_current_status_curves_by_region_are_those_of_the_file(
    read: Read, seen: dict[str, dict[int, str]], regions: dict[str, str], today: date
) -> None:
    curves = read(
        "delay_group_curves",
        collection="fish_monthly",
        first="2022-09",
        last="2024-08",
        as_of=today,
    )
    assert set(curves["estimate"]) == {"current_status"}
    assert set(curves["group"]) == set(regions.values())
    periods = [*range(202209, 202213), *range(202301, 202313), *range(202401, 202409)]
    for region in sorted(set(regions.values())):
        pairs = []
        for iso3 in (iso3 for iso3, where in regions.items() if where == region):
            for period in periods:
                begins = month_end(period).replace(day=1)
                if month_end(period) >= today or begins < JOINED_LATER.get(iso3, date.min):
                    continue
                first = seen.get(iso3, {}).get(period, "9999")
                pairs.append(((today - month_end(period)).days, first <= today.isoformat()))
        ours = curves[curves["group"] == region]
        expected = slow_curve(pairs)
        assert ours["days"].tolist() == [day for day, _ in expected]
        assert ours["received_share"].tolist() == pytest.approx([share for _, share in expected])
        assert ours["at_risk"].sum() == len(pairs)


def test_the_view_says_why_it_estimates_so(read: Read) -> None:
    frame = read("delay_estimates", as_of=date(2024, 9, 23)).set_index("collection_id")
    assert frame.loc["fish_monthly", "estimate"] == "current_status"
    assert frame.loc["fish_monthly", "inspected_on"] == pd.Timestamp("2024-09-23")
    assert frame.loc["fish_monthly", "exact"] == 0
    others = frame.drop(index="fish_monthly")
    assert set(others["estimate"]) == {"none"}


def test_nobody_is_given_a_trend_from_inspections(read: Read) -> None:
    assert read("member_delay_trends", collection="fish_monthly").empty
    row = read("delay_trend_chance", collection="fish_monthly").iloc[0]
    assert (row["members_seen"], row["members_tested"], row["draws"]) == (186, 0, 0)
