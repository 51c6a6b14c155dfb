"""Forecast where a key result will be at its deadline, and test such forecasts on its own past.

It must not know a day or a key result: values are rows of month ends, horizons are months.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WINDOW: Final = 12
"""Months whose pace is taken to go on: older ones say little about the pace now."""

FEWEST_STEPS: Final = 6
"""Fewest monthly steps that a forecast is made from."""

LEVEL: Final = 0.95
"""Share of intervals that are to hold what comes."""

FEWEST_JUDGED: Final = 100
"""Fewest past forecasts, judged by then, from which intervals are widened."""


ROUNDING: Final = 1e-7
"""Spread, relative to the values, that counts as none: the root of what a sum of squares loses."""


class Forecast(NamedTuple):
    """Forecasts: centre and standard error in the unit of the values, freedom of Student's t."""

    centre: FloatArray
    spread: FloatArray
    freedom: FloatArray


class Trials(NamedTuple):
    """Forecasts of months gone by, one per entry: places in the series, and what happened."""

    series: IntArray
    origin: IntArray
    horizon: IntArray
    forecast: Forecast
    actual: FloatArray


def drift_forecast(values: ArrayLike, horizons: ArrayLike, *, window: int = WINDOW) -> Forecast:
    """Forecast series as random walks with drift, from each of their months.

    The step of a month is its drift, the mean of the last `window` steps, and an error with the
    variance of all steps so far; the error of the drift itself grows with the horizon.

    Parameters
    ----------
    values : array_like of float, shape (n, t)
        Month-end values, one series a row. Missing (NaN) before the first value; a later gap
        counts as no change.
    horizons : array_like of int, shape (k,)
        Months ahead, 1 or more.
    window : int, default 12
        Months of the drift.

    Returns
    -------
    Forecast
        Arrays of shape (n, t, k), of the values known in that month alone; NaN with fewer than
        six steps.

    References
    ----------
    .. [1] Hyndman, R. J. and Athanasopoulos, G. (2021). Forecasting: Principles and Practice,
       3rd ed., sections 5.2 and 5.5 (drift method and its standard error).

    Examples
    --------
    >>> found = drift_forecast([[0, 1, 3, 4, 6, 7, 9]], [4])
    >>> float(found.centre[0, -1, 0]), round(float(found.spread[0, -1, 0]), 3)
    (15.0, 1.414)
    """
    known = _filled(values)
    ahead = np.asarray(horizons, dtype=np.float64)
    steps = np.diff(known, axis=1, prepend=np.nan)
    has_step = np.isfinite(steps)
    count = has_step.cumsum(axis=1).astype(np.float64)
    recent = np.minimum(count, window)
    months = np.arange(known.shape[1])
    back = np.maximum(months - recent.astype(np.int64), 0)
    pace_over = np.maximum(recent, 1)
    drift = (known - np.take_along_axis(known, back, axis=1)) / pace_over
    clean = np.where(has_step, steps, 0.0)
    sums, squares = clean.cumsum(axis=1), (clean**2).cumsum(axis=1)
    variance = (squares - sums**2 / np.maximum(count, 1)) / np.maximum(count - 1, 1)
    variance = np.maximum(variance, 0.0)[..., None]
    centre = known[..., None] + drift[..., None] * ahead
    spread = np.sqrt(variance * (ahead + ahead**2 / pace_over[..., None]))
    enough = (count >= FEWEST_STEPS)[..., None]
    freedom = np.broadcast_to((recent - 1)[..., None], centre.shape)
    return Forecast(*(np.where(enough, one, np.nan) for one in (centre, spread, freedom)))


