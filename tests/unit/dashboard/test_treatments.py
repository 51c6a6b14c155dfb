"""What is said about outliers: what a shape calls for, whose values, and what that would change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.framework import Framework, read_framework
from dashboard.incentive_values import INDICATORS
from dashboard.pillar_scores import (
    PILLAR_COLUMNS,
    PILLARS,
    is_treated,
    normalised,
    score_pillars,
)
from dashboard.treatments import treatment_table

SIZE = 40
EVEN = dict.fromkeys(PILLARS, 1.0)


def _framework(**rules: Any) -> Framework:
    shipped, _ = read_framework()
    return shipped.model_copy(update={"ranking": shipped.ranking.model_copy(update=rules)})


def _frame(**columns: Any) -> pd.DataFrame:
    """Members M00 to M39, everything alike but the columns that are given."""
    frame = pd.DataFrame({column.name: 0.0 for column in PILLAR_COLUMNS}, index=range(SIZE))
    frame["member_iso3"] = [f"M{place:02d}" for place in range(SIZE)]
    counts = {"counted": 30, "owed": 30, "rows_checked": 500}
    frame = frame.assign(span="selected", standing="ranked", **counts)
    frame = frame.assign(**{**dict.fromkeys(INDICATORS, 0.5), "quality_score": 60.0})
    return frame.assign(**columns)


def _row(table: pd.DataFrame, indicator: str) -> pd.Series:
    return table.set_index("indicator").loc[indicator]


LOW_TAIL = np.array([0.05, *np.linspace(0.8, 1.0, SIZE - 1)])


def test_one_value_far_out_is_set_to_the_next_and_its_member_is_named() -> None:
    table = treatment_table(
        _frame(received_share=LOW_TAIL), _framework(), EVEN, "arithmetic", "min_max"
    )
    row = _row(table, "received_share")
    assert (row["treatment"], row["treated_count"], row["members_treated"]) == (
        *("winsorised", 1),
        "M00",
    )
    assert row["brought_to"] == pytest.approx(0.8)
    assert row["skewness"] <= -2 and row["kurtosis"] >= 3.5
    assert bool(row["is_applied"])
    others = table[table["indicator"] != "received_share"]
    assert set(others["treatment"]) <= {"none", "yes_or_no"}
    assert others["ranks_moved"].isna().all()


def test_the_effect_is_the_difference_of_two_rankings() -> None:
    """Coverage and timeliness pull apart, so that the width of coverage's scale decides."""
    frame = _frame(received_share=LOW_TAIL, on_time_share=np.linspace(1.0, 0.7, SIZE))
    weights = {"timeliness": 1.0, "coverage": 1.0}
    table = treatment_table(frame, _framework(), weights, "arithmetic", "min_max")

    def ranks(coverage: np.ndarray) -> pd.Series:
        """Min-max of both by hand, added."""
        scaled = [
            (one - one.min()) / (one.max() - one.min())
            for one in (coverage, frame["on_time_share"].to_numpy())
        ]
        return pd.Series(np.round(sum(scaled), 12)).rank(ascending=False, method="min")

    moves = (ranks(LOW_TAIL) - ranks(np.maximum(LOW_TAIL, 0.8))).abs()
    row = _row(table, "received_share")
    assert moves.max() > 0
    assert (row["ranks_moved"], row["largest_move"]) == ((moves > 0).sum(), moves.max())


def test_a_yes_or_no_is_never_treated() -> None:
    rare = np.array([0.0, 0.0] + [1.0] * (SIZE - 2))
    table = treatment_table(_frame(survey=rare), _framework(), EVEN, "arithmetic", "min_max")
    assert _row(table, "survey")["treatment"] == "yes_or_no"
    scored = score_pillars(_frame(survey=rare), _framework(), "min_max")
    assert scored["engagement_pillar"].nunique() == 2


@pytest.mark.parametrize(
    ("rule", "treated"),
    [
        ("relative", {"min_max", "z_score"}),
        ("always", {"goalposts", "min_max", "z_score", "rank"}),
        ("never", set()),
    ],
)
def test_the_framework_says_under_which_normalisations_it_is_done(
    rule: str, treated: set[str]
) -> None:
    ranking = _framework(treat_outliers=rule).ranking
    kinds = ("goalposts", "min_max", "z_score", "rank")
    assert {kind for kind in kinds if is_treated(ranking, kind)} == treated


def test_what_is_not_applied_is_shown_as_what_it_would_change() -> None:
    frame = _frame(received_share=LOW_TAIL, on_time_share=np.linspace(1.0, 0.7, SIZE))
    row = _row(
        treatment_table(frame, _framework(), EVEN, "arithmetic", "goalposts"), "received_share"
    )
    assert not row["is_applied"]
    assert row["treatment"] == "winsorised" and row["ranks_moved"] > 0


def test_goalposts_are_not_touched_by_a_treatment_that_is_not_applied() -> None:
    frame = _frame(received_share=LOW_TAIL)
    scored = score_pillars(frame, _framework(), "goalposts")
    assert scored["coverage_pillar"].tolist() == pytest.approx((LOW_TAIL * 100).tolist())


def test_min_max_takes_its_ends_from_the_treated_values() -> None:
    scored = score_pillars(_frame(received_share=LOW_TAIL), _framework(), "min_max")
    # 0.05 is brought to 0.8, which is the least.
    assert scored["coverage_pillar"].iloc[:2].tolist() == pytest.approx([0.0, 0.0])
    assert scored["coverage_pillar"].iloc[-1] == pytest.approx(100.0)


def test_the_error_of_a_score_is_scaled_like_the_score() -> None:
    values = np.linspace(0.0, 0.5, SIZE)
    frame = _frame(received_share=values, received_share_sampling_error=0.02)
    scored = score_pillars(frame, _framework(treat_outliers="never"), "min_max")
    # Half the range makes 100 points, so one unit makes 200.
    assert scored["coverage_error"].tolist() == pytest.approx([4.0] * SIZE)


def test_members_that_are_listed_apart_do_not_stretch_the_scale() -> None:
    values = np.linspace(0.5, 1.0, SIZE)
    values[0] = 0.0
    counted = np.full(SIZE, 30)
    counted[0] = 1
    frame = _frame(received_share=values, counted=counted)
    scored = score_pillars(frame, _framework(treat_outliers="never"), "min_max")
    assert np.isnan(scored["coverage_pillar"].iloc[0])
    assert scored["coverage_pillar"].iloc[1] == 0.0


def test_nothing_at_all_gives_a_row_per_indicator() -> None:
    table = treatment_table(_frame().iloc[:0], _framework(), EVEN, "arithmetic", "min_max")
    assert len(table) == sum(len(pillar.indicators) for pillar in _framework().pillars)
    assert table["n"].sum() == 0


@pytest.mark.parametrize("kind", ["goalposts", "min_max", "z_score", "rank"])
def test_scores_stay_on_their_scale_and_keep_what_is_missing(kind: str) -> None:
    rng = np.random.default_rng(11)
    framework = _framework(treat_outliers="always")
    indicators = [one for pillar in framework.pillars[:4] for one in pillar.indicators]
    raw = np.exp(rng.normal(0, 2, (SIZE, 4)))
    raw[3, 1] = np.nan
    scores = normalised(raw, indicators, framework.ranking, kind)
    assert np.isnan(scores).sum() == 1 and np.isnan(scores[3, 1])
    assert np.nanmin(scores) >= 0 and np.nanmax(scores) <= 100
