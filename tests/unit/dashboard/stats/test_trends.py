"""Trends of many series at once are the trends of each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.trends import series_trends

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


def test_no_periods_and_no_series_give_nothing() -> None:
    assert np.isnan(series_trends(np.empty((2, 0)))[0]).all()
    assert series_trends(np.empty((0, 5)))[0].shape == (0,)


def test_one_series_must_be_a_row() -> None:
    with pytest.raises(ValueError, match="row"):
        series_trends([1.0, 2.0, 3.0])