def line_forecast(values: ArrayLike, horizons: ArrayLike, *, window: int = WINDOW) -> Forecast:
    """Forecast series by a straight line through their last months, from each month.

    It takes the errors around the line for independent, which month-end values are not: it is
    here to be compared with.

    Parameters
    ----------
    values : array_like of float, shape (n, t)
        As of :func:`drift_forecast`.
    horizons : array_like of int, shape (k,)
        Months ahead.
    window : int, default 12
        Months that the line goes through.

    Returns
    -------
    Forecast
        Arrays of shape (n, t, k); NaN with fewer than six steps.

    References
    ----------
    .. [1] Kutner, M. H., Nachtsheim, C. J., Neter, J. and Li, W. (2005). Applied Linear
       Statistical Models, 5th ed., equations 2.36 to 2.38.

    Examples
    --------
    >>> found = line_forecast([[0, 1, 2, 3, 4, 5, 6]], [4])
    >>> round(float(found.centre[0, -1, 0]), 6), round(float(found.spread[0, -1, 0]), 6)
    (10.0, 0.0)
    """
    known = _filled(values)
    ahead = np.asarray(horizons, dtype=np.float64)
    padding = np.full((known.shape[0], window - 1), np.nan)
    y = sliding_window_view(np.hstack([padding, known]), window, axis=1)
    is_known = np.isfinite(y)
    x = np.arange(1 - window, 1, dtype=np.float64)
    count = is_known.sum(axis=2).astype(np.float64)
    least = np.maximum(count, 1)
    x_mean = (is_known * x).sum(axis=2) / least
    y_mean = np.where(is_known, y, 0.0).sum(axis=2) / least
    centred = np.where(is_known, x - x_mean[..., None], 0.0)
    rest = np.where(is_known, y - y_mean[..., None], 0.0)
    width = (centred**2).sum(axis=2)
    slope = (centred * rest).sum(axis=2) / np.where(width > 0, width, 1.0)
    scatter = ((rest - slope[..., None] * centred) ** 2).sum(axis=2) / np.maximum(count - 2, 1)
    distance = ahead - x_mean[..., None]
    centre = y_mean[..., None] + slope[..., None] * distance
    grows = 1 + 1 / least[..., None] + distance**2 / np.where(width > 0, width, 1.0)[..., None]
    spread = np.sqrt(scatter[..., None] * grows)
    enough = (count > FEWEST_STEPS)[..., None]
    freedom = np.broadcast_to((count - 2)[..., None], centre.shape)
    return Forecast(*(np.where(enough, one, np.nan) for one in (centre, spread, freedom)))


def _filled(values: ArrayLike) -> FloatArray:
    """Carry the last value on over a gap; before the first one nothing is known."""
    known = np.array(values, dtype=np.float64, ndmin=2)
    place = np.where(np.isfinite(known), np.arange(known.shape[1]), 0)
    np.maximum.accumulate(place, axis=1, out=place)
    return np.take_along_axis(known, place, axis=1)


