"""Say how sure a rank is: draw what is uncertain, and see where each member comes out.

It must not know what a pillar measures, nor hold weights, goalposts or thresholds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.composite import (
    MEANS,
    METHODS,
    aggregate,
    rank_scores,
    require_method,
)
from dashboard.stats.normalisation import normalise_points, require_normalisation
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]

WEIGHT_SPREAD = 0.25
"""Half-width of the range over which a weight is varied, as a share of the weight."""

BAND = (0.05, 0.95)
"""Quantiles of the drawn ranks between which a rank band lies."""

BLOCK_DRAWS = 100
"""Draws worked on at once: few enough to stay in the processor's cache, twice as fast as all."""


REPEATS = {"copeland": 3}
"""How often a drawn score is counted, where one takes that much longer: so much less is drawn."""


@dataclass(frozen=True)
class Chance:
    """Hold the chance of some draws, apart from the scores and weights it moves.

    It depends on the seed and on the shape alone, so that it can be drawn once and
    used for every choice of weights.

    Attributes
    ----------
    factors : ndarray of float, shape (draws, p)
        What each draw multiplies the weights by.
    deviates : ndarray of float, shape (p, draws, n)
        Standard normal deviates. Pillar first, since `aggregate` walks through them
        pillar by pillar.
    """

    factors: FloatArray
    deviates: FloatArray


def draw_chance(
    draws: int,
    members: int,
    pillars: int,
    *,
    weight_spread: float = WEIGHT_SPREAD,
    rng: np.random.Generator,
) -> Chance:
    """Return the chance of some draws.

    Parameters
    ----------
    draws, members, pillars : int
        Shape, each 0 or more.
    weight_spread : float, default 0.25
        Each weight is drawn uniformly within this share of itself. At least 0, below 1.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    Chance
        For `draw_scores`; its arrays can not be written to.

    Raises
    ------
    ValueError
        If `weight_spread` is out of its range.

    Examples
    --------
    >>> chance = draw_chance(3, 2, 4, rng=np.random.default_rng(1))
    >>> chance.factors.shape, chance.deviates.shape
    ((3, 4), (4, 3, 2))
    """
    if not 0 <= weight_spread < 1:
        raise ValueError(f"weight_spread={weight_spread!r} is outside 0 to 1; give e.g. 0.25.")
    factors = rng.uniform(1 - weight_spread, 1 + weight_spread, (draws, pillars))
    deviates = rng.standard_normal((pillars, draws, members))
    factors.flags.writeable = deviates.flags.writeable = False
    return Chance(factors, deviates)


