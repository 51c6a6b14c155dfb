"""Forecast when outstanding submissions arrive, from the delays of the past.

A member's own delays count in full, its region's as a few obligations more, and the region's
lean on everybody's in the same way. It must not know a date, a warehouse or what is late: days
run from the end of an obligation's period, and the caller hands in only what was known by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

MEMBER_PRIOR_OBLIGATIONS: Final = 2.0
"""So many obligations of its region count beside those that a member has still outstanding."""

REGION_PRIOR_OBLIGATIONS: Final = 20.0
"""So many obligations of all members count beside those outstanding in a region."""

LEVEL: Final = 0.95

FEW: Final = 0.5
"""Fewer arrivals than this, own and borrowed, are as good as none for an interval."""

SURELY_NONE: Final = 1e-9
"""A share left below this is none."""

SMALLEST: Final = 1e-15
"""Stands in for 0 under a logarithm; far below any probability that is shown."""


@dataclass(frozen=True)
class ArrivalHazards:
    """Hold, for each member, how sure it is on each day that a submission arrives on that day.

    The hazard of a member on day t has a beta distribution with `arriving` and
    `waiting` - `arriving` as its two parameters, independent from day to day.

    Attributes
    ----------
    arriving : ndarray of float, shape (members, days)
        Arrivals on that day, own and borrowed, 0 or more.
    waiting : ndarray of float, shape (members, days)
        Obligations that could arrive on that day, own and borrowed, `arriving` or more.
    ages : ndarray of int, shape (n,)
        Days for which each obligation of the history was watched, until it arrived or to the
        end of what is known; ascending.
    """

    arriving: FloatArray
    waiting: FloatArray
    ages: NDArray[np.int64]


def arrival_hazards(
    member: ArrayLike,
    days: ArrayLike,
    has_arrived: ArrayLike,
    region: ArrayLike,
    *,
    member_weight: float = MEMBER_PRIOR_OBLIGATIONS,
    region_weight: float = REGION_PRIOR_OBLIGATIONS,
) -> ArrivalHazards:
    """Return each member's hazards of arrival by day, shrunk to its region's and to all.

    Parameters
    ----------
    member : array_like of int, shape (n,)
        Number of the member of each past obligation, an index into `region`.
    days : array_like of int, shape (n,)
        Days from the end of its period to its arrival; if it has not arrived, the days for
        which it is known to be missing. Negative days count as 0. No missing values.
    has_arrived : array_like of bool, shape (n,)
        Whether it has arrived; what has not is censored on its day.
    region : array_like of int, shape (members,)
        Number of each member's region, from 0.
    member_weight : float, default 2
        Obligations of its region that count beside a member's own on each day, 0 or more.
    region_weight : float, default 20
        Obligations of all members that count beside a region's own on each day, 0 or more.

    Returns
    -------
    ArrivalHazards
        Days run from 0 to the last on which anything arrived.

    Raises
    ------
    ValueError
        If the arrays of the obligations differ in length.

    Notes
    -----
    On each day the hazard is (d + k h) / (n + k), with d arriving of n own obligations still
    outstanding, k the weight, and h the hazard of the group above: the mean of a beta
    process with that hazard and the constant weight k. Where a member has nothing
    outstanding so late, it is its region's. Without weight it is Kaplan and Meier's.

    References
    ----------
    .. [1] Hjort, N. L. (1990). Nonparametric Bayes estimators based on beta processes in
       models for life history data. Ann. Stat. 18(3), 1259-1294.
    .. [2] Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete
       observations. J. Am. Stat. Assoc. 53(282), 457-481.

    Examples
    --------
    >>> found = arrival_hazards([0, 0, 1], [2, 4, 3], [True, True, False], [0, 0])
    >>> found.waiting.shape
    (2, 5)
    """
    owner, age, arrived = np.asarray(member), np.asarray(days), np.asarray(has_arrived, dtype=bool)
    if not owner.shape == age.shape == arrived.shape or owner.ndim != 1:
        raise ValueError(
            f"member has shape {owner.shape}, days {age.shape} and has_arrived {arrived.shape}; "
            "give three one-dimensional arrays of one length."
        )
    regions = np.asarray(region, dtype=np.intp)
    age = np.maximum(age.astype(np.intp), 0)
    length = int(age[arrived].max()) + 1 if arrived.any() else 1
    own_arrived, waiting = _counts(owner.astype(np.intp), age, arrived, regions.size, length)
    within = np.zeros((int(regions.max(initial=0)) + 1, regions.size))
    within[regions, np.arange(regions.size)] = 1.0
    arriving_all, waiting_all = own_arrived.sum(axis=0), waiting.sum(axis=0)
    by_region = _shrunk(
        within @ own_arrived, within @ waiting, arriving_all, waiting_all, region_weight
    )
    above = (by_region[0][regions], by_region[1][regions])
    arriving, at_risk = _shrunk(own_arrived, waiting, *above, member_weight)
    return ArrivalHazards(arriving, at_risk, np.sort(age).astype(np.int64))


def _counts(
    owner: IntArray, age: IntArray, arrived: BoolArray, members: int, length: int
) -> tuple[FloatArray, FloatArray]:
    """Return arrivals by member and day, and what could arrive on it."""
    cell = owner * (length + 1) + np.minimum(age, length)
    size = members * (length + 1)
    shape = (members, length + 1)
    events = np.bincount(cell[arrived], minlength=size).reshape(shape)[:, :length]
    ended = np.bincount(cell, minlength=size).reshape(shape)
    waiting = ended[:, ::-1].cumsum(axis=1)[:, ::-1][:, :length]
    return events.astype(np.float64), waiting.astype(np.float64)


def _shrunk(
    arrived: FloatArray,
    waiting: FloatArray,
    arriving_above: FloatArray,
    waiting_above: FloatArray,
    weight: float,
) -> tuple[FloatArray, FloatArray]:
    """Add on each day so many obligations that arrive as those of the group above do."""
    hazard = np.divide(
        arriving_above, waiting_above, out=np.zeros_like(arriving_above), where=waiting_above > 0
    )
    return arrived + weight * hazard, waiting + weight


def arrival_probability(
    hazards: ArrivalHazards, member: ArrayLike, gone: ArrayLike, until: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the probability that what has not arrived does so by a later day.

    Parameters
    ----------
    hazards : ArrivalHazards
        Of the collection.
    member : array_like of int, shape (n,)
        Number of each obligation's member.
    gone : array_like of int, shape (n,)
        Days since the end of its period, for which it is known to be missing; negative if
        the period has not ended.
    until : array_like of int, shape (n,)
        Days from the end of its period to the day asked for.

    Returns
    -------
    share : ndarray of float, shape (n,)
        Probability of arrival on a day after `gone` and up to `until`, 0 to 1: 0 where no
        such day is left. NaN without any arrival in the history, or if it is too short: where
        nothing was watched for longer than `gone` days, or up to `until` while some
        probability is left.
    low, high : ndarray of float, shape (n,)
        95 % interval of the member's own probability, that is of how the forecast would move
        if its history were longer; the group above it is taken as known. NaN with `share`.

    Notes
    -----
    The probability left is a product of independent beta variables, whose first two moments
    are exact; the interval is that of the beta distribution with the same two. Where nothing
    ever arrived so late, it reaches from 0 to what so many waiting obligations can rule out.

    References
    ----------
    .. [1] Hjort, N. L. (1990). Ann. Stat. 18(3), 1259-1294, section 3.

    Examples
    --------
    >>> known = arrival_hazards([0, 0, 0, 0], [1, 2, 3, 4], [True] * 4, [0], member_weight=0)
    >>> share, low, high = arrival_probability(known, [0, 0], [0, 2], [2, 3])
    >>> [round(float(value), 3) for value in share]
    [0.5, 0.5]
    """
    owner = np.asarray(member, dtype=np.intp)
    passed, asked = np.asarray(gone, dtype=np.intp), np.asarray(until, dtype=np.intp)
    days = hazards.arriving.shape[1]
    start = np.clip(passed + 1, 0, days)
    end = np.clip(asked + 1, start, days)
    asking, row = np.unique(owner, return_inverse=True)
    row = row.reshape(owner.shape)
    first, second = _log_moments(hazards.arriving[asking], hazards.waiting[asking])
    left = np.exp(first[row, end] - first[row, start])
    square = np.exp(second[row, end] - second[row, start])
    share = np.where(end > start, 1.0 - left, 0.0)
    low, high = _beta_interval(share, np.maximum(square - left**2, 0.0))
    is_ahead = asked > passed
    last = np.minimum(start, days - 1)
    longer = hazards.ages.size - np.searchsorted(hazards.ages, passed, side="right")
    watched = np.where(start < days, hazards.waiting[owner, last], longer)
    ruled_out = 1.0 - ((1.0 - LEVEL) / 2) ** (1.0 / np.maximum(watched, 1.0))
    high = np.where(is_ahead & (share == 0), ruled_out, high)
    is_unseen = (asked > hazards.ages.max(initial=-1)) & (left > SURELY_NONE)
    is_unseen = np.where(start < days, is_unseen, longer == 0)
    unknown = is_ahead & (is_unseen | (not hazards.arriving.any()))
    share, low, high = (np.where(unknown, np.nan, values) for values in (share, low, high))
    return share, low, high


