"""Compare members two by two, pillar by pillar, without letting one pillar pay for another.

It must not know what a pillar measures, nor hold weights, goalposts or thresholds.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]

STEPS_PER_POINT = 10_000
"""Scores are compared in steps of a ten-thousandth of a point: rounding must not part a tie."""

MARGIN = 1e-6
"""Least majority, as a share of all weight, that is one: sums of weights differ by rounding."""

BLOCK_SETS = 256
"""Draws worked on at once: few enough to stay in the processor's cache."""


def outranking_matrix(scores: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return with what share of the weight each member does better than each other.

    Parameters
    ----------
    scores : array_like of float, shape (n, p)
        One row per member, one column per pillar, 0 to 100, more is better. NaN where
        the pillar is missing.
    weights : array_like of float, shape (p,)
        Weights of the pillars, 0 or more, any scale.

    Returns
    -------
    ndarray of float, shape (n, n)
        Share of the weight by which the member of the row does better than that of the
        column, 0 to 1; a pillar in which both do equally well counts half for each. Only
        pillars that both have count, and their weights are brought back to 1. 0 on the
        diagonal; NaN where two members have no weighted pillar in common.

    Raises
    ------
    ValueError
        If `scores` is not a table or the weights do not fit it.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       equation 32.

    Examples
    --------
    >>> outranking_matrix([[10, 50, 60], [20, 50, 40]], [1, 2, 1]).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"scores has shape {table.shape}; give one row per member.")
    weight = checked_weights(weights, table)
    steps = np.rint(table * STEPS_PER_POINT)
    one, other = steps[:, np.newaxis, :], steps[np.newaxis, :, :]
    ahead = ((one > other) + 0.5 * (one == other)) @ weight
    shared = (~np.isnan(one) & ~np.isnan(other)) @ weight
    share: FloatArray = np.full_like(ahead, np.nan)
    np.divide(ahead, shared, out=share, where=shared > 0)
    np.fill_diagonal(share, 0.0)
    return share


def copeland_scores(scores: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Score members by the comparisons with the others that they win.

    Of two members the one that more than half of the weight is for wins; half is a
    draw. By how much a pillar is better does not matter, so that no pillar can make up
    for another.

    Parameters
    ----------
    scores : array_like of float, shape (..., n, p)
        One row per member, one column per pillar, 0 to 100, more is better. NaN where
        the pillar is missing: two members are compared by the pillars that both have.
    weights : array_like of float, shape (..., p)
        Weights of the pillars, 0 or more, any scale; leading dimensions, such as one
        of draws, are broadcast with those of `scores`.

    Returns
    -------
    ndarray of float, shape (..., n)
        Share of the comparisons that are won, a draw counting half, 0 to 100. It is
        Copeland's score (won less lost, ``-(m - 1)`` to ``m - 1`` for m members with a
        score) on another scale. 50 for a member that is alone; two members without a
        pillar in common draw. NaN where no pillar with a weight is there.

    Raises
    ------
    ValueError
        If the weights do not fit the scores.

    Notes
    -----
    Scores are compared in steps of 0.0001 points, and a majority is one from a millionth
    of the weight. The score is relative: it depends on who else is compared, and a
    threshold made for a mean says nothing about it.

    References
    ----------
    .. [1] Copeland, A. H. (1951). A "reasonable" social welfare function. Seminar on
       Applications of Mathematics to the Social Sciences, University of Michigan.
    .. [2] Munda, G. and Nardo, M. (2009). Noncompensatory/nonlinear composite indicators
       for ranking countries: a defensible setting. Applied Economics 41(12), 1513-1523.

    Examples
    --------
    Ahead in two of three pillars, however little, wins:

    >>> copeland_scores([[52, 61, 0], [51, 60, 99], [10, 10, 10]], [1, 1, 1]).tolist()
    [100.0, 50.0, 0.0]
    """
    table = np.asarray(scores, dtype=np.float64)
    weight = checked_weights(weights, table)
    leading = np.broadcast_shapes(table.shape[:-2], weight.shape[:-1])
    members, pillars = table.shape[-2:]
    sets = math.prod(leading)
    table = np.broadcast_to(table, (*leading, members, pillars)).reshape(sets, members, pillars)
    weight = np.broadcast_to(weight, (*leading, pillars)).reshape(sets, pillars).T
    has_score = (~np.isnan(table) & (weight.T[:, np.newaxis] > 0)).any(axis=-1)
    share = (weight / weight.sum(axis=0)).astype(np.float32)
    won = np.empty((sets, members))
    for first in range(0, sets, BLOCK_SETS):
        part = slice(first, first + BLOCK_SETS)
        # Whole steps up to 1e6 are exact in single precision, which is twice as fast.
        steps = np.rint(table[part].transpose(2, 1, 0) * STEPS_PER_POINT).astype(np.float32)
        won[part] = _net_wins(steps, share[:, part]).T
    # A member without a score draws with everybody, which adds nothing.
    others = np.maximum(has_score.sum(axis=1, keepdims=True) - 1, 1)
    return np.where(has_score, 50.0 + 50.0 * won / others, np.nan).reshape(*leading, members)


def _net_wins(steps: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return comparisons won less lost, a row per member and a column per set of weights.

    Each member meets the one so many places further on, for as many places as meet all.
    """
    _, members, sets = steps.shape
    weighted = [
        (ring, weight, bool(np.isnan(ring).any()))
        for ring, weight in zip(np.concatenate([steps, steps], axis=1), share, strict=True)
        if weight.any()
    ]
    net = np.zeros((2 * members, sets), dtype=np.int16)
    lead = np.empty((members, sets), dtype=np.float32)
    margin = np.zeros_like(lead)
    for places in range(1, members // 2 + 1):
        for number, (ring, weight, has_gaps) in enumerate(weighted):
            # A lead is a whole number of steps: cut at the weight it is that weight, or 0.
            np.subtract(ring[:members], ring[places : places + members], out=lead)
            np.minimum(lead, weight, out=lead)
            np.maximum(lead, -weight, out=lead if number else margin)
            if has_gaps:
                part = lead if number else margin
                np.copyto(part, 0, where=np.isnan(part))
            if number:
                margin += lead
        result = (margin > MARGIN).view(np.int8) - (margin < -MARGIN).view(np.int8)
        # Halfway round an even number, everybody would be met twice.
        met = members // 2 if 2 * places == members else members
        net[:met] += result[:met]
        net[places : places + met] -= result[:met]
    return net[:members] + net[members:]
