"""Hold the trade indices to published and hand-sized cases and to invariants."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.stats.trade import (
    balassa_index,
    growth,
    grubel_lloyd,
    grubel_lloyd_aggregate,
    herfindahl,
    share,
    unit_value,
)

VALUE = st.floats(0, 1e12, allow_subnormal=False)


class TestHerfindahl:
    def test_equals_the_published_example(self) -> None:
        # US Department of Justice and FTC, Horizontal Merger Guidelines (1992), note 17:
        # shares of 30, 30, 20 and 20 percent have an index of 2,600 points
        assert float(herfindahl([30, 30, 20, 20])) == pytest.approx(0.26)

    @given(st.lists(VALUE, min_size=1, max_size=20))
    def test_is_the_sum_of_squared_shares(self, values: list[float]) -> None:
        assume(sum(values) > 1e-3)
        expected = sum((value / sum(values)) ** 2 for value in values)
        assert float(herfindahl(values)) == pytest.approx(expected, rel=1e-9)

    @given(st.lists(VALUE, min_size=2, max_size=20), st.floats(1e-6, 1e6))
    def test_normalised_lies_between_equal_and_single_at_any_unit(
        self, values: list[float], unit: float
    ) -> None:
        assume(sum(values) > 1e-3)
        found = float(herfindahl(values, normalised=True))
        assert 0 <= found <= 1 + 1e-12
        scaled = herfindahl([unit * value for value in values], normalised=True)
        assert float(scaled) == pytest.approx(found, abs=1e-9)

    @pytest.mark.parametrize("n", [2, 3, 97])
    def test_equal_shares_are_1_over_n_and_normalised_0(self, n: int) -> None:
        assert float(herfindahl([7.0] * n)) == pytest.approx(1 / n)
        assert float(herfindahl([7.0] * n, normalised=True)) == pytest.approx(0, abs=1e-12)

    def test_one_partner_is_full_concentration(self) -> None:
        assert float(herfindahl([5.0])) == 1
        assert float(herfindahl([5.0], normalised=True)) == 1
        assert float(herfindahl([5.0, np.nan], normalised=True)) == 1
        assert float(herfindahl([5.0, 0.0, 0.0], normalised=True)) == 1

    def test_missing_is_no_part_and_zero_is_one_in_n(self) -> None:
        assert float(herfindahl([1, 1, np.nan], normalised=True)) == pytest.approx(0)
        assert float(herfindahl([1, 1, 0], normalised=True)) == pytest.approx(0.25)

    def test_rows_are_taken_one_by_one(self) -> None:
        found = herfindahl(np.array([[1, 1], [1, 0], [0, 0], [np.nan, np.nan]]))
        np.testing.assert_allclose(found, [0.5, 1, np.nan, np.nan])

    @pytest.mark.parametrize("normalised", [False, True])
    def test_nothing_has_no_concentration(self, normalised: bool) -> None:
        assert np.isnan(herfindahl([], normalised=normalised))
        assert np.isnan(herfindahl([0.0, 0.0], normalised=normalised))
        assert herfindahl(np.empty((0, 3)), normalised=normalised).shape == (0,)

    def test_very_small_values_do_not_vanish(self) -> None:
        assert float(herfindahl([1e-200, 1e-200])) == 0.5

    def test_a_negative_value_or_a_single_number_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            herfindahl([1.0, -1.0])
        with pytest.raises(ValueError, match="single number"):
            herfindahl(3.0)


class TestBalassaIndex:
    def test_equals_a_case_worked_by_hand(self) -> None:
        # 20 % of the reporter's exports against 10 % of the world's
        assert float(balassa_index(20, 100, 100, 1000)) == pytest.approx(2)

    @given(st.lists(st.lists(st.floats(1, 1e9), min_size=3, max_size=3), min_size=1, max_size=6))
    def test_weighted_by_reporter_it_averages_to_1(self, table: list[list[float]]) -> None:
        exports = np.array(table)
        by_reporter, by_commodity = exports.sum(axis=1), exports.sum(axis=0)
        index = balassa_index(exports, by_reporter[:, None], by_commodity, exports.sum())
        np.testing.assert_allclose(index.T @ (by_reporter / exports.sum()), 1)
        np.testing.assert_allclose(index @ (by_commodity / exports.sum()), 1)

    def test_nothing_exported_is_0_and_a_total_of_0_has_none(self) -> None:
        found = balassa_index(
            [0, 0, 0, 0, np.nan], [9, 0, 9, 9, 9], [9, 9, 0, 9, 9], [9, 9, 9, 0, 9]
        )
        np.testing.assert_array_equal(found, [0, np.nan, np.nan, np.nan, np.nan])

    def test_a_negative_value_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            balassa_index([1.0], [-1.0], [1.0], [1.0])


class TestGrubelLloyd:
    def test_equals_a_case_worked_by_hand(self) -> None:
        np.testing.assert_allclose(grubel_lloyd([80, 60, 0], [80, 20, 9]), [1, 0.5, 0])

    @given(VALUE, VALUE)
    def test_is_twice_the_smaller_over_the_sum(self, exports: float, imports: float) -> None:
        assume(exports + imports > 1e-3)
        found = float(grubel_lloyd(exports, imports))
        assert found == pytest.approx(2 * min(exports, imports) / (exports + imports), abs=1e-9)
        assert found == float(grubel_lloyd(imports, exports))

    def test_no_trade_or_no_data_has_none(self) -> None:
        assert np.isnan(grubel_lloyd([0, np.nan, 5], [0, 5, np.nan])).all()
        assert grubel_lloyd([], []).shape == (0,)

    def test_a_negative_value_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            grubel_lloyd([1.0], [-1.0])


class TestGrubelLloydAggregate:
    def test_equals_a_case_worked_by_hand(self) -> None:
        # gaps 0 and 20 of 200 and 40 traded
        assert float(grubel_lloyd_aggregate([100, 10], [100, 30])) == pytest.approx(1 - 20 / 240)

    @given(st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=15))
    def test_is_the_trade_weighted_mean_of_the_cells(
        self, cells: list[tuple[float, float]]
    ) -> None:
        exports, imports = np.array(cells).T
        trade = exports + imports
        assume(trade.sum() > 1e-3)
        each = np.nan_to_num(grubel_lloyd(exports, imports))
        found = float(grubel_lloyd_aggregate(exports, imports))
        assert found == pytest.approx(float((each * trade).sum() / trade.sum()), abs=1e-9)

    def test_opposite_gaps_do_not_cancel(self) -> None:
        assert float(grubel_lloyd_aggregate([10, 0], [0, 10])) == 0

    def test_a_cell_with_a_missing_side_is_left_out(self) -> None:
        found = grubel_lloyd_aggregate([[100, np.nan], [0, np.nan]], [[100, 7], [0, 7]])
        np.testing.assert_array_equal(found, [1, np.nan])

    def test_nothing_has_none_and_a_single_number_is_refused(self) -> None:
        assert np.isnan(grubel_lloyd_aggregate([], []))
        with pytest.raises(ValueError, match="single cell"):
            grubel_lloyd_aggregate(1.0, 1.0)


class TestGrowth:
    def test_equals_a_case_worked_by_hand(self) -> None:
        np.testing.assert_allclose(
            growth([105, 50, 100, 0], [100, 100, 100, 100]), [0.05, -0.5, 0, -1]
        )

    def test_from_nothing_or_from_a_deficit_there_is_no_rate(self) -> None:
        assert np.isnan(growth([5, 0, 5, np.nan, 5], [0, 0, np.nan, 5, -5])).all()
        assert growth([], []).shape == (0,)

    @given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9))
    def test_growing_leads_from_before_to_now(self, now: float, before: float) -> None:
        assert before * (1 + float(growth(now, before))) == pytest.approx(now, rel=1e-9, abs=1e-6)


class TestShare:
    def test_equals_a_case_worked_by_hand(self) -> None:
        np.testing.assert_allclose(share([25, 0, 100], 100), [0.25, 0, 1])

    def test_a_whole_of_0_has_no_shares(self) -> None:
        assert np.isnan(share([0, 5, np.nan, 5], [0, 0, 5, np.nan])).all()
        assert share([], []).shape == (0,)

    @given(st.lists(VALUE, min_size=1, max_size=10))
    def test_parts_make_the_whole(self, parts: list[float]) -> None:
        assume(sum(parts) > 1e-3)
        assert float(share(parts, sum(parts)).sum()) == pytest.approx(1)


class TestUnitValue:
    def test_equals_a_case_worked_by_hand(self) -> None:
        # 1,000 kg for 4,200 dollars
        assert float(unit_value(4200.0, 1000.0)) == pytest.approx(4.2)

    def test_without_a_weight_there_is_none(self) -> None:
        assert np.isnan(unit_value([4.0, np.nan, 4.0], [0.0, 2.0, np.nan])).all()
