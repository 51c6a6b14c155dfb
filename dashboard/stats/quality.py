"""Score the quality of submitted data: goalposts, outliers, mirrors and revisions.

It must not decide what is a rule, a goalpost or a weight: the framework declares those.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NORMAL_QUARTILE = 0.6745
"""Upper quartile of the normal distribution, which makes a MAD a standard deviation."""

NORMAL_MEAN_DEVIATION = 1.2533
"""Root of pi/2, which makes a mean absolute deviation a standard deviation."""

OUTLIER_THRESHOLD = 3.5
"""Size of a modified z from which a value is an outlier (Iglewicz & Hoaglin 1993)."""

FLAT_STEP_SHARE = 0.1
"""Departure from the level of a flat series that is a spike, as a share of that level."""

FLAT_STEP_LOG = float(np.log1p(FLAT_STEP_SHARE))
"""The same departure, on the scale of logarithms."""

SPIKE_Z = 10.0
"""Least modified z given to a spike in a flat series; no unit."""

ROUNDING = 1e-9
"""Relative difference below which two values of a series are the same."""

SMALLEST_SEASON = 3
"""Fewest values of one calendar position from which its seasonal factor is estimated."""

CIF_FOB_MARGIN = 0.06
"""Freight and insurance in an import value, as a share of its export value (IMF)."""


def goalpost_score(value: ArrayLike, worst: ArrayLike, best: ArrayLike) -> FloatArray:
    """Return a 0 to 100 score by fixed goalposts.

    Parameters
    ----------
    value : array_like of float, shape (...)
        Measured values, any unit.
    worst, best : array_like of float, shape (...)
        Values that score 0 and 100, unit of `value`; broadcast with it. `worst` is the
        larger one where less is better.

    Returns
    -------
    ndarray of float, shape (...)
        Score, 0 to 100; values beyond a goalpost get that goalpost's score. NaN where
        the value is missing.

    Raises
    ------
    ValueError
        If `worst` equals `best` or a goalpost is not finite.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       section 5.4 (distance to a reference).

    Examples
    --------
    >>> [float(score) for score in goalpost_score([0.5, 0.75, 1.0], 0.5, 1.0)]
    [0.0, 50.0, 100.0]
    >>> float(goalpost_score(60.0, 90.0, 30.0))
    50.0
    """
    zero = np.asarray(worst, dtype=np.float64)
    full = np.asarray(best, dtype=np.float64)
    if not (np.isfinite(zero).all() and np.isfinite(full).all()):
        raise ValueError("a goalpost is not a finite number; give both in the framework.")
    if np.any(zero == full):
        raise ValueError("worst equals best; give two different goalposts in the framework.")
    measured = np.asarray(value, dtype=np.float64)
    with np.errstate(over="ignore"):  # whatever is that far beyond a goalpost is clipped
        score = np.clip(100.0 * ((measured - zero) / (full - zero)), 0.0, 100.0)
    return score + 0.0  # no minus zero on a screen


def overall_score(scores: ArrayLike, weights: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean of the dimensions that could be computed.

    A dimension without a score is left out and its weight goes to the others in
    proportion; the second result says how much of the weight was there.

    Parameters
    ----------
    scores : array_like of float, shape (n, d)
        One row per member and period, one column per dimension, 0 to 100. NaN where
        the dimension cannot be computed.
    weights : array_like of float, shape (d,)
        Weights of the dimensions, 0 or more, any scale.

    Returns
    -------
    score : ndarray of float, shape (n,)
        Weighted mean, 0 to 100. NaN where no weighted dimension has a score.
    weight_used : ndarray of float, shape (n,)
        Share of the weight whose dimensions have a score, 0 to 1.

    Raises
    ------
    ValueError
        If `scores` is not a table, the weights do not match its columns, or a weight
        is negative or missing, or all are 0.

    Examples
    --------
    >>> score, used = overall_score([[80.0, 60.0], [80.0, float("nan")]], [3.0, 1.0])
    >>> [float(value) for value in score], [float(value) for value in used]
    ([75.0, 80.0], [1.0, 0.75])
    """
    table = np.asarray(scores, dtype=np.float64)
    weight = np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or weight.shape != table.shape[1:]:
        raise ValueError(
            f"scores has shape {table.shape} and weights {weight.shape}; "
            "give one column of scores and one weight per dimension."
        )
    if not np.all(weight >= 0) or not np.isfinite(weight).all() or weight.sum() <= 0:
        raise ValueError(
            f"weights={weight.tolist()!r}; give finite weights of 0 or more, one above 0."
        )
    known = ~np.isnan(table)
    available = known @ weight
    total = np.where(known, table, 0.0) @ weight
    has_score = available > 0
    score = np.where(has_score, total / np.where(has_score, available, 1.0), np.nan)
    return score, available / weight.sum()


