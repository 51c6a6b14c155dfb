"""Combine pillars into one score, rank members by it, and group those that are not told apart.

It must not know what a pillar measures, nor hold weights, goalposts or thresholds.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.copeland import copeland_scores
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

METHODS = ("arithmetic", "geometric", "copeland")
"""Ways to combine pillars."""

MEANS = METHODS[:2]
"""Those whose score stands on its own: by the last it depends on who else is ranked."""

GEOMETRIC_FLOOR = 1.0
"""Least score, in points of 100, that enters a geometric mean: a 0 would erase the rest."""

ROUNDING = 1e-12
"""Relative difference up to which two scores are one: sums in another order differ so."""


def aggregate(scores: ArrayLike, weights: ArrayLike, method: str = "arithmetic") -> FloatArray:
    """Combine the pillars of each member into one score.

    A missing pillar is left out and its weight goes to the member's other pillars in
    proportion.

    Parameters
    ----------
    scores : array_like of float, shape (..., n, p)
        One row per member, one column per pillar, 0 to 100. NaN where the pillar is
        missing.
    weights : array_like of float, shape (..., p)
        Weights of the pillars, 0 or more, any scale; leading dimensions, such as one
        of draws, are broadcast with those of `scores`.
    method : {"arithmetic", "geometric", "copeland"}, default "arithmetic"
        Kind of weighted mean. In the geometric one a weak pillar is hardly made up for by
        a strong one; a score below 1 point counts as 1 point there, since a single 0
        would make the whole 0 whatever the rest. "copeland" is no mean but the share of
        the other members that one wins against, see `copeland.copeland_scores`.

    Returns
    -------
    ndarray of float, shape (..., n)
        Combined score, 0 to 100. NaN where no pillar with a weight is there.

    Raises
    ------
    ValueError
        If `method` is unknown, the weights do not match the columns, or a weight is
        negative or missing, or all weights of a set are 0.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       section 6.2 (additive and geometric aggregation).

    Examples
    --------
    >>> pillars = [[25.0, 100.0], [60.0, 60.0], [90.0, float("nan")]]
    >>> aggregate(pillars, [1.0, 1.0]).tolist()
    [62.5, 60.0, 90.0]
    >>> [round(float(score), 6) for score in aggregate(pillars, [1.0, 1.0], "geometric")]
    [50.0, 60.0, 90.0]
    """
    require_method(method)
    table = np.asarray(scores, dtype=np.float64)
    weight = checked_weights(weights, table)
    if method == "copeland":
        return copeland_scores(table, weight)
    total = np.zeros(np.broadcast_shapes(table.shape[:-1], (*weight.shape[:-1], 1)))
    available = np.zeros_like(total)
    lowest = np.full(table.shape[:-1], np.nan)
    highest = np.full(table.shape[:-1], np.nan)
    for pillar in range(table.shape[-1]):
        # One pillar at a time: the whole product would be p times the memory of a draw.
        score, share = table[..., pillar], weight[..., pillar, np.newaxis]
        if method == "geometric":
            score = np.maximum(score, GEOMETRIC_FLOOR)
        np.fmin(lowest, score, out=lowest)
        np.fmax(highest, score, out=highest)
        missing = np.isnan(score)
        term = np.log(score) if method == "geometric" else score
        if missing.any():
            total += np.where(missing, 0.0, term) * share
            available += np.where(missing, 0.0, share)
        else:
            total += term * share
            available += share
    mean = np.divide(total, available, out=np.full_like(total, np.nan), where=available > 0)
    if method == "geometric":
        np.exp(mean, out=mean)
    # A mean of equal scores is that score; rounding must not part a tie or miss a threshold.
    return np.clip(mean, lowest, highest, out=mean)


def require_method(method: str) -> None:
    """Refuse a method that is not one of ``METHODS``.

    Parameters
    ----------
    method : str
        Its name.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    if method not in METHODS:
        raise ValueError(f"method={method!r} is unknown; give one of {', '.join(METHODS)}.")


