"""The current-status estimate with its bounds: by hand, by a slow way, and over simulations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.delays import FEWEST_CLUSTERS
from dashboard.stats.inspections import inspected_distribution
from dashboard.stats.timeliness import current_status_distribution


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_ordered_shares_are_pooled_as_by_ayer_and_others() -> None:
    # By hand, by the rule of Ayer, Brunk, Ewing, Reid and Silverman (1955): 1/4, then 3/4 and 2/4
    # fall and are pooled to 5/8, then 4/4.
    days = [10] * 4 + [20] * 4 + [30] * 4 + [40] * 4
    there = [1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1]
    found = inspected_distribution(days, np.array(there, bool), list(range(4)) * 4, rng())
    assert found.days.tolist() == [10, 20, 30, 40]
    assert found.probability.tolist() == [0.25, 0.625, 0.625, 1.0]
    assert found.counts.tolist() == [4, 4, 4, 4]
    assert found.median == 20.0
    assert np.isnan(found.low).all()  # four members cannot tell


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 7)), min_size=1, max_size=40
    )
)
def test_bounds_hold_the_curve_and_never_fall(rows: list[tuple[int, bool, int]]) -> None:
    days, there, members = (np.array(part) for part in zip(*rows, strict=True))
    found = inspected_distribution(days, there, members, rng())
    expected = current_status_distribution(days, there)
    np.testing.assert_array_equal(found.probability, expected[1])
    if len(set(members)) < FEWEST_CLUSTERS:
        assert np.isnan(found.low).all() and np.isnan(found.median_low)
        return
    for bound in (found.low, found.high):
        assert (np.diff(bound) >= -1e-12).all()
        assert bound.min() >= 0 and bound.max() <= 1
    assert (found.low <= found.high).all()


def test_the_interval_covers_the_truth_though_members_differ() -> None:
    draws = np.random.default_rng(11)
    held = 0
    for _ in range(100):
        # 60 members, 24 inspected ages, each member with a speed of its own.
        ages = np.arange(1, 25) * 30.0
        speed = draws.uniform(60, 400, 60)
        there = draws.random((60, 24)) < 1 - np.exp(-ages / speed[:, np.newaxis])
        found = inspected_distribution(
            np.tile(ages, 60), there.ravel(), np.repeat(np.arange(60), 24), draws
        )
        # The truth at an age is the mean over the speeds that a member can have.
        many = np.linspace(60, 400, 2001)
        truth = float(np.mean(1 - np.exp(-ages[9] / many)))
        held += found.low[9] <= truth <= found.high[9]
    assert held >= 87  # of 100 at 95 %: fewer by chance once in 1,000


def test_the_same_seed_gives_the_same_bounds() -> None:
    days, members = np.tile([30.0, 60.0], 10), np.repeat(np.arange(10), 2)
    there = np.arange(20) % 3 > 0
    first = inspected_distribution(days, there, members, rng())
    second = inspected_distribution(days, there, members, rng())
    np.testing.assert_array_equal(first.low, second.low)


@pytest.mark.parametrize(
    ("days", "there", "median"),
    [([45.0], [True], 45.0), ([45.0], [False], np.nan), ([30.0] * 6, [True] * 6, 30.0)],
    ids=["one there", "one not", "all ties"],
)
def test_edges(days: list[float], there: list[bool], median: float) -> None:
    found = inspected_distribution(days, there, range(len(days)), rng())
    assert found.median == pytest.approx(median, nan_ok=True)


def test_nothing_there_reaches_no_half() -> None:
    found = inspected_distribution([30.0] * 8, [False] * 8, range(8), rng())
    assert found.probability.tolist() == found.high.tolist() == [0.0]
    assert np.isnan([found.median, found.median_low, found.median_high]).all()


def test_nothing_gives_nothing() -> None:
    found = inspected_distribution([], [], [], rng())
    assert found.days.size == found.low.size == found.counts.size == 0
    assert np.isnan(found.median)
