"""What came after an act that units take up one after another, against those that have not yet.

Differences in differences with clean controls: a unit that has taken part is never a control. It
must not know what the units, the act or the outcome are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Controls = Literal["not_yet", "never"]

LEVEL = 0.95
Z = 1.959963984540054
"""Half width of a normal 95 % interval in standard errors."""


@dataclass(frozen=True)
class GroupTimes:
    """Effects by group (the period in which units began) and period.

    Attributes
    ----------
    group, period : ndarray of int, shape (k,)
        Columns of the outcomes.
    effect : ndarray of float, shape (k,)
        ATT(g, t). From ``group`` on against the period before ``group``; before that against the
        period before ``period``, where it should be near 0.
    treated, controls : ndarray of int, shape (k,)
        Units that were compared.
    """

    group: IntArray
    period: IntArray
    effect: FloatArray
    treated: IntArray
    controls: IntArray


@dataclass(frozen=True)
class Estimate:
    """A mean effect and how sure it is.

    Attributes
    ----------
    effect : float
        In units of the outcome; NaN where nothing could be compared.
    error, low, high : float
        Standard error over units drawn anew, and the 95 % interval; NaN without draws.
    treated, controls : int
        Units that it rests on.
    """

    effect: float
    error: float
    low: float
    high: float
    treated: int
    controls: int


@dataclass(frozen=True)
class EventStudy:
    """Effects by the time since a unit began.

    Attributes
    ----------
    time : ndarray of int, shape (k,)
        0 is the period in which a unit began; below 0 before.
    effect, error : ndarray of float, shape (k,)
        Means over groups, weighted by the units compared, and their standard errors.
    low, high : ndarray of float, shape (k,)
        A band that holds all effects at once with 95 %: where it leaves out 0 before time 0, the
        units were not on parallel ways.
    treated : ndarray of int, shape (k,)
        Units that took part and were compared at that time.
    """

    time: IntArray
    effect: FloatArray
    error: FloatArray
    low: FloatArray
    high: FloatArray
    treated: IntArray


@dataclass(frozen=True)
class _Pair:
    """One group and period: who is compared, and by how much each one's outcome differs."""

    group: int
    period: int
    treated: IntArray
    controls: IntArray
    difference: FloatArray


def group_time_effects(
    outcomes: ArrayLike, began: ArrayLike, *, controls: Controls = "not_yet"
) -> GroupTimes:
    """Return the effect of each group in each period.

    Parameters
    ----------
    outcomes : array_like of float, shape (n, t)
        One row per unit, one column per period; NaN where it was not measured.
    began : array_like of float, shape (n,)
        Column in which a unit began; NaN if it never did. Units that began in column 0 or before
        have nothing to be compared with and are left out.
    controls : {"not_yet", "never"}, default "not_yet"
        Against units that have not begun by the period, or that never do.

    Returns
    -------
    GroupTimes
        Only where both sides have a unit whose outcome was measured in both periods.

    References
    ----------
    .. [1] Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple
       time periods. J. Econom. 225(2), 200-230, equations 2.6 and 4.7 without covariates.

    Examples
    --------
    >>> y = [[1.0, 1.0, 4.0], [2.0, 3.0, 4.0], [0.0, 1.0, 2.0]]
    >>> found = group_time_effects(y, [2, np.nan, np.nan])
    >>> found.period.tolist(), found.effect.tolist()
    ([1, 2], [-1.0, 2.0])
    """
    pairs = list(_pairs(outcomes, began, controls))
    return GroupTimes(
        group=np.array([one.group for one in pairs], dtype=np.int64),
        period=np.array([one.period for one in pairs], dtype=np.int64),
        effect=np.array([_plain(one) for one in pairs], dtype=np.float64),
        treated=np.array([one.treated.size for one in pairs], dtype=np.int64),
        controls=np.array([one.controls.size for one in pairs], dtype=np.int64),
    )


