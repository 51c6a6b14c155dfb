"""Compute how timely submissions are, with what is still outstanding counted as such.

It must not know a calendar, a member or a warehouse: delays are numbers of days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

CONFIDENCE_LEVEL = 0.95
"""Coverage of every interval of this module, unless the caller says otherwise."""

SMALLEST_TREND = 3
"""Fewest values, in number, from which a trend is drawn."""

HALF_TOLERANCE = 1e-9
"""How near to one half a survival probability counts as one half (products of ratios)."""


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, level: float = CONFIDENCE_LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Return the Wilson score interval of a proportion.

    Parameters
    ----------
    successes : array_like of int, shape (...)
        Submissions received on time, ``0 <= successes <= trials``.
    trials : array_like of int, shape (...)
        Submissions that could have been on time; broadcast with `successes`.
    level : float, default 0.95
        Coverage, strictly between 0 and 1.

    Returns
    -------
    low, high : ndarray of float, shape (...)
        Bounds of the share, 0 to 1. NaN where `trials` is 0 or either count is missing.

    Raises
    ------
    ValueError
        If a count is negative, `successes` exceeds `trials`, or `level` is not
        between 0 and 1.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and
       statistical inference. J. Am. Stat. Assoc. 22(158), 209-212.

    Examples
    --------
    >>> low, high = wilson_interval([9], [10])
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.596, 0.982)
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level={level!r} is not between 0 and 1; give a share such as 0.95.")
    k, n = np.broadcast_arrays(
        np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    )
    if np.any((k < 0) | (n < 0)):
        raise ValueError("a count is negative; counts of submissions start at 0.")
    if np.any(k > n):
        worst = int(np.flatnonzero((k > n).ravel())[0])
        raise ValueError(
            f"successes={float(k.ravel()[worst])!r} exceeds trials={float(n.ravel()[worst])!r} "
            f"at position {worst}; count each submission once in both."
        )
    usable = n > 0
    size = np.where(usable, n, 1.0)
    share = np.where(usable, k / size, np.nan)
    z = float(special.ndtri(0.5 + level / 2))
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    # Algebraically exact at both ends; rounding alone would leave 1e-17 there.
    low = np.where(share == 0.0, 0.0, centre - half)
    high = np.where(share == 1.0, 1.0, centre + half)
    return low, high


@dataclass(frozen=True)
class DelayDistribution:
    """Hold the estimated distribution of a delay of which some are not yet known.

    Attributes
    ----------
    days : ndarray of float, shape (k,)
        Distinct delays, complete or censored, ascending.
    survival : ndarray of float, shape (k,)
        Probability that a delay is longer than `days`, 0 to 1.
    low, high : ndarray of float, shape (k,)
        Pointwise 95 % bounds of `survival`. NaN where it is 0: there the
        log-log transform has no value.
    median : float
        Delay that half exceed, days. NaN if the curve does not reach one half.
    median_low, median_high : float
        95 % bounds of `median`, days. NaN where a bound is not reached.
    n : int
        Delays used, complete and censored.
    n_censored : int
        Of these, the ones not yet over.
    """

    days: FloatArray
    survival: FloatArray
    low: FloatArray
    high: FloatArray
    median: float
    median_low: float
    median_high: float
    n: int
    n_censored: int


def delay_distribution(delays: ArrayLike, is_censored: ArrayLike) -> DelayDistribution:
    """Return the Kaplan-Meier distribution of delays, outstanding ones right-censored.

    A plain median of the delays of what has arrived flatters whoever still owes
    something; here an outstanding submission counts as "longer than this".

    Parameters
    ----------
    delays : array_like of float, shape (n,)
        Days from the end of the period (or from the due date) to receipt; for what
        has not been received, days gone so far. A missing value drops its pair.
    is_censored : array_like of bool, shape (n,)
        Whether the submission is still outstanding.

    Returns
    -------
    DelayDistribution
        Curve, 95 % bounds and median. Empty arrays and NaN when nothing is usable.

    Raises
    ------
    ValueError
        If the two arrays differ in length or are not one-dimensional.

    Notes
    -----
    Where the curve lies at exactly one half over an interval, the median is the middle
    of that interval, so that without censoring it is the ordinary median. The bounds of
    the median are where the bounds of the curve cross one half.

    References
    ----------
    .. [1] Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete
       observations. J. Am. Stat. Assoc. 53(282), 457-481.
    .. [2] Kalbfleisch, J. D. and Prentice, R. L. (2002). The Statistical Analysis of
       Failure Time Data, 2nd ed., section 1.4 (log-log bounds).
    .. [3] Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median
       survival time. Biometrics 38(1), 29-41.

    Examples
    --------
    >>> found = delay_distribution([20, 30, 40, 50], [False, False, False, True])
    >>> found.median, found.n, found.n_censored
    (35.0, 4, 1)
    >>> [round(float(share), 2) for share in found.survival]
    [0.75, 0.5, 0.25, 0.25]
    """
    lengths, censored = _usable_delays(delays, is_censored)
    if lengths.size == 0:
        none = np.empty(0)
        return DelayDistribution(none, none, none, none, np.nan, np.nan, np.nan, 0, 0)
    curve = stats.ecdf(_censored_data(lengths, censored)).sf
    days = np.asarray(curve.quantiles, dtype=np.float64)
    survival = np.asarray(curve.probabilities, dtype=np.float64)
    low, high = _log_log_bounds(days, survival, lengths, censored)
    return DelayDistribution(
        days=days,
        survival=survival,
        low=low,
        high=high,
        median=_crosses_half(days, survival),
        median_low=_crosses_half(days, low),
        median_high=_crosses_half(days, high),
        n=int(lengths.size),
        n_censored=int(np.count_nonzero(censored)),
    )


def _usable_delays(delays: ArrayLike, is_censored: ArrayLike) -> tuple[FloatArray, BoolArray]:
    lengths = np.asarray(delays, dtype=np.float64)
    censored = np.asarray(is_censored, dtype=np.bool_)
    if lengths.ndim != 1 or lengths.shape != censored.shape:
        raise ValueError(
            f"delays has shape {lengths.shape} and its censoring {censored.shape}; "
            "give two one-dimensional arrays of one length."
        )
    known = np.isfinite(lengths)
    return lengths[known], censored[known]


def _censored_data(lengths: FloatArray, censored: BoolArray) -> stats.CensoredData:
    return stats.CensoredData(uncensored=lengths[~censored], right=lengths[censored])


def _log_log_bounds(
    days: FloatArray, survival: FloatArray, lengths: FloatArray, censored: BoolArray
) -> tuple[FloatArray, FloatArray]:
    # scipy's own confidence_interval issues a Python warning wherever the curve is 0 or
    # 1, that is nearly always, and silencing warnings is not safe between threads.
    ended = np.sort(lengths[~censored])
    at_risk = lengths.size - np.searchsorted(np.sort(lengths), days, side="left")
    events = np.searchsorted(ended, days, side="right") - np.searchsorted(ended, days, side="left")
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
    return _log_log_band(survival, greenwood)


def _log_log_band(survival: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the band of a curve whose logarithm has this variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = special.ndtri(0.5 + CONFIDENCE_LEVEL / 2) * np.sqrt(variance) / np.log(survival)
        low, high = survival ** np.exp(-spread), survival ** np.exp(spread)
    begun, ended_all = survival < 1.0, survival <= 0.0
    low = np.where(begun, np.where(ended_all, np.nan, low), 1.0)
    high = np.where(begun, np.where(ended_all, np.nan, high), 1.0)
    return low, high


def _crosses_half(days: FloatArray, curve: FloatArray) -> float:
    reached = np.flatnonzero(curve <= 0.5 + HALF_TOLERANCE)  # a NaN is never reached
    if reached.size == 0:
        return float("nan")
    first = reached[0]
    below = np.flatnonzero(curve < 0.5 - HALF_TOLERANCE)
    if curve[first] >= 0.5 - HALF_TOLERANCE and below.size:
        return float((days[first] + days[below[0]]) / 2)
    return float(days[first])


def logrank_test(
    delays_a: ArrayLike, censored_a: ArrayLike, delays_b: ArrayLike, censored_b: ArrayLike
) -> tuple[float, float]:
    """Test whether two groups have the same distribution of delays.

    Parameters
    ----------
    delays_a : array_like of float, shape (n,)
        Days to receipt, or days gone so far, of the first group. A missing value
        drops its pair.
    censored_a : array_like of bool, shape (n,)
        Whether a submission of the first group is still outstanding.
    delays_b : array_like of float, shape (m,)
        The same for the second group.
    censored_b : array_like of bool, shape (m,)
        The same for the second group.

    Returns
    -------
    statistic : float
        Chi-square of one degree of freedom, 0 or more. NaN if a group is empty or
        nothing in the two allows a comparison (no receipt while both were waiting).
    p_value : float
        Two-sided, 0 to 1; NaN with the statistic.

    Raises
    ------
    ValueError
        If a group's two arrays differ in length or are not one-dimensional.

    Notes
    -----
    scipy multiplies the counts as 64-bit integers, which is exact up to some hundred
    thousand delays in the two groups together.

    References
    ----------
    .. [1] Mantel, N. (1966). Evaluation of survival data and two new rank order
       statistics arising in its consideration. Cancer Chemother. Rep. 50(3), 163-170.

    Examples
    --------
    >>> chi2, p = logrank_test([10, 12, 14], [False] * 3, [30, 32, 40], [False, False, True])
    >>> round(chi2, 2), round(p, 3)
    (5.05, 0.025)
    """
    first, first_censored = _usable_delays(delays_a, censored_a)
    second, second_censored = _usable_delays(delays_b, censored_b)
    if first.size == 0 or second.size == 0:
        return float("nan"), float("nan")
    if first_censored.all() and second_censored.all():
        return float("nan"), float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        found = stats.logrank(
            _censored_data(first, first_censored), _censored_data(second, second_censored)
        )
    z = float(found.statistic)  # scipy gives the signed root of the usual statistic
    if not np.isfinite(z):
        return float("nan"), float("nan")
    return z**2, float(found.pvalue)


def current_status_distribution(
    inspection_days: ArrayLike, was_there: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the distribution of a delay known only from "there or not" inspections.

    Each inspection of a warehouse or a web page says whether a period was there by
    that day, never on which day it came. The maximum-likelihood distribution is the
    isotonic regression of the answers on the day of inspection.

    Parameters
    ----------
    inspection_days : array_like of float, shape (n,)
        Days from the end of the period to the inspection; one per period inspected.
        A missing value drops its pair.
    was_there : array_like of bool, shape (n,)
        Whether the data was there.

    Returns
    -------
    days : ndarray of float, shape (k,)
        Distinct inspection days, ascending. Empty without data.
    probability : ndarray of float, shape (k,)
        Probability that a delay is at most `days`, 0 to 1, never falling.

    Raises
    ------
    ValueError
        If the arrays differ in length or are not one-dimensional.

    References
    ----------
    .. [1] Groeneboom, P. and Wellner, J. A. (1992). Information Bounds and
       Nonparametric Maximum Likelihood Estimation. Birkhauser, part II, section 1.1.

    Examples
    --------
    >>> days, share = current_status_distribution([30, 30, 60, 90], [False, True, False, True])
    >>> [float(day) for day in days]
    [30.0, 60.0, 90.0]
    >>> [round(float(value), 3) for value in share]
    [0.333, 0.333, 1.0]
    """
    inspected, there = _usable_delays(inspection_days, was_there)
    if inspected.size == 0:
        return np.empty(0), np.empty(0)
    days, position, counts = np.unique(inspected, return_inverse=True, return_counts=True)
    seen = np.bincount(position, weights=there.astype(np.float64))
    fit = optimize.isotonic_regression(seen / counts, weights=counts.astype(np.float64))
    return days, np.clip(np.asarray(fit.x, dtype=np.float64), 0.0, 1.0)


