"""Hold the least change to doing it, to a fine search, and to hand-sized cases."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.stats.composite import MEANS, aggregate
from dashboard.stats.lift import smallest_lift
from dashboard.stats.normalisation import normalise

WORST, BEST = np.array([0.0, 40.0, 90.0]), np.array([1.0, 100.0, 0.0])  # less of the last is better
WEIGHTS = np.array([2.0, 1.0, 1.0])


def score_of(values: np.ndarray, method: str) -> float:
    return float(aggregate(normalise(values[np.newaxis], WORST, BEST), WEIGHTS, method)[0])


@pytest.mark.parametrize("method", MEANS)
@settings(max_examples=25)
@given(
    st.tuples(st.floats(-0.2, 1.1), st.floats(20, 110), st.floats(-5, 110)),
    st.tuples(st.floats(0, 0.5), st.floats(0, 40), st.floats(0, 50)),
    st.integers(10, 95),
    st.sampled_from([None, 0, 2]),
)
def test_the_change_applied_reaches_the_threshold(
    method: str,
    values: tuple[float, ...],
    limits: tuple[float, ...],
    threshold: int,
    missing: int | None,
) -> None:
    given_values, most = np.array(values), np.array(limits)
    if missing is not None:
        given_values[missing] = np.nan
    found = smallest_lift(given_values, WORST, BEST, WEIGHTS, most, threshold, method)
    better = np.sign(BEST - WORST)
    for pillar, change in enumerate(found.alone):
        if not np.isnan(change):
            step = np.where(np.arange(3) == pillar, change, 0.0)
            assert score_of(given_values + step, method) >= threshold
            assert 0 <= change * better[pillar] <= most[pillar]
    if np.isnan(found.effort):
        # not even everything that is feasible is enough
        assert score_of(given_values + better * most, method) < threshold + 1e-6
        assert np.isnan(found.together).all() and np.isnan(found.alone).all()
    else:
        assert score_of(given_values + found.together, method) >= threshold
        assert ((found.together * better >= 0) & (found.together * better <= most)).all()


@pytest.mark.parametrize("method", MEANS)
@pytest.mark.parametrize("values", [[0.3, 55.0, 60.0], [-0.1, 70.0, 95.0]])
def test_nothing_cheaper_is_found_by_trying(method: str, values: list[float]) -> None:
    most = np.array([0.6, 40.0, 70.0])
    threshold = score_of(np.array(values), method) + 15
    found = smallest_lift(values, WORST, BEST, WEIGHTS, most, threshold, method)
    grid = np.linspace(0, 1, 41)
    tries = np.array(list(itertools.product(grid, repeat=3)))
    pillars = normalise(values + tries * most * np.sign(BEST - WORST), WORST, BEST)
    reached = aggregate(pillars, WEIGHTS, method) >= threshold
    cheapest = tries.sum(axis=1)[reached].min()
    assert found.effort <= cheapest + 1e-6
    assert found.effort >= cheapest - 3 * (grid[1] - grid[0])


def test_the_rest_of_a_pillar_at_its_end_comes_from_the_next() -> None:
    # 50 and 50 to 90 with equal weights: the first gives 50 points an effort, up to 100; then
    # the second 30 of its 40: 1 and 3/4 of an effort
    found = smallest_lift([50.0, 50.0], [0, 0], [100, 100], [1, 1], [50, 40], 90.0)
    np.testing.assert_allclose(found.together, [50, 30], atol=1e-6)
    assert found.effort == pytest.approx(1.75) and np.isnan(found.alone).all()


def test_who_is_there_needs_nothing_and_bad_questions_are_refused() -> None:
    there = smallest_lift([80.0], [0], [100], [1], [10], 70.0)
    assert there.effort == 0 and there.alone.tolist() == there.together.tolist() == [0]
    with pytest.raises(ValueError, match="is no mean"):
        smallest_lift([80.0], [0], [100], [1], [10], 70.0, "copeland")
    with pytest.raises(ValueError, match="differ in shape"):
        smallest_lift([80.0], [0], [100], [1], [10, 10], 70.0)
    with pytest.raises(ValueError, match="limits of 0 or more"):
        smallest_lift([80.0], [0], [100], [1], [-1], 70.0)