def mean_effect(
    outcomes: ArrayLike,
    began: ArrayLike,
    *,
    horizon: int | None = None,
    controls: Controls = "not_yet",
    draws: int = 0,
    rng: np.random.Generator | None = None,
) -> Estimate:
    """Return the mean of the effects from the beginning on, weighted by the units compared.

    Parameters
    ----------
    outcomes : array_like of float, shape (n, t)
        As of :func:`group_time_effects`.
    began : array_like of float, shape (n,)
        Column in which a unit began; NaN if it never did.
    horizon : int, optional
        Periods from the beginning on that count, 1 or more; without it all.
    controls : {"not_yet", "never"}, default "not_yet"
        Against units that have not begun by the period, or that never do.
    draws : int, default 0
        Draws of the bootstrap: whole units with all their periods are drawn anew.
    rng : numpy.random.Generator, optional
        For the draws.

    Returns
    -------
    Estimate
        NaN and 0 units where nothing could be compared.

    References
    ----------
    .. [1] Callaway and Sant'Anna (2021), the weights of their "simple" aggregate (equation 3.11
       and the text above it).
    """
    pairs = _after(_pairs(outcomes, began, controls), horizon)
    if not pairs:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0, 0)
    drawn = _weights(len(np.asarray(began)), draws, rng)
    effects = _average(pairs, drawn)
    error = _spread(effects[1:]) if draws else np.nan
    return Estimate(
        float(effects[0]),
        error,
        float(effects[0] - Z * error),
        float(effects[0] + Z * error),
        np.unique(np.concatenate([one.treated for one in pairs])).size,
        np.unique(np.concatenate([one.controls for one in pairs])).size,
    )


def unit_parts(
    outcomes: ArrayLike,
    began: ArrayLike,
    *,
    horizon: int | None = None,
    controls: Controls = "not_yet",
) -> FloatArray:
    """Return the part of each unit that took part in the mean effect.

    Parameters
    ----------
    outcomes : array_like of float, shape (n, t)
        As of :func:`group_time_effects`.
    began : array_like of float, shape (n,)
        Column in which a unit began; NaN if it never did.
    horizon : int, optional
        Periods from the beginning on that count, 1 or more; without it all.
    controls : {"not_yet", "never"}, default "not_yet"
        Against units that have not begun by the period, or that never do.

    Returns
    -------
    ndarray of float, shape (n,)
        Its differences less those of its controls, over the number of comparisons; NaN for a
        unit that was not compared. What is not NaN adds up to the mean effect.

    Examples
    --------
    >>> y = [[1.0, 4.0], [1.0, 2.0], [2.0, 3.0]]
    >>> unit_parts(y, [1, 1, np.nan]).tolist()
    [1.0, 0.0, nan]
    """
    pairs = _after(_pairs(outcomes, began, controls), horizon)
    parts = np.full(len(np.asarray(began)), np.nan)
    total = sum(one.treated.size for one in pairs)
    for one in pairs:
        level = one.difference[one.controls].mean()
        before = np.nan_to_num(parts[one.treated], nan=0.0)
        parts[one.treated] = before + (one.difference[one.treated] - level) / total
    return parts


def event_study(
    outcomes: ArrayLike,
    began: ArrayLike,
    *,
    least: int,
    most: int,
    controls: Controls = "not_yet",
    draws: int = 0,
    rng: np.random.Generator | None = None,
) -> EventStudy:
    """Return the effects by the time since units began.

    Parameters
    ----------
    outcomes : array_like of float, shape (n, t)
        As of :func:`group_time_effects`.
    began : array_like of float, shape (n,)
        Column in which a unit began; NaN if it never did.
    least, most : int
        First and last time, in periods.
    controls : {"not_yet", "never"}, default "not_yet"
        Against units that have not begun by the period, or that never do.
    draws : int, default 0
        Draws of the bootstrap: whole units with all their periods are drawn anew.
    rng : numpy.random.Generator, optional
        For the draws.

    Returns
    -------
    EventStudy
        Only times at which something could be compared. Errors and the band are NaN without
        draws.

    References
    ----------
    .. [1] Callaway and Sant'Anna (2021), equation 3.4; the band is their sup-t band
       (algorithm 1) with units drawn anew in place of the multipliers.
    """
    by_time: dict[int, list[_Pair]] = {}
    for one in _pairs(outcomes, began, controls):
        time = one.period - one.group
        if least <= time <= most:
            by_time.setdefault(time, []).append(one)
    times = sorted(by_time)
    drawn = _weights(len(np.asarray(began)), draws, rng)
    effects = np.array([_average(by_time[time], drawn) for time in times])
    effects = effects.reshape(len(times), len(drawn))
    effect = effects[:, 0]
    error = np.array([_spread(row[1:]) if draws else np.nan for row in effects])
    reach = _sup_t(effects, error) * error if draws and times else error
    return EventStudy(
        time=np.array(times, dtype=np.int64),
        effect=effect,
        error=error,
        low=effect - reach,
        high=effect + reach,
        treated=np.array(
            [sum(one.treated.size for one in by_time[time]) for time in times], dtype=np.int64
        ),
    )


