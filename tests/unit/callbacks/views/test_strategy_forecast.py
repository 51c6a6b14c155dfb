"""Series, statuses by month, paths and the test of forecasts, on cases worked in the test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from callbacks.views.strategy_forecast import (
    as_series,
    backtest,
    judge,
    month_statuses,
    paths,
)

MONTHS = pd.date_range("2022-01-31", "2024-12-31", freq="ME")


def _declared(count: int = 1, **changes: object) -> pd.DataFrame:
    row = {
        "tactic_id": "1.1",
        "unit": "points",
        "baseline": 0.0,
        "target": 100.0,
        "started_on": pd.Timestamp("2022-01-01"),
        "deadline_on": pd.Timestamp("2025-12-31"),
    }
    return pd.DataFrame([row | changes | {"key_result_id": f"r{i}"} for i in range(count)])


def _values(rows: np.ndarray) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"key_result_id": f"r{i}", "measured_on": MONTHS[: row.size], "value": row})
        for i, row in enumerate(np.atleast_2d(rows))
    ).reset_index(drop=True)


def test_month_statuses_follow_the_even_pace_and_mark_what_is_missing() -> None:
    values = _values(np.array([1.0, 2.0, 2.0]))
    values = values[values["measured_on"] > "2022-01-31"]
    declared = _declared(started_on=pd.Timestamp("2021-12-31"), target=48.0)
    found = month_statuses(as_series(declared, values))
    # Even pace: about one point a month; the second month is at 2, the third at 2 of 3.
    assert found["period_id"].tolist() == [202202, 202203]
    assert found["status"].tolist() == ["on_track", "at_risk"]
    both = _declared(2)
    other = _values(np.array([1.0, 2.0, 2.0]))
    missing = month_statuses(as_series(both, other))
    of_other = missing[missing["key_result_id"] == "r1"]
    assert of_other["status"].tolist() == ["missing"] * 3


def test_paths_run_to_the_last_month_end_by_the_deadline() -> None:
    values = _values(np.arange(36.0) + 0.1 * (np.arange(36) % 2))
    for deadline, last in (("2025-12-31", "2025-12-31"), ("2025-12-30", "2025-11-30")):
        series = as_series(_declared(deadline_on=pd.Timestamp(deadline)), values)
        found = paths(series, judge(series))
        assert str(found["measured_on"].iloc[-1].date()) == last
        assert found["chance"].notna().sum() == 1
        assert (found["forecast_low"] <= found["forecast"]).all()
        width = found["forecast_high"] - found["forecast_low"]
        assert (width.diff().dropna() > 0).all()


def test_without_values_there_are_no_statuses_no_paths_and_no_test() -> None:
    empty = as_series(_declared(), _values(np.zeros(36)).head(0))
    assert month_statuses(empty).empty
    assert paths(empty, judge(empty)).empty
    assert backtest(empty, judge(empty)).empty


@pytest.fixture
def tested() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    walks = np.cumsum(rng.normal(2.0, 3.0, (30, 36)), axis=1)
    series = as_series(_declared(30), _values(walks))
    return backtest(series, judge(series))


def _whole(tested: pd.DataFrame, name: str) -> dict[str, float]:
    """A figure by method, over all horizons."""
    whole = tested[tested["horizon"] == 0]
    return dict(zip(whole["method"].tolist(), whole[name].tolist(), strict=True))


def test_the_widened_interval_holds_what_it_promises_on_random_walks(tested: pd.DataFrame) -> None:
    coverage = _whole(tested, "coverage")
    assert coverage["widened"] == pytest.approx(0.95, abs=0.04)
    assert coverage["line"] < 0.8


def test_every_method_is_tested_on_the_same_trials(tested: pd.DataFrame) -> None:
    for _, group in tested.groupby("horizon"):
        assert len(set(group["trials"])) == 1
    of_each = tested[(tested["method"] == "drift") & (tested["horizon"] > 0)]
    whole = tested[(tested["method"] == "drift") & (tested["horizon"] == 0)]
    assert of_each["trials"].sum() == whole["trials"].iloc[0]


def test_scores_of_sure_guesses_are_shares(tested: pd.DataFrame) -> None:
    """Who always says one is wrong by one wherever it did not happen."""
    brier = _whole(tested, "brier")
    share = 1 - brier["everyone"]
    assert 0 < share < 1
    assert brier["base_rate"] < max(share, 1 - share)
