"""Compare two orders of the same members: rank correlation, and who is out of line.

It must not know what is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

FloatArray = NDArray[np.float64]

FEWEST_PAIRS = 4
"""Pairs from which Fisher's interval exists: its error divides by n - 3."""

LEVEL = 0.95
"""Coverage of the interval."""


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation.

    Attributes
    ----------
    rho : float
        -1 to 1; NaN with fewer than four pairs or if one side is all alike.
    low, high : float
        95 % interval; NaN where `rho` is, and where the ranks are exactly alike or exactly
        reversed, which leaves no spread to go by.
    n : int
        Pairs with both sides.
    """

    rho: float
    low: float
    high: float
    n: int


def rank_correlation(ours: ArrayLike, theirs: ArrayLike) -> RankCorrelation:
    """Return Spearman's correlation of two measures and its interval.

    Parameters
    ----------
    ours, theirs : array_like of float, shape (n,)
        Any units. A pair with a missing side is left out.

    Returns
    -------
    RankCorrelation
        Ties share their mean rank.

    Notes
    -----
    The interval is Fisher's, tanh(atanh(rho) ± z s), with the error of Bonett and Wright,
    s² = (1 + rho²/2)/(n - 3), which holds its coverage where Fisher's own 1/(n - 3) is too
    narrow for ranks.

    References
    ----------
    .. [1] Spearman, C. (1904). The proof and measurement of association between two things.
       Am. J. Psychol. 15(1), 72-101.
    .. [2] Bonett, D. G. and Wright, T. A. (2000). Sample size requirements for estimating
       Pearson, Kendall and Spearman correlations. Psychometrika 65(1), 23-28.

    Examples
    --------
    >>> found = rank_correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(found.rho, 3), found.n
    (0.8, 5)
    """
    left, right = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    both = np.isfinite(left) & np.isfinite(right)
    n = int(both.sum())
    left, right = left[both], right[both]
    if n < FEWEST_PAIRS or np.ptp(left) == 0 or np.ptp(right) == 0:
        return RankCorrelation(np.nan, np.nan, np.nan, n)
    rho = float(np.corrcoef(stats.rankdata(left), stats.rankdata(right))[0, 1])
    rho = min(1.0, max(-1.0, rho))
    if 1.0 - abs(rho) < np.finfo(np.float64).eps * n:
        return RankCorrelation(rho, np.nan, np.nan, n)
    error = np.sqrt((1.0 + rho**2 / 2.0) / (n - 3))
    reach = float(special.ndtri(0.5 + LEVEL / 2)) * error
    low, high = np.tanh(np.arctanh(rho) + np.array([-reach, reach]))
    return RankCorrelation(rho, float(low), float(high), n)


@dataclass(frozen=True)
class PlaceDifferences:
    """How many places apart two orders put each member.

    Attributes
    ----------
    ours, theirs : ndarray of float, shape (n,)
        Places, 1 for the highest; ties share their mean place. NaN where a side is missing.
    difference : ndarray of float, shape (n,)
        ``theirs - ours``: above 0 where we place it higher.
    low, high : ndarray of float, shape (n,)
        The difference with our score at its lower and its upper limit, all others as they are.
        NaN where the limits are.
    """

    ours: FloatArray
    theirs: FloatArray
    difference: FloatArray
    low: FloatArray
    high: FloatArray


DECIMALS = 9
"""Decimals of a score up to which two of them are told apart."""


def place_differences(
    ours: ArrayLike, theirs: ArrayLike, low: ArrayLike, high: ArrayLike
) -> PlaceDifferences:
    """Return the places by both measures and how sure their difference is.

    Parameters
    ----------
    ours, theirs : array_like of float, shape (n,)
        The more, the higher the place. A pair with a missing side has no place.
    low, high : array_like of float, shape (n,)
        Limits of `ours`; NaN where they are not known.

    Returns
    -------
    PlaceDifferences
        In the order given.

    Examples
    --------
    >>> found = place_differences([90, 80, 70], [1, 2, 3], [75, 79, 60], [95, 85, 72])
    >>> found.difference.tolist(), found.low.tolist()
    ([2.0, 0.0, -2.0], [1.0, 0.0, -2.0])
    """
    left, right, least, most = (
        # Sums in another order differ in the last digits, and must not part those at one limit.
        np.asarray(one, dtype=np.float64).round(DECIMALS)
        for one in (ours, theirs, low, high)
    )
    both = np.isfinite(left) & np.isfinite(right)
    places = [np.full(left.shape, np.nan) for _ in range(4)]
    known = left[both]
    for place, one in zip(places[:2], (known, right[both]), strict=True):
        place[both] = stats.rankdata(-one)
    for place, limit in zip(places[2:], (least[both], most[both]), strict=True):
        place[both] = _place_among(limit, known)
    mine, other, lowest, highest = places
    return PlaceDifferences(mine, other, other - mine, other - lowest, other - highest)


def _place_among(limits: FloatArray, scores: FloatArray) -> FloatArray:
    """Return the place that each would take with its own score replaced by a limit."""
    order = np.sort(scores)
    above = scores.size - np.searchsorted(order, limits, side="right")
    alike = np.searchsorted(order, limits, side="right") - np.searchsorted(
        order, limits, side="left"
    )
    # Its own score is among those counted: take it out where it lies above or beside.
    own_above, own_alike = scores > limits, scores == limits
    place = 1.0 + above - own_above + (alike - own_alike) / 2.0
    return np.where(np.isnan(limits), np.nan, place)
