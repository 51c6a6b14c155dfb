"""Score the quality of submitted data: goalposts, mirrors and revisions.

It must not decide what is a rule, a goalpost or a weight: the framework declares those.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


CIF_FOB_MARGIN = 0.06
"""Freight and insurance in an import value, as a share of its export value (IMF)."""


def goalpost_points(value: ArrayLike, worst: ArrayLike, best: ArrayLike) -> FloatArray:
    """Return values in points of the way from one goalpost to the other, beyond them too.

    Parameters
    ----------
    value : array_like of float, shape (...)
        Measured values, any unit.
    worst, best : array_like of float, shape (...)
        Values of 0 and 100 points, unit of `value`; broadcast with it. `worst` is the
        larger one where less is better.

    Returns
    -------
    ndarray of float, shape (...)
        Points: below 0 before the worst goalpost, above 100 past the best. NaN where the
        value is missing.

    Raises
    ------
    ValueError
        If `worst` equals `best` or a goalpost is not finite.

    Examples
    --------
    >>> goalpost_points([90.0, 60.0, 0.0], 90.0, 30.0).tolist()
    [0.0, 50.0, 150.0]
    """
    zero = np.asarray(worst, dtype=np.float64)
    full = np.asarray(best, dtype=np.float64)
    if not (np.isfinite(zero).all() and np.isfinite(full).all()):
        raise ValueError("a goalpost is not a finite number; give both in the framework.")
    if np.any(zero == full):
        raise ValueError("worst equals best; give two different goalposts in the framework.")
    measured = np.asarray(value, dtype=np.float64)
    with np.errstate(over="ignore"):  # that far beyond a goalpost is infinitely far
        points = 100.0 * ((measured - zero) / (full - zero))
    return np.asarray(points + 0.0)  # no minus zero on a screen


def goalpost_score(value: ArrayLike, worst: ArrayLike, best: ArrayLike) -> FloatArray:
    """Return a 0 to 100 score by fixed goalposts.

    Parameters
    ----------
    value : array_like of float, shape (...)
        Measured values, any unit.
    worst, best : array_like of float, shape (...)
        Values that score 0 and 100, unit of `value`; broadcast with it. `worst` is the
        larger one where less is better.

    Returns
    -------
    ndarray of float, shape (...)
        Score, 0 to 100; values beyond a goalpost get that goalpost's score. NaN where
        the value is missing.

    Raises
    ------
    ValueError
        If `worst` equals `best` or a goalpost is not finite.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       section 5.4 (distance to a reference).

    Examples
    --------
    >>> [float(score) for score in goalpost_score([0.5, 0.75, 1.0], 0.5, 1.0)]
    [0.0, 50.0, 100.0]
    >>> float(goalpost_score(60.0, 90.0, 30.0))
    50.0
    """
    return np.clip(goalpost_points(value, worst, best), 0.0, 100.0)


def overall_score(scores: ArrayLike, weights: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the weighted mean of the dimensions that could be computed.

    A dimension without a score is left out and its weight goes to the others in
    proportion; the second result says how much of the weight was there.

    Parameters
    ----------
    scores : array_like of float, shape (n, d)
        One row per member and period, one column per dimension, 0 to 100. NaN where
        the dimension cannot be computed.
    weights : array_like of float, shape (d,)
        Weights of the dimensions, 0 or more, any scale.

    Returns
    -------
    score : ndarray of float, shape (n,)
        Weighted mean, 0 to 100. NaN where no weighted dimension has a score.
    weight_used : ndarray of float, shape (n,)
        Share of the weight whose dimensions have a score, 0 to 1.

    Raises
    ------
    ValueError
        If `scores` is not a table, the weights do not match its columns, or a weight
        is negative or missing, or all are 0.

    Examples
    --------
    >>> score, used = overall_score([[80.0, 60.0], [80.0, float("nan")]], [3.0, 1.0])
    >>> [float(value) for value in score], [float(value) for value in used]
    ([75.0, 80.0], [1.0, 0.75])
    """
    table = np.asarray(scores, dtype=np.float64)
    weight = np.asarray(weights, dtype=np.float64)
    if table.ndim != 2 or weight.shape != table.shape[1:]:
        raise ValueError(
            f"scores has shape {table.shape} and weights {weight.shape}; "
            "give one column of scores and one weight per dimension."
        )
    if not np.all(weight >= 0) or not np.isfinite(weight).all() or weight.sum() <= 0:
        raise ValueError(
            f"weights={weight.tolist()!r}; give finite weights of 0 or more, one above 0."
        )
    known = ~np.isnan(table)
    available = known @ weight
    total = np.where(known, table, 0.0) @ weight
    has_score = available > 0
    score = np.where(has_score, total / np.where(has_score, available, 1.0), np.nan)
    return score, available / weight.sum()


