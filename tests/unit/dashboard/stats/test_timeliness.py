"""Hold the timeliness statistics to published examples, slow formulas and invariants."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats.timeliness import (
    adjust_p_values,
    current_status_distribution,
    delay_distribution,
    logrank_test,
    trend,
    wilson_interval,
)

# Remission times in weeks of 42 children with leukaemia: Freireich et al. (1963), the worked
# example of Gehan (1965), Cox (1972) and most books since. True marks a censored time.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
TREATED_CENSORED = [week in (9, 11, 17, 19, 20, 25, 32, 34, 35) for week in TREATED]
TREATED_CENSORED[3] = True  # one of the four at week 6
TREATED_CENSORED[7] = True  # one of the two at week 10
CONTROL = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
CONTROL_CENSORED = [False] * 21

LENGTHS = st.lists(
    st.tuples(st.integers(-20, 200), st.booleans()), min_size=1, max_size=40
)  # few distinct values on purpose: ties are the hard part


class TestWilsonInterval:
    @pytest.mark.parametrize(
        ("successes", "trials", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_equals_the_examples_of_newcombe_1998_table_1(
        self, successes: int, trials: int, low: float, high: float
    ) -> None:
        found = wilson_interval(successes, trials)
        np.testing.assert_allclose(found, (low, high), atol=5e-5)

    @given(st.integers(1, 500), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.99]))
    def test_bounds_solve_the_score_equation(self, n: int, part: float, level: float) -> None:
        k = round(part * n)
        z = stats.norm.ppf(0.5 + level / 2)
        for bound, outer in zip(wilson_interval(k, n, level=level), (0.0, 1.0), strict=True):
            if bound == outer:
                assert k == n * outer
                continue
            assert bound != k / n
            distance, spread = abs(k / n - bound), z * np.sqrt(bound * (1 - bound) / n)
            assert float(distance) == pytest.approx(float(spread), rel=1e-9, abs=1e-12)

    @given(st.integers(0, 10_000), st.integers(0, 10_000))
    def test_stays_within_0_and_1_and_mirrors(self, on_time: int, late: int) -> None:
        low, high = wilson_interval([on_time, late], [on_time + late] * 2)
        if on_time + late == 0:
            assert np.isnan(low).all() and np.isnan(high).all()
            return
        assert 0.0 <= low[0] <= on_time / (on_time + late) <= high[0] <= 1.0
        assert low[0] == pytest.approx(1 - high[1], abs=1e-12)

    def test_is_exactly_0_and_1_at_the_ends(self) -> None:
        low, high = wilson_interval([0, 7], [7, 7])
        assert low[0] == 0.0
        assert high[1] == 1.0

    def test_nothing_due_or_a_missing_count_is_not_a_number(self) -> None:
        low, high = wilson_interval([0, np.nan, 1], [0, 3, np.nan])
        assert np.isnan(low).all() and np.isnan(high).all()

    def test_empty_in_empty_out(self) -> None:
        low, high = wilson_interval([], [])
        assert low.shape == high.shape == (0,)

    def test_more_on_time_than_due_is_refused_with_both_numbers(self) -> None:
        with pytest.raises(ValueError, match=r"successes=4\.0 exceeds trials=3\.0 at position 1"):
            wilson_interval([1, 4], [3, 3])

    def test_a_negative_count_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            wilson_interval([-1], [3])

    @pytest.mark.parametrize("level", [0.0, 1.0, 95.0, float("nan")])
    def test_a_level_that_is_no_share_is_refused(self, level: float) -> None:
        with pytest.raises(ValueError, match="level="):
            wilson_interval([1], [2], level=level)


class TestDelayDistribution:
    def test_survival_equals_the_published_curve(self) -> None:
        found = delay_distribution(TREATED, TREATED_CENSORED)
        at = {day: float(share) for day, share in zip(found.days, found.survival, strict=True)}
        # Cox & Oakes (1984), Analysis of Survival Data, table 1.1 and section 4.2
        published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
        assert {day: round(at[day], 3) for day in published} == published
        assert (found.n, found.n_censored) == (21, 12)

    def test_median_and_its_bounds_equal_the_published_ones(self) -> None:
        # SAS LIFETEST, whose default is the same log-log bound: 23 (13, .) and 8 (4, 11)
        treated = delay_distribution(TREATED, TREATED_CENSORED)
        assert (treated.median, treated.median_low) == (23.0, 13.0)
        assert np.isnan(treated.median_high)
        control = delay_distribution(CONTROL, CONTROL_CENSORED)
        assert (control.median, control.median_low, control.median_high) == (8.0, 4.0, 11.0)

    @given(LENGTHS)
    def test_bounds_equal_those_of_scipy(self, pairs: list[tuple[int, bool]]) -> None:
        lengths, censored = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
        sample = stats.CensoredData(uncensored=lengths[~censored], right=lengths[censored])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            bounds = stats.ecdf(sample).sf.confidence_interval(method="log-log")
            low, high = (np.asarray(bound.probabilities) for bound in (bounds.low, bounds.high))  # type: ignore[attr-defined]  # the stubs say float
        found = delay_distribution(lengths, censored)
        known = (found.survival > 0) & (found.survival < 1)
        np.testing.assert_allclose(found.low[known], low[known], atol=1e-12)
        np.testing.assert_allclose(found.high[known], high[known], atol=1e-12)
        assert np.isnan(found.low[found.survival == 0]).all()
        assert (found.low[found.survival == 1] == 1).all()

    @given(LENGTHS)
    def test_curve_is_the_product_of_shares_that_went_on(
        self, pairs: list[tuple[int, bool]]
    ) -> None:
        found = delay_distribution([a for a, _ in pairs], [b for _, b in pairs])
        product = 1.0
        for day, share in zip(found.days, found.survival, strict=True):
            at_risk = sum(length >= day for length, _ in pairs)
            over = sum(length == day and not censored for length, censored in pairs)
            product *= 1 - over / at_risk
            assert float(share) == pytest.approx(product, abs=1e-12)

    @given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
    def test_without_censoring_the_median_is_the_ordinary_median(self, delays: list[int]) -> None:
        found = delay_distribution(delays, [False] * len(delays))
        assert found.median == float(np.median(delays))

    def test_outstanding_submissions_lengthen_the_median(self) -> None:
        received = delay_distribution([20, 25, 30], [False] * 3)
        outstanding = delay_distribution([20, 25, 30, 90, 90, 90], [False] * 3 + [True] * 3)
        assert received.median == 25.0
        assert outstanding.median == 30.0  # reaches one half there and falls no further

    def test_all_outstanding_has_no_median(self) -> None:
        found = delay_distribution([30, 60, 90], [True] * 3)
        assert np.isnan([found.median, found.median_low, found.median_high]).all()
        assert found.survival.tolist() == [1.0, 1.0, 1.0]
        assert found.low.tolist() == found.high.tolist() == [1.0, 1.0, 1.0]
        assert (found.n, found.n_censored) == (3, 3)

    def test_one_receipt_is_its_own_median(self) -> None:
        found = delay_distribution([41], [False])
        assert found.median == 41.0
        assert found.survival.tolist() == [0.0]

    def test_all_ties_fall_in_one_step(self) -> None:
        found = delay_distribution([30] * 5, [False] * 5)
        assert found.days.tolist() == [30.0]
        assert found.median == 30.0

    def test_nothing_gives_empty_arrays_and_no_median(self) -> None:
        found = delay_distribution([], [])
        assert found.days.size == found.survival.size == found.n == 0
        assert np.isnan(found.median)

    def test_a_missing_delay_drops_its_pair(self) -> None:
        found = delay_distribution([10, np.nan, 30], [False, False, True])
        assert (found.n, found.n_censored) == (2, 1)

    def test_arrays_of_two_lengths_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one length"):
            delay_distribution([1, 2], [False])


class TestLogrankTest:
    def test_equals_the_published_example(self) -> None:
        # Chi-square 16.79 on 1 degree of freedom, p = 0.00004: Kleinbaum & Klein (2012),
        # Survival Analysis, chapter 2, on these data
        statistic, p_value = logrank_test(TREATED, TREATED_CENSORED, CONTROL, CONTROL_CENSORED)
        assert round(statistic, 2) == 16.79
        assert round(p_value, 5) == 0.00004

    @given(LENGTHS, LENGTHS)
    def test_equals_the_sum_over_two_by_two_tables(
        self, first: list[tuple[int, bool]], second: list[tuple[int, bool]]
    ) -> None:
        statistic, p_value = logrank_test(
            [a for a, _ in first],
            [b for _, b in first],
            [a for a, _ in second],
            [b for _, b in second],
        )
        excess = variance = 0.0
        for day in {a for a, censored in first + second if not censored}:
            n_first = sum(a >= day for a, _ in first)
            n = n_first + sum(a >= day for a, _ in second)
            d_first = sum(a == day and not censored for a, censored in first)
            d = d_first + sum(a == day and not censored for a, censored in second)
            excess += d_first - d * n_first / n
            if n > 1:
                variance += d * (n_first / n) * (1 - n_first / n) * (n - d) / (n - 1)
        if variance == 0:
            assert np.isnan(statistic) and np.isnan(p_value)
        else:
            assert statistic == pytest.approx(excess**2 / variance, rel=1e-9, abs=1e-12)
            assert p_value == pytest.approx(stats.chi2.sf(statistic, 1), abs=1e-12)

    def test_equals_a_second_published_example(self) -> None:
        # Chemotherapy kept up or not, Miller (1981); R's survdiff on `aml`: 3.4, p = 0.0653
        kept_up = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
        kept_up_censored = [i in (2, 5, 8, 10) for i in range(11)]
        given_up = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
        given_up_censored = [week == 16 for week in given_up]
        statistic, p_value = logrank_test(kept_up, kept_up_censored, given_up, given_up_censored)
        assert round(statistic, 1) == 3.4
        assert round(p_value, 4) == 0.0653

    def test_the_order_of_the_groups_does_not_matter(self) -> None:
        there = logrank_test(TREATED, TREATED_CENSORED, CONTROL, CONTROL_CENSORED)
        back = logrank_test(CONTROL, CONTROL_CENSORED, TREATED, TREATED_CENSORED)
        assert there == pytest.approx(back)

    @pytest.mark.parametrize(
        ("first", "first_censored", "second", "second_censored"),
        [
            ([], [], [1, 2], [False, False]),
            ([], [], [], []),
            ([30, 60], [True, True], [30, 60], [True, True]),
            ([30, 30], [False, False], [30, 30], [False, False]),
            ([np.nan], [False], [30], [False]),
        ],
        ids=["one empty", "both empty", "all outstanding", "all ties", "all missing"],
    )
    def test_groups_that_cannot_be_compared_give_no_number(
        self,
        first: list[float],
        first_censored: list[bool],
        second: list[float],
        second_censored: list[bool],
    ) -> None:
        assert np.isnan(logrank_test(first, first_censored, second, second_censored)).all()


class TestCurrentStatusDistribution:
    @given(LENGTHS)
    def test_equals_the_max_min_formula(self, pairs: list[tuple[int, bool]]) -> None:
        days, probability = current_status_distribution(
            [a for a, _ in pairs], [b for _, b in pairs]
        )
        # Groeneboom & Wellner (1992), part II: max over starts of the min over ends of the mean
        for day, share in zip(days, probability, strict=True):
            expected = max(
                min(
                    np.mean([there for at, there in pairs if start <= at <= end])
                    for end in days[days >= day]
                )
                for start in days[days <= day]
            )
            assert float(share) == pytest.approx(float(expected), abs=1e-12)

    @given(LENGTHS)
    def test_never_falls_and_stays_a_probability(self, pairs: list[tuple[int, bool]]) -> None:
        days, probability = current_status_distribution(
            [a for a, _ in pairs], [b for _, b in pairs]
        )
        assert (np.diff(days) > 0).all()
        assert (np.diff(probability) >= 0).all()
        assert probability.min() >= 0 and probability.max() <= 1

    def test_an_answer_that_contradicts_its_neighbour_is_pooled_with_it(self) -> None:
        days, probability = current_status_distribution(
            [10, 20, 30, 40], [False, True, False, True]
        )
        assert days.tolist() == [10, 20, 30, 40]
        assert probability.tolist() == [0.0, 0.5, 0.5, 1.0]

    def test_one_inspection_says_there_or_not(self) -> None:
        assert current_status_distribution([45], [True])[1].tolist() == [1.0]
        assert current_status_distribution([45], [False])[1].tolist() == [0.0]

    def test_inspections_of_one_day_give_its_share(self) -> None:
        days, probability = current_status_distribution([45] * 4, [True, True, True, False])
        assert (days.tolist(), probability.tolist()) == ([45.0], [0.75])

    def test_nothing_gives_nothing(self) -> None:
        days, probability = current_status_distribution([], [])
        assert days.size == probability.size == 0


class TestTrend:
    def test_equals_an_example_worked_by_hand(self) -> None:
        # Rainfall under cloud seeding, Hollander & Wolfe (1999), section 9.1: C = -6,
        # one-sided P = 0.117; the ten pairwise slopes have the median -0.05625.
        found = trend([1.26, 1.27, 1.12, 1.16, 1.03])
        assert found.slope == pytest.approx(-0.05625)
        assert found.tau == pytest.approx(-0.6)
        assert found.p_value / 2 == pytest.approx(0.117, abs=5e-4)

    @given(
        st.lists(st.one_of(st.none(), st.integers(-9, 9)), min_size=3, max_size=15),
    )
    def test_slope_is_the_median_of_all_pairwise_slopes(self, values: list[int | None]) -> None:
        found = trend(np.array(values, dtype=float))
        known = [(t, v) for t, v in enumerate(values) if v is not None]
        if len(known) < 3 or len({v for _, v in known}) == 1:
            assert np.isnan([found.slope, found.tau, found.p_value]).all()
            return
        slopes = [
            (known[j][1] - known[i][1]) / (known[j][0] - known[i][0])
            for i in range(len(known))
            for j in range(i + 1, len(known))
        ]
        assert found.slope == pytest.approx(np.median(slopes))
        assert found.low <= found.slope <= found.high
        assert found.n == len(known)

    @given(st.lists(st.integers(0, 100), min_size=3, max_size=12, unique=True))
    def test_reversing_time_turns_the_sign(self, values: list[int]) -> None:
        there, back = trend(values), trend(values[::-1])
        assert there.slope == pytest.approx(-back.slope)
        assert there.tau == pytest.approx(-back.tau)
        assert there.p_value == pytest.approx(back.p_value)

    @pytest.mark.parametrize(
        "values", [[], [1.0], [1.0, 2.0], [7.0] * 12, [np.nan] * 5, [1.0, np.nan, 2.0, np.nan]]
    )
    def test_too_short_or_unchanging_has_no_trend(self, values: list[float]) -> None:
        found = trend(values)
        numbers = [found.slope, found.low, found.high, found.tau, found.p_value]
        assert np.isnan(numbers).all()
        assert found.n == np.isfinite(values).sum()

    def test_a_table_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one series"):
            trend([[1.0, 2.0], [3.0, 4.0]])


class TestAdjustPValues:
    PUBLISHED = (
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    )

    def test_rejects_the_four_of_benjamini_and_hochberg_1995(self) -> None:
        adjusted = adjust_p_values(self.PUBLISHED)  # section 4 of the paper, at 0.05
        assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
        assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)

    @given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), max_size=30))
    def test_equals_the_step_up_definition(self, p: list[float]) -> None:
        adjusted = adjust_p_values(p)
        known = sorted(value for value in p if not np.isnan(value))
        for raw, found in zip(p, adjusted, strict=True):
            if np.isnan(raw):
                assert np.isnan(found)
                continue
            expected = min(
                min(1.0, larger * len(known) / (rank + 1))
                for rank, larger in enumerate(known)
                if larger >= raw
            )
            assert float(found) == pytest.approx(expected, abs=1e-15)

    def test_shape_is_kept_and_empty_is_empty(self) -> None:
        assert adjust_p_values([]).shape == (0,)
        assert adjust_p_values([[0.1, 0.2], [np.nan, 0.3]]).shape == (2, 2)
        assert np.isnan(adjust_p_values([np.nan, np.nan])).all()

    def test_a_value_outside_0_to_1_is_refused(self) -> None:
        with pytest.raises(ValueError, match="outside 0 to 1"):
            adjust_p_values([0.5, 1.2])
