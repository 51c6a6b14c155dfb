"""Hold the quality statistics to hand-sized cases, slow formulas and invariants."""

import statistics

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.quality import (
    OUTLIER_THRESHOLD,
    goalpost_score,
    mirror_asymmetry,
    modified_z,
    outlier_scores,
    overall_score,
    revision_size,
    seasonal_adjust,
    weighted_mirror_asymmetry,
)

VALUES = st.floats(0, 1e9, allow_subnormal=False)
SEASON = np.array([80.0, 85, 95, 100, 105, 110, 120, 115, 105, 100, 95, 90])


class TestGoalpostScore:
    def test_more_is_better_or_less_is_better(self) -> None:
        assert goalpost_score([0.6, 0.9, 0.75], 0.6, 0.9).tolist() == pytest.approx([0, 100, 50])
        assert goalpost_score([90, 30, 75], 90, 30).tolist() == [0, 100, 25]

    def test_beyond_a_goalpost_is_its_score(self) -> None:
        assert goalpost_score([-1e300, 1e300, -np.inf, np.inf], 0, 1e-10).tolist() == [
            0,
            100,
            0,
            100,
        ]
        assert goalpost_score([-5, 400], 90, 30).tolist() == [100, 0]

    def test_a_missing_value_has_no_score(self) -> None:
        assert np.isnan(goalpost_score([np.nan], 0, 1)).all()
        assert goalpost_score([], 0, 1).shape == (0,)

    def test_goalposts_may_differ_by_column(self) -> None:
        scores = goalpost_score([[5, 5], [10, 0]], [0, 10], [10, 0])
        assert scores.tolist() == [[50, 50], [100, 100]]

    @given(st.floats(-100, 100), st.floats(-100, 100), st.floats(-100, 100))
    def test_swapping_the_goalposts_mirrors_the_score(
        self, value: float, one: float, other: float
    ) -> None:
        assume(abs(one - other) > 1e-3)
        there, back = goalpost_score(value, one, other), goalpost_score(value, other, one)
        assert 0 <= float(there) <= 100
        assert float(there + back) == pytest.approx(100)

    @pytest.mark.parametrize(("worst", "best"), [(1, 1), (np.nan, 1), (0, np.inf)])
    def test_goalposts_without_a_distance_are_refused(self, worst: float, best: float) -> None:
        with pytest.raises(ValueError, match="goalpost"):
            goalpost_score([1.0], worst, best)


class TestOverallScore:
    def test_a_missing_dimension_gives_its_weight_to_the_others(self) -> None:
        score, used = overall_score(
            np.array([[100, 50, 0], [100, np.nan, 0], [np.nan, 50, np.nan], [np.nan] * 3]),
            [2, 1, 1],
        )
        np.testing.assert_allclose(score, [62.5, 200 / 3, 50, np.nan])
        assert used.tolist() == [1, 0.75, 0.25, 0]

    def test_a_dimension_of_weight_0_alone_makes_no_score(self) -> None:
        score, used = overall_score([[np.nan, 90.0]], [1, 0])
        assert np.isnan(score).all()
        assert used.tolist() == [0]

    @given(
        st.lists(
            st.tuples(st.one_of(st.just(np.nan), st.floats(0, 100)), st.floats(0.01, 10)),
            min_size=1,
            max_size=6,
        ),
        st.floats(0.1, 100),
    )
    def test_equals_the_mean_over_what_is_there_at_any_scale(
        self, cells: list[tuple[float, float]], scale: float
    ) -> None:
        score, used = overall_score([[s for s, _ in cells]], [w * scale for _, w in cells])
        there = [(s, w) for s, w in cells if not np.isnan(s)]
        weight = sum(w for _, w in there)
        assert float(used[0]) == pytest.approx(weight / sum(w for _, w in cells))
        if there:
            assert float(score[0]) == pytest.approx(sum(s * w for s, w in there) / weight)
        else:
            assert np.isnan(score[0])

    def test_no_rows_give_no_scores(self) -> None:
        score, used = overall_score(np.empty((0, 2)), [1, 1])
        assert score.shape == used.shape == (0,)

    @pytest.mark.parametrize("weights", [[1], [0, 0], [-1, 2], [np.nan, 1], [np.inf, 1]])
    def test_weights_that_do_not_fit_are_refused(self, weights: list[float]) -> None:
        with pytest.raises(ValueError, match="weight"):
            overall_score([[1.0, 2.0]], weights)


