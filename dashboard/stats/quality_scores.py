"""Score sums of quality by group, with intervals over the periods they are sums of.

It must not know what a member, a region or a rule is: groups and clusters are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dashboard.stats.quality import goalpost_score, overall_score

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEVEL = 0.95
"""Coverage of the intervals."""

FEWEST_CLUSTERS = 2
"""Fewest periods from which a spread can be told."""

NO_SPREAD = 1e-9
"""Standard error, points, below which all periods are alike."""


@dataclass(frozen=True)
class Scheme:
    """How measures become scores.

    Attributes
    ----------
    worst, best : ndarray of float, shape (d,)
        Measures that score 0 and 100.
    weights : ndarray of float, shape (d,)
        Weights of the dimensions, 0 or more, any scale.
    minimum_rows : int
        Fewest rows checked for a score.
    """

    worst: FloatArray
    best: FloatArray
    weights: FloatArray
    minimum_rows: int


@dataclass(frozen=True)
class Sums:
    """Sums of each group (or each group and cluster), one column per dimension.

    Attributes
    ----------
    numerator, denominator : ndarray of float, shape (k, d)
        Problems and what was checked, weighted. 0 where nothing was checked.
    rows : ndarray of float, shape (k, d)
        Rows checked.
    """

    numerator: FloatArray
    denominator: FloatArray
    rows: FloatArray


@dataclass(frozen=True)
class Scores:
    """Scores of groups and how sure they are.

    Attributes
    ----------
    dimensions : ndarray of float, shape (k, d)
        0 to 100; NaN where a dimension cannot be computed.
    overall : ndarray of float, shape (k,)
        Their weighted mean over what is there; NaN without any.
    weight_used : ndarray of float, shape (k,)
        Share of the weight that is there, 0 to 1.
    rows : ndarray of float, shape (k, d)
        Rows checked.
    periods : ndarray of int, shape (k, d)
        Periods in which something of the dimension was checked.
    dimensions_low, dimensions_high : ndarray of float, shape (k, d)
        95 % interval; NaN with fewer than two periods, or if all periods are alike.
    low, high : ndarray of float, shape (k,)
        The same of the overall score.
    """

    dimensions: FloatArray
    overall: FloatArray
    weight_used: FloatArray
    rows: FloatArray
    periods: IntArray
    dimensions_low: FloatArray
    dimensions_high: FloatArray
    low: FloatArray
    high: FloatArray


def add_up(places: ArrayLike, count: int, parts: Sums) -> Sums:
    """Return the sums of rows that share a place.

    Parameters
    ----------
    places : array_like of int, shape (n,)
        Where each row belongs, 0 to ``count - 1``.
    count : int
        Number of places.
    parts : Sums
        Of shape (n, d); NaN counts as 0.

    Returns
    -------
    Sums
        Of shape (count, d).
    """
    index = np.asarray(places, dtype=np.int64)
    together = np.concatenate([parts.numerator, parts.denominator, parts.rows], axis=1)
    added = _by_place(index, count, np.nan_to_num(together, nan=0.0))
    return Sums(*np.split(added, 3, axis=1))


def _by_place(index: IntArray, count: int, table: FloatArray) -> FloatArray:
    """Return the sums of the rows of each place."""
    sums = np.zeros((count, table.shape[1]))
    if index.size:
        if (np.diff(index) < 0).any():
            order = np.argsort(index, kind="stable")
            index, table = index[order], table[order]
        places, starts = np.unique(index, return_index=True)
        sums[places] = np.add.reduceat(table, starts, axis=0)
    return sums


def scores_of(sums: Sums, scheme: Scheme) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Score sums.

    Parameters
    ----------
    sums : Sums
        Of shape (k, d).
    scheme : Scheme
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    dimensions : ndarray of float, shape (k, d)
        0 to 100; NaN below the minimum of checked rows or without a denominator.
    overall, weight_used : ndarray of float, shape (k,)
        As :func:`dashboard.stats.quality.overall_score`.
    """
    enough = (sums.rows >= scheme.minimum_rows) & (sums.denominator > 0)
    ratio = np.divide(
        sums.numerator, sums.denominator, out=np.full(sums.rows.shape, np.nan), where=enough
    )
    dimensions = goalpost_score(ratio, scheme.worst, scheme.best)
    overall, used = overall_score(dimensions, scheme.weights)
    return dimensions, overall, used


