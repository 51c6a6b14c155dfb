"""Compare the delays of groups whose submissions come from the same members again and again.

Submissions of one member resemble each other, so they tell less than as many of different
members would; here a member counts as one cluster. It must not know what a group is.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dashboard.stats.timeliness import (
    DelayDistribution,
    _crosses_half,
    _log_log_band,
    _usable_delays,
    delay_distribution,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEWEST_CLUSTERS = 5
"""Fewest members, in number, whose differences can tell how sure a figure is."""


@dataclass(frozen=True)
class _Waiting:
    """How many of each unit ended on, and were waiting at, each day on which any ended.

    ``units`` numbers each observation's unit; ``events`` and ``at_risk`` have a row per
    unit and a column per day.
    """

    days: FloatArray
    events: FloatArray
    at_risk: FloatArray


def _waiting(lengths: FloatArray, censored: NDArray[np.bool_], units: IntArray) -> _Waiting:
    days = np.unique(lengths[~censored])
    count, size = int(units.max()) + 1, days.size
    place = np.searchsorted(days, lengths[~censored])
    events = np.bincount(units[~censored] * size + place, minlength=count * size)
    # An observation waits at the first `until` days.
    until = np.searchsorted(days, lengths, side="right")
    ends = np.bincount(units * (size + 1) + until, minlength=count * (size + 1))
    ends = ends.reshape(count, size + 1)
    at_risk = ends[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    return _Waiting(
        days, events.reshape(count, size).astype(np.float64), at_risk.astype(np.float64)
    )


def clustered_distribution(
    delays: ArrayLike, is_censored: ArrayLike, clusters: ArrayLike
) -> DelayDistribution:
    """Return the Kaplan-Meier distribution of delays, its bounds for clustered ones.

    Parameters
    ----------
    delays : array_like of float, shape (n,)
        Days to receipt, or days gone so far. A missing value drops its row.
    is_censored : array_like of bool, shape (n,)
        Whether the submission is still outstanding.
    clusters : array_like of int, shape (n,)
        Number of the member that each is from, from 0.

    Returns
    -------
    DelayDistribution
        The curve of :func:`~dashboard.stats.timeliness.delay_distribution`; bounds by
        the robust variance, which takes a member's submissions together. With fewer
        than ``FEWEST_CLUSTERS`` members the ordinary bounds.

    Notes
    -----
    The variance of the curve's logarithm is the sum over members of the squared influence
    of each, times M / (M - 1) for M members; the bounds are on the log-log scale.

    References
    ----------
    .. [1] Ying, Z. and Wei, L. J. (1994). The Kaplan-Meier estimate for dependent
       failure time observations. J. Multivariate Anal. 50(1), 17-29.
    .. [2] Williams, R. L. (1995). Product-limit survival functions with correlated
       survival times. Lifetime Data Anal. 1(2), 171-186.

    Examples
    --------
    >>> found = clustered_distribution(
    ...     [20, 21, 30, 31, 40, 41, 50, 51, 60, 61], [False] * 10, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    ... )
    >>> found.median, found.median_low
    (40.5, 20.0)
    """
    lengths, censored = _usable_delays(delays, is_censored)
    members = _kept(clusters, delays)
    plain = delay_distribution(lengths, censored)
    if np.unique(members).size < FEWEST_CLUSTERS or censored.all():
        return plain
    _, units = np.unique(members, return_inverse=True)
    waiting = _waiting(lengths, censored, units)
    variance = np.zeros(plain.days.size)
    known = np.searchsorted(waiting.days, plain.days, side="right")
    variance[known > 0] = _log_variance(waiting)[known[known > 0] - 1]
    low, high = _log_log_band(plain.survival, variance)
    return replace(
        plain,
        low=low,
        high=high,
        median_low=_crosses_half(plain.days, low),
        median_high=_crosses_half(plain.days, high),
    )


def _kept(clusters: ArrayLike, delays: ArrayLike) -> IntArray:
    members = np.asarray(clusters, dtype=np.int64)
    known = np.isfinite(np.asarray(delays, dtype=np.float64))
    if members.shape != known.shape:
        raise ValueError(
            f"clusters has shape {members.shape} and delays {known.shape}; "
            "give two one-dimensional arrays of one length."
        )
    return members[known]


def _log_variance(waiting: _Waiting) -> FloatArray:
    """Return the variance of the logarithm of the curve after each day."""
    ended, waited = waiting.events.sum(axis=0), waiting.at_risk.sum(axis=0)
    excess = waiting.events - waiting.at_risk * (ended / waited)
    left = waited - ended
    with np.errstate(divide="ignore", invalid="ignore"):
        influence = np.cumsum(np.where(left > 0, excess / left, 0.0), axis=1)
    count = waiting.events.shape[0]
    return np.asarray((influence**2).sum(axis=0) * count / (count - 1), dtype=np.float64)


@dataclass(frozen=True)
class GroupTest:
    """Hold a log-rank test of several groups, and of each against all the others.

    Attributes
    ----------
    statistic : float
        Chi-square, 0 or more. NaN where nothing can be compared.
    degrees : int
        Its degrees of freedom; 0 where nothing can be compared.
    p_value : float
        Probability of such a chi-square without a difference, 0 to 1.
    observed, expected : ndarray of float, shape (k,)
        Receipts of each group, and those to be expected if all were alike. More than
        expected is sooner.
    each_statistic, each_p_value : ndarray of float, shape (k,)
        The test of each group against all others together, one degree of freedom.
    """

    statistic: float
    degrees: int
    p_value: float
    observed: FloatArray
    expected: FloatArray
    each_statistic: FloatArray
    each_p_value: FloatArray


def logrank_groups(
    delays: ArrayLike,
    is_censored: ArrayLike,
    groups: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
) -> GroupTest:
    """Test whether several groups have the same distribution of delays.

    Parameters
    ----------
    delays : array_like of float, shape (n,)
        Days to receipt, or days gone so far. A missing value drops its row.
    is_censored : array_like of bool, shape (n,)
        Whether the submission is still outstanding.
    groups : array_like of int, shape (n,)
        Number of each one's group, from 0; every group up to the largest number has a
        place in the result.
    clusters : array_like of int, shape (n,), optional
        Number of the member that each is from, from 0. Without it, or with fewer than
        ``FEWEST_CLUSTERS`` members, every submission counts as independent.

    Returns
    -------
    GroupTest
        NaN with fewer than two groups that hold anything, or when no receipt was made
        while more than one was waiting.

    Raises
    ------
    ValueError
        If the arrays differ in length or are not one-dimensional.

    Notes
    -----
    With clusters the variance of observed less expected is the sum over members of the
    squared influence of each, times M / (M - 1): the robust score test of a proportional
    hazards model at no difference.

    References
    ----------
    .. [1] Mantel, N. (1966). Evaluation of survival data and two new rank order
       statistics arising in its consideration. Cancer Chemother. Rep. 50(3), 163-170.
    .. [2] Peto, R. and Peto, J. (1972). Asymptotically efficient rank invariant test
       procedures. J. R. Stat. Soc. A 135(2), 185-207.
    .. [3] Lin, D. Y. and Wei, L. J. (1989). The robust inference for the Cox
       proportional hazards model. J. Am. Stat. Assoc. 84(408), 1074-1078.

    Examples
    --------
    >>> found = logrank_groups([10, 12, 14, 30, 32, 40], [False] * 5 + [True], [0, 0, 0, 1, 1, 1])
    >>> round(found.statistic, 2), found.degrees, round(found.p_value, 3)
    (5.05, 1, 0.025)
    """
    lengths, censored = _usable_delays(delays, is_censored)
    sides = _kept(groups, delays)
    members = None if clusters is None else _kept(clusters, delays)
    count = int(sides.max()) + 1 if sides.size else 0
    if np.unique(sides).size < 2 or censored.all():
        nothing = np.full(count, np.nan)
        return GroupTest(np.nan, 0, np.nan, nothing, nothing, nothing, nothing)
    if members is not None and np.unique(members).size < FEWEST_CLUSTERS:
        members = None
    owners = sides if members is None else members * count + sides
    pairs, units = np.unique(owners, return_inverse=True)
    waiting = _waiting(lengths, censored, units)
    unit_group = pairs % count if members is not None else pairs
    member_of = np.eye(count)[unit_group]  # units by groups
    group_risk = member_of.T @ waiting.at_risk
    ended, waited = waiting.events.sum(axis=0), waiting.at_risk.sum(axis=0)
    observed = (member_of.T @ waiting.events).sum(axis=1)
    expected = (group_risk * (ended / waited)).sum(axis=1)
    share = group_risk / waited
    if members is None:
        variance = _mantel_variance(share, ended, waited)
    else:
        variance = _robust_variance(waiting, member_of, share, pairs // count)
    return _group_test(observed, expected, variance)


def _mantel_variance(share: FloatArray, ended: FloatArray, waited: FloatArray) -> FloatArray:
    weight = ended * (waited - ended) / np.maximum(waited - 1, 1.0)
    spread = np.diag((share * weight).sum(axis=1))
    return np.asarray(spread - (share * weight) @ share.T, dtype=np.float64)


def _robust_variance(
    waiting: _Waiting, member_of: FloatArray, share: FloatArray, clusters: IntArray
) -> FloatArray:
    ended, waited = waiting.events.sum(axis=0), waiting.at_risk.sum(axis=0)
    excess = waiting.events - waiting.at_risk * (ended / waited)
    influence = member_of * excess.sum(axis=1)[:, np.newaxis] - excess @ share.T
    _, number = np.unique(clusters, return_inverse=True)
    count = int(number.max()) + 1
    summed = np.zeros((count, share.shape[0]))
    np.add.at(summed, number, influence)
    return np.asarray(summed.T @ summed * count / (count - 1), dtype=np.float64)


def _group_test(observed: FloatArray, expected: FloatArray, variance: FloatArray) -> GroupTest:
    excess = observed - expected
    own = np.diag(variance)
    smallest = 1e-9 * max(1.0, float(own.max()))
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(own > smallest, excess**2 / own, np.nan)
    kept = np.flatnonzero(own > smallest)
    # The rows add up to zero, so one is left out; more may depend on each other.
    inner = variance[np.ix_(kept[:-1], kept[:-1])]
    degrees = int(np.linalg.matrix_rank(inner)) if kept.size > 1 else 0
    statistic = np.nan
    if degrees:
        part = excess[kept[:-1]]
        statistic = float(part @ np.linalg.pinv(inner, hermitian=True) @ part)
    return GroupTest(
        statistic=statistic,
        degrees=degrees,
        p_value=float(special.chdtrc(degrees, statistic)) if degrees else np.nan,
        observed=observed,
        expected=expected,
        each_statistic=each,
        each_p_value=np.asarray(special.chdtrc(1, each), dtype=np.float64),
    )