def draw_scores(
    scores: ArrayLike,
    standard_errors: ArrayLike,
    weights: ArrayLike,
    chance: Chance,
    methods: Sequence[str] = MEANS,
    normalisations: Sequence[str] = ("goalposts",),
) -> FloatArray:
    """Return the score of every member in every draw.

    Parameters
    ----------
    scores, standard_errors, weights : array_like of float
        As of `rank_bands`.
    chance : Chance
        Of as many members and pillars.
    methods : sequence of str, default ("arithmetic", "geometric")
        Methods of `aggregate`; each gets an equal part of the draws, in order.
    normalisations : sequence of str, default ("goalposts",)
        Kinds of `normalise_points`; each gets an equal part of those of each method, in
        order.

    Returns
    -------
    ndarray of float, shape (draws, n)
        Scores, 0 to 100. NaN for a member without a score.

    Raises
    ------
    ValueError
        If shapes do not match, a standard error is negative, or a choice is out of
        its range.

    Examples
    --------
    >>> chance = draw_chance(2, 1, 1, rng=np.random.default_rng(1))
    >>> draw_scores([[40.0]], [[0.0]], [1.0], chance).tolist()
    [[40.0], [40.0]]
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"scores has shape {table.shape}; give one row per member.")
    weight = checked_weights(weights, table)
    errors = np.broadcast_to(np.asarray(standard_errors, dtype=np.float64), table.shape)
    draws = len(chance.factors)
    _check_choices(errors, weight, draws, methods, normalisations)
    if chance.deviates.shape != (table.shape[1], draws, table.shape[0]):
        raise ValueError(
            f"chance is of shape {chance.deviates.shape} and scores of {table.shape}; "
            "draw it for as many members and pillars."
        )
    drawn_weights = weight * chance.factors
    drawn_weights /= drawn_weights.sum(axis=1, keepdims=True)
    spread = np.nan_to_num(errors, nan=0.0).T[:, np.newaxis, :]
    middle = table.T[:, np.newaxis, :]
    result = np.empty((draws, table.shape[0]))
    for method, kind, block, whole, repeats in _blocks(methods, normalisations, draws):
        drawn = chance.deviates[:, block] * spread
        drawn += middle
        table = normalise_points(np.moveaxis(drawn, 0, -1), kind)
        found = aggregate(table, drawn_weights[block], method)
        result[whole] = np.tile(found, (repeats, 1))[: whole.stop - whole.start]
    return result


def _blocks(
    methods: Sequence[str], normalisations: Sequence[str], draws: int
) -> Iterator[tuple[str, str, slice, slice, int]]:
    """Return method, normalisation, draws to make, draws to fill, and how often each counts."""
    choices = [(method, kind) for method in methods for kind in normalisations]
    edges = np.linspace(0, draws, len(choices) + 1).astype(int).tolist()
    for (method, kind), start, stop in zip(choices, edges[:-1], edges[1:], strict=True):
        repeats = REPEATS.get(method, 1)
        # Where few are made of many, more at once are as few to work on.
        step = BLOCK_DRAWS if repeats == 1 else 2 * BLOCK_DRAWS * repeats
        for first in range(start, stop, step):
            last = min(first + step, stop)
            made = slice(first, first - (first - last) // repeats)
            yield method, kind, made, slice(first, last), repeats


@dataclass(frozen=True)
class RankBands:
    """Hold the ranks that members get when what is uncertain is varied.

    Attributes
    ----------
    median, low, high : ndarray of float, shape (n,)
        Median and 5 to 95 % of the drawn ranks, whole numbers, 1 is best. NaN for a
        member without a score.
    draw_scores : ndarray of float, shape (draws, n)
        Score of every draw, 0 to 100, for `tier_probabilities`.
    draw_ranks : ndarray of float, shape (draws, n)
        Rank of every draw.
    """

    median: FloatArray
    low: FloatArray
    high: FloatArray
    draw_scores: FloatArray
    draw_ranks: FloatArray


def rank_bands(
    scores: ArrayLike,
    standard_errors: ArrayLike,
    weights: ArrayLike,
    *,
    draws: int = 2000,
    weight_spread: float = WEIGHT_SPREAD,
    methods: Sequence[str] = MEANS,
    normalisations: Sequence[str] = ("goalposts",),
    rng: np.random.Generator,
) -> RankBands:
    """Return the band of ranks that the choices and the sampling leave open.

    Every draw takes each weight from its range, each pillar from its sampling
    distribution and one of the methods, and ranks all members anew.

    Parameters
    ----------
    scores : array_like of float, shape (n, p)
        Pillars of each member as points between their goalposts
        (`quality.goalpost_points`); scores of 0 to 100 will do unless another
        normalisation takes part, which needs to know what lies beyond. NaN where missing:
        it stays missing in every draw and its weight goes to the member's other pillars.
    standard_errors : array_like of float, shape (n, p)
        Sampling error of each score, points of 100; broadcast to the shape of
        `scores`. NaN is "not known" and counts as 0.
    weights : array_like of float, shape (p,)
        Weights of the pillars, 0 or more, any scale.
    draws : int, default 2000
        Number of draws, at least one per method. The methods get equal parts of them.
    weight_spread : float, default 0.25
        Each weight is drawn uniformly within this share of itself, then all are
        brought back to the sum 1. At least 0, below 1.
    methods : sequence of str, default ("arithmetic", "geometric")
        Methods of `aggregate` to choose among.
    normalisations : sequence of str, default ("goalposts",)
        Kinds of `normalise_points` to choose among.
    rng : numpy.random.Generator
        Source of randomness; the same seed gives the same bands.

    Returns
    -------
    RankBands
        Median rank, 5-95 % band and the draws themselves.

    Raises
    ------
    ValueError
        If shapes do not match, a standard error is negative, or a choice is out of
        its range.

    Notes
    -----
    A drawn pillar is normal around its points and then normalised, so that goalposts cut
    it at 0 and 100. Copeland's method takes a third as many draws as the means, each
    counted three times, since it takes longer. A quantile of ranks is the smallest rank
    that at least that share of the draws do not exceed, so that a band is made of ranks
    that occurred.

    References
    ----------
    .. [1] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and
       sensitivity analysis techniques as tools for the quality assessment of composite
       indicators. J. R. Stat. Soc. A 168(2), 307-323.
    .. [2] OECD and JRC (2008). Handbook on Constructing Composite Indicators,
       section 7 (uncertainty and sensitivity analysis).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = rank_bands([[90.0], [50.0], [49.0]], [[1.0], [5.0], [5.0]], [1.0], rng=rng)
    >>> found.low.tolist(), found.high.tolist()
    ([1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"scores has shape {table.shape}; give one row per member.")
    chance = draw_chance(draws, *table.shape, weight_spread=weight_spread, rng=rng)
    return bands_of(draw_scores(table, standard_errors, weights, chance, methods, normalisations))


def bands_of(draw_scores: FloatArray) -> RankBands:
    """Return the bands of ranks of scores that are drawn already.

    Parameters
    ----------
    draw_scores : ndarray of float, shape (draws, n)
        As of :func:`draw_scores`.

    Returns
    -------
    RankBands
        Median rank, 5-95 % band and the draws themselves.

    Examples
    --------
    >>> bands_of(np.array([[90.0, 50.0], [80.0, 60.0]])).median.tolist()
    [1.0, 2.0]
    """
    draw_ranks = np.empty(draw_scores.shape)
    for first in range(0, len(draw_scores), BLOCK_DRAWS):
        block = slice(first, first + BLOCK_DRAWS)
        draw_ranks[block] = rank_scores(draw_scores[block])
    low, median, high = _rank_quantiles(draw_ranks, (BAND[0], 0.5, BAND[1]))
    return RankBands(median, low, high, draw_scores, draw_ranks)


def _check_choices(
    errors: FloatArray,
    weight: FloatArray,
    draws: int,
    methods: Sequence[str],
    normalisations: Sequence[str],
) -> None:
    if weight.ndim != 1:
        raise ValueError(f"weights has shape {weight.shape}; give one set of weights.")
    if np.any(errors < 0) or np.isinf(errors).any():
        raise ValueError("a standard error is negative or infinite; give points of 100.")
    if not methods:
        raise ValueError(f"methods is empty; give some of {', '.join(METHODS)}.")
    if not normalisations:
        raise ValueError("normalisations is empty; give at least one.")
    for method in methods:
        require_method(method)
    for kind in normalisations:
        require_normalisation(kind)
    choices = len(methods) * len(normalisations)
    if draws < choices:
        raise ValueError(f"draws={draws!r} is below the {choices} methods; give more.")


def _rank_quantiles(draw_ranks: FloatArray, levels: Sequence[float]) -> list[FloatArray]:
    # Counting whole ranks is ten times as fast as sorting the draws of every member.
    members = draw_ranks.shape[1]
    ranks = np.where(np.isnan(draw_ranks), 0, draw_ranks).astype(np.int64)
    cell = ranks + np.arange(members) * (members + 1)
    counts = np.bincount(cell.ravel(), minlength=members * (members + 1))
    reached = counts.reshape(members, members + 1)[:, 1:].cumsum(axis=1)
    if members == 0:
        return [np.empty(0) for _ in levels]
    ranked = reached[:, -1]
    found = []
    for level in levels:
        # As a whole number of draws: 0.95 * 2000 must not become 1900.0000000000002.
        needed = np.ceil(np.round(level * ranked, 6))
        first = (reached >= np.maximum(needed, 1)[:, np.newaxis]).argmax(axis=1) + 1.0
        found.append(np.where(ranked > 0, first, np.nan))
    return found
