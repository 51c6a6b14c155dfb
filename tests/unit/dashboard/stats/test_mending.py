"""What mending does to a score: worked cases, and a search through all ways to mend."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stats.mending import Remedy, fewest_rows, scores_after
from dashboard.stats.quality import goalpost_score, overall_score
from dashboard.stats.quality_scores import Scheme, Sums

SCHEME = Scheme(np.array([0.1, 0.2]), np.array([0.0, 0.0]), np.array([3.0, 1.0]), 10)


def _sums(first: tuple[float, float], second: tuple[float, float]) -> Sums:
    tops, lows = np.array([[first[0], second[0]]]), np.array([[first[1], second[1]]])
    return Sums(tops, lows, lows)


def _score(first: float, second: float, low: tuple[float, float] = (100, 100)) -> float:
    """The score, straight from the formula."""
    scores = [goalpost_score(first / low[0], 0.1, 0.0), goalpost_score(second / low[1], 0.2, 0.0)]
    return float(overall_score([scores], SCHEME.weights)[0][0])


def test_a_remedy_is_scored_by_the_formula() -> None:
    sums = _sums((8.0, 100.0), (10.0, 100.0))
    found = scores_after(sums, [0, 0, 0], [0, 0, 1], [3.0, 8.0, 10.0], SCHEME)
    assert found == pytest.approx([_score(5, 10), _score(0, 10), _score(8, 0)])


def test_what_lies_beyond_a_goalpost_is_mended_first_without_gain() -> None:
    sums = _sums((30.0, 100.0), (0.0, 100.0))
    assert scores_after(sums, [0], [0], [15.0], SCHEME) == pytest.approx([_score(30, 0)])
    assert scores_after(sums, [0], [0], [25.0], SCHEME) == pytest.approx([_score(5, 0)])


def test_mending_does_not_change_the_sums_that_it_starts_from() -> None:
    sums = _sums((8.0, 100.0), (10.0, 100.0))
    scores_after(sums, [0], [0], [8.0], SCHEME)
    assert sums.numerator.tolist() == [[8.0, 10.0]]


def test_a_group_without_a_score_gains_nothing() -> None:
    sums = Sums(np.array([[1.0, 0.0]]), np.array([[5.0, 0.0]]), np.array([[5.0, 0.0]]))
    assert np.isnan(scores_after(sums, [0], [0], [1.0], SCHEME)[0])
    assert fewest_rows(sums, [Remedy(0, 1.0, 1)], 50.0, SCHEME) is None


def _reached(sums: Sums, remedies: list[Remedy], plan: tuple[int, ...], target: float) -> bool:
    tops = sums.numerator[0].copy()
    for remedy, rows in zip(remedies, plan, strict=True):
        tops[remedy.dimension] -= remedy.row_weight * rows
    lows = (float(sums.denominator[0, 0]), float(sums.denominator[0, 1]))
    return _score(max(0.0, tops[0]), max(0.0, tops[1]), lows) >= target - 1e-7


@settings(deadline=None, max_examples=80)
@given(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 6)),
    st.tuples(st.floats(0.0, 6.0), st.floats(0.0, 6.0)),
    st.floats(5.0, 100.0),
)
def test_no_way_takes_fewer_rows(
    rows: tuple[int, int, int], other: tuple[float, float], target: float
) -> None:
    remedies = [Remedy(0, 1.0, rows[0]), Remedy(0, 0.4, rows[1]), Remedy(1, 1.0, rows[2])]
    tops = (rows[0] + 0.4 * rows[1] + other[0], rows[2] + other[1])
    sums = _sums((tops[0], 40.0), (tops[1], 20.0))
    found = fewest_rows(sums, remedies, target, SCHEME)
    ways = [
        plan
        for plan in product(*(range(count + 1) for count in rows))
        if _reached(sums, remedies, plan, target)
    ]
    if not ways:
        assert found is None
        return
    assert found is not None
    assert _reached(sums, remedies, tuple(found), target)
    assert all(0 <= rows_of <= r.rows for rows_of, r in zip(found, remedies, strict=True))
    # Rows come whole: rounding up twice may take one more than the best mix of weights.
    assert sum(found) <= min(sum(plan) for plan in ways) + 1
