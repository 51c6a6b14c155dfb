"""Find the least change that brings a member to a score.

It must not know what a pillar measures, what a tier is, nor which change is feasible.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.stats.composite import GEOMETRIC_FLOOR, MEANS, aggregate
from dashboard.stats.normalisation import normalise
from dashboard.stats.weighting import checked_weights

FloatArray = NDArray[np.float64]

MARGIN = 1e-9
"""Points aimed at above the threshold, so that rounding does not miss it."""

HALVINGS = 60
"""Steps of a bisection: more than the bits of a double."""


@dataclass(frozen=True)
class Lift:
    """Hold the least changes that reach a score.

    Attributes
    ----------
    alone : ndarray of float, shape (p,)
        Change of each pillar that is enough by itself, unit of the pillar, below 0 where
        less is better. NaN where it is out of reach within the limit.
    together : ndarray of float, shape (p,)
        Changes that are enough together and take the least effort. All NaN if the limits
        do not let the member get there.
    effort : float
        Of `together`: sum over the pillars of change / limit. NaN if out of reach.
    """

    alone: FloatArray
    together: FloatArray
    effort: float


def smallest_lift(
    values: ArrayLike,
    worst: ArrayLike,
    best: ArrayLike,
    weights: ArrayLike,
    limits: ArrayLike,
    threshold: float,
    method: str = "arithmetic",
) -> Lift:
    """Return the least changes of a member's pillars that reach a score.

    Parameters
    ----------
    values : array_like of float, shape (p,)
        The member's pillars, each in its unit. NaN where missing: it stays missing.
    worst, best : array_like of float, shape (p,)
        Goalposts of the pillars.
    weights : array_like of float, shape (p,)
        Weights of the pillars, 0 or more, any scale.
    limits : array_like of float, shape (p,)
        Most that each pillar can change for the better, unit of the pillar, 0 or more.
    threshold : float
        Score to reach, 0 to 100.
    method : {"arithmetic", "geometric"}, default "arithmetic"
        The mean that makes the score. A score by comparison depends on the others.

    Returns
    -------
    Lift
        Changes by one pillar alone, and the cheapest ones together; all 0 for a member that
        is there already.

    Raises
    ------
    ValueError
        If shapes do not match, a limit is negative or missing, or `method` is neither of
        the means.

    Notes
    -----
    An effort of 1 takes one pillar to its limit, and a share of that is as much of the
    effort. The cheapest changes raise every pillar until the next point of score costs
    the same effort in all that are not at their limit. Way before the worst goalpost (or
    below the floor of the geometric mean) yields nothing, so each choice of pillars that
    start there is tried.

    Examples
    --------
    >>> found = smallest_lift([0.6, 40.0], [0, 0], [1, 100], [1, 1], [0.1, 50], 60.0)
    >>> found.alone.round(6).tolist(), found.together.round(6).tolist()
    ([nan, 20.0], [0.0, 20.0])
    """
    if method not in MEANS:
        raise ValueError(f"method={method!r} is no mean; give one of {', '.join(MEANS)}.")
    given, most = np.asarray(values, dtype=np.float64), np.asarray(limits, dtype=np.float64)
    zero, full = np.asarray(worst, dtype=np.float64), np.asarray(best, dtype=np.float64)
    if given.ndim != 1 or not given.shape == most.shape == zero.shape == full.shape:
        raise ValueError("values, goalposts and limits differ in shape; give one per pillar.")
    if not (most >= 0).all() or not np.isfinite(most).all():
        raise ValueError("a limit is negative or not a number; give limits of 0 or more.")
    weight = checked_weights(weights, given[np.newaxis])
    problem = _Problem(given, zero, full, weight, most, float(threshold), method)
    if not problem.score(np.zeros(given.shape)) < threshold:
        return Lift(np.zeros(given.shape), np.zeros(given.shape), 0.0)
    alone = np.full(given.shape, np.nan)
    for pillar in range(len(given)):
        found = problem.cheapest(np.arange(len(given)) == pillar)
        if found is not None:
            alone[pillar] = found[pillar]
    plans = [plan for part in problem.choices() if (plan := problem.cheapest(part)) is not None]
    if not plans:
        return Lift(alone, np.full(given.shape, np.nan), float("nan"))
    efforts = [problem.effort(plan) for plan in plans]
    return Lift(alone, plans[int(np.argmin(efforts))], min(efforts))


@dataclass(frozen=True)
class _Problem:
    given: FloatArray
    worst: FloatArray
    best: FloatArray
    weight: FloatArray
    limit: FloatArray
    threshold: float
    method: str

    def score(self, change: FloatArray) -> float:
        """Return the score after a change, as it is made of values."""
        pillars = normalise((self.given + change)[np.newaxis], self.worst, self.best)
        return float(aggregate(pillars, self.weight, self.method)[0])

    @property
    def _start(self) -> FloatArray:
        """Points of the pillars, below 0 before the worst goalpost."""
        return np.asarray(100 * (self.given - self.worst) / (self.best - self.worst))

    @property
    def _rate(self) -> FloatArray:
        """Points that an effort of 1 brings."""
        return np.asarray(100 * self.limit / np.abs(self.best - self.worst))

    @property
    def _floor(self) -> float:
        return GEOMETRIC_FLOOR if self.method == "geometric" else 0.0

    def choices(self) -> list[NDArray[np.bool_]]:
        """Return the sets of pillars to try: those that yield at once, and any of the others."""
        is_late = (self._start < self._floor) & (self._rate > 0) & (self.weight > 0)
        late = np.flatnonzero(is_late)
        parts = []
        for number in range(2 ** len(late)):
            part = ~is_late
            part[late] = (number >> np.arange(len(late))) & 1 == 1
            parts.append(part)
        return parts

    def effort(self, change: FloatArray) -> float:
        used = self.limit > 0
        return float((np.abs(np.nan_to_num(change))[used] / self.limit[used]).sum())

    def cheapest(self, part: NDArray[np.bool_]) -> FloatArray | None:
        """Return the change of some pillars that takes the least effort; None if none does."""
        is_free = part & ~np.isnan(self.given) & (self.weight > 0) & (self._rate > 0)
        last = np.minimum(self._start + self._rate, np.maximum(self._start, 100.0))
        if self.score(self._change(np.where(is_free, last, self._start))) < self.threshold:
            return None
        # The worth of a point of effort falls as a pillar rises, or keeps (arithmetic): walk
        # down the worth until enough has been bought, then take part of what comes next.
        low, high = 0.0, 2 * float((self.weight * self._rate)[is_free].max())
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            target = self._bought(middle, is_free, last)
            is_enough = self.score(self._change(target)) >= self.threshold
            low, high = (middle, high) if is_enough else (low, middle)
        less, more = (self._bought(worth, is_free, last) for worth in (high, low))
        share_low, share_high = 0.0, 1.0
        for _ in range(HALVINGS):
            share = (share_low + share_high) / 2
            target = less + share * (more - less)
            is_enough = self.score(self._change(target)) >= self.threshold + MARGIN
            share_low, share_high = (share_low, share) if is_enough else (share, share_high)
        return self._change(less + share_high * (more - less))

    def _bought(self, worth: float, is_free: NDArray[np.bool_], last: FloatArray) -> FloatArray:
        """Return the points at which no pillar yields as much as that for its effort."""
        if self.method == "arithmetic":
            return np.where(is_free & (self.weight * self._rate >= worth), last, self._start)
        level = self.weight * self._rate / max(worth, np.finfo(float).tiny)
        is_bought = is_free & (level > np.maximum(self._start, self._floor))
        return np.where(is_bought, np.clip(level, self._start, last), self._start)

    def _change(self, target: FloatArray) -> FloatArray:
        """Return the change of the values that leads to these points, within the limits."""
        points = np.nan_to_num(target - self._start, nan=0.0)
        change = np.minimum(points / 100 * np.abs(self.best - self.worst), self.limit)
        return np.asarray(np.sign(self.best - self.worst) * np.maximum(change, 0.0) + 0.0)
