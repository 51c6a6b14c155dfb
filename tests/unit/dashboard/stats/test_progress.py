"""Hold progress, status and forecast to published and hand-sized cases and invariants."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from dashboard.stats import progress as module
from dashboard.stats.progress import (
    expected_progress,
    hit_probability,
    is_stale,
    progress,
    status,
)

START, DEADLINE = date(2024, 1, 1), date(2024, 12, 31)  # 365 days apart

# The Toluca Company example of Kutner, Nachtsheim, Neter and Li (2005), table 1.1:
# lot size and work hours of 25 runs.
LOT_SIZE = [80, 30, 50, 90, 70, 60, 120, 80, 100, 50, 40, 70, 90]
LOT_SIZE += [20, 110, 100, 30, 50, 90, 110, 30, 90, 40, 80, 70]
HOURS = [399, 121, 221, 376, 361, 224, 546, 352, 353, 157, 160, 252, 389]
HOURS += [113, 435, 420, 212, 268, 377, 421, 273, 468, 244, 342, 323]

MOMENTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(-1000, 1000)), min_size=3, max_size=12
)


class TestProgress:
    def test_equals_a_case_worked_by_hand(self) -> None:
        assert progress([50, 60, 90, 40, 110], 50, 90).tolist() == [0, 0.25, 1, -0.25, 1.5]

    def test_a_target_below_the_baseline_counts_downwards(self) -> None:
        assert progress([40, 30, 50], 40, 20).tolist() == [0, 0.5, -0.5]

    def test_a_target_equal_to_the_baseline_has_no_way(self) -> None:
        assert np.isnan(progress([5, 6], 5, 5)).all()

    def test_missing_stays_missing(self) -> None:
        assert np.isnan(progress([np.nan, 1, 1], [0, np.nan, 0], [1, 1, np.nan])).all()
        assert progress([], 0, 1).shape == (0,)

    @given(*[st.floats(-1e6, 1e6)] * 3, st.floats(0.1, 10), st.floats(-1e3, 1e3))
    def test_the_unit_and_its_origin_do_not_matter(
        self, now: float, baseline: float, target: float, unit: float, origin: float
    ) -> None:
        assume(abs(target - baseline) > 1)
        there = float(progress(now, baseline, target))
        moved = progress(*(unit * value + origin for value in (now, baseline, target)))
        assert float(moved) == pytest.approx(there, rel=1e-6, abs=1e-6)


class TestExpectedProgress:
    def test_is_even_between_start_and_deadline(self) -> None:
        days = [START, date(2024, 4, 1), date(2024, 5, 26), DEADLINE]
        found = expected_progress(days, START, DEADLINE)
        np.testing.assert_allclose(found, [0, 91 / 365, 146 / 365, 1])

    def test_before_the_start_is_0_and_after_the_deadline_1(self) -> None:
        found = expected_progress([date(2020, 1, 1), date(2030, 1, 1)], START, DEADLINE)
        assert found.tolist() == [0, 1]

    def test_a_start_and_deadline_of_one_day_is_a_step(self) -> None:
        days = [date(2023, 12, 31), START, date(2024, 1, 2)]
        assert expected_progress(days, START, START).tolist() == [0, 1, 1]

    def test_a_missing_day_has_none(self) -> None:
        assert np.isnan(expected_progress([None, START], [START, None], DEADLINE)).all()
        assert np.isnan(expected_progress(START, START, None))
        assert expected_progress([], START, DEADLINE).shape == (0,)

    def test_columns_of_a_frame_are_taken(self) -> None:
        frame = pd.DataFrame({"start": [pd.Timestamp(2024, 1, 1), pd.NaT]})
        found = expected_progress(date(2024, 12, 31), frame["start"], DEADLINE)
        np.testing.assert_array_equal(found, [1, np.nan])

    def test_a_deadline_before_the_start_is_refused(self) -> None:
        with pytest.raises(ValueError, match="before its start"):
            expected_progress(START, DEADLINE, START)


class TestStatus:
    @pytest.mark.parametrize(
        ("made", "due", "expected"),
        [
            (0.71, 1.0, "on_track"),
            (0.7, 1.0, "at_risk"),
            (0.5, 1.0, "at_risk"),
            (0.49, 1.0, "off_track"),
            (0.36, 0.5, "on_track"),
            (0.3, 0.5, "at_risk"),
            (0.25, 0.5, "at_risk"),
            (0.24, 0.5, "off_track"),
            (0.0, 0.1, "off_track"),
            (-0.5, 0.5, "off_track"),
            (2.0, 1.0, "on_track"),
            (0.0, 0.0, "not_started"),
            (-0.1, 0.0, "not_started"),
            (0.1, 0.0, "on_track"),
            (np.nan, 0.5, "not_started"),
            (np.nan, 0.0, "not_started"),
            (0.5, np.nan, "not_started"),
        ],
    )
    def test_follows_the_ratio_to_the_expected(
        self, made: float, due: float, expected: str
    ) -> None:
        assert str(status(made, due)) == expected

    def test_columns_are_judged_row_by_row(self) -> None:
        assert status([0.5, 0.1], [0.5, 0.5]).tolist() == ["on_track", "off_track"]
        assert status([], []).shape == (0,)

    @given(st.floats(-2, 2), st.floats(0.01, 1), st.floats(0, 1))
    def test_more_progress_is_never_judged_worse(
        self, made: float, due: float, more: float
    ) -> None:
        order = ["off_track", "at_risk", "on_track"]
        assert order.index(str(status(made + more, due))) >= order.index(str(status(made, due)))

    def test_an_expected_progress_that_is_no_share_is_refused(self) -> None:
        with pytest.raises(ValueError, match="outside 0 to 1"):
            status(0.5, 1.5)


class TestIsStale:
    def test_is_stale_from_the_day_after_the_cadence(self) -> None:
        today = date(2024, 6, 30)
        days = [date(2024, 6, 1), date(2024, 5, 31), date(2024, 5, 30), today, date(2024, 7, 5)]
        assert is_stale(days, today, 30).tolist() == [False, False, True, False, False]

    def test_without_any_check_in_it_is_stale(self) -> None:
        assert is_stale([None, None], date(2024, 6, 30), 30).tolist() == [True] * 2
        assert bool(is_stale(np.datetime64("NaT"), date(2024, 6, 30), 30))
        assert bool(is_stale(None, date(2024, 6, 30), 30))

    def test_each_has_its_own_cadence(self) -> None:
        last = [date(2024, 4, 1)] * 2
        assert is_stale(last, date(2024, 6, 1), [30, 90]).tolist() == [True, False]
        assert is_stale([], date(2024, 6, 1), []).shape == (0,)

    @pytest.mark.parametrize("cadence", [0, -1, np.nan])
    def test_a_cadence_that_is_no_time_is_refused(self, cadence: float) -> None:
        with pytest.raises(ValueError, match="cadence"):
            is_stale(START, DEADLINE, cadence)

    def test_a_missing_today_is_refused(self) -> None:
        with pytest.raises(ValueError, match="today"):
            is_stale(START, None, 30)


class TestHitProbability:
    def test_equals_the_published_prediction_interval(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # the book's example: a lot of 100, 90 percent, 332.2 <= Y <= 506.6 around 419.4
        monkeypatch.setattr(module, "FORECAST_LEVEL", 0.90)
        _, forecast, low, high = hit_probability(LOT_SIZE, HOURS, 100, 0, "higher")
        assert (round(forecast, 1), round(low, 1), round(high, 1)) == (419.4, 332.2, 506.6)

    def test_a_bound_of_the_interval_is_met_with_its_probability(self) -> None:
        _, forecast, low, high = hit_probability(LOT_SIZE, HOURS, 100, 0, "higher")
        for target, chance in ((low, 0.975), (forecast, 0.5), (high, 0.025)):
            above = hit_probability(LOT_SIZE, HOURS, 100, target, "higher")[0]
            below = hit_probability(LOT_SIZE, HOURS, 100, target, "lower")[0]
            assert above == pytest.approx(chance)
            assert above + below == pytest.approx(1)

    @given(MOMENTS, st.integers(400, 800), st.integers(-1000, 1000))
    def test_equals_the_matrix_form(
        self, moments: list[tuple[int, int]], deadline: int, target: int
    ) -> None:
        x, y = np.array(moments, dtype=float).T
        assume(np.unique(x).size > 1)
        design = np.column_stack([np.ones_like(x), x])
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ y
        error = y - design @ beta
        variance = error @ error / (len(x) - 2)
        assume(variance > 1e-6)
        at = np.array([1.0, deadline])
        law = stats.t(
            len(x) - 2, float(at @ beta), float(np.sqrt(variance * (1 + at @ inverse @ at)))
        )
        expected = (law.sf(target), law.median(), *law.interval(0.95))
        found = hit_probability(x, y, deadline, target, "higher")
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)

    def test_values_on_a_line_hit_or_miss_for_certain(self) -> None:
        days, values = [0, 10, 20, 30], [0.1, 0.2, 0.3, 0.4]
        assert hit_probability(days, values, 90, 1.0, "higher")[0] == 1.0
        assert hit_probability(days, values, 90, 1.01, "higher")[0] == 0.0
        assert hit_probability(days, values, 90, 1.0, "lower")[0] == 1.0
        _, forecast, low, high = hit_probability(days, values, 90, 1.0, "higher")
        assert forecast == pytest.approx(1.0)
        assert low == high == forecast

    def test_a_line_that_meets_its_target_but_for_rounding_hits_it(self) -> None:
        found = hit_probability([0, 7, 14], [0.1, 0.3, 0.5], 28, 0.9, "higher")
        assert found[1] < 0.9  # by the last binary digit
        assert found[0] == 1.0

    def test_unchanging_values_stay_where_they_are(self) -> None:
        assert hit_probability([0, 10, 20], [5, 5, 5], 90, 6, "higher") == (0, 5, 5, 5)
        assert hit_probability([0, 10, 20], [0, 0, 0], 90, 0, "lower") == (1, 0, 0, 0)

    def test_the_further_the_deadline_the_wider_the_interval(self) -> None:
        near = hit_probability([0, 30, 60, 90], [50, 56, 59, 66], 120, 75, "higher")
        far = hit_probability([0, 30, 60, 90], [50, 56, 59, 66], 360, 75, "higher")
        assert far[3] - far[2] > near[3] - near[2]

    @pytest.mark.parametrize(
        ("days", "values"),
        [
            ([], []),
            ([1], [1]),
            ([1, 2], [1, 2]),
            ([5, 5, 5], [1, 2, 3]),
            ([1, 2, 3], [1, np.nan, 3]),
            ([1, np.nan, 3], [1, 2, 3]),
        ],
    )
    def test_too_little_to_go_by_gives_no_forecast(
        self, days: list[float], values: list[float]
    ) -> None:
        assert np.isnan(hit_probability(days, values, 90, 1, "higher")).all()

    def test_a_pair_with_a_missing_side_is_left_out(self) -> None:
        whole = hit_probability([0, 30, 60], [1, 3, 4], 90, 5, "higher")
        assert hit_probability([0, 10, 30, 60], [1, np.nan, 3, 4], 90, 5, "higher") == whole

    def test_what_does_not_fit_is_refused(self) -> None:
        with pytest.raises(ValueError, match="direction='up'"):
            hit_probability([1, 2, 3], [1, 2, 3], 4, 5, "up")
        with pytest.raises(ValueError, match="give pairs"):
            hit_probability([1, 2, 3], [1, 2], 4, 5, "higher")
