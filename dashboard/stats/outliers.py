"""Judge many series at once: what each value should have been, and how far off it is.

Arrays in, arrays out; one row is one series. It must not decide what becomes of an outlier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NORMAL_QUARTILE: Final = 0.6745
"""Upper quartile of the normal distribution, which makes a MAD a standard deviation."""

NORMAL_MEAN_DEVIATION: Final = 1.2533
"""Root of pi/2, which makes a mean absolute deviation a standard deviation."""

OUTLIER_THRESHOLD: Final = 3.5
"""Size of a modified z from which a value is an outlier (Iglewicz & Hoaglin 1993)."""

FLAT_STEP_SHARE: Final = 0.1
"""Departure from the level of a flat series that is a spike, as a share of that level."""

FLAT_STEP_LOG: Final = float(np.log1p(FLAT_STEP_SHARE))
"""The same departure, on the scale of logarithms."""

SPIKE_Z: Final = 10.0
"""Least modified z given to a spike in a flat series; no unit."""

ROUNDING: Final = 1e-9
"""Relative difference below which two values of a series are the same."""

SMALLEST_SEASON: Final = 3
"""Fewest values of one calendar position from which its seasonal factor is estimated."""

UNJUDGED: Final = 0
BY_MAD: Final = 1
BY_MEAN_DEVIATION: Final = 2
BY_RULE: Final = 3
METHODS: Final = ("unjudged", "mad", "mean_deviation", "rule")
"""Names of the ways in which a value was judged, by their number."""

SERIES_AT_ONCE: Final = 2_000
"""Series whose windows are held in memory together: some 30 MB for ten years of months."""


@dataclass(frozen=True)
class SeriesKind:
    """How series of a frequency are judged: see `panel_scores`."""

    season: int
    window: int
    fewest: int


SERIES: Final[Mapping[str, SeriesKind]] = {
    "M": SeriesKind(season=12, window=12, fewest=12),
    "A": SeriesKind(season=1, window=7, fewest=7),
}
"""Frequency to how its series are judged. A level needs a year of months; of years, seven are the
fewest in which three bad ones are not the median."""


@dataclass(frozen=True)
class PanelScores:
    """What became of the values of many series.

    Attributes
    ----------
    expected : ndarray of float, shape (s, n)
        Level times season, unit of the values. NaN where the series is not judged or
        nothing is known around the period.
    z : ndarray of float, shape (s, n)
        Modified z. NaN where the value is missing, 0 or negative, or not judged.
    method : ndarray of int8, shape (s, n)
        Index into ``METHODS``: by what the value was judged.
    is_outlier : ndarray of bool, shape (s, n)
        Beyond the threshold, or a sudden zero.
    band : ndarray of float, shape (s,)
        Factor by which a value may leave `expected` either way before it is an
        outlier, above 1. NaN where the series is not judged.
    points : ndarray of int, shape (s,)
        Values above 0 in the series.
    """

    expected: FloatArray
    z: FloatArray
    method: NDArray[np.int8]
    is_outlier: BoolArray
    band: FloatArray
    points: NDArray[np.int64]


def panel_scores(
    values: ArrayLike,
    *,
    season: int,
    window: int,
    fewest: int,
    threshold: float = OUTLIER_THRESHOLD,
) -> PanelScores:
    """Judge every value of many series against its own past and future.

    Parameters
    ----------
    values : array_like of float, shape (s, n)
        One series a row, one period a column, in order. NaN: nothing was reported.
        0: it was reported that there was nothing.
    season : int
        Periods in a season; 1 for none.
    window : int
        Periods of the running median that is the level; a whole season or more.
    fewest : int
        Values above 0 that a series needs to be judged at all, and how many
        reported values without a break make a 0 after them a sudden one.
    threshold : float, default 3.5
        Size of the modified z from which a value is an outlier.

    Returns
    -------
    PanelScores
        Of the same shape.

    Raises
    ------
    ValueError
        If `values` is no table, or a parameter is not positive.

    Notes
    -----
    With x the logarithm less level and season, ``z = 0.6745 (x - median) / MAD`` over the
    series. The level is a running median (at both ends the nearest whole window), so
    growth and lasting steps are not outliers; the seasonal factor of a position is the
    median distance from it (see ``quality.seasonal_adjust``). If the MAD is 0, the mean
    absolute deviation times 1.2533 takes its place, and a departure of more than a tenth
    is a spike by rule. A 0 has no logarithm: it is an outlier by rule where the `fewest`
    reported values just before it were all above 0.

    References
    ----------
    .. [1] Iglewicz, B. and Hoaglin, D. C. (1993). How to Detect and Handle Outliers.
       ASQC Quality Press.

    Examples
    --------
    >>> found = panel_scores([[5.0, 5.0, 5.0, 50.0, 5.0, 5.0]], season=1, window=3, fewest=3)
    >>> found.is_outlier[0].tolist()
    [False, False, False, True, False, False]
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"values has shape {table.shape}; give one series a row.")
    if not (season >= 1 and window >= season and fewest >= 1 and threshold > 0):
        raise ValueError(
            f"season={season!r}, window={window!r}, fewest={fewest!r}, threshold={threshold!r}; "
            "all must be positive, and a window no shorter than a season."
        )
    parts = [
        _judged(table[start : start + SERIES_AT_ONCE], season, window, fewest, threshold)
        for start in range(0, max(len(table), 1), SERIES_AT_ONCE)
    ]
    return PanelScores(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _judged(
    table: FloatArray, season: int, window: int, fewest: int, threshold: float
) -> tuple[NDArray[np.generic], ...]:
    is_positive = np.isfinite(table) & (table > 0)
    logs = np.where(is_positive, np.log(np.where(is_positive, table, 1.0)), np.nan)
    points = is_positive.sum(axis=1)
    level = _running_median(logs, window)
    factors = _seasonal_factors(logs - level, season)
    rest = logs - level - factors
    z, method, spread, centre = _scaled(rest)
    is_judged = points >= fewest
    is_sudden = is_judged[:, None] & (table == 0) & np.isfinite(level) & _follows(table, fewest)
    method = np.where(is_sudden, BY_RULE, np.where(is_judged[:, None], method, UNJUDGED))
    z[~is_judged] = np.nan
    expected = np.exp(level + factors + centre[:, None])
    expected[~is_judged] = np.nan
    with np.errstate(over="ignore"):  # a series that jumps about has no upper bound
        band = np.where(is_judged, np.exp(threshold * spread), np.nan)
    return (
        expected,
        z,
        method.astype(np.int8),
        (np.abs(z) > threshold) | is_sudden,
        band,
        points,
    )


def nan_median(table: FloatArray) -> FloatArray:
    """Return the median along the last axis of what is known.

    Parameters
    ----------
    table : ndarray of float, shape (..., n)
        NaN does not count.

    Returns
    -------
    ndarray of float, shape (...)
        NaN where nothing is known.
    """
    if table.shape[-1] == 0:
        return np.full(table.shape[:-1], np.nan)
    ordered = np.sort(table, axis=-1)  # NaN last
    known = np.isfinite(table).sum(axis=-1)
    low = np.maximum(known - 1, 0) // 2
    pick = np.stack([low, np.maximum(known // 2, low)], axis=-1)
    return np.asarray(np.take_along_axis(ordered, pick, axis=-1).mean(axis=-1))


def _running_median(logs: FloatArray, window: int) -> FloatArray:
    periods = logs.shape[1]
    window = min(window, periods)
    if window == 0:
        return logs
    level = nan_median(sliding_window_view(logs, window, axis=1))
    nearest = np.clip(np.arange(periods) - window // 2, 0, level.shape[1] - 1)
    return level[:, nearest]


def _seasonal_factors(distance: FloatArray, season: int) -> FloatArray:
    series, periods = distance.shape
    if season == 1 or periods < SMALLEST_SEASON * season - (season - 1):
        return np.zeros(distance.shape)
    years = -(-periods // season)
    padded = np.full((series, years * season), np.nan)
    padded[:, :periods] = distance
    by_position = padded.reshape(series, years, season).swapaxes(1, 2)
    factors = nan_median(by_position)
    factors[np.isfinite(by_position).sum(axis=2) < SMALLEST_SEASON] = np.nan
    is_whole = np.isfinite(factors).all(axis=1)
    # The mean of some positions only is not the level of the year.
    factors[is_whole] -= factors[is_whole].mean(axis=1, keepdims=True)
    return np.nan_to_num(factors)[:, np.arange(periods) % season]


def _scaled(rest: FloatArray) -> tuple[FloatArray, NDArray[np.int8], FloatArray, FloatArray]:
    """Return z, how each value was judged, one unit of z in logarithms, and the median."""
    is_known = np.isfinite(rest)
    centre = nan_median(rest)
    departure = rest - centre[:, None]
    departure[np.abs(departure) <= ROUNDING] = 0.0
    size = np.abs(departure)
    mad = nan_median(size)[:, None]
    count = np.maximum(is_known.sum(axis=1, keepdims=True), 1)
    mean = np.where(is_known, size, 0.0).sum(axis=1, keepdims=True) / count
    has_mad, has_mean = mad > 0, mean > 0
    spread = np.where(has_mad, mad / NORMAL_QUARTILE, NORMAL_MEAN_DEVIATION * mean)
    with np.errstate(over="ignore"):  # a spike over a tiny MAD is infinitely far
        z = departure / np.where(spread > 0, spread, 1.0)
    is_spike = ~has_mad & has_mean & (size > FLAT_STEP_LOG)
    raised = is_spike & (np.abs(z) < SPIKE_Z)
    z = np.where(raised, np.copysign(SPIKE_Z, departure), z)
    method = np.where(raised, BY_RULE, np.where(has_mad, BY_MAD, BY_MEAN_DEVIATION))
    method = np.where(is_known, method, UNJUDGED).astype(np.int8)
    # In a flat series the rule's step is the bound.
    unit = np.where(has_mad, spread, FLAT_STEP_LOG / OUTLIER_THRESHOLD)[:, 0]
    return z, method, unit, centre


def _follows(table: FloatArray, fewest: int) -> BoolArray:
    """Tell before which values the last `fewest` reported ones were all above 0."""
    run = np.zeros(len(table), dtype=np.int64)
    follows = np.zeros(table.shape, dtype=bool)
    for period in range(table.shape[1]):
        follows[:, period] = run >= fewest
        value = table[:, period]
        run = np.where(np.isnan(value), run, np.where(value > 0, run + 1, 0))
    return follows