def placebo(outcomes: ArrayLike, began: ArrayLike, lead: int) -> tuple[FloatArray, FloatArray]:
    """Return what to estimate if nothing had happened: the act moved to before it happened.

    Parameters
    ----------
    outcomes : array_like of float, shape (n, t)
        As of :func:`group_time_effects`.
    began : array_like of float, shape (n,)
        Column in which a unit began; NaN if it never did.
    lead : int
        Periods by which every beginning is moved to an earlier time, 1 or more.

    Returns
    -------
    outcomes : ndarray of float, shape (n, t)
        NaN from the true beginning on.
    began : ndarray of float, shape (n,)
        ``lead`` periods earlier. An effect up to there can be none of the act.

    Examples
    --------
    >>> outcome, began = placebo([[1.0, 2.0, 9.0]], [2], 1)
    >>> outcome.tolist(), began.tolist()
    ([[1.0, 2.0, nan]], [1.0])
    """
    y = np.array(outcomes, dtype=np.float64)
    start = np.asarray(began, dtype=np.float64)
    y[np.arange(y.shape[1])[None, :] >= start[:, None]] = np.nan
    return y, start - lead


def _pairs(outcomes: ArrayLike, began: ArrayLike, controls: Controls) -> Iterator[_Pair]:
    """Give every group and period where both sides have somebody."""
    y = np.asarray(outcomes, dtype=np.float64)
    start = np.asarray(began, dtype=np.float64)
    if y.ndim != 2 or start.shape != y.shape[:1]:
        raise ValueError(f"outcomes are {y.shape}, began is {start.shape}; give (n, t) and (n,)")
    is_never = np.isnan(start)
    for group in np.unique(start[~is_never & (start >= 1) & (start < y.shape[1])]).astype(int):
        is_group = start == group
        for period in range(1, y.shape[1]):
            base = group - 1 if period >= group else period - 1
            difference = y[:, period] - y[:, base]
            is_there = ~np.isnan(difference)
            is_control = is_never if controls == "never" else is_never | (start > period)
            treated = np.flatnonzero(is_group & is_there)
            others = np.flatnonzero(is_control & ~is_group & is_there)
            if treated.size and others.size:
                yield _Pair(int(group), period, treated, others, difference)


def _after(pairs: Iterator[_Pair], horizon: int | None) -> list[_Pair]:
    """Keep what is at or after the beginning, no further than the horizon."""
    return [
        one
        for one in pairs
        if one.period >= one.group and (horizon is None or one.period < one.group + horizon)
    ]


def _plain(pair: _Pair) -> float:
    return float(pair.difference[pair.treated].mean() - pair.difference[pair.controls].mean())


def _weights(units: int, draws: int, rng: np.random.Generator | None) -> FloatArray:
    """Return how often each unit counts: once in row 0, as drawn anew in the others."""
    once = np.ones((1, units))
    if not draws:
        return once
    if rng is None:
        raise ValueError("draws without rng; give a numpy.random.Generator")
    return np.concatenate([once, rng.multinomial(units, np.full(units, 1 / units), draws)])


def _average(pairs: list[_Pair], drawn: FloatArray) -> FloatArray:
    """Return, for each row of ``drawn``, the mean effect of pairs weighted by who was treated."""
    total = np.zeros(len(drawn))
    weight = np.zeros(len(drawn))
    for one in pairs:
        ours, theirs = drawn[:, one.treated], drawn[:, one.controls]
        count, other = ours.sum(axis=1), theirs.sum(axis=1)
        is_there = (count > 0) & (other > 0)
        level = np.divide(
            theirs @ one.difference[one.controls], other, out=np.zeros(len(drawn)), where=is_there
        )
        total += np.where(is_there, ours @ one.difference[one.treated] - count * level, 0.0)
        weight += np.where(is_there, count, 0.0)
    mean: FloatArray = np.divide(total, weight, out=np.full(len(drawn), np.nan), where=weight > 0)
    return mean


def _spread(drawn: FloatArray) -> float:
    known = drawn[~np.isnan(drawn)]
    return float(known.std(ddof=1)) if known.size > 1 else np.nan


def _sup_t(effects: FloatArray, error: FloatArray) -> float:
    """Return how many standard errors hold all effects at once; never under a single one's."""
    is_known = error > 0
    if not is_known.any():
        return Z
    apart = np.abs(effects[is_known, 1:] - effects[is_known, :1]) / error[is_known, None]
    furthest = np.fmax.reduce(apart, axis=0)  # NaN only where a draw has nobody at any time
    known = furthest[~np.isnan(furthest)]
    return max(Z, float(np.quantile(known, LEVEL))) if known.size else Z
