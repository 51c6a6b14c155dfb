"""Judge forecasts of yes or no by what happened, and add them up into counts.

It must not make a forecast, nor know what one is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.timeliness import wilson_interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

BINS: Final = 10
"""Classes of equal width between 0 and 1 in a reliability curve."""

RESAMPLES: Final = 1000

LEVEL: Final = 0.95


@dataclass(frozen=True)
class BrierParts:
    """Hold a Brier score and what it consists of.

    Attributes
    ----------
    score : float
        Mean squared distance of forecast and outcome, 0 (perfect) to 1. NaN without a forecast.
    reliability : float
        Part due to classes whose forecasts and outcomes differ on average; 0 is best.
    resolution : float
        Part by which classes differ in their outcomes; the more the better.
    uncertainty : float
        Variance of the outcome, the score of one who always gives the mean.
    within : float
        Rest: forecasts differ within a class. The score is reliability - resolution +
        uncertainty + within.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


def _pairs(forecast: ArrayLike, outcome: ArrayLike) -> tuple[FloatArray, FloatArray]:
    given, happened = np.asarray(forecast, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if given.shape != happened.shape or given.ndim != 1:
        raise ValueError(
            f"forecast has shape {given.shape} and outcome {happened.shape}; "
            "give two one-dimensional arrays of one length."
        )
    if np.any((given < 0) | (given > 1)):
        raise ValueError("a forecast is outside 0 to 1; give probabilities.")
    return given, happened


def _classes(forecast: FloatArray, bins: int) -> IntArray:
    """Return the class of each forecast; 1 lies in the last one."""
    return np.minimum((forecast * bins + 1e-9).astype(np.int64), bins - 1)


def brier_parts(forecast: ArrayLike, outcome: ArrayLike, *, bins: int = BINS) -> BrierParts:
    """Return the Brier score of forecasts with its decomposition.

    Parameters
    ----------
    forecast : array_like of float, shape (n,)
        Probabilities, 0 to 1. No missing values.
    outcome : array_like of bool, shape (n,)
        Whether it happened.
    bins : int, default 10
        Classes of equal width.

    Returns
    -------
    BrierParts
        All NaN without a forecast.

    Raises
    ------
    ValueError
        If the arrays differ in length or a forecast is outside 0 to 1.

    References
    ----------
    .. [1] Brier, G. W. (1950). Verification of forecasts expressed in terms of probability.
       Mon. Weather Rev. 78(1), 1-3. His score adds both classes: twice this one.
    .. [2] Murphy, A. H. (1973). A new vector partition of the probability score. J. Appl.
       Meteorol. 12(4), 595-600.

    Examples
    --------
    >>> round(brier_parts([0.1, 0.9, 0.8, 0.3], [False, True, True, False]).score, 4)
    0.0375
    """
    given, happened = _pairs(forecast, outcome)
    if given.size == 0:
        return BrierParts(*[float("nan")] * 5)
    place = _classes(given, bins)
    count = np.bincount(place, minlength=bins)
    size = np.maximum(count, 1)
    mean = np.bincount(place, given, bins) / size
    share = np.bincount(place, happened, bins) / size
    base = float(happened.mean())
    score = float(np.mean((given - happened) ** 2))
    reliability = float(np.sum(count * (mean - share) ** 2) / given.size)
    resolution = float(np.sum(count * (share - base) ** 2) / given.size)
    uncertainty = base * (1.0 - base)
    rest = score - (reliability - resolution + uncertainty)
    return BrierParts(score, reliability, resolution, uncertainty, rest)


def reliability_curve(forecast: ArrayLike, outcome: ArrayLike, *, bins: int = BINS) -> pd.DataFrame:
    """Return what happened by classes of what was forecast.

    Parameters
    ----------
    forecast : array_like of float, shape (n,)
        Probabilities, 0 to 1. No missing values.
    outcome : array_like of bool, shape (n,)
        Whether it happened.
    bins : int, default 10
        Classes of equal width.

    Returns
    -------
    DataFrame
        One row per class that holds a forecast, ascending: ``bin_low``, ``bin_high``, ``n``
        (int), ``forecast_share`` (their mean), ``observed_share``, ``low`` and ``high``
        (Wilson's 95 % interval of the latter), all 0 to 1.

    References
    ----------
    .. [1] Wilks, D. S. (2011). Statistical Methods in the Atmospheric Sciences, 3rd ed.,
       section 8.4.4.

    Examples
    --------
    >>> reliability_curve([0.12, 0.18, 0.95], [False, True, True])["observed_share"].tolist()
    [0.5, 1.0]
    """
    given, happened = _pairs(forecast, outcome)
    place = _classes(given, bins)
    count = np.bincount(place, minlength=bins)
    held = np.flatnonzero(count)
    n = count[held]
    yes = np.bincount(place, happened, bins)[held]
    low, high = wilson_interval(yes, n)
    return pd.DataFrame(
        {
            "bin_low": held / bins,
            "bin_high": (held + 1) / bins,
            "n": n,
            "forecast_share": np.bincount(place, given, bins)[held] / n,
            "observed_share": yes / n,
            "low": low,
            "high": high,
        }
    )


def skill_interval(
    errors: ArrayLike,
    baseline_errors: ArrayLike,
    cluster: ArrayLike,
    *,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> tuple[float, float, float]:
    """Return how much smaller a mean error is than a baseline's, with its interval.

    Forecasts of one member are alike, so whole members are drawn anew, not forecasts.

    Parameters
    ----------
    errors : array_like of float, shape (n,)
        Squared errors of the forecasts, 0 or more. No missing values.
    baseline_errors : array_like of float, shape (n,)
        Those of the baseline for the same cases.
    cluster : array_like of int, shape (n,)
        Number of the member of each, from 0.
    rng : numpy.random.Generator
        Draws the members.
    resamples : int, default 1000
        Times they are drawn.

    Returns
    -------
    skill : float
        1 - mean error / the baseline's: above 0 is better than the baseline, 1 perfect. NaN
        without a case, or if the baseline makes no error.
    low, high : float
        95 % percentile interval. NaN with fewer than two members.

    References
    ----------
    .. [1] Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application,
       section 3.8 (hierarchical data).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> skill_interval([0.1, 0.2], [0.2, 0.4], [0, 1], rng=rng)
    (0.5, 0.5, 0.5)
    """
    own, other = np.asarray(errors, dtype=np.float64), np.asarray(baseline_errors, dtype=np.float64)
    names, place = np.unique(np.asarray(cluster), return_inverse=True)
    nan = float("nan")
    if own.size == 0 or not other.any():
        return nan, nan, nan
    skill = float(1.0 - own.sum() / other.sum())
    if names.size < 2:
        return skill, nan, nan
    sums = np.stack([np.bincount(place, own), np.bincount(place, other)], axis=1)
    drawn = _times_drawn(names.size, resamples, rng) @ sums
    drawn = drawn[drawn[:, 1] > 0]
    low, high = np.quantile(1.0 - drawn[:, 0] / drawn[:, 1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return skill, float(low), float(high)


def _times_drawn(size: int, resamples: int, rng: np.random.Generator) -> IntArray:
    """Return how often each of so many is drawn when so many are, resample by resample."""
    # Counting draws takes a tenth of the time of multinomial draws.
    drawn = rng.integers(0, size, (resamples, size)) + np.arange(resamples)[:, None] * size
    return np.bincount(drawn.ravel(), minlength=resamples * size).reshape(resamples, size)


def count_intervals(
    probability: ArrayLike, group: ArrayLike, groups: int
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return how many of each group's cases will happen, with the interval of the number.

    Parameters
    ----------
    probability : array_like of float, shape (n,)
        Of each case, 0 to 1. No missing values.
    group : array_like of int, shape (n,)
        Number of its group, from 0.
    groups : int
        Number of groups; one without a case expects none.

    Returns
    -------
    expected : ndarray of float, shape (groups,)
        Sum of the probabilities.
    low, high : ndarray of int, shape (groups,)
        Narrowest central numbers that leave out at most 2.5 % at either end, if the cases are
        independent of each other.

    Notes
    -----
    The number has the Poisson binomial distribution, built case by case, all groups at once.

    References
    ----------
    .. [1] Wang, Y. H. (1993). On the number of successes in independent trials. Stat. Sinica
       3(2), 295-312.

    Examples
    --------
    >>> expected, low, high = count_intervals([0.5] * 10, [0] * 10, 1)
    >>> float(expected[0]), int(low[0]), int(high[0])
    (5.0, 2, 8)
    """
    chance = np.asarray(probability, dtype=np.float64)
    where = np.asarray(group, dtype=np.intp)
    sizes = np.bincount(where, minlength=groups)
    order = np.argsort(where, kind="stable")
    column = np.arange(chance.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    padded = np.zeros((groups, int(sizes.max(initial=0))))
    padded[where[order], column] = chance[order]
    mass = np.zeros((groups, padded.shape[1] + 1))
    mass[:, 0] = 1.0
    for one in padded.T[:, :, None]:
        mass[:, 1:] = mass[:, 1:] * (1.0 - one) + mass[:, :-1] * one
        mass[:, :1] *= 1.0 - one
    reached = np.cumsum(mass, axis=1)
    tail = (1.0 - LEVEL) / 2
    low = np.argmax(reached > tail, axis=1)
    high = np.argmax(reached >= 1.0 - tail, axis=1)
    expected = np.bincount(where, chance, groups).astype(np.float64)
    return expected, low.astype(np.int64), high.astype(np.int64)
