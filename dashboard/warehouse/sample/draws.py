"""Seeded randomness: one independent generator per named stream.

It must not hold state: the same seed and name always give the same numbers,
whatever else has been drawn before.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one named stream of a seed.

    Parameters
    ----------
    seed : int
        The sample's seed.
    name : str
        What the numbers are for.

    Returns
    -------
    Generator
        Independent of every other stream of the same seed.

    Examples
    --------
    >>> float(stream(1, "a").random()) == float(stream(1, "a").random())
    True
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def weighted(rng: np.random.Generator, weights: npt.NDArray[Any], size: int) -> Integers:
    """Draw positions with replacement, in proportion to their weights.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    weights : array of float, shape (n,)
        Not negative, with a positive sum.
    size : int
        How many to draw.

    Returns
    -------
    ndarray of int, shape (size,)
        Positions from 0 to n - 1.
    """
    cumulative = np.cumsum(weights, dtype=np.float64)
    positions = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    return np.asarray(np.minimum(positions, len(cumulative) - 1), dtype=np.int64)
