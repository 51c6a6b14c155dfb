"""Bring pillars of different units to one scale of 0 to 100.

It must not know what a pillar measures, nor hold goalposts or weights.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.composite import ROUNDING
from dashboard.stats.quality import goalpost_points

FloatArray = NDArray[np.float64]

NORMALISATIONS = ("goalposts", "min_max", "z_score", "rank")
"""Ways to bring a pillar to one scale; by all but the first it depends on who else is there."""

DEVIATIONS = 3.0
"""Standard deviations on either side of the mean that the scale of z-scores holds."""

MIDDLE = 50.0
"""Score of everybody where a pillar tells nobody apart."""


def normalise(
    values: ArrayLike, worst: ArrayLike, best: ArrayLike, kind: str = "goalposts"
) -> FloatArray:
    """Return 0 to 100 scores of a table of pillars, more is better.

    Parameters
    ----------
    values : array_like of float, shape (..., n, p)
        One row per member, one column per pillar, each column in its own unit.
    worst, best : array_like of float, shape (p,)
        Goalposts, which also tell the direction: `worst` is the larger one where less is
        better.
    kind : {"goalposts", "min_max", "z_score", "rank"}, default "goalposts"
        As of `normalise_points`.

    Returns
    -------
    ndarray of float, shape (..., n, p)
        Scores, 0 to 100. NaN where the value is missing.

    Raises
    ------
    ValueError
        If the goalposts do not match the columns, are equal or are not finite, or `kind`
        is unknown.

    Examples
    --------
    >>> normalise([[0.5, 60.0], [1.0, 90.0]], [0.0, 90.0], [1.0, 30.0]).tolist()
    [[50.0, 50.0], [100.0, 0.0]]
    >>> normalise([[0.5, 60.0], [1.0, 90.0]], [0.0, 90.0], [1.0, 30.0], "min_max").tolist()
    [[0.0, 100.0], [100.0, 0.0]]
    """
    table = np.asarray(values, dtype=np.float64)
    shapes = (np.shape(worst), np.shape(best))
    if table.ndim < 2 or shapes != (table.shape[-1:],) * 2:
        raise ValueError(
            f"values has shape {table.shape} and goalposts {shapes[0]} and {shapes[1]}; "
            "give one pair of goalposts per column."
        )
    return normalise_points(goalpost_points(table, worst, best), kind)


def normalise_points(points: ArrayLike, kind: str = "goalposts") -> FloatArray:
    """Return 0 to 100 scores of pillars given as points between their goalposts.

    Parameters
    ----------
    points : array_like of float, shape (..., n, p)
        As of `quality.goalpost_points`, not cut at the goalposts: one row per member,
        one column per pillar, more is better. Leading dimensions, such as one of draws,
        are taken one by one.
    kind : {"goalposts", "min_max", "z_score", "rank"}, default "goalposts"
        "goalposts" cuts at the goalposts, so that a score depends on nobody else.
        "min_max" puts the worst member at 0 and the best at 100. "z_score" puts the mean at
        50 and three standard deviations on either side at 0 and 100, and cuts there.
        "rank" is the share of the other members that are behind, equals counting half.

    Returns
    -------
    ndarray of float, shape (..., n, p)
        Scores, 0 to 100. NaN where the points are missing. 50 for everybody where a
        pillar is the same for all, by all kinds but the first.

    Raises
    ------
    ValueError
        If `points` has no members or pillars as dimensions, or `kind` is unknown.

    Notes
    -----
    All but the first are the same whatever the goalposts, as long as the direction is.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators, sections
       5.2 to 5.4 and table 15.

    Examples
    --------
    >>> points = [[120.0], [60.0], [60.0], [0.0]]
    >>> normalise_points(points, "rank").ravel().tolist()
    [100.0, 50.0, 50.0, 0.0]
    """
    require_normalisation(kind)
    table = np.asarray(points, dtype=np.float64)
    if table.ndim < 2:
        raise ValueError(f"points has shape {table.shape}; give one row per member.")
    if kind == "goalposts":
        return np.clip(table, 0.0, 100.0)
    if table.shape[-2] == 0:
        return table.copy()
    if kind == "rank":
        return _percentiles(table)
    if kind == "min_max":
        low = np.fmin.reduce(table, axis=-2, keepdims=True)
        extent = np.fmax.reduce(table, axis=-2, keepdims=True) - low
        return _scaled(table - low, extent, 0.0)
    known = ~np.isnan(table)
    count = known.sum(axis=-2, keepdims=True)
    total = np.sum(table, axis=-2, keepdims=True, where=known)
    away = table - total / np.maximum(count, 1)
    squares = np.sum(away * away, axis=-2, keepdims=True, where=known)
    deviation = np.sqrt(squares / np.maximum(count - 1, 1))
    # Rounding leaves a little of nothing where all are the same.
    deviation[deviation <= 1e-12 * np.abs(total)] = 0.0
    return np.clip(_scaled(away, 2 * DEVIATIONS * deviation, MIDDLE), 0.0, 100.0)


def require_normalisation(kind: str) -> None:
    """Refuse a kind that is not one of ``NORMALISATIONS``.

    Parameters
    ----------
    kind : str
        Its name.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    if kind not in NORMALISATIONS:
        raise ValueError(f"kind={kind!r} is unknown; give one of {', '.join(NORMALISATIONS)}.")


def _scaled(distance: FloatArray, extent: FloatArray, start: float) -> FloatArray:
    """Return ``start`` plus the distance in hundredths of the extent; the middle if that is 0."""
    has_extent = extent > 0
    factor = np.divide(100.0, extent, out=np.zeros_like(extent), where=has_extent)
    score = distance * factor
    score += np.where(has_extent, start, MIDDLE)
    return score


def _percentiles(table: FloatArray) -> FloatArray:
    """Return the share of the others that are behind, equals counting half, 0 to 100."""
    lines = np.moveaxis(table, -1, -2)
    order = np.argsort(lines, axis=-1)  # missing values sort last
    ordered = np.take_along_axis(lines, order, axis=-1)
    place = np.arange(lines.shape[-1])
    is_new = np.ones(lines.shape, dtype=bool)
    is_new[..., 1:] = np.diff(ordered) > ROUNDING * np.abs(ordered[..., 1:])
    behind = np.maximum.accumulate(np.where(is_new, place, 0), axis=-1)
    is_last = np.ones_like(is_new)
    is_last[..., :-1] = is_new[..., 1:]
    # The next missing value is taken for another one.
    is_last[..., :-1] |= np.isnan(ordered[..., 1:])
    until = np.where(is_last, place, len(place))
    with_equals = np.minimum.accumulate(until[..., ::-1], axis=-1)[..., ::-1]
    others = np.count_nonzero(~np.isnan(lines), axis=-1)[..., np.newaxis] - 1
    share = MIDDLE * (behind + with_equals) / np.maximum(others, 1)
    share = np.where(np.isnan(ordered), np.nan, np.where(others > 0, share, MIDDLE))
    result = np.empty_like(share)
    np.put_along_axis(result, order, share, axis=-1)
    return np.moveaxis(result, -1, -2)
