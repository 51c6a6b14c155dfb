"""How far each reporter's records usually are from its partners', whichever way.

A distance is a matter of two: it weighs records against each other, and accuses nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.mirror_effects import median_polish

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRIOR_PAIRS: Final = 5
"""Pairs that the common level counts for in the distance of each reporter."""

LEAST: Final = 0.01
"""The smallest distance: nobody's record outweighs all others because a few agreed by chance."""


@dataclass(frozen=True)
class RecordDistances:
    """Distances of the records of one flow; arrays of shape (reporters,), sorted by reporter.

    ``distance`` is in natural logarithms: 0.1 is a record about 10 % off, either way.
    """

    reporter: Integers
    pairs: Integers
    distance: Floats


def record_distances(
    exporter: ArrayLike,
    importer: ArrayLike,
    exported: ArrayLike,
    imported: ArrayLike,
    *,
    margin: float,
) -> tuple[RecordDistances, RecordDistances]:
    """Return how far the records of each reporter usually are from its partners', by flow.

    The absolute logarithm of each pair's ratio ``X / (M / (1 + margin))`` is fitted as a common
    level plus an effect of each side, by :func:`median_polish`. A reporter's distance is half the
    level and its effect, the effect counting ``n / (n + 5)`` with n pairs, and never below 0.01.

    Parameters
    ----------
    exporter, importer : array_like of int, shape (n,)
        The areas of each pair; a pair occurs once.
    exported, imported : array_like of float, shape (n,)
        Both records over the periods that both sides report, US dollars, FOB and CIF. A pair of
        which either is 0 or less is left out.
    margin : float
        CIF over FOB, 0 or more.

    Returns
    -------
    exports, imports : RecordDistances
        Of the areas that occur as exporter and as importer.

    References
    ----------
    .. [1] Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the
       Product-Level. CEPII Working Paper 2010-23 (the absolute ratios of mirror flows are
       decomposed by reporter; ours is a fit by medians, theirs a weighted analysis of variance).
    .. [2] Tukey, J. W. (1977). Exploratory Data Analysis, chapter 11 (the fit).

    Examples
    --------
    >>> exports, _ = record_distances([1, 1], [2, 3], [1.0, 2.0], [1.0, 2.0], margin=0.0)
    >>> exports.distance.tolist()
    [0.01]
    """
    fob, mirrored = np.asarray(exported, dtype=np.float64), np.asarray(imported, dtype=np.float64)
    is_used = (fob > 0) & (mirrored > 0)
    apart = np.abs(np.log(fob[is_used] * (1.0 + margin) / mirrored[is_used]))
    sellers, row = np.unique(np.asarray(exporter)[is_used], return_inverse=True)
    buyers, column = np.unique(np.asarray(importer)[is_used], return_inverse=True)
    level, of_sellers, of_buyers = median_polish(row, column, apart)
    return (
        _distances(sellers, row, of_sellers, level),
        _distances(buyers, column, of_buyers, level),
    )


def _distances(reporter: Integers, key: Integers, effect: Floats, level: float) -> RecordDistances:
    pairs = np.bincount(key, minlength=len(reporter))
    kept = effect * pairs / (pairs + PRIOR_PAIRS)
    return RecordDistances(
        reporter=np.asarray(reporter, dtype=np.int64),
        pairs=np.asarray(pairs, dtype=np.int64),
        distance=np.maximum(level / 2.0 + kept, LEAST),
    )