class TestModifiedZ:
    def test_equals_a_case_worked_by_hand(self) -> None:
        # median 12; distances 2 1 0 1 18, MAD 1
        z = modified_z([10, 11, 12, 13, 30])
        np.testing.assert_allclose(z, 0.6745 * np.array([-2, -1, 0, 1, 18]))

    @given(st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=1, max_size=30))
    def test_equals_the_plain_formula_where_the_mad_is_not_0(self, values: list[float]) -> None:
        middle = statistics.median(values)
        mad = statistics.median(abs(v - middle) for v in values)
        assume(mad > 1e-2)
        expected = [0.6745 * (v - middle) / mad for v in values]
        np.testing.assert_allclose(modified_z(values), expected, rtol=1e-6, atol=1e-6)

    def test_a_flat_series_falls_back_on_the_mean_deviation(self) -> None:
        # 19 of 20 alike: mean deviation 4/20, z = 4 / (1.2533 * 0.2)
        z = modified_z([100.0] * 19 + [104.0])  # below a tenth, so not the rule
        assert float(z[-1]) == pytest.approx(4 / (1.2533 * 0.2))
        assert (z[:-1] == 0).all()

    @pytest.mark.parametrize(
        "values",
        [
            [5.0, 5.0, 9.0],
            [0.0, 0.0, 0.0, 7.0],
            [100.0] * 20 + [1_000.0, 1e9],
            [100.0] * 7 + [20.0] * 5,
            [-4.0, -4.0, -4.0, -8.0],
        ],
        ids=["three values", "level 0", "small beside large", "many", "negative"],
    )
    def test_no_spike_in_a_flat_series_is_missed(self, values: list[float]) -> None:
        z = modified_z(values)
        spikes = np.array(values) != statistics.median(values)
        assert ((np.abs(z) > OUTLIER_THRESHOLD) == spikes).all()
        assert (np.sign(z[spikes]) == np.sign(np.array(values)[spikes] - values[0])).all()

    def test_the_step_of_the_rule_is_the_callers(self) -> None:
        assert abs(modified_z([5.0, 5.0, 9.0], flat_step=4.0)[2]) < OUTLIER_THRESHOLD
        assert abs(modified_z([5.0, 5.0, 9.0], flat_step=3.9)[2]) > OUTLIER_THRESHOLD

    @pytest.mark.parametrize("values", [[3.0], [3.0] * 9, [0.0] * 4, [0.1 + 0.2, 0.3, 0.3, 0.3]])
    def test_a_series_without_variation_has_no_outlier(self, values: list[float]) -> None:
        assert (modified_z(values) == 0).all()

    def test_a_huge_spike_does_not_make_the_others_alike(self) -> None:
        z = modified_z([1.0, 2.0, 3.0, 4.0, 1e30])
        np.testing.assert_allclose(z[:4], 0.6745 * np.array([-2, -1, 0, 1]))

    def test_missing_values_stay_missing_and_do_not_count(self) -> None:
        z = modified_z([np.nan, 10, 11, 12, 13, 30])
        assert np.isnan(z[0])
        np.testing.assert_array_equal(z[1:], modified_z([10, 11, 12, 13, 30]))
        assert np.isnan(modified_z([np.nan, np.nan])).all()
        assert modified_z([]).shape == (0,)

    def test_a_table_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one series"):
            modified_z([[1.0, 2.0]])


