"""Hold the split of a change to hand-sized cases and to its sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dashboard.stats.composite import MEANS, aggregate
from dashboard.stats.movement import movement

TWO_TIMES = hnp.arrays(
    float,
    st.tuples(st.just(2), st.integers(1, 4), st.just(3)),
    elements=st.one_of(st.just(np.nan), st.floats(0, 100)),
)


@pytest.mark.parametrize("method", MEANS)
@given(TWO_TIMES)
def test_the_parts_add_up_to_the_change(method: str, times: np.ndarray) -> None:
    weights = [3.0, 2.0, 1.0]
    found = movement(times[0], times[1], weights, method)
    change = aggregate(times[1], weights, method) - aggregate(times[0], weights, method)
    np.testing.assert_allclose(found.change, change)
    parts = found.by_value.sum(axis=1) + found.by_weight.sum(axis=1)
    np.testing.assert_allclose(parts, change, atol=1e-9)


def test_a_pillar_that_appears_counts_by_its_weight_alone() -> None:
    # 60 alone, then 60 and 20 at equal weights: 40. Mean of scores 50, shares 1 to 1/2, 0 to 1/2:
    # -1/2 (60 - 50) = -5 and 1/2 (20 - 50) = -15.
    found = movement([[60.0, np.nan]], [[60.0, 20.0]], [1, 1])
    assert found.by_value.tolist() == [[0, 0]]
    np.testing.assert_allclose(found.by_weight, [[-5, -15]])


def test_the_geometric_parts_are_those_of_logarithms() -> None:
    # 20 to 80 in one of two equal pillars: from 40 to 80, all of it by that pillar
    found = movement([[20.0, 80.0]], [[80.0, 80.0]], [1, 1], "geometric")
    np.testing.assert_allclose(found.by_value, [[40, 0]], atol=1e-9)


def test_what_can_not_be_split_is_refused_or_missing() -> None:
    assert np.isnan(movement([[np.nan]], [[5.0]], [1]).by_value).all()
    with pytest.raises(ValueError, match="is no mean"):
        movement([[1.0]], [[1.0]], [1], "copeland")
    with pytest.raises(ValueError, match="the same members"):
        movement([[1.0]], [[1.0], [2.0]], [1])
