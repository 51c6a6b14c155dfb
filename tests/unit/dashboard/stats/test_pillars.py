"""Errors of the pillars' measures against worked cases and slow formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.pillars import mean_error, ratio_error, share_error
from dashboard.stats.timeliness import wilson_interval


@given(st.integers(0, 200), st.integers(1, 200))
def test_share_error_is_the_half_width_of_wilsons_interval(met: int, more: int) -> None:
    low, high = wilson_interval(met, met + more)
    assert share_error(met, met + more) == pytest.approx(
        float(high - low) / (2 * 1.959963984540054)
    )


def test_a_member_that_was_always_on_time_is_not_known_without_error() -> None:
    few, many = share_error([3, 30], [3, 30])
    assert few > many > 0


def test_share_error_is_missing_where_nothing_was_owed() -> None:
    assert np.isnan(share_error(0, 0))


def _slow_ratio_error(pairs: list[tuple[float, float]]) -> float:
    """Cochran's formula, from the submissions themselves."""
    top, low = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    count, ratio = len(pairs), top / low
    scatter = sum((a - ratio * b) ** 2 for a, b in pairs) / (count - 1)
    return float((count * scatter) ** 0.5 / low)


@given(
    st.lists(
        st.tuples(st.floats(0, 50), st.floats(1, 100)),
        min_size=2,
        max_size=12,
    )
)
def test_ratio_error_from_sums_is_the_one_from_submissions(
    pairs: list[tuple[float, float]],
) -> None:
    a, b = np.array(pairs).T
    found = ratio_error(len(pairs), a.sum(), b.sum(), (a * a).sum(), (a * b).sum(), (b * b).sum())
    assert float(found) == pytest.approx(_slow_ratio_error(pairs), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("count", "denominator"), [(1, 10.0), (0, 0.0), (5, 0.0)])
def test_ratio_error_is_missing_where_it_cannot_be_told(count: int, denominator: float) -> None:
    assert np.isnan(ratio_error(count, 1.0, denominator, 1.0, 1.0, 1.0))


def test_ratio_error_of_equal_ratios_is_nothing() -> None:
    # 1 of 10, 2 of 20: the same ratio, so nothing scatters.
    assert ratio_error(2, 3, 30, 5, 50, 500) == pytest.approx(0.0, abs=1e-7)


def test_mean_error_weighs_and_leaves_out_what_is_missing() -> None:
    errors = [[3.0, 8.0, 5.0], [3.0, np.nan, 5.0], [np.nan] * 3]
    scores = [[50.0, 50.0, np.nan], [50.0, 50.0, np.nan], [np.nan] * 3]
    found = mean_error(errors, scores, [1.0, 0.5, 9.0])
    # sqrt((1 x 3)^2 + (0.5 x 8)^2) / 1.5; then an error not known counts as 0; then no score.
    assert found[0] == pytest.approx(5 / 1.5)
    assert found[1] == pytest.approx(3 / 1.5)
    assert np.isnan(found[2])
