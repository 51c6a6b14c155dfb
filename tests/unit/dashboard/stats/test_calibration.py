"""Scores of forecasts: published examples, an exact distribution, and slow formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.calibration import (
    brier_parts,
    count_intervals,
    reliability_curve,
    skill_interval,
)

# Brier (1950), Mon. Weather Rev. 78, 1-3, table 1: ten forecasts of rain and what happened. His
# score adds the squares of both classes, rain and no rain, and comes to 0.19: twice this one.
RAIN = [0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1]
RAINED = [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_brier_score_is_the_one_that_brier_published() -> None:
    assert 2 * brier_parts(RAIN, RAINED).score == pytest.approx(0.19)


def test_brier_score_is_the_one_of_the_manual_of_scikit_learn() -> None:
    # sklearn.metrics.brier_score_loss: 0.0375 for these four.
    found = brier_parts([0.1, 0.9, 0.8, 0.3], [False, True, True, False])
    assert found.score == pytest.approx(0.0375)


def test_decomposition_by_hand() -> None:
    # Four at 0.25 of which one happened, four at 0.75 of which two did: the base is 3/8.
    found = brier_parts([0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 0, 0])
    assert found.reliability == pytest.approx((4 * 0.0 + 4 * 0.25**2) / 8)
    assert found.resolution == pytest.approx((4 * 0.125**2 + 4 * 0.125**2) / 8)
    assert found.uncertainty == pytest.approx(3 / 8 * 5 / 8)
    assert found.within == pytest.approx(0, abs=1e-15)


def test_always_one_half_scores_a_quarter() -> None:
    assert brier_parts([0.5] * 5, [1, 0, 0, 1, 0]).score == pytest.approx(0.25)


def test_without_a_forecast_there_is_no_score() -> None:
    assert np.isnan(brier_parts([], []).score)
    assert reliability_curve([], []).empty


@pytest.mark.parametrize("forecast", [[0.5, 1.5], [0.5, -0.1]])
def test_what_is_no_probability_is_refused(forecast: list[float]) -> None:
    with pytest.raises(ValueError, match="outside 0 to 1"):
        brier_parts(forecast, [True, False])


def test_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        reliability_curve([0.5], [True, False])


cases = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(cases)
def test_parts_add_up_to_the_score(drawn: list[tuple[float, bool]]) -> None:
    forecast, outcome = zip(*drawn, strict=True)
    found = brier_parts(forecast, outcome)
    slow = sum((p - y) ** 2 for p, y in drawn) / len(drawn)
    assert found.score == pytest.approx(slow, abs=1e-12)
    total = found.reliability - found.resolution + found.uncertainty + found.within
    assert total == pytest.approx(slow, abs=1e-12)
    assert min(found.reliability, found.resolution, found.uncertainty) >= 0


@given(cases)
def test_curve_counts_every_forecast_in_its_class(drawn: list[tuple[float, bool]]) -> None:
    forecast, outcome = zip(*drawn, strict=True)
    curve = reliability_curve(forecast, outcome)
    assert curve["n"].sum() == len(drawn)
    assert (curve["n"] * curve["observed_share"]).sum() == pytest.approx(sum(outcome))
    assert (curve["forecast_share"] >= curve["bin_low"] - 1e-9).all()
    assert (curve["forecast_share"] <= curve["bin_high"] + 1e-9).all()
    assert (curve["low"] <= curve["observed_share"]).all()


def test_classes_begin_at_their_lower_bound() -> None:
    curve = reliability_curve([0.3, 0.7, 0.1 * 3, 1.0, 0.0], [1, 1, 0, 1, 0])
    assert curve["bin_low"].tolist() == [0.0, 0.3, 0.7, 0.9]
    assert curve["n"].tolist() == [1, 2, 1, 1]


# --- Skill ----------------------------------------------------------------------------------------


def test_skill_by_hand() -> None:
    rng = np.random.default_rng(1)
    skill, low, high = skill_interval([0.1, 0.3, 0.2], [0.2, 0.4, 0.2], [0, 0, 1], rng=rng)
    assert skill == pytest.approx(1 - 0.6 / 0.8)
    # Drawing two members: both the first, both the second, or one of each.
    assert low == pytest.approx(1 - 0.4 / 0.4)
    assert high == pytest.approx(1 - 0.8 / 1.2)


def test_skill_of_many_forecasts_of_few_members_is_unsure() -> None:
    rng = np.random.default_rng(2)
    errors = rng.random(400)
    member = np.repeat(np.arange(4), 100)
    shift = np.array([0.3, -0.2, 0.25, -0.15])[member]
    _, low, high = skill_interval(errors, errors + shift, member, rng=np.random.default_rng(3))
    assert low < 0 < high
    _, low, high = skill_interval(errors, errors + shift, np.arange(400), rng=rng)
    assert low > 0  # as if each forecast were a member of its own


def test_skill_without_cases_members_or_error_is_not_known() -> None:
    rng = np.random.default_rng(4)
    assert np.isnan(skill_interval([], [], [], rng=rng)).all()
    assert np.isnan(skill_interval([0.1], [0.0], [0], rng=rng)).all()
    skill, low, high = skill_interval([0.1, 0.1], [0.2, 0.2], [7, 7], rng=rng)
    assert (skill, np.isnan(low), np.isnan(high)) == (0.5, True, True)


# --- Counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("chance", [0.02, 0.3, 0.5, 0.97])
def test_counts_of_equal_chances_are_binomial(chance: float) -> None:
    expected, low, high = count_intervals([chance] * 25, [0] * 25, 1)
    assert expected[0] == pytest.approx(25 * chance)
    assert (low[0], high[0]) == stats.binom.interval(0.95, 25, chance)


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.01, 0.99)), min_size=1, max_size=8))
def test_counts_are_those_of_all_ways_it_can_turn_out(drawn: list[tuple[int, float]]) -> None:
    expected, low, high = count_intervals(
        [chance for _, chance in drawn], [group for group, _ in drawn], 3
    )
    for group in range(3):
        chances = [chance for g, chance in drawn if g == group]
        mass = np.zeros(len(chances) + 1)
        for way in range(2 ** len(chances)):
            bits = [way >> i & 1 for i in range(len(chances))]
            pairs = zip(bits, chances, strict=True)
            mass[sum(bits)] += np.prod([p if bit else 1 - p for bit, p in pairs])
        assert expected[group] == pytest.approx(sum(chances))
        assert mass[: low[group]].sum() <= 0.025 + 1e-9
        assert mass[high[group] + 1 :].sum() <= 0.025 + 1e-9
        assert mass[: low[group] + 1].sum() > 0.025 - 1e-9
        assert mass[: high[group]].sum() < 0.975 + 1e-9


def test_what_is_certain_has_no_interval() -> None:
    expected, low, high = count_intervals([1.0, 1.0, 0.0], [1, 1, 1], 2)
    assert expected.tolist() == [0, 2]
    assert low.tolist() == high.tolist() == [0, 2]
    assert count_intervals([], [], 0)[0].size == 0
