"""Hold the quality statistics to hand-sized cases, slow formulas and invariants."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.stats.quality import (
    goalpost_score,
    mirror_asymmetry,
    overall_score,
    revision_size,
    weighted_mirror_asymmetry,
)

VALUES = st.floats(0, 1e9, allow_subnormal=False)


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
