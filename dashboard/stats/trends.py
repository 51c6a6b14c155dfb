"""Find the trends of many short series at once, where one by one would take too long.

The same statistics as ``dashboard.stats.timeliness.trend``; it must not adjust p-values
or judge a trend.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dashboard.stats.timeliness import CONFIDENCE_LEVEL, SMALLEST_TREND

FloatArray = NDArray[np.float64]

SIGNIFICANT = 0.05
"""Below this a single test would call a trend real."""


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
    series = _rows(values)
    usable = _usable(series)
    slope, p_value = np.full(len(series), np.nan), np.full(len(series), np.nan)
    if not usable.any():
        return slope, p_value
    rises, gaps = _rises(series[usable])
    slope[usable] = np.nanmedian(rises / gaps, axis=1)
    score = np.nansum(np.sign(rises), axis=1)
    n = np.isfinite(series[usable]).sum(axis=1)
    z = score / np.sqrt(_score_variance(series[usable], n))
    p_value[usable] = 2.0 * special.ndtr(-np.abs(z))
    return slope, p_value


def slope_bounds(values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the 95 % interval of the Theil-Sen slope of every row.

    Parameters
    ----------
    values : array_like of float, shape (m, n)
        One series per row, as for :func:`series_trends`.

    Returns
    -------
    low, high : ndarray of float, shape (m,)
        Unit of the values per period. NaN where there is no slope.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on
       Kendall's tau. J. Am. Stat. Assoc. 63(324), 1379-1389.

    Examples
    --------
    >>> low, high = slope_bounds([[10.0, 8.0, 7.0, 4.0, 2.0]])
    >>> float(low[0]), float(high[0])
    (-3.0, -1.0)
    """
    series = _rows(values)
    known = np.isfinite(series)
    usable = _usable(series)
    low, high = np.full(series.shape[0], np.nan), np.full(series.shape[0], np.nan)
    if not usable.any():
        return low, high
    rises, gaps = _rises(series[usable])
    steep = np.sort(rises / gaps, axis=1)  # NaN sorts last
    pairs = np.isfinite(steep).sum(axis=1)
    n = known[usable].sum(axis=1)
    reach = special.ndtri(0.5 + CONFIDENCE_LEVEL / 2) * np.sqrt(_score_variance(series[usable], n))
    first = np.maximum(np.round((pairs - reach) / 2).astype(np.int64) - 1, 0)
    last = np.minimum(np.round((pairs + reach) / 2).astype(np.int64), pairs - 1)
    row = np.arange(len(steep))
    low[usable], high[usable] = steep[row, first], steep[row, last]
    return low, high


@dataclass(frozen=True)
class ChanceTrends:
    """Hold what the trends of many series look like when the periods are shuffled.

    Attributes
    ----------
    slopes : ndarray of float, shape (draws, k)
        Theil-Sen slopes of the k series that have one, ascending in each draw.
    below : ndarray of int, shape (draws,)
        Series of each draw whose Mann-Kendall p-value is below ``SIGNIFICANT``.
    """

    slopes: FloatArray
    below: NDArray[np.int64]


def chance_trends(values: ArrayLike, draws: int, rng: np.random.Generator) -> ChanceTrends:
    """Shuffle the periods, and find the trends that chance makes.

    The periods are shuffled alike for every series, so that what the series have in common
    in a period stays in common; a missing value moves with its period.

    Parameters
    ----------
    values : array_like of float, shape (m, n)
        One series per row, as for :func:`series_trends`.
    draws : int
        How often to shuffle, 1 or more.
    rng : numpy.random.Generator
        Draws the orders.

    Returns
    -------
    ChanceTrends
        Slopes in order and counts of each draw. Empty without a usable series.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional or `draws` is below 1.

    References
    ----------
    .. [1] Good, P. I. (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses,
       3rd ed. Springer, chapter 3.

    Examples
    --------
    >>> found = chance_trends([[1.0, 2.0, 4.0, 8.0]], 5, np.random.default_rng(1))
    >>> found.slopes.shape, found.below.shape
    ((5, 1), (5,))
    """
    if draws < 1:
        raise ValueError(f"draws={draws!r} is below 1; shuffle at least once.")
    series = _rows(values)
    series = series[_usable(series)]
    if not len(series):
        return ChanceTrends(np.empty((draws, 0)), np.zeros(draws, dtype=np.int64))
    rises, _ = _rises(series)
    first, second = np.triu_indices(series.shape[1], k=1)
    middle = _Middle(rises)
    signs = np.nan_to_num(np.sign(rises)).astype(np.float32)
    error = np.sqrt(_score_variance(series, np.isfinite(series).sum(axis=1)))
    least = special.ndtri(1.0 - SIGNIFICANT / 2) * error
    slopes = np.empty((draws, len(series)))
    below = np.empty(draws, dtype=np.int64)
    for number in range(draws):
        place = rng.permutation(series.shape[1])
        gaps = (place[second] - place[first]).astype(np.float32)
        slopes[number] = np.sort(middle.of(gaps))
        below[number] = np.count_nonzero(np.abs(signs @ np.sign(gaps)) > least)
    return ChanceTrends(slopes, below)


class _Middle:
    """Medians of rises over gaps, row by row, for gaps that change.

    Pairs with a missing value are put half below and half above everything, so that the
    middle of all pairs is that of the known ones and one partition serves all rows.
    """

    def __init__(self, rises: FloatArray) -> None:
        missing = ~np.isfinite(rises)
        above = missing.cumsum(axis=1) % 2 == 0
        self.known = np.where(missing, 0.0, rises).astype(np.float32)
        self.ends = np.where(missing, np.where(above, np.inf, -np.inf), 0.0).astype(np.float32)
        self.below = (missing & ~above).sum(axis=1)
        self.count = (~missing).sum(axis=1)

    def of(self, gaps: NDArray[np.float32]) -> FloatArray:
        """Return the median of each row's known pairs."""
        steep = self.known / gaps + self.ends
        lower = self.below + (self.count - 1) // 2
        upper = self.below + self.count // 2
        steep.partition(np.unique([lower, upper]), axis=1)
        row = np.arange(len(steep))
        return np.asarray((steep[row, lower] + steep[row, upper]) / 2, dtype=np.float64)


def _rows(values: ArrayLike) -> FloatArray:
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 2:
        raise ValueError(f"values has shape {series.shape}; give one series a row.")
    return series


def _usable(series: FloatArray) -> NDArray[np.bool_]:
    """Tell which rows have enough values, and not all the same."""
    known = np.isfinite(series)
    enough = known.sum(axis=1) >= SMALLEST_TREND
    if not series.shape[1]:
        return np.asarray(enough)
    highest = np.where(known, series, -np.inf).max(axis=1)
    lowest = np.where(known, series, np.inf).min(axis=1)
    return np.asarray(enough & (highest > lowest))


def _rises(series: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the rise between each pair of periods, and how far they are apart."""
    first, second = np.triu_indices(series.shape[1], k=1)
    return series[:, second] - series[:, first], second - first


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
