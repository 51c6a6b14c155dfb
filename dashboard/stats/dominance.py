"""Say with what probability one member is ahead of another.

It must not know where the draws come from.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

BLOCK_DRAWS = 255
"""Draws counted in one byte."""


def dominance_matrix(draw_ranks: ArrayLike) -> FloatArray:
    """Return the share of draws in which each member is ahead of each other.

    Parameters
    ----------
    draw_ranks : array_like of float, shape (draws, n)
        Rank of every member in every draw, 1 is best, as of `rank_bands.rank_bands`. NaN
        for a member without a score, in all draws alike.

    Returns
    -------
    ndarray of float, shape (n, n)
        Probability, 0 to 1, that the member of the row is ahead of that of the column;
        equal ranks count half for each, so that both sides make 1. NaN on the diagonal
        and for a member without a rank.

    Raises
    ------
    ValueError
        If `draw_ranks` is not a table with at least one draw.

    Examples
    --------
    >>> dominance_matrix([[1, 2], [1, 2], [2, 1], [1, 1]])[0, 1].item()
    0.625
    """
    ranks = np.asarray(draw_ranks, dtype=np.float64)
    if ranks.ndim != 2 or len(ranks) == 0:
        raise ValueError(f"draw_ranks has shape {ranks.shape}; give one row per draw.")
    draws, members = ranks.shape
    is_ranked = ~np.isnan(ranks[0])
    whole = np.where(is_ranked, ranks, 0).astype(np.uint8 if members <= 255 else np.uint32)
    ahead = np.zeros((members, members), dtype=np.int64)
    is_ahead = np.empty((members, members), dtype=bool)
    for first in range(0, draws, BLOCK_DRAWS):
        count = np.zeros((members, members), dtype=np.uint8)
        for rank in whole[first : first + BLOCK_DRAWS]:
            np.less(rank[:, np.newaxis], rank, out=is_ahead)
            count += is_ahead.view(np.uint8)
        ahead += count
    share: FloatArray = 0.5 + (ahead - ahead.T) / (2 * draws)
    share[~is_ranked] = share[:, ~is_ranked] = np.nan
    np.fill_diagonal(share, np.nan)
    return share
