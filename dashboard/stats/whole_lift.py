"""Find the cheapest whole steps that bring a score to a threshold.

Unlike those of `lift`, steps can't be parted, and one may move several parts of the score.
It must not know what a step is, nor what makes the score.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Score = Callable[[IntArray], FloatArray]

PER_KIND = 1e-6
"""Effort that each kind of step adds: of two ways that cost the same the simpler is taken."""


@dataclass(frozen=True)
class WholeLift:
    """Hold the fewest steps that reach a score.

    Attributes
    ----------
    alone : ndarray of int, shape (k,)
        Steps of each kind that are enough by themselves; 0 where they are not.
    together : ndarray of int, shape (k,)
        Steps of all kinds that take the least effort. All 0 if the score is out of reach.
    """

    alone: IntArray
    together: IntArray


def whole_lift(
    score: Score, most: Sequence[int], efforts: ArrayLike, threshold: float
) -> WholeLift:
    """Return the numbers of steps that reach a score with the least effort.

    Parameters
    ----------
    score : callable
        Gives the score, shape (c,), of choices, shape (c, k): so many steps of each of k
        kinds. More steps of a kind must never lower it. Without a step it is below the
        threshold.
    most : sequence of int, length k
        Steps of each kind that can be made, 0 or more.
    efforts : array_like of float, shape (k,)
        Effort of a step of each kind, above 0.
    threshold : float
        Score to reach.

    Returns
    -------
    WholeLift
        By one kind alone, and by all together.

    Raises
    ------
    ValueError
        If the shapes do not match, or a number of steps or an effort is out of its range.

    Notes
    -----
    First each kind by itself. Then every choice of the kinds but that with the most steps
    which costs no more than the best so far, with the fewest steps of that one, found by
    bisection since the score does not fall. Of choices of the same effort the one of fewer
    kinds is taken, then that with the kind listed first.

    Examples
    --------
    >>> def score(steps):
    ...     return 50.0 + 2.0 * steps[:, 0] + 5.0 * steps[:, 1]
    >>> found = whole_lift(score, [10, 1], [0.1, 0.2], 59.0)
    >>> found.alone.tolist(), found.together.tolist()
    ([5, 0], [2, 1])
    """
    effort, counts = np.asarray(efforts, dtype=np.float64), np.asarray(most, dtype=np.int64)
    if counts.ndim != 1 or not len(counts) or effort.shape != counts.shape:
        raise ValueError(f"efforts has shape {effort.shape}; give one per kind of step.")
    if (counts < 0).any() or not (effort > 0).all():
        raise ValueError("a number of steps is negative or an effort is not above 0.")
    alone = _alone(score, counts, threshold)
    plans = np.diag(alone)[alone > 0]
    bound = min(_costs(plans, effort), default=np.inf)
    longest = int(np.argmax(counts))
    sizes = np.where(np.arange(len(counts)) == longest, 1, counts + 1).tolist()
    others = np.indices(sizes).reshape(len(counts), -1).T.astype(np.int64)
    others = others[_costs(others, effort) <= bound]
    others[:, longest] = counts[longest]
    others = others[score(others) >= threshold]
    choices = np.vstack([plans, _fewest(score, others, longest, threshold)])
    if not len(choices):
        return WholeLift(alone, np.zeros_like(counts))
    return WholeLift(alone, np.asarray(choices[int(np.argmin(_costs(choices, effort)))]))


def _alone(score: Score, counts: IntArray, threshold: float) -> IntArray:
    kind = np.repeat(np.arange(len(counts)), counts)
    number = np.concatenate([np.arange(1, count + 1) for count in counts])
    steps = np.zeros((len(kind), len(counts)), dtype=np.int64)
    steps[np.arange(len(kind)), kind] = number
    is_enough = score(steps) >= threshold
    fewest = [
        int(own[0]) if len(own := number[is_enough & (kind == one)]) else 0
        for one in range(len(counts))
    ]
    return np.array(fewest, dtype=np.int64)


def _costs(choices: IntArray, effort: FloatArray) -> FloatArray:
    return np.asarray(choices @ effort + PER_KIND * (choices > 0).sum(axis=1))


def _fewest(score: Score, choices: IntArray, kind: int, threshold: float) -> IntArray:
    """Return choices that are enough with the fewest steps of a kind."""
    found = choices.copy()
    low, high = np.zeros(len(found), dtype=np.int64), found[:, kind].copy()
    while (low < high).any():
        middle = (low + high) // 2
        found[:, kind] = middle
        is_enough = score(found) >= threshold
        low = np.where(is_enough, low, np.minimum(middle + 1, high))
        high = np.where(is_enough, middle, high)
    found[:, kind] = high
    return found
