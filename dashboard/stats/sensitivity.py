"""Say which of the choices behind a ranking moves it most.

It must not know what a pillar measures, nor hold weights, goalposts or thresholds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from dashboard.stats.composite import METHODS, aggregate, rank_scores, require_method
from dashboard.stats.normalisation import (
    NORMALISATIONS,
    normalise_points,
    require_normalisation,
)
from dashboard.stats.rank_bands import WEIGHT_SPREAD
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]

RESAMPLES = 200
"""Resamples of the bootstrap that gives the intervals."""

LEVEL = 0.95
"""Coverage of the intervals."""

REPLICATES = 128
"""Sets of sampling errors among which the one input that stands for them all chooses."""


@dataclass(frozen=True)
class ChoiceEffects:
    """Hold how much each choice contributes to the shift of ranks.

    Attributes
    ----------
    first, first_low, first_high : ndarray of float, shape (p + 4,)
        Sobol index of the first order with its 95 % bootstrap interval: share of the
        variance that goes if this choice alone is settled. One per weight, then
        normalisation, aggregation, treatment of outliers and sampling error. All 0 if
        nothing moves the ranks.
    total, total_low, total_high : ndarray of float, shape (p + 4,)
        Total index: share of the variance that stays if all others are settled.
    shifts : ndarray of float, shape (2 * n,)
        Mean absolute rank shift of the runs in which all choices were drawn, places.
    """

    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    shifts: FloatArray


def choice_effects(
    points: Sequence[ArrayLike],
    standard_errors: ArrayLike,
    weights: ArrayLike,
    *,
    methods: Sequence[str] = METHODS,
    normalisations: Sequence[str] = NORMALISATIONS,
    runs: int = 256,
    rng: np.random.Generator,
) -> ChoiceEffects:
    """Return the Sobol indices of the mean absolute rank shift.

    Parameters
    ----------
    points : sequence of array_like of float, shape (n, p)
        Pillars as points between their goalposts, not cut (`quality.goalpost_points`), one
        table for each treatment of outliers; the ranks of the first, with the first
        method and normalisation and without any error, are those that shifts count from.
    standard_errors : array_like of float, shape (n, p)
        Sampling error, points; NaN is not known and counts as 0.
    weights : array_like of float, shape (p,)
        Weights of the pillars, 0 or more; each is varied by a quarter either way.
    methods, normalisations : sequence of str
        Kinds of `composite.aggregate` and `normalisation.normalise_points` to choose
        among, equally likely, the one in use first.
    runs : int, default 256
        Size of either sample, a power of 2; the ranking is made anew ``runs * (p + 6)``
        times.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ChoiceEffects
        First-order and total indices with their intervals.

    Raises
    ------
    ValueError
        If shapes do not match, a kind is unknown, or `runs` is no power of 2.

    Notes
    -----
    The mean absolute rank shift is equation 38 of [1]_. Choices among kinds are inputs
    that are cut into equal parts, as in [2]_; one more picks one of 128 sets of sampling
    errors, so that they count together. An estimate can be below 0 or above 1 by chance;
    its interval says how far.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 7.
    .. [2] Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and
       sensitivity analysis techniques as tools for the quality assessment of composite
       indicators. J. R. Stat. Soc. A 168(2), 307-323.
    .. [3] Saltelli, A. and others (2010). Variance based sensitivity analysis of model
       output. Computer Physics Communications 181(2), 259-270 (estimators).

    Examples
    --------
    Only the aggregation can part an even member from an uneven one here:

    >>> found = choice_effects(
    ...     [[[60.0], [25.0]]], 0.0, [1.0], runs=8, rng=np.random.default_rng(1)
    ... )
    >>> found.total.tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0]
    """
    model = _Ranking.of(points, standard_errors, weights, methods, normalisations, rng)
    inputs = len(model.weight) + 4
    if runs < 2 or runs & (runs - 1):
        raise ValueError(f"runs={runs!r} is no power of 2; give e.g. 256.")
    draws = stats.qmc.Sobol(2 * inputs, rng=rng).random(runs).T
    one, other = draws[:inputs], draws[inputs:]
    mixed = np.repeat(one[np.newaxis], inputs, axis=0)
    mixed[np.arange(inputs), np.arange(inputs)] = other
    every = np.concatenate([one[np.newaxis], other[np.newaxis], mixed])
    shift = model.shifts(every.transpose(0, 2, 1).reshape(-1, inputs)).reshape(-1, 1, runs)
    shifts = shift[:2].ravel()
    if np.ptp(shift) == 0:
        none = np.zeros(inputs)
        return ChoiceEffects(none, none, none, none, none, none, shifts)
    found = stats.sobol_indices(
        func={"f_A": shift[0], "f_B": shift[1], "f_AB": shift[2:]}, n=runs, rng=rng
    )
    first, total = found.first_order.reshape(-1), found.total_order.reshape(-1)
    (first_low, first_high), (total_low, total_high) = _bootstrapped(shift[:, 0], rng)
    return ChoiceEffects(first, first_low, first_high, total, total_low, total_high, shifts)


def _bootstrapped(shift: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return low and high of first-order and total indices, shape (2, 2, inputs).

    As scipy's, by percentiles and from a seed: its own draws without one.
    """
    runs = shift.shape[1]
    picked = rng.integers(0, runs, (RESAMPLES, runs))
    centred = shift - shift[:2].mean()
    one, other = centred[0][picked], centred[1][picked]
    variance = np.var(np.concatenate([one, other], axis=1), axis=1)
    variance = np.where(variance > 0, variance, np.nan)
    found = np.empty((2, len(shift) - 2, RESAMPLES))
    for place, row in enumerate(centred[2:]):
        mixed = row[picked]
        found[0, place] = (other * (mixed - one)).mean(axis=1) / variance
        found[1, place] = 0.5 * ((one - mixed) ** 2).mean(axis=1) / variance
    found = np.nan_to_num(found, nan=0.0)
    ends = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=2)
    return np.asarray(ends.transpose(1, 0, 2))


