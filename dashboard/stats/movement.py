"""Split the change of a score by the pillars that made it.

It must not know what a pillar measures, nor hold weights.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.composite import GEOMETRIC_FLOOR, MEANS, aggregate
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Movement:
    """Hold what made scores change from one period to another.

    Attributes
    ----------
    change : ndarray of float, shape (n,)
        Score after less score before, points. NaN without a score at both times.
    by_value : ndarray of float, shape (n, p)
        Points due to the pillar's own change. 0 for a pillar that is there at one time
        only. NaN as in `change`.
    by_weight : ndarray of float, shape (n, p)
        Points due to the pillar's share of the weight, which changes when a pillar
        appears or goes. NaN as in `change`.

    Notes
    -----
    Both together add up to `change`.
    """

    change: FloatArray
    by_value: FloatArray
    by_weight: FloatArray


def movement(
    before: ArrayLike, after: ArrayLike, weights: ArrayLike, method: str = "arithmetic"
) -> Movement:
    """Return what each pillar contributed to the change of the score.

    Parameters
    ----------
    before, after : array_like of float, shape (n, p)
        Pillars of the same members at two times, 0 to 100. NaN where missing.
    weights : array_like of float, shape (p,)
        Weights of the pillars at both times, 0 or more, any scale.
    method : {"arithmetic", "geometric"}, default "arithmetic"
        The mean that makes the score. A score by comparison is not a sum over pillars.

    Returns
    -------
    Movement
        The change and its parts, points.

    Raises
    ------
    ValueError
        If the tables differ in shape, the weights do not fit them, or `method` is
        neither of the means.

    Notes
    -----
    With shares of weight w, pillars s and score S, arithmetically
    ``w1 s1 - w0 s0 = mean(w) (s1 - s0) + (w1 - w0) (mean(s) - mean(S))``, the last term
    being free to add since shares add up to 1 at both times. The geometric mean has the
    same of logarithms, times the logarithmic mean of both scores.

    References
    ----------
    .. [1] Ang, B. W. (2004). Decomposition analysis for policymaking in energy. Energy
       Policy 32(9), 1131-1139 (additive, by the logarithmic mean).

    Examples
    --------
    >>> found = movement([[60.0, 40.0]], [[70.0, 50.0]], [3.0, 1.0])
    >>> found.change.tolist(), found.by_value.tolist()
    ([10.0], [[7.5, 2.5]])
    """
    if method not in MEANS:
        raise ValueError(f"method={method!r} is no mean; give one of {', '.join(MEANS)}.")
    then, now = (np.asarray(part, dtype=np.float64) for part in (before, after))
    if then.ndim != 2 or then.shape != now.shape:
        raise ValueError(
            f"before has shape {then.shape} and after {now.shape}; give the same members."
        )
    weight = checked_weights(weights, then)
    score = np.stack([aggregate(then, weight, method), aggregate(now, weight, method)])
    share = np.stack([_shares(then, weight), _shares(now, weight)])
    # A pillar that is there once keeps its value: without a weight it adds nothing then.
    pillar = np.stack([np.where(np.isnan(then), now, then), np.where(np.isnan(now), then, now)])
    level, scale = score, np.ones(len(then))
    if method == "geometric":
        pillar, level = np.log(np.maximum(pillar, GEOMETRIC_FLOOR)), np.log(score)
        scale = _logarithmic_mean(*score)
    pillar = np.nan_to_num(pillar, nan=0.0)
    by_value = scale[:, np.newaxis] * share.mean(axis=0) * (pillar[1] - pillar[0])
    distance = pillar.mean(axis=0) - level.mean(axis=0)[:, np.newaxis]
    by_weight = scale[:, np.newaxis] * (share[1] - share[0]) * distance
    change = score[1] - score[0]
    by_value[np.isnan(change)] = by_weight[np.isnan(change)] = np.nan
    return Movement(change, by_value, by_weight)


def _shares(table: FloatArray, weight: FloatArray) -> FloatArray:
    there = ~np.isnan(table) * weight
    total = there.sum(axis=1, keepdims=True)
    return np.asarray(there / np.where(total > 0, total, 1.0))


def _logarithmic_mean(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return (a - b)/(log a - log b), which is a where both are equal."""
    growth = np.log(other) - np.log(one)
    small = np.abs(growth) < 1e-9
    mean = (other - one) / np.where(small, 1.0, growth)
    return np.asarray(np.where(small, np.sqrt(one * other), mean))
