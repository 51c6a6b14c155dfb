"""Take the season out of a monthly series, and tell which of its periods few have reported.

It must not know what the series is of.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

MONTHS: Final = 12
FEWEST: Final = 36
"""Months with a value that seasonal factors need: three whole years."""

FEWEST_PER_SEASON: Final = 2
"""Ratios to trend that each month's factor needs."""

COMPLETE: Final = 0.8
"""Share of the usual trade below which what was reported of a period is too little to compare."""


def centred_average(values: ArrayLike, period: int = MONTHS) -> FloatArray:
    """Return the centred moving average over one whole season.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        The series, in any unit.
    period : int, default 12
        Even number of seasons; the average is of order 2 x period.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN at both ends, half a season each, and wherever a value that it
        needs is missing.

    Examples
    --------
    >>> centred_average([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], period=4).tolist()
    [nan, nan, 3.0, 4.0, nan, nan]
    """
    series = np.asarray(values, dtype=np.float64)
    weights = np.full(period + 1, 1.0 / period)
    weights[[0, -1]] = 0.5 / period
    found = np.full(len(series), np.nan)
    half = period // 2
    if len(series) > period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period + 1)
        found[half : len(series) - half] = windows @ weights
    return found


def seasonal_factors(
    values: ArrayLike, first: int = 0, period: int = MONTHS, *, is_robust: bool = False
) -> FloatArray | None:
    """Return the multiplicative seasonal factors of a series by classical decomposition.

    The mean ratio of each season's values to the centred average, brought to a mean of 1.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        The series without a period left out; 0 or more, NaN where missing.
    first : int, default 0
        Season of the first value, 0 to ``period - 1``.
    period : int, default 12
        Seasons, an even number.
    is_robust : bool, default False
        Whether to take the median ratio, which one odd month does not move.

    Returns
    -------
    ndarray of float, shape (period,), or None
        1.2 is 20 % above an average season. None with fewer than three whole
        years of values, with fewer than two ratios for a season, or where a
        season has nothing at all.

    References
    ----------
    .. [1] Kendall, M. and Stuart, A. (1983). The Advanced Theory of Statistics,
       vol. 3, 410-414. Griffin.

    Examples
    --------
    >>> factors = seasonal_factors([9.0, 11.0] * 6, period=2)
    >>> factors.round(2).tolist()
    [0.9, 1.1]
    """
    series = np.asarray(values, dtype=np.float64)
    if np.isfinite(series).sum() < FEWEST // MONTHS * period:
        return None
    trend = centred_average(series, period)
    usable = np.isfinite(series) & np.isfinite(trend) & (trend > 0)
    season = (np.arange(len(series)) + first) % period
    counts = np.bincount(season[usable], minlength=period)
    if counts.min() < FEWEST_PER_SEASON:
        return None
    centre = np.median if is_robust else np.mean
    ratios = series[usable] / trend[usable]
    found = np.array([centre(ratios[season[usable] == one]) for one in range(period)])
    return found / float(found.mean()) if found.min() > 0 else None


def adjusted(values: ArrayLike, factors: ArrayLike, first: int = 0) -> FloatArray:
    """Return a series with its seasonal factors taken out.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        The series; NaN where missing.
    factors : array_like of float, shape (period,)
        Of :func:`seasonal_factors`.
    first : int, default 0
        Season of the first value.

    Returns
    -------
    ndarray of float, shape (n,)
        In the unit of ``values``; NaN stays NaN.

    Examples
    --------
    >>> adjusted([9.0, 11.0], [0.9, 1.1]).tolist()
    [10.0, 10.0]
    """
    series = np.asarray(values, dtype=np.float64)
    per_season = np.asarray(factors, dtype=np.float64)
    return series / per_season[(np.arange(len(series)) + first) % len(per_season)]


def reported_share(values: ArrayLike, window: int = MONTHS) -> FloatArray:
    """Return how much of the usual trade those make who have reported each period.

    What is usual of a reporter is its mean over the periods around that it has reported, the
    period itself left out; a reporter without any is not awaited.

    Parameters
    ----------
    values : array_like of float, shape (reporters, n)
        Trade by reporter and period, 0 or more; NaN where it has not reported.
    window : int, default 12
        Periods looked at before and after.

    Returns
    -------
    ndarray of float, shape (n,)
        0 to 1; NaN where nothing is usual.

    Examples
    --------
    >>> reported_share([[3.0, 3.0, 3.0], [1.0, float("nan"), 1.0]]).tolist()
    [1.0, 0.75, 1.0]
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    known = np.isfinite(table)
    count = table.shape[1]
    low = np.maximum(np.arange(count) - window, 0)
    high = np.minimum(np.arange(count) + window + 1, count)

    def around(part: FloatArray) -> FloatArray:
        sums = np.concatenate([np.zeros((len(part), 1)), part.cumsum(axis=1)], axis=1)
        found: FloatArray = sums[:, high] - sums[:, low] - part
        return found

    reported = around(known.astype(np.float64))
    total = around(np.where(known, table, 0.0))
    usual = np.where(reported > 0, total / np.where(reported > 0, reported, 1.0), 0.0)
    whole = usual.sum(axis=0)
    share = np.where(known, usual, 0.0).sum(axis=0) / np.where(whole > 0, whole, 1.0)
    return np.where(whole > 0, share, np.nan)
