"""Choose the past that a forecast of arrivals may use on a day, and make the forecast.

Days are numbers, one more a day, from any origin. It must not use what became known after the
day that a forecast is made on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dashboard.stats.arrivals import (
    BoolArray,
    FloatArray,
    IntArray,
    arrival_hazards,
    arrival_probability,
)

ASKED: Final = ("by_due", "by_month_end", "within_90_days")
"""The days that outstanding obligations are forecast for: the due day, the end of the month, and
a day that is `DAYS_AHEAD` off."""

DAYS_AHEAD: Final = 90
"""How far the last of the three probabilities reaches, days."""

NOT_KNOWN: Final = np.iinfo(np.int64).max
"""Stands for the day of what is not known to have arrived."""

HISTORY_DAYS: Final = {"M": 1096, "A": 3653}
"""How far back a forecast looks, by frequency: periods that ended in three or ten years."""


@dataclass(frozen=True)
class Obligations:
    """Hold the obligations of one collection as arrays of one length.

    Attributes
    ----------
    member : ndarray of int
        Number of the member, an index into `region`.
    ended, due : ndarray of int
        Day on which the period ends, and day on which it falls due.
    known : ndarray of int
        Day from which its receipt is known; `NOT_KNOWN` without one.
    is_dated : ndarray of bool
        Whether that is the day on which it came, or one shortly after: false where only a
        latest possible day is known, or none.
    is_watched : ndarray of bool
        Whether it is owed, not waived, and fell due after the log of receipts began.
    region : ndarray of int, shape (members,)
        Number of each member's region.
    """

    member: IntArray
    ended: NDArray[np.int64]
    due: NDArray[np.int64]
    known: NDArray[np.int64]
    is_dated: BoolArray
    is_watched: BoolArray
    region: IntArray


@dataclass(frozen=True)
class History:
    """Hold what is known on a day of past delays.

    Attributes
    ----------
    member : ndarray of int, shape (n,)
        Number of the member.
    days : ndarray of int, shape (n,)
        Days from the period's end to the receipt, or gone so far.
    has_arrived : ndarray of bool, shape (n,)
        Whether it had arrived.
    counts : ndarray of int, shape (members,)
        Each member's own obligations in it that have arrived or are overdue.
    on_time_share : ndarray of float, shape (members,)
        Of these the share that was met on time, 0 to 1. NaN where there are none.
    """

    member: IntArray
    days: NDArray[np.int64]
    has_arrived: BoolArray
    counts: IntArray
    on_time_share: FloatArray


def known_history(owed: Obligations, day: int, span: int) -> History:
    """Return the delays that are known on a day, what is outstanding as such.

    Parameters
    ----------
    owed : Obligations
        Of one collection; what became known later does no harm.
    day : int
        The day, at its end.
    span : int
        Periods that ended so many days before it, or later, are looked at.

    Returns
    -------
    History
        Receipts without a known day are left out. A member with more of those than of
        others has no history: what it still owes would stand alone and make it look late.
    """
    came = owed.known <= day
    recent = owed.is_watched & (owed.ended <= day) & (owed.ended >= day - span)
    members = owed.region.size
    dated = np.bincount(owed.member[recent & came & owed.is_dated], minlength=members)
    undated = np.bincount(owed.member[recent & came & ~owed.is_dated], minlength=members)
    used = recent & (owed.is_dated | ~came) & (undated <= dated)[owed.member]
    settled = used & (came | (owed.due < day))
    counts = np.bincount(owed.member[settled], minlength=members)
    met = np.bincount(owed.member[settled & came & (owed.known <= owed.due)], minlength=members)
    return History(
        member=owed.member[used],
        days=np.where(came, owed.known, day)[used] - owed.ended[used],
        has_arrived=came[used],
        counts=counts,
        on_time_share=np.divide(met, counts, out=np.full(members, np.nan), where=counts > 0),
    )


def forecast(
    owed: Obligations,
    day: int,
    span: int,
    member: IntArray,
    ended: NDArray[np.int64],
    until: NDArray[np.int64],
) -> tuple[FloatArray, FloatArray, FloatArray, History]:
    """Return the probability that obligations not yet received arrive by later days.

    Parameters
    ----------
    owed : Obligations
        The past of the collection.
    day : int
        The day it is made on, at its end.
    span : int
        See :func:`known_history`.
    member, ended : ndarray of int, shape (n,)
        Member and period's end of each obligation that has not arrived by `day`; periods
        that have not ended yet may be asked for too.
    until : ndarray of int, shape (k, n)
        For each, the days asked for.

    Returns
    -------
    share, low, high : ndarray of float, shape (k, n)
        As :func:`dashboard.stats.arrivals.arrival_probability` gives them.
    history : History
        What it rests on.
    """
    history = known_history(owed, day, span)
    hazards = arrival_hazards(history.member, history.days, history.has_arrived, owed.region)
    shape = until.shape
    share, low, high = arrival_probability(
        hazards,
        np.broadcast_to(member, shape),
        np.broadcast_to(day - ended, shape),
        until - ended,
    )
    return share, low, high, history


def outstanding(
    owed: Obligations, is_asked: BoolArray, day: int, span: int
) -> dict[str, NDArray[Any]]:
    """Return what had not arrived on a day, with the probabilities that it comes by later days.

    Parameters
    ----------
    owed : Obligations
        Of one collection.
    is_asked : ndarray of bool, shape (n,)
        Which of them are asked for.
    day : int
        The day, at its end; days since 1970-01-01.
    span : int
        See :func:`known_history`.

    Returns
    -------
    dict of ndarray, shape (m,)
        ``place`` in `owed`; ``days_gone`` since the period's end; ``history_count``, the
        member's own obligations that the forecast rests on; and for each of :data:`ASKED`
        ``<asked>_share``, ``<asked>_low`` and ``<asked>_high``, 0 to 1, NaN where nothing is
        known.
    """
    place = np.flatnonzero((owed.known > day) & is_asked)
    member, ended, due = owed.member[place], owed.ended[place], owed.due[place]
    asked = (due, np.full_like(due, end_of_month(day)), np.full_like(due, day + DAYS_AHEAD))
    share, low, high, history = forecast(owed, day, span, member, ended, np.stack(asked))
    return {
        "place": place,
        "days_gone": day - ended,
        "history_count": history.counts[member],
        **{
            f"{name}_{part}": numbers[number]
            for number, name in enumerate(ASKED)
            for part, numbers in (("share", share), ("low", low), ("high", high))
        },
    }


def end_of_month(day: int) -> int:
    """Return the last day of the month of the day after a day: the next chance to keep it.

    Parameters
    ----------
    day : int
        Days since 1970-01-01.

    Returns
    -------
    int
        Days since 1970-01-01.

    Examples
    --------
    >>> end_of_month(14), end_of_month(29), end_of_month(30)  # of 15, 30 and 31 January 1970
    (30, 30, 58)
    """
    return eve_of_month(day + 1, later=1)


def eve_of_month(day: int, *, later: int = 0) -> int:
    """Return the last day of the month before that of a day, or before a later one.

    Parameters
    ----------
    day : int
        Days since 1970-01-01.
    later : int, default 0
        Months between the day's and the one whose eve is asked for.

    Returns
    -------
    int
        Days since 1970-01-01.

    Examples
    --------
    >>> eve_of_month(31 + 14), eve_of_month(31)  # 15 and 1 February 1970
    (30, 30)
    """
    month = np.datetime64(day, "D").astype("datetime64[M]") + later
    return int(month.astype("datetime64[D]").astype("int64")) - 1
