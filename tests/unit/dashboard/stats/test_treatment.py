"""Hold the treatment of outliers to COINr's documented cases, scipy's shape and invariants."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.treatment import MOST_POINTS, apply_treatment, treat_outliers
from tests.support import technology_achievement as tai

VALUES = hnp.arrays(
    float,
    st.integers(1, 30),
    elements=st.one_of(
        st.integers(0, 20).map(float), st.just(np.nan), st.sampled_from([300.0, 900.0, -500.0])
    ),
)


class TestDocumentedCases:
    def test_one_far_value_is_set_to_the_next(self) -> None:
        # COINr, tests/testthat/test-treat.R: c(1:10, 100) becomes c(1:10, 10)
        found = treat_outliers([*range(1, 11), 100])
        assert (found.kind, found.values.tolist()) == ("winsorised", [*range(1, 11), 10])
        assert found.moved.tolist() == [0] * 10 + [-1]

    def test_too_many_far_values_give_the_logarithm_of_all(self) -> None:
        # COINr, same file: c(1:20, 100, 200) with winmax = 1 is not mended by winsorising
        given_values = np.array([*range(1, 21), 100, 200], dtype=float)
        found = treat_outliers(given_values, most=1)
        assert found.kind == "log" and not found.moved.any()
        # COINr, log_CT: log(x - min + 0.01 (max - min))
        np.testing.assert_allclose(found.values, np.log(given_values - 1 + 1.99))

    def test_patents_of_the_technology_achievement_index(self) -> None:
        patents = tai.RAW[:, 0]
        assert stats.skew(patents, bias=False) > 2 and stats.kurtosis(patents, bias=False) > 3.5
        found = treat_outliers(patents)
        # Japan's 994 to Korea's 779, then both to the 289 of the United States
        expected = np.minimum(patents, 289)
        once = np.minimum(patents, 779)
        assert stats.skew(once, bias=False) > 2 and stats.kurtosis(once, bias=False) > 3.5
        np.testing.assert_array_equal(found.values, expected)
        assert np.flatnonzero(found.moved == -1).tolist() == [3, 4]
        for other in tai.RAW.T[1:]:
            assert treat_outliers(other).kind == "none"


class TestTreatOutliers:
    def test_low_values_are_raised_and_the_logarithm_mirrored(self) -> None:
        low = -np.array([*range(1, 11), 100], dtype=float)
        found = treat_outliers(low)
        assert found.values.tolist() == [*range(-1, -11, -1), -10] and found.moved[-1] == 1
        mirrored = treat_outliers(low, most=0)
        other = treat_outliers(-low, most=0)
        assert (mirrored.kind, mirrored.is_mirrored, other.is_mirrored) == ("log", True, False)
        np.testing.assert_allclose(mirrored.values, -other.values)

    @given(VALUES)
    def test_shape_equals_scipys_and_decides(self, values: np.ndarray) -> None:
        found = treat_outliers(values)
        known = values[~np.isnan(values)]
        if len(known) < 4 or np.ptp(known) == 0:
            assert found.kind == "none" and np.isnan([found.skewness, found.kurtosis]).all()
            return
        skewness, kurtosis = stats.skew(known, bias=False), stats.kurtosis(known, bias=False)
        assert (found.skewness, found.kurtosis) == pytest.approx((skewness, kurtosis), abs=1e-9)
        assume(abs(abs(skewness) - 2) > 1e-9 and abs(kurtosis - 3.5) > 1e-9)
        assert (found.kind != "none") == (abs(skewness) >= 2 and kurtosis >= 3.5)

    @given(VALUES)
    def test_order_is_kept_and_few_values_move(self, values: np.ndarray) -> None:
        found = treat_outliers(values)
        known = ~np.isnan(values)
        assert (np.isnan(found.values) == ~known).all()
        order = np.argsort(values[known], kind="stable")
        assert (np.diff(found.values[known][order]) >= 0).all()
        assert np.count_nonzero(found.moved) <= MOST_POINTS
        if found.kind == "winsorised":
            assert ((found.values != values)[known] == (found.moved != 0)[known]).all()
            assert (np.sign(found.values - values)[known] == found.moved[known]).all()

    @given(VALUES, st.sampled_from([0.001, 12.0, 1e6]))
    def test_the_unit_does_not_matter(self, values: np.ndarray, factor: float) -> None:
        one, other = treat_outliers(values), treat_outliers(values * factor)
        assume(abs(abs(one.skewness) - 2) > 1e-6 and abs(one.kurtosis - 3.5) > 1e-6)
        assert one.kind == other.kind and one.moved.tolist() == other.moved.tolist()

    @given(VALUES)
    def test_done_to_the_same_values_it_gives_the_same(self, values: np.ndarray) -> None:
        found = treat_outliers(values)
        np.testing.assert_array_equal(apply_treatment(found, values), found.values)

    def test_goalposts_beyond_the_end_that_is_drawn_out_count_as_that_end(self) -> None:
        found = treat_outliers([*range(1, 21), 100, 200], most=0)
        low, end = apply_treatment(found, [-50.0, 1.0])
        assert low == end == pytest.approx(np.log(1.99))

    def test_edges(self) -> None:
        assert treat_outliers([]).kind == treat_outliers([np.nan, 4.0]).kind == "none"
        with pytest.raises(ValueError, match="one finite number per member"):
            treat_outliers([np.inf])
        with pytest.raises(ValueError, match="most=-1"):
            treat_outliers([1.0], most=-1)
