"""Hold normalisations to the Handbook's table 15, scipy's and invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from dashboard.stats.normalisation import NORMALISATIONS, normalise, normalise_points
from tests.support import technology_achievement as tai

POINTS = hnp.arrays(
    float,
    st.tuples(st.integers(1, 7), st.integers(1, 3)),
    elements=st.one_of(st.just(np.nan), st.integers(-40, 140).map(float)),
)
SCHOOLING = tai.INDICATORS.index("schooling")
RELATIVE = [kind for kind in NORMALISATIONS if kind != "goalposts"]


def schooling(kind: str) -> np.ndarray:
    return normalise(tai.RAW, tai.WORST, tai.BEST, kind)[:, SCHOOLING]


class TestTheHandbooksExample:
    def test_min_max(self) -> None:
        np.testing.assert_allclose(schooling("min_max") / 100, tai.SCHOOLING_MINMAX, atol=0.0051)

    def test_z_score(self) -> None:
        # 50 points for the mean, a sixth of the scale for a standard deviation
        np.testing.assert_allclose(
            (schooling("z_score") - 50) * 6 / 100, tai.SCHOOLING_Z, atol=0.0051
        )

    def test_rank(self) -> None:
        # the table gives equals the place of the first of them, here they share the middle
        equals = (tai.SCHOOLING_RANK[:, None] == tai.SCHOOLING_RANK).sum(axis=1)
        expected = (tai.SCHOOLING_RANK - 1 + (equals - 1) / 2) / 22 * 100
        np.testing.assert_allclose(schooling("rank"), expected)


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

    @pytest.mark.parametrize("kind", RELATIVE)
    def test_where_less_is_better_the_scale_is_turned_round(self, kind: str) -> None:
        values = [[1.0], [2.0], [2.0], [7.0]]
        more = normalise(values, [0.0], [10.0], kind)
        less = normalise(values, [10.0], [0.0], kind)
        np.testing.assert_allclose(less, 100 - more)

    @pytest.mark.parametrize("kind", NORMALISATIONS)
    @given(POINTS, st.sampled_from([0.001, 2.54, 1000.0]), st.sampled_from([0.0, -32.0]))
    def test_the_unit_does_not_matter(
        self, kind: str, values: np.ndarray, factor: float, zero: float
    ) -> None:
        worst, best = np.full(values.shape[1], -3.0), np.full(values.shape[1], 90.0)
        np.testing.assert_allclose(
            normalise(values * factor + zero, worst * factor + zero, best * factor + zero, kind),
            normalise(values, worst, best, kind),
            atol=1e-9,
        )


class TestNormalisePoints:
    @pytest.mark.parametrize("kind", NORMALISATIONS)
    @given(POINTS)
    def test_each_pillar_equals_the_plain_formula(self, kind: str, points: np.ndarray) -> None:
        found = normalise_points(points, kind)
        for column, scores in zip(points.T, found.T, strict=True):
            known = column[~np.isnan(column)]
            if kind == "goalposts":
                expected = [min(max(value, 0), 100) for value in known]
            elif len(set(known.tolist())) < 2:
                expected = [50.0] * len(known)
            elif kind == "min_max":
                expected = [100 * (v - known.min()) / (known.max() - known.min()) for v in known]
            elif kind == "z_score":
                expected = np.clip(50 + stats.zscore(known, ddof=1) * 100 / 6, 0, 100).tolist()
            else:
                expected = ((stats.rankdata(known) - 1) / (len(known) - 1) * 100).tolist()
            np.testing.assert_allclose(scores[~np.isnan(column)], expected, atol=1e-9)
            assert (np.isnan(scores) == np.isnan(column)).all()

    @pytest.mark.parametrize("kind", NORMALISATIONS)
    @given(POINTS, st.integers(0, 6), st.integers(1, 50))
    def test_a_better_value_never_lowers_the_score_nor_the_order(
        self, kind: str, points: np.ndarray, member: int, gain: int
    ) -> None:
        member %= len(points)
        better = points.copy()
        better[member] += gain
        before, after = normalise_points(points, kind), normalise_points(better, kind)
        known = ~np.isnan(points[member])
        if kind in ("goalposts", "rank"):
            assert (after[member] >= before[member] - 1e-9)[known].all()
        # Against any other member the gain is never a loss.
        lead_before, lead_after = before[member] - before, after[member] - after
        behind = (lead_before >= 0) & (lead_after < -1e-9)
        assert not behind.any()

    @pytest.mark.parametrize("kind", NORMALISATIONS)
    def test_draws_are_taken_one_by_one(self, kind: str) -> None:
        draws = np.random.default_rng(5).normal(50, 40, (4, 6, 3))
        draws[1, 2, 0] = np.nan
        np.testing.assert_allclose(
            normalise_points(draws, kind), [normalise_points(one, kind) for one in draws]
        )

    @pytest.mark.parametrize("kind", NORMALISATIONS)
    def test_edges(self, kind: str) -> None:
        assert normalise_points(np.empty((0, 2)), kind).shape == (0, 2)
        lone = normalise_points([[80.0, np.nan]], kind)
        assert lone[0, 0] == (80 if kind == "goalposts" else 50) and np.isnan(lone[0, 1])

    def test_an_unknown_kind_is_refused(self) -> None:
        with pytest.raises(ValueError, match="kind='median' is unknown"):
            normalise_points([[1.0]], "median")
        with pytest.raises(ValueError, match="one row per member"):
            normalise_points([1.0])