def rank_scores(score: ArrayLike) -> FloatArray:
    """Rank members by score, 1 for the highest.

    Parameters
    ----------
    score : array_like of float, shape (..., n)
        One score per member, unrounded; leading dimensions are ranked one by one.

    Returns
    -------
    ndarray of float, shape (..., n)
        Rank, 1 to n. Members of equal score (to a relative 1e-12) share the best rank of
        their tie and the next ranks stay empty (1, 2, 2, 4). NaN, unranked, where the
        score is missing.

    Raises
    ------
    ValueError
        If `score` has no dimension.

    Examples
    --------
    >>> rank_scores([70.0, 90.0, float("nan"), 70.0]).tolist()
    [2.0, 1.0, nan, 2.0]
    """
    scores = np.asarray(score, dtype=np.float64)
    if scores.ndim == 0:
        raise ValueError("score is a single number; give the scores of all members ranked.")
    members = scores.shape[-1]
    falling = -scores.reshape(math.prod(scores.shape[:-1]), members)
    order = np.argsort(falling, axis=-1)  # NaN sorts last
    order += np.arange(len(falling))[:, np.newaxis] * members
    ordered = falling.ravel()[order]
    position = np.arange(1.0, members + 1)
    is_tied = np.diff(ordered) <= ROUNDING * np.abs(ordered[:, 1:])
    if is_tied.any():
        position = np.tile(position, (len(falling), 1))
        position[:, 1:][is_tied] = 0
        np.maximum.accumulate(position, axis=-1, out=position)
    rank = np.empty(scores.shape)
    rank.reshape(-1)[order] = position
    rank[np.isnan(scores)] = np.nan
    return rank


def tier_probabilities(draw_scores: ArrayLike, thresholds: ArrayLike) -> FloatArray:
    """Return with what probability each member is in each tier.

    Parameters
    ----------
    draw_scores : array_like of float, shape (draws, n)
        Scores of `rank_bands.rank_bands`, 0 to 100. Missing draws of a member do not count.
    thresholds : array_like of float, shape (t,)
        Least score of each tier above the lowest, rising.

    Returns
    -------
    ndarray of float, shape (n, t + 1)
        Probability per tier, lowest tier first; each row sums to 1. NaN for a member
        without a score.

    Raises
    ------
    ValueError
        If `draw_scores` is not a table or the thresholds do not rise.

    Examples
    --------
    >>> tier_probabilities([[55.0, 81.0], [65.0, 82.0]], [60.0, 80.0]).tolist()
    [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    """
    drawn = np.asarray(draw_scores, dtype=np.float64)
    least = np.asarray(thresholds, dtype=np.float64)
    if drawn.ndim != 2:
        raise ValueError(f"draw_scores has shape {drawn.shape}; give one row per draw.")
    if least.ndim != 1 or np.isnan(least).any() or np.any(np.diff(least) <= 0):
        raise ValueError(f"thresholds={least.tolist()!r} do not rise; give them in order.")
    counted = np.count_nonzero(~np.isnan(drawn), axis=0)
    reached = np.stack(
        [counted, *(np.count_nonzero(drawn >= bound, axis=0) for bound in least), 0 * counted]
    )
    in_tier = (reached[:-1] - reached[1:]).T
    has_score = counted[:, np.newaxis] > 0
    return np.where(has_score, in_tier / np.maximum(counted, 1)[:, np.newaxis], np.nan)


def indistinguishable_groups(median: ArrayLike, low: ArrayLike, high: ArrayLike) -> IntArray:
    """Group members whose rank bands do not tell them apart.

    Going down by median rank, the first member leads a group, and every next one whose
    band overlaps the leader's joins it; the first that does not leads the next group.

    Parameters
    ----------
    median, low, high : array_like of float, shape (n,)
        Median rank and bounds of its band, as of `rank_bands.rank_bands`. Equal medians are taken
        by lower bound, then by upper bound. NaN is unranked.

    Returns
    -------
    ndarray of int, shape (n,)
        Number of the group, 1 for the best; 0 for an unranked member.

    Raises
    ------
    ValueError
        If the arrays differ in shape, or a band does not hold its median.

    Examples
    --------
    >>> indistinguishable_groups([1, 2, 4, 5], [1, 1, 3, 4], [2, 3, 5, 5]).tolist()
    [1, 1, 2, 2]
    """
    middle, lower, upper = (np.asarray(part, dtype=np.float64) for part in (median, low, high))
    if middle.ndim != 1 or not middle.shape == lower.shape == upper.shape:
        raise ValueError("median, low and high differ in shape; give one of each per member.")
    ranked = np.isfinite(middle) & np.isfinite(lower) & np.isfinite(upper)
    if np.any((lower > middle)[ranked]) or np.any((upper < middle)[ranked]):
        raise ValueError("a band does not hold its median; give low <= median <= high.")
    group = np.zeros(middle.shape, dtype=np.int64)
    number, leader_high = 0, -np.inf
    for member in np.lexsort((upper, lower, middle)):
        if not ranked[member]:
            continue
        if lower[member] > leader_high:
            number, leader_high = number + 1, upper[member]
        group[member] = number
    return group
