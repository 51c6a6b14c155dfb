"""How the ranking goes with external scores, on hand-sized cases."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats

from callbacks.views.incentives_outside import RANKING_OUTSIDE_COLUMNS, ranking_outside

MEMBERS = ["FRA", "KEN", "NAM", "UGA", "UKR", "USA"]
SCORES = [90.0, 80.0, 70.0, 60.0, 50.0, float("nan")]


def _ranking() -> pd.DataFrame:
    return pd.DataFrame({"member_iso3": MEMBERS, "incentive_score": SCORES})


def _outside(values: list[float], indicator: str) -> pd.DataFrame:
    table = pd.DataFrame({"member_iso3": MEMBERS, "region_id": "europe", "year": 2019})
    return table.assign(indicator_id=indicator, value=values)


def test_only_ranked_members_are_compared() -> None:
    theirs = [5.0, 3.0, 4.0, 2.0, 1.0, 100.0]
    found = ranking_outside(_ranking(), _outside(theirs, "lpi"), ["lpi"], None)
    assert list(found.columns) == [column.name for column in RANKING_OUTSIDE_COLUMNS]
    row = found.iloc[0]
    assert row["rho"] == pytest.approx(stats.spearmanr(SCORES[:5], theirs[:5]).statistic)
    assert (row["n"], row["theirs_count"], row["is_part"]) == (5, 6, False)


def test_the_score_that_the_ranking_is_made_of_is_marked_with_its_sub_scores() -> None:
    values = [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]
    names = ["capacity", "capacity_method", "lpi"]
    outside = pd.concat([_outside(values, name) for name in names])
    found = ranking_outside(_ranking(), outside, names, "capacity")
    assert dict(zip(found["indicator_id"], found["is_part"], strict=True)) == {
        "capacity": True,
        "capacity_method": True,
        "lpi": False,
    }


def test_without_external_scores_there_is_nothing_to_compare() -> None:
    found = ranking_outside(_ranking(), _outside([1.0] * 6, "x").iloc[:0], ["x"], None)
    assert found.empty
    assert list(found.columns) == [column.name for column in RANKING_OUTSIDE_COLUMNS]
