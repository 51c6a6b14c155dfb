"""Hold leaving a pillar out to ranking the table without its column."""

import numpy as np
import pytest

from dashboard.stats.composite import METHODS, aggregate, rank_scores
from dashboard.stats.leave_one_out import leave_one_out


@pytest.mark.parametrize("method", METHODS)
def test_it_equals_the_table_without_the_column(method: str) -> None:
    rng = np.random.default_rng(4)
    scores, weights = rng.uniform(0, 100, (9, 4)), np.array([4.0, 3, 2, 1])
    scores[2, 1] = np.nan
    found = leave_one_out(scores, weights, method)
    for pillar in range(4):
        rest = np.delete(scores, pillar, axis=1)
        expected = rank_scores(aggregate(rest, np.delete(weights, pillar), method))
        np.testing.assert_array_equal(found[pillar], expected)


def test_without_the_only_weighted_pillar_nobody_is_ranked() -> None:
    found = leave_one_out([[50.0, 60], [np.nan, 70]], [0, 1])
    assert np.isnan(found[1]).all() and found[0].tolist() == [2, 1]
    with pytest.raises(ValueError, match="one row per member"):
        leave_one_out([1.0], [1.0])
