"""The maths of the quality frames, on cases worked by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from callbacks.views.quality_frames import RULE_COLUMNS, add_unplaced, with_share
from callbacks.views.quality_remedies import (
    REMEDY_COLUMNS,
    remedies_by_rule,
    remedies_of,
    with_plan,
)
from callbacks.views.quality_scores import (
    DIMENSIONS,
    range_before,
    score_members,
    score_periods,
    score_regions,
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


Row = tuple[str, int, dict[str, tuple[float, float, int]]]
REGIONS = {"KEN": "east_southern_africa", "UGA": "east_southern_africa", "FRA": "europe"}


def _parts(*rows: Row) -> pd.DataFrame:
    """The frame ``quality_parts``; numerator, denominator and rows by dimension."""
    table = []
    for member, period, of in rows:
        row: dict[str, object] = {
            "member_iso3": member,
            "region_id": REGIONS[member],
            "period_id": period,
        }
        for dimension in DIMENSIONS:
            parts = of.get(dimension, (math.nan,) * 3)
            names = (f"{dimension}_{part}" for part in ("numerator", "denominator", "rows"))
            row |= dict(zip(names, parts, strict=True))
        table.append(row)
    return pd.DataFrame(table)


def _one(row: dict[str, tuple[float, float, int]], framework: Framework) -> pd.Series:
    return score_members(_parts(("KEN", 202401, row)), framework).iloc[0]


def test_a_score_lies_between_its_goalposts(framework: Framework) -> None:
    row = _one({"completeness": (15, 100, 100), "validity": (1, 100, 100)}, framework)
    assert row["completeness"] == pytest.approx(50)
    assert row["validity"] == pytest.approx(90)


def test_the_weight_of_what_is_missing_goes_to_the_others(framework: Framework) -> None:
    row = _one({"completeness": (15, 100, 100), "validity": (1, 100, 100)}, framework)
    assert row["quality_score"] == pytest.approx((25 * 50 + 25 * 90) / 50)
    assert row["weight_used"] == pytest.approx(0.5)
    assert math.isnan(row["stability"])
    assert row["left_out"] == "coherence,stability"
    assert row["too_few"] == ""


def test_too_few_rows_give_no_score(framework: Framework) -> None:
    row = _one({"completeness": (0, 100, 9), "validity": (0, 100, 10)}, framework)
    assert math.isnan(row["completeness"])
    assert row["validity"] == 100
    assert row["rows_checked"] == 10
    assert row["too_few"] == "completeness"


def test_a_member_below_the_minimum_everywhere_has_no_overall_score(framework: Framework) -> None:
    row = _one({"validity": (0, 5, 5)}, framework)
    assert math.isnan(row["quality_score"])
    assert row["weight_used"] == 0
    assert pd.isna(row["spread"])


def test_a_dimension_that_the_framework_leaves_out_is_not_missed(framework: Framework) -> None:
    row = _one({"validity": (1, 100, 100), "consistency": (50, 100, 100)}, framework)
    assert math.isnan(row["consistency"])
    assert "consistency" not in row["left_out"]
    assert row["quality_score"] == pytest.approx(90)


def test_one_submission_has_a_score_and_no_interval(framework: Framework) -> None:
    row = _one({"validity": (1, 100, 100)}, framework)
    assert row["spread"] == "one_period"
    assert math.isnan(row["quality_score_low"])
    assert math.isnan(row["validity_high"])


def test_periods_that_are_all_alike_are_no_certainty(framework: Framework) -> None:
    parts = _parts(*(("KEN", 202400 + i, {"validity": (1, 100, 100)}) for i in range(1, 7)))
    row = score_members(parts, framework).iloc[0]
    assert row["spread"] == "none_seen"
    assert row["periods"] == 6
    assert math.isnan(row["quality_score_low"])


def test_a_dimension_of_one_period_is_left_out_of_the_interval_and_said_so(
    framework: Framework,
) -> None:
    parts = _parts(
        ("KEN", 202401, {"validity": (1, 100, 100), "stability": (5, 100, 100)}),
        ("KEN", 202402, {"validity": (3, 100, 100)}),
    )
    row = score_members(parts, framework).iloc[0]
    assert row["spread"] == "partial"
    assert row["quality_score_low"] < row["quality_score"] < row["quality_score_high"]
    assert math.isnan(row["stability_low"])


def test_a_score_of_a_group_is_made_of_sums_not_of_scores(framework: Framework) -> None:
    parts = _parts(
        ("KEN", 202401, {"validity": (10, 100, 100)}), ("UGA", 202401, {"validity": (0, 900, 900)})
    )
    region = score_regions(parts, score_members(parts, framework), framework).iloc[0]
    assert region["validity"] == pytest.approx(90)  # 10 of 1,000; the mean of 0 and 100 is 50
    assert region["member_count"] == 2
    assert (region["low_quartile"], region["middle"], region["high_quartile"]) == (25, 50, 75)


def test_periods_are_scored_one_by_one(framework: Framework) -> None:
    parts = _parts(
        ("KEN", 202401, {"validity": (1, 100, 100)}),
        ("UGA", 202401, {"validity": (3, 100, 100)}),
        ("KEN", 202402, {"validity": (10, 100, 100)}),
    )
    frame = score_periods(parts, ["region_id"], framework)
    assert frame["period_id"].tolist() == [202401, 202402]
    assert frame["validity"].tolist() == pytest.approx([80, 0])
    of_members = score_periods(parts, ["member_iso3", "region_id"], framework)
    assert of_members["member_iso3"].tolist() == ["KEN", "KEN", "UGA"]
    assert of_members["region_id"].unique().tolist() == ["east_southern_africa"]


def test_no_parts_give_no_scores(framework: Framework) -> None:
    empty = _parts(("KEN", 202401, {})).head(0)
    members = score_members(empty, framework)
    assert members.empty
    assert score_regions(empty, members, framework).empty
    assert score_periods(empty, ["region_id"], framework).empty


def _failed(*rows: tuple[str, str, str, float, int]) -> pd.DataFrame:
    """As ``queries.quality_parts.failures`` by member and period."""
    table = pd.DataFrame(
        rows, columns=["member_iso3", "rule_id", "dimension_id", "severity_weight", "rows_failed"]
    )
    return table.assign(
        region_id=table["member_iso3"].map(REGIONS),
        severity="warning",
        submissions_failing=1,
        period_id=202401,
    )


def test_a_remedy_is_worth_what_scoring_anew_gives(framework: Framework) -> None:
    parts = _parts(("KEN", 202401, {"completeness": (15, 100, 100), "validity": (4, 100, 100)}))
    failed = _failed(
        ("KEN", "zero_value", "validity", 0.4, 5), ("KEN", "gap", "completeness", 1, 9)
    )
    frame = remedies_of(parts, failed, framework).set_index("rule_id")
    # Validity 4 % to 2 %: 60 to 80; completeness 15 % to 6 %: 50 to 80; each has half the weight.
    assert frame.loc["zero_value", "gain"] == pytest.approx(10)
    assert frame.loc["gap", "gain"] == pytest.approx(15)
    assert frame["score_before"].unique() == pytest.approx([55])
    assert frame.index.tolist() == ["gap", "zero_value"]


def test_mending_below_the_worse_goalpost_gains_nothing(framework: Framework) -> None:
    parts = _parts(("KEN", 202401, {"validity": (40, 100, 100)}))
    failed = _failed(("KEN", "zero_value", "validity", 1, 20))  # 40 % to 20 %: 0 points both
    frame = remedies_of(parts, failed, framework)
    assert frame.empty
    assert list(frame.columns) == [column.name for column in REMEDY_COLUMNS]


def test_what_no_rule_measures_is_a_remedy_of_its_own(framework: Framework) -> None:
    parts = _parts(("KEN", 202401, {"coherence": (50, 100, 30)}))  # 50 points of 0 to 1
    (row,) = remedies_of(parts, _failed(), framework).to_dict("records")
    assert (row["dimension_id"], row["rows_failed"]) == ("coherence", 30)
    assert pd.isna(row["rule_id"])
    assert row["score_after"] == pytest.approx(100)


def test_remedies_count_whom_they_lift_by_a_point(framework: Framework) -> None:
    parts = _parts(
        ("KEN", 202401, {"validity": (4, 100, 100)}),
        ("UGA", 202401, {"validity": (2, 100, 100)}),
        ("FRA", 202401, {"validity": (2, 10_000, 9_000)}),
    )
    failed = _failed(
        ("KEN", "zero_value", "validity", 1, 4),
        ("UGA", "zero_value", "validity", 1, 1),
        ("UGA", "own_partner", "validity", 1, 1),
        ("FRA", "zero_value", "validity", 1, 2),  # 0.2 points
    )
    frame = remedies_by_rule(remedies_of(parts, failed, framework)).set_index("rule_id")
    assert frame.loc["zero_value", "members_helped"] == 2
    assert frame.loc["zero_value", "median_gain"] == pytest.approx(10)
    assert frame.loc["zero_value", "rows_failed"] == 7
    assert frame["members_best"].sum() == 3


def test_the_shortest_way_leads_to_the_median_of_the_region(framework: Framework) -> None:
    parts = _parts(
        ("KEN", 202401, {"validity": (5, 100, 100)}),
        ("KEN", 202402, {"validity": (3, 100, 100)}),
        ("UGA", 202401, {"validity": (1, 100, 100)}),
    )
    failed = _failed(("KEN", "zero_value", "validity", 1, 5), ("KEN", "gap", "validity", 0.5, 6))
    scores = score_members(parts, framework)
    of_kenya = remedies_of(parts, failed, framework)
    frame = with_plan(of_kenya, parts, failed, scores, framework).set_index("rule_id")
    # Kenya has 60, Uganda 90, so the median is 75: 8 of 200 must fall to 5 of 200.
    assert frame["target"].unique() == pytest.approx([75])
    assert frame["target_kind"].unique() == ["median"]
    assert frame["rows_to_target"].to_dict() == {"zero_value": 3, "gap": 0}
    # With the five failures of January mended, 0 and 3 of 100 are left.
    assert frame.loc["zero_value", "score_after"] == pytest.approx(85)
    assert frame.loc["zero_value", "after_low"] < 85 < frame.loc["zero_value", "after_high"]


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
