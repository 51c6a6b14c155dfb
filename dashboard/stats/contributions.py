"""What each part of a sum or of a share did to its change: the parts add up to the change.

It must not know what a part is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Contributions:
    """What each part did to the change of a value.

    Attributes
    ----------
    change : ndarray of float, shape (n,)
        In units of the value; they add up to its change. ``own + weight``.
    own : ndarray of float, shape (n,)
        By the part's own share rising or falling (of a sum: all of its change).
    weight : ndarray of float, shape (n,)
        By the part counting for more or less of the whole. 0 for a sum.
    """

    change: FloatArray
    own: FloatArray
    weight: FloatArray


def sum_contributions(base: ArrayLike, now: ArrayLike) -> Contributions:
    """Decompose the change of a sum.

    Parameters
    ----------
    base, now : array_like of float, shape (n,)
        Each part before and after; 0 where it is not there.

    Returns
    -------
    Contributions
        ``change`` is the part's own difference.

    Examples
    --------
    >>> sum_contributions([1.0, 0.0], [3.0, 2.0]).change.tolist()
    [2.0, 2.0]
    """
    change = np.asarray(now, dtype=np.float64) - np.asarray(base, dtype=np.float64)
    return Contributions(change, change, np.zeros_like(change))


def share_contributions(
    base_numerator: ArrayLike,
    base_denominator: ArrayLike,
    numerator: ArrayLike,
    denominator: ArrayLike,
) -> Contributions:
    """Decompose the change of a share, a sum of numerators over one of denominators.

    Parameters
    ----------
    base_numerator, base_denominator : array_like of float, shape (n,)
        Each part before; 0 where it is not there.
    numerator, denominator : array_like of float, shape (n,)
        Each part after.

    Returns
    -------
    Contributions
        In units of the share. NaN throughout if either share has no denominator.

    Notes
    -----
    With s a part's share of the denominator, r its own share and V the middle of the two values
    of the whole, a part's contribution is s1 (r1 - V) - s0 (r0 - V): what it holds the whole
    above or below the middle by, after less before. These add up to V1 - V0, and change their
    sign when the days change places. By the mean of both days' weights [1]_ it is split into the
    part's own rise, (s0 + s1)/2 (r1 - r0), and the change of its weight,
    (s1 - s0) ((r0 + r1)/2 - V). A part that stands on one day alone has all of it as weight.

    References
    ----------
    .. [1] Marshall, E. (1885) and Edgeworth, F. Y. (1887), the mean of both days as weights;
       for rates: Kitagawa, E. M. (1955). Components of a difference between two rates. J. Am.
       Stat. Assoc. 50(272), 1168-1194.

    Examples
    --------
    >>> found = share_contributions([1.0, 4.0], [4.0, 4.0], [3.0, 4.0], [4.0, 4.0])
    >>> found.change.tolist(), found.own.tolist()
    ([0.25, 0.0], [0.25, 0.0])
    """
    parts = (base_numerator, base_denominator, numerator, denominator)
    n0, d0, n1, d1 = (np.asarray(one, dtype=np.float64) for one in parts)
    whole0, whole1 = d0.sum(), d1.sum()
    if not (whole0 > 0 and whole1 > 0):
        nothing = np.full(n0.shape, np.nan)
        return Contributions(nothing, nothing, nothing)
    middle = (n0.sum() / whole0 + n1.sum() / whole1) / 2
    change = (n1 - middle * d1) / whole1 - (n0 - middle * d0) / whole0
    is_both = (d0 > 0) & (d1 > 0)
    rise = np.divide(n1, d1, out=np.zeros_like(n1), where=is_both) - np.divide(
        n0, d0, out=np.zeros_like(n0), where=is_both
    )
    own = np.where(is_both, (d0 / whole0 + d1 / whole1) / 2 * rise, 0.0)
    return Contributions(change, own, change - own)
