"""Hold progress, status and staleness to published and hand-sized cases and invariants."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.stats.progress import (
    expected_progress,
    is_stale,
    progress,
    status,
)

START, DEADLINE = date(2024, 1, 1), date(2024, 12, 31)  # 365 days apart


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
