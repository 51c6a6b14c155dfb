"""Describe trade flows: growth, shares, concentration, advantage and two-way trade.

It must not add up flows itself: re-exports and world totals are sorted out before.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def herfindahl(shares_or_values: ArrayLike, *, normalised: bool = False) -> FloatArray:
    """Return the Herfindahl-Hirschman concentration index.

    Parameters
    ----------
    shares_or_values : array_like of float, shape (..., n)
        Trade by partner, commodity or the like, 0 or more, in any unit: the shares are
        taken from the sum over the last axis. A missing value is no part of it.
    normalised : bool, default False
        Whether to return ``(H - 1/n) / (1 - 1/n)``, which is 0 for equal shares
        whatever n is. Then n is the number of values that are not missing, those of 0
        among them, and a single one gives 1.

    Returns
    -------
    ndarray of float, shape (...)
        Sum of squared shares, 1/n to 1, or its normalised form, 0 to 1. NaN where
        there is no value or all are 0.

    Raises
    ------
    ValueError
        If a value is negative or there is no axis to sum over.

    References
    ----------
    .. [1] Hirschman, A. O. (1964). The paternity of an index. Am. Econ. Rev. 54(5), 761.
    .. [2] UNCTAD. Handbook of Statistics, concentration index (normalised form).

    Examples
    --------
    >>> round(float(herfindahl([30, 30, 20, 20])), 2)
    0.26
    >>> round(float(herfindahl([30, 30, 20, 20], normalised=True)), 4)
    0.0133
    """
    values = np.asarray(shares_or_values, dtype=np.float64)
    if values.ndim == 0:
        raise ValueError("a single number has no concentration; give the values to compare.")
    if np.any(values < 0):
        raise ValueError("a value is negative; give trade values or shares of 0 or more.")
    known = np.isfinite(values)
    part = np.where(known, values, 0.0)
    largest = part.max(axis=-1, keepdims=True, initial=0.0)
    # Divided by the largest first: the squares of very small values would vanish.
    part = part / np.where(largest > 0, largest, 1.0)
    total = part.sum(axis=-1)
    has_total = total > 0
    index = (part**2).sum(axis=-1) / np.where(has_total, total, 1.0) ** 2
    if normalised:
        count = known.sum(axis=-1)
        even = 1.0 / np.maximum(count, 1)
        several = count > 1
        spread = (index - even) / np.where(several, 1.0 - even, 1.0)
        index = np.where(several, np.maximum(spread, 0.0), 1.0)
    return np.where(has_total, index, np.nan)


def balassa_index(
    value: ArrayLike,
    by_reporter_total: ArrayLike,
    by_commodity_total: ArrayLike,
    world_total: ArrayLike,
) -> FloatArray:
    """Return the revealed comparative advantage of a reporter in a commodity.

    ``(value / by_reporter_total) / (by_commodity_total / world_total)``: the
    commodity's share in the reporter's exports over its share in all exports.

    Parameters
    ----------
    value : array_like of float, shape (...)
        Exports of the commodity by the reporter, US dollars; all four are broadcast.
    by_reporter_total : array_like of float, shape (...)
        Exports of the reporter, all commodities, US dollars.
    by_commodity_total : array_like of float, shape (...)
        Exports of the commodity, all reporters, US dollars.
    world_total : array_like of float, shape (...)
        Exports of all reporters, all commodities, US dollars.

    Returns
    -------
    ndarray of float, shape (...)
        Index, 0 or more; above 1 is an advantage. NaN where a value is missing or a
        total is 0.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    .. [1] Balassa, B. (1965). Trade liberalisation and "revealed" comparative
       advantage. The Manchester School 33(2), 99-123.

    Examples
    --------
    >>> float(balassa_index(20.0, 100.0, 100.0, 1000.0))
    2.0
    """
    parts = [
        np.asarray(part, dtype=np.float64)
        for part in (value, by_reporter_total, by_commodity_total, world_total)
    ]
    if any(np.any(part < 0) for part in parts):
        raise ValueError("an export value is negative; give values of 0 or more.")
    return _ratio(_ratio(parts[0], parts[1]), _ratio(parts[2], parts[3]))


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    usable = bottom > 0
    with np.errstate(over="ignore"):  # a rate over next to nothing is infinite
        return np.where(usable, top / np.where(usable, bottom, 1.0), np.nan)


def grubel_lloyd(exports: ArrayLike, imports: ArrayLike) -> FloatArray:
    """Return the share of two-way trade in each cell.

    ``1 - |X - M| / (X + M)``, for example by member, partner and HS chapter.

    Parameters
    ----------
    exports, imports : array_like of float, shape (...)
        Values of the cell in the two directions, US dollars, 0 or more; broadcast. A
        direction without trade is 0, one without data is missing.

    Returns
    -------
    ndarray of float, shape (...)
        Index, 0 (one way only) to 1 (as much out as in). NaN where a value is missing
        or both are 0.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    .. [1] Grubel, H. G. and Lloyd, P. J. (1975). Intra-Industry Trade. Macmillan.

    Examples
    --------
    >>> grubel_lloyd([100.0, 100.0, 0.0], [100.0, 50.0, 5.0]).round(4).tolist()
    [1.0, 0.6667, 0.0]
    """
    out, into = _two_ways(exports, imports)
    return 1.0 - _ratio(np.abs(out - into), out + into)


def grubel_lloyd_aggregate(exports: ArrayLike, imports: ArrayLike) -> FloatArray:
    """Return the share of two-way trade over many cells.

    ``1 - sum |X - M| / sum (X + M)``, the cells' indices weighted by their trade.

    Parameters
    ----------
    exports, imports : array_like of float, shape (..., n)
        Values of the cells in the two directions, US dollars, 0 or more; broadcast. A
        cell with a missing side is left out.

    Returns
    -------
    ndarray of float, shape (...)
        Index over the last axis, 0 to 1. NaN where no cell is left or all are 0.

    Raises
    ------
    ValueError
        If a value is negative or there is no axis to sum over.

    References
    ----------
    .. [1] Grubel, H. G. and Lloyd, P. J. (1975). Intra-Industry Trade. Macmillan.

    Examples
    --------
    >>> float(grubel_lloyd_aggregate([100.0, 10.0], [100.0, 30.0])) == 1 - 20 / 240
    True
    """
    out, into = _two_ways(exports, imports)
    if out.ndim == 0:
        raise ValueError("a single cell has no aggregate; give the cells or use grubel_lloyd.")
    complete = np.isfinite(out) & np.isfinite(into)
    gap = np.where(complete, np.abs(out - into), 0.0).sum(axis=-1)
    return 1.0 - _ratio(gap, np.where(complete, out + into, 0.0).sum(axis=-1))


def _two_ways(exports: ArrayLike, imports: ArrayLike) -> tuple[FloatArray, FloatArray]:
    out, into = np.broadcast_arrays(
        np.asarray(exports, dtype=np.float64), np.asarray(imports, dtype=np.float64)
    )
    if np.any(out < 0) or np.any(into < 0):
        raise ValueError("a trade value is negative; give values of 0 or more.")
    return out, into


def growth(now: ArrayLike, before: ArrayLike) -> FloatArray:
    """Return the relative change of a value.

    Parameters
    ----------
    now, before : array_like of float, shape (...)
        Values of the period and of the one it is compared with, any unit; broadcast.

    Returns
    -------
    ndarray of float, shape (...)
        ``now / before - 1``; 0.05 is 5 % more. NaN where a value is missing or
        `before` is 0 or less, against which no rate has a meaning.

    Examples
    --------
    >>> growth([105.0, 80.0, 7.0], [100.0, 100.0, 0.0]).round(4).tolist()
    [0.05, -0.2, nan]
    """
    later, earlier = np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64)
    return _ratio(later - earlier, earlier)


def share(part: ArrayLike, whole: ArrayLike) -> FloatArray:
    """Return the share of a part in its whole.

    Parameters
    ----------
    part, whole : array_like of float, shape (...)
        Values of the part and of the whole, one unit; broadcast.

    Returns
    -------
    ndarray of float, shape (...)
        ``part / whole``, 0 to 1 for a true part. NaN where a value is missing or the
        whole is 0 or less.

    Examples
    --------
    >>> share([25.0, 3.0], [100.0, 0.0]).tolist()
    [0.25, nan]
    """
    return _ratio(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64))


def unit_value(value: ArrayLike, mass: ArrayLike) -> FloatArray:
    """Return the value of a kilogram.

    Parameters
    ----------
    value : array_like of float, shape (...)
        Value of the records that give both value and weight, US dollars; broadcast.
        The value of the others must not be in it.
    mass : array_like of float, shape (...)
        Weight of the same records, kilograms.

    Returns
    -------
    ndarray of float, shape (...)
        US dollars per kilogram: a sum over a sum. NaN where either is missing or the
        weight is 0.

    References
    ----------
    .. [1] United Nations (2010). International Merchandise Trade Statistics: Concepts
       and Definitions 2010, chapter VI, quantity measurement.

    Examples
    --------
    >>> unit_value([10.0, 5.0], [4.0, 0.0]).tolist()
    [2.5, nan]
    """
    return _ratio(np.asarray(value, dtype=np.float64), np.asarray(mass, dtype=np.float64))