def _log_moments(arriving: FloatArray, waiting: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the logarithms of the first two moments of what is left before each day."""
    staying = waiting - arriving
    some = waiting > 0
    ones = np.ones_like(waiting)
    one = np.divide(staying, waiting, out=ones.copy(), where=some)
    two = np.divide(staying * (staying + 1), waiting * (waiting + 1), out=ones.copy(), where=some)
    moments = np.zeros((2, waiting.shape[0], waiting.shape[1] + 1))
    np.cumsum(np.log(np.maximum([one, two], SMALLEST)), axis=2, out=moments[:, :, 1:])
    return moments[0], moments[1]


def _beta_interval(share: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return central intervals of the beta distributions with these means and variances."""
    low, high = share.copy(), share.copy()
    spread = (variance > 0) & (share > 0) & (share < 1)
    mean = share[spread]
    size = np.maximum(mean * (1 - mean) / variance[spread] - 1.0, SMALLEST)
    yes, no, tail = mean * size, (1 - mean) * size, (1.0 - LEVEL) / 2
    below, above = special.betaincinv(yes, no, tail), special.betaincinv(yes, no, 1.0 - tail)
    # With less than half an arrival behind it nearly all of the distribution lies at one end;
    # then what so many cases rule out is the better bound.
    ruled_out = tail ** (1.0 / np.maximum(size, 1.0))
    above = np.where(yes < FEW, np.maximum(above, 1.0 - ruled_out), above)
    below = np.where(no < FEW, np.minimum(below, ruled_out), below)
    low[spread], high[spread] = np.minimum(below, mean), np.maximum(above, mean)
    return low, high
