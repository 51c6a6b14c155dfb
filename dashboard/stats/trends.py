"""Find the trends of many short series at once, where one by one would take too long.

The same statistics as ``dashboard.stats.timeliness.trend``, and of values of which some are
only known to be longer than given. It must not adjust p-values or judge a trend.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dashboard.stats.timeliness import CONFIDENCE_LEVEL, SMALLEST_TREND

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SIGNIFICANT = 0.05
"""Below this a single test would call a trend real."""


@dataclass(frozen=True)
class _Pairs:
    """What is known of the rise between each pair of periods of each series.

    ``low`` and ``high`` bound the rise, infinite where nothing is known; ``signs`` is whether
    it is surely up (1) or down (-1); ``gaps`` how many periods lie between.
    """

    low: FloatArray
    high: FloatArray
    signs: FloatArray
    gaps: FloatArray
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    def steep(self) -> FloatArray:
        """Return both bounds of the slope of each pair."""
        return np.hstack([self.low / self.gaps, self.high / self.gaps])

    def error(self, periods: int) -> FloatArray:
        """Return the standard error of Kendall's score if the order meant nothing.

        Daniels' variance with no ties in time: a third of the sum over values of the squared
        number that each surely exceeds less those it is surely below, plus a third of the
        pairs that are told apart. Without censoring it is the usual one with ties.
        """
        ends = np.zeros((len(self.gaps), periods), dtype=np.float32)
        pair = np.arange(len(self.gaps))
        ends[pair, self.first], ends[pair, self.second] = -1.0, 1.0
        standing = self.signs.astype(np.float32) @ ends
        told_apart = np.count_nonzero(self.signs, axis=1)
        squares = (standing.astype(np.float64) ** 2).sum(axis=1)
        return np.asarray(np.sqrt((squares + told_apart) / 3.0), dtype=np.float64)


def series_trends(
    values: ArrayLike, is_censored: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return Theil-Sen slope and Mann-Kendall p-value of every row.

    Parameters
    ----------
    values : array_like of float, shape (m, n)
        One series per row, one value per period, in order. A missing value keeps its
        place in time and takes no part.
    is_censored : array_like of bool, shape (m, n), optional
        Which values are only known to be longer than given; none by default.

    Returns
    -------
    slope : ndarray of float, shape (m,)
        Median slope between pairs of periods, unit of the values per period. NaN with
        fewer than three exact values, when all are the same, or when too few can be told
        apart.
    p_value : ndarray of float, shape (m,)
        Two-sided, by the normal approximation with ties, 0 to 1; NaN with the slope.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional or `is_censored` has another shape.

    Notes
    -----
    With censored values the slope is the one at which Kendall's score of the residuals is
    nought, each pair counting as far as its order is known.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on
       Kendall's tau. J. Am. Stat. Assoc. 63(324), 1379-1389.
    .. [2] Akritas, M. G., Murphy, S. A. and LaValley, M. P. (1995). The Theil-Sen
       estimator with doubly censored data and applications to astronomy. J. Am. Stat.
       Assoc. 90(429), 170-177.
    .. [3] Daniels, H. E. (1944). The relation between measures of correlation in the
       universe of sample permutations. Biometrika 33(2), 129-135.
    .. [4] Kendall, M. G. (1975). Rank Correlation Methods, 4th ed. Griffin, section 4
       (variance with ties).

    Examples
    --------
    >>> slope, p = series_trends([[10.0, 8.0, float("nan"), 4.0, 2.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    >>> float(slope[0]), round(float(p[0]), 3), bool(np.isnan(slope[1]))
    (-2.0, 0.042, True)
    """
    series, censored = _rows(values, is_censored)
    slope, p_value = np.full(len(series), np.nan), np.full(len(series), np.nan)
    pairs, usable = _usable_pairs(series, censored)
    if usable.any():
        slope[usable] = _middle(pairs.steep())
        p_value[usable] = _p_value(pairs, pairs.error(series.shape[1]))
        p_value[np.isnan(slope)] = np.nan
    return slope, p_value


def _p_value(pairs: _Pairs, error: FloatArray) -> FloatArray:
    return np.asarray(2.0 * special.ndtr(-np.abs(pairs.signs.sum(axis=1) / error)))


