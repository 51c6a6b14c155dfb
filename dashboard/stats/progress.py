"""Judge how far a key result has come, how far it should be, and who owes a report on it.

It must not read a clock or a check-in: days, values and targets are arguments.
"""

from collections.abc import Sequence
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
DayArray = NDArray[np.datetime64]
DaysLike = ArrayLike | date | Sequence[date | None] | None

ON_TRACK_ABOVE = 0.7
"""Progress over expected progress above which a key result is on track."""

OFF_TRACK_BELOW = 0.5
"""Progress over expected progress below which a key result is off track."""


def progress(now: ArrayLike, baseline: ArrayLike, target: ArrayLike) -> FloatArray:
    """Return how much of the way from baseline to target has been made.

    ``(now - baseline) / (target - baseline)``, whichever direction the target lies in.

    Parameters
    ----------
    now : array_like of float, shape (...)
        Latest value; all three have one unit and are broadcast.
    baseline : array_like of float, shape (...)
        Value at the start.
    target : array_like of float, shape (...)
        Value to reach.

    Returns
    -------
    ndarray of float, shape (...)
        0 at the baseline, 1 at the target; below 0 and above 1 are possible. NaN where
        a value is missing or the target is the baseline itself.

    References
    ----------
    .. [1] Doerr, J. (2018). Measure What Matters. Portfolio (key results as shares of
       the way to a target).

    Examples
    --------
    >>> progress([60.0, 30.0], [50.0, 40.0], [90.0, 20.0]).tolist()
    [0.25, 0.5]
    """
    start = np.asarray(baseline, dtype=np.float64)
    done = np.asarray(now, dtype=np.float64) - start
    way = np.asarray(target, dtype=np.float64) - start
    moves = way != 0
    return np.where(moves, done / np.where(moves, way, 1.0), np.nan)


def expected_progress(today: DaysLike, start: DaysLike, deadline: DaysLike) -> FloatArray:
    """Return how much of the way should have been made, at an even pace.

    Parameters
    ----------
    today : date or array_like of datetime64, shape (...)
        Day of judgement; all three are broadcast. A missing day is None or NaT.
    start : date or array_like of datetime64, shape (...)
        Day of the baseline.
    deadline : date or array_like of datetime64, shape (...)
        Day by which the target is to be reached.

    Returns
    -------
    ndarray of float, shape (...)
        0 up to the start, 1 from the deadline on, linear in days between. NaN where a
        day is missing.

    Raises
    ------
    ValueError
        If a deadline lies before its start.

    Examples
    --------
    >>> float(expected_progress(date(2024, 4, 1), date(2024, 1, 1), date(2024, 12, 30)))
    0.25
    """
    day, first, last = _days(today), _days(start), _days(deadline)
    if np.any(last < first):
        raise ValueError("a deadline lies before its start; give a deadline on or after it.")
    gone, whole = _day_count(day - first), _day_count(last - first)
    lasts = whole > 0
    even = np.clip(gone / np.where(lasts, whole, 1.0), 0.0, 1.0)
    at_once = np.where(gone >= 0, 1.0, 0.0)  # start and deadline on one day
    known = np.isfinite(gone) & np.isfinite(whole)
    return np.where(known, np.where(lasts, even, at_once), np.nan)


def _days(days: DaysLike) -> DayArray:
    return np.asarray(cast("ArrayLike", days), dtype="datetime64[D]")


def _day_count(length: NDArray[np.timedelta64]) -> FloatArray:
    return np.where(np.isnat(length), np.nan, length.astype(np.int64).astype(np.float64))


def status(progress: ArrayLike, expected: ArrayLike) -> NDArray[np.str_]:
    """Return the status of a key result from its progress over its expected progress.

    Parameters
    ----------
    progress : array_like of float, shape (...)
        Share of the way made, as of `progress`; NaN if nothing has been reported.
    expected : array_like of float, shape (...)
        Share that should have been made, 0 to 1, as of `expected_progress`; broadcast.

    Returns
    -------
    ndarray of str, shape (...)
        ``"on_track"`` above 0.7 of the expected, ``"at_risk"`` from 0.5 to 0.7,
        ``"off_track"`` below 0.5. Where nothing is expected yet: ``"on_track"`` if
        something has been made, else ``"not_started"``. Also ``"not_started"`` where
        either is missing, that is nothing was ever reported.

    Raises
    ------
    ValueError
        If an expected progress is outside 0 to 1.

    References
    ----------
    .. [1] Tability. How the status of an outcome is worked out from its progress and
       its expected progress (thresholds of 0.7 and 0.5).

    Examples
    --------
    >>> status([0.5, 0.3, 0.1, 0.0], [0.5, 0.5, 0.5, 0.0]).tolist()
    ['on_track', 'at_risk', 'off_track', 'not_started']
    """
    made, due = np.broadcast_arrays(
        np.asarray(progress, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    )
    if np.any((due < 0) | (due > 1)):
        raise ValueError("an expected progress is outside 0 to 1; give a share.")
    begun = due > 0
    # Multiplied out, so that nothing is divided by an expected progress of 0. A progress
    # that is missing compares as false throughout.
    choices = {
        "on_track": np.where(begun, made > ON_TRACK_ABOVE * due, made > 0),
        "at_risk": begun & (made >= OFF_TRACK_BELOW * due),
        "off_track": begun & (made < OFF_TRACK_BELOW * due),
    }
    choices["on_track"] &= ~np.isnan(due)
    return np.select(list(choices.values()), list(choices), default="not_started")


def is_stale(last_check_in: DaysLike, today: DaysLike, cadence_days: ArrayLike) -> BoolArray:
    """Return whether a key result has gone without a check-in for too long.

    Parameters
    ----------
    last_check_in : date or array_like of datetime64, shape (...)
        Day of the latest check-in; None or NaT if there was none. All are broadcast.
    today : date or array_like of datetime64, shape (...)
        Day of judgement.
    cadence_days : array_like of float, shape (...)
        Days within which a check-in is due, above 0.

    Returns
    -------
    ndarray of bool, shape (...)
        Whether more than `cadence_days` have gone since; True if there was none.

    Raises
    ------
    ValueError
        If a cadence is 0, negative or missing, or `today` is missing.

    Examples
    --------
    >>> is_stale([date(2024, 5, 1), date(2024, 5, 20), None], date(2024, 6, 1), 30).tolist()
    [True, False, True]
    """
    cadence = np.asarray(cadence_days, dtype=np.float64)
    if not np.all(cadence > 0):
        raise ValueError("a cadence is not above 0; give days between check-ins, such as 30.")
    day = _days(today)
    if np.isnat(day).any():
        raise ValueError("today is missing; give the day of judgement.")
    gone = _day_count(day - _days(last_check_in))
    return np.isnan(gone) | (gone > cadence)
