"""Say what mending failures would do to a quality score, by scoring anew.

It must not know what a rule is: a remedy takes an amount off one dimension's numerator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.quality_scores import Scheme, Sums, scores_of

FloatArray = NDArray[np.float64]

ROUNDING = 1e-9
"""Points of the score that are no difference."""


def scores_after(
    sums: Sums, groups: ArrayLike, dimensions: ArrayLike, amounts: ArrayLike, scheme: Scheme
) -> FloatArray:
    """Return the overall score of a group after each remedy alone.

    Parameters
    ----------
    sums : Sums
        Of shape (k, d), as they are.
    groups, dimensions : array_like of int, shape (r,)
        Group and dimension that each remedy is about.
    amounts : array_like of float, shape (r,)
        What it takes off the numerator, 0 or more.
    scheme : Scheme
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    ndarray of float, shape (r,)
        Overall score, 0 to 100, by the same formula as before mending. NaN where the group
        has none.

    Examples
    --------
    Half of what is wrong, between goalposts of 10 % and 0 %:

    >>> one = np.ones(1)
    >>> posts = Scheme(0.1 * one, 0.0 * one, one, 10)
    >>> parts = Sums(np.array([[8.0]]), np.array([[100.0]]), np.array([[100.0]]))
    >>> [round(float(score), 6) for score in scores_after(parts, [0], [0], [4.0], posts)]
    [60.0]
    """
    group = np.asarray(groups, dtype=np.int64)
    numerator = sums.numerator[group]
    rows = np.arange(group.size)
    column = np.asarray(dimensions, dtype=np.int64)
    left = numerator[rows, column] - np.asarray(amounts, dtype=np.float64)
    # What is left of a sum of products of decimals can be a little below nothing.
    numerator[rows, column] = np.maximum(left, 0.0)
    mended = Sums(numerator, sums.denominator[group], sums.rows[group])
    return scores_of(mended, scheme)[1]


@dataclass(frozen=True)
class Remedy:
    """Failures of one kind that could be mended.

    Attributes
    ----------
    dimension : int
        Column of the dimension.
    row_weight : float
        What one row adds to the numerator.
    rows : int
        How many fail.
    """

    dimension: int
    row_weight: float
    rows: int


def fewest_rows(
    sums: Sums, remedies: Sequence[Remedy], target: float, scheme: Scheme
) -> list[int] | None:
    """Return the fewest failures to mend for a score to reach a target.

    Parameters
    ----------
    sums : Sums
        Of one group, shape (1, d).
    remedies : sequence of Remedy
        What can be mended.
    target : float
        Overall score to be reached, 0 to 100.
    scheme : Scheme
        Goalposts, weights and the minimum of checked rows.

    Returns
    -------
    list of int or None
        Rows to mend of each remedy; None if mending all of them does not reach it.

    Notes
    -----
    A dimension beyond its worse goalpost gives nothing for its first rows, then the same for
    each row of a weight. So for each choice of dimensions that are lifted to that goalpost
    first, the rows of most effect come first; the choice that takes fewest rows is returned.
    """
    scores, overall, _ = scores_of(sums, scheme)
    known = ~np.isnan(scores[0])
    if np.isnan(overall[0]) or _after(sums, remedies, [r.rows for r in remedies], scheme) < target:
        return None
    weights = scheme.weights * known
    slope = np.zeros(len(known))
    width = np.abs(scheme.worst - scheme.best)
    slope[known] = (100.0 * weights / weights.sum() / width)[known] / sums.denominator[0][known]
    beyond = (sums.numerator[0] / np.where(known, sums.denominator[0], 1.0) - scheme.worst) * (
        sums.denominator[0]
    )
    concerned = sorted({remedy.dimension for remedy in remedies if known[remedy.dimension]})
    best: list[int] | None = None
    for size in range(len(concerned) + 1):
        for chosen in combinations(concerned, size):
            plan = _plan(sums, remedies, chosen, (slope, beyond), target, scheme)
            if plan is not None and (best is None or sum(plan) < sum(best)):
                best = plan
    return best


def _after(sums: Sums, remedies: Sequence[Remedy], plan: Sequence[int], scheme: Scheme) -> float:
    numerator = sums.numerator.copy()
    for remedy, rows in zip(remedies, plan, strict=True):
        numerator[0, remedy.dimension] -= remedy.row_weight * rows
    left = Sums(np.maximum(numerator, 0.0), sums.denominator, sums.rows)
    return float(scores_of(left, scheme)[1][0]) + ROUNDING


def _plan(
    sums: Sums,
    remedies: Sequence[Remedy],
    chosen: Sequence[int],
    effect: tuple[FloatArray, FloatArray],
    target: float,
    scheme: Scheme,
) -> list[int] | None:
    """Mend rows of the chosen dimensions, those of most effect first, until the target is met."""
    slope, beyond = effect
    plan = [0] * len(remedies)
    order = sorted(
        (place for place, remedy in enumerate(remedies) if remedy.dimension in chosen),
        key=lambda place: -remedies[place].row_weight * slope[remedies[place].dimension],
    )
    for dimension in chosen:
        owed = beyond[dimension]
        for place in (p for p in order if remedies[p].dimension == dimension):
            if owed <= 0:
                break
            rows = min(remedies[place].rows, int(np.ceil(owed / remedies[place].row_weight)))
            plan[place] += rows
            owed -= rows * remedies[place].row_weight
    for place in order:
        short = target - _after(sums, remedies, plan, scheme)
        if short <= 0:
            break
        each = remedies[place].row_weight * slope[remedies[place].dimension]
        if each > 0:
            plan[place] = min(remedies[place].rows, plan[place] + int(np.ceil(short / each)))
    return plan if _after(sums, remedies, plan, scheme) >= target else None
