"""How far each reporter's records stand from its partners', all pairs taken together.

A gap has two sides: an effect says where a record stands among the others, not who is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

__all__ = ["RecordEffects", "median_polish", "record_effects"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ROUNDS_AT_MOST: Final = 20
CLOSE_ENOUGH: Final = 1e-3
"""A round of the polish that moves every effect by less than a tenth of a percent was the last."""

MAD_TO_SIGMA: Final = 1.4826
NORMAL_95: Final = 1.959963984540054


@dataclass(frozen=True)
class RecordEffects:
    """Where the records of each reporter of one flow stand.

    Arrays of shape (reporters,), natural logarithms: 0.1 is a record about 10 % above what the
    partners' records lead one to expect. ``effect`` is as fitted, ``error`` its standard error;
    ``standing`` is the effect drawn towards 0 by as much as it is uncertain, ``low`` and ``high``
    its 95 % interval. NaN but for ``pairs`` where a reporter has too few pairs.
    """

    reporter: Integers
    pairs: Integers
    effect: Floats
    error: Floats
    standing: Floats
    low: Floats
    high: Floats


def median_polish(
    row: ArrayLike, column: ArrayLike, values: ArrayLike
) -> tuple[float, Floats, Floats]:
    """Return the additive two-way fit of a table, possibly with holes, by medians.

    Parameters
    ----------
    row, column : array_like of int, shape (n,)
        Where each value stands; every number from 0 to the largest occurs.
    values : array_like of float, shape (n,)
        The values; none is missing, a hole is a place that does not occur.

    Returns
    -------
    overall : float
        The common value; NaN of an empty table.
    row_effects, column_effects : ndarray of float, shape (rows,) and (columns,)
        What each row and column adds; the median of either is 0.

    References
    ----------
    .. [1] Tukey, J. W. (1977). Exploratory Data Analysis, chapter 11. Addison-Wesley.

    Examples
    --------
    >>> overall, rows, columns = median_polish([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 2.0, 3.0, 4.0])
    >>> overall, rows.tolist(), columns.tolist()
    (2.5, [-1.0, 1.0], [-0.5, 0.5])
    """
    rest = np.array(values, dtype=np.float64)
    if not len(rest):
        return float("nan"), np.empty(0), np.empty(0)
    keys = np.asarray(row, dtype=np.int64), np.asarray(column, dtype=np.int64)
    effects = np.zeros(keys[0].max() + 1), np.zeros(keys[1].max() + 1)
    overall = 0.0
    for _ in range(ROUNDS_AT_MOST):
        largest = 0.0
        for own, other in ((0, 1), (1, 0)):
            step = _medians(keys[own], rest)
            rest -= step[keys[own]]
            effects[own][:] += step
            overall += _centred(effects[other])
            largest = max(largest, float(np.abs(step).max()))
        if largest < CLOSE_ENOUGH:
            break
    return overall + _centred(effects[1]), *effects


def record_effects(
    exporter: ArrayLike,
    importer: ArrayLike,
    exported: ArrayLike,
    imported: ArrayLike,
    *,
    margin: float,
    least_pairs: int = 5,
) -> tuple[RecordEffects, RecordEffects]:
    """Return how far the records of each reporter stand from its partners', by flow.

    The logarithm of each pair's ratio ``X / (M / (1 + margin))`` is fitted as a common level, an
    effect of the exporter's record and one of the importer's, by :func:`median_polish`: a
    partner whose records are off with everybody then counts against nobody else.

    Parameters
    ----------
    exporter, importer : array_like of int, shape (n,)
        The areas of each pair; a pair occurs once.
    exported, imported : array_like of float, shape (n,)
        Both records over the periods that both sides report, US dollars, FOB and CIF. A pair of
        which either is 0 or less is left out.
    margin : float
        CIF over FOB, 0 or more.
    least_pairs : int, default 5
        Fewest pairs from which an effect is given.

    Returns
    -------
    exports, imports : RecordEffects
        Of the areas that occur as exporter and as importer, sorted. The standing is the effect
        times ``t^2 / (t^2 + e^2)``, with its error e and the spread t of all effects beyond their
        errors.

    References
    ----------
    .. [1] Tukey, J. W. (1977). Exploratory Data Analysis, chapter 11 (the fit).
    .. [2] Price, R. M. and Bonett, D. G. (2001). Estimating the variance of the sample median.
       J. Stat. Comput. Simul. 68, 295-305 (the errors).
    .. [3] Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its
       generalizations. J. Am. Stat. Assoc. 70, 311-319 (the shrinkage).
    .. [4] Gaulier, G. and Zignago, S. (2010). BACI. CEPII Working Paper 2010-23 (the same idea:
       the quality of a reporter shows in its mirror ratios once its partners are allowed for).
    """
    fob, mirrored = np.asarray(exported, dtype=np.float64), np.asarray(imported, dtype=np.float64)
    is_used = (fob > 0) & (mirrored > 0)
    ratio = np.log(fob[is_used] * (1.0 + margin) / mirrored[is_used])
    sellers, row = np.unique(np.asarray(exporter)[is_used], return_inverse=True)
    buyers, column = np.unique(np.asarray(importer)[is_used], return_inverse=True)
    overall, of_sellers, of_buyers = median_polish(row, column, ratio)
    without_buyers = ratio - overall - of_buyers[column] if len(ratio) else ratio
    without_sellers = -(ratio - overall - of_sellers[row]) if len(ratio) else ratio
    return (
        _effects(sellers, row, without_buyers, least_pairs),
        _effects(buyers, column, without_sellers, least_pairs),
    )


def _effects(reporter: Integers, key: Integers, values: Floats, least_pairs: int) -> RecordEffects:
    """Return the median of each reporter's values, its error, and both shrunk."""
    pairs = np.bincount(key, minlength=len(reporter))
    effect = np.where(pairs >= least_pairs, _medians(key, values), np.nan)
    error = np.where(pairs >= least_pairs, _median_errors(key, values, pairs), np.nan)
    is_known = np.isfinite(effect) & np.isfinite(error)
    spread = 0.0
    if is_known.any():
        centre = effect[is_known] - np.median(effect[is_known])
        whole = (MAD_TO_SIGMA * float(np.median(np.abs(centre)))) ** 2
        spread = max(0.0, whole - float(np.median(error[is_known] ** 2)))
    variance = error**2
    total = spread + variance
    kept = np.divide(spread, total, out=np.ones_like(total), where=total > 0)
    width = NORMAL_95 * np.sqrt(kept) * error
    standing = kept * effect
    return RecordEffects(
        reporter=np.asarray(reporter, dtype=np.int64),
        pairs=np.asarray(pairs, dtype=np.int64),
        effect=effect,
        error=error,
        standing=standing,
        low=standing - width,
        high=standing + width,
    )


def _median_errors(key: Integers, values: Floats, pairs: Integers) -> Floats:
    """Return Price and Bonett's standard error of each group's median."""
    order = np.lexsort((values, key))
    ranked = values[order]
    first = np.cumsum(pairs) - pairs
    place = np.maximum(1, np.round((pairs + 1) / 2 - np.sqrt(pairs))).astype(np.int64)
    coverage = scipy_stats.binom.cdf(place - 1, pairs, 0.5)
    width = ranked[first + pairs - place] - ranked[first + place - 1]
    found: Floats = width / (2.0 * scipy_stats.norm.isf(np.minimum(coverage, 0.499)))
    return found


def _medians(key: Integers, values: Floats) -> Floats:
    """Return the median of each group; every number from 0 to the largest key occurs."""
    ranked = values[np.lexsort((values, key))]
    count = np.bincount(key)
    first = np.cumsum(count) - count
    found: Floats = (ranked[first + (count - 1) // 2] + ranked[first + count // 2]) / 2.0
    return found


def _centred(effects: Floats) -> float:
    """Take the median out of effects, in place, and return it."""
    middle = float(np.median(effects))
    effects -= middle
    return middle
