"""Key results are assessed as the indicators page says, on hand-sized cases."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from callbacks.views.strategy import assess

TODAY = date(2025, 1, 1)


def _declared(**changes: object) -> pd.DataFrame:
    row = {
        "key_result_id": "r",
        "strategy_id": "1",
        "tactic_id": "1.1",
        "name_en": "Result",
        "name_fr": "Résultat",
        "source": "check_in",
        "unit": "share",
        "baseline": 0.0,
        "target": 1.0,
        "started_on": pd.Timestamp("2024-01-01"),
        "deadline_on": pd.Timestamp("2026-01-01"),
        "cadence_days": 91,
        "owner": "Somebody",
        "view": None,
    }
    return pd.DataFrame([row | changes])


def _values(*pairs: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key_result_id": ["r"] * len(pairs),
            "measured_on": pd.to_datetime([day for day, _ in pairs]),
            "value": [value for _, value in pairs],
        }
    )


def _reports(*pairs: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key_result_id": pd.array(["r"] * len(pairs), dtype="str"),
            "checked_in_on": pd.to_datetime([day for day, _ in pairs]),
            "value": np.full(len(pairs), np.nan),
            "confidence": np.array([value for _, value in pairs], dtype="float64"),
        }
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.5, "on_track"), (0.36, "on_track"), (0.3, "at_risk"), (0.2, "off_track")],
)
def test_status_is_progress_over_an_even_pace(value: float, expected: str) -> None:
    # 366 of 731 days are gone, so half of the way is expected.
    row = assess(_declared(), _values(("2024-12-31", value)), _reports(), TODAY).iloc[0]
    assert row["progress"] == pytest.approx(value)
    assert row["expected"] == pytest.approx(366 / 731)
    assert row["status"] == expected


def test_a_result_that_should_fall_makes_progress_by_falling() -> None:
    row = assess(
        _declared(baseline=40.0, target=20.0), _values(("2024-12-31", 30.0)), _reports(), TODAY
    ).iloc[0]
    assert row["progress"] == pytest.approx(0.5)


def test_without_a_value_nothing_has_started() -> None:
    row = assess(_declared(), _values(), _reports(), TODAY).iloc[0]
    assert np.isnan(row["value"])
    assert row["status"] == "not_started"
    assert np.isnan(row["hit_probability"])


@pytest.mark.parametrize(
    ("value", "confidence", "disagrees"),
    [(0.5, 0.2, True), (0.5, 0.9, False), (0.1, 0.9, True), (0.1, 0.2, False), (0.3, 0.9, False)],
)
def test_confidence_that_contradicts_the_status_is_a_signal(
    value: float, confidence: float, disagrees: bool
) -> None:
    row = assess(
        _declared(), _values(("2024-12-31", value)), _reports(("2024-12-01", confidence)), TODAY
    ).iloc[0]
    assert bool(row["disagrees"]) is disagrees


@pytest.mark.parametrize(
    ("last", "stale"), [("2024-12-01", False), ("2024-10-02", False), ("2024-10-01", True)]
)
def test_a_check_in_older_than_its_cadence_is_stale(last: str, stale: bool) -> None:
    row = assess(_declared(), _values(), _reports((last, 0.5)), TODAY).iloc[0]
    assert bool(row["is_stale"]) is stale


def test_nobody_ever_checked_in_is_stale_from_the_start_on() -> None:
    assert bool(assess(_declared(), _values(), _reports(), TODAY).iloc[0]["is_stale"])
    young = _declared(started_on=pd.Timestamp("2024-12-01"))
    assert not bool(assess(young, _values(), _reports(), TODAY).iloc[0]["is_stale"])


def test_change_is_against_a_quarter_before() -> None:
    values = _values(("2024-08-31", 0.2), ("2024-09-30", 0.3), ("2024-12-31", 0.5))
    row = assess(_declared(), values, _reports(), TODAY).iloc[0]
    assert row["change"] == pytest.approx(0.5 - 0.3)


def test_the_forecast_follows_a_steady_trend_to_the_last_month_end_by_the_deadline() -> None:
    ends = pd.date_range("2024-01-31", "2024-12-31", freq="ME")
    noise = np.array([0.002, -0.002] * 6)
    values = _values(*((str(day.date()), 0.045 * i + noise[i]) for i, day in enumerate(ends)))
    declared = _declared(unit="points")
    row = assess(declared, values, _reports(), TODAY).iloc[0]
    # The deadline is 1 January 2026, so twelve months ahead of the twelfth value.
    assert row["forecast"] == pytest.approx(0.045 * 23, abs=0.02)
    assert row["forecast_low"] < row["forecast"] < row["forecast_high"]
    assert 0.5 < row["hit_probability"] < 1


def test_a_forecast_of_a_share_stays_within_it() -> None:
    ends = pd.date_range("2024-01-31", "2024-12-31", freq="ME")
    values = _values(*((str(day.date()), 0.08 * i + 0.01 * (i % 2)) for i, day in enumerate(ends)))
    row = assess(_declared(), values, _reports(), TODAY).iloc[0]
    assert row["forecast"] == row["forecast_high"] == 1.0


def test_after_the_deadline_there_is_no_forecast() -> None:
    ends = pd.date_range("2024-01-31", "2024-12-31", freq="ME")
    values = _values(*((str(day.date()), 0.04 * i) for i, day in enumerate(ends)))
    past = _declared(deadline_on=pd.Timestamp("2024-12-31"))
    row = assess(past, values, _reports(), TODAY).iloc[0]
    assert np.isnan(row[["hit_probability", "forecast", "forecast_low"]].astype("float64")).all()


def test_a_reported_result_is_worth_its_latest_check_in() -> None:
    reports = _reports(("2024-11-15", 0.5), ("2024-12-31", 0.5)).assign(value=[0.3, 0.4])
    row = assess(_declared(), _values(("2024-11-30", 0.3)), reports, TODAY).iloc[0]
    assert row["value"] == pytest.approx(0.4)
    computed = _declared(source="warehouse")
    row = assess(computed, _values(("2024-11-30", 0.3)), reports, TODAY).iloc[0]
    assert row["value"] == pytest.approx(0.3)
