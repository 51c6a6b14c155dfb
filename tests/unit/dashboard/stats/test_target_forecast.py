"""Hold forecasts and their test to slow independent formulas, a simulation and invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from dashboard.stats.target_forecast import (
    FEWEST_JUDGED,
    Forecast,
    chance_of,
    drift_forecast,
    held_out,
    interval,
    line_forecast,
    misses,
    widening,
)

SERIES = arrays(np.float64, (2, 20), elements=st.integers(-50, 50).map(float))


@given(SERIES, st.integers(1, 30))
def test_drift_forecast_equals_the_textbook_formula(values: np.ndarray, ahead: int) -> None:
    """Of twelve steps: T - 1 = 12 in the standard error s sqrt(h (1 + h / (T - 1)))."""
    found = drift_forecast(values, [ahead], window=12)
    for row in range(2):
        for origin in (6, 12, 19):
            steps = np.diff(values[row, : origin + 1])
            recent = steps[-12:]
            centre = values[row, origin] + recent.mean() * ahead
            error = steps.std(ddof=1) * np.sqrt(ahead * (1 + ahead / recent.size))
            assert found.centre[row, origin, 0] == pytest.approx(centre)
            assert found.spread[row, origin, 0] == pytest.approx(error, abs=1e-5)
            assert found.freedom[row, origin, 0] == recent.size - 1


@given(SERIES, st.integers(1, 30))
def test_line_forecast_equals_the_matrix_form(values: np.ndarray, ahead: int) -> None:
    found = line_forecast(values, [ahead], window=12)
    for origin in (6, 11, 19):
        y = values[0, max(0, origin - 11) : origin + 1]
        design = np.column_stack([np.ones(y.size), np.arange(y.size)])
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ y
        error = y - design @ beta
        at = np.array([1.0, y.size - 1 + ahead])
        spread = np.sqrt(error @ error / (y.size - 2) * (1 + at @ inverse @ at))
        assert found.centre[0, origin, 0] == pytest.approx(float(at @ beta), abs=1e-8)
        assert found.spread[0, origin, 0] == pytest.approx(float(spread), abs=1e-6)


def test_a_forecast_needs_six_steps_and_takes_a_gap_for_no_change() -> None:
    series = [[np.nan, 0, 1, 2, 3, 4, 5, 6, np.nan]]
    centre = drift_forecast(series, [1]).centre[0, :, 0]
    assert np.isnan(centre[:7]).all()
    assert centre[7] == pytest.approx(7.0)
    assert centre[8] == pytest.approx(6 + 6 / 7)


@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
def test_the_chance_of_a_bound_is_its_share(share: float) -> None:
    one = drift_forecast([[0, 2, 3, 7, 8, 8, 12, 13]], [5])
    last = Forecast(*(part[:, -1, :] for part in one))
    low, high = interval(last, widening=1.7)
    bound = {0.025: high, 0.5: last.centre, 0.975: low}[share]
    assert chance_of(last, bound, True, widening=1.7) == pytest.approx(share)
    assert chance_of(last, bound, False, widening=1.7) == pytest.approx(1 - share)


def test_steps_without_scatter_hit_or_miss_for_certain() -> None:
    one = drift_forecast([np.arange(1, 13) * 0.1], [12])
    last = Forecast(*(part[0, -1, 0] for part in one))
    targets = np.array([2.4, 2.41])  # the line ends at 2.4, but for the last binary digits
    assert chance_of(last, targets, True).tolist() == [1.0, 0.0]
    assert chance_of(last, targets, False).tolist() == [1.0, 1.0]


def test_trials_are_all_pairs_of_a_forecast_and_what_came() -> None:
    values = np.arange(10.0)[None, :] ** 2
    trials = held_out(values, [1, 3], drift_forecast(values, [1, 3]))
    pairs = list(zip(trials.origin.tolist(), trials.horizon.tolist(), strict=True))
    assert pairs == [(6, 1), (6, 3), (7, 1), (8, 1)]
    assert trials.actual.tolist() == [49, 81, 64, 81]


def test_intervals_of_a_random_walk_hold_what_they_promise() -> None:
    """Simulated: 2,000 walks whose drift is unknown; 95 % within two points either way."""
    rng = np.random.default_rng(7)
    walks = np.cumsum(rng.normal(0.3, 1.0, (2000, 31)), axis=1)
    trials = held_out(walks, [6], drift_forecast(walks, [6]))
    of_one_month = trials.origin == 24
    assert np.mean(misses(trials)[of_one_month] <= 1) == pytest.approx(0.95, abs=0.02)
    # A line through the same walk takes its errors for independent and promises too much.
    lines = held_out(walks, [6], line_forecast(walks, [6]))
    assert np.mean(misses(lines)[lines.origin == 24] <= 1) < 0.75


def _walks(seed: int) -> np.ndarray:
    steps = stats.t(2).rvs((12, 40), random_state=seed)
    return np.cumsum(np.asarray(steps), axis=1)


@given(st.integers(0, 1000), st.integers(25, 38))
def test_widening_uses_nothing_from_its_future(seed: int, month: int) -> None:
    walks = _walks(seed)
    whole = held_out(walks, [1, 3], drift_forecast(walks, [1, 3]))
    other = walks.copy()
    other[:, month + 1 :] += 1000.0
    changed = held_out(other, [1, 3], drift_forecast(other, [1, 3]))
    before = widening(whole, 40)[: month + 1]
    np.testing.assert_array_equal(before, widening(changed, 40)[: month + 1])


@given(st.integers(0, 1000))
def test_widening_is_the_rank_of_the_misses_judged_by_then(seed: int) -> None:
    walks = _walks(seed)
    trials = held_out(walks, [1, 3], drift_forecast(walks, [1, 3]))
    factors = widening(trials, 40)
    missed = misses(trials)
    for month in (10, 20, 39):
        past = sorted(missed[trials.origin + trials.horizon <= month].tolist())
        if len(past) < FEWEST_JUDGED:
            assert np.isnan(factors[month])
            continue
        # At least 95 % of one more case than there are lie at or below it.
        reached = sum(miss <= factors[month] for miss in past)
        assert reached >= 0.95 * (len(past) + 1) - 1e-9
        assert factors[month] == 1 or sum(m < factors[month] for m in past) < 0.95 * (len(past) + 1)
