"""Hold composite scores and ranks to hand-sized cases, scipy's means and invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.composite import (
    MEANS,
    METHODS,
    aggregate,
    indistinguishable_groups,
    rank_scores,
    tier_probabilities,
)
from dashboard.stats.copeland import copeland_scores
from dashboard.stats.normalisation import normalise
from tests.support import technology_achievement as tai

SCORES = hnp.arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.one_of(st.just(np.nan), st.floats(1, 100)),
)


class TestTheHandbooksExample:
    """Table 38 of the Handbook: ranks of 23 countries by the technology achievement index."""

    def test_linear_ranks(self) -> None:
        scores = normalise(tai.RAW, tai.WORST, tai.BEST)
        found = aggregate(scores, np.ones(8))
        np.testing.assert_array_equal(rank_scores(found), tai.LINEAR_RANK)
        # Human Development Report 2001: Finland 0.744, United States 0.73, Slovenia 0.46
        assert found[0] / 100 == pytest.approx(0.744, abs=0.002)
        assert (found[[1, 22]] / 100).tolist() == pytest.approx([0.73, 0.46], abs=0.006)

    def test_geometric_ranks(self) -> None:
        found = aggregate(tai.RAW, np.ones(8), "geometric")
        np.testing.assert_array_equal(rank_scores(found), tai.GEOMETRIC_RANK)


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
        for method in MEANS:
            assert aggregate([[score] * len(weights)], weights, method).tolist() == [score]

    def test_a_zero_counts_as_one_point_in_the_geometric_mean(self) -> None:
        assert float(aggregate([[0, 100]], [1, 1], "geometric")[0]) == pytest.approx(10)
        assert aggregate([[0, 100]], [1, 1]).tolist() == [50]

    def test_a_missing_pillar_is_not_a_zero(self) -> None:
        for method in MEANS:
            assert aggregate([[80, np.nan]], [1, 9], method).tolist() == [80]

    def test_a_pillar_of_weight_0_alone_makes_no_score(self) -> None:
        for method in MEANS:
            assert np.isnan(aggregate([[80, np.nan]], [0, 1], method)).all()

    def test_draws_of_scores_and_of_weights_go_together(self) -> None:
        rng = np.random.default_rng(3)
        scores, weights = rng.uniform(0, 100, (4, 6, 3)), rng.uniform(0, 1, (4, 3))
        scores[1, 2, 0] = np.nan
        for method in MEANS:
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

    @given(SCORES, st.randoms(use_true_random=False))
    def test_permuting_members_permutes_their_ranks(
        self, scores: np.ndarray, chance: object
    ) -> None:
        order = list(range(len(scores)))
        chance.shuffle(order)  # type: ignore[attr-defined]
        weights = np.arange(1.0, scores.shape[1] + 1)
        for method in METHODS:
            ranks = rank_scores(aggregate(scores, weights, method))
            mixed = rank_scores(aggregate(scores[order], weights, method))
            np.testing.assert_array_equal(mixed, ranks[order])

    def test_copeland_is_one_of_the_methods(self) -> None:
        scores, weights = (
            np.array([[[52.0, 61, 0], [51, 60, 99]]]),
            np.array([[1, 1, 1], [1, 1, 5]]),
        )
        found = aggregate(scores, weights, "copeland")
        np.testing.assert_array_equal(found, copeland_scores(scores, weights))
        assert found.tolist() == [[100, 0], [0, 100]]

    def test_edges(self) -> None:
        assert rank_scores([]).shape == (0,)
        assert rank_scores([5.0]).tolist() == [1]
        assert rank_scores([0.0, -0.0, 0.0]).tolist() == [1, 1, 1]
        assert np.isnan(rank_scores([np.nan, np.nan])).all()
        with pytest.raises(ValueError, match="single number"):
            rank_scores(5.0)


class TestTierProbabilities:
    def test_counts_the_draws_in_each_tier(self) -> None:
        draws = [[59.9, 80.0], [60.0, 90.0], [79.9, 100.0], [80.0, 80.0]]
        found = tier_probabilities(draws, [60, 80])
        assert found.tolist() == [[0.25, 0.5, 0.25], [0, 0, 1]]

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
