"""Keep a few extreme values from deciding what an indicator says.

It must not know what an indicator measures, nor decide which ones are treated.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

TREATMENTS = ("none", "winsorised", "log")
"""What can be done to an indicator."""

SKEWNESS = 2.0
"""Skewness, either way, from which an indicator is treated if its kurtosis is high too."""

KURTOSIS = 3.5
"""Kurtosis, 0 for the normal distribution, from which it is treated."""

MOST_POINTS = 5
"""Most values that are winsorised; if that is not enough, the logarithm is taken."""

OFFSET = 0.01
"""What is added before the logarithm, as a share of the range: the least value has one too."""

FEWEST = 4
"""Fewest values that have a kurtosis."""


@dataclass(frozen=True)
class Treatment:
    """Hold what was done to an indicator.

    Attributes
    ----------
    kind : {"none", "winsorised", "log"}
        What was done. The logarithm is taken of the values as they came.
    values : ndarray of float, shape (n,)
        Treated values. NaN where missing.
    moved : ndarray of int, shape (n,)
        -1 for a value that was lowered to the next one, 1 for one that was raised to it,
        0 for one that was not winsorised.
    low, high : float
        Least and greatest value that is left where it is; what lies beyond counts as
        much.
    offset : float
        What is added before the logarithm, unit of the values. 0 without one.
    is_mirrored : bool
        Whether it is the low end that the logarithm draws in.
    skewness, kurtosis : float
        Of the values as they came. NaN for fewer than four different from each other.
    """

    kind: str
    values: FloatArray
    moved: NDArray[np.int64]
    low: float
    high: float
    offset: float
    is_mirrored: bool
    skewness: float
    kurtosis: float


def treat_outliers(values: ArrayLike, *, most: int = MOST_POINTS) -> Treatment:
    """Winsorise an indicator whose extremes are far out, or take its logarithm.

    It is left alone unless its skewness is 2 or more, either way, and its kurtosis 3.5 or
    more. Then the farthest values on the side of the skew are set to the next ones, one
    after the other, until that is mended. If it takes more than `most` values, the
    logarithm is taken instead.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per member, any unit. NaN where missing.
    most : int, default 5
        Most values that are winsorised, 0 or more.

    Returns
    -------
    Treatment
        Treated values and what was done to which. The order of the values is kept.

    Raises
    ------
    ValueError
        If `values` is not a row of finite or missing numbers, or `most` is negative.

    Notes
    -----
    The logarithm is ``log(x - min + a)``, with a hundredth of the range for a, or
    ``-log(max - x + a)`` where the skew is to the low side. What is done depends on who is
    there: with it, a new member can move the others.

    References
    ----------
    .. [1] Becker, W., Caperna, G., Del Sorbo, M., Norlén, H., Papadimitriou, E. and
       Saisana, M. (2022). COINr: an R package for developing composite indicators.
       J. Open Source Softw. 7(78), 4567 (functions winsorise, log_CT_plus).
    .. [2] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       section 5.1.

    Examples
    --------
    >>> found = treat_outliers([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100])
    >>> found.kind, found.values.max().item(), found.moved.tolist()
    ('winsorised', 10.0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1])
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1 or np.isinf(given).any():
        raise ValueError("values is not a row of numbers; give one finite number per member.")
    if most < 0:
        raise ValueError(f"most={most!r} is negative; give 0 or more.")
    known = np.flatnonzero(~np.isnan(given))
    skewness, kurtosis = _shape(given[known])
    plain = Treatment(
        "none",
        given,
        np.zeros(given.shape, dtype=np.int64),
        -np.inf,
        np.inf,
        0.0,
        False,
        skewness,
        kurtosis,
    )
    if _is_fit(skewness, kurtosis):
        return plain
    return _winsorised(plain, known, most) or _logarithm(plain, known)


def apply_treatment(treatment: Treatment, values: ArrayLike) -> FloatArray:
    """Do to other values what was done to an indicator, so that they can be compared.

    Parameters
    ----------
    treatment : Treatment
        Of `treat_outliers`.
    values : array_like of float, shape (...)
        Values of the indicator, such as its goalposts.

    Returns
    -------
    ndarray of float, shape (...)
        Treated values. NaN where missing. Before the logarithm, values beyond the end
        that it draws out count as that end.

    Examples
    --------
    >>> found = treat_outliers([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100])
    >>> apply_treatment(found, [0.0, 60.0]).tolist()
    [0.0, 10.0]
    """
    cut = np.clip(np.asarray(values, dtype=np.float64), treatment.low, treatment.high)
    if treatment.kind != "log":
        return cut
    if treatment.is_mirrored:
        return np.asarray(-np.log(treatment.high - cut + treatment.offset))
    return np.asarray(np.log(cut - treatment.low + treatment.offset))


def _shape(known: FloatArray) -> tuple[float, float]:
    """Return skewness and kurtosis as samples have them, without their bias."""
    n = len(known)
    if n < FEWEST or np.ptp(known) == 0:
        return float("nan"), float("nan")
    away = (known - known.mean()) / np.ptp(known)
    second, third, fourth = ((away**power).mean() for power in (2, 3, 4))
    skewness = third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = ((n + 1) * (fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return float(skewness), float(kurtosis)


def _is_fit(skewness: float, kurtosis: float) -> bool:
    return not (abs(skewness) >= SKEWNESS and kurtosis >= KURTOSIS)


def _winsorised(plain: Treatment, known: NDArray[np.intp], most: int) -> Treatment | None:
    """Return the treatment that mends the shape with the fewest values moved; None if none."""
    values = plain.values.copy()
    moved = plain.moved.copy()
    low, high = plain.low, plain.high
    skewness, kurtosis = plain.skewness, plain.kurtosis
    while not _is_fit(skewness, kurtosis):
        there = values[known]
        if skewness >= 0:
            high = float(there[there < there.max()].max())
            moved[known[there > high]] = -1
        else:
            low = float(there[there > there.min()].min())
            moved[known[there < low]] = 1
        if np.count_nonzero(moved) > most:
            return None
        np.clip(values, low, high, out=values)
        skewness, kurtosis = _shape(values[known])
    return replace(plain, kind="winsorised", values=values, moved=moved, low=low, high=high)


def _logarithm(plain: Treatment, known: NDArray[np.intp]) -> Treatment:
    there = plain.values[known]
    is_mirrored = plain.skewness < 0
    shape = replace(
        plain,
        kind="log",
        low=-np.inf if is_mirrored else float(there.min()),
        high=float(there.max()) if is_mirrored else np.inf,
        offset=OFFSET * float(np.ptp(there)),
        is_mirrored=is_mirrored,
    )
    return replace(shape, values=apply_treatment(shape, plain.values))