@dataclass(frozen=True)
class _Ranking:
    """The ranking as a function of its choices."""

    tables: FloatArray
    errors: FloatArray
    weight: FloatArray
    methods: Sequence[str]
    normalisations: Sequence[str]
    deviates: FloatArray
    reference: FloatArray

    @classmethod
    def of(
        cls,
        points: Sequence[ArrayLike],
        standard_errors: ArrayLike,
        weights: ArrayLike,
        methods: Sequence[str],
        normalisations: Sequence[str],
        rng: np.random.Generator,
    ) -> "_Ranking":
        tables = np.stack([np.asarray(table, dtype=np.float64) for table in points])
        if tables.ndim != 3:
            raise ValueError(f"points has shape {tables.shape[1:]}; give one row per member.")
        if not methods or not normalisations:
            raise ValueError("methods or normalisations is empty; give at least one of each.")
        for method in methods:
            require_method(method)
        for kind in normalisations:
            require_normalisation(kind)
        weight = checked_weights(weights, tables[0])
        errors = np.broadcast_to(np.asarray(standard_errors, dtype=np.float64), tables[0].shape)
        score = aggregate(normalise_points(tables[0], normalisations[0]), weight, methods[0])
        return cls(
            tables,
            np.nan_to_num(errors, nan=0.0),
            weight,
            methods,
            normalisations,
            rng.standard_normal((REPLICATES, *tables[0].shape)),
            rank_scores(score),
        )

    def shifts(self, inputs: FloatArray) -> FloatArray:
        """Return the mean absolute rank shift of each row of inputs, all from 0 to 1."""
        pillars = len(self.weight)
        factors = 1 + WEIGHT_SPREAD * (2 * inputs[:, :pillars] - 1)
        sizes = (len(self.normalisations), len(self.methods), len(self.tables), REPLICATES)
        kinds = np.minimum(inputs[:, pillars:] * sizes, np.array(sizes) - 1).astype(np.intp)
        result = np.empty(len(inputs))
        settings, of_setting = np.unique(kinds[:, :3], axis=0, return_inverse=True)
        for place, (normalisation, method, treatment) in enumerate(settings.tolist()):
            rows = np.flatnonzero(of_setting.ravel() == place)
            drawn = self.deviates[kinds[rows, 3]] * self.errors
            drawn += self.tables[treatment]
            scores = normalise_points(drawn, self.normalisations[normalisation])
            combined = aggregate(scores, self.weight * factors[rows], self.methods[method])
            away = np.abs(rank_scores(combined) - self.reference)
            known = ~np.isnan(away)
            total = np.sum(away, axis=1, where=known)
            result[rows] = total / np.maximum(known.sum(axis=1), 1)
        return result
