"""The parts of a change add up to it, whatever they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.stats.contributions import share_contributions, sum_contributions

Drawn = list[tuple[int, int, int, int]]

PARTS = st.lists(
    st.tuples(*[st.integers(0, 50)] * 4).map(
        lambda one: (min(one[0], one[1]), one[1], min(one[2], one[3]), one[3])
    ),
    min_size=1,
    max_size=30,
)


def columns(parts: Drawn) -> tuple[np.ndarray, ...]:
    return tuple(np.array(parts, dtype=float).T)


def test_a_share_of_two_members_worked_by_hand() -> None:
    # From 2 of 10 and 6 of 10 (40 %) to 6 of 10 and 9 of 20 (50 %); the middle is 45 %.
    # First: 10/30 (60 % - 45 %) - 10/20 (20 % - 45 %) = 5 % + 12.5 %.
    # Second: 20/30 (45 % - 45 %) - 10/20 (60 % - 45 %) = -7.5 %.
    found = share_contributions([2, 6], [10, 10], [6, 9], [10, 20])
    assert found.change == pytest.approx([0.175, -0.075])
    # Own rise, at the mean weight: 5/12 of 40 points, and 7/12 of -15 points.
    assert found.own == pytest.approx([5 / 12 * 0.4, 7 / 12 * -0.15])
    assert found.own + found.weight == pytest.approx(found.change)


@given(PARTS)
def test_contributions_to_a_share_add_up_to_its_change(parts: Drawn) -> None:
    n0, d0, n1, d1 = columns(parts)
    found = share_contributions(n0, d0, n1, d1)
    if d0.sum() == 0 or d1.sum() == 0:
        assert np.isnan(found.change).all()
        return
    change = n1.sum() / d1.sum() - n0.sum() / d0.sum()
    assert found.change.sum() == pytest.approx(change, abs=1e-12)
    assert found.own + found.weight == pytest.approx(found.change)


@given(PARTS)
def test_days_that_change_places_change_the_sign(parts: Drawn) -> None:
    n0, d0, n1, d1 = columns(parts)
    there, back = share_contributions(n0, d0, n1, d1), share_contributions(n1, d1, n0, d0)
    assert there.change == pytest.approx(-back.change, nan_ok=True)
    assert there.own == pytest.approx(-back.own, nan_ok=True)


@given(PARTS)
def test_merging_two_parts_merges_their_contributions(parts: Drawn) -> None:
    n0, d0, n1, d1 = columns([*parts, (1, 2, 2, 4)])
    found = share_contributions(n0, d0, n1, d1)

    def merged(one: np.ndarray) -> np.ndarray:
        return np.append(one[:-2], one[-2:].sum())

    together = share_contributions(*(merged(one) for one in (n0, d0, n1, d1)))
    assert together.change == pytest.approx(merged(found.change), nan_ok=True)


def test_a_part_with_the_same_share_and_weight_moves_nothing() -> None:
    found = share_contributions([5, 1], [10, 10], [5, 9], [10, 10])
    assert found.change[0] == pytest.approx(0)
    assert found.change[1] == pytest.approx(0.4)


def test_a_sum_changes_by_what_each_part_does() -> None:
    found = sum_contributions([1, 0, 4], [3, 2, 4])
    assert found.change.tolist() == [2, 2, 0]
    assert found.weight.tolist() == [0, 0, 0]