def mirror_asymmetry(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float = CIF_FOB_MARGIN
) -> FloatArray:
    """Return the disagreement of the two records of one trade.

    With M the import value and c the margin, ``CC2 = |X - M/(1+c)| / ((X + M/(1+c))/2)``.

    Parameters
    ----------
    exports : array_like of float, shape (...)
        Value by the exporting side, FOB, US dollars, 0 or more.
    imports_cif : array_like of float, shape (...)
        Value of the same trade by the importing side, CIF, US dollars, 0 or more;
        broadcast with `exports`.
    margin : float, default 0.06
        CIF/FOB margin as a share of the FOB value, 0 or more.

    Returns
    -------
    ndarray of float, shape (...)
        CC2, 0 (the records agree) to 2 (one side has nothing). NaN where either is
        missing, since nothing is matched, or both are 0.

    Raises
    ------
    ValueError
        If a value or the margin is negative.

    References
    ----------
    .. [1] UNECE (2019). Guide on Data Exchange and Asymmetries; the index of relative
       asymmetry of the Eurostat Quality Report on European statistics on
       international trade in goods.

    Examples
    --------
    >>> [round(float(gap), 4) for gap in mirror_asymmetry([100.0, 100.0, 0.0], [106.0, 318.0, 5.3])]
    [0.0, 1.0, 2.0]
    """
    fob, mirrored = _matched(exports, imports_cif, margin)
    middle = (fob + mirrored) / 2
    traded = middle > 0
    gap = np.abs(fob - mirrored) / np.where(traded, middle, 1.0)
    return np.where(traded, gap, np.nan)


def weighted_mirror_asymmetry(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float = CIF_FOB_MARGIN
) -> float:
    """Return the value-weighted mean of `mirror_asymmetry` over matched cells.

    A cell's weight is the mean of its two FOB values, so that the result is the sum of
    the gaps over the sum of the means.

    Parameters
    ----------
    exports, imports_cif : array_like of float, shape (...)
        Values as for `mirror_asymmetry`, US dollars. A cell missing on either side is
        not matched and left out.
    margin : float, default 0.06
        CIF/FOB margin as a share of the FOB value, 0 or more.

    Returns
    -------
    float
        CC2 of the whole, 0 to 2. NaN when no cell is matched or all are 0.

    Raises
    ------
    ValueError
        If a value or the margin is negative.

    Examples
    --------
    >>> round(weighted_mirror_asymmetry([100.0, 300.0], [106.0, 106.0]), 4)
    0.6667
    """
    fob, mirrored = _matched(exports, imports_cif, margin)
    matched = np.isfinite(fob) & np.isfinite(mirrored)
    middle = float(np.sum((fob + mirrored)[matched])) / 2
    if middle <= 0:
        return float("nan")
    return float(np.sum(np.abs(fob - mirrored)[matched])) / middle


def _matched(
    exports: ArrayLike, imports_cif: ArrayLike, margin: float
) -> tuple[FloatArray, FloatArray]:
    if not margin >= 0:
        raise ValueError(f"margin={margin!r} is not 0 or more; give a share such as 0.06.")
    fob, cif = np.broadcast_arrays(
        np.asarray(exports, dtype=np.float64), np.asarray(imports_cif, dtype=np.float64)
    )
    if np.any(fob < 0) or np.any(cif < 0):
        raise ValueError("a trade value is negative; give values of 0 or more.")
    return fob, cif / (1 + margin)


def revision_size(first: ArrayLike, later: ArrayLike) -> tuple[float, float]:
    """Return how much figures moved between their first and a later release.

    Parameters
    ----------
    first : array_like of float, shape (n,)
        Figures as first received, any unit.
    later : array_like of float, shape (n,)
        The same figures as they stand later. A pair with a missing side is left out.

    Returns
    -------
    mean_absolute_revision : float
        Mean of ``|later - first|``, unit of the figures. NaN without a pair.
    rmar : float
        Relative mean absolute revision, ``sum |later - first| / sum |later|``, 0 or
        more. NaN without a pair or when all later figures are 0.

    Raises
    ------
    ValueError
        If the two arrays differ in shape.

    References
    ----------
    .. [1] Eurostat (2014). ESS Guidelines for the Implementation of the ESS Quality
       and Performance Indicators, indicator A6 (data revision, average size).

    Examples
    --------
    >>> mean, relative = revision_size([90.0, 200.0], [100.0, 190.0])
    >>> mean, round(relative, 4)
    (10.0, 0.069)
    """
    before = np.asarray(first, dtype=np.float64)
    after = np.asarray(later, dtype=np.float64)
    if before.shape != after.shape:
        raise ValueError(
            f"first has shape {before.shape} and later {after.shape}; give matching figures."
        )
    paired = np.isfinite(before) & np.isfinite(after)
    if not paired.any():
        return float("nan"), float("nan")
    moved = np.abs(after[paired] - before[paired])
    total = float(np.abs(after[paired]).sum())
    return float(moved.mean()), float(moved.sum()) / total if total > 0 else float("nan")
