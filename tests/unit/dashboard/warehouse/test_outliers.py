"""Candidates of the outlier desk: every number is worked in the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.warehouse import dimensions, rollups
from dashboard.warehouse.statistics import outliers
from dashboard.warehouse.workshop import discard
from tests.support.workshops import (
    ALBANIA,
    ALGERIA,
    DATA_ON,
    FRANCE,
    Filler,
    finish_by_hand,
    open_workshop,
)

MONTHS = [2022 * 100 + month for month in range(1, 13)] + [2023 * 100 + m for m in range(1, 13)]
JULY = 202307


@pytest.fixture
def filler(tmp_path: Path) -> Iterator[Filler]:
    filler = open_workshop(f"duckdb:///{tmp_path / 'w.duckdb'}")
    yield filler
    discard(filler.workshop)


def _candidates(filler: Filler, *, is_revised: bool = False) -> list[dict[str, Any]]:
    """What the builder finds; only a revision needs the whole of finishing."""
    shop = filler.workshop
    if is_revised:
        finish_by_hand(shop)
    else:
        dimensions.fill(shop.connection, shop.framework, last_day=DATA_ON)
        rollups.fill(shop.connection)
        outliers.fill(shop.connection, shop.framework, DATA_ON)
    rows = filler.workshop.connection.execute("FROM agg_outlier ORDER BY ALL")
    names = [one[0] for one in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _fill(
    filler: Filler, reporter: int, odd: float | None, *, code: str = "2701", base: float = 1000
) -> None:
    """Two years of exports to France: one odd July, and 9,000 of another heading beside."""
    for month in MONTHS:
        value = odd if month == JULY else base
        rows = [("X", FRANCE, "8703", 9000)]
        if value is not None:
            rows.append(("X", FRANCE, code, value))
        filler.submission(reporter, month, "2024-01-05", rows=rows)


def test_a_spike_in_a_flat_series_is_a_candidate_with_its_effect(filler: Filler) -> None:
    _fill(filler, ALBANIA, 4000)
    (found,) = _candidates(filler)
    about = {name: found[name] for name in ("member_id", "flow_code", "commodity_code")}
    assert about == {"member_id": ALBANIA, "flow_code": "X", "commodity_code": "2701"}
    assert (found["period_id"], found["collection_id"]) == (JULY, "monthly")
    assert found["value_usd"] == pytest.approx(4000)
    assert found["expected_usd"] == pytest.approx(1000)
    assert found["effect_usd"] == pytest.approx(3000)
    # 4,000 + 9,000 is all that Albania, and so its region, exported in that month.
    assert found["member_usd"] == found["region_usd"] == pytest.approx(13_000)
    assert found["point_count"] == 24
    # One of 24 leaves by log 4: z = 24 / 1.2533, which is more than the rule gives.
    assert found["z"] == pytest.approx(24 / 1.2533)
    assert found["method"] == "mean_deviation"
    assert (found["low_usd"], found["high_usd"]) == pytest.approx((1000 / 1.1, 1100))


def test_a_sudden_zero_is_a_candidate_by_rule_without_a_z(filler: Filler) -> None:
    _fill(filler, ALBANIA, None)
    (found,) = _candidates(filler)
    assert (found["method"], found["z"], found["value_usd"]) == ("rule", None, 0)
    assert found["effect_usd"] == pytest.approx(-1000)
    assert found["point_count"] == 23


@pytest.mark.parametrize(("odd", "count"), [(1095, 0), (1110, 1)])
def test_what_moves_no_total_is_no_candidate(filler: Filler, odd: float, count: int) -> None:
    # Both leave the flat series. 95 of 10,095 is under 1 % of Albania's total and 95 of 110,095
    # under 0.2 % of the region's; 110 of 10,110 is over 1 %.
    _fill(filler, ALBANIA, odd)
    filler.submission(FRANCE, JULY, "2024-01-05", rows=[("X", ALBANIA, "8703", 100_000)])
    assert len(_candidates(filler)) == count


def test_totals_of_the_region_are_those_of_its_members(filler: Filler) -> None:
    _fill(filler, ALBANIA, 4000)
    filler.submission(FRANCE, JULY, "2024-01-05", rows=[("X", ALBANIA, "8703", 7000)])
    filler.submission(ALGERIA, JULY, "2024-01-05", rows=[("X", ALBANIA, "8703", 500)])
    (found,) = _candidates(filler)
    # Albania and France are of one region, Algeria is not.
    assert found["member_usd"] == pytest.approx(13_000)
    assert found["region_usd"] == pytest.approx(20_000)


def test_the_partners_record_is_of_the_same_trade(filler: Filler) -> None:
    _fill(filler, ALBANIA, 4000)
    rows = [
        ("M", ALBANIA, "270112", 1050),  # a subheading of it
        ("M", ALBANIA, "2701", 20),
        ("M", ALGERIA, "2701", 777),  # of another partner
        ("X", ALBANIA, "2701", 888),  # of the other flow
        ("M", ALBANIA, "2702", 999),  # of another heading
    ]
    filler.submission(FRANCE, JULY, "2024-01-05", rows=rows)
    (found,) = _candidates(filler)
    assert found["mirror_usd"] == pytest.approx(1070)


def test_without_a_partners_record_it_is_missing_not_zero(filler: Filler) -> None:
    _fill(filler, ALBANIA, 4000)
    (found,) = _candidates(filler)
    assert found["mirror_usd"] is None


def test_a_revision_that_mends_the_figure_ends_the_case(filler: Filler) -> None:
    _fill(filler, ALBANIA, 4000)
    rows = [("X", FRANCE, "8703", 9000), ("X", FRANCE, "2701", 1000)]
    filler.submission(ALBANIA, JULY, "2024-02-01", rows=rows)
    assert _candidates(filler, is_revised=True) == []


def test_broad_collections_are_judged_by_chapter(filler: Filler) -> None:
    for month in MONTHS:
        rows = [("X", FRANCE, f"{chapter:02d}01", 100) for chapter in range(1, 11)]
        # Within chapter 01 one heading replaces another: the chapter is as usual.
        if month == JULY:
            rows[0] = ("X", FRANCE, "0102", 100)
        filler.submission(ALBANIA, month, "2024-01-05", rows=rows)
    assert _candidates(filler) == []
    lengths = filler.workshop.connection.execute(
        "SELECT DISTINCT code_length FROM agg_outlier_series"
    ).fetchall()
    assert lengths == [(2,)]


def test_short_series_are_counted_and_not_judged(filler: Filler) -> None:
    for month in MONTHS[:11]:
        rows = [("X", FRANCE, "2701", 1000 if month != 202206 else 90_000)]
        filler.submission(ALBANIA, month, "2024-01-05", rows=rows)
    for year in range(2020, 2024):
        rows = [("M", FRANCE, "2701", 10**year % 7 + 1)]
        filler.submission(ALBANIA, year, "2024-01-05", collection="annual", rows=rows)
    assert _candidates(filler) == []
    found = filler.workshop.connection.execute("FROM agg_outlier_series ORDER BY ALL").fetchall()
    assert found == [
        ("annual", ALBANIA, "M", 4, 1, 0, 7),
        ("monthly", ALBANIA, "X", 4, 1, 0, 12),
    ]


def test_a_month_that_was_not_sent_is_no_zero(filler: Filler) -> None:
    for month in MONTHS:
        if month != JULY:
            filler.submission(ALBANIA, month, "2024-01-05", rows=[("X", FRANCE, "2701", 1000)])
    assert _candidates(filler) == []


def test_an_empty_workshop_has_no_candidates(filler: Filler) -> None:
    assert _candidates(filler) == []
