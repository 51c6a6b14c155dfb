"""Rank members anew with one pillar left out.

It must not know what a pillar measures, nor hold weights.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.composite import aggregate, rank_scores
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]


def leave_one_out(scores: ArrayLike, weights: ArrayLike, method: str = "arithmetic") -> FloatArray:
    """Return the rank of each member without each pillar.

    Parameters
    ----------
    scores : array_like of float, shape (n, p)
        One row per member, one column per pillar or indicator, 0 to 100. NaN where
        missing.
    weights : array_like of float, shape (p,)
        Weights of the columns, 0 or more, any scale.
    method : {"arithmetic", "geometric", "copeland"}, default "arithmetic"
        As of `composite.aggregate`.

    Returns
    -------
    ndarray of float, shape (p, n)
        Rank, 1 is best, when the pillar of the row has no weight and the others have its
        part in proportion. NaN for a member that has no other weighted pillar, and
        throughout where no other pillar has a weight.

    Raises
    ------
    ValueError
        If `scores` is not a table, the weights do not fit it or `method` is unknown.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 7
       (inclusion and exclusion of indicators).

    Examples
    --------
    >>> leave_one_out([[90, 10], [20, 80]], [2, 1]).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"scores has shape {table.shape}; give one row per member.")
    weight = checked_weights(weights, table)
    without = np.tile(weight, (len(weight), 1))
    np.fill_diagonal(without, 0.0)
    ranks = np.full((len(weight), len(table)), np.nan)
    is_left = without.sum(axis=1) > 0
    ranks[is_left] = rank_scores(aggregate(table, without[is_left], method))
    return ranks
