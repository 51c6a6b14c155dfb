"""Find the trends of many short series at once, where one by one would take too long.

The same statistics as ``dashboard.stats.timeliness.trend``, without its interval; it
must not adjust p-values or judge a trend.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dashboard.stats.timeliness import SMALLEST_TREND

FloatArray = NDArray[np.float64]


def series_trends(values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return Theil-Sen slope and Mann-Kendall p-value of every row.

    Parameters
    ----------
    values : array_like of float, shape (m, n)
        One series per row, one value per period, in order. A missing value keeps its
        place in time and takes no part.

    Returns
    -------
    slope : ndarray of float, shape (m,)
        Median slope between pairs of periods, unit of the values per period. NaN with
        fewer than three values, or when all are the same.
    p_value : ndarray of float, shape (m,)
        Two-sided, by the normal approximation with ties, 0 to 1; NaN with the slope.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on
       Kendall's tau. J. Am. Stat. Assoc. 63(324), 1379-1389.
    .. [2] Kendall, M. G. (1975). Rank Correlation Methods, 4th ed. Griffin, section 4
       (variance with ties).

    Examples
    --------
    >>> slope, p = series_trends([[10.0, 8.0, float("nan"), 4.0, 2.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    >>> float(slope[0]), round(float(p[0]), 3), bool(np.isnan(slope[1]))
    (-2.0, 0.042, True)
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 2:
        raise ValueError(f"values has shape {series.shape}; give one series a row.")
    rows, periods = series.shape
    known = np.isfinite(series)
    n = known.sum(axis=1)
    first, second = np.triu_indices(periods, k=1)
    rises = series[:, second] - series[:, first]
    usable = n >= SMALLEST_TREND
    if periods:
        highest = np.where(known, series, -np.inf).max(axis=1)
        lowest = np.where(known, series, np.inf).min(axis=1)
        usable &= highest > lowest
    slope, p_value = np.full(rows, np.nan), np.full(rows, np.nan)
    if not usable.any():
        return slope, p_value
    steep = rises[usable] / (second - first)
    slope[usable] = np.nanmedian(steep, axis=1)
    score = np.nansum(np.sign(rises[usable]), axis=1)
    z = score / np.sqrt(_score_variance(series[usable], n[usable]))
    p_value[usable] = 2.0 * special.ndtr(-np.abs(z))
    return slope, p_value


def _score_variance(series: FloatArray, n: NDArray[np.int64]) -> FloatArray:
    """Return the variance of Kendall's score: ties in value, none in time."""
    ordered = np.sort(series, axis=1)  # NaN sorts last
    same = ordered[:, 1:] == ordered[:, :-1]
    ties = np.zeros(series.shape[0])
    run = np.ones(series.shape[0])
    for column in range(same.shape[1] + 1):
        goes_on = same[:, column] if column < same.shape[1] else np.zeros(len(run), dtype=bool)
        ends = ~goes_on
        ties += np.where(ends, run * (run - 1) * (2 * run + 5), 0.0)
        run = np.where(goes_on, run + 1, 1.0)
    size = n.astype(np.float64)
    return np.asarray((size * (size - 1) * (2 * size + 5) - ties) / 18.0)
