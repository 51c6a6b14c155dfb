"""Hold composite scores and ranks to hand-sized cases, scipy's means and invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.composite import (
    METHODS,
    RankBands,
    aggregate,
    indistinguishable_groups,
    normalise,
    rank_bands,
    rank_scores,
    tier_probabilities,
)

SCORES = hnp.arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.one_of(st.just(np.nan), st.floats(1, 100)),
)


def bands(
    scores: object, errors: object = 0.0, weights: object = None, **choices: object
) -> RankBands:
    table = np.asarray(scores, dtype=float)
    return rank_bands(
        table,
        np.asarray(errors, dtype=float),
        np.ones(table.shape[1]) if weights is None else np.asarray(weights, dtype=float),
        **{"rng": np.random.default_rng(7), **choices},  # type: ignore[arg-type]
    )


class TestNormalise:
    def test_each_column_has_its_own_goalposts_and_direction(self) -> None:
        scores = normalise([[0.5, 60], [2.0, 90], [np.nan, 0]], [0, 90], [1, 30])
        np.testing.assert_array_equal(scores, [[50, 50], [100, 0], [np.nan, 100]])

    def test_a_new_worst_performer_moves_nobody(self) -> None:
        before = normalise([[0.5], [0.8]], [0], [1])
        after = normalise([[0.5], [0.8], [-9.0]], [0], [1])
        np.testing.assert_array_equal(after[:2], before)

    def test_goalposts_that_do_not_match_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one pair of goalposts per column"):
            normalise([[1.0, 2.0]], [0.0], [1.0])
        with pytest.raises(ValueError, match="worst equals best"):
            normalise([[1.0, 2.0]], [0.0, 1.0], [1.0, 1.0])


class TestAggregate:
    def test_equals_a_case_worked_by_hand(self) -> None:
        assert aggregate([[25, 100]], [1, 1]).tolist() == [62.5]
        assert aggregate([[25, 100]], [3, 1]).tolist() == [43.75]
        assert float(aggregate([[25, 100]], [1, 1], "geometric")[0]) == pytest.approx(50)
        assert float(aggregate([[10, 80]], [1, 2], "geometric")[0]) == pytest.approx(40)

    @given(SCORES, st.data())
    def test_equals_the_means_of_scipy_over_what_is_there(
        self, scores: np.ndarray, data: st.DataObject
    ) -> None:
        p = scores.shape[1]
        weights = np.array(data.draw(st.lists(st.floats(0.1, 5), min_size=p, max_size=p)))
        for method, power in (("arithmetic", 1), ("geometric", 0)):
            for row, found in zip(scores, aggregate(scores, weights, method), strict=True):
                there = ~np.isnan(row)
                if there.any():
                    expected = stats.pmean(row[there], power, weights=weights[there])
                    assert float(found) == pytest.approx(float(expected))
                else:
                    assert np.isnan(found)

    @given(SCORES)
    def test_geometric_never_exceeds_arithmetic(self, scores: np.ndarray) -> None:
        weights = np.arange(1, scores.shape[1] + 1)
        geometric = aggregate(scores, weights, "geometric")
        arithmetic = aggregate(scores, weights)
        known = ~np.isnan(arithmetic)
        assert (np.isnan(geometric) == ~known).all()
        assert (geometric[known] <= arithmetic[known] + 1e-9).all()

    @given(st.floats(1, 100), st.lists(st.floats(0.01, 10), min_size=1, max_size=7))
    def test_equal_pillars_give_exactly_their_score(
        self, score: float, weights: list[float]
    ) -> None:
        for method in METHODS:
            assert aggregate([[score] * len(weights)], weights, method).tolist() == [score]

    def test_a_zero_counts_as_one_point_in_the_geometric_mean(self) -> None:
        assert float(aggregate([[0, 100]], [1, 1], "geometric")[0]) == pytest.approx(10)
        assert aggregate([[0, 100]], [1, 1]).tolist() == [50]

    def test_a_missing_pillar_is_not_a_zero(self) -> None:
        for method in METHODS:
            assert aggregate([[80, np.nan]], [1, 9], method).tolist() == [80]

    def test_a_pillar_of_weight_0_alone_makes_no_score(self) -> None:
        for method in METHODS:
            assert np.isnan(aggregate([[80, np.nan]], [0, 1], method)).all()

    def test_draws_of_scores_and_of_weights_go_together(self) -> None:
        rng = np.random.default_rng(3)
        scores, weights = rng.uniform(0, 100, (4, 6, 3)), rng.uniform(0, 1, (4, 3))
        scores[1, 2, 0] = np.nan
        for method in METHODS:
            np.testing.assert_allclose(
                aggregate(scores, weights, method),
                [aggregate(s, w, method) for s, w in zip(scores, weights, strict=True)],
            )
            np.testing.assert_allclose(
                aggregate(scores[0], weights, method),
                [aggregate(scores[0], w, method) for w in weights],
            )

    def test_no_members_give_no_scores(self) -> None:
        assert aggregate(np.empty((0, 2)), [1, 1]).shape == (0,)

    @pytest.mark.parametrize("weights", [[1], [0, 0], [-1, 2], [np.nan, 1]])
    def test_weights_that_do_not_fit_are_refused(self, weights: list[float]) -> None:
        with pytest.raises(ValueError, match="weight"):
            aggregate([[1.0, 2.0]], weights)

    def test_an_unknown_method_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(ValueError, match="'harmonic' is unknown; give one of arithmetic, geo"):
            aggregate([[1.0]], [1.0], "harmonic")


class TestRankScores:
    @given(
        hnp.arrays(
            float,
            st.tuples(st.integers(1, 4), st.integers(1, 12)),
            elements=st.one_of(st.just(np.nan), st.integers(0, 8).map(float)),
        )
    )
    def test_is_one_more_than_the_number_of_better_scores(self, scores: np.ndarray) -> None:
        for row, ranks in zip(scores, rank_scores(scores), strict=True):
            expected = [np.nan if np.isnan(s) else 1 + (row > s).sum() for s in row]
            np.testing.assert_array_equal(ranks, expected)

    def test_equals_the_minimum_ranks_of_scipy(self) -> None:
        scores = np.random.default_rng(2).integers(0, 50, 186).astype(float)
        np.testing.assert_array_equal(rank_scores(scores), stats.rankdata(-scores, "min"))

    def test_sums_in_another_order_are_a_tie(self) -> None:
        assert rank_scores([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.5]).tolist() == [1, 1, 3]

    def test_scores_are_not_rounded(self) -> None:
        assert rank_scores([70.0001, 70.0002]).tolist() == [2, 1]

    def test_edges(self) -> None:
        assert rank_scores([]).shape == (0,)
        assert rank_scores([5.0]).tolist() == [1]
        assert rank_scores([0.0, -0.0, 0.0]).tolist() == [1, 1, 1]
        assert np.isnan(rank_scores([np.nan, np.nan])).all()
        with pytest.raises(ValueError, match="single number"):
            rank_scores(5.0)


class TestRankBands:
    def test_nothing_uncertain_gives_the_plain_ranks(self) -> None:
        scores = [[90, 80], [70, 60], [70, 60], [50, np.nan], [np.nan, np.nan]]
        found = bands(scores, weight_spread=0.0, methods=["arithmetic"], draws=10)
        for ranks in (found.low, found.median, found.high):
            np.testing.assert_array_equal(ranks, [1, 2, 2, 4, np.nan])

    def test_the_chance_to_lead_equals_the_normal_one(self) -> None:
        # difference of two normals: P(first ahead) = Phi(5 / sqrt(6^2 + 8^2))
        found = bands([[55], [50]], [[6], [8]], draws=40_000, methods=["arithmetic"])
        share = float((found.draw_ranks[:, 0] == 1).mean())
        assert share == pytest.approx(stats.norm.cdf(0.5), abs=0.01)
        assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])

    def test_weights_are_drawn_within_their_spread_and_brought_to_one(self) -> None:
        # pillars 100 and 0: the score is 100 w1 / (w1 + w2), extreme at 1.25 against 0.75
        found = bands([[100, 0]], draws=20_000, methods=["arithmetic"])
        drawn = found.draw_scores[:, 0]
        assert drawn.min() >= 37.5 and drawn.max() <= 62.5
        assert drawn.min() < 38.5 and drawn.max() > 61.5
        assert float(drawn.mean()) == pytest.approx(50, abs=0.2)

    def test_half_of_the_draws_are_geometric(self) -> None:
        found = bands([[25, 100]], weight_spread=0.0, draws=1001)
        halves, counts = np.unique(np.round(found.draw_scores, 9), return_counts=True)
        assert halves.tolist() == [50, 62.5]
        assert sorted(counts.tolist()) == [500, 501]

    def test_method_alone_can_open_a_band(self) -> None:
        # even against uneven: 60 beats 50 geometrically, 62.5 beats 60 arithmetically
        found = bands([[60, 60], [25, 100]], weight_spread=0.0, draws=100)
        assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])

    def test_drawn_pillars_stay_within_0_and_100(self) -> None:
        found = bands([[99], [1]], [[50], [50]], methods=["arithmetic"])
        assert found.draw_scores.min() == 0 and found.draw_scores.max() == 100

    @pytest.mark.parametrize("draws", [37, 200])  # a part of a draw, and whole draws
    def test_quantiles_are_the_smallest_rank_that_is_enough(self, draws: int) -> None:
        rng = np.random.default_rng(11)
        found = bands(rng.uniform(40, 60, (12, 3)), rng.uniform(0, 15, (12, 3)), draws=draws)
        for level, ranks in ((0.05, found.low), (0.5, found.median), (0.95, found.high)):
            expected = np.quantile(found.draw_ranks, level, axis=0, method="inverted_cdf")
            np.testing.assert_array_equal(ranks, expected)

    @given(
        hnp.arrays(
            float,
            st.tuples(st.integers(1, 6), st.integers(1, 3)),
            elements=st.one_of(st.just(np.nan), st.floats(0, 100)),
        ),
        st.floats(0, 30),
    )
    def test_a_band_holds_its_median_and_stays_within_the_ranks(
        self, scores: np.ndarray, error: float
    ) -> None:
        found = bands(scores, error, draws=40)
        ranked = ~np.isnan(scores).all(axis=1)
        assert (np.isnan(found.median) == ~ranked).all()
        low, median, high = found.low[ranked], found.median[ranked], found.high[ranked]
        assert ((low >= 1) & (low <= median) & (median <= high) & (high <= ranked.sum())).all()
        assert found.draw_scores.shape == found.draw_ranks.shape == (40, len(scores))

    def test_the_same_seed_gives_the_same_bands(self) -> None:
        one, other = (bands([[50, 60], [55, 54]], 5.0) for _ in range(2))
        np.testing.assert_array_equal(one.draw_scores, other.draw_scores)

    def test_an_unknown_error_counts_as_none(self) -> None:
        found = bands([[90], [50]], [[np.nan], [np.nan]], methods=["arithmetic"])
        assert np.ptp(found.draw_scores, axis=0).tolist() == [0, 0]

    def test_edges(self) -> None:
        alone = bands([[42.0, 80.0]], 10.0)
        assert alone.low.tolist() == alone.median.tolist() == alone.high.tolist() == [1]
        nobody = bands(np.empty((0, 3)))
        assert nobody.median.shape == (0,)
        level = bands([[50, 50]] * 4)
        assert level.high.tolist() == [1] * 4

    @pytest.mark.parametrize(
        ("choices", "message"),
        [
            ({"errors": -1.0}, "standard error"),
            ({"weight_spread": 1.0}, r"weight_spread=1\.0"),
            ({"methods": []}, "methods is empty"),
            ({"methods": ["median"]}, "'median' is unknown"),
            ({"draws": 1}, "draws=1"),
            ({"weights": [[1.0, 1.0]]}, "one set of weights"),
            ({"weights": [1.0]}, "one weight per column"),
        ],
    )
    def test_a_choice_out_of_range_is_refused(
        self, choices: dict[str, object], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            bands([[50.0, 50.0]], **choices)


class TestTierProbabilities:
    def test_counts_the_draws_in_each_tier(self) -> None:
        draws = [[59.9, 80.0], [60.0, 90.0], [79.9, 100.0], [80.0, 80.0]]
        found = tier_probabilities(draws, [60, 80])
        assert found.tolist() == [[0.25, 0.5, 0.25], [0, 0, 1]]

    def test_equals_the_normal_probability(self) -> None:
        found = bands([[62.0]], [[4.0]], draws=40_000, methods=["arithmetic"])
        expected = stats.norm.cdf(60, 62, 4)
        assert tier_probabilities(found.draw_scores, [60.0])[0, 0] == pytest.approx(
            expected, abs=0.01
        )

    @given(
        hnp.arrays(
            float,
            st.tuples(st.integers(1, 20), st.integers(1, 5)),
            elements=st.one_of(st.just(np.nan), st.floats(0, 100)),
        )
    )
    def test_each_member_is_in_some_tier(self, draws: np.ndarray) -> None:
        sums = tier_probabilities(draws, [40, 60, 80]).sum(axis=1)
        scored = ~np.isnan(draws).all(axis=0)
        np.testing.assert_allclose(sums[scored], 1)
        assert np.isnan(sums[~scored]).all()

    def test_edges(self) -> None:
        assert tier_probabilities(np.empty((5, 0)), [50]).shape == (0, 2)
        assert np.isnan(tier_probabilities(np.empty((0, 2)), [50])).all()
        assert tier_probabilities([[10.0]], []).tolist() == [[1.0]]

    def test_thresholds_that_do_not_rise_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"thresholds=\[80\.0, 60\.0\] do not rise"):
            tier_probabilities([[1.0]], [80, 60])


class TestIndistinguishableGroups:
    def test_a_group_ends_where_a_band_leaves_that_of_its_leader(self) -> None:
        # the third overlaps the second but not the leader, so it leads anew
        found = indistinguishable_groups([1, 3, 4, 9], [1, 2, 3, 8], [2, 5, 6, 9])
        assert found.tolist() == [1, 1, 2, 3]

    def test_the_order_of_the_members_does_not_matter(self) -> None:
        median, low, high = np.array([[1, 3, 4, 9], [1, 2, 3, 8], [2, 5, 6, 9]])
        order = np.array([2, 0, 3, 1])
        there = indistinguishable_groups(median, low, high)
        mixed = indistinguishable_groups(median[order], low[order], high[order])
        np.testing.assert_array_equal(mixed, there[order])

    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), max_size=15)
    )
    def test_everyone_overlaps_a_leader_and_leaders_do_not_overlap(
        self, members: list[tuple[int, int, int]]
    ) -> None:
        median = np.array([m for m, _, _ in members], dtype=float)
        low = median - np.array([a for _, a, _ in members], dtype=float)
        high = median + np.array([b for _, _, b in members], dtype=float)
        group = indistinguishable_groups(median, low, high)
        leaders: dict[int, int] = {}
        for i in sorted(range(len(members)), key=lambda i: (median[i], low[i], high[i])):
            leaders.setdefault(int(group[i]), i)
            lead = leaders[int(group[i])]
            assert low[i] <= high[lead] and low[lead] <= high[i]
        assert sorted(leaders) == list(range(1, len(leaders) + 1))
        for number in range(2, len(leaders) + 1):
            assert low[leaders[number]] > high[leaders[number - 1]]

    def test_edges(self) -> None:
        assert indistinguishable_groups([], [], []).shape == (0,)
        assert indistinguishable_groups([np.nan, 1], [np.nan, 1], [np.nan, 1]).tolist() == [0, 1]
        assert indistinguishable_groups([1, 1, 1], [1, 1, 1], [1, 1, 1]).tolist() == [1, 1, 1]

    def test_a_band_without_its_median_is_refused(self) -> None:
        with pytest.raises(ValueError, match="does not hold its median"):
            indistinguishable_groups([1], [2], [3])
        with pytest.raises(ValueError, match="differ in shape"):
            indistinguishable_groups([1, 2], [1], [2])
