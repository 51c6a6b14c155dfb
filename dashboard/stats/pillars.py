"""Say how sure the measures are that pillars of the incentive score are made of.

It must not score or weigh a pillar, nor know whose it is.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]

LEVEL = 0.95
"""Coverage of the Wilson interval whose width gives the error of a share."""

SMALLEST_SAMPLE = 2
"""Fewest submissions from which the error of a ratio can be told."""


def share_error(successes: ArrayLike, trials: ArrayLike) -> FloatArray:
    """Return the standard error of a share, after Wilson.

    Half the width of the 95 % score interval over 1.96: unlike the usual
    ``sqrt(p(1 - p)/n)`` it is not 0 for a member that was always, or never, on time.

    Parameters
    ----------
    successes : array_like of float, shape (...)
        Obligations met, ``0 <= successes <= trials``.
    trials : array_like of float, shape (...)
        Obligations that could have been met; broadcast with `successes`.

    Returns
    -------
    ndarray of float, shape (...)
        Standard error, share. NaN where `trials` is 0 or either count is missing.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and
       statistical inference. J. Am. Stat. Assoc. 22(158), 209-212.

    Examples
    --------
    >>> [round(float(error), 4) for error in share_error([18, 36, 0], [36, 36, 0])]
    [0.0792, 0.0246, nan]
    """
    met, count = np.broadcast_arrays(
        np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    )
    usable = count > 0
    size = np.where(usable, count, 1.0)
    share = met / size
    z = float(special.ndtri(0.5 + LEVEL / 2))
    spread = np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    return np.where(usable, spread, np.nan)


def ratio_error(
    count: ArrayLike,
    numerator: ArrayLike,
    denominator: ArrayLike,
    numerator_squares: ArrayLike,
    products: ArrayLike,
    denominator_squares: ArrayLike,
) -> FloatArray:
    """Return the standard error of a sum over a sum, from sums alone.

    The linearised error of a ratio estimator over submissions: what the ratio would
    vary by if other periods of the same member had been looked at.

    Parameters
    ----------
    count : array_like of float, shape (...)
        Submissions that were added up; all are broadcast.
    numerator, denominator : array_like of float, shape (...)
        Sums of both sides over the submissions.
    numerator_squares, products, denominator_squares : array_like of float, shape (...)
        Sums of their squares and of their products.

    Returns
    -------
    ndarray of float, shape (...)
        Standard error, unit of the ratio. NaN with fewer than two submissions or where
        the denominator is 0.

    References
    ----------
    .. [1] Cochran, W. G. (1977). Sampling Techniques, 3rd ed., equation 6.13 (without
       the correction for a finite population).

    Examples
    --------
    Submissions with 1 of 10, 3 of 10 and 2 of 20:

    >>> round(float(ratio_error(3, 6, 40, 14, 80, 600)), 4)
    0.0573
    """
    n, top, low = (np.asarray(part, dtype=np.float64) for part in (count, numerator, denominator))
    usable = (n >= SMALLEST_SAMPLE) & (low != 0)
    base = np.where(usable, low, 1.0)
    size = np.where(usable, n, float(SMALLEST_SAMPLE))
    ratio = top / base
    residual = (
        np.asarray(numerator_squares, dtype=np.float64)
        - 2 * ratio * np.asarray(products, dtype=np.float64)
        + ratio**2 * np.asarray(denominator_squares, dtype=np.float64)
    )
    # Rounding can leave a sum of squares a little below 0.
    variance = np.maximum(residual, 0.0) * size / (size - 1) / base**2
    return np.where(usable, np.sqrt(variance), np.nan)


def mean_error(errors: ArrayLike, scores: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return the standard error of a weighted mean of the scores that are there.

    Parameters
    ----------
    errors : array_like of float, shape (n, d)
        Standard error of each score; NaN is not known and counts as 0.
    scores : array_like of float, shape (n, d)
        The scores themselves: where one is missing its weight goes to the others.
    weights : array_like of float, shape (d,)
        Weights, 0 or more.

    Returns
    -------
    ndarray of float, shape (n,)
        Standard error of the mean, the errors taken as independent. NaN where no
        weighted score is there.

    Examples
    --------
    >>> mean_error([[3.0, 4.0], [3.0, 4.0]], [[50.0, 50.0], [50.0, float("nan")]], [1, 1]).tolist()
    [2.5, 3.0]
    """
    known = ~np.isnan(np.asarray(scores, dtype=np.float64))
    weight = np.asarray(weights, dtype=np.float64) * known
    spread = np.nan_to_num(np.asarray(errors, dtype=np.float64), nan=0.0)
    whole = weight.sum(axis=-1)
    total = np.sqrt(((weight * spread) ** 2).sum(axis=-1))
    return np.where(whole > 0, total / np.where(whole > 0, whole, 1.0), np.nan)