def modified_z(values: ArrayLike, *, flat_step: float | None = None) -> FloatArray:
    """Return how far each value lies from the median, in robust standard deviations.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Values of one series, any unit. Missing values stay missing and do not count.
    flat_step : float, optional
        Departure from the median that is a spike when more than half of the values
        are the same, unit of `values`. By default a tenth of the median's size.

    Returns
    -------
    ndarray of float, shape (n,)
        Modified z, signed; 0 for all values of a series without variation. NaN where
        the value is missing.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional.

    Notes
    -----
    1. ``0.6745 (x - median) / MAD``.
    2. If the MAD is 0, more than half of the values are the same. Then
       ``(x - median) / (1.2533 mean absolute deviation)``.
    3. In such a flat series several spikes, or one in a very short series, inflate
       that mean deviation and hide themselves. So a value that leaves the level by
       more than `flat_step` has a z of at least 10 in size.

    Differences at the size of floating-point rounding count as none.

    References
    ----------
    .. [1] Iglewicz, B. and Hoaglin, D. C. (1993). How to Detect and Handle Outliers.
       ASQC Quality Press.

    Examples
    --------
    >>> [round(float(z), 2) for z in modified_z([10.0, 11.0, 12.0, 13.0, 30.0])]
    [-1.35, -0.67, 0.0, 0.67, 12.14]
    >>> [round(float(z), 2) for z in modified_z([5.0, 5.0, 9.0])]
    [0.0, 0.0, 10.0]
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"values has shape {series.shape}; give one series at a time.")
    return _modified_z(series, flat_step, rounding=ROUNDING * np.abs(series))


def _modified_z(
    series: FloatArray, flat_step: float | None, rounding: float | FloatArray
) -> FloatArray:
    present = np.isfinite(series)
    z = np.full(series.shape, np.nan)
    if not present.any():
        return z
    known = series[present]
    median = float(np.median(known))
    slack = np.maximum(np.broadcast_to(rounding, series.shape)[present], ROUNDING * abs(median))
    departure = known - median
    departure = np.where(np.abs(departure) <= slack, 0.0, departure)
    step = FLAT_STEP_SHARE * abs(median) if flat_step is None else flat_step
    z[present] = _scaled(departure, step)
    return z


def _scaled(departure: FloatArray, step: float) -> FloatArray:
    size = np.abs(departure)
    mad = float(np.median(size))
    if mad > 0:
        with np.errstate(over="ignore"):  # a spike over a tiny MAD is infinitely far
            return NORMAL_QUARTILE * (departure / mad)
    mean_deviation = float(np.mean(size))
    if mean_deviation == 0:
        return np.zeros_like(departure)
    z = departure / mean_deviation / NORMAL_MEAN_DEVIATION
    spike = np.copysign(np.maximum(np.abs(z), SPIKE_Z), departure)
    return np.where(size > step, spike, z)


def seasonal_adjust(values: ArrayLike, period: int = 12) -> FloatArray:
    """Take the season out of a series of positive values.

    The seasonal factor of a calendar position is the median, over the years, of the
    logarithm's distance from a running median one season long: neither a single spike
    nor growth moves it. Where every position has one, the factors multiply to 1 over a
    season.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per period, in order, above 0. A value that is missing, 0 or
        negative has no logarithm: it is NaN in the result and does not count.
    period : int, default 12
        Periods in a season: 12 for months of a year, 1 for no season.

    Returns
    -------
    ndarray of float, shape (n,)
        Values divided by their seasonal factor, unit of `values`. A calendar position
        with fewer than three values gets the factor 1, so a series of two years is
        returned as it is.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional or `period` is below 1.

    Examples
    --------
    >>> months = [100.0, 400.0] * 4
    >>> [round(float(value), 6) for value in seasonal_adjust(months, period=2)[:4]]
    [200.0, 200.0, 200.0, 200.0]
    """
    logs = _logarithms(values)
    return np.exp(logs - _seasonal_logs(logs, period))


def _logarithms(values: ArrayLike) -> FloatArray:
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"values has shape {series.shape}; give one series at a time.")
    positive = np.isfinite(series) & (series > 0)
    return np.where(positive, np.log(np.where(positive, series, 1.0)), np.nan)


def _seasonal_logs(logs: FloatArray, period: int) -> FloatArray:
    if period < 1:
        raise ValueError(f"period={period!r} is below 1; give the periods in a season.")
    if period == 1 or logs.size < SMALLEST_SEASON * period - (period - 1):
        return np.zeros(logs.size)
    distance = logs - _running_median(logs, period)
    factors = np.full(period, np.nan)
    for position in range(period):
        known = distance[position::period]
        known = known[np.isfinite(known)]
        if known.size >= SMALLEST_SEASON:
            factors[position] = np.median(known)
    estimated = np.isfinite(factors)
    if estimated.all():  # the mean of some positions only is not the level of the year
        factors -= factors.mean()
    factors[~estimated] = 0.0
    return factors[np.arange(logs.size) % period]


def _running_median(logs: FloatArray, period: int) -> FloatArray:
    # Every window is one whole season, so the season itself cannot tilt it; at both ends
    # the nearest whole window stands in.
    windows = sliding_window_view(logs, period)
    level = np.full(windows.shape[0], np.nan)
    filled = np.isfinite(windows).any(axis=1)  # nanmedian warns of an empty window
    if filled.any():
        level[filled] = np.nanmedian(windows[filled], axis=1)
    nearest = np.clip(np.arange(logs.size) - period // 2, 0, level.size - 1)
    return level[nearest]


@dataclass(frozen=True)
class OutlierScores:
    """Hold which values of a series are outliers and what each does to the total.

    Attributes
    ----------
    z : ndarray of float, shape (n,)
        Modified z of the seasonally adjusted logarithm. NaN where it has none.
    is_outlier : ndarray of bool, shape (n,)
        Whether `z` is beyond the threshold; False where `z` is NaN.
    expected : ndarray of float, shape (n,)
        The series' median level with its season put back, unit of the values. NaN
        where no value is usable.
    effect : ndarray of float, shape (n,)
        Value less `expected`: what the value adds to the total. Rank by its size.
    """

    z: FloatArray
    is_outlier: BoolArray
    expected: FloatArray
    effect: FloatArray


def outlier_scores(
    values: ArrayLike, period: int = 12, threshold: float = OUTLIER_THRESHOLD
) -> OutlierScores:
    """Find the outliers of a seasonal series of positive values.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per period, in order. A value that is missing, 0 or negative is not
        scored: gaps belong to completeness, not to outliers.
    period : int, default 12
        Periods in a season; 1 for none.
    threshold : float, default 3.5
        Size of the modified z from which a value is an outlier.

    Returns
    -------
    OutlierScores
        Score, verdict, expected value and effect per value.

    Raises
    ------
    ValueError
        If `values` is not one-dimensional, or `period` or `threshold` is not positive.

    Notes
    -----
    The z is `modified_z` of the logarithms less their seasonal factor; in a flat series
    a departure of more than a tenth is a spike.

    References
    ----------
    .. [1] Iglewicz, B. and Hoaglin, D. C. (1993). How to Detect and Handle Outliers.
       ASQC Quality Press.

    Examples
    --------
    >>> found = outlier_scores([100.0, 110.0, 90.0, 105.0, 1000.0, 95.0], period=1)
    >>> found.is_outlier.tolist()
    [False, False, False, False, True, False]
    >>> round(float(found.effect[4]), 1)
    897.5
    """
    if not threshold > 0:
        raise ValueError(f"threshold={threshold!r} is not above 0; give one such as 3.5.")
    logs = _logarithms(values)
    season = _seasonal_logs(logs, period)
    adjusted = logs - season
    # A relative difference of values is an absolute one of their logarithms.
    z = _modified_z(adjusted, FLAT_STEP_LOG, rounding=ROUNDING)
    known = adjusted[np.isfinite(adjusted)]
    level = float(np.median(known)) if known.size else float("nan")
    expected = np.exp(level + season)
    return OutlierScores(
        z=z,
        is_outlier=np.abs(z) > threshold,
        expected=expected,
        effect=np.where(np.isfinite(z), np.exp(logs) - expected, np.nan),
    )


def mirror_asymmetry(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float = CIF_FOB_MARGIN
) -> FloatArray:
    """Return the disagreement of the two records of one trade.

    With M the import value and c the margin, ``CC2 = |X - M/(1+c)| / ((X + M/(1+c))/2)``.

    Parameters
    ----------
    exports : array_like of float, shape (...)
        Value by the exporting side, FOB, US dollars, 0 or more.
    imports_cif : array_like of float, shape (...)
        Value of the same trade by the importing side, CIF, US dollars, 0 or more;
        broadcast with `exports`.
    margin : float, default 0.06
        CIF/FOB margin as a share of the FOB value, 0 or more.

    Returns
    -------
    ndarray of float, shape (...)
        CC2, 0 (the records agree) to 2 (one side has nothing). NaN where either is
        missing, since nothing is matched, or both are 0.

    Raises
    ------
    ValueError
        If a value or the margin is negative.

    References
    ----------
    .. [1] UNECE (2019). Guide on Data Exchange and Asymmetries; the index of relative
       asymmetry of the Eurostat Quality Report on European statistics on
       international trade in goods.

    Examples
    --------
    >>> [round(float(gap), 4) for gap in mirror_asymmetry([100.0, 100.0, 0.0], [106.0, 318.0, 5.3])]
    [0.0, 1.0, 2.0]
    """
    fob, mirrored = _matched(exports, imports_cif, margin)
    middle = (fob + mirrored) / 2
    traded = middle > 0
    gap = np.abs(fob - mirrored) / np.where(traded, middle, 1.0)
    return np.where(traded, gap, np.nan)


def weighted_mirror_asymmetry(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float = CIF_FOB_MARGIN
) -> float:
    """Return the value-weighted mean of `mirror_asymmetry` over matched cells.

    A cell's weight is the mean of its two FOB values, so that the result is the sum of
    the gaps over the sum of the means.

    Parameters
    ----------
    exports, imports_cif : array_like of float, shape (...)
        Values as for `mirror_asymmetry`, US dollars. A cell missing on either side is
        not matched and left out.
    margin : float, default 0.06
        CIF/FOB margin as a share of the FOB value, 0 or more.

    Returns
    -------
    float
        CC2 of the whole, 0 to 2. NaN when no cell is matched or all are 0.

    Raises
    ------
    ValueError
        If a value or the margin is negative.

    Examples
    --------
    >>> round(weighted_mirror_asymmetry([100.0, 300.0], [106.0, 106.0]), 4)
    0.6667
    """
    fob, mirrored = _matched(exports, imports_cif, margin)
    matched = np.isfinite(fob) & np.isfinite(mirrored)
    middle = float(np.sum((fob + mirrored)[matched])) / 2
    if middle <= 0:
        return float("nan")
    return float(np.sum(np.abs(fob - mirrored)[matched])) / middle


def _matched(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float
) -> tuple[FloatArray, FloatArray]:
    if not margin >= 0:
        raise ValueError(f"margin={margin!r} is not 0 or more; give a share such as 0.06.")
    fob, cif = np.broadcast_arrays(
        np.asarray(exports, dtype=np.float64), np.asarray(imports_cif, dtype=np.float64)
    )
    if np.any(fob < 0) or np.any(cif < 0):
        raise ValueError("a trade value is negative; give values of 0 or more.")
    return fob, cif / (1 + margin)


def revision_size(first: ArrayLike, later: ArrayLike) -> tuple[float, float]:
    """Return how much figures moved between their first and a later release.

    Parameters
    ----------
    first : array_like of float, shape (n,)
        Figures as first received, any unit.
    later : array_like of float, shape (n,)
        The same figures as they stand later. A pair with a missing side is left out.

    Returns
    -------
    mean_absolute_revision : float
        Mean of ``|later - first|``, unit of the figures. NaN without a pair.
    rmar : float
        Relative mean absolute revision, ``sum |later - first| / sum |later|``, 0 or
        more. NaN without a pair or when all later figures are 0.

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    References
    ----------
    .. [1] Eurostat (2014). ESS Guidelines for the Implementation of the ESS Quality
       and Performance Indicators, indicator A6 (data revision, average size).

    Examples
    --------
    >>> mean, relative = revision_size([90.0, 200.0], [100.0, 190.0])
    >>> mean, round(relative, 4)
    (10.0, 0.069)
    """
    before = np.asarray(first, dtype=np.float64)
    after = np.asarray(later, dtype=np.float64)
    if before.shape != after.shape:
        raise ValueError(
            f"first has shape {before.shape} and later {after.shape}; give matching figures."
        )
    paired = np.isfinite(before) & np.isfinite(after)
    if not paired.any():
        return float("nan"), float("nan")
    moved = np.abs(after[paired] - before[paired])
    total = float(np.abs(after[paired]).sum())
    return float(moved.mean()), float(moved.sum()) / total if total > 0 else float("nan")