@dataclass(frozen=True)
class Trend:
    """Hold a robust straight-line trend and the test of whether there is one.

    Attributes
    ----------
    slope : float
        Theil-Sen slope, unit of the values per period.
    low, high : float
        95 % bounds of `slope`.
    tau : float
        Kendall's tau-b between value and time (Mann-Kendall), -1 to 1.
    p_value : float
        Two-sided probability of such a tau without a trend, 0 to 1.
    n : int
        Values used.
    """

    slope: float
    low: float
    high: float
    tau: float
    p_value: float
    n: int


def trend(values: ArrayLike) -> Trend:
    """Return the Theil-Sen slope and Mann-Kendall test of a series.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per period, in order. A missing value keeps its place in time and
        takes no part.

    Returns
    -------
    Trend
        All NaN (but `n`) with fewer than three values, or when all are the same: an
        unchanging series gives no ground for a test.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on
       Kendall's tau. J. Am. Stat. Assoc. 63(324), 1379-1389.
    .. [2] Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3),
       245-259.

    Examples
    --------
    >>> found = trend([50.0, 48.0, None, 44.0, 42.0])
    >>> found.slope, found.tau, found.n
    (-2.0, -1.0, 4)
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"values has shape {series.shape}; give one series at a time.")
    period = np.flatnonzero(np.isfinite(series)).astype(np.float64)
    known = series[np.isfinite(series)]
    if known.size < SMALLEST_TREND or np.all(known == known[0]):
        nan = float("nan")
        return Trend(nan, nan, nan, nan, nan, int(known.size))
    line = stats.theilslopes(known, period, alpha=CONFIDENCE_LEVEL)
    test = stats.kendalltau(period, known)
    return Trend(
        slope=float(line.slope),
        low=float(line.low_slope),
        high=float(line.high_slope),
        tau=float(test.statistic),
        p_value=float(test.pvalue),
        n=int(known.size),
    )


def adjust_p_values(p: ArrayLike) -> FloatArray:
    """Adjust p-values for their number, by the false discovery rate.

    Parameters
    ----------
    p : array_like of float, shape (...)
        P-values of one family of tests, such as one per member, 0 to 1. NaN is "no
        test": it stays NaN and does not count.

    Returns
    -------
    ndarray of float, shape (...)
        Adjusted p-values, 0 to 1, none below its own p-value.

    Raises
    ------
    ValueError
        If a p-value is outside 0 to 1.

    References
    ----------
    .. [1] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate.
       J. R. Stat. Soc. B 57(1), 289-300.

    Examples
    --------
    >>> [round(float(value), 3) for value in adjust_p_values([0.01, float("nan"), 0.04])]
    [0.02, nan, 0.04]
    """
    raw = np.asarray(p, dtype=np.float64)
    tested = ~np.isnan(raw)
    if np.any((raw[tested] < 0) | (raw[tested] > 1)):
        raise ValueError("a p-value is outside 0 to 1; give probabilities, NaN for no test.")
    adjusted = np.full(raw.shape, np.nan)
    if tested.any():
        adjusted[tested] = stats.false_discovery_control(raw[tested])
    return adjusted
