"""The maths of the quality frames, on cases worked by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from callbacks.views.quality_frames import (
    RULE_COLUMNS,
    add_unplaced,
    range_before,
    score_regions,
    scored,
    with_share,
)
from dashboard.framework import Dimension, Framework, read_framework
from dashboard.selection import Selection


@pytest.fixture(scope="module")
def framework() -> Framework:
    """Two dimensions of the same weight among others, and at least 10 rows for a score."""
    worst = {"completeness": 0.30, "validity": 0.10}
    name = {"en": "-", "fr": "-"}
    dimensions = [
        Dimension.model_validate(
            {"id": one, "name": name, "weight": 25, "worst": worst.get(one, 1.0), "best": 0.0}
        )
        for one in ("completeness", "validity", "stability", "coherence")
    ]
    shipped, _ = read_framework()
    head = shipped.framework.model_copy(update={"minimum_checked_rows": 10})
    return shipped.model_copy(update={"dimensions": dimensions, "framework": head})


def _sums(*rows: tuple[str, str, float, float, int]) -> pd.DataFrame:
    table = pd.DataFrame(
        rows, columns=["member_iso3", "dimension_id", "numerator", "denominator", "rows_checked"]
    )
    regions = {"KEN": "east_southern_africa", "UGA": "east_southern_africa", "FRA": "europe"}
    return table.assign(region_id=table["member_iso3"].map(regions))


def test_a_score_lies_between_its_goalposts(framework: Framework) -> None:
    sums = _sums(("KEN", "completeness", 15, 100, 100), ("KEN", "validity", 1, 100, 100))
    row = scored(sums, ["member_iso3"], framework).iloc[0]
    assert row["completeness"] == pytest.approx(50)
    assert row["validity"] == pytest.approx(90)


def test_the_weight_of_what_is_missing_goes_to_the_others(framework: Framework) -> None:
    sums = _sums(("KEN", "completeness", 15, 100, 100), ("KEN", "validity", 1, 100, 100))
    row = scored(sums, ["member_iso3"], framework).iloc[0]
    assert row["quality_score"] == pytest.approx((25 * 50 + 25 * 90) / 50)
    assert row["weight_used"] == pytest.approx(0.5)
    assert math.isnan(row["stability"])


def test_too_few_rows_give_no_score(framework: Framework) -> None:
    sums = _sums(("KEN", "completeness", 0, 100, 9), ("KEN", "validity", 0, 100, 10))
    row = scored(sums, ["member_iso3"], framework).iloc[0]
    assert math.isnan(row["completeness"])
    assert row["validity"] == 100
    assert row["rows_checked"] == 10


def test_a_member_below_the_minimum_everywhere_has_no_overall_score(framework: Framework) -> None:
    row = scored(_sums(("KEN", "validity", 0, 5, 5)), ["member_iso3"], framework).iloc[0]
    assert math.isnan(row["quality_score"])
    assert row["weight_used"] == 0


def test_a_score_of_a_group_is_made_of_sums_not_of_scores(framework: Framework) -> None:
    sums = _sums(("KEN", "validity", 10, 100, 100), ("UGA", "validity", 0, 900, 900))
    region = score_regions(sums, framework).iloc[0]
    assert region["validity"] == pytest.approx(90)  # 10 of 1,000; the mean of 0 and 100 is 50
    assert region["member_count"] == 2
    assert (region["low_quartile"], region["middle"], region["high_quartile"]) == (25, 50, 75)


def test_no_sums_give_no_scores(framework: Framework) -> None:
    empty = _sums(("KEN", "validity", 0, 1, 1)).head(0)
    assert scored(empty, ["member_iso3", "region_id"], framework).empty
    assert score_regions(empty, framework).empty


def test_the_range_before_is_as_long() -> None:
    months = range_before(Selection(first="2024-03", last="2024-05"), is_annual=False)
    assert (months.first, months.last) == ("2023-12", "2024-02")


def test_the_range_before_whole_years_shares_no_year_with_them() -> None:
    years = range_before(Selection(first="2020-03", last="2021-02"), is_annual=True)
    assert (years.first, years.last) == ("2018-01", "2019-12")


def _counts(checked: int, failed: int) -> pd.DataFrame:
    counts = pd.DataFrame(
        {
            "rule_id": ["negative_value"],
            "dimension_id": ["validity"],
            "severity": ["error"],
            "rows_checked": pd.array([checked], dtype="Int64"),
            "rows_failed": pd.array([failed], dtype="Int64"),
            "submissions_checked": pd.array([3], dtype="Int64"),
            "submissions_failing": pd.array([1], dtype="Int64"),
            "members_failing": pd.array([1], dtype="Int64"),
        }
    )
    return with_share(counts).assign(unplaced_count=0)


def test_a_failed_share_is_failed_over_checked() -> None:
    assert _counts(200, 3)["failed_share"].tolist() == [0.015]


def test_a_rule_without_rows_has_no_share() -> None:
    assert math.isnan(_counts(0, 0)["failed_share"].iloc[0])


def test_rows_that_could_not_be_placed_join_their_rule_or_stand_alone() -> None:
    unplaced = pd.DataFrame(
        {
            "rule_id": ["negative_value", "unknown_reporter"],
            "dimension_id": ["validity", "validity"],
            "severity": ["error", "error"],
            "finding_count": pd.array([4, 7], dtype="Int64"),
        }
    )
    table = add_unplaced(_counts(200, 3), unplaced)[[column.name for column in RULE_COLUMNS]]
    known, alone = table.to_dict("records")
    assert (known["rows_failed"], known["unplaced_count"]) == (3, 4)
    assert (alone["rule_id"], alone["rows_checked"], alone["unplaced_count"]) == (
        "unknown_reporter",
        0,
        7,
    )
    assert math.isnan(alone["failed_share"])