class TestSeasonalAdjust:
    def test_a_pure_season_becomes_level(self) -> None:
        adjusted = seasonal_adjust(np.tile(SEASON, 4))
        np.testing.assert_allclose(adjusted, adjusted[0], rtol=1e-12)
        # factors multiply to 1, so the level is the geometric mean
        assert float(adjusted[0]) == pytest.approx(float(np.exp(np.log(SEASON).mean())))

    def test_growth_is_not_taken_for_season(self) -> None:
        series = 100 * 1.01 ** np.arange(60)
        np.testing.assert_allclose(seasonal_adjust(series), series, rtol=1e-9)

    def test_one_spike_does_not_move_the_season(self) -> None:
        spiked = np.tile(SEASON, 4)
        spiked[17] *= 50
        adjusted, plain = seasonal_adjust(spiked), seasonal_adjust(np.tile(SEASON, 4))
        others = np.arange(48) != 17
        np.testing.assert_allclose(adjusted[others], plain[others], rtol=0.05)
        assert float(adjusted[17]) == pytest.approx(50 * float(plain[17]), rel=0.05)

    def test_two_years_are_too_few_for_a_season(self) -> None:
        series = np.tile(SEASON, 2)
        np.testing.assert_allclose(seasonal_adjust(series), series)

    @given(st.floats(1e-3, 1e6), st.lists(st.floats(1, 1e6), min_size=1, max_size=50))
    def test_the_unit_does_not_matter(self, unit: float, values: list[float]) -> None:
        series = np.array(values)
        np.testing.assert_allclose(
            seasonal_adjust(unit * series), unit * seasonal_adjust(series), rtol=1e-9
        )

    def test_a_third_year_begun_adjusts_only_the_months_it_has(self) -> None:
        series = np.tile(SEASON, 3)[:30]
        adjusted = seasonal_adjust(series)
        level = float(np.median(SEASON))
        np.testing.assert_allclose(adjusted[[0, 3, 5, 12, 15, 24, 29]], level, rtol=0.02)
        np.testing.assert_allclose(adjusted[6:12], series[6:12])

    def test_what_has_no_logarithm_is_missing(self) -> None:
        adjusted = seasonal_adjust([100.0, 0.0, -5.0, np.nan, 100.0], period=2)
        assert np.isnan(adjusted).tolist() == [False, True, True, True, False]

    def test_a_year_without_any_value_is_no_obstacle(self) -> None:
        series = np.tile(SEASON, 5)
        series[12:30] = np.nan
        adjusted = seasonal_adjust(series)
        assert np.isnan(adjusted[12:30]).all()
        assert np.isfinite(adjusted[30:]).all()

    def test_nothing_gives_nothing(self) -> None:
        assert seasonal_adjust([]).shape == (0,)
        assert np.isnan(seasonal_adjust([np.nan] * 40)).all()

    def test_no_period_or_a_table_is_refused(self) -> None:
        with pytest.raises(ValueError, match="period=0"):
            seasonal_adjust([1.0, 2.0], period=0)
        with pytest.raises(ValueError, match="one series"):
            seasonal_adjust([[1.0, 2.0]])


