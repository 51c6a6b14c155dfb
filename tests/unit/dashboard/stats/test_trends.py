"""Trends of many series at once are the trends of each."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.trends import bounded_trends, chance_trends, series_trends

NAN = float("nan")


@given(
    st.lists(
        st.lists(st.integers(-3, 9).map(float) | st.just(NAN), min_size=8, max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_every_row_has_scipys_slope_and_p_value(rows: list[list[float]]) -> None:
    slope, p_value = series_trends(rows)
    for row, ours, p in zip(np.array(rows), slope, p_value, strict=True):
        places = np.flatnonzero(~np.isnan(row))
        known = row[places]
        if len(known) < 3 or np.ptp(known) == 0:
            assert np.isnan(ours) and np.isnan(p)
            continue
        assert ours == pytest.approx(stats.theilslopes(known, places).slope)
        expected = stats.kendalltau(places, known, method="asymptotic").pvalue
        assert p == pytest.approx(float(expected), abs=1e-12)


def test_a_hand_sized_slope_skips_the_missing_period() -> None:
    # Pairs (0,10) (1,8) (3,2): slopes -2, -8/3, -3; the median is -8/3.
    slope, _ = series_trends([[10.0, 8.0, NAN, 2.0]])
    assert slope[0] == pytest.approx(-8 / 3)


def test_a_published_example_with_a_tie() -> None:
    # J. Little, Holy Cross, "A Mann-Kendall example by hand": S = 54 of 91 pairs, one tie, and
    # (S - 1) / sqrt(V) = 2.9058. We make no correction for continuity.
    values = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]
    error = (54 - 1) / 2.9058
    _, p_value = series_trends([values])
    assert p_value[0] == pytest.approx(2 * stats.norm.sf(54 / error), rel=1e-3)


def test_the_slope_of_sen_1968() -> None:
    # His example: y at seven places that are not evenly spaced; the slope is 4, its 93 % bounds
    # are 26/7 and 35/8, so those of 95 % hold them.
    series = np.full(18, NAN)
    series[np.array([1, 2, 3, 4, 10, 12, 18]) - 1] = [9, 15, 19, 20, 45, 55, 78]
    assert series_trends([series])[0][0] == pytest.approx(4.0)
    _, low, high, _ = bounded_trends([series])
    assert low[0] <= 26 / 7 and high[0] >= 35 / 8


SERIES = st.lists(
    st.lists(st.tuples(st.integers(-3, 9), st.sampled_from("kkkkcm")), min_size=8, max_size=8),
    min_size=1,
    max_size=4,
)
"""Eight values each known, censored or missing."""


def tables(drawn: list[list[tuple[int, str]]]) -> tuple[np.ndarray, np.ndarray]:
    values = np.array([[NAN if kind == "m" else float(v) for v, kind in row] for row in drawn])
    return values, np.array([[kind == "c" for _, kind in row] for row in drawn])


def score(row: np.ndarray, censored: np.ndarray, slope: float) -> int:
    """Kendall's score of the residuals, pairs of unknown order left out."""
    known = [i for i, value in enumerate(row) if not np.isnan(value)]
    total = 0
    for a, i in enumerate(known):
        for j in known[a + 1 :]:
            rise = (row[j] - slope * j) - (row[i] - slope * i)
            if censored[i] and censored[j]:
                continue
            if censored[j]:
                total += rise >= 0
            elif censored[i]:
                total -= rise <= 0
            else:
                total += int(np.sign(rise))
    return total


@given(SERIES)
def test_with_censoring_the_slope_leaves_no_score(drawn: list[list[tuple[int, str]]]) -> None:
    values, censored = tables(drawn)
    slope, _ = series_trends(values, censored)
    for row, flags, ours in zip(values, censored, slope, strict=True):
        if not np.isnan(ours):
            assert score(row, flags, ours - 1e-7) >= 0 >= score(row, flags, ours + 1e-7)