def score_groups(
    groups: ArrayLike, count: int, clusters: ArrayLike, parts: Sums, scheme: Scheme
) -> Scores:
    """Score groups, with the interval that other periods of the same group would lie in.

    Parameters
    ----------
    groups : array_like of int, shape (n,)
        Group of each row, 0 to ``count - 1``.
    count : int
        Number of groups.
    clusters : array_like of int, shape (n,)
        Period of each row, 0 or more. Rows of one group and period are added up first.
    parts : Sums
        Of shape (n, d); NaN where a dimension was not measured.
    scheme : Scheme
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    Scores
        One row per group.

    Notes
    -----
    1. A dimension's ratio is a ratio estimator over the periods as clusters; its error is
       linearised [1]_ and its limits are at Student's t with one less than the periods.
    2. Both limits are scored by the goalposts, so that they stop at 0 and 100.
    3. The overall limits are recovered from those of the dimensions and the correlation of
       their deviations over the periods [2]_. A dimension of a single period adds nothing.

    References
    ----------
    .. [1] Cochran, W. G. (1977). Sampling Techniques, 3rd ed., equation 6.13 (without the
       correction for a finite population).
    .. [2] Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect
       measures: a general approach. Stat. Med. 27(10), 1693-1702.
    """
    group = np.asarray(groups, dtype=np.int64)
    cluster = np.asarray(clusters, dtype=np.int64)
    width = int(cluster.max()) + 1 if cluster.size else 1
    cells, place = np.unique(group * width + cluster, return_inverse=True)
    by_cell = add_up(place, cells.size, parts)
    of_cell = cells // width
    sums = add_up(of_cell, count, by_cell)
    dimensions, overall, used = scores_of(sums, scheme)
    periods = _by_place(of_cell, count, (by_cell.denominator > 0).astype(np.float64))
    errors, correlation = _errors(of_cell, by_cell, sums, periods, scheme)
    low, high = _limits(sums, dimensions, errors, periods, scheme)
    has_spread = (errors > NO_SPREAD) & ~np.isnan(dimensions)
    weights = scheme.weights * ~np.isnan(dimensions)
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    down = np.where(has_spread, weights * (dimensions - low), 0.0)
    up = np.where(has_spread, weights * (high - dimensions), 0.0)
    is_open = has_spread.any(axis=1) & ~np.isnan(overall)
    return Scores(
        dimensions=dimensions,
        overall=overall,
        weight_used=used,
        rows=sums.rows,
        periods=periods.astype(np.int64),
        dimensions_low=np.where(has_spread, low, np.nan),
        dimensions_high=np.where(has_spread, high, np.nan),
        low=np.where(is_open, np.maximum(overall - _combined(down, correlation), 0.0), np.nan),
        high=np.where(is_open, np.minimum(overall + _combined(up, correlation), 100.0), np.nan),
    )


def _errors(
    of_cell: IntArray, cells: Sums, sums: Sums, periods: FloatArray, scheme: Scheme
) -> tuple[FloatArray, FloatArray]:
    """Return the errors of the dimensions in points, and the correlation of their deviations."""
    count, width = sums.numerator.shape
    base = np.where(sums.denominator > 0, sums.denominator, 1.0)
    ratio = sums.numerator / base
    deviation = (cells.numerator - ratio[of_cell] * cells.denominator) / base[of_cell]
    products = (deviation[:, :, None] * deviation[:, None, :]).reshape(-1, width * width)
    together = _by_place(of_cell, count, products).reshape(count, width, width)
    squares = np.einsum("kdd->kd", together)
    scale = np.sqrt(squares[:, :, None] * squares[:, None, :])
    correlation = np.divide(together, scale, out=np.zeros_like(together), where=scale > 0)
    n = np.maximum(periods, FEWEST_CLUSTERS)
    known = (periods >= FEWEST_CLUSTERS) & (sums.denominator > 0)
    points = 100.0 / np.abs(scheme.best - scheme.worst)
    errors = np.where(known, np.sqrt(squares * n / (n - 1)) * points, 0.0)
    return errors, correlation


def _limits(
    sums: Sums, dimensions: FloatArray, errors: FloatArray, periods: FloatArray, scheme: Scheme
) -> tuple[FloatArray, FloatArray]:
    """Return limits of the dimensions: those of the measure, scored by the goalposts."""
    base = np.where(sums.denominator > 0, sums.denominator, 1.0)
    measured = 100.0 * (sums.numerator / base - scheme.worst) / (scheme.best - scheme.worst)
    freedom = np.maximum(periods, FEWEST_CLUSTERS) - 1
    reach = special.stdtrit(freedom, 0.5 + LEVEL / 2) * errors
    low = np.clip(measured - reach, 0.0, 100.0)
    high = np.clip(measured + reach, 0.0, 100.0)
    missing = np.isnan(dimensions)
    return np.where(missing, np.nan, low), np.where(missing, np.nan, high)


def _combined(reaches: FloatArray, correlation: FloatArray) -> FloatArray:
    """Return the reach of a sum from those of its parts and their correlation."""
    square = np.einsum("kd,kde,ke->k", reaches, correlation, reaches)
    reach: FloatArray = np.sqrt(np.maximum(square, 0.0))
    return reach
