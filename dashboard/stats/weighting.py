"""Check the weights of the columns of a table.

It must not know what is weighed, nor hold a weight.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def checked_weights(weights: ArrayLike, table: FloatArray) -> FloatArray:
    """Return the weights of the columns of a table as floats.

    Parameters
    ----------
    weights : array_like of float, shape (..., p)
        0 or more, any scale.
    table : ndarray of float, shape (..., n, p)
        What they weigh.

    Returns
    -------
    ndarray of float, shape (..., p)
        The same weights.

    Raises
    ------
    ValueError
        If they do not match the columns, one is negative or missing, or all of a set are 0.
    """
    weight = np.asarray(weights, dtype=np.float64)
    if table.ndim < 2 or weight.shape[-1:] != table.shape[-1:]:
        raise ValueError(
            f"scores has shape {table.shape} and weights {weight.shape}; "
            "give one weight per column."
        )
    if not (weight >= 0).all() or not np.isfinite(weight).all():
        raise ValueError("a weight is negative or not a number; give weights of 0 or more.")
    if np.any(weight.sum(axis=-1) <= 0):
        raise ValueError("all weights are 0; give at least one above 0.")
    return weight