def interval(
    forecast: Forecast, *, widening: float = 1.0, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of forecasts.

    Parameters
    ----------
    forecast : Forecast
        Of any shape.
    widening : float, default 1
        Factor of the half-width, as of :func:`widening`.
    level : float, default 0.95
        Coverage if the model held and the factor were 1.

    Returns
    -------
    low, high : ndarray of float
        Bounds in the unit of the values; NaN where there is no forecast.

    Examples
    --------
    >>> one = Forecast(np.array([10.0]), np.array([1.0]), np.array([11.0]))
    >>> [round(float(bound[0]), 2) for bound in interval(one)]
    [7.8, 12.2]
    """
    half = special.stdtrit(forecast.freedom, 0.5 + level / 2) * forecast.spread * widening
    return forecast.centre - half, forecast.centre + half


def chance_of(
    forecast: Forecast, target: ArrayLike, is_higher: ArrayLike, *, widening: float = 1.0
) -> FloatArray:
    """Return the probability that a value will be at its target or beyond.

    Parameters
    ----------
    forecast : Forecast
        Of any shape.
    target : array_like of float
        Value to reach, broadcast.
    is_higher : array_like of bool
        Whether it is reached from below, broadcast.
    widening : float, default 1
        Factor of the spread.

    Returns
    -------
    ndarray of float
        0 to 1; NaN where there is no forecast. Without any spread it is 0 or 1.

    Examples
    --------
    >>> one = Forecast(np.array([10.0]), np.array([1.0]), np.array([11.0]))
    >>> chance_of(one, 10.0, True).tolist()
    [0.5]
    """
    margin = np.where(is_higher, 1.0, -1.0) * (forecast.centre - np.asarray(target))
    spread = forecast.spread * widening
    tiny = ROUNDING * np.maximum(np.abs(forecast.centre), np.abs(np.asarray(target)))
    has_spread = spread > tiny
    sure = np.where(np.isnan(margin), np.nan, (margin >= -tiny).astype(np.float64))
    drawn = special.stdtr(forecast.freedom, margin / np.where(has_spread, spread, 1.0))
    return np.where(has_spread, drawn, sure)


def held_out(values: ArrayLike, horizons: ArrayLike, forecast: Forecast) -> Trials:
    """Put forecasts beside what happened, wherever both are known.

    Parameters
    ----------
    values : array_like of float, shape (n, t)
        The series that were forecast.
    horizons : array_like of int, shape (k,)
        Months ahead.
    forecast : Forecast
        Of shape (n, t, k).

    Returns
    -------
    Trials
        One entry per series, month and horizon.

    Examples
    --------
    >>> series = [[0, 1, 2, 3, 4, 5, 6, 7, 9]]
    >>> held_out(series, [2], drift_forecast(series, [2])).actual.tolist()
    [9.0]
    """
    known = _filled(values)
    ahead = np.asarray(horizons, dtype=np.int64)
    then = np.arange(known.shape[1])[:, None] + ahead
    inside = then < known.shape[1]
    actual = np.where(inside, known[:, np.where(inside, then, 0)], np.nan)
    is_judged = np.isfinite(forecast.centre) & np.isfinite(actual)
    series, origin, place = np.nonzero(is_judged)
    kept = Forecast(*(one[is_judged] for one in forecast))
    return Trials(series, origin, ahead[place], kept, actual[is_judged])


def misses(trials: Trials, *, level: float = LEVEL) -> FloatArray:
    """Return how far forecasts missed, in half-widths of their intervals.

    Parameters
    ----------
    trials : Trials
        Forecasts and what happened.
    level : float, default 0.95
        Of the intervals.

    Returns
    -------
    ndarray of float, shape (m,)
        0 or more; at most 1 where the interval held it, infinite where there was no interval.

    Examples
    --------
    >>> series = [[0, 1, 3, 4, 6, 7, 9, 10]]
    >>> bool(misses(held_out(series, [1], drift_forecast(series, [1])))[0] < 1)
    True
    """
    error = np.abs(trials.actual - trials.forecast.centre)
    low, high = interval(trials.forecast, level=level)
    half = (high - low) / 2
    tiny = 1e-9 * np.maximum(np.abs(trials.actual), 1e-9)
    beyond = np.where(error <= tiny, 0.0, np.inf)
    return np.where(half > tiny, error / np.where(half > tiny, half, 1.0), beyond)


def widening(trials: Trials, months: int, *, level: float = LEVEL) -> FloatArray:
    """Return the factor by which intervals had to be widened, month by month.

    In each month it is the quantile of the misses that could be judged by then, so that a test of
    it uses nothing from its future. The past is taken for a fair sample of what comes, of all
    series together; no distribution is assumed.

    Parameters
    ----------
    trials : Trials
        Forecasts and what happened.
    months : int
        Number of months of the series.
    level : float, default 0.95
        Share of misses that the widened interval is to hold.

    Returns
    -------
    ndarray of float, shape (months,)
        1 or more; NaN while fewer than a hundred forecasts could be judged.

    References
    ----------
    .. [1] Vovk, V., Gammerman, A. and Shafer, G. (2005). Algorithmic Learning in a Random World.
       Springer, section 2.2 (conformal prediction; the quantile is of rank (m + 1) level).

    Examples
    --------
    >>> series = np.cumsum(np.ones((2, 30)), axis=1) ** 2
    >>> trials = held_out(series, [3], drift_forecast(series, [3]))
    >>> bool(np.isnan(widening(trials, 30)).all())  # 42 forecasts are too few
    True
    """
    missed = misses(trials, level=level)
    finite = missed[np.isfinite(missed)]
    missed = np.where(np.isfinite(missed), missed, finite.max(initial=1.0))
    judged = trials.origin + trials.horizon
    factor = np.full(months, np.nan)
    for month in range(months):
        past = np.sort(missed[judged <= month])
        if past.size >= FEWEST_JUDGED:
            rank = min(int(np.ceil((past.size + 1) * level)), past.size)
            factor[month] = max(1.0, past[rank - 1])
    return factor
