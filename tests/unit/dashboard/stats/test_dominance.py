"""Hold dominance to counting by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dashboard.stats.dominance import dominance_matrix


@given(
    hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.integers(1, 4))
)
def test_each_cell_is_the_share_of_draws_ahead_equals_counting_half(ranks: np.ndarray) -> None:
    found = dominance_matrix(ranks)
    for i in range(ranks.shape[1]):
        for j in range(ranks.shape[1]):
            ahead = [
                (a < b) + 0.5 * (a == b) for a, b in zip(ranks[:, i], ranks[:, j], strict=True)
            ]
            assert np.isnan(found[i, j]) if i == j else found[i, j] == pytest.approx(np.mean(ahead))


def test_many_draws_and_members_are_counted_in_full() -> None:
    rng = np.random.default_rng(2)
    ranks = rng.permuted(np.tile(np.arange(1.0, 301), (600, 1)), axis=1)
    found = dominance_matrix(ranks)
    assert found[7, 290] == np.mean(ranks[:, 7] < ranks[:, 290])


def test_a_member_without_a_rank_is_set_against_nobody() -> None:
    found = dominance_matrix([[1, np.nan, 2], [1, np.nan, 2]])
    assert np.isnan(found[1]).all() and np.isnan(found[:, 1]).all() and found[0, 2] == 1
    with pytest.raises(ValueError, match="one row per draw"):
        dominance_matrix(np.empty((0, 3)))
