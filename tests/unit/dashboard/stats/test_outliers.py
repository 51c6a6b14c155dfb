"""Many series at once, against a published case, cases by hand, and a slow way written out."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.outliers import (
    BY_MAD,
    BY_MEAN_DEVIATION,
    BY_RULE,
    SERIES_AT_ONCE,
    UNJUDGED,
    nan_median,
    panel_scores,
)
from tests.support.slow_outliers import slow

NAN = math.nan
SEASON = [80.0, 85, 95, 100, 105, 110, 120, 115, 105, 100, 95, 90]

# Mass spectrometer measurements of a uranium isotope, Tietjen and Moore (1972), Technometrics
# 14(3), 583-597; the NIST/SEMATECH e-Handbook, section 1.3.5.17.1, finds one outlier, the last.
URANIUM = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57]


def _assert_as_slow(values: list[float], season: int, window: int, fewest: int) -> None:
    found = panel_scores([values], season=season, window=window, fewest=fewest)
    expected, z = zip(*slow(values, season, window, fewest), strict=True)
    np.testing.assert_allclose(found.expected[0], expected, rtol=1e-9)
    np.testing.assert_allclose(found.z[0], z, rtol=1e-7, atol=1e-7)


def test_the_published_outlier_is_found_and_no_other() -> None:
    found = panel_scores([URANIUM], season=1, window=8, fewest=5)
    assert found.is_outlier[0].tolist() == [False] * 7 + [True]
    # One level for all: z is the plain formula on logarithms.
    logs = [math.log(one) for one in URANIUM]
    middle = statistics.median(logs)
    mad = statistics.median(abs(one - middle) for one in logs)
    assert found.z[0].tolist() == pytest.approx([0.6745 * (one - middle) / mad for one in logs])
    assert (found.method == BY_MAD).all()


@pytest.mark.parametrize("years", [2, 3, 6])
def test_monthly_series_equal_the_slow_way(years: int) -> None:
    rng = np.random.default_rng(years)
    growth = 1.01 ** np.arange(years * 12)
    values = np.tile(SEASON, years) * growth * rng.lognormal(0, 0.1, years * 12)
    values[5] *= 30
    values[7] = NAN
    values[-3] = 0
    _assert_as_slow(values.tolist(), 12, 12, 12)


def test_yearly_series_equal_the_slow_way() -> None:
    values = np.random.default_rng(7).lognormal(3, 0.4, 20)
    _assert_as_slow(values.tolist(), 1, 7, 7)


@given(
    st.lists(st.one_of(st.just(NAN), st.just(0.0), st.floats(0.5, 1e6)), min_size=1, max_size=40)
)
def test_any_series_equals_the_slow_way(values: list[float]) -> None:
    _assert_as_slow(values, 4, 4, 5)


def test_the_season_is_no_outlier_and_a_usual_value_in_the_wrong_month_is_one() -> None:
    rng = np.random.default_rng(3)
    values = np.tile(SEASON, 6) * rng.lognormal(0, 0.01, 72)
    values[42] = 80.0  # a January's level in a July
    found = panel_scores([values], season=12, window=12, fewest=12)
    assert found.is_outlier[0, 42]
    assert not found.is_outlier[0, 36]
    assert found.expected[0, 42] == pytest.approx(120, rel=0.05)


def test_growth_and_a_lasting_step_are_no_outliers() -> None:
    rng = np.random.default_rng(4)
    values = 100 * 1.02 ** np.arange(60) * rng.lognormal(0, 0.05, 60)
    values[30:] *= 5
    found = panel_scores([values], season=12, window=12, fewest=12)
    assert found.is_outlier.sum() <= 2


def test_a_spike_in_a_flat_series_is_found_by_rule() -> None:
    values = [5.0] * 20
    values[11] = 6.0
    found = panel_scores([values], season=1, window=7, fewest=7)
    assert np.flatnonzero(found.is_outlier[0]).tolist() == [11]
    # One of twenty leaves by log 1.2: z = 20 / 1.2533, more than the rule's ten.
    assert found.z[0, 11] == pytest.approx(20 / 1.2533)
    assert found.method[0, 11] == BY_MEAN_DEVIATION
    short = panel_scores([[5.0, 5.0, 5.0, 6.0, 5.0]], season=1, window=5, fewest=3)
    assert short.method[0, 3] == BY_RULE
    assert short.z[0, 3] == 10.0


def test_a_small_step_in_a_flat_series_is_judged_by_the_mean_deviation() -> None:
    values = [5.0] * 19 + [5.2]
    found = panel_scores([values], season=1, window=7, fewest=7)
    assert found.method[0, 19] == BY_MEAN_DEVIATION
    assert found.z[0, 19] == pytest.approx(20 / 1.2533)


def test_zero_variance_has_no_outlier() -> None:
    found = panel_scores([[7.0] * 30], season=12, window=12, fewest=12)
    assert not found.is_outlier.any()
    assert (found.z == 0).all()
    assert found.expected[0].tolist() == pytest.approx([7.0] * 30)


@pytest.mark.parametrize("values", [[3.0], [NAN], [0.0], [NAN, 4.0, NAN]])
def test_one_observation_or_none_is_not_judged(values: list[float]) -> None:
    found = panel_scores([values], season=12, window=12, fewest=12)
    assert not found.is_outlier.any()
    assert np.isnan(found.z).all()
    assert np.isnan(found.expected).all()
    assert (found.method == UNJUDGED).all()


def test_a_sudden_zero_is_found_and_a_usual_one_is_not() -> None:
    steady = [10.0, 11, 9, 10, 12, 10, 9, 0, 0, 10, 11, 9]
    missing = [10.0, 11, 9, NAN, 10, 12, NAN, 10, 9, 0, 10, 11]
    rare = [10.0, 0, 9, 0, 12, 0, 9, 0, 12, 10, 11, 9]
    found = panel_scores([steady, missing, rare], season=1, window=7, fewest=7)
    # Of a run of zeros the first is sudden.
    assert np.flatnonzero(found.is_outlier[0]).tolist() == [7]
    assert found.method[0, 7] == BY_RULE
    assert math.isnan(found.z[0, 7])
    # A period of which nothing came breaks no run, and is no zero.
    assert np.flatnonzero(found.is_outlier[1]).tolist() == [9]
    assert not found.is_outlier[2].any()


def test_the_band_is_where_z_reaches_the_threshold() -> None:
    rng = np.random.default_rng(5)
    values = rng.lognormal(3, 0.3, (3, 40))
    found = panel_scores(values, season=1, window=7, fewest=7)
    upper = found.expected * found.band[:, None]
    lower = found.expected / found.band[:, None]
    np.testing.assert_array_equal(found.is_outlier, (values > upper) | (values < lower))


def test_many_series_are_judged_as_each_alone() -> None:
    rng = np.random.default_rng(6)
    values = rng.lognormal(3, 1, (SERIES_AT_ONCE + 3, 10))
    found = panel_scores(values, season=1, window=7, fewest=7)
    for row in (0, SERIES_AT_ONCE - 1, SERIES_AT_ONCE, SERIES_AT_ONCE + 2):
        alone = panel_scores(values[row : row + 1], season=1, window=7, fewest=7)
        np.testing.assert_array_equal(found.z[row], alone.z[0])


def test_no_series_at_all() -> None:
    found = panel_scores(np.empty((0, 12)), season=12, window=12, fewest=12)
    assert found.z.shape == (0, 12)
    assert panel_scores(np.empty((2, 0)), season=1, window=7, fewest=7).z.shape == (2, 0)


def test_the_median_skips_what_is_missing() -> None:
    found = nan_median(np.array([[3.0, NAN, 1], [NAN, NAN, NAN], [4, 1, 2]]))
    assert found[0] == 2
    assert math.isnan(found[1])
    assert found[2] == 2


@pytest.mark.parametrize(
    "wrong", [{"season": 0}, {"window": 3}, {"fewest": 0}, {"threshold": 0.0}, {"threshold": NAN}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    settings = {"season": 12, "window": 12, "fewest": 12, **wrong}
    with pytest.raises(ValueError, match="positive"):
        panel_scores([[1.0] * 12], **settings)  # type: ignore[arg-type]


def test_a_single_series_without_its_row_is_refused() -> None:
    with pytest.raises(ValueError, match="one series a row"):
        panel_scores([1.0, 2.0], season=1, window=7, fewest=7)
