"""Two records of the same trade: the reporter's and its partner's.

It must not know where the records come from.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["mirror_ratio"]


def mirror_ratio(
    reported: ArrayLike,
    mirrored: ArrayLike,
    *,
    flow: Literal["M", "X"],
    cif_fob_margin: float,
) -> NDArray[np.float64]:
    """Return what one side reports over what its partner reports, at the same valuation.

    The import side, valued CIF, is brought to FOB before the comparison:
    ``X / (M / (1 + c))`` for our exports, ``(M / (1 + c)) / X`` for our imports.

    Parameters
    ----------
    reported : array_like of float, shape (...)
        Our records, US dollars, over the cells that both sides report.
    mirrored : array_like of float, shape (...)
        The partners' records of the same cells; broadcast.
    flow : {"M", "X"}
        Our flow: imports or exports.
    cif_fob_margin : float
        Margin ``c`` of CIF over FOB, 0 or more; 0.06 in IMF practice.

    Returns
    -------
    ndarray of float, shape (...)
        1 where both agree, above 1 where we report more. NaN where a value is
        missing or the partners' is 0 or less.

    Raises
    ------
    ValueError
        If the margin is negative or `flow` is no import or export.

    References
    ----------
    .. [1] Marini, M., Dippelsman, R. and Stanger, M. (2018). New Estimates for Direction of
       Trade Statistics. IMF Working Paper 18/16.

    Examples
    --------
    >>> mirror_ratio([100.0], [106.0], flow="X", cif_fob_margin=0.06).round(6).tolist()
    [1.0]
    >>> mirror_ratio([106.0], [100.0], flow="M", cif_fob_margin=0.06).round(6).tolist()
    [1.0]
    """
    if flow not in ("M", "X"):
        raise ValueError(f"flow is {flow!r}; give 'M' or 'X'.")
    if cif_fob_margin < 0:
        raise ValueError(f"the margin is {cif_fob_margin}; give 0 or more.")
    ours, theirs = np.asarray(reported, dtype=np.float64), np.asarray(mirrored, dtype=np.float64)
    usable = theirs > 0
    ratio = np.where(usable, ours / np.where(usable, theirs, 1.0), np.nan)
    return ratio * (1 + cif_fob_margin) if flow == "X" else ratio / (1 + cif_fob_margin)
