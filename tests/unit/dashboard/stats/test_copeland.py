"""Hold pairwise comparison to the Handbook's matrices, a plain formula and invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.copeland import copeland_scores, outranking_matrix
from tests.support import technology_achievement as tai

SCORES = hnp.arrays(
    float,
    st.tuples(st.integers(1, 9), st.integers(1, 5)),
    elements=st.one_of(st.just(np.nan), st.integers(0, 6).map(float)),
)


def plain_scores(scores: np.ndarray, weights: np.ndarray) -> list[float]:
    """Compare every two members pillar by pillar, as one would by hand."""
    there = [any(w > 0 and s == s for s, w in zip(row, weights, strict=True)) for row in scores]
    found = []
    for i, one in enumerate(scores):
        net = 0
        for other in scores:
            better = sum(w for a, b, w in zip(one, other, weights, strict=True) if a > b)
            worse = sum(w for a, b, w in zip(one, other, weights, strict=True) if a < b)
            net += int(better > worse + 1e-9) - int(better < worse - 1e-9)
        others = sum(there) - 1
        found.append(50 + 50 * net / max(others, 1) if there[i] else float("nan"))
    return found


class TestOutrankingMatrix:
    def test_five_countries_of_the_handbook(self) -> None:
        # table 36; of the United States and Japan the printed 0.625 and 0.375 hold
        found = outranking_matrix(tai.FIVE, np.ones(8))
        np.testing.assert_allclose(found, tai.FIVE_OUTRANKING)

    def test_equals_count_half_and_only_pillars_that_both_have_count(self) -> None:
        found = outranking_matrix(
            [[1.0, 5.0, np.nan], [1.0, 4.0, 9.0], [np.nan, np.nan, 9.0]], [1, 3, 4]
        )
        np.testing.assert_allclose(found, [[0, 0.875, np.nan], [0.125, 0, 0.5], [np.nan, 0.5, 0]])

    @given(SCORES)
    def test_both_sides_of_a_comparison_make_one(self, scores: np.ndarray) -> None:
        found = outranking_matrix(scores, np.arange(1.0, scores.shape[1] + 1))
        sums = found + found.T
        off = ~np.eye(len(scores), dtype=bool) & ~np.isnan(sums)
        np.testing.assert_allclose(sums[off], 1)


class TestCopelandScores:
    def test_five_countries_of_the_handbook(self) -> None:
        # from table 36 by COINr's rule (above one half 1, below -1): row sums 1, 2, 3, -2, -4
        found = copeland_scores(tai.FIVE, np.ones(8))
        np.testing.assert_allclose(found, 50 + 50 * np.array([1, 2, 3, -2, -4]) / 4)

    def test_four_countries_and_21_indicators_of_the_handbook(self) -> None:
        # table 25 and the matrix of table 27; "the final ranking is" c, b, d, a
        orders = {"abcd": 3, "acbd": 5, "bdca": 7, "cbda": 6}
        scores = np.array([[4.0 - order.index(name) for order in orders] for name in "abcd"])
        weights = list(orders.values())
        np.testing.assert_allclose(
            outranking_matrix(scores, weights) * 21,
            [[0, 8, 8, 8], [13, 0, 10, 21], [13, 11, 0, 14], [13, 0, 7, 0]],
        )
        found = copeland_scores(scores, weights)
        np.testing.assert_allclose(found, 50 + 50 * np.array([-3, 1, 3, -1]) / 3)

    def test_a_cycle_is_a_tie(self) -> None:
        # the Handbook's table 28, after Condorcet: a over b, b over c, c over a
        orders = {"abc": 23, "bca": 17, "bac": 2, "cab": 10, "cba": 8}
        scores = np.array([[3.0 - order.index(name) for order in orders] for name in "abc"])
        weights = list(orders.values())
        np.testing.assert_allclose(
            outranking_matrix(scores, weights) * 60, [[0, 33, 25], [27, 0, 42], [35, 18, 0]]
        )
        assert copeland_scores(scores, weights).tolist() == [50, 50, 50]

    def test_the_technology_achievement_index_is_close_to_the_handbooks_outranking(self) -> None:
        # The Handbook seeks the permutation with the most support; Copeland's rule keeps to
        # the same matrix and can differ where there are cycles.
        found = stats.rankdata(-copeland_scores(tai.RAW, np.ones(8)), method="min")
        assert stats.kendalltau(found, tai.OUTRANKING_RANK).statistic > 0.85
        assert set(np.argsort(found)[:3]) == set(np.argsort(tai.OUTRANKING_RANK)[:3])

    @given(SCORES, st.lists(st.sampled_from([0.0, 1.0, 1.5, 2.0, 2.7]), min_size=5, max_size=5))
    def test_equals_the_comparison_by_hand(self, scores: np.ndarray, choice: list[float]) -> None:
        weights = np.array(choice[: scores.shape[1]])
        if weights.sum() == 0:
            weights[0] = 1
        np.testing.assert_allclose(
            copeland_scores(scores, weights), plain_scores(scores, weights), atol=1e-9
        )

    @pytest.mark.parametrize("members", [7, 8, 186])
    def test_draws_equal_one_at_a_time(self, members: int) -> None:
        rng = np.random.default_rng(3)
        # more draws than are worked on at once, with ties at the end of the scale and gaps
        draws = np.minimum(rng.uniform(0, 130, (300, members, 5)), 100)
        draws[:, 2, 1] = np.nan
        weights = rng.uniform(0.75, 1.25, (300, 5))
        found = copeland_scores(draws, weights)
        for draw in (0, 255, 256, 299):
            matrix = outranking_matrix(draws[draw], weights[draw])
            np.fill_diagonal(matrix, 0.5)
            expected = 50 + 50 * np.sign(matrix - 0.5).sum(axis=1) / (members - 1)
            np.testing.assert_allclose(found[draw], expected)

    @given(SCORES, st.randoms(use_true_random=False))
    def test_the_order_of_members_does_not_matter(self, scores: np.ndarray, chance: object) -> None:
        order = list(range(len(scores)))
        chance.shuffle(order)  # type: ignore[attr-defined]
        weights = np.ones(scores.shape[1])
        np.testing.assert_allclose(
            copeland_scores(scores[order], weights), copeland_scores(scores, weights)[order]
        )

    @given(SCORES, st.integers(0, 8), st.integers(1, 4))
    def test_a_better_value_never_lowers_the_score(
        self, scores: np.ndarray, member: int, gain: int
    ) -> None:
        member %= len(scores)
        better = scores.copy()
        better[member] += gain
        weights = np.arange(1.0, scores.shape[1] + 1)
        before, after = copeland_scores(scores, weights), copeland_scores(better, weights)
        assert np.isnan(before[member]) or after[member] >= before[member]

    def test_edges(self) -> None:
        assert copeland_scores(np.empty((0, 2)), [1, 1]).shape == (0,)
        assert copeland_scores([[3.0]], [1]).tolist() == [50]
        assert np.isnan(copeland_scores([[np.nan, 3.0]], [1, 0])).all()
        with pytest.raises(ValueError, match="one weight per column"):
            copeland_scores([[1.0]], [1, 1])
        with pytest.raises(ValueError, match="one row per member"):
            outranking_matrix([1.0], [1])