class TestOutlierScores:
    def test_the_seasonal_peak_is_no_outlier_but_the_same_value_out_of_season_is(self) -> None:
        noise = np.exp(np.random.default_rng(5).normal(0, 0.02, 48))
        series = np.tile([50.0] * 11 + [500.0], 4) * noise  # December is ten times a month
        assert not outlier_scores(series).is_outlier[11::12].any()
        series[20] = 500.0
        found = outlier_scores(series)
        assert found.is_outlier[20]
        assert not found.is_outlier[11::12].any()
        assert float(found.effect[20]) == pytest.approx(450, rel=0.05)

    @pytest.mark.parametrize("n", [3, 4, 12, 36])
    @pytest.mark.parametrize("times", [0.01, 0.5, 1.5, 10.0])
    def test_a_spike_in_a_flat_series_is_found(self, n: int, times: float) -> None:
        series = np.full(n, 200.0)
        series[1] *= times
        found = outlier_scores(series)
        assert np.flatnonzero(found.is_outlier).tolist() == [1]
        assert float(found.effect[1]) == pytest.approx(200 * (times - 1))

    @pytest.mark.parametrize(
        "series", [np.full(48, 1.0), np.tile(SEASON, 4), np.tile(SEASON, 4) / stats.gmean(SEASON)]
    )
    def test_rounding_in_the_logarithms_makes_no_outlier(self, series: np.ndarray) -> None:
        found = outlier_scores(series)
        assert (found.z == 0).all()
        np.testing.assert_allclose(found.effect, 0, atol=1e-9)

    @given(st.lists(st.floats(1, 1e6), min_size=1, max_size=40), st.floats(1e-3, 1e3))
    def test_the_unit_changes_the_effect_and_not_the_score(
        self, values: list[float], unit: float
    ) -> None:
        series = np.array(values)
        assume(np.ptp(series) > 1e-3)
        one, other = outlier_scores(series), outlier_scores(unit * series)
        np.testing.assert_allclose(other.z, one.z, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(other.expected, unit * one.expected, rtol=1e-9)

    def test_the_threshold_is_the_callers(self) -> None:
        series = [100.0, 110.0, 90.0, 105.0, 150.0, 95.0]
        z = abs(float(outlier_scores(series, period=1).z[4]))
        assert outlier_scores(series, 1, z * 0.99).is_outlier[4]
        assert not outlier_scores(series, 1, z * 1.01).is_outlier[4]

    def test_a_gap_is_no_outlier(self) -> None:
        found = outlier_scores([100.0, 0.0, np.nan, 100.0, 100.0], period=1)
        assert np.isnan(found.z).tolist() == [False, True, True, False, False]
        assert np.isnan(found.effect).tolist() == [False, True, True, False, False]
        assert not found.is_outlier.any()

    @pytest.mark.parametrize("series", [[], [np.nan] * 5, [0.0] * 5])
    def test_nothing_usable_gives_no_outlier(self, series: list[float]) -> None:
        found = outlier_scores(series)
        assert found.z.shape == found.expected.shape == (len(series),)
        assert np.isnan(found.expected).all()
        assert not found.is_outlier.any()

    def test_one_value_is_its_own_level(self) -> None:
        found = outlier_scores([42.0])
        assert found.z.tolist() == [0.0]
        assert float(found.expected[0]) == pytest.approx(42)

    def test_a_threshold_of_0_is_refused(self) -> None:
        with pytest.raises(ValueError, match="threshold=0"):
            outlier_scores([1.0, 2.0], 12, 0)


class TestMirrorAsymmetry:
    def test_equals_a_case_worked_by_hand(self) -> None:
        # 212 / 1.06 = 200 against 100: |100 - 200| / 150
        assert float(mirror_asymmetry(100, 212)) == pytest.approx(2 / 3)

    def test_agreement_is_0_and_one_side_alone_is_2(self) -> None:
        found = mirror_asymmetry([100, 0, 50], [106, 10, 0])
        np.testing.assert_allclose(found, [0, 2, 2], atol=1e-12)

    def test_unmatched_or_empty_cells_have_none(self) -> None:
        assert np.isnan(mirror_asymmetry([np.nan, 5, 0], [5, np.nan, 0])).all()
        assert mirror_asymmetry([], []).shape == (0,)

    @given(VALUES, VALUES, st.floats(0, 0.5), st.floats(1e-2, 1e3))
    def test_stays_within_0_and_2_at_any_unit(
        self, exports: float, imports: float, margin: float, unit: float
    ) -> None:
        assume(exports + imports > 1e-3)
        found = float(mirror_asymmetry(exports, imports, margin))
        assert 0 <= found <= 2 + 1e-12
        scaled = float(mirror_asymmetry(unit * exports, unit * imports, margin))
        assert scaled == pytest.approx(found, abs=1e-9)

    def test_a_negative_value_or_margin_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            mirror_asymmetry([-1.0], [1.0])
        with pytest.raises(ValueError, match="margin"):
            mirror_asymmetry([1.0], [1.0], -0.1)


class TestWeightedMirrorAsymmetry:
    @given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=20))
    def test_is_the_weighted_mean_of_the_cells(self, cells: list[tuple[float, float]]) -> None:
        exports, imports = np.array(cells).T
        weight = (exports + imports / 1.06) / 2
        assume(weight.sum() > 1e-3)
        each = np.nan_to_num(mirror_asymmetry(exports, imports))
        expected = float((each * weight).sum() / weight.sum())
        assert weighted_mirror_asymmetry(exports, imports) == pytest.approx(expected, abs=1e-9)

    def test_an_unmatched_cell_is_left_out(self) -> None:
        found = weighted_mirror_asymmetry([100, 1e9, np.nan], [212, np.nan, 1e9])
        assert found == pytest.approx(2 / 3)

    def test_a_large_cell_outweighs_a_small_one(self) -> None:
        # gaps 0 and 2 dollars of 1,000 and 1: 2 / 1,001
        assert weighted_mirror_asymmetry([1000, 2], [1060, 0]) == pytest.approx(2 / 1001)

    @pytest.mark.parametrize("cells", [[], [np.nan], [0.0]])
    def test_nothing_matched_has_none(self, cells: list[float]) -> None:
        assert np.isnan(weighted_mirror_asymmetry(cells, cells))


class TestRevisionSize:
    def test_equals_a_case_worked_by_hand(self) -> None:
        mean, relative = revision_size([90, 200, 50], [100, 190, 50])
        assert mean == pytest.approx(20 / 3)
        assert relative == pytest.approx(20 / 340)

    def test_revisions_of_opposite_sign_do_not_cancel(self) -> None:
        assert revision_size([-5.0, 5.0], [5.0, -5.0]) == (10.0, 2.0)

    def test_no_revision_is_0(self) -> None:
        assert revision_size([3.0, 4.0], [3.0, 4.0]) == (0.0, 0.0)

    def test_a_pair_with_a_missing_side_is_left_out(self) -> None:
        assert revision_size([90, np.nan, 7], [100, 1, np.nan]) == (10.0, 0.1)

    def test_nothing_or_a_later_total_of_0_has_no_relative_size(self) -> None:
        assert np.isnan(revision_size([], [])).all()
        assert np.isnan(revision_size([np.nan], [1.0])).all()
        mean, relative = revision_size([4.0, 2.0], [0.0, 0.0])
        assert mean == 3.0
        assert np.isnan(relative)

    def test_arrays_of_two_shapes_are_refused(self) -> None:
        with pytest.raises(ValueError, match="matching"):
            revision_size([1.0], [1.0, 2.0])
