"""Hold rank bands to the plain ranks, normal chances and numpy's quantiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.composite import aggregate, tier_probabilities
from dashboard.stats.normalisation import normalise_points
from dashboard.stats.rank_bands import RankBands, draw_chance, draw_scores, rank_bands


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
            ({"normalisations": []}, "normalisations is empty"),
            ({"normalisations": ["median"]}, "'median' is unknown"),
            ({"weights": [[1.0, 1.0]]}, "one set of weights"),
            ({"weights": [1.0]}, "one weight per column"),
        ],
    )
    def test_a_choice_out_of_range_is_refused(
        self, choices: dict[str, object], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            bands([[50.0, 50.0]], **choices)

    def test_the_chance_of_a_tier_equals_the_normal_one(self) -> None:
        found = bands([[62.0]], [[4.0]], draws=40_000, methods=["arithmetic"])
        expected = stats.norm.cdf(60, 62, 4)
        assert tier_probabilities(found.draw_scores, [60.0])[0, 0] == pytest.approx(
            expected, abs=0.01
        )

    def test_chance_drawn_once_serves_every_choice_of_weights(self) -> None:
        # More draws than are worked on at once, so that blocks and methods have to meet.
        scores, errors = np.array([[50.0, 60.0], [np.nan, 54.0]]), np.array([[4.0, 9.0], [3, 2]])
        chance = draw_chance(501, 2, 2, rng=np.random.default_rng(7))
        for weights in ([1.0, 1.0], [3.0, 1.0]):
            found = bands(scores, errors, weights, draws=501)
            pillars = np.moveaxis(chance.deviates, 0, -1) * errors + scores
            drawn = np.clip(pillars, 0, 100)
            expected = [
                aggregate(one, weights * factors, method)
                for one, factors, method in zip(
                    drawn, chance.factors, ["arithmetic"] * 250 + ["geometric"] * 251, strict=True
                )
            ]
            np.testing.assert_allclose(found.draw_scores, expected, rtol=1e-12)
            np.testing.assert_array_equal(
                found.draw_scores, draw_scores(scores, errors, weights, chance)
            )

    def test_every_method_gets_its_share_of_each_normalisation(self) -> None:
        # points 30 and 130 of two members: cut at 100, spread over the scale, or ranked
        points = np.array([[30.0, 130.0], [60.0, 60.0], [0.0, 20.0]])
        methods, kinds = ["geometric", "copeland"], ["goalposts", "min_max", "rank"]
        found = bands(points, weight_spread=0.0, draws=606, methods=methods, normalisations=kinds)
        for place, (method, kind) in enumerate((m, k) for m in methods for k in kinds):
            expected = aggregate(normalise_points(points, kind), [1, 1], method)
            part = found.draw_scores[101 * place : 101 * (place + 1)]
            np.testing.assert_allclose(part, np.tile(expected, (101, 1)))

    def test_each_drawn_comparison_counts_three_times(self) -> None:
        found = bands(
            [[50, 60, 70], [55, 54, 69], [52, 58, 72]], 9.0, draws=300, methods=["copeland"]
        )
        rows = found.draw_scores.reshape(-1, 3)
        np.testing.assert_array_equal(rows[:100], rows[100:200])
        np.testing.assert_array_equal(rows[:100], rows[200:])

    def test_chance_of_another_shape_is_refused(self) -> None:
        chance = draw_chance(10, 3, 2, rng=np.random.default_rng(7))
        with pytest.raises(ValueError, match="as many members and pillars"):
            draw_scores([[50.0, 60.0]], 1.0, [1.0, 1.0], chance)
