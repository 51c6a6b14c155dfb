"""The frames of the cross-check on hand-sized cases."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from callbacks.views.cross_check import (
    AGREEMENT_COLUMNS,
    MEMBER_COLUMNS,
    agreement,
    compare,
    of_nearest_year,
)
from callbacks.views.quality_scores import SCORES

MEMBERS = ["FRA", "KEN", "NAM", "UGA", "UKR", "USA"]


def _ours(scores: list[float], half: float = 2.0, **columns: list[float]) -> pd.DataFrame:
    table: dict[str, Any] = {"member_iso3": MEMBERS[: len(scores)]}
    table["region_id"] = "europe"
    for name in SCORES:
        values = pd.Series(columns.get(name, scores), dtype="float64")
        table |= {name: values, f"{name}_low": values - half, f"{name}_high": values + half}
    return pd.DataFrame(table)


def _theirs(values: list[float], indicator: str = "spi_overall", year: int = 2019) -> pd.DataFrame:
    table = pd.DataFrame({"member_iso3": MEMBERS[: len(values)], "region_id": "europe"})
    return table.assign(indicator_id=indicator, year=year, value=values)


def test_one_year_is_taken_for_all_members_and_it_is_the_nearest() -> None:
    values = pd.concat([_theirs([1, 2, 3], year=2016), _theirs([4, 5], year=2019)])
    assert of_nearest_year(values, 2024)["value"].tolist() == [4, 5]
    assert of_nearest_year(values, 2016)["value"].tolist() == [1, 2, 3]


def test_of_two_years_as_near_the_earlier_is_taken() -> None:
    values = pd.concat([_theirs([1, 2], year=2018), _theirs([3, 4], year=2016)])
    assert of_nearest_year(values, 2017)["year"].unique().tolist() == [2016]


def test_each_of_our_scores_is_correlated_with_each_of_theirs() -> None:
    ours = _ours([10, 20, 30, 40, 50, 60], validity=[6, 5, 4, 3, 2, 1])
    spi = [2.0, 1.0, 4.0, 3.0, 6.0, 5.0]
    outside = pd.concat([_theirs(spi), _theirs([5, 5, 5, 5], "flat", 2016)])
    frame = agreement(ours, outside, ["flat", "spi_overall", "not_held"])
    assert frame["indicator_id"].unique().tolist() == ["flat", "spi_overall"]
    found = frame.set_index(["indicator_id", "score"])
    overall = found.loc[("spi_overall", "quality_score")]
    assert overall["rho"] == pytest.approx(stats.spearmanr([1, 2, 3, 4, 5, 6], spi)[0])
    assert (overall["n"], overall["year"], overall["theirs_count"]) == (6, 2019, 6)
    assert found.loc[("spi_overall", "validity"), "rho"] == pytest.approx(-overall["rho"])
    assert math.isnan(found.loc[("flat", "quality_score"), "rho"])


def test_nothing_from_outside_is_an_empty_frame() -> None:
    frame = agreement(_ours([1, 2]), _theirs([]), ["spi_overall"])
    assert frame.empty
    assert list(frame.columns) == [column.name for column in AGREEMENT_COLUMNS]


def test_a_member_is_out_of_line_if_even_the_nearer_limit_is_far_away() -> None:
    frame = compare(
        _ours([60, 50, 40, 30, 20, 10], half=1.0),
        _theirs([10, 50, 40, 30, 20, 60]),
        "quality_score",
    )
    found = frame.set_index("member_iso3")
    assert found.loc["FRA", "difference"] == 5
    assert found["is_out_of_line"].to_dict() == {
        **dict.fromkeys(MEMBERS, False),
        "FRA": True,
        "USA": True,
    }
    assert frame["member_iso3"].tolist()[:2] == ["FRA", "USA"]


def test_a_wide_interval_takes_a_member_back_into_line() -> None:
    frame = compare(
        _ours([60, 50, 40, 30, 20, 10], half=60.0),
        _theirs([10, 50, 40, 30, 20, 60]),
        "quality_score",
    )
    assert not frame["is_out_of_line"].any()


def test_the_places_of_members_with_both_scores_alone_count() -> None:
    frame = compare(_ours([60, math.nan, 40, 30]), _theirs([1, 2, 3]), "quality_score")
    assert sorted(frame["member_iso3"]) == ["FRA", "NAM"]
    assert sorted(frame["place_ours"]) == [1, 2]
    assert list(frame.columns) == [column.name for column in MEMBER_COLUMNS]