def bounded_trends(
    values: ArrayLike, is_censored: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the trend of every row with the 95 % interval of its slope.

    Parameters
    ----------
    values : array_like of float, shape (m, n)
        One series per row, as for :func:`series_trends`.
    is_censored : array_like of bool, shape (m, n), optional
        As there.

    Returns
    -------
    slope : ndarray of float, shape (m,)
        As of :func:`series_trends`.
    low, high : ndarray of float, shape (m,)
        Unit of the values per period. NaN where there is no slope, or no such bound.
    p_value : ndarray of float, shape (m,)
        As of :func:`series_trends`.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional or `is_censored` has another shape.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on
       Kendall's tau. J. Am. Stat. Assoc. 63(324), 1379-1389.

    Examples
    --------
    >>> slope, low, high, p = bounded_trends([[10.0, 8.0, 7.0, 4.0, 2.0]])
    >>> float(slope[0]), float(low[0]), float(high[0])
    (-2.0, -3.0, -1.0)
    """
    series, censored = _rows(values, is_censored)
    slope, low, high, p_value = (np.full(len(series), np.nan) for _ in range(4))
    pairs, usable = _usable_pairs(series, censored)
    if not usable.any():
        return slope, low, high, p_value
    error = pairs.error(series.shape[1])
    steep = np.sort(pairs.steep(), axis=1)
    slope[usable] = _middle(steep)
    p_value[usable] = _p_value(pairs, error)
    p_value[np.isnan(slope)] = np.nan
    reach = special.ndtri(0.5 + CONFIDENCE_LEVEL / 2) * error
    nothing = (np.isinf(pairs.low) & np.isinf(pairs.high)).sum(axis=1)
    told = pairs.low.shape[1] - nothing
    # Each pair is there twice, and one of nothing known lies at either end.
    first = nothing + 2 * np.maximum(np.round((told - reach) / 2).astype(np.int64) - 1, 0)
    last = nothing + 2 * np.minimum(np.round((told + reach) / 2).astype(np.int64), told - 1)
    row = np.arange(len(steep))
    low[usable], high[usable] = steep[row, first], steep[row, last]
    for bound in (low, high):
        bound[np.isinf(bound) | np.isnan(slope)] = np.nan
    return slope, low, high, p_value


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


def chance_trends(
    values: ArrayLike,
    draws: int,
    rng: np.random.Generator,
    is_censored: ArrayLike | None = None,
) -> ChanceTrends:
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
    is_censored : array_like of bool, shape (m, n), optional
        As for :func:`series_trends`.

    Returns
    -------
    ChanceTrends
        Slopes in order and counts of each draw, of the series that have a slope as they are.
        A slope that a shuffle leaves unknown counts as 0. Empty without a usable series.

    Raises
    ------
    ValueError
        If `values` is not two-dimensional, `is_censored` has another shape, or `draws` is
        below 1.

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
    series, censored = _rows(values, is_censored)
    known = ~np.isnan(series_trends(series, censored)[0])
    if not known.any():
        return ChanceTrends(np.empty((draws, 0)), np.zeros(draws, dtype=np.int64))
    periods = series.shape[1]
    pairs, _ = _usable_pairs(series[known], censored[known])
    bounds = np.hstack([pairs.low, pairs.high]).astype(np.float32)
    signs = pairs.signs.astype(np.float32)
    least = special.ndtri(1.0 - SIGNIFICANT / 2) * pairs.error(periods)
    slopes = np.empty((draws, len(bounds)))
    below = np.empty(draws, dtype=np.int64)
    for number in range(draws):
        place = rng.permutation(periods)
        gaps = (place[pairs.second] - place[pairs.first]).astype(np.float32)
        steep = np.divide(bounds, np.tile(gaps, 2), dtype=np.float32)
        slopes[number] = np.sort(np.nan_to_num(_middle(steep)))
        below[number] = np.count_nonzero(np.abs(signs @ np.sign(gaps)) > least)
    return ChanceTrends(slopes, below)


def _rows(values: ArrayLike, is_censored: ArrayLike | None) -> tuple[FloatArray, BoolArray]:
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 2:
        raise ValueError(f"values has shape {series.shape}; give one series a row.")
    if is_censored is None:
        return series, np.zeros(series.shape, dtype=np.bool_)
    censored = np.asarray(is_censored, dtype=np.bool_)
    if censored.shape != series.shape:
        raise ValueError(
            f"is_censored has shape {censored.shape} and values {series.shape}; give one shape."
        )
    return series, censored


def _usable_pairs(series: FloatArray, censored: BoolArray) -> tuple[_Pairs, BoolArray]:
    """Return the pairs of the series that have enough values, and which those are."""
    # Bounds alone tell a direction, but no steepness.
    enough = (np.isfinite(series) & ~censored).sum(axis=1) >= SMALLEST_TREND
    pairs = _pairs(series[enough], censored[enough])
    told_apart = pairs.signs.any(axis=1)
    usable = enough.copy()
    usable[enough] = told_apart
    kept = _Pairs(
        pairs.low[told_apart],
        pairs.high[told_apart],
        pairs.signs[told_apart],
        pairs.gaps,
        pairs.first,
        pairs.second,
    )
    return kept, usable


def _pairs(series: FloatArray, censored: BoolArray) -> _Pairs:
    first, second = np.triu_indices(series.shape[1], k=1)
    rises = series[:, second] - series[:, first]
    nothing = ~np.isfinite(rises)
    # A value that is longer than given bounds a rise to it from below, one from it from above.
    low = np.where(nothing | censored[:, first], -np.inf, rises)
    high = np.where(nothing | censored[:, second], np.inf, rises)
    up = (low > 0) | ((low == 0) & np.isinf(high))
    down = (high < 0) | ((high == 0) & np.isinf(low))
    return _Pairs(
        low,
        high,
        up.astype(np.float64) - down,
        (second - first).astype(np.float64),
        first.astype(np.int64),
        second.astype(np.int64),
    )


def _middle(bounds: FloatArray | NDArray[np.float32]) -> FloatArray:
    """Return the median of each row; NaN where it is not finite.

    With both bounds of each pair in the row, it is where as many pairs surely lie above as
    below.
    """
    upper = bounds.shape[1] // 2
    ordered = np.partition(bounds, [upper - 1, upper], axis=1)
    ends = ordered[:, upper - 1 : upper + 1].astype(np.float64)
    known = np.asarray(np.isfinite(ends).all(axis=1))
    middle = np.full(len(ends), np.nan)
    middle[known] = ends[known].mean(axis=1)
    return middle
