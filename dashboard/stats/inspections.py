"""Find the distribution of a delay that is known only from inspections, with bounds.

Inspections of one member's periods resemble each other; here a member counts as one cluster.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from dashboard.stats.delays import FEWEST_CLUSTERS, _kept
from dashboard.stats.timeliness import (
    CONFIDENCE_LEVEL,
    HALF_TOLERANCE,
    _usable_delays,
    current_status_distribution,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

RESAMPLES = 199
"""How often members are drawn anew for an interval."""


@dataclass(frozen=True)
class InspectedDistribution:
    """Hold the distribution of a delay that is known only from inspections.

    Attributes
    ----------
    days : ndarray of float, shape (k,)
        Distinct days from the period's end to an inspection, ascending.
    probability : ndarray of float, shape (k,)
        Probability that a delay is at most `days`, 0 to 1, never falling.
    low, high : ndarray of float, shape (k,)
        Pointwise 95 % bounds of `probability`; NaN with too few members.
    counts : ndarray of int, shape (k,)
        Periods inspected on each day.
    median : float
        First of `days` by which at least half were there; NaN if none.
    median_low, median_high : float
        95 % bounds of `median`; NaN where a bound is not reached or there are too few
        members.
    """

    days: FloatArray
    probability: FloatArray
    low: FloatArray
    high: FloatArray
    counts: IntArray
    median: float
    median_low: float
    median_high: float


def inspected_distribution(
    inspection_days: ArrayLike,
    was_there: ArrayLike,
    clusters: ArrayLike,
    rng: np.random.Generator,
) -> InspectedDistribution:
    """Return the current-status distribution of a delay, with bounds.

    Parameters
    ----------
    inspection_days : array_like of float, shape (n,)
        Days from each period's end to its inspection. A missing value drops its row.
    was_there : array_like of bool, shape (n,)
        Whether the data was there.
    clusters : array_like of int, shape (n,)
        Number of the member that each is from, from 0.
    rng : numpy.random.Generator
        Draws the members.

    Returns
    -------
    InspectedDistribution
        The curve of :func:`~dashboard.stats.timeliness.current_status_distribution`;
        bounds by drawing the members anew ``RESAMPLES`` times, none with fewer than
        ``FEWEST_CLUSTERS``.

    Notes
    -----
    Drawing anew is sound here because inspections fall on few days, each with many
    members; with as many days as inspections it would not be.

    References
    ----------
    .. [1] Tang, R., Banerjee, M. and Kosorok, M. R. (2012). Likelihood based inference
       for current status data on a grid. Ann. Stat. 40(1), 45-72.
    .. [2] Efron, B. and Tibshirani, R. J. (1993). An Introduction to the Bootstrap.
       Chapman & Hall, section 13.3 (percentile interval).

    Examples
    --------
    >>> found = inspected_distribution(
    ...     [30, 30, 60, 90], [False, True, False, True], [0, 1, 0, 1], np.random.default_rng(1)
    ... )
    >>> found.median, found.counts.tolist()
    (90.0, [2, 1, 1])
    """
    inspected, there = _usable_delays(inspection_days, was_there)
    members = _kept(clusters, inspection_days)
    days, probability = current_status_distribution(inspected, there)
    nothing = np.full(days.size, np.nan)
    found = InspectedDistribution(
        days=days,
        probability=probability,
        low=nothing,
        high=nothing,
        counts=np.unique(inspected, return_counts=True)[1].astype(np.int64),
        median=_first_half(days, probability),
        median_low=np.nan,
        median_high=np.nan,
    )
    names, units = np.unique(members, return_inverse=True)
    if names.size < FEWEST_CLUSTERS:
        return found
    curves = _resampled(days, inspected, there, units, rng)
    tail = (1.0 - CONFIDENCE_LEVEL) / 2
    low, high = np.quantile(curves, [tail, 1.0 - tail], axis=0)
    medians = np.sort([_first_half(days, curve) for curve in curves])  # NaN, not reached, last
    ends = [round(tail * (RESAMPLES - 1)), round((1.0 - tail) * (RESAMPLES - 1))]
    return replace(
        found,
        low=low,
        high=high,
        median_low=float(medians[ends[0]]),
        median_high=float(medians[ends[1]]),
    )


def _first_half(days: FloatArray, probability: FloatArray) -> float:
    reached = np.flatnonzero(probability >= 0.5 - HALF_TOLERANCE)
    return float(days[reached[0]]) if reached.size else float("nan")


def _resampled(
    days: FloatArray,
    inspected: FloatArray,
    there: NDArray[np.bool_],
    units: IntArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Return the curve of each draw of as many members, with replacement."""
    count, size = int(units.max()) + 1, days.size
    cell = units * size + np.searchsorted(days, inspected)
    asked = np.bincount(cell, minlength=count * size).reshape(count, size)
    seen = np.bincount(cell[there], minlength=count * size).reshape(count, size)
    weights = rng.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES)
    drawn, found = weights @ asked, weights @ seen
    curves = np.empty((RESAMPLES, size))
    for number, (n, k) in enumerate(zip(drawn, found, strict=True)):
        held = n > 0
        fit = optimize.isotonic_regression(k[held] / n[held], weights=n[held].astype(np.float64))
        # A day that no drawn member was inspected on has what the day before had.
        before = np.cumsum(held) - 1
        curves[number] = np.where(before >= 0, np.asarray(fit.x)[np.maximum(before, 0)], 0.0)
    return np.clip(curves, 0.0, 1.0)
