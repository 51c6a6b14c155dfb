"""Why two records of the same trade differ: the gap of each cell, split into its causes.

It must not know where the records come from, nor which of the two is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PARTS", "split_gap"]

PARTS: Final = (
    "valuation",
    "timing",
    "attribution",
    "classification",
    "unreported",
    "unexplained",
)
"""The causes, in the order in which each takes what the ones before it left."""

Floats = NDArray[np.float64]


def split_gap(
    exported: ArrayLike,
    imported: ArrayLike,
    *,
    series: ArrayLike,
    period: ArrayLike,
    group: ArrayLike,
    margin: float,
    re_exported: ArrayLike = 0.0,
    route: ArrayLike = 0,
    routed: ArrayLike = (0.0,),
    is_exporter_there: ArrayLike = True,
    is_importer_there: ArrayLike = True,
    most_shifted: float = 1.0,
) -> Mapping[str, Floats]:
    """Return what of each cell's gap, imported less exported, each cause accounts for.

    A cell is one pair of areas, period and commodity. Imports are brought from CIF to FOB first
    (``m = M / (1 + margin)``), and what follows shares out ``m - X``:

    1. *timing*: an excess of exports, and an excess of imports of the same commodity one period
       later, as far as they meet;
    2. *attribution* and re-exports: an excess of exports, as far as the exporter itself records
       them as re-exports (the importer names the origin instead); an excess of imports, as far as
       goods can have come by third countries;
    3. *classification*: excesses of opposite sign of the commodities of one group, as far as they
       meet: the gap that closes one level up;
    4. *unreported*: what is left of a group of which one side records nothing in the period, and
       all of a period that one side did not submit;
    5. *unexplained*: the rest.

    *Valuation* is the margin on all imports but the unreported ones, which stand at the value
    reported. The parts of a cell add up to its gap.

    Parameters
    ----------
    exported, imported : array_like of float, shape (n,)
        The exporter's record (FOB) and the importer's (CIF), US dollars, 0 where that side has
        none.
    series, period : array_like of int, shape (n,)
        Pair and commodity, and the number of the period; each occurs once together. Periods that
        follow each other differ by 1.
    group : array_like of int, shape (n,)
        Pair, period and the commodity one level up; 0 or more.
    margin : float
        CIF over FOB, 0 or more; 0.06 in IMF practice.
    re_exported : array_like of float, shape (n,), default 0
        What of ``exported`` the exporter records as re-exports.
    route : array_like of int, shape (n,), default 0
        Place in `routed` of each cell's pair, period and chapter.
    routed : array_like of float, shape (k,), default (0,)
        What at most can have come by third countries, US dollars.
    is_exporter_there, is_importer_there : array_like of bool, shape (n,), default True
        Whether that side submitted the period at all.
    most_shifted : float, default 1
        Share of a cell's exports that may arrive a period later.

    Returns
    -------
    mapping of str to ndarray of float, shape (n,)
        By :data:`PARTS`, US dollars; positive where the importer's record is the larger.

    Raises
    ------
    ValueError
        If the margin is negative.

    References
    ----------
    .. [1] Marini, M., Dippelsman, R. and Stanger, M. (2018). New Estimates for Direction of
       Trade Statistics. IMF Working Paper 18/16 (the margin of 6 %).
    .. [2] Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the
       Product-level. CEPII Working Paper 2010-23 (both records at one valuation, then compared).
    .. [3] United Nations (2013). International Merchandise Trade Statistics: Compilers Manual,
       Revision 1 (IMTS 2010-CM): causes of bilateral asymmetries.

    Examples
    --------
    >>> parts = split_gap([100.0], [120.0], series=[0], period=[0], group=[0], margin=0.1)
    >>> {name: round(float(part[0]), 2) for name, part in parts.items() if part[0]}
    {'valuation': 10.91, 'unexplained': 9.09}
    """
    if margin < 0:
        raise ValueError(f"the margin is {margin}; give 0 or more.")
    x = np.asarray(exported, dtype=np.float64)
    imports = np.asarray(imported, dtype=np.float64)
    is_compared = np.broadcast_to(
        np.asarray(is_exporter_there, dtype=bool) & np.asarray(is_importer_there, dtype=bool),
        x.shape,
    )
    fob = imports / (1.0 + margin)
    rest = np.where(is_compared, fob - x, 0.0)
    groups = np.asarray(group, dtype=np.int64)

    timing = _shifted(rest, x * most_shifted, np.asarray(series), np.asarray(period), is_compared)
    rest = rest - timing
    attribution = _attributed(
        rest,
        np.broadcast_to(np.asarray(re_exported, dtype=np.float64), x.shape),
        np.broadcast_to(np.asarray(route, dtype=np.int64), x.shape),
        np.asarray(routed, dtype=np.float64),
    )
    rest = rest - attribution
    classification = _offset(rest, groups)
    rest = rest - classification
    is_one_sided = (_sums(groups, x) == 0.0) | (_sums(groups, fob) == 0.0)
    missing = np.where(is_one_sided & is_compared, rest, 0.0)
    # What one side alone records has no second value to compare with: it stays as reported.
    unreported = np.where(is_compared, np.where(missing > 0, missing * (1.0 + margin), missing), 0)
    unreported = unreported + np.where(is_compared, 0.0, imports - x)
    valuation = np.where(is_compared, margin * (fob - np.maximum(missing, 0.0)), 0.0)
    found = {
        "valuation": valuation,
        "timing": timing,
        "attribution": attribution,
        "classification": classification,
        "unreported": unreported,
    }
    return {**found, "unexplained": (imports - x) - np.sum(list(found.values()), axis=0)}


def _shifted(
    rest: Floats,
    most: Floats,
    series: NDArray[np.int64],
    period: NDArray[np.int64],
    is_compared: NDArray[np.bool_],
) -> Floats:
    """Return excesses of exports that meet an excess of imports one period later."""
    order = np.lexsort((period, series))
    before, after = order[:-1], order[1:]
    follows = (
        (series[before] == series[after])
        & (period[before] + 1 == period[after])
        & is_compared[before]
        & is_compared[after]
    )
    moved = np.where(
        follows,
        np.minimum(
            np.minimum(np.maximum(-rest[before], 0.0), np.maximum(rest[after], 0.0)),
            np.maximum(most[before], 0.0),
        ),
        0.0,
    )
    found = np.zeros_like(rest)
    found[before] -= moved
    found[after] += moved
    return found


def _attributed(
    rest: Floats, re_exported: Floats, route: NDArray[np.int64], routed: Floats
) -> Floats:
    """Return excesses of exports that are re-exports, and of imports that came by others."""
    above: Floats = np.maximum(rest, 0.0)
    met = np.minimum(_sums(route, above), routed[route])
    below = np.minimum(np.maximum(-rest, 0.0), np.maximum(re_exported, 0.0))
    return _share_of(above, _sums(route, above)) * met - below


def _offset(rest: Floats, groups: NDArray[np.int64]) -> Floats:
    """Return what excesses of opposite sign in one group have in common, with its sign."""
    above, below = np.maximum(rest, 0.0), np.maximum(-rest, 0.0)
    sums = _sums(groups, above), _sums(groups, below)
    met = np.minimum(*sums)
    return (_share_of(above, sums[0]) - _share_of(below, sums[1])) * met


def _sums(key: NDArray[np.int64], values: Floats) -> Floats:
    """Return for each cell the sum over all cells of its key."""
    if not len(values):
        return values
    sums = np.bincount(key, weights=values).astype(np.float64)
    found: Floats = sums[key]
    return found


def _share_of(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