@given(SERIES)
def test_the_variance_is_that_of_all_orders(drawn: list[list[tuple[int, str]]]) -> None:
    values, censored = (part[:, :5] for part in tables(drawn))
    slope, p_value = series_trends(values, censored)
    for row, flags, ours, p in zip(values, censored, slope, p_value, strict=True):
        if np.isnan(ours):
            continue
        kept = np.flatnonzero(~np.isnan(row))
        scores = [
            score(row[list(order)], flags[list(order)], 0.0)
            for order in itertools.permutations(kept)
        ]
        z = score(row, flags, 0.0) / np.std(scores)
        assert p == pytest.approx(2 * stats.norm.sf(abs(z)), abs=1e-9)


@given(
    st.lists(
        st.lists(st.integers(-3, 9).map(float) | st.just(NAN), min_size=9, max_size=9),
        min_size=1,
        max_size=4,
    )
)
def test_without_censoring_the_interval_is_scipys(rows: list[list[float]]) -> None:
    slope, low, high, p_value = bounded_trends(rows)
    np.testing.assert_array_equal((slope, p_value), series_trends(rows))
    for row, ours_low, ours_high in zip(np.array(rows), low, high, strict=True):
        places = np.flatnonzero(~np.isnan(row))
        known = row[places]
        if len(known) < 3 or np.ptp(known) == 0:
            assert np.isnan(ours_low) and np.isnan(ours_high)
            continue
        found = stats.theilslopes(known, places, alpha=0.95)
        assert (ours_low, ours_high) == pytest.approx((found.low_slope, found.high_slope))


def test_what_is_overdue_longer_and_longer_is_no_improvement() -> None:
    # Six months received after 30 days, then six that have not come: days gone so far fall.
    days = [30.0, 31, 29, 30, 32, 28, 210, 180, 150, 120, 90, 60]
    waiting = [False] * 6 + [True] * 6
    slope, p_value = series_trends([days], [waiting])
    assert slope[0] > 0 and p_value[0] < 0.05
    nothing = series_trends([days[6:]], [waiting[6:]])  # never received: nothing is known
    assert np.isnan(nothing[0][0]) and np.isnan(nothing[1][0])


def test_bounds_alone_have_no_slope() -> None:
    # One exact day after an overdue of ten years, and another: a direction, but how steep?
    slope, p_value = series_trends([[3800.0, 30.0, 40.0]], [[True, False, False]])
    assert np.isnan(slope[0]) and np.isnan(p_value[0])


class TestChanceTrends:
    def test_a_shuffle_has_the_slopes_of_the_shuffled_series(self) -> None:
        values = np.array([[3.0, 1, 4, 1, 5, 9, 2], [2.0, NAN, 1, 8, 2, 8, 1]])
        found = chance_trends(values, 20, np.random.default_rng(3))
        rng = np.random.default_rng(3)
        for slopes, below in zip(found.slopes, found.below, strict=True):
            place = rng.permutation(7)
            shuffled = np.empty_like(values)
            shuffled[:, place] = values
            slope, p_value = series_trends(shuffled)
            assert slopes == pytest.approx(np.sort(slope), abs=1e-6)
            assert below == np.sum(p_value < 0.05)

    def test_one_in_twenty_seems_real(self) -> None:
        values = np.random.default_rng(5).normal(40, 10, (200, 24))
        found = chance_trends(values, 50, np.random.default_rng(6))
        assert found.slopes.shape == (50, 200)
        assert 7 < found.below.mean() < 13  # 10 of 200 at 0.05
        assert abs(np.median(found.slopes)) < 0.02

    def test_nothing_to_shuffle(self) -> None:
        for values in (np.empty((0, 5)), np.full((3, 5), 7.0), np.full((2, 5), NAN)):
            found = chance_trends(values, 4, np.random.default_rng(1))
            assert found.slopes.shape == (4, 0)
            assert found.below.tolist() == [0] * 4

    def test_no_draws_are_refused(self) -> None:
        with pytest.raises(ValueError, match="at least once"):
            chance_trends([[1.0, 2.0, 3.0]], 0, np.random.default_rng(1))


def test_censoring_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        series_trends([[1.0, 2.0, 3.0]], [[True, False]])


def test_no_periods_and_no_series_give_nothing() -> None:
    assert np.isnan(series_trends(np.empty((2, 0)))[0]).all()
    assert series_trends(np.empty((0, 5)))[0].shape == (0,)


def test_one_series_must_be_a_row() -> None:
    with pytest.raises(ValueError, match="row"):
        series_trends([1.0, 2.0, 3.0])
