"""Rank correlation against published examples and SciPy, and its bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.agreement import place_differences, rank_correlation

IQ = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110]
HOURS = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17]


def test_spearman_is_that_of_the_worked_example() -> None:
    """Hours before the television against intelligence: the worked example of the English
    Wikipedia's article on the coefficient, rho = -29/165."""
    found = rank_correlation(IQ, HOURS)
    assert found.n == 10
    assert found.rho == pytest.approx(-29 / 165)


def test_the_interval_is_fishers_with_the_error_of_bonett_and_wright() -> None:
    found = rank_correlation(IQ, HOURS)
    rho = -29 / 165
    error = ((1 + rho * rho / 2) / 7) ** 0.5
    low, high = (np.tanh(np.arctanh(rho) + sign * 1.959963984540054 * error) for sign in (-1, 1))
    assert (found.low, found.high) == pytest.approx((low, high))


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=30).filter(
        lambda pairs: all(len({pair[i] for pair in pairs}) > 1 for i in (0, 1))
    )
)
def test_ties_share_their_rank_as_in_scipy(pairs: list[tuple[int, int]]) -> None:
    left, right = zip(*pairs, strict=True)
    assert rank_correlation(left, right).rho == pytest.approx(stats.spearmanr(left, right)[0])


def test_a_pair_with_a_missing_side_is_left_out() -> None:
    found = rank_correlation([*IQ, 5.0, np.nan], [*HOURS, np.nan, 3.0])
    assert (found.n, found.rho) == (10, pytest.approx(-29 / 165))


@pytest.mark.parametrize(
    ("ours", "theirs"), [([1, 2, 3], [1, 3, 2]), ([5, 5, 5, 5], [1, 2, 3, 4]), ([], [])]
)
def test_three_pairs_or_no_variance_have_no_correlation(
    ours: list[float], theirs: list[float]
) -> None:
    found = rank_correlation(ours, theirs)
    assert np.isnan([found.rho, found.low, found.high]).all()
    assert found.n == len(ours)


def test_orders_exactly_alike_have_no_interval() -> None:
    found = rank_correlation(range(8), range(8))
    assert found.rho == pytest.approx(1)
    assert np.isnan(found.low)


def test_the_interval_holds_its_coverage() -> None:
    rng = np.random.default_rng(3)
    truth = 6 / np.pi * np.arcsin(0.6 / 2)  # Spearman's rho of a normal pair with r = 0.6
    held = 0
    for _ in range(600):
        left = rng.normal(size=40)
        right = 0.6 * left + 0.8 * rng.normal(size=40)
        found = rank_correlation(left, right)
        held += found.low <= truth <= found.high
    assert 0.92 < held / 600 < 0.98


def _slow_place(score: float, others: list[float]) -> float:
    return 1 + sum(one > score for one in others) + sum(one == score for one in others) / 2


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 3)),
        min_size=2,
        max_size=12,
    )
)
def test_places_at_the_limits_leave_the_others_as_they_are(
    rows: list[tuple[int, int, int, int]],
) -> None:
    ours, theirs = [row[0] for row in rows], [row[1] for row in rows]
    low, high = [row[0] - row[2] for row in rows], [row[0] + row[3] for row in rows]
    found = place_differences(ours, theirs, low, high)
    for place, one in enumerate(ours):
        others = ours[:place] + ours[place + 1 :]
        other = _slow_place(theirs[place], theirs[:place] + theirs[place + 1 :])
        assert found.ours[place] == _slow_place(one, others)
        assert found.theirs[place] == other
        assert found.low[place] == other - _slow_place(low[place], others)
        assert found.high[place] == other - _slow_place(high[place], others)


def test_a_member_without_an_interval_has_a_difference_and_no_limits() -> None:
    found = place_differences([1.0, 2.0, np.nan], [2.0, 1.0, 5.0], [np.nan] * 3, [np.nan] * 3)
    assert found.difference.tolist()[:2] == [-1.0, 1.0]
    assert np.isnan(found.low).all()
    assert np.isnan(found.difference[2])
