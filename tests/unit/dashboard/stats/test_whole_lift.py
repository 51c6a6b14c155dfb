"""The fewest steps to a score against trying out everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.lift import smallest_lift
from dashboard.stats.whole_lift import whole_lift


def _score(gains: list[float]):  # type: ignore[no-untyped-def]  # a closure for the tests
    return lambda steps: 50.0 + np.minimum(steps @ np.array(gains), 30.0)


@given(
    most=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    data=st.data(),
    threshold=st.integers(51, 82),
)
def test_no_choice_of_steps_is_cheaper(
    most: list[int], data: st.DataObject, threshold: int
) -> None:
    size = len(most)
    gains = data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    efforts = data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    score = _score([float(gain) for gain in gains])
    found = whole_lift(score, most, efforts, threshold)
    choices = np.array(list(itertools.product(*(range(count + 1) for count in most))))
    enough = choices[score(choices) >= threshold]
    assert bool(len(enough)) == bool(found.together.any())
    if not len(enough):
        return
    assert score(found.together[np.newaxis])[0] >= threshold
    assert found.together @ np.array(efforts) == (enough @ np.array(efforts)).min()
    # No step can be spared.
    for kind in np.flatnonzero(found.together):
        less = found.together - np.eye(size, dtype=int)[kind]
        assert score(less[np.newaxis])[0] < threshold


@given(count=st.integers(1, 20), gain=st.integers(1, 9), threshold=st.integers(51, 80))
def test_a_kind_alone_makes_the_fewest_steps_that_are_enough(
    count: int, gain: int, threshold: int
) -> None:
    needed = -(-(threshold - 50) // gain)
    found = whole_lift(_score([float(gain), 0.0]), [count, 3], [1.0, 1.0], threshold)
    assert found.alone.tolist() == [needed if needed <= count else 0, 0]


@given(weights=st.tuples(st.integers(1, 9), st.integers(1, 9)), threshold=st.integers(51, 75))
def test_whole_steps_cost_no_less_than_parted_ones(
    weights: tuple[int, int], threshold: int
) -> None:
    share = np.array(weights) / sum(weights)
    parted = smallest_lift([50, 50], [0, 0], [100, 100], weights, [25, 25], threshold)
    whole = whole_lift(lambda steps: 50 + steps @ share, [25, 25], [1 / 25, 1 / 25], threshold)
    effort = float((whole.together / 25).sum())
    assert parted.effort - 1e-6 <= effort <= parted.effort + 1 / 25 + 1e-6


def test_of_the_same_effort_the_simpler_is_taken() -> None:
    found = whole_lift(_score([1.0, 1.0, 2.0]), [2, 2, 1], [1.0, 1.0, 2.0], 52.0)
    assert found.together.tolist() == [2, 0, 0]


@pytest.mark.parametrize(
    ("most", "efforts"), [([1], [1.0, 2.0]), ([], []), ([-1], [1.0]), ([1], [0.0])]
)
def test_wrong_shapes_and_ranges_are_refused(most: list[int], efforts: list[float]) -> None:
    with pytest.raises(ValueError, match=r"give|negative"):
        whole_lift(_score([1.0]), most, efforts, 60.0)
